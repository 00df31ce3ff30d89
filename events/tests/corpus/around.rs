//! Samples of what happens around a child: intake, looks, searches, cases, policy, erasure.

use events::{
    Fact, access, brokering, case,
    child::{RecordState, details::Field},
    erasure, intake,
    looker::Relation,
    policy,
    recorded::{Actor, Entry},
    rights, search,
    supplied::Supplied,
};
use vocabulary::{
    AccessReason, ChildId, ChildNumber, Competence, EventId, FieldGroup, Gender, KeyId, Position, Role,
};

use crate::{
    child::{ava, kept_ref},
    words::{
        authority, client, clinic, code, day, duty_desk, entry, id, instant, label, mediator, staff,
        supplier, through_a_client, weighing,
    },
};

pub(crate) fn samples() -> Vec<Entry> {
    let intake = intake().into_iter().map(|(by, event)| entry(by, Fact::Intake(event)));
    let access = access().into_iter().map(|(by, event)| entry(by, Fact::Access(event)));
    let search = search().into_iter().map(|(by, event)| entry(by, Fact::Search(event)));
    let case = case().into_iter().map(|(by, event)| entry(by, Fact::Case(event)));
    let erasure = erasure().into_iter().map(|event| entry(Actor::System, Fact::Erasure(event)));
    let rights = rights().into_iter().map(|(by, event)| entry(by, Fact::Rights(event)));
    let brokering = brokering().into_iter().map(|(by, event)| entry(by, Fact::Brokering(event)));
    intake
        .chain(access)
        .chain(search)
        .chain(case)
        .chain([proposed(), policy(), model(), notice()])
        .chain(erasure)
        .chain(brokering)
        .chain(rights)
        .collect()
}

fn reference() -> case::Reference {
    case::Reference::new("SCR/2026-4").unwrap()
}

fn intake() -> Vec<(Actor, intake::Event)> {
    vec![
        (
            supplier(),
            intake::Event::EventQueued(intake::Queued {
                supplier: clinic(),
                client: Some(client()),
                told: Box::new(Supplied::ChildDescribed { child: ava(), version: Some(1) }),
                local_ref: Some(id(0xa1)),
                candidates: vec![id(0x1), id(0x2)],
                weighings: vec![weighing(), weighing()],
                reason: intake::QueueReason::SoundsAlike,
                happened_at: instant("2026-05-04T08:00:00Z"),
            }),
        ),
        (
            supplier(),
            intake::Event::EventWaiting(intake::Waiting {
                behind: id(0x91),
                supplier: clinic(),
                client: Some(client()),
                told: Box::new(Supplied::InvolvementEnded {
                    involvement_ref: kept_ref(0x1f),
                    ended_on: day("2026-05-20"),
                    version: Some(2),
                }),
                local_ref: Some(id(0xa1)),
                happened_at: instant("2026-05-20T08:00:00Z"),
            }),
        ),
        (
            Actor::System,
            intake::Event::LikenessFound(intake::Likeness {
                candidates: [id(0x1), id(0x2)],
                weighing: weighing(),
                reason: intake::QueueReason::SoundsAlike,
            }),
        ),
        (
            staff(Role::DataManager),
            intake::Event::QueueDecided { decision: intake::Decision::Link { child: id(0x1) } },
        ),
        (
            Actor::System,
            intake::Event::EventResolved(intake::Resolved {
                outcome: intake::Outcome::Recorded,
                position: Some(Position(81_234)),
                child: Some(id(0x1)),
                problem: None,
            }),
        ),
        (supplier(), intake::Event::StatementRepeated { supplier: clinic(), child: Some(id(0x1)) }),
        (supplier(), intake::Event::ConsentRefusalCounted { supplier: clinic() }),
    ]
}

