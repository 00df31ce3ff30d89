//! Judges what is asked of involvements, refusals in order of precedence.

use chrono::{DateTime, NaiveDate, Utc};
use vocabulary::{Contact, InvolvementId, KeyedRef, OrganisationId, ServiceClass, england_day};

use super::{
    AssessmentIndicated, AssessmentWithdrawn, Command, Ended, InError, Involvement, LeadRelinquished,
    PractitionerContactsChanged, Refusal, Updated,
    between::{contact, decline},
    checks::{self, changeable, not_ahead, open},
    lead::name_lead,
    notification::{acknowledge, notifications},
    older::{older, told_end},
    start::{start, update},
};
use crate::child::{
    Child, Event,
    versions::{Turn, turn},
};

pub(in crate::child) fn decide(
    child: &Child,
    command: &Command,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    if !child.is_registered() {
        return Err(Refusal::NotRegistered);
    }
    let today = england_day(now);
    let mut events = judged(child, command, today)?;
    events.extend(notifications(child, &events, today));
    Ok(events)
}

fn judged(child: &Child, command: &Command, today: NaiveDate) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Start { .. } => start(child, command, today),
        Command::Update { by, updated } => update(child, by, updated, today),
        Command::End { by, involvement, ended_on, version } => {
            let ended = Ended { involvement: *involvement, ended_on: *ended_on, version: *version };
            end(child, changeable(child, by, involvement)?, ended, today)
        }
        Command::EnterInError { by, involvement } => match changeable(child, by, involvement) {
            Err(Refusal::InError) => Ok(Vec::new()),
            Err(refusal) => Err(refusal),
            Ok(_) => Ok(vec![Event::InvolvementEnteredInError(InError { involvement: *involvement })]),
        },
        Command::ChangeContacts { supplier, practitioner_ref, contacts } => {
            change_contacts(child, supplier, *practitioner_ref, contacts, today)
        }
        Command::IndicateAssessment { by, involvement, on } => {
            let held = open(child, by, involvement, today)?;
            not_ahead(*on, today)?;
            let is_overtaken = held.assessment_withdrawn_on.is_some_and(|withdrawn| *on < withdrawn);
            if held.common_assessment_on == Some(*on) || is_overtaken {
                return Ok(Vec::new());
            }
            Ok(vec![Event::CommonAssessmentIndicated(AssessmentIndicated {
                involvement: *involvement,
                on: *on,
            })])
        }
        Command::WithdrawAssessment { by, involvement, on } => {
            let held = changeable(child, by, involvement)?;
            not_ahead(*on, today)?;
            if held.common_assessment_on.is_none_or(|indicated| *on < indicated) {
                return Ok(Vec::new());
            }
            Ok(vec![Event::CommonAssessmentWithdrawn(AssessmentWithdrawn {
                involvement: *involvement,
                on: *on,
            })])
        }
        Command::NameLead { by, involvement } => {
            let held = open(child, by, involvement, today)?;
            if held.lead_professional {
                return Ok(Vec::new());
            }
            name_lead(child, *involvement, by, held.started_on, today)
        }
        Command::RelinquishLead { by, involvement } => {
            let held = changeable(child, by, involvement)?;
            if !held.lead_professional {
                return Ok(Vec::new());
            }
            Ok(vec![Event::LeadProfessionalRelinquished(LeadRelinquished { involvement: *involvement })])
        }
        Command::Acknowledge { organisation, notification } => {
            acknowledge(child, organisation, *notification, today)
        }
        Command::MakeContact { organisation, told } => contact(child, organisation, told, today),
        Command::DeclineSharing { organisation, told } => decline(child, organisation, told, today),
    }
}

fn end(child: &Child, held: &Involvement, ended: Ended, today: NaiveDate) -> Result<Vec<Event>, Refusal> {
    let newer = match turn(held.version, &held.earlier, ended.version) {
        Turn::Now { newer } => newer,
        Turn::Heard => return Ok(Vec::new()),
        Turn::Late(version) => return Ok(older(held, version, told_end(&ended)?)),
    };
    if held.ended_on == Some(ended.ended_on) && !newer {
        return Ok(Vec::new());
    }
    checks::period(child, held.started_on, Some(ended.ended_on), today)?;
    Ok(vec![Event::InvolvementEnded(ended)])
}

/// One fact for the ordinary entries, and one for each sensitive entry, under its own episode's key (I-12).
fn change_contacts(
    child: &Child,
    supplier: &OrganisationId,
    practitioner_ref: KeyedRef,
    contacts: &[Contact],
    today: NaiveDate,
) -> Result<Vec<Event>, Refusal> {
    let named = |held: &Involvement| {
        held.supplier == *supplier
            && held.names(&practitioner_ref)
            && held.ended_on.is_none()
            && !held.in_error
            && child.is_permitted(held, today)
    };
    let (sensitive, ordinary): (Vec<_>, Vec<_>) = child
        .involvements
        .iter()
        .filter(|(_, held)| named(held))
        .partition(|(_, held)| held.class() == ServiceClass::Sensitive);
    if sensitive.is_empty() && ordinary.is_empty() {
        return Err(Refusal::Unknown);
    }
    for (_, held) in sensitive.iter().chain(&ordinary) {
        checks::contacts(contacts, held.class())?;
    }
    let mut events = Vec::new();
    if ordinary.iter().any(|(_, held)| held.contacts != contacts) {
        events.push(Event::PractitionerContactsChanged(PractitionerContactsChanged {
            supplier: supplier.clone(),
            practitioner_ref,
            contacts: contacts.to_vec(),
        }));
    }
    let told = |involvement: InvolvementId| {
        Event::InvolvementUpdated(Updated {
            contacts: Some(contacts.to_vec()),
            ..Updated::nothing_of(involvement)
        })
    };
    events.extend(sensitive.iter().filter(|(_, held)| held.contacts != contacts).map(|(id, _)| told(**id)));
    Ok(events)
}
