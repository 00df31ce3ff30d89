//! Words for specs: an invented child, invented organisations, and what may be said of them.
//!
//! Nobody here exists. The clock of specs stands at [`crate::spec::NOW`], 1 June 2026.

use chrono::NaiveDate;
use uuid::Uuid;
use vocabulary::{
    Address, ChildNumber, Competence, ConsentDecision, Contact, ContactKind, Gender, GivenBy, HarmGround,
    InvolvementId, KeyedRef, Label, Method, OrganisationId, PersonName, SearchId, ServiceType, ShieldId,
};

use super::{
    Child, Command, Event, consent, details, identity,
    involvement::{self, Changer, Practitioner, Updated},
};
use crate::{
    refused::Code,
    spec::{Given, given},
    supplied::{Relation, SuppliedAddress, SuppliedCarer, SuppliedChild, SuppliedRef},
    told::Told,
    weighing::{Weighed, Weighing},
};

/// What the school, the ward and the clinic each call the child.
pub(super) const AT_SCHOOL: KeyedRef = KeyedRef::new(Uuid::from_u128(0xa1));
pub(super) const ON_WARD: KeyedRef = KeyedRef::new(Uuid::from_u128(0xa2));
pub(super) const IN_CLINIC: KeyedRef = KeyedRef::new(Uuid::from_u128(0xa3));
pub(super) const ELSEWHERE: KeyedRef = KeyedRef::new(Uuid::from_u128(0xa9));

/// Episodes of the clinic, and a practitioner's reference.
pub(super) const EPISODE: KeyedRef = KeyedRef::new(Uuid::from_u128(0xe1));
pub(super) const EPISODE_2: KeyedRef = KeyedRef::new(Uuid::from_u128(0xe2));
pub(super) const NURSE: KeyedRef = KeyedRef::new(Uuid::from_u128(0xc1));

pub(super) const FIRST: InvolvementId = InvolvementId::new(Uuid::from_u128(0x11));
pub(super) const SECOND: InvolvementId = InvolvementId::new(Uuid::from_u128(0x12));
pub(super) const THIRD: InvolvementId = InvolvementId::new(Uuid::from_u128(0x13));

pub(super) const SHIELD: ShieldId = ShieldId::new(Uuid::from_u128(0x51));
pub(super) const SHIELD_2: ShieldId = ShieldId::new(Uuid::from_u128(0x52));
pub(super) const SEARCH: SearchId = SearchId::new(Uuid::from_u128(0x71));

pub(super) fn school() -> OrganisationId {
    "urn:100001".parse().unwrap()
}

pub(super) fn ward() -> OrganisationId {
    "ods:WARD1".parse().unwrap()
}

pub(super) fn clinic() -> OrganisationId {
    "ods:CLIN1".parse().unwrap()
}

pub(super) fn refuge() -> OrganisationId {
    "org:refuge".parse().unwrap()
}

pub(super) fn authority() -> OrganisationId {
    "gss:E09000014".parse().unwrap()
}

pub(super) fn pool() -> OrganisationId {
    "org:national-pool".parse().unwrap()
}

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn name(text: &str) -> PersonName {
    PersonName::new(text).unwrap()
}

pub(super) fn label(text: &str) -> Label {
    Label::new(text).unwrap()
}

pub(super) fn number() -> ChildNumber {
    ChildNumber::from_draw(42)
}

pub(super) fn telephone(value: &str) -> Contact {
    Contact { kind: ContactKind::Telephone, used: None, value: value.to_owned(), hours: None }
}

pub(super) fn postal(value: &str) -> Contact {
    Contact { kind: ContactKind::Address, used: None, value: value.to_owned(), hours: None }
}

pub(super) fn living_at(line: &str) -> Told<SuppliedAddress> {
    let address = Address { lines: vec![line.to_owned()], town: Some("London".to_owned()), postcode: None };
    Told::Value(SuppliedAddress::Known(address))
}

pub(super) fn carer(contact: Contact) -> SuppliedCarer {
    SuppliedCarer {
        carer_ref: SuppliedRef::try_from(KeyedRef::new(Uuid::from_u128(0xca)).to_string()).unwrap(),
        name: name("Mary Lowe"),
        relation: Relation::ParentalResponsibility,
        contacts: vec![contact],
    }
}

/// Ava Lowe, invented: 11 years old on the day of the specs.
pub(super) fn ava() -> SuppliedChild {
    SuppliedChild {
        forename: Some(name("Ava")),
        surname: Some(name("Lowe")),
        date_of_birth: Some(day("2015-04-02")),
        gender: Some(Gender::Female),
        ..SuppliedChild::default()
    }
}

