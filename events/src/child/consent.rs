//! Consent: what permits an entry of a sensitive service, and who decided it.
//!
//! Source: SI 2007/2182 regulation 11(3); rules.md 3; invariants I-11 to I-14.

mod decide;
#[cfg(test)]
mod spec;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use vocabulary::{
    Competence, ConsentDecision, GivenBy, HarmGround, KeyId, KeyedRef, Label, Method, OrganisationId,
    PersonName, england_day,
};

use super::Child;
use crate::decider::When;

pub(super) use decide::decide;
pub use decide::may_give;

/// Age from which competence is presumed, unless the policy says another (rules.md 3.2).
pub const PRESUMED_COMPETENT_AGE: i32 = 12;

/// Longest time to the review of suspected harm, in months (invariant I-14).
pub const HARM_REVIEW_MONTHS_MAX: u32 = 6;

/// Consent was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct Given {
    pub episode: KeyedRef,
    pub supplier: OrganisationId,
    pub given_by: GivenBy,
    pub competence: Competence,
    pub method: Method,
    pub notice_version: Label,
    pub decided_on: NaiveDate,
}

/// Consent was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct Withdrawn {
    pub episode: KeyedRef,
    pub decided_on: NaiveDate,
}

/// Harm is suspected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct HarmRecorded {
    pub episode: KeyedRef,
    pub supplier: OrganisationId,
    pub ground: HarmGround,
    pub decided_by: PersonName,
    pub review_by: NaiveDate,
}

/// The suspicion was reviewed and stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct HarmReviewed {
    pub episode: KeyedRef,
    pub ground: HarmGround,
    pub decided_by: PersonName,
    pub review_by: NaiveDate,
}

/// Why an entry of a sensitive service may be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The child or a parent consents.
    Consent,
    /// Significant harm is suspected and its review has not passed.
    SignificantHarm,
}

/// One episode of a sensitive service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Episode {
    /// Whose episode.
    pub supplier: OrganisationId,
    /// Consent that stands.
    pub consent: Option<ConsentHeld>,
    /// Suspicion that stands until its review.
    pub harm: Option<HarmHeld>,
    /// The suspicion as it was first recorded, once it was reviewed: its repetition is no news.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub harm_first: Option<HarmHeld>,
    /// Consent was given once and withdrawn; a tombstone for the team.
    #[serde(default)]
    pub withdrawn: bool,
    /// The key that seals this episode's entries.
    pub key: KeyId,
}

/// A consent that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct ConsentHeld {
    pub given_by: GivenBy,
    pub competence: Competence,
    pub method: Method,
    pub notice_version: Label,
    pub decided_on: NaiveDate,
}

/// A suspicion that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct HarmHeld {
    pub ground: HarmGround,
    pub decided_by: PersonName,
    pub review_by: NaiveDate,
}

impl Episode {
    /// What permits the episode's entries on a civil day: consent first, else harm not yet due for review.
    pub fn live_basis(&self, today: NaiveDate) -> Option<Basis> {
        if self.consent.is_some() {
            return Some(Basis::Consent);
        }
        self.harm.as_ref().filter(|harm| today <= harm.review_by).map(|_| Basis::SignificantHarm)
    }
}

/// What may be asked about consent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub enum Command {
    /// Record a decision.
    Decide {
        episode: KeyedRef,
        supplier: OrganisationId,
        decision: ConsentDecision,
        given_by: GivenBy,
        competence: Competence,
        method: Method,
        notice_version: Label,
        decided_on: NaiveDate,
        /// Age from which competence is presumed, by the policy in force.
        presumed_age: i32,
    },
    /// Record suspected significant harm, or its review.
    SuspectHarm {
        episode: KeyedRef,
        supplier: OrganisationId,
        ground: HarmGround,
        decided_by: PersonName,
        /// The name of the person recording, where a person does.
        recorded_by: Option<PersonName>,
        review_by: NaiveDate,
        /// Whether this is a review of a suspicion recorded before.
        review: Review,
    },
}

