//! What follows from a request to the duty desk, and from its answer.

use chrono::{DateTime, Duration, Utc};
use vocabulary::{AccountId, Contact, ContactKind, contact::CONTACTS_MAX};

use super::{Brokering, Event, Outcome, Refusal, Request, Requested};
use crate::looker::Grounds;

/// Judged as a look would be, and by nothing that the asker may not see.
pub(super) fn request(
    state: &Brokering,
    request: &Request,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    if state.requested.is_some() {
        return Ok(Vec::new());
    }
    let settings = &request.policy.settings;
    let reason = request.looker.permitted(request.reason, &settings.reasons)?;
    let grounds = Grounds {
        own_entry: request.own_entry,
        reference: request.case_ref.is_some(),
        related: request.related,
    };
    let relation = grounds.held(settings.reasons.demand(reason))?;
    reachable(&request.contacts)?;
    Ok(vec![Event::BrokeringRequested(Box::new(Requested {
        brokering: request.brokering,
        child: request.child,
        number: request.number,
        about: request.about,
        reason,
        relation,
        search: request.search,
        case_ref: request.case_ref.clone(),
        contacts: request.contacts.clone(),
        by: request.looker.account,
        desk: request.desk.clone(),
        due_by: now + Duration::minutes(settings.brokering_minutes.into()),
        policy_version: request.policy.version,
    }))])
}

/// The desk answers by telephone and by nothing else: what it says is kept nowhere.
fn reachable(contacts: &[Contact]) -> Result<(), Refusal> {
    let spoken = |contact: &Contact| matches!(contact.kind, ContactKind::Telephone | ContactKind::Mobile);
    if !(1..=CONTACTS_MAX).contains(&contacts.len()) || !contacts.iter().all(spoken) {
        return Err(Refusal::TelephoneMissing);
    }
    let formed = contacts.iter().all(|contact| contact.clone().checked().is_ok());
    if formed { Ok(()) } else { Err(Refusal::ContactInvalid) }
}

pub(super) fn answer(state: &Brokering, by: AccountId, outcome: Outcome) -> Result<Vec<Event>, Refusal> {
    let requested = state.requested.as_ref().ok_or(Refusal::Unknown)?;
    if requested.by == by {
        return Err(Refusal::OwnRequest);
    }
    match state.answered {
        None => Ok(vec![Event::BrokeringAnswered { outcome }]),
        Some(answered) if answered.outcome == outcome => Ok(Vec::new()),
        Some(_) => Err(Refusal::AlreadyAnswered),
    }
}
