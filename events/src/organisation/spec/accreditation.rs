//! Specs of accreditation: conditions, what they are key for, and what runs out.

use super::*;
use crate::{policy::Condition, refused::Code};

fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}

fn met(condition: &str, on: &str, until: &str) -> ConditionMet {
    ConditionMet { condition: code(condition), met_on: day(on), valid_until: day(until), evidence: None }
}

fn record(met: ConditionMet) -> Command {
    Command::RecordCondition { met, conditions: Conditions::default() }
}

fn accredit(participation: Participation) -> Command {
    Command::Accredit { until: day("2027-06-30"), participation, conditions: Conditions::default() }
}

fn sharing(until: &str) -> Event {
    Event::SharingAgreementSigned(Sharing { version: 1, until: day(until) })
}

/// Every key condition for this, met for a year; `NOW` is the first of June 2026.
fn all_met(participation: Participation) -> Vec<Event> {
    let conditions = Conditions::default();
    let key = conditions.iter().filter(|(_, known)| known.key && known.participation.meets(participation));
    key.map(|(name, _)| Event::ConditionMet(met(name.as_str(), "2026-05-01", "2027-04-30"))).collect()
}

#[test]
fn the_defaults_are_twenty_eight_each_with_its_wording() {
    let conditions = Conditions::default();
    assert_eq!(conditions.iter().count(), 28);
    for (name, Condition { months, .. }) in conditions.iter() {
        assert!(crate::policy::wording(name).is_some_and(|says| says.ends_with('.')), "{name:?}");
        assert!((12..=36).contains(&months), "{name:?}");
    }
    assert_eq!(crate::policy::wording(&code("of_a_policy")), None);
}

#[test]
fn a_condition_is_recorded_with_evidence_that_counts_today() {
    let recorded = met("data_quality", "2026-05-01", "2027-05-01");
    given::<Organisation>([registered()])
        .when(record(recorded.clone()))
        .then([Event::ConditionMet(recorded.clone())])
        .when(record(recorded))
        .then_nothing();
    let out = Refusal::ConditionOutOfRange { months: 12 };
    let table = [
        (met("of_nobody", "2026-05-01", "2027-05-01"), Refusal::ConditionUnknown),
        (met("data_quality", "2026-06-02", "2027-05-01"), out.clone()),
        (met("data_quality", "2025-05-01", "2026-05-31"), out.clone()),
        (met("data_quality", "2026-05-01", "2027-05-02"), out),
    ];
    for (told, refusal) in table {
        given::<Organisation>([registered()]).when(record(told)).then_refused(refusal);
    }
    given::<Organisation>([])
        .when(record(met("data_quality", "2026-05-01", "2027-05-01")))
        .then_refused(Refusal::Unknown);
}

#[test]
fn nobody_is_accredited_before_every_key_condition_holds() {
    for participation in [Participation::Supply, Participation::Use, Participation::Both] {
        let whole: Vec<Event> =
            [registered(), sharing("2027-06-30")].into_iter().chain(all_met(participation)).collect();
        given::<Organisation>(whole.clone())
            .when(accredit(participation))
            .then([Event::OrganisationAccredited { until: day("2027-06-30"), participation }])
            .when(accredit(participation))
            .then_nothing();
        for left_out in 2..whole.len() {
            let mut short = whole.clone();
            let Event::ConditionMet(ConditionMet { condition, .. }) = short.remove(left_out) else {
                panic!("only conditions are left out")
            };
            given::<Organisation>(short)
                .when(accredit(participation))
                .then_refused(Refusal::ConditionUnmet { condition });
        }
    }
}

#[test]
fn who_supplies_alone_needs_no_conditions_of_use_and_gives_no_use() {
    let supplier: Vec<Event> =
        [registered(), agreed("2027-01-01")].into_iter().chain(all_met(Participation::Supply)).collect();
    let accredited =
        Event::OrganisationAccredited { until: day("2027-06-30"), participation: Participation::Supply };
    given::<Organisation>(supplier.clone()).when(accredit(Participation::Supply)).then([accredited.clone()]);
    let state = given::<Organisation>(supplier.into_iter().chain([accredited])).state();
    assert_eq!(state.may_supply(day("2026-06-01"), &Conditions::default()), Ok(()));
    let barred = Standing::None { because: Refusal::NotAccredited };
    assert_eq!(state.may_use(NOW, 72, &Conditions::default()), barred);
}

