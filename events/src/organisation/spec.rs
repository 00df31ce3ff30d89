//! Specs of organisations: import, standing, clients.

mod accreditation;
mod months;

use vocabulary::{ContactKind, OrganisationKind};

use super::*;
use crate::{
    policy::Participation,
    spec::{NOW, given},
    standing::Standing,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn clinic() -> Row {
    Row {
        id: "ods:RX1".parse().unwrap(),
        details: Details {
            name: Label::new("Mill Lane Clinic").unwrap(),
            kind: OrganisationKind::Hospital,
            authority: Some("gss:E09000014".parse().unwrap()),
            service_types: vec![ServiceType::HospitalEmergency],
            contacts: Vec::new(),
            outcodes: Vec::new(),
        },
        accredited_until: Some(day("2026-12-31")),
        agreement: Some(Agreement { until: day("2026-09-30"), states_others: false, version: None }),
    }
}

fn import(row: Row) -> Command {
    Command::Import(Box::new(row))
}

fn registered() -> Event {
    Event::OrganisationRegistered { id: clinic().id, details: clinic().details }
}

fn accredited(until: &str) -> Event {
    Event::OrganisationAccredited { until: day(until), participation: Participation::Both }
}

fn agreed(until: &str) -> Event {
    Event::SupplyAgreementSigned(Agreement { until: day(until), states_others: false, version: None })
}

fn suspended() -> Event {
    Event::OrganisationSuspended { ground: SuspensionGround::MisuseSuspected }
}

fn client(text: &str) -> ClientId {
    ClientId(text.to_owned())
}

fn added() -> Event {
    Event::ClientAdded {
        client: client("client-1"),
        secret_hash: Some(Secret::new("hash".to_owned())),
        acting_user: ActingUser::SignedAssertion,
    }
}

fn add() -> Command {
    Command::AddClient {
        client: client("client-1"),
        secret_hash: Some(Secret::new("hash".to_owned())),
        key: None,
        acting_user: ActingUser::SignedAssertion,
    }
}

#[test]
fn a_first_line_registers_accredits_and_signs() {
    given::<Organisation>([])
        .when(import(clinic()))
        .then([registered(), accredited("2026-12-31"), agreed("2026-09-30")])
        .when(import(clinic()))
        .then_nothing();
}

#[test]
fn a_changed_line_adds_what_changed_and_no_more() {
    let renamed = Details { name: Label::new("Mill Lane Hospital").unwrap(), ..clinic().details };
    let row = Row { details: renamed.clone(), accredited_until: None, agreement: None, ..clinic() };
    given::<Organisation>([registered(), accredited("2026-12-31")])
        .when(import(row))
        .then([Event::OrganisationDescribed(renamed)]);
}

#[test]
fn a_line_without_dates_leaves_those_held() {
    let row = Row { accredited_until: None, agreement: None, ..clinic() };
    given::<Organisation>([registered(), accredited("2026-12-31"), agreed("2026-09-30")])
        .when(import(row))
        .then_nothing();
}

#[test]
fn lines_are_refused_in_this_order() {
    let broken = vec![Contact {
        kind: ContactKind::Telephone,
        used: None,
        value: "ring the mother".to_owned(),
        hours: None,
    }];
    let authority = Details { kind: OrganisationKind::LocalAuthority, ..clinic().details };
    let table = [
        (Row { id: "ods:RX2".parse().unwrap(), ..clinic() }, Refusal::AnotherOrganisation),
        (
            Row {
                details: Details {
                    outcodes: vec!["nonsense".to_owned()],
                    contacts: broken.clone(),
                    ..clinic().details
                },
                ..clinic()
            },
            Refusal::OutcodesOfNoAuthority,
        ),
        (
            Row {
                details: Details {
                    outcodes: vec!["nonsense".to_owned()],
                    contacts: broken.clone(),
                    ..authority.clone()
                },
                ..clinic()
            },
            Refusal::OutcodeMalformed,
        ),
        (
            Row {
                details: Details { outcodes: vec!["N17".to_owned()], contacts: broken, ..authority },
                ..clinic()
            },
            Refusal::ContactsMalformed,
        ),
    ];
    for (row, refusal) in table {
        given::<Organisation>([registered()]).when(import(row)).then_refused(refusal);
    }
}

/// I-4.
#[test]
fn involvement_needs_an_accredited_organisation_and_a_live_agreement() {
    let today = day("2026-06-01");
    let table = [
        (vec![], Err(Refusal::Unknown)),
        (vec![registered(), suspended()], Err(Refusal::Suspended)),
        (vec![registered()], Err(Refusal::NotAccredited)),
        (vec![registered(), accredited("2026-05-31"), agreed("2026-05-31")], Err(Refusal::NotAccredited)),
        (vec![registered(), accredited("2026-06-01")], Err(Refusal::AgreementExpired)),
        (vec![registered(), accredited("2026-06-01"), agreed("2026-05-31")], Err(Refusal::AgreementExpired)),
        (vec![registered(), accredited("2026-06-01"), agreed("2026-06-01")], Ok(())),
        (
            vec![registered(), accredited("2026-06-01"), agreed("2026-06-01"), suspended()],
            Err(Refusal::Suspended),
        ),
        (
            vec![
                registered(),
                accredited("2026-06-01"),
                agreed("2026-06-01"),
                suspended(),
                Event::OrganisationReinstated,
            ],
            Ok(()),
        ),
    ];
    for (events, verdict) in table {
        assert_eq!(given::<Organisation>(events).state().may_supply(today, &Conditions::default()), verdict);
    }
}

#[test]
fn only_the_agreement_lets_it_state_others_involvements() {
    let national = Event::SupplyAgreementSigned(Agreement {
        until: day("2026-09-30"),
        states_others: true,
        version: None,
    });
    let own = given::<Organisation>([registered(), agreed("2026-09-30")]).state();
    let others = given::<Organisation>([registered(), national]).state();
    assert!(!own.states_others(day("2026-06-01")));
    assert!(others.states_others(day("2026-09-30")));
    assert!(!others.states_others(day("2026-10-01")));
}

#[test]
fn a_date_that_ran_out_leaves_72_hours_and_suspension_none() {
    let standing =
        |events: Vec<Event>| given::<Organisation>(events).state().may_use(NOW, 72, &Conditions::default());
    let grace = |since: &str, because| Standing::Grace { since: day(since), because };
    let table = [
        (vec![], Standing::None { because: Refusal::Unknown }),
        (vec![registered()], Standing::None { because: Refusal::NotAccredited }),
        (vec![registered(), accredited("2026-06-01")], Standing::Good),
        (vec![registered(), accredited("2026-05-31")], grace("2026-06-01", Refusal::NotAccredited)),
        (vec![registered(), accredited("2026-05-29")], grace("2026-05-30", Refusal::NotAccredited)),
        (vec![registered(), accredited("2026-05-28")], Standing::None { because: Refusal::NotAccredited }),
        (
            vec![registered(), accredited("2026-06-01"), agreed("2026-05-31")],
            grace("2026-06-01", Refusal::AgreementExpired),
        ),
        (
            vec![registered(), accredited("2026-05-31"), agreed("2026-05-01")],
            Standing::None { because: Refusal::AgreementExpired },
        ),
        (
            vec![registered(), accredited("2026-05-31"), suspended()],
            Standing::None { because: Refusal::Suspended },
        ),
    ];
    for (events, expected) in table {
        assert_eq!(standing(events.clone()), expected, "{events:?}");
    }
}

#[test]
fn grace_is_counted_in_hours_from_midnight_in_england() {
    let state = given::<Organisation>([registered(), accredited("2026-05-29")]).state();
    // The last day ended at 23:00 UTC, midnight in England's summer.
    let last = "2026-06-01T22:59:59Z".parse().unwrap();
    let over = "2026-06-01T23:00:00Z".parse().unwrap();
    assert!(matches!(state.may_use(last, 72, &Conditions::default()), Standing::Grace { .. }));
    assert!(matches!(state.may_use(over, 72, &Conditions::default()), Standing::None { .. }));
}

#[test]
fn a_suspension_is_told_once_and_again_when_its_ground_changes() {
    let suspend = |ground| Command::Suspend { ground };
    given::<Organisation>([]).when(suspend(SuspensionGround::OwnRequest)).then_refused(Refusal::Unknown);
    given::<Organisation>([registered()])
        .when(suspend(SuspensionGround::MisuseSuspected))
        .then([suspended()])
        .when(suspend(SuspensionGround::MisuseSuspected))
        .then_nothing()
        .when(suspend(SuspensionGround::ConditionsUnmet))
        .then([Event::OrganisationSuspended { ground: SuspensionGround::ConditionsUnmet }])
        .when(Command::Reinstate)
        .then([Event::OrganisationReinstated])
        .when(Command::Reinstate)
        .then_nothing();
    given::<Organisation>([]).when(Command::Reinstate).then_refused(Refusal::Unknown);
}

#[test]
fn a_client_is_added_once_and_its_id_never_used_again() {
    let revoke = || Command::RevokeClient { client: client("client-1") };
    given::<Organisation>([]).when(add()).then_refused(Refusal::Unknown);
    given::<Organisation>([]).when(revoke()).then_refused(Refusal::Unknown);
    given::<Organisation>([registered()]).when(revoke()).then_refused(Refusal::ClientUnknown);
    let revoked = given::<Organisation>([registered()])
        .when(add())
        .then([added()])
        .when(revoke())
        .then([Event::ClientRevoked { client: client("client-1") }])
        .when(revoke())
        .then_nothing();
    assert_eq!(revoked.state().client(&client("client-1")), None);
    given::<Organisation>([registered(), added()]).when(add()).then_refused(Refusal::ClientKnown);
}

#[test]
fn a_client_secret_never_prints() {
    assert!(!format!("{:?}", added()).contains("hash\""));
    assert!(format!("{:?}", added()).contains("Secret(..)"));
}
