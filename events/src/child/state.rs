//! What is remembered of a child: enough to decide, and the content of the child's row.
//!
//! One fold serves decisions and the read model, so that they cannot disagree (ADR-0014).

#[cfg(test)]
mod spec;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Duration, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{
    ChildId, ChildNumber, HoldId, InvolvementId, KeyId, KeyedRef, OrganisationId, ShieldId, TransferId,
};

use super::{
    consent::Episode,
    details::Statement,
    identity::LocalRef,
    involvement::Involvement,
    lifecycle::Life,
    merging::Tie,
    notices::Notices,
    responsibility::Transfer,
    retention::{Extension, Hold},
    setting::{Education, PrimaryCare},
    shield::{Shield, ShieldRequest},
};

/// Age at which a record leaves the live directory (domain.md 4.6).
pub const ADULT_AGE: i32 = 18;

/// Age at which the record of a young person who agreed to stay leaves it.
pub(super) const EXTENDED_AGE: i32 = 25;

/// How long a record stays live after its child left England.
const AWAY: Months = Months::new(36);

/// How long a record stays live after a death is notified (domain.md 4.6).
pub const DAYS_LIVE_AFTER_DEATH: i64 = 365;

/// One child as the stream tells it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Child {
    /// The number, once registered.
    pub number: Option<ChildNumber>,
    /// The one responsible authority (invariant I-1), once registered.
    pub authority: Option<OrganisationId>,
    /// Moves to another authority that were proposed and not decided.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub transfers: BTreeMap<TransferId, Transfer>,
    /// When the record was opened.
    pub registered_at: Option<DateTime<Utc>>,
    /// When anything was last recorded.
    pub as_at: Option<DateTime<Utc>>,
    /// Suppliers' references that mean this child.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refs: BTreeMap<KeyedRef, LocalRef>,
    /// What each source states of the details, by the reference it states them under.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub statements: BTreeMap<KeyedRef, Statement>,
    /// Names that a source stated earlier and states no more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_names: Vec<super::details::FormerName>,
    /// What each source states of education.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub education: BTreeMap<KeyedRef, Education>,
    /// What each source states of primary care.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub primary_care: BTreeMap<KeyedRef, PrimaryCare>,
    /// Who works or worked with the child.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub involvements: BTreeMap<InvolvementId, Involvement>,
    /// Episodes of sensitive services and what permits them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub episodes: BTreeMap<KeyedRef, Episode>,
    /// Shields in force: the record is shielded while any stands.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shields: BTreeMap<ShieldId, Shield>,
    /// Requests for a shield that nobody has decided yet.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shield_requests: BTreeMap<ShieldId, ShieldRequest>,
    /// Addresses stated while a protected entry's shield request waits, held back until it is decided.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub held_addresses: BTreeMap<KeyedRef, super::details::HeldAddress>,
    /// Episodes whose consent was withdrawn, with the day: it outlasts what was withdrawn, so that a feed that repeats
    /// its past revives nothing.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub withdrawals: BTreeMap<KeyedRef, NaiveDate>,
    /// Keys of episodes that were withdrawn, with the day on which that was recorded, until they are destroyed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spent_keys: Vec<(KeyId, NaiveDate)>,
    /// Death, departure, archive.
    #[serde(default)]
    pub life: Life,
    /// What keeps the record from being purged.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub holds: BTreeMap<HoldId, Hold>,
    /// Other records that a person decided on: of this child, or not.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ties: BTreeMap<ChildId, Tie>,
    /// References that a person decided do not mean this child.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub told_apart: BTreeSet<KeyedRef>,
    /// Whether it is an invented record, whose opening is an alarm; shown to nobody.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub canary: bool,
    /// What the family was told; shown on no record.
    #[serde(default, skip_serializing_if = "Notices::is_empty")]
    pub notices: Notices,
}

/// Which column of the visibility table a record stands in, override apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordState {
    /// Read as the roles allow.
    Live,
    /// Shielded by its authority.
    Shielded,
    /// In its first year in the archive.
    ArchivedYear1,
    /// In years two to six.
    ArchivedYears2To6,
    /// Waiting for someone to decide whether it is another record's child.
    Quarantined,
}

impl Child {
    /// Tells whether a record was ever opened.
    pub fn is_registered(&self) -> bool {
        self.number.is_some()
    }

    /// Tells whether any shield stands.
    pub fn is_shielded(&self) -> bool {
        !self.shields.is_empty()
    }

