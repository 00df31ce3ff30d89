//! Specs of cases: another person approves, and the day ends them.

use super::*;
use crate::spec::given;

const TODAY: &str = "2026-06-01";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn account(number: u128) -> AccountId {
    AccountId::new(uuid::Uuid::from_u128(number))
}

fn child(number: u128) -> ChildId {
    ChildId::new(uuid::Uuid::from_u128(number))
}

fn asked() -> Opened {
    Opened {
        case: CaseId::new(uuid::Uuid::from_u128(1)),
        reference: Reference::new("SCR/2026-4").unwrap(),
        children: vec![child(1), child(2)],
        purpose: Purpose::CaseReview,
        expires_on: day("2026-06-30"),
        by: account(1),
    }
}

fn opened() -> Event {
    Event::CaseOpened(asked())
}

fn approve(by: u128) -> Command {
    Command::Approve { by: account(by), lifts_shields: false }
}

fn approved() -> Event {
    Event::CaseApproved { by: account(2), lifts_shields: false }
}

#[test]
fn a_case_is_opened_approved_by_another_person_and_closed() {
    given::<Case>([])
        .when(Command::Open(asked()))
        .then([opened()])
        .when(Command::Open(asked()))
        .then_nothing()
        .when(approve(2))
        .then([approved()])
        .when(approve(2))
        .then_nothing()
        .when(Command::Close)
        .then([Event::CaseClosed])
        .when(Command::Close)
        .then_nothing();
}

#[test]
fn opening_is_refused_in_this_order() {
    let many = (0..51).map(child).collect();
    let other = Opened { children: Vec::new(), ..asked() };
    given::<Case>([opened()]).when(Command::Open(other.clone())).then_refused(Refusal::AlreadyOpened);
    let table = [
        (Opened { expires_on: day("2026-05-31"), ..other }, Refusal::ChildrenOutOfRange),
        (Opened { children: many, ..asked() }, Refusal::ChildrenOutOfRange),
        (Opened { expires_on: day("2026-05-31"), ..asked() }, Refusal::ExpiryOutOfRange),
        (Opened { expires_on: day("2027-06-02"), ..asked() }, Refusal::ExpiryOutOfRange),
    ];
    for (opened, refusal) in table {
        given::<Case>([]).when(Command::Open(opened)).then_refused(refusal);
    }
}

#[test]
fn approving_is_refused_in_this_order() {
    given::<Case>([]).when(approve(1)).then_refused(Refusal::Unknown);
    given::<Case>([]).when(Command::Close).then_refused(Refusal::Unknown);
    given::<Case>([opened(), Event::CaseClosed])
        .days_later(60)
        .when(approve(1))
        .then_refused(Refusal::Closed);
    given::<Case>([opened()]).days_later(60).when(approve(1)).then_refused(Refusal::Expired);
    given::<Case>([opened(), approved()]).when(approve(1)).then_refused(Refusal::OwnCase);
    given::<Case>([opened(), approved()]).when(approve(3)).then_refused(Refusal::AlreadyApproved);
    let lifting = Command::Approve { by: account(2), lifts_shields: true };
    given::<Case>([opened(), approved()]).when(lifting).then_refused(Refusal::AlreadyApproved);
}

#[test]
fn a_case_is_usable_once_approved_until_its_day_for_its_children() {
    let table = [
        (vec![], TODAY, 1, Err(Refusal::Unknown)),
        (vec![opened(), Event::CaseClosed], "2026-07-01", 9, Err(Refusal::Closed)),
        (vec![opened()], "2026-07-01", 9, Err(Refusal::NotApproved)),
        (vec![opened(), approved()], "2026-07-01", 9, Err(Refusal::Expired)),
        (vec![opened(), approved()], "2026-06-30", 9, Err(Refusal::ChildNotInCase)),
        (vec![opened(), approved()], "2026-06-30", 2, Ok(())),
        (vec![opened(), approved(), Event::CaseClosed], TODAY, 2, Err(Refusal::Closed)),
    ];
    for (events, today, number, verdict) in table {
        assert_eq!(given::<Case>(events).state().usable(day(today), child(number)), verdict);
    }
}

#[test]
fn shields_are_respected_unless_the_approver_lifts_them() {
    assert!(!given::<Case>([opened(), approved()]).state().lifts_shields);
    let lifting = Event::CaseApproved { by: account(2), lifts_shields: true };
    assert!(given::<Case>([opened(), lifting]).state().lifts_shields);
}

#[test]
fn a_reference_is_no_prose_and_no_name() {
    for text in ["", "Ava Lowe", "see the notes of Monday: 4", "x-\n1", &"1".repeat(41)] {
        assert!(Reference::new(text).is_err(), "{text:?}");
    }
    for text in ["SCR/2026-4", "case 12", "CR_1.2"] {
        assert!(Reference::new(text).is_ok(), "{text:?}");
    }
}

fn bundled() -> BundleMade {
    BundleMade { by: account(1), children: 2, records: 7, opened: 6, sha256: BundleDigest([7; 32]) }
}

#[test]
fn a_bundle_is_borne_for_its_own_investigator_while_the_case_gives_rights() {
    let bundle = |made| Command::Bundle(made);
    given::<Case>([opened(), approved()])
        .when(bundle(bundled()))
        .then([Event::BundleMade(bundled())])
        .when(bundle(bundled()))
        .then([Event::BundleMade(bundled())]);
    given::<Case>([]).when(bundle(bundled())).then_refused(Refusal::Unknown);
    given::<Case>([opened(), Event::CaseClosed]).when(bundle(bundled())).then_refused(Refusal::Closed);
    given::<Case>([opened()]).when(bundle(bundled())).then_refused(Refusal::NotApproved);
    let late = Event::CaseOpened(Opened { expires_on: day("2026-05-31"), ..asked() });
    given::<Case>([late, approved()]).when(bundle(bundled())).then_refused(Refusal::Expired);
    let another = BundleMade { by: account(3), records: BUNDLE_RECORDS_MAX + 1, ..bundled() };
    given::<Case>([opened(), approved()]).when(bundle(another.clone())).then_refused(Refusal::Unknown);
    let large = BundleMade { by: account(1), ..another };
    given::<Case>([opened(), approved()]).when(bundle(large)).then_refused(Refusal::BundleTooLarge);
}

#[test]
fn a_digest_is_written_as_digits_and_read_back() {
    let text = serde_json::to_string(&BundleDigest([0xa5; 32])).unwrap();
    assert_eq!(text, format!("\"{}\"", "a5".repeat(32)));
    assert_eq!(serde_json::from_str::<BundleDigest>(&text).unwrap(), BundleDigest([0xa5; 32]));
    for wrong in ["\"\"", "\"a5\"", &text.replacen("a5", "+5", 1), &text.replacen("a5", "g5", 1)] {
        assert!(serde_json::from_str::<BundleDigest>(wrong).is_err(), "{wrong}");
    }
}
