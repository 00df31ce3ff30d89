//! Specs of clients: several credentials good at once, each retired for ever.

use chrono::TimeDelta;
use vocabulary::OrganisationKind;

use super::*;
use crate::{
    organisation::{self, Details, Organisation},
    spec::{Given, NOW, given},
};

fn id() -> ClientId {
    ClientId("client-1".to_owned())
}

fn hashed(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn key(kid: &str, body: &str) -> Key {
    Key {
        kid: kid.parse().unwrap(),
        algorithm: SignatureAlgorithm::Es256,
        public_key: body.to_owned().try_into().unwrap(),
    }
}

fn certificate(byte: u8) -> Thumbprint {
    Thumbprint::new([byte; 32])
}

fn later(minutes: i64) -> DateTime<Utc> {
    NOW + TimeDelta::minutes(minutes)
}

fn registered() -> Event {
    let name = vocabulary::Label::new("Mill Lane Clinic").unwrap();
    let details = Details {
        name,
        kind: OrganisationKind::Hospital,
        authority: None,
        service_types: Vec::new(),
        contacts: Vec::new(),
        outcodes: Vec::new(),
    };
    Event::OrganisationRegistered { id: "ods:RX1".parse().unwrap(), details }
}

fn added() -> Event {
    let secret_hash = Some(hashed("first"));
    Event::ClientAdded { client: id(), secret_hash, acting_user: ActingUser::SignedAssertion }
}

fn key_added(kid: &str, body: &str) -> Event {
    Event::ClientKeyAdded { client: id(), key: key(kid, body) }
}

fn key_retired(kid: &str, from: DateTime<Utc>) -> Event {
    Event::ClientKeyRetired { client: id(), kid: kid.parse().unwrap(), from }
}

fn client(more: impl IntoIterator<Item = Event>) -> Given<Organisation> {
    given::<Organisation>([registered(), added()].into_iter().chain(more))
}

fn asks(asks: Command) -> organisation::Command {
    organisation::Command::Client { client: id(), asks }
}

fn add(kid: &str, body: &str) -> organisation::Command {
    asks(Command::AddKey(key(kid, body)))
}

fn retire(kid: &str, from: Option<DateTime<Utc>>) -> organisation::Command {
    asks(Command::RetireKey { kid: kid.parse().unwrap(), from })
}

fn refused(refusal: Refusal) -> organisation::Refusal {
    organisation::Refusal::Client(refusal)
}

fn held(more: impl IntoIterator<Item = Event>) -> Client {
    client(more).state().clients[&id()].clone()
}

#[test]
fn a_client_is_added_with_a_secret_a_key_or_both_and_never_with_neither() {
    let asked = |secret_hash, key| organisation::Command::AddClient {
        client: id(),
        secret_hash,
        key,
        acting_user: ActingUser::SignedAssertion,
    };
    let without_secret =
        Event::ClientAdded { client: id(), secret_hash: None, acting_user: ActingUser::SignedAssertion };
    given::<Organisation>([registered()])
        .when(asked(None, None))
        .then_refused(refused(Refusal::NothingToProveBy));
    given::<Organisation>([registered()]).when(asked(Some(hashed("first")), None)).then([added()]);
    given::<Organisation>([registered()])
        .when(asked(None, Some(key("k1", "AAAA"))))
        .then([without_secret, key_added("k1", "AAAA")]);
    given::<Organisation>([registered()])
        .when(asked(Some(hashed("first")), Some(key("k1", "AAAA"))))
        .then([added(), key_added("k1", "AAAA")]);
}

#[test]
fn two_keys_are_good_at_once_until_the_first_is_retired() {
    let overlapping = [key_added("old", "AAAA"), key_added("new", "BBBB"), key_retired("old", later(60))];
    let state = held(overlapping);
    let good = |kid: &str, at| state.key_at(&kid.parse().unwrap(), at).is_some();
    assert!(good("old", NOW) && good("new", NOW));
    assert!(good("old", later(59)) && good("new", later(59)));
    assert!(!good("old", later(60)) && good("new", later(60)));
    assert!(state.proven_by(&Proof::Key("old".parse().unwrap()), NOW));
    assert!(!state.proven_by(&Proof::Key("old".parse().unwrap()), later(60)));
    assert!(!state.proven_by(&Proof::Key("never".parse().unwrap()), NOW));
}

#[test]
fn a_key_named_again_is_no_news_while_it_is_good_and_refused_for_ever_after() {
    let used = || refused(Refusal::CredentialUsed);
    client([key_added("k1", "AAAA")]).when(add("k1", "AAAA")).then_nothing();
    client([key_added("k1", "AAAA")]).when(add("k1", "BBBB")).then_refused(used());
    client([key_added("k1", "AAAA")]).when(add("k2", "AAAA")).then_refused(used());
    let retired = || client([key_added("k1", "AAAA"), key_retired("k1", NOW)]);
    retired().when(add("k1", "AAAA")).then_refused(used());
    retired().when(add("k1", "BBBB")).then_refused(used());
    retired().when(add("k2", "AAAA")).then_refused(used());
    retired().when(add("k2", "BBBB")).then([key_added("k2", "BBBB")]);
}

#[test]
fn no_more_than_a_few_are_good_at_once_and_a_retired_one_makes_room() {
    let full: Vec<Event> =
        ["a", "b", "c", "d"].into_iter().map(|kid| key_added(kid, &kid.repeat(4))).collect();
    assert_eq!(full.len(), KEYS_MAX);
    client(full.clone()).when(add("e", "eeee")).then_refused(refused(Refusal::CredentialsTooMany));
    let soon = full.iter().cloned().chain([key_retired("a", later(1))]);
    client(soon).when(add("e", "eeee")).then_refused(refused(Refusal::CredentialsTooMany));
    let room = full.into_iter().chain([key_retired("a", NOW)]);
    client(room).when(add("e", "eeee")).then([key_added("e", "eeee")]);
}

#[test]
fn a_retirement_is_brought_forward_and_never_put_off() {
    let key = || key_added("k1", "AAAA");
    client([key()])
        .when(retire("k1", None))
        .then([key_retired("k1", NOW)])
        .when(retire("k1", None))
        .then_nothing();
    // Nothing is retired in the past: what was done with it was done by right.
    client([key()]).when(retire("k1", Some(later(-5)))).then([key_retired("k1", NOW)]);
    let planned = || client([key(), key_retired("k1", later(60))]);
    planned().when(retire("k1", Some(later(60)))).then_nothing();
    planned().when(retire("k1", Some(later(30)))).then([key_retired("k1", later(30))]);
    planned().when(retire("k1", None)).then([key_retired("k1", NOW)]);
    planned().when(retire("k1", Some(later(90)))).then_refused(refused(Refusal::RetiredSooner));
    client([key(), key_retired("k1", NOW)])
        .when(retire("k1", Some(later(1))))
        .then_refused(refused(Refusal::RetiredSooner));
}

#[test]
fn what_a_client_never_had_is_not_retired() {
    let unknown = || refused(Refusal::CredentialUnknown);
    client([]).when(retire("k1", None)).then_refused(unknown());
    client([]).when(asks(Command::RetireSecret { number: 2, from: None })).then_refused(unknown());
    let thumbprint = certificate(1);
    client([]).when(asks(Command::RetireCertificate { thumbprint, from: None })).then_refused(unknown());
}

#[test]
fn a_second_secret_overlaps_with_the_first_and_a_number_is_never_used_again() {
    let add = |text: &str| asks(Command::AddSecret { secret_hash: hashed(text) });
    let told =
        |number, text: &str| Event::ClientSecretAdded { client: id(), number, secret_hash: hashed(text) };
    let retired = |number, from| Event::ClientSecretRetired { client: id(), number, from };
    client([])
        .when(add("second"))
        .then([told(2, "second")])
        .when(add("third"))
        .then_refused(refused(Refusal::CredentialsTooMany));
    let good = |client: &Client, at| client.secrets_at(at).map(|(number, _)| number).collect::<Vec<_>>();
    assert_eq!(good(&held([told(2, "second")]), NOW), [1, 2]);
    let after = client([told(2, "second")])
        .when(asks(Command::RetireSecret { number: 1, from: Some(later(60)) }))
        .then([retired(1, later(60))]);
    let state = after.state().clients[&id()].clone();
    assert_eq!((good(&state, later(59)), good(&state, later(60))), (vec![1, 2], vec![2]));
    assert!(state.proven_by(&Proof::Secret(1), NOW) && !state.proven_by(&Proof::Secret(1), later(60)));
    client([told(2, "second"), retired(2, NOW)]).when(add("third")).then([told(3, "third")]);
}

#[test]
fn a_client_bound_once_needs_one_of_its_certificates_for_ever() {
    let bound = |byte| Event::ClientCertificateBound { client: id(), thumbprint: certificate(byte) };
    let retired =
        |byte, from| Event::ClientCertificateRetired { client: id(), thumbprint: certificate(byte), from };
    let free = held([]);
    assert!(free.connects_with(None, NOW) && free.connects_with(Some(&certificate(9)), NOW));
    let two = held([bound(1), bound(2), retired(1, later(60))]);
    assert!(!two.connects_with(None, NOW) && !two.connects_with(Some(&certificate(9)), NOW));
    assert!(two.connects_with(Some(&certificate(1)), NOW) && two.connects_with(Some(&certificate(2)), NOW));
    assert!(!two.connects_with(Some(&certificate(1)), later(60)));
    let none_left = held([bound(1), retired(1, NOW)]);
    assert!(!none_left.connects_with(None, NOW) && !none_left.connects_with(Some(&certificate(1)), NOW));
    let bind = |byte| asks(Command::BindCertificate { thumbprint: certificate(byte) });
    client([]).when(bind(1)).then([bound(1)]).when(bind(1)).then_nothing();
    client([bound(1), retired(1, NOW)]).when(bind(1)).then_refused(refused(Refusal::CredentialUsed));
    let full: Vec<Event> = (1..=4).map(bound).collect();
    client(full).when(bind(5)).then_refused(refused(Refusal::CredentialsTooMany));
}

#[test]
fn a_revoked_client_is_given_nothing_more_and_an_unknown_one_neither() {
    let revoked = || client([key_added("k1", "AAAA"), Event::ClientRevoked { client: id() }]);
    revoked().when(add("k2", "BBBB")).then_refused(refused(Refusal::Revoked));
    revoked().when(retire("k1", None)).then_refused(refused(Refusal::Revoked));
    given::<Organisation>([registered()])
        .when(add("k1", "AAAA"))
        .then_refused(organisation::Refusal::ClientUnknown);
    given::<Organisation>([]).when(add("k1", "AAAA")).then_refused(organisation::Refusal::Unknown);
}

#[test]
fn a_public_key_is_base64_and_nothing_else() {
    for bad in ["", "-----BEGIN PUBLIC KEY-----", "a key", &"A".repeat(PUBLIC_KEY_CHARACTERS_MAX + 1)] {
        assert!(PublicKey::try_from(bad.to_owned()).is_err(), "{bad}");
    }
    let stored = serde_json::to_string(&key("k1", "AAAA")).unwrap();
    assert_eq!(stored, r#"{"kid":"k1","algorithm":"ES256","public_key":"AAAA"}"#);
    assert!(serde_json::from_str::<Key>(&stored.replace("AAAA", "a sentence")).is_err());
}
