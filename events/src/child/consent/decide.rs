//! Judges decisions on consent and suspicions of harm, refusals in order of precedence.

use chrono::{DateTime, Months, NaiveDate, Utc};
use vocabulary::{
    Competence, ConsentDecision, GivenBy, KeyedRef, OrganisationId, PersonName, day::age_on, england_day,
};

use super::{
    Command, Episode, Given, HARM_REVIEW_MONTHS_MAX, HarmHeld, HarmRecorded, HarmReviewed, Refusal, Review,
    Withdrawn,
};
use crate::child::{Child, Event};

pub(in crate::child) fn decide(
    child: &Child,
    command: &Command,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    if !child.is_registered() {
        return Err(Refusal::NotRegistered);
    }
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
            let before = Before { held, withdrawn_on: child.withdrawals.get(episode).copied() };
            let age = child.date_of_birth().map(|born| age_on(born, *decided_on));
            match decision {
                ConsentDecision::Given => give(
                    before,
                    Given {
                        episode: *episode,
                        supplier: supplier.clone(),
                        given_by: *given_by,
                        competence: *competence,
                        method: *method,
                        notice_version: notice_version.clone(),
                        decided_on: *decided_on,
                    },
                    may_give(age, *given_by, *competence, *presumed_age),
                    today,
                ),
                ConsentDecision::Withdrawn => withdraw(*episode, before, *decided_on, today),
                ConsentDecision::Refused => refuse(*episode, before, *decided_on, today),
            }
        }
        Command::SuspectHarm { episode, supplier, ground, decided_by, recorded_by, review_by, review } => {
            let held = own(child, episode, supplier)?;
            let told = HarmHeld { ground: *ground, decided_by: decided_by.clone(), review_by: *review_by };
            let harm = held.and_then(|held| held.harm.as_ref());
            let first = held.and_then(|held| held.harm_first.as_ref());
            if harm == Some(&told) || (*review == Review::First && first == Some(&told)) {
                return Ok(Vec::new());
            }
            let latest = today.checked_add_months(Months::new(HARM_REVIEW_MONTHS_MAX)).unwrap_or(today);
            if *review_by < today || *review_by > latest {
                return Err(Refusal::ReviewOutOfRange);
            }
            if recorded_by.as_ref().is_some_and(|recorder| is_same_person(recorder, decided_by)) {
                return Err(Refusal::DecidedByRecorder);
            }
            match review {
                Review::First => Ok(vec![Event::SignificantHarmRecorded(HarmRecorded {
                    episode: *episode,
                    supplier: supplier.clone(),
                    ground: told.ground,
                    decided_by: told.decided_by,
                    review_by: told.review_by,
                })]),
                Review::Again if harm.is_none_or(|harm| harm.review_by < today) => {
                    Err(Refusal::NothingToReview)
                }
                Review::Again => Ok(vec![Event::SignificantHarmReviewed(HarmReviewed {
                    episode: *episode,
                    ground: told.ground,
                    decided_by: told.decided_by,
                    review_by: told.review_by,
                })]),
            }
        }
    }
}

/// What was decided of an episode before.
#[derive(Clone, Copy)]
struct Before<'a> {
    /// It, unless its key is destroyed.
    held: Option<&'a Episode>,
    /// The day of the last withdrawal, which outlasts the key: a decision of an earlier day comes too late.
    withdrawn_on: Option<NaiveDate>,
}

fn give(
    before: Before<'_>,
    given: Given,
    is_competent: bool,
    today: NaiveDate,
) -> Result<Vec<Event>, Refusal> {
    if before.held.and_then(|held| held.consent.as_ref()) == Some(&given.held()) {
        return Ok(Vec::new());
    }
    timely(before, given.decided_on, today)?;
    if !is_competent {
        return Err(Refusal::GiverIncompetent);
    }
    Ok(vec![Event::ConsentGiven(given)])
}

/// Whoever withdraws is heard, competent or not: what is in doubt is not shown.
fn withdraw(
    episode: KeyedRef,
    before: Before<'_>,
    decided_on: NaiveDate,
    today: NaiveDate,
) -> Result<Vec<Event>, Refusal> {
    let withdrawn = before.held.map_or(before.withdrawn_on.is_some(), |held| held.withdrawn);
    match before.held.and_then(|held| held.consent.as_ref()) {
        None if withdrawn || before.withdrawn_on >= Some(decided_on) => Ok(Vec::new()),
        None => Err(Refusal::NothingToWithdraw),
        // Withdrawn on that day as known, and given again on a later one.
        Some(given) if before.withdrawn_on == Some(decided_on) && given.decided_on > decided_on => {
            Ok(Vec::new())
        }
        Some(_) => {
            timely(before, decided_on, today)?;
            Ok(vec![Event::ConsentWithdrawn(Withdrawn { episode, decided_on })])
        }
    }
}

/// Rules.md 3.3: a refusal keeps nothing; one that follows a consent takes it back.
fn refuse(
    episode: KeyedRef,
    before: Before<'_>,
    decided_on: NaiveDate,
    today: NaiveDate,
) -> Result<Vec<Event>, Refusal> {
    timely(before, decided_on, today)?;
    match before.held {
        Some(Episode { consent: Some(_), .. }) => {
            Ok(vec![Event::ConsentWithdrawn(Withdrawn { episode, decided_on })])
        }
        Some(Episode { consent: None, .. }) | None => Ok(Vec::new()),
    }
}

/// A decision has been taken, and none of a later day stands: a feed that repeats its past must not undo it.
fn timely(before: Before<'_>, decided_on: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    if decided_on > today {
        return Err(Refusal::DecidedInFuture);
    }
    let given_on = before.held.and_then(|held| held.consent.as_ref()).map(|consent| consent.decided_on);
    let latest = given_on.max(before.withdrawn_on);
    if latest.is_some_and(|latest| decided_on < latest) { Err(Refusal::Overtaken) } else { Ok(()) }
}

/// Two names are one person's whatever the case and spacing they are written in.
fn is_same_person(one: &PersonName, other: &PersonName) -> bool {
    let folded =
        |name: &PersonName| name.as_str().split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    folded(one) == folded(other)
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
