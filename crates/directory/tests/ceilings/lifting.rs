//! What opens the directory again after a ceiling, what a restart forgets, and what counts alike.

use chrono::Duration;
use directory::AccountAct;
use events::{ceiling::Ceilings, search::Criteria};
use vocabulary::{AccessReason, AccountId, Role};

use crate::world::{Answer, World};

fn guess(world: &World, account: AccountId) -> Answer {
    world.open(&world.person(account), world.nobodys(), AccessReason::Assessment)
}

/// Guesses until the ceiling answers; how many guesses were answered before.
fn guess_until_locked(world: &World, account: AccountId) -> u32 {
    (0..1_000).find(|_| guess(world, account).is_ceiling()).unwrap()
}

fn ask(world: &World, account: AccountId) -> Answer {
    world.open(&world.person(account), world.numbers[0], AccessReason::Assessment)
}

#[test]
fn the_own_sign_in_opens_once_a_day_and_then_somebody_else_must_act() {
    let world = World::new();
    let limit = Ceilings::default().fruitless.hour;
    let (nurse, manager) =
        (world.employ("nurse", Role::Practitioner), world.employ("boss", Role::UserManager));
    assert_eq!(guess_until_locked(&world, nurse), limit);
    assert_eq!(ask(&world, nurse), Answer::Refused("ceiling_reached"));
    world.wait(Duration::hours(2));
    assert_eq!(ask(&world, nurse), Answer::Refused("ceiling_reached"), "time alone opens nothing");
    world.sign_in("nurse").unwrap();
    assert_eq!(ask(&world, nurse).shown(), 1);
    assert_eq!(guess_until_locked(&world, nurse), limit, "the count begins anew");
    assert_eq!(ask(&world, nurse), Answer::Refused("ceiling_reached_again"));
    world.sign_in("nurse").unwrap();
    assert_eq!(ask(&world, nurse), Answer::Refused("ceiling_reached_again"));
    world.wait(Duration::days(1));
    assert_eq!(ask(&world, nurse), Answer::Refused("ceiling_reached_again"));
    assert_eq!(world.alarms().len(), 2);
    let act = AccountAct::Reinstate;
    world.directory.administer_account(&world.person(manager), nurse, act).unwrap();
    assert_eq!(ask(&world, nurse).shown(), 1);
}

#[test]
fn whom_a_case_management_system_vouches_for_signs_in_here_before_they_look_on() {
    let world = World::new();
    let nurse = world.employ("nurse", Role::Practitioner);
    let try_one = || world.open(&world.vouched_for(nurse), world.nobodys(), AccessReason::Assessment);
    let answered = (0..1_000).find(|_| try_one().is_ceiling()).unwrap();
    assert_eq!(answered, Ceilings::default().fruitless.hour);
    assert_eq!(try_one(), Answer::Refused("ceiling_reached"));
    assert_eq!(ask(&world, nurse), Answer::Refused("ceiling_reached"), "the account, by whichever way in");
    world.sign_in("nurse").unwrap();
    assert_eq!(try_one(), Answer::Unknown);
}

#[test]
fn signing_in_below_the_ceiling_begins_no_new_count() {
    let world = World::new();
    let limit = Ceilings::default().fruitless.hour;
    let nurse = world.employ("nurse", Role::Practitioner);
    for _ in 0..limit - 1 {
        assert_eq!(guess(&world, nurse), Answer::Unknown);
    }
    world.sign_in("nurse").unwrap();
    assert_eq!(guess_until_locked(&world, nurse), 1);
}

#[test]
fn an_hour_begins_anew_and_a_day_goes_on_counting() {
    let world = World::new();
    let limits = Ceilings::default().fruitless;
    let nurse = world.employ("nurse", Role::Practitioner);
    let mut answered = 0;
    for _ in 0..(limits.day - 1) / (limits.hour - 1) {
        for _ in 0..limits.hour - 1 {
            assert_eq!(guess(&world, nurse), Answer::Unknown);
            answered += 1;
        }
        world.wait(Duration::hours(1));
    }
    answered += guess_until_locked(&world, nurse);
    assert_eq!(answered, limits.day);
}

#[test]
fn a_restart_forgets_neither_who_must_sign_in_again_nor_what_was_searched_for() {
    let world = World::new();
    let (nurse, clerk) =
        (world.employ("nurse", Role::Practitioner), world.employ("clerk", Role::Practitioner));
    guess_until_locked(&world, nurse);
    let nobody =
        || Criteria { surname: Some("Zzyzx".to_owned()), birth_year: Some(2010), ..Criteria::default() };
    let search = |at: &World| at.search(&at.person(clerk), nobody(), 1, AccessReason::Assessment);
    let limit = Ceilings::default().fruitless.hour;
    for _ in 0..limit - 5 {
        assert_eq!(search(&world), Answer::Shown(Vec::new()));
    }
    let world = world.reopened();
    assert_eq!(ask(&world, nurse), Answer::Refused("ceiling_reached"));
    let more = (0..1_000).find(|_| search(&world).is_ceiling()).unwrap();
    assert_eq!(more, 5, "what was searched for before counts on");
    world.sign_in("clerk").unwrap();
    let world = world.reopened();
    let anew = (0..1_000).find(|_| search(&world).is_ceiling()).unwrap();
    assert_eq!(anew, limit, "what a sign-in put behind stays behind");
}

#[test]
fn a_concealed_record_and_a_number_that_nobody_has_count_and_are_answered_alike() {
    let world = World::new();
    let concealed = world.numbers[0];
    world.conceal(0);
    let accounts = [("one", world.nobodys()), ("other", concealed)];
    let answers = accounts.map(|(username, number)| {
        let account = world.employ(username, Role::Practitioner);
        let reasons = [AccessReason::Assessment, AccessReason::ContinuingSupport, AccessReason::Emergency];
        let all: Vec<Answer> = (0..300)
            .map(|turn| world.open(&world.person(account), number, reasons[turn % reasons.len()]))
            .collect();
        all
    });
    assert_eq!(answers[0], answers[1]);
    assert!(answers[0].iter().any(Answer::is_ceiling));
    assert!(answers[0].iter().all(|answer| answer.shown() == 0));
}
