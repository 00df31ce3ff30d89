//! Retention: when a record goes to the archive, how long it lies there, and what keeps it longer.
//!
//! Source: domain.md 4.6 (archive at 18 or at 25 by consent, one year after death, three years after leaving England,
//! purge after six years in the archive); rules.md 2 (who reads an archive); invariant I-23.

#[cfg(test)]
pub(super) mod spec;

use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, HoldId, KeyId, Label, Method, day::age_on, england_day};

use super::{Child, Event};
use crate::case::Reference;

/// How long a record lies in the archive (Limitation Act 1980: six years).
pub const ARCHIVE_MONTHS: Months = Months::new(72);

/// How long a key outlives what permitted to hold what it sealed, in days: for whoever withdrew in error.
pub const SPENT_KEY_DAYS: i64 = 30;

/// Age from which a young person may agree to stay after eighteen.
pub const EXTENSION_AGE: i32 = 16;

/// Most holds of one record.
pub const HOLDS_MAX: usize = 50;

/// The record went to the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archived {
    /// On which day.
    pub on: NaiveDate,
}

/// The record came back from the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// On which day.
    pub on: NaiveDate,
}

/// For whom a record may stay after eighteen (domain.md 2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExtensionBasis {
    /// Who left care.
    CareLeaver,
    /// Who has a learning difficulty.
    LearningDifficulty,
}

/// A young person agreed to stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of the command")]
pub struct AgeExtended {
    pub basis: ExtensionBasis,
    pub method: Method,
    pub notice_version: Label,
    pub decided_on: NaiveDate,
}

/// They agree no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeWithdrawn {
    /// On which day they said so.
    pub decided_on: NaiveDate,
}

/// Why a record that would be purged is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldGround {
    /// A claim in court.
    LegalClaim,
    /// Criminal proceedings.
    CriminalProceedings,
    /// A public inquiry.
    PublicInquiry,
    /// A review of a case, or of a child's death.
    CaseReview,
    /// A complaint, or a question before the commissioner.
    Complaint,
}

/// Something keeps the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldPlaced {
    /// Its id.
    pub hold: HoldId,
    /// Why.
    pub ground: HoldGround,
    /// Its reference in the office that asked.
    pub reference: Reference,
    /// Who placed it.
    pub by: AccountId,
}

/// It keeps it no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldLifted {
    /// Which.
    pub hold: HoldId,
    /// Who lifted it.
    pub by: AccountId,
}

/// A young person's word to stay, as remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// What was agreed to.
    pub agreed: AgeExtended,
    /// The day from which it is so no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_on: Option<NaiveDate>,
}

/// A hold that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Why.
    pub ground: HoldGround,
    /// Its reference in the office that asked.
    pub reference: Reference,
    /// Who placed it.
    pub by: AccountId,
}

/// What may be asked about retention.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the events")]
pub enum Command {
    /// Say where the record is by today: in the archive since a day, or not.
    Settle,
    /// Keep the record until twenty-five, as the young person agreed.
    ExtendAge { basis: ExtensionBasis, method: Method, notice_version: Label, decided_on: NaiveDate },
    /// Keep it so no longer.
    WithdrawAge { decided_on: NaiveDate },
    /// Keep it from being purged.
    PlaceHold { hold: HoldId, ground: HoldGround, reference: Reference, by: AccountId },
    /// Keep it so no longer.
    LiftHold { hold: HoldId, by: AccountId },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No record was opened for this child.
    #[error("no record is open for this child")]
    NotRegistered,
    /// The day lies in the future.
    #[error("{on} lies in the future")]
    InFuture {
        /// The day told.
        on: NaiveDate,
    },
    /// Too young to decide, or of no known age.
    #[error("a young person agrees to this from the age of {EXTENSION_AGE}")]
    TooYoung,
    /// The record is in the archive.
    #[error("the record is in the archive")]
    Archived,
    /// Nobody agreed.
    #[error("nobody agreed that this record stays after eighteen")]
    NotExtended,
    /// A decision of a later day stands.
    #[error("a later decision stands")]
    Overtaken,
    /// Too many holds.
    #[error("a record has at most {HOLDS_MAX} holds")]
    TooManyHolds,
    /// No such hold stands.
    #[error("no such hold stands")]
    HoldUnknown,
    /// Whoever placed a hold does not lift it.
    #[error("a hold is lifted by another person than who placed it")]
    OwnHold,
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NotRegistered => "child_unknown",
            Refusal::InFuture { .. } => "date_in_future",
            Refusal::TooYoung => "too_young_to_agree",
            Refusal::Archived => "record_archived",
            Refusal::NotExtended => "archive_age_not_extended",
            Refusal::Overtaken => "decision_overtaken",
            Refusal::TooManyHolds => "too_many_holds",
            Refusal::HoldUnknown => "hold_unknown",
            Refusal::OwnHold => "own_hold",
        }
    }
}

