//! An empty folder: the first organisation and its first administrator are made at the shell.

use crate::asked::Place;

const OFFICE: &str = "org:national-office";

fn add<'a>(id: &'a str, name: &'a str, kind: &'a str) -> Vec<&'a str> {
    vec!["--json", "organisation", "add", id, "--name", name, "--kind", kind]
}

#[test]
fn an_empty_folder_takes_a_first_organisation_and_its_administrator() {
    let place = Place::empty();
    let added = place.ask(&add(OFFICE, "Invented National Office", "national_body")).ended(0).object();
    assert_eq!((&added["id"], &added["changed"]), (&OFFICE.into(), &true.into()));
    let borough = [add("gss:E09000098", "Invented Borough", "local_authority"), vec!["--outcode", "ZZ1"]];
    place.ask(&borough.concat()).ended(0);
    let user =
        ["--json", "user", "add", "first.admin", "--name", "Invented Person", "--role", "administrator"];
    let shown = place.ask(&[user.as_slice(), &["--organisation", OFFICE]].concat()).ended(0).object();
    assert!(["password", "totp_secret", "pin"].iter().all(|secret| shown[secret].is_string()));
    let listed = place.ask(&["--json", "user", "list"]).ended(0).object();
    assert_eq!((&listed["username"], &listed["standing"]), (&"first.admin".into(), &"active".into()));
}

#[test]
fn what_is_no_organisation_or_known_already_is_refused() {
    let place = Place::empty();
    place.ask(&add("nobody", "Invented", "school")).ended(2);
    place.ask(&add(OFFICE, "Invented", "castle")).ended(2);
    place.ask(&add(OFFICE, "Is this a name? It is not.", "national_body")).ended(2);
    place.ask(&add(OFFICE, "Invented", "national_body")).ended(0);
    place.ask(&add(OFFICE, "Invented", "national_body")).ended(2);
}
