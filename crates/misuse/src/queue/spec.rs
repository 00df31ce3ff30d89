//! Specs of the queue: an invented village, an office, and who looked there.

use std::convert::Infallible;

use super::*;

/// Ten thousand children of a hundred surnames, a street each; the last is a canary.
struct Village;

const CANARY: u32 = 9_999;

impl World for Village {
    type Error = Infallible;

    fn child(&self, child: u32) -> Result<Child, Infallible> {
        let scattered = u64::from(child).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
        let street = if child < 10 { 1 } else { scattered };
        Ok(Child {
            surname: u64::from(child % 100),
            alphabet: scattered,
            street: Some(street),
            authority: Some(1),
            canary: child == CANARY,
            ..Child::default()
        })
    }

    fn bearers(&self, _surname: u64) -> Rarity {
        Rarity { bearers: 100, of: 10_000 }
    }

    fn colleagues(&self, _organisation: u32) -> Rarity {
        Rarity { bearers: 20, of: 10_000 }
    }

    fn authority_of(&self, _organisation: u32) -> Option<u32> {
        Some(1)
    }

    fn recorded_after(&self, _organisation: u32, _child: u32, _at: u32) -> Result<bool, Infallible> {
        Ok(false)
    }
}

/// Twenty people of one office, of names that no child bears.
fn office() -> Vec<User> {
    let one = |n: u32| User {
        organisation: n / 20,
        group: 0,
        surname: 1_000 + u64::from(n),
        whole_name: 1_000 + u64::from(n),
        home: None,
        postcode: None,
        woken: false,
        enumerated: false,
    };
    (0..100).map(one).collect()
}

/// Monday, ten in the morning.
const TEN: u32 = 10 * 60;

fn look(user: u32, child: u32, at: u32) -> Look {
    Look { at, user, child, explained: None, overridden: false }
}

fn asked(users: &[User], mut looks: Vec<Look>) -> Vec<Line> {
    looks.sort_by_key(|look| (look.user, look.at, look.child));
    let Ok(lines) = queue(&Village, users, &looks);
    lines
}

#[test]
fn what_is_explained_is_on_no_line() {
    let work = Look { explained: Some(Explanation::OpenEntry), ..look(3, 17, TEN) };
    assert!(asked(&office(), vec![work]).is_empty());
    assert_eq!(asked(&office(), vec![work, look(3, 18, TEN)]).len(), 1);
}

#[test]
fn a_canary_comes_before_a_sweep_and_a_sweep_is_one_line_before_a_single_look() {
    let mut looks = vec![look(1, CANARY, TEN), look(50, 4_321, TEN)];
    looks.extend((0..8).map(|n| look(22, n, TEN + 2 * n)));
    let lines = asked(&office(), looks);
    let signals: Vec<Signal> = lines.iter().filter_map(|line| line.ranked.signals().next()).collect();
    assert_eq!(signals[..2], [Signal::Canary, Signal::Sweep]);
    assert_eq!((lines.len(), lines[1].looks.len()), (3, 8));
    assert!(lines[1].looks.contains(&lines[1].first));
}

#[test]
fn the_same_surname_and_a_crowd_of_other_offices_are_each_seen() {
    let mut users = office();
    users[5].surname = 42;
    let crowd = [30, 50, 70, 90].map(|user| look(user, 7_777, TEN));
    let lines = asked(&users, [&[look(5, 142, TEN)][..], &crowd].concat());
    let seen =
        |wanted: Signal| lines.iter().filter(|line| line.ranked.signals().any(|seen| seen == wanted)).count();
    assert_eq!((seen(Signal::OwnSurname), seen(Signal::Burst)), (1, 4));
}

