//! The invented entries of these proofs: one kind for each way that visibility may treat one.

use chrono::NaiveDate;
use events::child::{
    Event,
    consent::{Given, HarmRecorded},
    involvement::{Practitioner, Started},
};
use vocabulary::{
    Competence, GivenBy, HarmGround, InvolvementId, KeyedRef, Label, Method, OrganisationId, ServiceType,
};

use crate::world::{ago, id, keyed, name, org, source, telephone};

/// What kind of entry, as far as visibility asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Universal,
    Additional,
    Consented,
    Suspected,
    Protected,
}

impl Kind {
    pub(crate) const ALL: [Kind; 5] =
        [Kind::Universal, Kind::Additional, Kind::Consented, Kind::Suspected, Kind::Protected];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Universal => "universal",
            Kind::Additional => "additional",
            Kind::Consented => "sensitive, consent",
            Kind::Suspected => "sensitive, harm",
            Kind::Protected => "protected",
        }
    }

    pub(crate) fn id(self) -> InvolvementId {
        id(100 + self as u128)
    }
}

/// An entry to be told.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) kind: Kind,
    pub(crate) id: InvolvementId,
    pub(crate) service_type: ServiceType,
    pub(crate) organisation: OrganisationId,
    pub(crate) supplier: OrganisationId,
    pub(crate) source: KeyedRef,
    pub(crate) started_on: NaiveDate,
    pub(crate) ended_on: Option<NaiveDate>,
    pub(crate) lead: bool,
    pub(crate) assessed: bool,
}

impl Entry {
    /// An open entry of a kind, by an organisation that is nobody's own.
    pub(crate) fn of(kind: Kind) -> Entry {
        let service_type = match kind {
            Kind::Universal => ServiceType::HealthVisiting,
            Kind::Additional => ServiceType::SocialCare,
            Kind::Consented => ServiceType::MentalHealth,
            Kind::Suspected => ServiceType::SubstanceMisuse,
            Kind::Protected => ServiceType::Refuge,
        };
        Entry {
            kind,
            id: kind.id(),
            service_type,
            organisation: org(&format!("org:their-{}", kind as u8)),
            supplier: org(&format!("org:feed-{}", kind as u8)),
            source: source(),
            started_on: ago(30),
            ended_on: None,
            lead: false,
            assessed: false,
        }
    }

    pub(crate) fn by(self, organisation: &str) -> Entry {
        Entry { organisation: org(organisation), ..self }
    }

    pub(crate) fn ended(self, days_ago: i64) -> Entry {
        Entry { ended_on: Some(ago(days_ago)), started_on: ago(days_ago + 30), ..self }
    }

    pub(crate) fn episode(&self) -> KeyedRef {
        keyed(self.id.0.as_u128() + 1000)
    }

    pub(crate) fn basis(&self) -> Option<Event> {
        match self.kind {
            Kind::Consented => Some(Event::ConsentGiven(Given {
                episode: self.episode(),
                supplier: self.supplier.clone(),
                given_by: GivenBy::Parent,
                competence: Competence::AssessedNotCompetent,
                method: Method::FaceToFace,
                notice_version: Label::new("v1").unwrap(),
                decided_on: ago(40),
            })),
            Kind::Suspected => Some(Event::SignificantHarmRecorded(HarmRecorded {
                episode: self.episode(),
                supplier: self.supplier.clone(),
                ground: HarmGround::Neglect,
                decided_by: name("Jo Senior"),
                review_by: ago(-60),
            })),
            Kind::Universal | Kind::Additional | Kind::Protected => None,
        }
    }

    pub(crate) fn started(&self) -> Event {
        let sensitive = matches!(self.kind, Kind::Consented | Kind::Suspected);
        Event::InvolvementStarted(Started {
            involvement: self.id,
            source: self.source,
            supplier: self.supplier.clone(),
            organisation: self.organisation.clone(),
            service_type: self.service_type,
            practitioner: Some(Practitioner {
                practitioner_ref: keyed(77),
                name: name("Sam Worker"),
                job: Label::new("social worker").unwrap(),
            }),
            team: None,
            contacts: vec![telephone("020 7946 0002")],
            started_on: self.started_on,
            ended_on: self.ended_on,
            episode: sensitive.then(|| self.episode()),
            basis: None,
            version: None,
        })
    }
}
