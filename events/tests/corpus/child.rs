//! Samples of a child's own stream: identity, details, setting, consent, shield, life cycle.

use events::{
    Fact,
    child::{
        Event, canary, consent, details, identity, lifecycle, merging, notices, responsibility, retention,
        scope, setting, shield,
    },
    recorded::Entry,
    supplied::{
        EducationState, PrimaryCareState, Relation, Supplied, SuppliedAddress, SuppliedCarer, SuppliedChild,
        SuppliedRef,
    },
    told::Told,
};
use vocabulary::{
    Address, ChildNumber, Competence, Gender, GivenBy, HarmGround, IntendsReturn, KeyedRef, Method, Role,
};

use crate::words::{
    authority, clinic, day, entry, id, label, name, organisation, school, staff, supplier, weighing,
};

/// A reference as it is kept: the hexadecimal form of its keyed hash.
pub(crate) fn kept_ref(number: u128) -> SuppliedRef {
    let keyed: KeyedRef = id(number);
    SuppliedRef::try_from(keyed.to_string()).unwrap()
}

fn address(line: &str) -> Address {
    Address {
        lines: vec![line.to_owned()],
        town: Some("London".to_owned()),
        postcode: Some("N17 6AA".parse().unwrap()),
    }
}

/// Everything that a description can hold, so that every field has a place in the corpus.
pub(crate) fn ava() -> SuppliedChild {
    SuppliedChild {
        local_ref: Some(kept_ref(0xa1)),
        child_number: Some(ChildNumber::from_draw(42)),
        forename: Some(name("Ava")),
        middle_names: Told::Value(name("Rose")),
        surname: Some(name("Lowe")),
        known_as: Told::Value(name("Avie")),
        previous_surname: Told::TakenBack,
        date_of_birth: Some(day("2015-04-02")),
        gender: Some(Gender::Female),
        address: Told::Value(SuppliedAddress::Known(address("12 Mill Lane"))),
        previous_address: Told::Value(address("3 High Street")),
        nhs_number: Told::Value("9434765919".parse().unwrap()),
        upn: Told::Value("Y228235821866".parse().unwrap()),
        carers: Told::Value(vec![SuppliedCarer {
            carer_ref: kept_ref(0xca),
            name: name("Mary Lowe"),
            relation: Relation::ParentalResponsibility,
            contacts: vec![crate::words::duty_desk()],
        }]),
    }
}

pub(crate) fn samples() -> Vec<Entry> {
    let by_supplier = identity().into_iter().chain(details()).chain(consent());
    let by_supplier = by_supplier.map(|event| entry(supplier(), Fact::Child(event)));
    let by_team = shield().into_iter().map(|event| entry(staff(Role::AuthorityTeam), Fact::Child(event)));
    let moves = responsibility().into_iter();
    let by_team = by_team.chain(moves.map(|event| entry(staff(Role::DataManager), Fact::Child(event))));
    let by_itself = lifecycle().into_iter().map(|event| entry(supplier(), Fact::Child(event)));
    by_supplier.chain(by_team).chain(by_itself).collect()
}

fn identity() -> Vec<Event> {
    vec![
        Event::ChildRegistered(identity::Registered {
            number: ChildNumber::from_draw(42),
            authority: authority(),
            search: Some(id(0x71)),
        }),
        Event::LocalRefLinked(identity::LocalRefLinked {
            supplier: school(),
            local_ref: id(0xa1),
            judgement: identity::Judgement::Matched,
            weighing: Some(Box::new(weighing())),
        }),
        Event::LinkDisputed(identity::LinkDisputed { local_ref: id(0xa1) }),
        Event::LocalRefsMerged(identity::LocalRefsMerged {
            supplier: school(),
            from: id(0xa1),
            to: id(0xa2),
        }),
        Event::ChildEnteredInError(identity::EnteredInError { local_ref: id(0xa1) }),
        Event::AuthorityAllocated(identity::AuthorityAllocated { authority: authority() }),
    ]
}

fn responsibility() -> Vec<Event> {
    let there = || organisation("gss:E08000003");
    vec![
        Event::ResponsibilityTransferProposed(responsibility::Proposed {
            transfer: id(0x91),
            from: authority(),
            to: there(),
            by: Some(there()),
        }),
        Event::ResponsibilityTransferAgreed(responsibility::Agreed { transfer: id(0x92), by: there() }),
        Event::ResponsibilityTransferAccepted(responsibility::Accepted { transfer: id(0x91), to: there() }),
        Event::ResponsibilityTransferDeclined(responsibility::Declined {
            transfer: id(0x92),
            by: authority(),
        }),
    ]
}

