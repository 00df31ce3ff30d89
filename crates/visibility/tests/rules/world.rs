//! The invented children and viewers of these proofs, built from events as the directory builds them.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use events::{
    case::Purpose,
    child::{
        Child, Event,
        details::{Capacity, Described},
        identity::{Judgement, LocalRefLinked, Registered},
        involvement::{AssessmentIndicated, LeadNamed},
        lifecycle::Died,
        retention::Archived,
        setting::{EducationStated, PrimaryCareStated},
        shield::{Applied, Ground},
    },
    decider::{Decider, When},
    supplied::{
        EducationState, PrimaryCareState, Relation, SuppliedAddress, SuppliedCarer, SuppliedChild,
        SuppliedRef,
    },
    told::Told,
};
use uuid::Uuid;
use visibility::{ApprovedCase, Column, Named, Names, Override, Shields, Sight, Viewer};
use vocabulary::{
    AccountId, Address, Assurance, Channel, ChildNumber, Contact, ContactKind, Gender, InvolvementId, KeyId,
    KeyedRef, OrganisationId, OrganisationKind, PersonName, Position, Role, ShieldId,
};

use crate::entry::{Entry, Kind};

pub(crate) const HARINGEY: &str = "gss:E09000014";
pub(crate) const EALING: &str = "gss:E09000009";

pub(crate) fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

/// The day this many days before today; after it when negative.
pub(crate) fn ago(days: i64) -> NaiveDate {
    today() - Duration::days(days)
}

pub(crate) fn org(id: &str) -> OrganisationId {
    id.parse().unwrap()
}

pub(crate) fn name(text: &str) -> PersonName {
    PersonName::new(text).unwrap()
}

pub(crate) fn keyed(number: u128) -> KeyedRef {
    KeyedRef::new(Uuid::from_u128(number))
}

pub(crate) fn id(number: u128) -> InvolvementId {
    InvolvementId::new(Uuid::from_u128(number))
}

/// The reference under which the supplier of every invented fact speaks.
pub(crate) fn source() -> KeyedRef {
    keyed(1)
}

pub(crate) fn telephone(value: &str) -> Contact {
    Contact { kind: ContactKind::Telephone, used: None, value: value.to_owned(), hours: None }
}

/// A register that names every organisation by its id.
pub(crate) struct Register;

impl Names for Register {
    fn organisation(&self, id: &OrganisationId) -> Option<Named> {
        Some(Named { name: format!("The {}", id.as_str()), contacts: vec![telephone("020 7946 0000")] })
    }
}

/// A record as it stands in a column: with whether an override is open, and what else a view depends on.
pub(crate) type Standing = (Child, Override, Sight);

/// Events folded into a child, each recorded a minute after the one before.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) child: Child,
    position: u64,
}

impl World {
    /// A record as it stands already.
    pub(crate) fn of(child: Child) -> World {
        World { child, position: 1_000 }
    }

    /// Nothing but a number and an authority.
    pub(crate) fn registered() -> World {
        World { child: Child::default(), position: 0 }.with(Event::ChildRegistered(Registered {
            number: ChildNumber::from_draw(7),
            authority: org(HARINGEY),
            search: None,
        }))
    }

    /// Ava Lowe, once Ava Lane: described, with carer, address, both identifiers, school and practice.
    pub(crate) fn described() -> World {
        World::registered()
            .with(linked())
            .with(described(SuppliedChild { surname: Some(name("Lane")), ..ava() }))
            .with(described(ava()))
            .with(Event::EducationStated(EducationStated {
                source: source(),
                supplier: org("org:feed"),
                state: EducationState::Attending,
                organisation: Some(org("urn:100000")),
                on: ago(800),
            }))
            .with(Event::PrimaryCareStated(PrimaryCareStated {
                source: source(),
                supplier: org("org:feed"),
                state: PrimaryCareState::Registered,
                organisation: Some(org("ods:F85000")),
                on: ago(900),
            }))
    }

    #[expect(clippy::needless_pass_by_value, reason = "reads as a story: with this, with that")]
    pub(crate) fn with(mut self, event: Event) -> World {
        self.position += 1;
        let position = self.position;
        Child::evolve(&mut self.child, &event, at(position));
        self
    }

    /// Lets as many positions and minutes pass as in the other world.
    pub(crate) fn wait_for(&mut self, other: &World) {
        self.position = other.position;
    }

    /// With an entry of each kind, all by other organisations, and a death: every group has something.
    pub(crate) fn full() -> World {
        let world = World::described().with(Event::ChildDied(Died { supplier: org("org:feed"), on: ago(5) }));
        Kind::ALL.into_iter().fold(world, |world, kind| world.entry(&Entry::of(kind)))
    }

    /// With one entry more, and what permits it.
    pub(crate) fn entry(self, entry: &Entry) -> World {
        let world = entry.basis().into_iter().fold(self, World::with);
        let world = world.with(entry.started());
        let world = if entry.lead {
            world.with(Event::LeadProfessionalNamed(LeadNamed { involvement: entry.id }))
        } else {
            world
        };
        if entry.assessed {
            world.with(Event::CommonAssessmentIndicated(AssessmentIndicated {
                involvement: entry.id,
                on: entry.started_on,
            }))
        } else {
            world
        }
    }