#[test]
fn who_looks_again_on_other_days_and_at_night_is_seen_beside_those_who_do_not() {
    let nights = [0, 2, 4].map(|day| look(8, 600, day * DAY + 23 * 60));
    let day_work =
        (0..40).map(|n| Look { explained: Some(Explanation::Register), ..look(8, n, n * 10 + TEN) });
    let lines = asked(&office(), nights.into_iter().chain(day_work).collect());
    let told: Vec<Signal> = lines[0].ranked.signals().collect();
    assert!(told.contains(&Signal::Returned) && told.contains(&Signal::OutOfHours), "{told:?}");
    assert_eq!(lines[0].looks.len(), 3);
}

#[test]
fn whoever_reached_a_ceiling_comes_before_whoever_did_not() {
    let mut users = office();
    users[30].enumerated = true;
    let lines = asked(&users, vec![look(50, 4_321, TEN), look(30, 4_322, TEN)]);
    assert!(lines[0].ranked.signals().any(|signal| signal == Signal::Enumeration), "{lines:?}");
    assert!(lines[0].ranked.weight > lines[1].ranked.weight);
}

#[test]
fn nights_of_whom_overtime_has_kept_before_are_seen_and_those_of_a_night_shift_are_not() {
    let work = |user: u32, day: u32, hour: u32| Look {
        explained: Some(Explanation::Register),
        ..look(user, 3_000 + day, day * DAY + hour * 60)
    };
    let weekdays = || (0..28).filter(|day| day % 7 < 5);
    let overtime = weekdays().map(|day| work(8, day, if day % 10 == 1 { 21 } else { 10 }));
    let shifts = weekdays().map(|day| work(9, day, if day % 2 == 1 { 22 } else { 10 }));
    let nights =
        [8, 9].into_iter().flat_map(|user| (0..3).map(move |n| look(user, 600 + n, 2 * DAY + 23 * 60)));
    let lines = asked(&office(), overtime.chain(shifts).chain(nights).collect());
    let late: Vec<&Line> = lines
        .iter()
        .filter(|line| line.ranked.signals().any(|signal| signal == Signal::OutOfHours))
        .collect();
    assert_eq!(late.len(), 1, "{lines:?}");
    assert_eq!((late[0].looks.len(), late[0].ranked.weight), (3, 1_100 + crate::weights::NOTHING_AFTER));
}

#[test]
fn three_of_one_evening_say_more_than_one_of_each_of_three() {
    let at = |user: u32, n: u32, day: u32| look(user, 600 + n, day * DAY + 21 * 60);
    let one: Vec<Look> = (0..3).map(|n| at(8, n, 1)).collect();
    let three = (0..3).map(|n| at(30, 10 + n, n));
    let lines = asked(&office(), one.into_iter().chain(three).collect());
    let [first, second] = &lines[..] else { panic!("{lines:?}") };
    assert_eq!((first.looks.len(), second.looks.len()), (3, 3));
    assert_eq!(first.first, 0, "the one evening");
    assert!(first.ranked.weight >= second.ranked.weight + 400);
}

#[test]
fn a_few_every_day_come_before_as_many_as_they_come() {
    let weekdays: Vec<u32> = (0..28).filter(|day| day % 7 < 5).collect();
    let mut looks: Vec<Look> = weekdays.iter().map(|day| look(8, 700 + 13 * day, day * DAY + TEN)).collect();
    // As many, three a day on some of the days; both work by day beside.
    let strewn =
        (0..20).map(|n| look(30, 2_000 + 13 * n, weekdays[usize::try_from(n).unwrap() / 3] * DAY + TEN + n));
    looks.extend(strewn);
    let work = |user: u32, day: u32| Look {
        explained: Some(Explanation::Register),
        ..look(user, 5_000 + day, day * DAY + 9 * 60)
    };
    looks.extend([8, 30].into_iter().flat_map(|user| weekdays.iter().map(move |day| work(user, *day))));
    let lines = asked(&office(), looks);
    assert_eq!(lines.iter().map(|line| line.looks.len()).collect::<Vec<_>>(), [20, 20]);
    assert!(lines[0].ranked.weight >= lines[1].ranked.weight + 300, "{lines:?}");
    assert_eq!(lines[0].first / 40, 0, "the one of every day");
}
