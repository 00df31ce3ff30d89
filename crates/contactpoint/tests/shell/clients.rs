//! Clients from the shell: keys, secrets and certificates added and retired.

use std::{fs, path::Path};

use rcgen::{CertificateParams, KeyPair};
use serde_json::{Value, json};

use crate::asked::{Place, SUPPLIER, text_of};

/// Invented: nobody has the private halves any more.
const ED25519: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";
const P256: &str = r#"{"kty":"EC","crv":"P-256","kid":"2027-01","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;

fn listed(place: &Place) -> Value {
    let listed = place.ask(&["--json", "client", "list"]).ended(0).objects();
    assert_eq!(listed.len(), 1);
    listed[0]["credentials"].clone()
}

#[test]
fn a_client_changes_its_keys_from_the_shell() {
    let place = Place::with_organisations();
    let (first, second) = (place.file("first.pem", ED25519), place.file("second.jwk", P256));
    let add = ["--json", "client", "add", "--organisation", SUPPLIER, "--key", &first, "--kid", "2026-11"];
    let added = place.ask(&add).ended(0).object();
    assert_eq!((&added["kid"], added.get("client_secret")), (&json!("2026-11"), None));
    let client = added["client_id"].as_str().unwrap();
    place.ask(&["client", "key", "add", client, "--key", &second]).ended(0);
    place.ask(&["client", "key", "retire", client, "2026-11", "--from", "2999-01-01T00:00:00Z"]).ended(0);
    assert_eq!(
        listed(&place),
        json!([
            {"kind": "key", "id": "2026-11", "algorithm": "EdDSA", "state": "ending",
             "retired_from": "2999-01-01T00:00:00Z"},
            {"kind": "key", "id": "2027-01", "algorithm": "ES256", "state": "good"}
        ])
    );
    place.ask(&["client", "key", "retire", client, "2026-11"]).ended(0);
    let again = place.ask(&["client", "key", "add", client, "--key", &first, "--kid", "2027-02"]).ended(1);
    assert!(again.stderr.contains("used before"), "{}", again.stderr);
    assert_eq!(listed(&place)[0]["state"], "retired");
    place.verified();
}

#[test]
fn a_file_that_is_no_public_key_is_told_apart_and_changes_nothing() {
    let place = Place::with_organisations();
    let client = place.ask(&["--json", "client", "add", "--organisation", SUPPLIER]).ended(0).object();
    let client = client["client_id"].as_str().unwrap();
    let private = KeyPair::generate().unwrap().serialize_pem();
    for (name, text, told) in
        [("private.pem", private.as_str(), "private key"), ("nonsense.pem", "nonsense", "not a public key")]
    {
        let file = place.file(name, text);
        let refused = place.ask(&["client", "key", "add", client, "--key", &file]).ended(2);
        assert!(refused.stderr.contains(told), "{}", refused.stderr);
    }
    assert_eq!(listed(&place), json!([{"kind": "secret", "id": "1", "state": "good"}]));
}

#[test]
fn a_client_changes_its_secret_and_is_bound_to_a_certificate_from_the_shell() {
    let place = Place::with_organisations();
    let client = place.ask(&["--json", "client", "add", "--organisation", SUPPLIER]).ended(0).object();
    let client = client["client_id"].as_str().unwrap();
    let second = place.ask(&["--json", "client", "secret", "add", client]).ended(0).object();
    assert_eq!(second["number"], 2);
    assert!(second["client_secret"].as_str().is_some_and(|secret| secret.len() >= 24));
    place.ask(&["client", "secret", "add", client]).ended(1);
    place.ask(&["client", "secret", "retire", client, "1"]).ended(0);
    let certificate = place.path("client.pem");
    certified(&certificate, &place.path("client.key"));
    place.ask(&["client", "certificate", "bind", client, "--certificate", &text_of(&certificate)]).ended(0);
    place.ask(&["client", "certificate", "bind", client, "--thumbprint", &"5e".repeat(32)]).ended(0);
    place.ask(&["client", "certificate", "bind", client]).ended(2);
    let states: Vec<(String, String)> = listed(&place)
        .as_array()
        .unwrap()
        .iter()
        .map(|held| (held["kind"].as_str().unwrap().to_owned(), held["state"].as_str().unwrap().to_owned()))
        .collect();
    let expected =
        [("secret", "retired"), ("secret", "good"), ("certificate", "good"), ("certificate", "good")];
    assert_eq!(states, expected.map(|(kind, state)| (kind.to_owned(), state.to_owned())));
}

/// Writes a certificate and its key.
pub(crate) fn certified(certificate: &Path, key: &Path) {
    let pair = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    fs::write(certificate, params.self_signed(&pair).unwrap().pem()).unwrap();
    fs::write(key, pair.serialize_pem()).unwrap();
}
