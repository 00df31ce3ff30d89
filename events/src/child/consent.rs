//! Consent: what permits an entry of a sensitive service, and who decided it.
//!
//! Source: SI 2007/2182 regulation 11(3); rules.md 3; invariants I-11 to I-14.

use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{
    Competence, ConsentDecision, GivenBy, HarmGround, KeyId, KeyedRef, Label, Method, OrganisationId,
    PersonName, day::age_on, england_day,
};

use super::{Child, Event};
use crate::decider::When;

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
    /// I-13: the giver does not fit the competence judged.
    #[error("who gave consent does not fit the competence judged and the child's age")]
    GiverIncompetent,
    /// The decision lies in the future.
    #[error("a decision cannot be dated in the future")]
    DecidedInFuture,
    /// There is no consent to withdraw.
    #[error("no consent of this episode is held")]
    NothingToWithdraw,
    /// I-14: the review is too far away or in the past.
    #[error("the review must lie between today and {HARM_REVIEW_MONTHS_MAX} months ahead")]
    ReviewOutOfRange,
    /// I-14: the decision-maker is the recorder.
    #[error("the decision must be another person's than the recorder's")]
    DecidedByRecorder,
    /// There is no suspicion to review.
    #[error("no suspicion of this episode is held")]
    NothingToReview,
    /// Another supplier's episode.
    #[error("this episode belongs to another supplier")]
    AnothersEpisode,
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::GiverIncompetent => "giver_incompetent",
            Refusal::DecidedInFuture => "date_in_future",
            Refusal::NothingToWithdraw => "consent_unknown",
            Refusal::ReviewOutOfRange => "review_out_of_range",
            Refusal::DecidedByRecorder => "decided_by_recorder",
            Refusal::NothingToReview => "significant_harm_unknown",
            Refusal::AnothersEpisode => "episode_of_another",
        }
    }
}

pub(super) fn decide(child: &Child, command: &Command, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
    let today = england_day(now);
    match command {
        Command::Decide {
            episode,
            supplier,
            decision,
            given_by,
            competence,
            method,
            notice_version,
            decided_on,
            presumed_age,
        } => {
            let held = own(child, episode, supplier)?;
            if *decided_on > today {
                return Err(Refusal::DecidedInFuture);
            }
            match decision {
                ConsentDecision::Given => {
                    let born = child.date_of_birth();
                    if !may_give(
                        born.map(|born| age_on(born, *decided_on)),
                        *given_by,
                        *competence,
                        *presumed_age,
                    ) {
                        return Err(Refusal::GiverIncompetent);
                    }
                    let given = Given {
                        episode: *episode,
                        supplier: supplier.clone(),
                        given_by: *given_by,
                        competence: *competence,
                        method: *method,
                        notice_version: notice_version.clone(),
                        decided_on: *decided_on,
                    };
                    let known = held.and_then(|episode| episode.consent.as_ref());
                    if known == Some(&given.held()) {
                        Ok(Vec::new())
                    } else {
                        Ok(vec![Event::ConsentGiven(given)])
                    }
                }
                ConsentDecision::Withdrawn => match held {
                    Some(held) if held.withdrawn && held.consent.is_none() => Ok(Vec::new()),
                    Some(held) if held.consent.is_some() => Ok(withdraw(*episode, *decided_on)),
                    Some(_) | None => Err(Refusal::NothingToWithdraw),
                },
                // Rules.md 3.3: a refusal keeps nothing; one that follows a consent takes it back.
                ConsentDecision::Refused => match held {
                    Some(held) if held.consent.is_some() => Ok(withdraw(*episode, *decided_on)),
                    Some(_) | None => Ok(Vec::new()),
                },
            }
        }
        Command::SuspectHarm { episode, supplier, ground, decided_by, recorded_by, review_by, review } => {
            let held = own(child, episode, supplier)?.and_then(|episode| episode.harm.as_ref());
            let latest = today.checked_add_months(Months::new(HARM_REVIEW_MONTHS_MAX)).unwrap_or(today);
            if *review_by < today || *review_by > latest {
                return Err(Refusal::ReviewOutOfRange);
            }
            if recorded_by.as_ref() == Some(decided_by) {
                return Err(Refusal::DecidedByRecorder);
            }
            let told = HarmHeld { ground: *ground, decided_by: decided_by.clone(), review_by: *review_by };
            match (review, held) {
                (Review::Again, None) => Err(Refusal::NothingToReview),
                (_, Some(held)) if *held == told => Ok(Vec::new()),
                (Review::First, _) => Ok(vec![Event::SignificantHarmRecorded(HarmRecorded {
                    episode: *episode,
                    supplier: supplier.clone(),
                    ground: *ground,
                    decided_by: decided_by.clone(),
                    review_by: *review_by,
                })]),
                (Review::Again, Some(_)) => Ok(vec![Event::SignificantHarmReviewed(HarmReviewed {
                    episode: *episode,
                    ground: *ground,
                    decided_by: decided_by.clone(),
                    review_by: *review_by,
                })]),
            }
        }
    }
}

fn withdraw(episode: KeyedRef, decided_on: NaiveDate) -> Vec<Event> {
    vec![Event::ConsentWithdrawn(Withdrawn { episode, decided_on })]
}

/// The episode, if it is the supplier's own or unknown.
fn own<'a>(
    child: &'a Child,
    episode: &KeyedRef,
    supplier: &OrganisationId,
) -> Result<Option<&'a Episode>, Refusal> {
    match child.episodes.get(episode) {
        Some(held) if held.supplier != *supplier => Err(Refusal::AnothersEpisode),
        held => Ok(held),
    }
}

/// I-13: from 12 a child decides unless judged unable; before 12 only when judged able.
///
/// An unknown age counts as under the presumed one, so that competence must be judged and said.
pub fn may_give(age: Option<i32>, given_by: GivenBy, competence: Competence, presumed_age: i32) -> bool {
    let presumed = age.is_some_and(|age| age >= presumed_age);
    match (given_by, competence) {
        (GivenBy::Child, Competence::Presumed12OrOver) => presumed,
        (GivenBy::Child, Competence::AssessedCompetent)
        | (GivenBy::Parent, Competence::AssessedNotCompetent) => true,
        (GivenBy::Child, Competence::AssessedNotCompetent)
        | (GivenBy::Parent, Competence::Presumed12OrOver | Competence::AssessedCompetent) => false,
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
        withdrawn: false,
        key,
    })
}

pub(super) fn given(child: &mut Child, event: &Given, when: When) {
    let episode = episode_of(child, event.episode, &event.supplier, when.key);
    episode.consent = Some(event.held());
    episode.withdrawn = false;
}

/// I-12: the episode's entries go at once; that there was one is left for the team.
pub(super) fn withdrawn(child: &mut Child, event: &Withdrawn) {
    if let Some(episode) = child.episodes.get_mut(&event.episode) {
        episode.consent = None;
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
}

pub(super) fn harm_reviewed(child: &mut Child, event: &HarmReviewed) {
    if let Some(episode) = child.episodes.get_mut(&event.episode) {
        episode.harm = Some(HarmHeld {
            ground: event.ground,
            decided_by: event.decided_by.clone(),
            review_by: event.review_by,
        });
    }
}