/// Whether a suspicion is new or reviewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Review {
    /// Recorded for the first time.
    First,
    /// Reviewed and kept.
    Again,
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No record was opened for this child.
    #[error("no record is open for this child")]
    NotRegistered,
    /// I-13: the giver does not fit the competence judged.
    #[error("who gave consent does not fit the competence judged and the child's age")]
    GiverIncompetent,
    /// The decision lies in the future.
    #[error("a decision cannot be dated in the future")]
    DecidedInFuture,
    /// I-12: a decision of a later day stands.
    #[error("a later decision on this episode stands")]
    Overtaken,
    /// There is no consent to withdraw.
    #[error("no consent of this episode is held")]
    NothingToWithdraw,
    /// I-14: the review is too far away or in the past.
    #[error("the review must lie between today and {HARM_REVIEW_MONTHS_MAX} months ahead")]
    ReviewOutOfRange,
    /// I-14: the decision-maker is the recorder.
    #[error("the decision must be another person's than the recorder's")]
    DecidedByRecorder,
    /// There is no suspicion to review, or its review is overdue and it has lapsed.
    #[error("no suspicion of this episode stands; record it anew")]
    NothingToReview,
    /// Another supplier's episode.
    #[error("this episode belongs to another supplier")]
    AnothersEpisode,
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NotRegistered => "child_unknown",
            Refusal::GiverIncompetent => "giver_incompetent",
            Refusal::DecidedInFuture => "date_in_future",
            Refusal::Overtaken => "decision_overtaken",
            Refusal::NothingToWithdraw => "consent_unknown",
            Refusal::ReviewOutOfRange => "review_out_of_range",
            Refusal::DecidedByRecorder => "decided_by_recorder",
            Refusal::NothingToReview => "significant_harm_unknown",
            Refusal::AnothersEpisode => "episode_of_another",
        }
    }
}

impl Given {
    fn held(&self) -> ConsentHeld {
        ConsentHeld {
            given_by: self.given_by,
            competence: self.competence,
            method: self.method,
            notice_version: self.notice_version.clone(),
            decided_on: self.decided_on,
        }
    }
}

fn episode_of<'a>(
    child: &'a mut Child,
    episode: KeyedRef,
    supplier: &OrganisationId,
    key: KeyId,
) -> &'a mut Episode {
    child.episodes.entry(episode).or_insert_with(|| Episode {
        supplier: supplier.clone(),
        consent: None,
        harm: None,
        harm_first: None,
        withdrawn: false,
        key,
    })
}

/// After a withdrawal an episode begins afresh, and under another key: the old one is on its way out.
fn begun_afresh(episode: &mut Episode, key: KeyId) {
    if std::mem::take(&mut episode.withdrawn) {
        episode.key = key;
    }
}

pub(super) fn given(child: &mut Child, event: &Given, when: When) {
    let episode = episode_of(child, event.episode, &event.supplier, when.key);
    episode.consent = Some(event.held());
    begun_afresh(episode, when.key);
}

/// I-12: the episode's entries go at once; that there was one is left for the team.
///
/// A suspicion recorded before goes too: whoever still suspects harm says so anew, knowing of the withdrawal.
///
/// Its key is on its way out from now on, also where the episode begins afresh under another.
pub(super) fn withdrawn(child: &mut Child, event: &Withdrawn, when: When) {
    child.withdrawals.insert(event.episode, event.decided_on);
    if let Some(episode) = child.episodes.get_mut(&event.episode) {
        child.spent_keys.push((episode.key, england_day(when.recorded_at)));
        episode.consent = None;
        episode.harm = None;
        episode.harm_first = None;
        episode.withdrawn = true;
    }
    child.involvements.retain(|_, involvement| involvement.episode != Some(event.episode));
}

pub(super) fn harm_recorded(child: &mut Child, event: &HarmRecorded, when: When) {
    let episode = episode_of(child, event.episode, &event.supplier, when.key);
    episode.harm = Some(HarmHeld {
        ground: event.ground,
        decided_by: event.decided_by.clone(),
        review_by: event.review_by,
    });
    episode.harm_first = None;
    begun_afresh(episode, when.key);
}

pub(super) fn harm_reviewed(child: &mut Child, event: &HarmReviewed) {
    if let Some(episode) = child.episodes.get_mut(&event.episode) {
        let before = episode.harm.replace(HarmHeld {
            ground: event.ground,
            decided_by: event.decided_by.clone(),
            review_by: event.review_by,
        });
        episode.harm_first = episode.harm_first.take().or(before);
    }
}

impl Child {
    /// The key for new facts of an episode; `None` when it needs one of its own first, as after a withdrawal.
    pub fn episode_key(&self, episode: &KeyedRef) -> Option<KeyId> {
        self.episodes.get(episode).filter(|held| !held.withdrawn).map(|held| held.key)
    }
}
