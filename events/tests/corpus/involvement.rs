//! Samples of a child's own stream: who works with the child.

use events::{
    Fact,
    child::{Event, consent, involvement},
    recorded::Entry,
    told::Told,
};
use vocabulary::ServiceType;

use crate::words::{clinic, day, duty_desk, entry, id, label, name, supplier};

fn counsellor() -> involvement::Practitioner {
    involvement::Practitioner {
        practitioner_ref: id(0xc1),
        name: name("Ngozi Okoro"),
        job: label("counsellor"),
    }
}

pub(crate) fn samples() -> Vec<Entry> {
    let events = [
        Event::InvolvementStarted(involvement::Started {
            involvement: id(0x11),
            source: id(0xa2),
            supplier: clinic(),
            organisation: clinic(),
            service_type: ServiceType::MentalHealth,
            practitioner: Some(counsellor()),
            team: Some(label("Assessment")),
            contacts: vec![duty_desk()],
            started_on: day("2026-05-04"),
            ended_on: Some(day("2026-05-18")),
            episode: Some(id(0xe1)),
            basis: Some(consent::Basis::Consent),
            version: Some(1),
        }),
        Event::InvolvementUpdated(involvement::Updated {
            involvement: id(0x11),
            practitioner: Told::Value(counsellor()),
            team: Told::TakenBack,
            contacts: Some(vec![duty_desk()]),
            started_on: Some(day("2026-05-05")),
            ended_on: Told::Value(day("2026-05-19")),
            version: Some(2),
        }),
        Event::InvolvementEnded(involvement::Ended {
            involvement: id(0x11),
            ended_on: day("2026-05-20"),
            version: Some(3),
        }),
        Event::InvolvementEnteredInError(involvement::InError { involvement: id(0x11) }),
        Event::PractitionerContactsChanged(involvement::PractitionerContactsChanged {
            supplier: clinic(),
            practitioner_ref: id(0xc1),
            contacts: vec![duty_desk()],
        }),
        Event::CommonAssessmentIndicated(involvement::AssessmentIndicated {
            involvement: id(0x11),
            on: day("2026-05-10"),
        }),
        Event::CommonAssessmentWithdrawn(involvement::AssessmentWithdrawn {
            involvement: id(0x11),
            on: day("2026-05-11"),
        }),
        Event::LeadProfessionalNamed(involvement::LeadNamed { involvement: id(0x11) }),
        Event::LeadProfessionalRelinquished(involvement::LeadRelinquished { involvement: id(0x11) }),
        Event::LeadProfessionalClashed(involvement::LeadClashed { involvement: id(0x11), with: id(0x12) }),
        Event::InvolvementNotified(involvement::Notified {
            involvement: id(0x11),
            change: involvement::Change::Started,
            told: vec![id(0x12), id(0x13)],
        }),
        Event::NotificationAcknowledged(involvement::Acknowledged {
            involvement: id(0x12),
            notification: vocabulary::Position(81_234),
        }),
        Event::ContactMade(involvement::Contacted {
            involvement: id(0x11),
            with: id(0x12),
            on: day("2026-05-21"),
        }),
        Event::SharingDeclined(involvement::NotShared {
            involvement: id(0x11),
            with: Some(id(0x12)),
            because: involvement::Withholding::WouldIncreaseRisk,
            on: day("2026-05-22"),
        }),
    ];
    events.into_iter().map(|event| entry(supplier(), Fact::Child(event))).collect()
}
