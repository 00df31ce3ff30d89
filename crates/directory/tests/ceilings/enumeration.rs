//! A million attempts: by numbers that look right, and by criteria from lists of names.

use std::collections::BTreeSet;

use events::{
    Fact, access,
    ceiling::{Ceilings, Counted, Span},
    search::{self, Criteria},
};
use vocabulary::{AccessReason, ChildNumber, Lot, Role};

use crate::world::{Answer, CHILDREN, FORENAMES, SURNAMES, World, YEARS};

const ATTEMPTS: u64 = 1_000_000;

/// Numbers that nobody gave away: drawn like those of children, and well-formed.
fn guess(number: u64) -> ChildNumber {
    let mut bits = number.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(0xD1B5_4A32_D192_ED03);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ChildNumber::from_draw(bits ^ (bits >> 31))
}

/// What the lists of names give, one after another: surnames with years, and then with forenames too.
fn criteria(number: u64) -> Criteria {
    let number = usize::try_from(number).unwrap();
    let (year, number) = (number % YEARS.len(), number / YEARS.len());
    let (surname, number) = (number % SURNAMES.len(), number / SURNAMES.len());
    Criteria {
        forename: number.checked_sub(1).map(|number| FORENAMES[number % FORENAMES.len()].to_owned()),
        surname: Some(SURNAMES[surname].to_owned()),
        birth_year: Some(YEARS.start + i32::try_from(year).unwrap()),
        ..Criteria::default()
    }
}

#[test]
fn a_million_numbers_that_look_right_disclose_nobody_and_ring_the_alarm_first() {
    let world = World::new();
    let limit = u64::from(Ceilings::default().fruitless.hour);
    let bot = world.employ("bot", Role::Practitioner);
    let mut locked_at = None;
    for number in 1..=ATTEMPTS {
        let answer = world.open(&world.person(bot), guess(number), AccessReason::NewReferral);
        if locked_at.is_none() && answer.is_ceiling() {
            // Durable is what the disk holds: told by then, and told once.
            let alarms = world.alarms();
            assert_eq!(alarms.len(), 1);
            assert_eq!((alarms[0].counted, alarms[0].within), (Counted::Fruitless, Span::Hour));
            locked_at = Some(number);
        }
        let expected = if locked_at.is_some() { Answer::Refused("ceiling_reached") } else { Answer::Unknown };
        assert_eq!(answer, expected, "{number}");
    }
    assert_eq!(locked_at, Some(limit + 1));
    assert_eq!(world.alarms().len(), 1);
    let figures = world.directory.ceiling_figures();
    assert_eq!(figures.reached, [(Counted::Fruitless, Span::Hour, 1)]);
    assert_eq!(figures.refused, ATTEMPTS - limit);
}

#[test]
fn a_million_searches_from_lists_of_names_end_at_the_ceiling_with_the_alarm_durable_before() {
    let world = World::new();
    let ceilings = Ceilings::default();
    let bot = world.employ("bot", Role::Practitioner);
    let (mut listed, mut opened, mut attempts) = (BTreeSet::new(), BTreeSet::new(), 0_u64);
    let mut locked_at = None;
    for number in 0.. {
        if attempts >= ATTEMPTS {
            break;
        }
        attempts += 1;
        let reason = AccessReason::NewReferral;
        let answer = world.search(&world.person(bot), criteria(number), 1, reason);
        if answer.is_ceiling() && locked_at.is_none() {
            assert_eq!(world.alarms().len(), 1, "the alarm is durable before the first refusal is answered");
            locked_at = Some(attempts);
        }
        let Answer::Shown(found) = answer else { continue };
        assert!(locked_at.is_none(), "nobody is shown after the lock");
        for child in found {
            listed.insert(child);
            attempts += 1;
            if world.open(&world.person(bot), child, reason).shown() == 1 {
                opened.insert(child);
            }
        }
    }
    let locked_at = locked_at.unwrap();
    let most = u64::from(ceilings.searches.hour + ceilings.opened.hour + ceilings.fruitless.hour + 10);
    assert!(locked_at <= most, "locked at attempt {locked_at}");
    assert!(
        !listed.is_empty() && listed.len() < CHILDREN,
        "{} of {CHILDREN} children were listed",
        listed.len()
    );
    assert!(opened.len() <= usize::try_from(ceilings.opened.hour).unwrap(), "{} records", opened.len());
    assert!(listed.len() <= usize::try_from(ceilings.listed.hour).unwrap() + 9);
}

#[test]
fn the_urgent_reasons_are_never_refused_and_every_look_over_the_ceiling_is_reviewed() {
    let world = World::new();
    let limit = Ceilings::default().opened.hour;
    let desk = world.employ("desk", Role::Practitioner);
    for reason in [AccessReason::Emergency, AccessReason::ChildProtectionEnquiry] {
        for number in &world.numbers {
            assert_eq!(world.open(&world.person(desk), *number, reason).shown(), 1);
        }
    }
    let named = Criteria { surname: Some("Lowe".to_owned()), birth_year: Some(2010), ..Criteria::default() };
    let found = world.search(&world.person(desk), named.clone(), 1, AccessReason::Emergency);
    assert!(found.shown() > 0);
    assert_eq!(
        world.search(&world.person(desk), named, 1, AccessReason::Assessment),
        Answer::Refused("ceiling_reached")
    );
    assert_eq!(world.alarms().len(), 1);
    let drawn = world.durable(|fact| {
        matches!(fact, Fact::Access(access::Event::ReviewDrawn { lots, .. }) if lots.contains(&Lot::OverCeiling))
    });
    assert_eq!(drawn.len(), 2 * CHILDREN - usize::try_from(limit).unwrap());
    let marked = world.durable(
        |fact| matches!(fact, Fact::Search(search::Event::SearchDelivered(page)) if page.over_ceiling),
    );
    assert_eq!(marked.len(), 1);
    let nobodys = guess(1);
    assert_eq!(world.open(&world.person(desk), nobodys, AccessReason::Emergency), Answer::Unknown);
}
