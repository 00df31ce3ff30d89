//! What follows from a request about an organisation.

use chrono::{DateTime, Utc};
use vocabulary::{OrganisationKind, contact::CONTACTS_MAX, place::is_outcode};

use super::{Agreement, Command, Details, Event, Organisation, Refusal, Row, accreditation, client, month};
use crate::policy::Participation;

pub(super) fn decide(
    organisation: &Organisation,
    command: &Command,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    let today = accreditation::today(now);
    match command {
        Command::RecordCondition { met, conditions } => {
            registered(organisation)?;
            accreditation::record(organisation, met, conditions, today)
        }
        Command::WithdrawCondition { condition } => {
            registered(organisation)?;
            let held = organisation.conditions.get(condition).filter(|met| today <= met.valid_until);
            Ok(held.map(|_| Event::ConditionWithdrawn { condition: condition.clone() }).into_iter().collect())
        }
        Command::Accredit { until, participation, conditions } => {
            registered(organisation)?;
            accreditation::accredit(organisation, *until, *participation, conditions, today)
        }
        Command::SignSupply(agreement) => {
            registered(organisation)?;
            accreditation::in_range(agreement.until, today)?;
            let known = organisation.agreement == Some(*agreement);
            Ok((!known).then_some(Event::SupplyAgreementSigned(*agreement)).into_iter().collect())
        }
        Command::SignSharing(sharing) => {
            registered(organisation)?;
            accreditation::in_range(sharing.until, today)?;
            let known = organisation.sharing == Some(*sharing);
            Ok((!known).then_some(Event::SharingAgreementSigned(*sharing)).into_iter().collect())
        }
        Command::Import(row) => import(organisation, row),
        Command::Suspend { ground } => {
            registered(organisation)?;
            // Suspicion of misuse must not be hidden behind a milder ground told earlier.
            if organisation.suspended == Some(*ground) {
                return Ok(Vec::new());
            }
            Ok(vec![Event::OrganisationSuspended { ground: *ground }])
        }
        Command::Reinstate => {
            registered(organisation)?;
            Ok(organisation.suspended.map(|_| Event::OrganisationReinstated).into_iter().collect())
        }
        Command::ReportMonth(counted) => {
            registered(organisation)?;
            month::report(organisation, counted, today)
        }
        Command::AddClient { client, secret_hash, key, acting_user } => {
            registered(organisation)?;
            if organisation.clients.contains_key(client) {
                return Err(Refusal::ClientKnown);
            }
            if secret_hash.is_none() && key.is_none() {
                return Err(client::Refusal::NothingToProveBy.into());
            }
            let added = Event::ClientAdded {
                client: client.clone(),
                secret_hash: secret_hash.clone(),
                acting_user: *acting_user,
            };
            let signs = key.clone().map(|key| Event::ClientKeyAdded { client: client.clone(), key });
            Ok([added].into_iter().chain(signs).collect())
        }
        Command::RevokeClient { client } => {
            registered(organisation)?;
            match organisation.clients.get(client) {
                None => Err(Refusal::ClientUnknown),
                Some(known) if known.revoked => Ok(Vec::new()),
                Some(_) => Ok(vec![Event::ClientRevoked { client: client.clone() }]),
            }
        }
        Command::Client { client, asks } => {
            registered(organisation)?;
            let known = organisation.clients.get(client).ok_or(Refusal::ClientUnknown)?;
            Ok(client::decide(client, known, asks, now)?.into_iter().collect())
        }
    }
}

/// A line repeated adds nothing; of a changed line, what changed.
fn import(organisation: &Organisation, row: &Row) -> Result<Vec<Event>, Refusal> {
    if organisation.id.as_ref().is_some_and(|id| *id != row.id) {
        return Err(Refusal::AnotherOrganisation);
    }
    well_formed(&row.details)?;
    let mut events = Vec::new();
    match &organisation.details {
        None => {
            events.push(Event::OrganisationRegistered { id: row.id.clone(), details: row.details.clone() });
        }
        Some(known) if *known != row.details => {
            events.push(Event::OrganisationDescribed(row.details.clone()));
        }
        Some(_) => (),
    }
    if let Some(until) = row.accredited_until
        && organisation.accredited_until != Some(until)
    {
        events.push(Event::OrganisationAccredited { until, participation: Participation::Both });
    }
    // A file names no version; the one that was signed stands while nothing else changes.
    let terms = |agreement: Agreement| (agreement.until, agreement.states_others);
    if let Some(agreement) = row.agreement
        && organisation.agreement.map(terms) != Some(terms(agreement))
    {
        events.push(Event::SupplyAgreementSigned(agreement));
    }
    Ok(events)
}

fn well_formed(details: &Details) -> Result<(), Refusal> {
    if !details.outcodes.is_empty() && details.kind != OrganisationKind::LocalAuthority {
        return Err(Refusal::OutcodesOfNoAuthority);
    }
    if !details.outcodes.iter().all(|outcode| is_outcode(outcode)) {
        return Err(Refusal::OutcodeMalformed);
    }
    let formed = details.contacts.iter().all(|contact| contact.clone().checked().is_ok());
    if formed && details.contacts.len() <= CONTACTS_MAX { Ok(()) } else { Err(Refusal::ContactsMalformed) }
}

fn registered(organisation: &Organisation) -> Result<(), Refusal> {
    if organisation.id.is_some() { Ok(()) } else { Err(Refusal::Unknown) }
}