pub(super) fn decide(child: &Child, command: &Command, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
    if !child.is_registered() {
        return Err(Refusal::NotRegistered);
    }
    let today = england_day(now);
    match command {
        Command::Settle => Ok(settled(child, today).into_iter().collect()),
        Command::ExtendAge { basis, method, notice_version, decided_on } => {
            let agreed = AgeExtended {
                basis: *basis,
                method: *method,
                notice_version: notice_version.clone(),
                decided_on: *decided_on,
            };
            extend(child, agreed, today)
        }
        Command::WithdrawAge { decided_on } => withdraw(child, *decided_on, today),
        Command::PlaceHold { hold, ground, reference, by } => {
            let stands = |held: &Hold| (held.ground, &held.reference, held.by) == (*ground, reference, *by);
            if child.holds.values().any(stands) {
                return Ok(Vec::new());
            }
            if child.holds.len() >= HOLDS_MAX {
                return Err(Refusal::TooManyHolds);
            }
            let (hold, ground, by) = (*hold, *ground, *by);
            Ok(vec![Event::LegalHoldPlaced(HoldPlaced { hold, ground, reference: reference.clone(), by })])
        }
        Command::LiftHold { hold, by } => match child.holds.get(hold) {
            None => Err(Refusal::HoldUnknown),
            Some(held) if held.by == *by => Err(Refusal::OwnHold),
            Some(_) => Ok(vec![Event::LegalHoldLifted(HoldLifted { hold: *hold, by: *by })]),
        },
    }
}

/// What is to be said of where the record is: the day may have moved since it went to the archive, a birth having
/// been corrected or a death taken back.
fn settled(child: &Child, today: NaiveDate) -> Option<Event> {
    let since = child.archives_on().filter(|day| *day <= today);
    match (child.life.archived_on, since) {
        (known, Some(on)) if known != Some(on) => Some(Event::RecordArchived(Archived { on })),
        (Some(_), None) => Some(Event::RecordRestored(Restored { on: today })),
        (Some(_) | None, Some(_)) | (None, None) => None,
    }
}

fn extend(child: &Child, agreed: AgeExtended, today: NaiveDate) -> Result<Vec<Event>, Refusal> {
    let known = child.life.extension.as_ref();
    if known.is_some_and(|known| known.agreed == agreed && known.withdrawn_on.is_none()) {
        return Ok(Vec::new());
    }
    let on = agreed.decided_on;
    if on > today {
        return Err(Refusal::InFuture { on });
    }
    if child.date_of_birth().is_none_or(|born| age_on(born, on) < EXTENSION_AGE) {
        return Err(Refusal::TooYoung);
    }
    if known.is_some_and(|known| known.withdrawn_on.max(Some(known.agreed.decided_on)) > Some(on)) {
        return Err(Refusal::Overtaken);
    }
    // What has left the live directory is not brought back by agreeing afterwards.
    if child.archived_since(today).is_some() {
        return Err(Refusal::Archived);
    }
    Ok(vec![Event::ArchiveAgeExtended(agreed)])
}

fn withdraw(child: &Child, on: NaiveDate, today: NaiveDate) -> Result<Vec<Event>, Refusal> {
    let known = child.life.extension.as_ref().ok_or(Refusal::NotExtended)?;
    if known.withdrawn_on.is_some() {
        return Ok(Vec::new());
    }
    if on > today {
        return Err(Refusal::InFuture { on });
    }
    if on < known.agreed.decided_on {
        return Err(Refusal::Overtaken);
    }
    Ok(vec![Event::ArchiveAgeWithdrawn(AgeWithdrawn { decided_on: on })])
}

pub(super) fn age_extended(child: &mut Child, event: &AgeExtended) {
    child.life.extension = Some(Extension { agreed: event.clone(), withdrawn_on: None });
}

pub(super) fn age_withdrawn(child: &mut Child, event: &AgeWithdrawn) {
    if let Some(known) = &mut child.life.extension {
        known.withdrawn_on = Some(event.decided_on);
    }
}

pub(super) fn hold_placed(child: &mut Child, event: &HoldPlaced) {
    let HoldPlaced { hold, ground, reference, by } = event.clone();
    child.holds.insert(hold, Hold { ground, reference, by });
}

pub(super) fn hold_lifted(child: &mut Child, event: &HoldLifted) {
    child.holds.remove(&event.hold);
}

impl Child {
    /// The day from which the record may be purged: six years after it went to the archive, whatever was recorded of
    /// that; `None` where it is not known to be in the archive, or something keeps it.
    pub fn purged_from(&self) -> Option<NaiveDate> {
        let kept = self.life.archived_on.is_none() || !self.holds.is_empty();
        self.archives_on().filter(|_| !kept)?.checked_add_months(ARCHIVE_MONTHS)
    }

    /// The keys of episodes that nothing permits to hold any longer, each with the day from which it is destroyed:
    /// those withdrawn, and those whose suspicion of harm has lapsed (rules.md 3.3).
    pub fn keys_spent(&self) -> impl Iterator<Item = (KeyId, NaiveDate)> {
        let lapsed = self.episodes.values().filter(|episode| episode.consent.is_none() && !episode.withdrawn);
        let lapsed = lapsed.filter_map(|episode| Some((episode.key, episode.harm.as_ref()?.review_by)));
        let spent = self.spent_keys.iter().copied().chain(lapsed);
        spent.map(|(key, since)| (key, since + chrono::Duration::days(SPENT_KEY_DAYS)))
    }

    /// Every key that seals anything of the record, but its own.
    pub fn episode_keys(&self) -> impl Iterator<Item = KeyId> {
        self.episodes.values().map(|episode| episode.key).chain(self.spent_keys.iter().map(|(key, _)| *key))
    }

    /// The next day, past or to come, on which somebody is to look at what becomes of the record; the day on which the
    /// record was found to lie in another place than it does.
    pub fn retention_due(&self) -> Option<NaiveDate> {
        if self.merged_into().is_some() {
            // The record that answers for both says where they are.
            return self.keys_spent().map(|(_, day)| day).min();
        }
        let archived = match (self.life.archived_on, self.archives_on()) {
            (Some(known), on) if on != Some(known) => Some(known),
            (Some(_), _) => self.purged_from(),
            (None, on) => on,
        };
        self.keys_spent().map(|(_, day)| day).chain(archived).min()
    }
}