/// The same child, said to be born on another day.
pub(super) fn born_on(text: &str) -> SuppliedChild {
    SuppliedChild { date_of_birth: Some(day(text)), ..ava() }
}

pub(super) fn registered() -> Event {
    Event::ChildRegistered(identity::Registered { number: number(), authority: authority(), search: None })
}

pub(super) fn linked(local_ref: KeyedRef, supplier: OrganisationId) -> Event {
    let judgement = identity::Judgement::New;
    Event::LocalRefLinked(identity::LocalRefLinked { supplier, local_ref, judgement, weighing: None })
}

/// In what capacity each of the invented sources speaks.
pub(super) fn capacity_of(supplier: &OrganisationId) -> details::Capacity {
    match supplier {
        known if *known == school() => details::Capacity::Education,
        known if *known == ward() || *known == clinic() => details::Capacity::Health,
        _ => details::Capacity::Other,
    }
}

pub(super) fn stated(source: KeyedRef, supplier: OrganisationId, child: SuppliedChild) -> Event {
    let capacity = capacity_of(&supplier);
    Event::ChildDescribed(details::Described {
        source,
        supplier,
        child: Box::new(child),
        capacity,
        version: None,
    })
}

/// A record is open for Ava: the school, the ward and the clinic know her, the school has described her.
pub(super) fn opened() -> Given<Child> {
    opened_for(ava())
}

/// As [`opened`], for a child that is otherwise.
pub(super) fn opened_for(child: SuppliedChild) -> Given<Child> {
    given([
        registered(),
        linked(AT_SCHOOL, school()),
        linked(ON_WARD, ward()),
        linked(IN_CLINIC, clinic()),
        stated(AT_SCHOOL, school(), child),
    ])
}

/// Nothing has happened yet.
pub(super) fn unopened() -> Given<Child> {
    given([])
}

/// A story goes on: each is asked for, and none is refused.
pub(super) trait Story {
    fn then_came(self, commands: impl IntoIterator<Item = Command>) -> Self;
}

impl Story for Given<Child> {
    #[track_caller]
    fn then_came(self, commands: impl IntoIterator<Item = Command>) -> Given<Child> {
        let mut story = self;
        for command in commands {
            story = story.when(command).then_some(|_| ());
        }
        story
    }
}

pub(super) fn describe(source: KeyedRef, supplier: OrganisationId, child: SuppliedChild) -> Command {
    describe_version(source, supplier, child, None)
}

pub(super) fn describe_version(
    source: KeyedRef,
    supplier: OrganisationId,
    child: SuppliedChild,
    version: Option<i64>,
) -> Command {
    let capacity = capacity_of(&supplier);
    Command::Details(details::Command::Describe {
        source,
        supplier,
        capacity,
        child: Box::new(child),
        version,
    })
}

pub(super) fn decided(decision: ConsentDecision, on: &str) -> Command {
    Command::Consent(consent::Command::Decide {
        episode: EPISODE,
        supplier: clinic(),
        decision,
        given_by: GivenBy::Child,
        competence: Competence::AssessedCompetent,
        method: Method::FaceToFace,
        notice_version: label("v3"),
        decided_on: day(on),
        presumed_age: consent::PRESUMED_COMPETENT_AGE,
    })
}

pub(super) fn consent_given() -> Command {
    decided(ConsentDecision::Given, "2026-05-01")
}

pub(super) fn consent_withdrawn() -> Command {
    decided(ConsentDecision::Withdrawn, "2026-05-20")
}

pub(super) fn harm(review_by: &str, review: consent::Review) -> Command {
    Command::Consent(consent::Command::SuspectHarm {
        episode: EPISODE,
        supplier: clinic(),
        ground: HarmGround::Neglect,
        decided_by: name("Ann Decider"),
        recorded_by: None,
        review_by: day(review_by),
        review,
    })
}

/// A start, to be told otherwise by and by.
#[derive(Debug, Clone)]
pub(super) struct Start(involvement::Command);

/// An involvement of the school, since 1 March, by a team with a telephone.
pub(super) fn start(id: InvolvementId) -> Start {
    Start(involvement::Command::Start {
        involvement: id,
        source: AT_SCHOOL,
        supplier: school(),
        organisation: school(),
        service_type: ServiceType::School,
        practitioner: None,
        team: Some(label("Year 6")),
        contacts: vec![telephone("020 7946 0000")],
        started_on: day("2026-03-01"),
        ended_on: None,
        lead_professional: false,
        episode: None,
        version: None,
        shield: SHIELD,
    })
}

