//! What an older version of an involvement said, for history (I-17).

use vocabulary::{InvolvementId, KeyedRef, NotAWord};

use super::{Command, Ended, Involvement, Practitioner, Refusal, Updated};
use crate::{
    child::{Event, details::OlderVersion},
    supplied::{
        InvolvementStarted, InvolvementUpdated, Supplied, SuppliedChild, SuppliedPractitioner, SuppliedRef,
    },
    told::Told,
};

/// Keeps what was told in history; it changes nothing.
pub(super) fn older(held: &Involvement, version: i64, told: Supplied) -> Vec<Event> {
    vec![Event::OlderVersionReceived(OlderVersion {
        source: held.source,
        supplier: held.supplier.clone(),
        version,
        told: Box::new(told),
        episode: held.episode,
    })]
}

/// A start as told. `command` must be one; another says nothing.
pub(super) fn told_start(command: &Command) -> Result<Option<Supplied>, Refusal> {
    let Command::Start {
        involvement,
        source,
        service_type,
        organisation,
        practitioner,
        team,
        contacts,
        started_on,
        ended_on,
        lead_professional,
        episode,
        version,
        supplier: _,
        shield: _,
    } = command
    else {
        return Ok(None);
    };
    let child = SuppliedChild { local_ref: Some(reference(*source)?), ..SuppliedChild::default() };
    Ok(Some(Supplied::InvolvementStarted(InvolvementStarted {
        child,
        involvement_ref: reference(keyed(*involvement))?,
        service_type: *service_type,
        organisation: Some(organisation.clone()),
        practitioner: practitioner.as_ref().map(person).transpose()?,
        team: team.clone(),
        contacts: contacts.clone(),
        started_on: *started_on,
        ended_on: *ended_on,
        lead_professional: lead_professional.then_some(true),
        episode_ref: episode.map(reference).transpose()?,
        version: *version,
    })))
}

/// An update as told.
pub(super) fn told_update(updated: &Updated) -> Result<Supplied, Refusal> {
    Ok(Supplied::InvolvementUpdated(InvolvementUpdated {
        involvement_ref: reference(keyed(updated.involvement))?,
        practitioner: match &updated.practitioner {
            Told::Unsaid => Told::Unsaid,
            Told::TakenBack => Told::TakenBack,
            Told::Value(practitioner) => Told::Value(person(practitioner)?),
        },
        team: updated.team.clone(),
        contacts: updated.contacts.clone(),
        started_on: updated.started_on,
        ended_on: updated.ended_on.clone(),
        version: updated.version,
    }))
}

/// An end as told.
pub(super) fn told_end(ended: &Ended) -> Result<Supplied, Refusal> {
    Ok(Supplied::InvolvementEnded {
        involvement_ref: reference(keyed(ended.involvement))?,
        ended_on: ended.ended_on,
        version: ended.version,
    })
}

fn person(practitioner: &Practitioner) -> Result<SuppliedPractitioner, NotAWord> {
    Ok(SuppliedPractitioner {
        practitioner_ref: reference(practitioner.practitioner_ref)?,
        name: practitioner.name.clone(),
        job: practitioner.job.clone(),
    })
}

/// The involvement's id is the keyed hash of its reference.
fn keyed(involvement: InvolvementId) -> KeyedRef {
    KeyedRef::new(involvement.0)
}

fn reference(keyed: KeyedRef) -> Result<SuppliedRef, NotAWord> {
    SuppliedRef::try_from(keyed.to_string())
}