fn access() -> Vec<(Actor, access::Event)> {
    vec![
        (
            mediator(),
            access::Event::RecordOpened(Box::new(access::RecordOpened {
                access: id(0x61),
                number: ChildNumber::from_draw(42),
                reason: AccessReason::CaseReview,
                relation: Relation::CaseReference,
                search: Some(id(0x71)),
                case: Some(id(0x81)),
                case_ref: Some(reference()),
                other_authority: true,
                tells: vec![access::ToldLead {
                    involvement: id(0x11),
                    organisation: "gss:E09000014".parse().unwrap(),
                    looked: clinic(),
                }],
                groups: vec![FieldGroup::A, FieldGroup::A2, FieldGroup::B],
                record_state: RecordState::Shielded,
                policy_version: 3,
            })),
        ),
        (
            staff(Role::PractitionerOverride),
            access::Event::ShieldOverridden {
                access: id(0x61),
                ground: access::OverrideGround::ImmediateDanger,
            },
        ),
        (staff(Role::PractitionerOverride), access::Event::InvestigationOpened { access: id(0x61) }),
        (
            staff(Role::PractitionerOverride),
            access::Event::ReviewDrawn {
                access: id(0x61),
                lots: vec![vocabulary::Lot::Override, vocabulary::Lot::OtherAuthority],
            },
        ),
        (
            staff(Role::PractitionerOverride),
            access::Event::AlertRaised {
                access: id(0x61),
                signals: vec![vocabulary::Signal::Sweep, vocabulary::Signal::OutOfHours],
                looked: Some(access::Looked {
                    position: Position(7),
                    at: instant("2026-06-01T08:00:00Z"),
                    account: id(0x51),
                    organisation: clinic(),
                    on_behalf_of: Some(id(0x52)),
                }),
            },
        ),
        (
            staff(Role::Auditor),
            access::Event::ReviewClosed { access: id(0x61), outcome: vocabulary::ReviewOutcome::Employer },
        ),
        (
            through_a_client(),
            access::Event::OpeningRefused {
                code: code("override_through_cms"),
                reason: Some(AccessReason::Emergency),
            },
        ),
        (
            staff(Role::Investigator),
            access::Event::HistoryReplayed(access::Replayed {
                access: id(0x62),
                case: id(0x81),
                as_of: Some(instant("2026-05-10T00:00:00Z")),
                as_of_position: Some(Position(81_000)),
                compared_with: Some(instant("2026-05-20T00:00:00Z")),
                compared_with_position: Some(Position(82_000)),
                as_seen_by: Some(access::SeenBy::Role(Role::Practitioner)),
                policy_version: 3,
            }),
        ),
        (
            staff(Role::AuthorityTeam),
            access::Event::SubjectAccessGiven(access::Given {
                access: id(0x63),
                request: id(0xb2),
                groups: vec![FieldGroup::A, FieldGroup::B],
                record_state: RecordState::Live,
                policy_version: 3,
            }),
        ),
    ]
}

fn brokering() -> Vec<(Actor, brokering::Event)> {
    let requested = brokering::Requested {
        brokering: id(0xb1),
        child: id(0x1),
        number: ChildNumber::from_draw(42),
        about: brokering::About::Sensitive,
        reason: AccessReason::Assessment,
        relation: Relation::CaseReference,
        search: Some(id(0x71)),
        case_ref: Some(reference()),
        contacts: vec![duty_desk()],
        by: id(0xac1),
        desk: authority(),
        due_by: instant("2026-06-01T09:30:00Z"),
        policy_version: 3,
    };
    let answered = brokering::Event::BrokeringAnswered { outcome: brokering::Outcome::CallbackArranged };
    vec![
        (staff(Role::Practitioner), brokering::Event::BrokeringRequested(Box::new(requested))),
        (staff(Role::AuthorityTeam), answered),
    ]
}

fn rights() -> Vec<(Actor, rights::Event)> {
    let requested = rights::Requested {
        request: id(0xb2),
        child: id(0x1),
        number: ChildNumber::from_draw(42),
        asked_by: rights::Asker::Carer(id(0x31)),
        asked: rights::Asked::Correction(rights::Disputed::Field(Field::Address)),
        competence: Competence::AssessedCompetent,
        childs_view: Some(rights::ChildsView::WithoutSensitive),
        proof: rights::Proof::PhotoDocument,
        received_on: day("2026-06-01"),
        due_by: day("2026-07-01"),
        desk: authority(),
        by: id(0xac1),
    };
    let stood = |since| Some(rights::Stood { source: id(0x21), since: Position(since) });
    let carer = rights::CarerChecked {
        lives_with_child: true,
        judged_upon: rights::Ground { carers: stood(7), address: stood(9) },
        by: id(0xac1),
    };
    let threat = rights::ThreatChecked { cleared: true, shields: vec![id(0x51)], by: id(0xac5) };
    let answer = rights::Answer::CorrectionRefused(rights::CorrectionRefused::Documented);
    [
        rights::Event::RightsRequested(Box::new(requested)),
        rights::Event::CarerChecked(carer),
        rights::Event::ThreatChecked(threat),
        rights::Event::RightsExtended { due_by: day("2026-09-01"), by: id(0xac1) },
        rights::Event::RightsStepTaken { step: rights::Step::SupplierAsked, by: id(0xac1) },
        rights::Event::SubjectPackIssued { access: id(0x63), by: id(0xac1) },
        rights::Event::RightsAnswered { answer, by: id(0xac1) },
        rights::Event::DisagreementMarked { by: id(0xac1) },
        rights::Event::RightsHandedOver { to: authority() },
    ]
    .into_iter()
    .map(|event| (staff(Role::AuthorityTeam), event))
    .collect()
}