fn details() -> Vec<Event> {
    vec![
        Event::ChildDescribed(details::Described {
            source: id(0xa1),
            supplier: school(),
            child: Box::new(ava()),
            capacity: details::Capacity::Education,
            version: Some(7),
        }),
        Event::SamePerson(merging::SamePerson { other: id(0xd1), stays: false, tells: [school()].into() }),
        Event::NotSamePerson(merging::NotSamePerson {
            other: merging::Other::LocalRef(id(0xa9)),
            tells: [school()].into(),
        }),
        Event::DiscrepancyRaised(details::DiscrepancyRaised {
            source: id(0xa1),
            supplier: school(),
            fields: [details::Field::DateOfBirth].into(),
            for_team: [details::Field::Address].into(),
        }),
        Event::DiscrepancySettled(details::DiscrepancySettled { source: id(0xa1), supplier: school() }),
        Event::OlderVersionReceived(details::OlderVersion {
            source: id(0xa1),
            supplier: school(),
            version: 6,
            told: Box::new(Supplied::ChildDescribed { child: ava(), version: Some(6) }),
            episode: Some(id(0xe1)),
        }),
        Event::EducationStated(setting::EducationStated {
            source: id(0xa1),
            supplier: school(),
            state: EducationState::Attending,
            organisation: Some(school()),
            on: day("2019-09-03"),
        }),
        Event::PrimaryCareStated(setting::PrimaryCareStated {
            source: id(0xa2),
            supplier: clinic(),
            state: PrimaryCareState::Registered,
            organisation: Some(organisation("ods:F85000")),
            on: day("2015-05-01"),
        }),
    ]
}

fn consent() -> Vec<Event> {
    vec![
        Event::ConsentGiven(consent::Given {
            episode: id(0xe1),
            supplier: clinic(),
            given_by: GivenBy::Child,
            competence: Competence::AssessedCompetent,
            method: Method::FaceToFace,
            notice_version: label("notice 3"),
            decided_on: day("2026-05-04"),
        }),
        Event::ConsentWithdrawn(consent::Withdrawn { episode: id(0xe1), decided_on: day("2026-05-20") }),
        Event::SignificantHarmRecorded(consent::HarmRecorded {
            episode: id(0xe1),
            supplier: clinic(),
            ground: HarmGround::Neglect,
            decided_by: name("Ruth Adler"),
            review_by: day("2026-11-01"),
        }),
        Event::SignificantHarmReviewed(consent::HarmReviewed {
            episode: id(0xe1),
            ground: HarmGround::Neglect,
            decided_by: name("Ruth Adler"),
            review_by: day("2027-04-30"),
        }),
    ]
}

fn shield() -> Vec<Event> {
    vec![
        Event::ShieldRequested(shield::Requested {
            shield: id(0x51),
            by: organisation("org:refuge"),
            ground: shield::Ground::ProtectedService,
            holds_addresses: true,
        }),
        Event::ShieldApplied(shield::Applied {
            shield: id(0x51),
            ground: shield::Ground::DomesticAbuse,
            review_by: day("2026-11-01"),
        }),
        Event::ShieldRefused(shield::Refused { shield: id(0x51) }),
        Event::ShieldReviewed(shield::Reviewed { shield: id(0x51), review_by: day("2027-04-30") }),
        Event::ShieldLifted(shield::Lifted { shield: id(0x51) }),
    ]
}

fn lifecycle() -> Vec<Event> {
    vec![
        Event::ChildDied(lifecycle::Died { supplier: clinic(), on: day("2026-05-30") }),
        Event::ChildLeftEngland(lifecycle::LeftEngland {
            supplier: school(),
            on: day("2026-05-30"),
            intends_return: IntendsReturn::Unknown,
        }),
        Event::RecordArchived(retention::Archived { on: day("2033-04-02") }),
        Event::RecordRestored(retention::Restored { on: day("2033-05-01") }),
        Event::ArchiveAgeExtended(retention::AgeExtended {
            basis: retention::ExtensionBasis::CareLeaver,
            method: Method::FaceToFace,
            notice_version: label("2026-1"),
            decided_on: day("2033-03-01"),
        }),
        Event::ArchiveAgeWithdrawn(retention::AgeWithdrawn { decided_on: day("2034-01-10") }),
        Event::LegalHoldPlaced(retention::HoldPlaced {
            hold: id(0x61),
            ground: retention::HoldGround::LegalClaim,
            reference: events::case::Reference::new("HC-2026-17").unwrap(),
            by: id(0xac1),
        }),
        Event::LegalHoldLifted(retention::HoldLifted { hold: id(0x61), by: id(0xac5) }),
        Event::RecordClosed(scope::Closed { on: day("2027-06-01") }),
        Event::RecordReopened(scope::Reopened { on: day("2028-01-10") }),
        Event::CanaryMarked(canary::Marked {}),
        Event::CanaryUnmarked(canary::Unmarked {}),
        Event::NoticeGiven(notices::Given {
            publication: 2,
            version: label("2026-1"),
            audience: notices::Audience::CarerApart(id(0x31)),
            means: notices::Means::ThroughTeam,
        }),
        Event::ParentIncluded(notices::ParentIncluded {}),
        Event::ParentLeftOut(notices::ParentLeftOut {}),
    ]
}