    pub(crate) fn shielded(self) -> World {
        self.with(Event::ShieldApplied(Applied {
            shield: ShieldId::new(Uuid::from_u128(5)),
            ground: Ground::DomesticAbuse,
            review_by: ago(-100),
        }))
    }

    pub(crate) fn archived(self, days_ago: i64) -> World {
        self.with(Event::RecordArchived(Archived { on: ago(days_ago) }))
    }

    /// The record moved into a column, with what a view of it there depends on.
    pub(crate) fn in_column(self, column: Column) -> Standing {
        let sight = Sight::on(today());
        match column {
            Column::Live => (self.child, Override::None, sight),
            Column::Shielded => (self.shielded().child, Override::None, sight),
            Column::OverrideOpen => (self.shielded().child, Override::Open, sight),
            Column::ArchivedYear1 => (self.archived(10).child, Override::None, sight),
            Column::ArchivedYears2To6 => (self.archived(400).child, Override::None, sight),
            Column::Quarantined => (self.child, Override::None, Sight { quarantined: true, ..sight }),
        }
    }
}

fn at(position: u64) -> When {
    let start: DateTime<Utc> = "2026-11-01T09:00:00Z".parse().unwrap();
    let recorded_at = start + Duration::minutes(i64::try_from(position).unwrap());
    When { happened_at: recorded_at, recorded_at, position: Position(position), key: KeyId::CLEAR }
}

fn linked() -> Event {
    Event::LocalRefLinked(LocalRefLinked {
        supplier: org("org:feed"),
        local_ref: source(),
        judgement: Judgement::New,
        weighing: None,
    })
}

pub(crate) fn described(child: SuppliedChild) -> Event {
    Event::ChildDescribed(Described {
        source: source(),
        supplier: org("org:feed"),
        child: Box::new(child),
        capacity: Capacity::default(),
        version: None,
    })
}

pub(crate) fn carer_ref(number: u128) -> SuppliedRef {
    let mut reference = SuppliedRef::try_from("carer".to_owned()).unwrap();
    reference.key(keyed(number));
    reference
}

fn carer(number: u128, forename: &str) -> SuppliedCarer {
    let address = Contact { kind: ContactKind::Address, ..telephone("9 Elsewhere Road, Hove BN3 1AA") };
    SuppliedCarer {
        carer_ref: carer_ref(number),
        name: name(&format!("{forename} Lowe")),
        relation: Relation::ParentalResponsibility,
        contacts: vec![telephone("020 7946 0001"), address],
    }
}

/// The details as they stand.
pub(crate) fn ava() -> SuppliedChild {
    SuppliedChild {
        forename: Some(name("Ava")),
        middle_names: Told::Value(name("Rose")),
        surname: Some(name("Lowe")),
        known_as: Told::Value(name("Avie")),
        date_of_birth: NaiveDate::from_ymd_opt(2015, 4, 2),
        gender: Some(Gender::Female),
        address: Told::Value(SuppliedAddress::Known(Address {
            lines: vec!["12 Mill Lane".to_owned()],
            town: Some("London".to_owned()),
            postcode: Some("N17 6AA".parse().unwrap()),
        })),
        nhs_number: Told::Value("9434765919".parse().unwrap()),
        upn: Told::Value("Y228235821866".parse().unwrap()),
        carers: Told::Value(vec![carer(21, "Mary"), carer(22, "Paul")]),
        ..SuppliedChild::default()
    }
}

/// Someone of this role in a voluntary body of the child's own authority, signed in here.
pub(crate) fn viewer(role: Role) -> Viewer {
    Viewer {
        account: AccountId::new(Uuid::from_u128(900)),
        organisation: org("org:mine"),
        kind: OrganisationKind::Voluntary,
        authority: Some(org(HARINGEY)),
        role,
        channel: Channel::Web,
        assurance: Assurance::OwnSignIn,
        mediated_for: None,
        national: false,
    }
}

pub(crate) fn elsewhere(viewer: Viewer) -> Viewer {
    Viewer { authority: Some(org(EALING)), ..viewer }
}

pub(crate) fn of_kind(viewer: Viewer, kind: OrganisationKind) -> Viewer {
    Viewer { kind, ..viewer }
}

pub(crate) fn by_cms(viewer: Viewer) -> Viewer {
    Viewer { channel: Channel::Cms, assurance: Assurance::AssertedByCms, ..viewer }
}

pub(crate) fn mediating(caller: Viewer) -> Viewer {
    let caller =
        Viewer { account: AccountId::new(Uuid::from_u128(901)), organisation: org("org:callers"), ..caller };
    Viewer { channel: Channel::Mediated, mediated_for: Some(Box::new(caller)), ..viewer(Role::Mediator) }
}

pub(crate) fn case(purpose: Purpose, shields: Shields) -> ApprovedCase {
    ApprovedCase { purpose, shields }
}
