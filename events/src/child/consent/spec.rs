//! Specs of consent: who may give it, when it comes too late, and that harm is decided by somebody else.

use vocabulary::{Competence, ConsentDecision, GivenBy, HarmGround, KeyId, Method};

use super::{
    Basis, Command, Given, HARM_REVIEW_MONTHS_MAX, HarmRecorded, HarmReviewed, PRESUMED_COMPETENT_AGE,
    Refusal, Review, Withdrawn, may_give,
};
use crate::child::{self, Event, examples::*};

/// A decision on consent, to be told otherwise by and by.
fn decision(
    supplier: vocabulary::OrganisationId,
    decision: ConsentDecision,
    (given_by, competence): (GivenBy, Competence),
    on: &str,
) -> child::Command {
    child::Command::Consent(Command::Decide {
        episode: EPISODE,
        supplier,
        decision,
        given_by,
        competence,
        method: Method::FaceToFace,
        notice_version: label("v3"),
        decided_on: day(on),
        presumed_age: PRESUMED_COMPETENT_AGE,
    })
}

const INCOMPETENT: (GivenBy, Competence) = (GivenBy::Child, Competence::Presumed12OrOver);
const ABLE: (GivenBy, Competence) = (GivenBy::Child, Competence::AssessedCompetent);

fn suspect(recorded_by: &str, review_by: &str, review: Review) -> child::Command {
    child::Command::Consent(Command::SuspectHarm {
        episode: EPISODE,
        supplier: clinic(),
        ground: HarmGround::Neglect,
        decided_by: name("Ann Decider"),
        recorded_by: Some(name(recorded_by)),
        review_by: day(review_by),
        review,
    })
}

fn consented() -> crate::spec::Given<child::Child> {
    opened().then_came([consent_given()])
}

refusals! { "../consent.rs";
    a_record_that_nobody_opened_comes_first: unopened(),
        decision(ward(), ConsentDecision::Given, INCOMPETENT, "2026-06-02") => Refusal::NotRegistered;
    then_anothers_episode: consented(),
        decision(ward(), ConsentDecision::Given, INCOMPETENT, "2026-06-02") => Refusal::AnothersEpisode;
    then_a_decision_in_the_future: consented(),
        decision(clinic(), ConsentDecision::Given, INCOMPETENT, "2026-06-02") => Refusal::DecidedInFuture;
    then_one_that_a_later_day_overtook: consented(),
        decision(clinic(), ConsentDecision::Given, INCOMPETENT, "2026-04-30") => Refusal::Overtaken;
    a_withdrawal_of_an_earlier_day_is_overtaken: consented(),
        decision(clinic(), ConsentDecision::Withdrawn, ABLE, "2026-04-30") => Refusal::Overtaken;
    then_who_gave_it: consented(), decision(clinic(), ConsentDecision::Given, INCOMPETENT, "2026-05-02")
        => Refusal::GiverIncompetent;
    what_was_never_given_is_not_withdrawn: opened(), consent_withdrawn() => Refusal::NothingToWithdraw;
    a_review_too_far_away_comes_first: opened(), suspect("ann  DECIDER", "2026-12-02", Review::Again)
        => Refusal::ReviewOutOfRange;
    then_the_recorders_own_decision: opened(), suspect("ann  DECIDER", "2026-12-01", Review::Again)
        => Refusal::DecidedByRecorder;
    then_a_review_of_nothing: opened(), suspect("Ben Recorder", "2026-12-01", Review::Again)
        => Refusal::NothingToReview;
}

/// I-13
#[test]
fn from_twelve_a_child_decides_unless_judged_unable_and_before_only_when_judged_able() {
    use Competence::{
        AssessedCompetent as Able, AssessedNotCompetent as Unable, Presumed12OrOver as Presumed,
    };
    use GivenBy::{Child, Parent};
    let may = |age, given_by, competence| may_give(age, given_by, competence, PRESUMED_COMPETENT_AGE);
    // Age, who, judged how, whether it may be given.
    let table = [
        (Some(12), Child, Presumed, true),
        (Some(11), Child, Presumed, false),
        (None, Child, Presumed, false),
        (Some(11), Child, Able, true),
        (Some(12), Child, Able, true),
        (Some(11), Child, Unable, false),
        (Some(12), Child, Unable, false),
        (Some(12), Parent, Presumed, false),
        (Some(11), Parent, Presumed, false),
        (Some(12), Parent, Able, false),
        (Some(11), Parent, Able, false),
        (Some(12), Parent, Unable, true),
        (Some(11), Parent, Unable, true),
    ];
    for (age, given_by, competence, expected) in table {
        assert_eq!(may(age, given_by, competence), expected, "{age:?} {given_by:?} {competence:?}");
    }
}

/// I-13
#[test]
fn the_age_that_counts_is_that_of_the_day_of_the_decision() {
    let presumed = decision(clinic(), ConsentDecision::Given, INCOMPETENT, "2026-05-01");
    opened_for(born_on("2014-05-01")).when(presumed.clone()).then_some(|events| assert_eq!(events.len(), 1));
    opened_for(born_on("2014-05-02")).when(presumed).then_refused(Refusal::GiverIncompetent);
}

