//! Between services: that two of them got in touch, and that one decided not to share what it knows.
//!
//! That it was so, on which day, and for which of few grounds; never a word of what was said. Who did it stands in
//! the envelope. Source: domain.md 4.6 and Q17; rules.md 2.3; ADR-0057.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use vocabulary::{InvolvementId, OrganisationId};

use super::{ENDED_VISIBLE_DAYS, Involvement, Refusal, checks::not_ahead, lead::is_ordinary};
use crate::child::{Child, Event, RecordState};

/// Why a service does not share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Withholding {
    /// It would put somebody in more danger.
    WouldIncreaseRisk,
    /// The young person, or whoever decides for them, said no.
    ConsentRefused,
    /// The other does not need it.
    NotNecessary,
    /// A lawyer advised against it.
    LegalAdvice,
}

/// Two services got in touch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the day stands beside the two")]
pub struct Contacted {
    /// The entry of whoever says so.
    pub involvement: InvolvementId,
    /// The entry of the other.
    pub with: InvolvementId,
    pub on: NaiveDate,
}

/// A service decided not to share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the day stands beside the rest")]
pub struct NotShared {
    /// The entry of whoever decided.
    pub involvement: InvolvementId,
    /// With whom; absent: with nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<InvolvementId>,
    pub because: Withholding,
    pub on: NaiveDate,
}

/// Judges that an organisation got in touch with another; said once a day.
pub(super) fn contact(
    child: &Child,
    organisation: &OrganisationId,
    told: &Contacted,
    today: NaiveDate,
) -> Result<Vec<Event>, Refusal> {
    let own = own(child, organisation, &told.involvement, today)?;
    other(child, organisation, &told.with, today)?;
    not_ahead(told.on, today)?;
    let known = own.contacted.get(&told.with) == Some(&told.on);
    Ok(if known { Vec::new() } else { vec![Event::ContactMade(told.clone())] })
}

/// Judges that an organisation decided not to share; the newest decision is remembered.
pub(super) fn decline(
    child: &Child,
    organisation: &OrganisationId,
    told: &NotShared,
    today: NaiveDate,
) -> Result<Vec<Event>, Refusal> {
    let own = own(child, organisation, &told.involvement, today)?;
    if let Some(with) = &told.with {
        other(child, organisation, with, today)?;
    }
    not_ahead(told.on, today)?;
    let known = own.not_shared.as_ref() == Some(told);
    Ok(if known { Vec::new() } else { vec![Event::SharingDeclined(told.clone())] })
}

/// The organisation's own entry, open and standing. Another's is as unknown as one that nobody has.
fn own<'a>(
    child: &'a Child,
    organisation: &OrganisationId,
    involvement: &InvolvementId,
    today: NaiveDate,
) -> Result<&'a Involvement, Refusal> {
    let held = child.involvements.get(involvement);
    let held = held.filter(|held| held.organisation == *organisation && child.stands(held, today));
    let held = held.ok_or(Refusal::Unknown)?;
    if held.is_open(today) { Ok(held) } else { Err(Refusal::HasEnded) }
}

/// Another's entry, where whoever works with the child sees it this moment; a hidden one is as unknown as none.
fn other(
    child: &Child,
    organisation: &OrganisationId,
    with: &InvolvementId,
    today: NaiveDate,
) -> Result<(), Refusal> {
    let seen = |held: &&Involvement| {
        held.organisation != *organisation
            && is_ordinary(held)
            && child.stands(held, today)
            && held.is_current(today, ENDED_VISIBLE_DAYS)
    };
    let live = child.record_state(today) == RecordState::Live;
    child.involvements.get(with).filter(|held| live && seen(held)).map(|_| ()).ok_or(Refusal::Unknown)
}

pub(in crate::child) fn contacted(child: &mut Child, event: &Contacted) {
    if let Some(held) = child.involvements.get_mut(&event.involvement) {
        let newest = held.contacted.entry(event.with).or_insert(event.on);
        *newest = event.on.max(*newest);
    }
}

pub(in crate::child) fn not_shared(child: &mut Child, event: &NotShared) {
    if let Some(held) = child.involvements.get_mut(&event.involvement) {
        held.not_shared = Some(event.clone());
    }
}
