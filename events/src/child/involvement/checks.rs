//! Checks that several requests share, each for one rule.

use chrono::{Duration, NaiveDate};
use vocabulary::{Contact, ContactKind, InvolvementId, KeyedRef, ServiceClass, contact::CONTACTS_MAX};

use super::{Changer, Involvement, Refusal, START_DAYS_AHEAD_MAX};
use crate::child::{Child, consent::Basis};

/// Regulation 11(3): consent first; suspected significant harm stands in for it.
pub(super) fn basis_for(
    child: &Child,
    class: ServiceClass,
    episode: Option<&KeyedRef>,
    today: NaiveDate,
) -> Result<Option<Basis>, Refusal> {
    match (class, episode) {
        (ServiceClass::Sensitive, None) => Err(Refusal::EpisodeMissing),
        (ServiceClass::Sensitive, Some(episode)) => child
            .episodes
            .get(episode)
            .and_then(|held| held.live_basis(today))
            .map(Some)
            .ok_or(Refusal::NoBasis),
        (ServiceClass::Universal | ServiceClass::Additional | ServiceClass::Protected, Some(_)) => {
            Err(Refusal::EpisodeNotTaken)
        }
        (ServiceClass::Universal | ServiceClass::Additional | ServiceClass::Protected, None) => Ok(None),
    }
}

pub(super) fn contacts(contacts: &[Contact], class: ServiceClass) -> Result<(), Refusal> {
    if !(1..=CONTACTS_MAX).contains(&contacts.len()) {
        return Err(Refusal::ContactCount);
    }
    if class == ServiceClass::Protected && contacts.iter().any(|contact| contact.kind == ContactKind::Address)
    {
        return Err(Refusal::AddressNotTaken);
    }
    for contact in contacts {
        contact.clone().checked()?;
    }
    Ok(())
}

/// I-5: end not before start, start not before birth nor over 90 days ahead, end never ahead.
pub(super) fn period(
    child: &Child,
    started_on: NaiveDate,
    ended_on: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<(), Refusal> {
    if started_on > today + Duration::days(START_DAYS_AHEAD_MAX) {
        return Err(Refusal::StartsTooFarAhead { started_on });
    }
    if child.date_of_birth().is_some_and(|born| started_on < born) {
        return Err(Refusal::StartsBeforeBirth { started_on });
    }
    match ended_on {
        Some(ended_on) if ended_on < started_on => Err(Refusal::EndsBeforeStart { started_on, ended_on }),
        Some(ended_on) if ended_on > today => Err(Refusal::EndsInFuture { ended_on }),
        Some(_) | None => Ok(()),
    }
}

/// Nobody begins to work with a child after its death.
pub(super) fn in_lifetime(child: &Child, started_on: NaiveDate) -> Result<(), Refusal> {
    if child.life.died_on.is_some_and(|died| started_on > died) { Err(Refusal::AfterDeath) } else { Ok(()) }
}

pub(super) fn not_ahead(on: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    if on > today { Err(Refusal::InFuture { on }) } else { Ok(()) }
}

/// The involvement, if the changer may change it and it was not entered in error.
pub(super) fn changeable<'a>(
    child: &'a Child,
    by: &Changer,
    involvement: &InvolvementId,
) -> Result<&'a Involvement, Refusal> {
    let held = child.involvements.get(involvement).ok_or(Refusal::Unknown)?;
    may_change(held, by)?;
    if held.in_error { Err(Refusal::InError) } else { Ok(held) }
}

/// As [`changeable`], if it has not ended and what permits it lives: a lapsed entry takes nothing new (I-12).
pub(super) fn open<'a>(
    child: &'a Child,
    by: &Changer,
    involvement: &InvolvementId,
    today: NaiveDate,
) -> Result<&'a Involvement, Refusal> {
    let held = changeable(child, by, involvement)?;
    if held.ended_on.is_some() {
        return Err(Refusal::HasEnded);
    }
    if child.is_permitted(held, today) { Ok(held) } else { Err(Refusal::NoBasis) }
}

/// I-15: only the organisation that recorded it, whose it is, or the authority's team.
pub(super) fn may_change(held: &Involvement, by: &Changer) -> Result<(), Refusal> {
    match by {
        Changer::Team => Ok(()),
        Changer::Organisation(organisation)
            if *organisation == held.supplier || *organisation == held.organisation =>
        {
            Ok(())
        }
        Changer::Organisation(_) => Err(Refusal::AnothersInvolvement),
    }
}
