//! Pages of administration: organisations and their conditions, people and their gates, clients, the policy, and what
//! one declares about oneself.

use api::Settings;
use axum::http::{Method, StatusCode};
use directory::backups::Backup;
use vocabulary::Role;

use crate::{
    browsing::{Browser, links, text},
    house::{AUTHORITY, House, PIN, SCHOOL, ask},
};

const HOSTILE: &str = "\"><script>alert(1)</script>{{7*7}}";

fn in_2027(name: &str) -> [(String, String); 3] {
    [("day", "1"), ("month", "5"), ("year", "2027")]
        .map(|(part, value)| (format!("{name}-{part}"), value.to_owned()))
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[tokio::test]
async fn an_organisation_is_registered_its_conditions_recorded_and_its_client_shown_once() {
    let house = House::new();
    let one = Browser::of(&house, Role::AuthorityTeam, AUTHORITY).await;
    one.is_asked("/organisations/new", &[("name", HOSTILE)], "The name must be a label").await;
    let named = [
        ("id", "urn:123456"),
        ("name", "Invented 'School' & Sons"),
        ("kind", "school"),
        ("authority", AUTHORITY),
        ("service", "school"),
    ];
    let page = one.send("/organisations/new", &named).await;
    assert!(page.contains("Next come its conditions") && !page.contains("<script>alert"), "{page}");
    let conditions = links(&page, "/organisations/urn:123456/conditions/");
    assert_eq!(conditions.len(), 28, "{conditions:?}");
    one.is_asked(&conditions[0], &[], "Enter the day of its evidence").await;
    let met: Vec<(String, String)> = [("met_on-day", "2"), ("met_on-month", "11"), ("met_on-year", "2026")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into_iter()
        .chain(in_2027("valid_until"))
        .collect();
    let recorded = one.does(&conditions[0], &borrowed(&met), "recorded as met").await;
    assert!(recorded.contains("Met until"), "{recorded}");
    one.does(&format!("{}/withdrawal", conditions[0]), &[], "met no more").await;
    let asked = one.read("/organisations/urn:123456/clients").await;
    assert!(
        asked.contains("Add a client: Invented") && asked.contains("The next page shows the secret, once")
    );
    assert_eq!(links(&one.read("/organisations/urn:123456").await, "/clients/"), [""; 0]);
    let added = text(&one.post("/organisations/urn:123456/clients", &[]).await);
    assert!(added.contains("shown this once"), "{added}");
    house.settle();
    let whole = one.read("/organisations/urn:123456").await;
    let client = links(&whole, "/clients/").remove(0);
    let shown = one.read(&client).await;
    assert!(shown.contains("What it proves itself by") && !shown.contains("shown this once"), "{shown}");
    one.is_asked(&format!("{client}/key"), &[("pem", HOSTILE)], "What was pasted cannot be used").await;
    let another = one.read(&format!("{client}/secrets")).await;
    assert!(another.contains("Those it has stay good") && another.contains("Leave it"), "{another}");
    assert!(!one.read(&client).await.contains("Secret 2"));
    let second = text(&one.post(&format!("{client}/secrets"), &[]).await);
    assert!(second.contains("The secret was added") && second.contains("shown this once"), "{second}");
    house.settle();
    assert!(one.read(&client).await.contains("Secret 2"));
    one.is_asked(&format!("{client}/secrets"), &[], "at most 2 secrets").await;
    one.does(&format!("{client}/revocation"), &[], "The client was revoked").await;
    assert!(one.read("/organisations").await.contains("/organisations/urn:123456"));
}

#[tokio::test]
async fn a_person_is_taken_through_the_gates_and_takes_up_the_account_with_a_code() {
    let house = House::new();
    let one = Browser::of(&house, Role::UserManager, SCHOOL).await;
    let named = [("name", "Wren Starter"), ("username", "wren.starter"), ("organisation", SCHOOL)];
    one.is_asked("/people/new", &named, "Choose the role").await;
    let named = [named.as_slice(), &[("role", "practitioner")]].concat();
    one.does("/people/new", &named, "may not act before its gates are passed").await;
    one.is_asked("/people/new", &named, "taken").await;
    let listed = one.read("/people").await;
    let people = links(&listed, "/people/");
    let mut person = String::new();
    for href in people.iter().filter(|href| !href.contains("new") && !href.contains("expiries")) {
        if one.read(href).await.contains("wren.starter") {
            person.clone_from(href);
        }
    }
    one.is_asked(&format!("{person}/activation"), &[], "").await;
    one.is_asked(&format!("{person}/gates/training"), &[], "Enter the last day it holds").await;
    for gate in ["eligible_role", "manager_authorisation", "disclosure_check", "training", "agreement"] {
        let date = in_2027("valid_until");
        let fields =
            if ["disclosure_check", "training"].contains(&gate) { borrowed(&date) } else { Vec::new() };
        one.does(&format!("{person}/gates/{gate}"), &fields, "recorded as passed").await;
    }
    let before = one.read(&format!("{person}/enrolment")).await;
    assert!(
        before.contains("Make an enrolment code: Wren Starter") && before.contains("Leave it"),
        "{before}"
    );
    assert!(!before.contains("works no more"), "{before}");
    let code = text(&one.post(&format!("{person}/enrolment"), &[]).await);
    house.settle();
    let again = one.read(&format!("{person}/enrolment")).await;
    assert!(again.contains("A code that was made before works no more"), "{again}");
    let code =
        code.split("<code").nth(1).unwrap().split('>').nth(1).unwrap().split('<').next().unwrap().to_owned();
    let send = |fields: &str| {
        let body = format!("username=wren.starter&code={code}&{fields}");
        ask(Method::POST, "/enrolment").sending("application/x-www-form-urlencoded", body)
    };
    let wrong = text(&house.answer(send("password=invented+words+in+a+row&again=other&pin=4821")).await);
    assert!(wrong.contains("The two passwords differ") && !wrong.contains("invented words"), "{wrong}");
    let weak = text(&house.answer(send("password=short&again=short&pin=4821")).await);
    assert!(weak.contains("There is a problem"), "{weak}");
    let taken =
        house.answer(send("password=invented+words+in+a+row&again=invented+words+in+a+row&pin=4821")).await;
    let taken_page = text(&taken);
    assert!(
        taken_page.contains("The key is shown this once") && taken_page.contains("otpauth://totp/"),
        "{taken_page}"
    );
    house.settle();
    one.does(&format!("{person}/activation"), &[], "The account was activated").await;
    one.does(&format!("{person}/suspension"), &[("ground", "manager_request")], "is suspended").await;
    one.does(&format!("{person}/reinstatement"), &[], "The suspension was ended").await;
    one.does(&format!("{person}/closure"), &[], "closed").await;
}

#[tokio::test]
async fn a_policy_is_proposed_by_one_and_signed_by_another_with_their_pins() {
    let house = House::new();
    let first = Browser::with(&house, house.national("first").await);
    let held = first.read("/policy/proposal").await;
    let mut fields: Vec<(String, String)> = Vec::new();
    for part in held.split("<input ").skip(1).filter(|part| part.contains("name=\"/")) {
        let of = |name: &str| {
            part.split(&format!("{name}=\"")).nth(1).map(|rest| rest.split('"').next().unwrap().to_owned())
        };
        if part.contains("type=\"text\"") || part.contains(" checked") {
            fields.push((of("name").unwrap(), of("value").unwrap()));
        }
    }
    let with = |grace: &str, pin: &str| {
        let mut sent = fields.clone();
        for (name, value) in &mut sent {
            if name == "/grace_hours" {
                grace.clone_into(value);
            }
        }
        sent.push(("pin".to_owned(), pin.to_owned()));
        sent
    };
    first.is_asked("/policy/proposal", &borrowed(&with("soon", PIN)), "must be a whole number").await;
    first.is_asked("/policy/proposal", &borrowed(&with("48", "")), "Enter your PIN").await;
    first.is_asked("/policy/proposal", &borrowed(&with("72", PIN)), "Nothing differs").await;
    first
        .is_asked("/policy/proposal", &borrowed(&with("400", PIN)), "lies outside what the rules allow")
        .await;
    let page =
        first.does("/policy/proposal", &borrowed(&with("48", PIN)), "waits for a second signature").await;
    assert!(page.contains("Another administrator signs it"), "{page}");
    let second = Browser::with(&house, house.national("second").await);
    let waits = second.read("/policy").await;
    assert!(waits.contains("How long a date that ran out") && waits.contains(">48<"), "{waits}");
    let sign = "/policy/proposals/1";
    second.is_asked(sign, &[("pin", "0000")], "The PIN is not right").await;
    second.does(sign, &[("pin", PIN)], "Version 1 of the policy is in force").await;
    assert!(first.read("/policy").await.contains("48 hours"));
}

#[tokio::test]
async fn one_declares_whom_one_is_related_to_and_where_one_lives() {
    let house = House::new();
    let number = house.ava().await;
    let one = Browser::of(&house, Role::Practitioner, SCHOOL).await;
    one.is_asked("/account/relationships", &[("child_number", HOSTILE)], "Child number").await;
    let page = one
        .does("/account/relationships", &[("child_number", &number)], "The relationship was declared")
        .await;
    assert!(page.contains(&number), "{page}");
    one.is_asked("/account/home", &[("house", HOSTILE)], "Enter your postcode").await;
    let home = [("house", "12 Mill Lane"), ("town", "London"), ("postcode", "N17 6AA")];
    let home_known = one.does("/account/home", &home, "Your home was declared").await;
    assert!(!home_known.contains("Mill Lane"), "{home_known}");
    one.does("/account/home", &[("forget", "yes")], "Your home was forgotten").await;
    assert!(one.read("/account/passkeys").await.contains("Confirm that it is you first"));
    assert!(one.read("/account/identities").await.contains("No identity is linked"));
}

#[tokio::test]
async fn pages_of_administration_are_closed_to_those_who_administer_nothing() {
    let house = House::new();
    let one = Browser::of(&house, Role::Practitioner, SCHOOL).await;
    for path in [
        "/organisations",
        "/organisations/urn:100000",
        "/organisations/urn:100000/clients",
        "/people",
        "/people/expiries",
    ] {
        assert_eq!(one.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let policy = one.read("/policy").await;
    assert!(policy.contains("Settings in force") && !policy.contains("/policy/proposal"), "{policy}");
    for path in ["/organisations/urn:100000/suspension", "/policy/proposal", "/people/new"] {
        let answer = one.post(path, &[("ground", "own_request")]).await;
        assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
    }
}

#[tokio::test]
async fn an_operator_is_told_how_the_server_stands_and_nothing_of_whom_it_holds() {
    let data = tempfile::tempdir().unwrap();
    let house = House::with(Settings { data: Some(data.path().to_owned()), ..Settings::default() });
    let number = house.ava().await;
    let one = Browser::of(&house, Role::Operator, AUTHORITY).await;
    house.settle();
    let page = one.read("/operator").await;
    assert!(page.contains("child_record") && page.contains("At the head"), "{page}");
    assert!(page.contains("No backup of this data folder was ever made"), "{page}");
    let made = Backup { at: "2026-11-21T02:00:00Z".parse().unwrap(), records: 3, keys: false };
    made.note(data.path()).unwrap();
    let noted = one.read("/operator").await;
    assert!(noted.contains("21 November 2026 at 2:00am") && noted.contains("Not copied"), "{noted}");
    let headers = one.read("/operator/stream").await;
    assert!(headers.contains("Records of the log") && headers.contains("Kind of stream"), "{headers}");
    for told in [&page, &headers] {
        assert!(!told.contains(&number) && !told.contains("Lowe") && !told.contains(SCHOOL), "{told}");
    }
    let beyond = one.read("/operator/stream?after=999999").await;
    assert!(beyond.contains("No record stands after this position"), "{beyond}");
    let other = Browser::of(&house, Role::Administrator, AUTHORITY).await;
    for path in ["/operator", "/operator/stream"] {
        assert_eq!(other.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}