#[test]
fn consent_is_recorded_once() {
    let given = Event::ConsentGiven(Given {
        episode: EPISODE,
        supplier: clinic(),
        given_by: GivenBy::Child,
        competence: Competence::AssessedCompetent,
        method: Method::FaceToFace,
        notice_version: label("v3"),
        decided_on: day("2026-05-01"),
    });
    opened().when(consent_given()).then([given]).when(consent_given()).then_nothing();
}

/// I-12
#[test]
fn what_is_withdrawn_goes_at_once_and_leaves_a_tombstone() {
    let withdrawn = Event::ConsentWithdrawn(Withdrawn { episode: EPISODE, decided_on: day("2026-05-20") });
    let story = opened()
        .then_came([consent_given(), clinic_start(FIRST).leading().into()])
        .when(consent_withdrawn())
        .then([withdrawn])
        .when(consent_withdrawn())
        .then_nothing();
    let child = story.state();
    assert!(child.involvements.is_empty());
    let episode = &child.episodes[&EPISODE];
    assert!(episode.withdrawn && episode.live_basis(day("2026-06-01")).is_none());
}

/// I-12
#[test]
fn a_refusal_keeps_nothing_and_after_consent_it_takes_the_entries_back() {
    let refused = || decided(ConsentDecision::Refused, "2026-05-20");
    let refused_first = opened().when(refused()).then_nothing();
    assert!(refused_first.state().episodes.is_empty());
    let given_first = opened().then_came([consent_given(), clinic_start(FIRST).into(), refused()]);
    assert!(given_first.state().involvements.is_empty());
}

/// I-12
#[test]
fn a_suspicion_from_before_a_withdrawal_does_not_outlive_it_and_a_new_one_counts() {
    let before =
        opened().then_came([consent_given(), harm("2026-11-01", Review::First), consent_withdrawn()]);
    before.when(clinic_start(FIRST)).then_refused(child::involvement::Refusal::NoBasis);
    let after = opened().then_came([consent_given(), consent_withdrawn(), harm("2026-11-01", Review::First)]);
    let _ = after.when(clinic_start(FIRST)).then_some(|events| assert_eq!(events.len(), 1));
}

/// I-12
#[test]
fn a_feed_that_repeats_its_past_revives_nothing_that_was_withdrawn() {
    let again = || decided(ConsentDecision::Given, "2026-05-25");
    let story =
        opened().then_came([consent_given(), consent_withdrawn(), again(), clinic_start(FIRST).into()]);
    let story = story.when(consent_withdrawn()).then_nothing();
    assert_eq!(story.state().involvements.len(), 1, "the consent of a later day stands");
    let withdrawn = opened().then_came([consent_given(), consent_withdrawn()]);
    withdrawn.when(consent_given()).then_refused(Refusal::Overtaken);
}

/// I-12
#[test]
fn an_episode_that_begins_afresh_after_a_withdrawal_is_sealed_under_another_key() {
    let key = KeyId { pool: 1, slot: 9 };
    let story = opened().then_came([consent_given(), consent_withdrawn()]);
    assert_eq!(
        opened().then_came([consent_given(), consent_withdrawn()]).state().episode_key(&EPISODE),
        None
    );
    let story = story.sealed_by(key).then_came([decided(ConsentDecision::Given, "2026-05-25")]);
    assert_eq!(story.state().episode_key(&EPISODE), Some(key));
}

/// I-14
#[test]
fn suspected_harm_is_reviewed_within_six_months_and_lapses_the_day_after() {
    assert_eq!(HARM_REVIEW_MONTHS_MAX, 6);
    let story = opened().when(harm("2026-12-01", Review::First)).then([Event::SignificantHarmRecorded(
        HarmRecorded {
            episode: EPISODE,
            supplier: clinic(),
            ground: HarmGround::Neglect,
            decided_by: name("Ann Decider"),
            review_by: day("2026-12-01"),
        },
    )]);
    let episode = story.state().episodes[&EPISODE].clone();
    assert_eq!(episode.live_basis(day("2026-12-01")), Some(Basis::SignificantHarm));
    assert_eq!(episode.live_basis(day("2026-12-02")), None);
    opened().when(harm("2026-05-31", Review::First)).then_refused(Refusal::ReviewOutOfRange);
}

/// I-14
#[test]
fn a_suspicion_is_reviewed_once_and_repeating_its_first_record_does_not_undo_the_review() {
    let first = || harm("2026-07-01", Review::First);
    opened()
        .then_came([first()])
        .when(first())
        .then_nothing()
        .when(harm("2026-11-01", Review::Again))
        .then([Event::SignificantHarmReviewed(HarmReviewed {
            episode: EPISODE,
            ground: HarmGround::Neglect,
            decided_by: name("Ann Decider"),
            review_by: day("2026-11-01"),
        })])
        .when(harm("2026-11-01", Review::Again))
        .then_nothing()
        .when(first())
        .then_nothing();
}

/// I-14
#[test]
fn a_review_that_comes_after_the_day_it_was_due_reviews_nothing() {
    opened()
        .then_came([harm("2026-07-01", Review::First)])
        .days_later(31)
        .when(harm("2026-11-01", Review::Again))
        .then_refused(Refusal::NothingToReview);
}