#[test]
fn use_needs_an_information_sharing_agreement_too() {
    let user: Vec<Event> = [registered()].into_iter().chain(all_met(Participation::Use)).collect();
    given::<Organisation>(user)
        .when(accredit(Participation::Use))
        .then_refused(Refusal::SharingAgreementExpired);
}

#[test]
fn the_last_day_of_an_accreditation_or_agreement_lies_within_three_years() {
    let out = || Refusal::UntilOutOfRange { months: 36 };
    for until in ["2026-05-31", "2029-06-02"] {
        let until = day(until);
        let conditions = Conditions::default();
        let asks = [
            Command::Accredit { until, participation: Participation::Supply, conditions },
            Command::SignSupply(Agreement { until, states_others: false, version: Some(1) }),
            Command::SignSharing(Sharing { version: 1, until }),
        ];
        for ask in asks {
            given::<Organisation>([registered()]).when(ask).then_refused(out());
        }
    }
}

/// The standing of one that has everything, on the day `NOW`, a condition changed by `more`.
fn with(more: Event) -> Organisation {
    let base = [registered(), sharing("2027-06-30"), agreed("2027-06-30"), accredited("2027-06-30")];
    given::<Organisation>(base.into_iter().chain(all_met(Participation::Both)).chain([more])).state()
}

#[test]
fn a_key_condition_that_runs_out_leaves_the_time_of_grace_and_another_only_warns() {
    let training = |until| Event::ConditionMet(met("training_plan", "2025-07-01", until));
    let lapsed = || Refusal::ConditionLapsed { condition: code("training_plan") };
    let today = with(training("2026-06-01"));
    assert_eq!(today.may_use(NOW, 72, &Conditions::default()), Standing::Good);
    let since = |since: &str| Standing::Grace { since: day(since), because: lapsed() };
    let lately = with(training("2026-05-30"));
    assert_eq!(lately.may_use(NOW, 72, &Conditions::default()), since("2026-05-31"));
    assert_eq!(lately.may_supply(day("2026-06-01"), &Conditions::default()), Ok(()), "it is for use alone");
    let long_ago = with(training("2026-05-01"));
    let barred = Standing::None { because: lapsed() };
    assert_eq!(long_ago.may_use(NOW, 72, &Conditions::default()), barred);
    let absences = with(Event::ConditionMet(met("absences", "2025-01-01", "2025-12-31")));
    assert_eq!(absences.may_use(NOW, 72, &Conditions::default()), Standing::Good);
}

#[test]
fn supply_ends_with_its_condition_and_has_no_grace() {
    let lately = with(Event::ConditionMet(met("data_quality", "2025-06-01", "2026-05-31")));
    let because = Refusal::ConditionLapsed { condition: code("data_quality") };
    assert_eq!(lately.may_supply(day("2026-06-01"), &Conditions::default()), Err(because));
    assert_eq!(lately.may_use(NOW, 72, &Conditions::default()), Standing::Good);
}

#[test]
fn a_condition_withdrawn_costs_the_standing_at_once() {
    let withdrawn = Event::ConditionWithdrawn { condition: code("access_review") };
    let because = Refusal::ConditionLapsed { condition: code("access_review") };
    let barred = Standing::None { because };
    assert_eq!(with(withdrawn.clone()).may_use(NOW, 72, &Conditions::default()), barred);
    let withdraw = || Command::WithdrawCondition { condition: code("access_review") };
    let held = [registered(), Event::ConditionMet(met("access_review", "2026-05-01", "2027-04-30"))];
    given::<Organisation>(held).when(withdraw()).then([withdrawn]).when(withdraw()).then_nothing();
}

#[test]
fn a_sharing_agreement_that_runs_out_ends_the_use() {
    let lapsed = with(sharing("2026-05-30"));
    let because = Refusal::SharingAgreementExpired;
    let grace = Standing::Grace { since: day("2026-05-31"), because };
    assert_eq!(lapsed.may_use(NOW, 72, &Conditions::default()), grace);
}

#[test]
fn everything_with_a_last_day_is_told() {
    let told: Vec<NaiveDate> = with(sharing("2027-06-30")).dated().into_iter().map(|(_, day)| day).collect();
    let conditions = all_met(Participation::Both).len();
    assert_eq!(told.len(), 3 + conditions);
}
