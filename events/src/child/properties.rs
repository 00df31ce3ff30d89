//! What holds of a child after any sequence of requests, refused ones included, on any days.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use proptest::prelude::*;
use vocabulary::{
    Competence, ConsentDecision, GivenBy, HarmGround, IntendsReturn, InvolvementId, KeyedRef, Method,
    OrganisationId, Position, ServiceClass, ServiceType, ShieldId, TransferId, england_day,
};

use super::{
    Child, Command, Event, consent,
    examples::*,
    identity,
    involvement::{self, Changer, Involvement, START_DAYS_AHEAD_MAX, Updated},
    lifecycle, responsibility, retention, setting, shield,
};
use crate::{
    decider::{Decider, When, fold},
    spec::{KEY, NOW},
    supplied::{EducationState, SuppliedAddress, SuppliedChild},
    told::Told,
};

/// One request, drawn as numbers, so that a failing sequence shrinks to a short and plain one.
type Draw = [u8; 7];

fn pick<T: Clone>(choices: &[T], drawn: u8) -> T {
    choices[usize::from(drawn) % choices.len()].clone()
}

fn supplier(drawn: u8) -> (KeyedRef, OrganisationId) {
    pick(&[(AT_SCHOOL, school()), (ON_WARD, ward()), (IN_CLINIC, clinic()), (ELSEWHERE, refuge())], drawn)
}

/// A second reference of the same supplier.
fn spare(owner: u8) -> KeyedRef {
    KeyedRef::new(uuid::Uuid::from_u128(0xb0 + u128::from(owner % 4)))
}

/// Each supplier has references of its own, so an involvement's id says whose it is.
fn involvement_of(owner: u8, drawn: u8) -> InvolvementId {
    InvolvementId::new(uuid::Uuid::from_u128(u128::from(owner % 4 * 3 + drawn % 3)))
}

fn episode_of(drawn: u8) -> KeyedRef {
    pick(&[EPISODE, EPISODE_2], drawn)
}

fn shield_of(drawn: u8) -> ShieldId {
    ShieldId::new(uuid::Uuid::from_u128(u128::from(drawn % 3)))
}

fn service_of(owner: u8, drawn: u8) -> ServiceType {
    let services: [&[ServiceType]; 4] = [
        &[ServiceType::School],
        &[ServiceType::HospitalInpatient, ServiceType::HospitalEmergency],
        &[ServiceType::MentalHealth, ServiceType::SocialCare],
        &[ServiceType::Refuge, ServiceType::VoluntarySector],
    ];
    pick(services[usize::from(owner % 4)], drawn)
}

fn ahead(today: NaiveDate, drawn: u8) -> NaiveDate {
    today + Duration::days(i64::from(drawn % 120) - 100)
}

fn changer(owner: u8, drawn: u8) -> Changer {
    if drawn.is_multiple_of(5) { Changer::Team } else { by(supplier(owner).1) }
}

fn details(drawn: u8, other: u8) -> SuppliedChild {
    let address = match drawn % 6 {
        0 => Told::TakenBack,
        1 => Told::Value(SuppliedAddress::Words(crate::supplied::NoneKnown::NoneKnown)),
        2 => living_at("1 Old Road"),
        3 => living_at("2 Safe Street"),
        _ => Told::Unsaid,
    };
    let carers = match other % 4 {
        0 => Told::Value(vec![carer(postal("2 Safe Street"))]),
        1 => Told::Value(vec![carer(telephone("020 7946 0001"))]),
        _ => Told::Unsaid,
    };
    let surname = Some(name(pick(&["Lowe", "Kerr"], other)));
    SuppliedChild { surname, address, carers, ..ava() }
}

fn started([_, owner, a, b, c, d, way]: Draw, today: NaiveDate) -> Command {
    let (source, supplier_id) = supplier(owner);
    let service = service_of(owner, a);
    let mut told = start(involvement_of(owner, a)).by(source, supplier_id).of(service);
    told = told.since(&ahead(today, b).to_string()).asking(shield_of(a));
    if c.is_multiple_of(3) {
        told = told.until(&ahead(today, d).to_string());
    }
    if d.is_multiple_of(2) {
        told = told.leading();
    }
    if way.is_multiple_of(2) {
        told = told.nurse();
    }
    if service.class() == ServiceClass::Sensitive {
        told = told.in_episode(episode_of(c));
    }
    if b.is_multiple_of(2) {
        told = told.version(i64::from(c % 4));
    }
    told.into()
}