    /// Tells whether a protected entry waits for its shield to be decided, so that addresses are held.
    pub fn holds_addresses(&self) -> bool {
        self.shield_requests.values().any(|request| request.holds_addresses)
    }

    /// The state of the record on a civil day. An archived record is archived before it is shielded.
    pub fn record_state(&self, today: NaiveDate) -> RecordState {
        RecordState::on(today, self.archived_by_event(), self.date_of_birth(), self.is_shielded())
    }

    /// The day the record went to the archive: by event, by the eighteenth birthday, a year after death.
    pub fn archived_since(&self, today: NaiveDate) -> Option<NaiveDate> {
        archived_since(today, self.archived_by_event(), self.date_of_birth())
    }

    /// The day on which the record goes to the archive, past or to come, where it is not that of the eighteenth
    /// birthday alone.
    pub fn archived_by_event(&self) -> Option<NaiveDate> {
        let by_event = [self.life.archived_on, self.leaves_by_event()].into_iter().flatten().min();
        if by_event.is_none() && self.life.extension.is_none() {
            return None;
        }
        [by_event, self.leaves_by_age()].into_iter().flatten().min()
    }

    /// The day on which the record goes to the archive by what is known now, past or to come: by age, a year after
    /// death, three years after leaving England, or because it closed (domain.md 4.6). What was said of it when it
    /// went there does not count.
    pub fn archives_on(&self) -> Option<NaiveDate> {
        [self.leaves_by_event(), self.leaves_by_age()].into_iter().flatten().min()
    }

    fn leaves_by_event(&self) -> Option<NaiveDate> {
        let death = self.life.died_on.map(|died| died + Duration::days(DAYS_LIVE_AFTER_DEATH));
        let departure = self.life.left_england.as_ref().and_then(|left| left.on.checked_add_months(AWAY));
        [self.life.closed_on, death, departure].into_iter().flatten().min()
    }

    /// The eighteenth birthday, or the twenty-fifth of a young person who agreed to stay; of one who agreed no more
    /// the day of that, but no day before the eighteenth birthday.
    fn leaves_by_age(&self) -> Option<NaiveDate> {
        let born = self.date_of_birth()?;
        let adult = birthday(born, ADULT_AGE)?;
        match &self.life.extension {
            None => Some(adult),
            Some(Extension { withdrawn_on: Some(day), .. }) => Some(adult.max(*day)),
            Some(Extension { withdrawn_on: None, .. }) => birthday(born, EXTENDED_AGE),
        }
    }

    /// Whether a young person agreed to stay to the twenty-fifth birthday, and does still.
    pub fn agrees_to_stay(&self) -> bool {
        self.life.extension.as_ref().is_some_and(|extension| extension.withdrawn_on.is_none())
    }

    /// Episodes whose consent was withdrawn and not given again: that there was one, and no more.
    pub fn consents_withdrawn(&self) -> usize {
        let stands = |episode| self.episodes.get(episode).is_some_and(|held| !held.withdrawn);
        self.withdrawals.keys().filter(|episode| !stands(episode)).count()
    }
}

impl RecordState {
    /// The state on a civil day of a record: by the day that an event archives it, by birth and by shield.
    pub fn on(
        today: NaiveDate,
        by_event: Option<NaiveDate>,
        born: Option<NaiveDate>,
        shielded: bool,
    ) -> RecordState {
        match archived_since(today, by_event, born) {
            Some(since) if today < since + Duration::days(365) => RecordState::ArchivedYear1,
            Some(_) => RecordState::ArchivedYears2To6,
            None if shielded => RecordState::Shielded,
            None => RecordState::Live,
        }
    }
}

fn archived_since(
    today: NaiveDate,
    by_event: Option<NaiveDate>,
    born: Option<NaiveDate>,
) -> Option<NaiveDate> {
    // Asked of every child that a search looks at: most were born too late for the sum of months to be worth it.
    // A day that is known counts the birthday in.
    let adult = || {
        born.filter(|born| today.year() - born.year() >= ADULT_AGE).and_then(|born| birthday(born, ADULT_AGE))
    };
    by_event.or_else(adult).filter(|since| *since <= today)
}

/// A birthday; of a child born on 29 February it is 1 March in other years, as ages are counted.
fn birthday(born: NaiveDate, age: i32) -> Option<NaiveDate> {
    let day = born.checked_add_months(Months::new(12 * age.unsigned_abs()))?;
    if day.day() == born.day() { Some(day) } else { day.succ_opt() }
}