fn search() -> Vec<(Actor, search::Event)> {
    let criteria = search::Criteria {
        child_number: Some(ChildNumber::from_draw(42)),
        forename: Some("Ava".to_owned()),
        surname: Some("Low*".to_owned()),
        date_of_birth: Some(day("2015-04-02")),
        birth_year: Some(2015),
        birth_from: Some(day("2015-01-01")),
        birth_to: Some(day("2015-12-31")),
        age: Some(11),
        gender: Some(Gender::Female),
        postcode: Some("N17 6AA".parse().unwrap()),
        postcode_area: Some("N17".to_owned()),
        street: Some("Mill Lane".to_owned()),
        town: Some("London".to_owned()),
        fuzzy: Some(true),
    };
    vec![
        (
            staff(Role::Practitioner),
            search::Event::SearchDelivered(search::Delivered {
                search: id(0x71),
                page: 1,
                reason: AccessReason::CaseReview,
                outcome: search::Outcome::Found,
                total: Some(2),
                children: vec![id(0x1), id(0x2)],
                criteria: Box::new(criteria),
                case_ref: Some(reference()),
                over_ceiling: true,
                policy_version: 3,
            }),
        ),
        (
            staff(Role::DataManager),
            search::Event::ListDelivered { list: search::List::Queue, children: vec![id(0x1)] },
        ),
        (
            staff(Role::AuthorityTeam),
            search::Event::ReportDelivered {
                report: vocabulary::ReportName::Coverage,
                from: day("2026-05-01"),
                to: day("2026-05-31"),
                organisation: Some(authority()),
                rows: 3,
            },
        ),
        (
            staff(Role::Practitioner),
            search::Event::SearchRefused { code: code("wildcard"), reason: Some(AccessReason::Assessment) },
        ),
    ]
}

fn case() -> Vec<(Actor, case::Event)> {
    vec![
        (
            staff(Role::Investigator),
            case::Event::CaseOpened(case::Opened {
                case: id(0x81),
                reference: reference(),
                children: vec![id(0x1)],
                purpose: case::Purpose::CaseReview,
                expires_on: day("2026-11-01"),
                by: id(0xac1),
            }),
        ),
        (staff(Role::CaseApprover), case::Event::CaseApproved { by: id(0xac5), lifts_shields: true }),
        (
            staff(Role::Investigator),
            case::Event::BundleMade(case::BundleMade {
                by: id(0xac4),
                children: 1,
                records: 12,
                opened: 11,
                sha256: case::BundleDigest([0x5a; 32]),
            }),
        ),
        (staff(Role::Investigator), case::Event::CaseClosed),
    ]
}

/// The one sample that names what it follows from.
fn proposed() -> Entry {
    let settings = Box::new(policy::Policy::default());
    let proposed = policy::Event::PolicyProposed { proposal: 4, settings, by: id(0xac1) };
    entry(staff(Role::Administrator), Fact::Policy(proposed))
}

fn policy() -> Entry {
    let changed = policy::Event::PolicyChanged {
        settings: Box::new(policy::Policy::default()),
        signed_by: [id(0xac1), id(0xac5)],
        version: 3,
    };
    let cause = Some(EventId(uuid::Uuid::from_u128(0xe0)));
    Entry { by: Actor::Shell, cause, facts: vec![Fact::Policy(changed)] }
}

fn model() -> Entry {
    let published =
        policy::Published { model: code("children_1"), digest: code("9f86d081884c7d659a2feaa0c55ad015") };
    entry(Actor::System, Fact::Policy(policy::Event::ModelPublished(published)))
}

fn notice() -> Entry {
    let published =
        policy::PublishedNotice { version: label("2026-1"), on: day("2026-06-01"), by: id(0xac1) };
    entry(staff(Role::Administrator), Fact::Policy(policy::Event::NoticePublished(published)))
}

fn erasure() -> Vec<erasure::Event> {
    let child: ChildId = id(0x1);
    let keys = || vec![KeyId { pool: 1, slot: 42 }];
    vec![
        erasure::Event::ErasureOrdered {
            stream: child.stream(),
            keys: keys(),
            ground: erasure::Ground::PermissionEnded,
            due_on: day("2026-06-20"),
        },
        erasure::Event::KeysDestroyed { stream: child.stream(), keys: keys() },
        erasure::Event::PurgeProposed {
            purge: id(0x9),
            authority: "gss:E09000014".parse().unwrap(),
            children: vec![child],
        },
        erasure::Event::PurgeApproved { by: id(0xac1), side: erasure::purge::Side::Authority },
        erasure::Event::PurgeCancelled { by: id(0xac1) },
        erasure::Event::PurgeFinished { purged: 412, spared: 3 },
        erasure::Event::NightCounted { night: day("2026-06-20") },
        erasure::Event::ErasureCertified(erasure::nights::Certificate {
            through: Position(81_234),
            keys: 823,
            payloads: 5_210,
            segments: 12,
        }),
    ]
}