fn changed([_, owner, a, b, c, d, way]: Draw, today: NaiveDate) -> Command {
    let (by, involvement, on) = (changer(owner, c), involvement_of(owner, a), ahead(today, b));
    let updated = Updated {
        team: pick(&[Told::Unsaid, Told::Value(label("Year 7")), Told::TakenBack], b),
        started_on: (c.is_multiple_of(3)).then(|| ahead(today, d)),
        ended_on: pick(&[Told::Unsaid, Told::Value(on), Told::TakenBack], d),
        version: (b.is_multiple_of(2)).then(|| i64::from(c % 4)),
        ..Updated::nothing_of(involvement)
    };
    let contacts = vec![telephone(pick(&["020 7946 0001", "020 7946 0002"], b))];
    Command::Involvement(match way % 10 {
        0 | 1 => involvement::Command::Update { by, updated: Box::new(updated) },
        2 => involvement::Command::End { by, involvement, ended_on: on, version: updated.version },
        3 => involvement::Command::RelinquishLead { by, involvement },
        4 => involvement::Command::EnterInError { by, involvement },
        5 => involvement::Command::IndicateAssessment { by, involvement, on },
        6 => involvement::Command::WithdrawAssessment { by, involvement, on },
        7 => involvement::Command::ChangeContacts {
            supplier: supplier(owner).1,
            practitioner_ref: NURSE,
            contacts,
        },
        _ => involvement::Command::NameLead { by, involvement },
    })
}

fn permitted([_, _, _, b, c, d, way]: Draw, today: NaiveDate) -> Command {
    use ConsentDecision::{Given, Refused, Withdrawn};
    Command::Consent(if way.is_multiple_of(3) {
        consent::Command::SuspectHarm {
            episode: episode_of(c),
            supplier: clinic(),
            ground: HarmGround::Neglect,
            decided_by: name("Ann Decider"),
            recorded_by: None,
            review_by: today + Duration::days(i64::from(b % 40)),
            review: if d.is_multiple_of(2) { consent::Review::First } else { consent::Review::Again },
        }
    } else {
        consent::Command::Decide {
            episode: episode_of(c),
            supplier: clinic(),
            decision: pick(&[Given, Given, Withdrawn, Refused], d),
            given_by: pick(&[GivenBy::Child, GivenBy::Parent], b),
            competence: pick(&[Competence::AssessedCompetent, Competence::AssessedNotCompetent], b),
            method: Method::Written,
            notice_version: label("v3"),
            decided_on: ahead(today, b),
            presumed_age: consent::PRESUMED_COMPETENT_AGE,
        }
    })
}

fn shielded([_, owner, a, b, _, d, _]: Draw, today: NaiveDate) -> Command {
    let (shield, review_by) = (shield_of(a), today + Duration::days(i64::from(b)));
    let ground = pick(&[shield::Ground::ProtectedService, shield::Ground::DomesticAbuse], b);
    Command::Shield(match d % 6 {
        0 => shield::Command::Request { shield, by: supplier(owner).1, ground },
        1 | 2 => shield::Command::Apply { shield, ground, review_by },
        3 => shield::Command::Refuse { shield },
        4 => shield::Command::Keep { shield, review_by },
        _ => shield::Command::Lift { shield },
    })
}

fn identified([_, owner, a, _, _, d, _]: Draw) -> Command {
    let (local_ref, supplier_id) = supplier(owner);
    let judgement = pick(&[identity::Judgement::Decided, identity::Judgement::New], a);
    Command::Identity(match d % 8 {
        0 => identity::Command::EnterInError { local_ref },
        1 => identity::Command::MergeRefs { supplier: supplier_id, from: local_ref, to: spare(owner) },
        2 | 3 => identity::Command::Dispute { local_ref },
        4 => identity::Command::Allocate { pool: authority(), authority: pool() },
        5 => identity::Command::Register { number: number(), authority: pool(), by_hand: None },
        6 => identity::Command::Link {
            supplier: supplier_id,
            local_ref: spare(owner),
            judgement,
            weighing: None,
        },
        _ => identity::Command::Link { supplier: supplier_id, local_ref, judgement, weighing: None },
    })
}

fn moved([_, _, a, b, c, _, way]: Draw) -> Command {
    let authorities: [OrganisationId; 3] = [authority(), pool(), "gss:E08000003".parse().unwrap()];
    let (transfer, to) = (TransferId::from_u128(u128::from(a % 3)), pick(&authorities, b));
    let by = pick(&authorities, c);
    Command::Responsibility(match way % 4 {
        0 => responsibility::Command::Propose { transfer, to, by, pool: pool() },
        1 => {
            let at = "M1 1AE".parse().unwrap();
            responsibility::Command::Place { transfer, to, at, pool: pool() }
        }
        2 => responsibility::Command::Decide { transfer, by, decision: responsibility::Decision::Decline },
        _ => responsibility::Command::Decide { transfer, by, decision: responsibility::Decision::Accept },
    })
}