/// One of the ward: additional.
pub(super) fn ward_start(id: InvolvementId) -> Start {
    start(id).by(ON_WARD, ward()).of(ServiceType::HospitalInpatient)
}

/// One of the clinic: sensitive, of [`EPISODE`].
pub(super) fn clinic_start(id: InvolvementId) -> Start {
    start(id).by(IN_CLINIC, clinic()).of(ServiceType::MentalHealth).in_episode(EPISODE)
}

/// One of the refuge: protected.
pub(super) fn refuge_start(id: InvolvementId) -> Start {
    start(id).by(ELSEWHERE, refuge()).of(ServiceType::Refuge)
}

macro_rules! told_otherwise {
    ($($word:ident: $field:ident = $value:expr, $($argument:ident: $kind:ty),*;)+) => {
        impl Start {
            $(
                pub(super) fn $word(mut self, $($argument: $kind),*) -> Start {
                    if let involvement::Command::Start { $field, .. } = &mut self.0 {
                        *$field = $value;
                    }
                    self
                }
            )+
        }
    };
}

told_otherwise! {
    of: service_type = service, service: ServiceType;
    of_organisation: organisation = other, other: OrganisationId;
    since: started_on = day(on), on: &str;
    until: ended_on = Some(day(on)), on: &str;
    in_episode: episode = Some(which), which: KeyedRef;
    without_episode: episode = None,;
    leading: lead_professional = true,;
    version: version = Some(number), number: i64;
    team: team = Some(label(text)), text: &str;
    reached_by: contacts = list, list: Vec<Contact>;
    asking: shield = id, id: ShieldId;
    nobody: team = None,;
    nurse: practitioner = Some(nurse()),;
}

impl Start {
    pub(super) fn by(mut self, local_ref: KeyedRef, organisation_id: OrganisationId) -> Start {
        if let involvement::Command::Start { source, supplier, organisation, .. } = &mut self.0 {
            *source = local_ref;
            *supplier = organisation_id.clone();
            *organisation = organisation_id;
        }
        self
    }

    pub(super) fn command(self) -> Command {
        Command::Involvement(self.0)
    }
}

impl From<Start> for Command {
    fn from(start: Start) -> Command {
        start.command()
    }
}

pub(super) fn nurse() -> Practitioner {
    Practitioner { practitioner_ref: NURSE, name: name("Nora Nurse"), job: label("School nurse") }
}

pub(super) fn by(organisation: OrganisationId) -> Changer {
    Changer::Organisation(organisation)
}

pub(super) fn end(id: InvolvementId, by: Changer, on: &str) -> Command {
    Command::Involvement(involvement::Command::End { by, involvement: id, ended_on: day(on), version: None })
}

pub(super) fn update(by: Changer, updated: Updated) -> Command {
    Command::Involvement(involvement::Command::Update { by, updated: Box::new(updated) })
}

pub(super) fn name_lead(id: InvolvementId, by: Changer) -> Command {
    Command::Involvement(involvement::Command::NameLead { by, involvement: id })
}

/// Names of the refusals in the `code` function of a topic's source that no line of its table tells.
pub(super) fn untold(source: &str, told: &[String]) -> Vec<String> {
    let from = source.find("pub fn code").unwrap();
    let list = source[from..].split("\n    }\n").next().unwrap();
    list.split("Refusal::")
        .skip(1)
        .map(|rest| rest.chars().take_while(|character| character.is_alphanumeric()).collect::<String>())
        .filter(|variant| !told.iter().any(|debug| debug.starts_with(variant.as_str())))
        .collect()
}

/// A table of refusals in their order of precedence, each line a test, with a check that every one has a line.
macro_rules! refusals {
    ($source:literal; $($name:ident: $given:expr, $command:expr => $refusal:expr;)+) => {
        $(
            #[test]
            fn $name() {
                $given.when($command).then_refused($refusal);
            }
        )+

        #[test]
        fn every_refusal_has_its_line_in_the_table() {
            let told = [$(format!("{:?}", $refusal)),+];
            assert_eq!($crate::child::examples::untold(include_str!($source), &told), Vec::<String>::new());
        }
    };
}

pub(in crate::child) use refusals;

/// A surname and a day of birth that agree.
pub(super) fn weighing() -> Weighing {
    let weighed = |field: &str, level: &str, weight| Weighed {
        field: Code::new(field).unwrap(),
        level: Code::new(level).unwrap(),
        weight,
    };
    Weighing {
        model: Code::new("children_1").unwrap(),
        prior: -1_461,
        fields: vec![weighed("surname", "same", 1_120), weighed("date_of_birth", "same", 1_255)],
        kin: 31,
        rivals: 4,
        odds: 879,
    }
}