fn command(draw: Draw, today: NaiveDate) -> Command {
    let [kind, owner, a, b, c, d, _] = draw;
    let (source, supplier_id) = supplier(owner);
    let on = ahead(today, b);
    match kind % 16 {
        0 | 1 => {
            let version = (b.is_multiple_of(2)).then(|| i64::from(c % 4));
            describe_version(source, supplier_id, details(b, d), version)
        }
        2..=4 => started(draw, today),
        5..=7 => changed(draw, today),
        8 | 9 => permitted(draw, today),
        10 | 11 => shielded(draw, today),
        12 if d.is_multiple_of(2) => moved(draw),
        12 | 13 => identified(draw),
        14 => Command::Setting(setting::Command::StateEducation {
            source,
            supplier: supplier_id,
            state: EducationState::EducatedOtherwise,
            organisation: None,
            on,
        }),
        _ => Command::Lifecycle(match d % 3 {
            0 => {
                let intends_return = IntendsReturn::No;
                lifecycle::Command::StateDeparture { supplier: supplier_id, on, intends_return }
            }
            1 if a.is_multiple_of(4) => lifecycle::Command::NotifyDeath { supplier: supplier_id, on },
            _ => return Command::Retention(retention::Command::Settle),
        }),
    }
}

fn leads(child: &Child, today: NaiveDate) -> impl Iterator<Item = &Involvement> {
    child
        .involvements
        .values()
        .filter(move |held| held.lead_professional && held.is_open(today) && child.stands(held, today))
}

fn is_ordinary(held: &Involvement) -> bool {
    matches!(held.class(), ServiceClass::Universal | ServiceClass::Additional)
}

fn holds(child: &Child, today: NaiveDate) -> Result<(), TestCaseError> {
    // I-1
    prop_assert_eq!(child.is_registered(), child.authority.is_some());
    for waiting in child.transfers.values() {
        prop_assert_ne!(Some(&waiting.to), child.authority.as_ref());
    }
    // I-2
    prop_assert!(child.life.left_england.is_none() || child.address().is_none());
    // I-6: an own sensitive or protected entry apart, which clashed with what its owner sees beside it.
    for viewer in [school(), ward(), clinic(), refuge(), authority()] {
        let seen = leads(child, today)
            .filter(|held| is_ordinary(held) && (held.supplier == viewer || !child.is_shielded()))
            .count();
        prop_assert!(seen <= 1, "{} leads in sight of {}", seen, viewer);
    }
    // Rules.md 1.4
    prop_assert!(child.held_addresses.is_empty() || child.holds_addresses());
    for held in child.involvements.values() {
        // I-5
        prop_assert!(held.started_on <= today + Duration::days(START_DAYS_AHEAD_MAX));
        prop_assert!(held.ended_on.is_none_or(|ended| held.started_on <= ended && ended <= today));
        // I-6
        prop_assert!(!held.lead_professional || (held.ended_on.is_none() && held.started_on <= today));
        // I-11, I-12
        if held.class() == ServiceClass::Sensitive && child.stands(held, today) {
            let episode = held.episode.and_then(|episode| child.episodes.get(&episode));
            let given = episode.is_some_and(|episode| episode.consent.is_some());
            let suspected =
                episode.and_then(|episode| episode.harm.as_ref()).is_some_and(|harm| today <= harm.review_by);
            prop_assert!(given || suspected);
        }
    }
    Ok(())
}

fn record(child: &mut Child, history: &mut Vec<(Event, When)>, event: Event, now: DateTime<Utc>) {
    let position = Position(history.len() as u64 + 1);
    let when = When { happened_at: now, recorded_at: now, position, key: KEY };
    Child::evolve(child, &event, when);
    history.push((event, when));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// I-1, I-2, I-5, I-6, I-11, I-12, I-16
    #[test]
    fn the_rules_hold_after_any_sequence_of_requests(draws in prop::collection::vec(any::<Draw>(), 0..60)) {
        let (mut child, mut history, mut now) = (Child::default(), Vec::new(), NOW);
        let beginning = [
            registered(),
            linked(AT_SCHOOL, school()),
            linked(ON_WARD, ward()),
            linked(IN_CLINIC, clinic()),
            linked(ELSEWHERE, refuge()),
            stated(AT_SCHOOL, school(), ava()),
        ];
        for event in beginning {
            record(&mut child, &mut history, event, now);
        }
        for draw in draws {
            let [.., days] = draw;
            now += Duration::days(i64::from(days % 4) * i64::from(days % 8));
            let asked = command(draw, england_day(now));
            let before = child.clone();
            for event in Child::decide(&child, &asked, now).unwrap_or_default() {
                record(&mut child, &mut history, event, now);
            }
            holds(&child, england_day(now))?;
            if !matches!(asked, Command::Responsibility(_) | Command::Identity(_)) {
                // I-1: no other request moves a record.
                prop_assert_eq!(&before.authority, &child.authority);
            }
            if !matches!(asked, Command::Shield(_)) {
                // I-7: no feed changes a shield.
                prop_assert_eq!(&before.shields, &child.shields);
            }
            let again = Child::decide(&child, &asked, now).unwrap_or_default();
            prop_assert_eq!(again, Vec::new(), "{:?} repeated", asked);
        }
        prop_assert_eq!(&fold::<Child>(history), &child);
        let stored = serde_json::to_vec(&child).unwrap();
        prop_assert_eq!(serde_json::from_slice::<Child>(&stored).unwrap(), child);
    }
}
