//! Sequences of feeds, merges and splits, drawn: a shielded child never appears unshielded.

use std::collections::BTreeMap;

use directory::{OutcomeKind, Person};
use events::search::Criteria;
use serde_json::{Value, json};
use vocabulary::{ChildNumber, Role};

use crate::{
    draws::{Draws, as_a_feed_tells, somebody},
    world::{FEEDS, World},
};

/// Shielded children in the long run, each with a sequence of its own.
const SEQUENCES: u64 = 10_000;

/// How many of them are searched for at the end.
const SEARCHED: u64 = 60;

/// Numbers from here on are of children that nobody shielded.
const OPEN: u64 = 1_000_000;

/// A shielded child, another one, and whether they are or ever were merged.
struct Pair {
    shielded: ChildNumber,
    other: ChildNumber,
    merged: Option<(ChildNumber, ChildNumber)>,
    ever: bool,
}

struct Staff {
    team: Person,
    manager: Person,
    practitioner: Person,
}

/// One step of a sequence.
fn step(world: &World, staff: &Staff, pair: &mut Pair, number: u64, row: u64, draws: &mut Draws) {
    match draws.below(6) {
        0 | 1 => {
            let mut told = as_a_feed_tells(&somebody(number), draws);
            told["local_ref"] = json!(format!("f-{number}-{row}"));
            let outcome = world.described(FEEDS[usize::try_from(draws.below(3)).unwrap()], &told);
            let own = [Some(pair.shielded), pair.merged.map(|(stays, _)| stays)];
            let safe = outcome.kind == OutcomeKind::Queued || own.contains(&outcome.child_number);
            assert!(safe, "{number}: {outcome:?} told as {told}");
        }
        2 => {
            // The other child's own feed goes on under its own reference, wherever that is now.
            let mut told = somebody(OPEN + number);
            told["local_ref"] = json!(format!("o-{number}"));
            told["address"] = json!({"lines": [format!("{row} Elder Close")], "town": "London"});
            let outcome = world.described(FEEDS[0], &told);
            assert_ne!(outcome.kind, OutcomeKind::Refused, "{outcome:?}");
        }
        3 | 4 => match pair.merged {
            None => {
                let (stays, absorbed) = if draws.below(2) == 0 {
                    (pair.shielded, pair.other)
                } else {
                    (pair.other, pair.shielded)
                };
                assert_eq!(world.merge(&staff.manager, stays, absorbed).kind, OutcomeKind::Recorded);
                pair.merged = Some((stays, absorbed));
                pair.ever = true;
            }
            Some((stays, absorbed)) => {
                assert_eq!(world.merge(&staff.manager, absorbed, stays).kind, OutcomeKind::Unchanged);
            }
        },
        _ => {
            if let Some((stays, absorbed)) = pair.merged.take() {
                assert_eq!(world.split(&staff.manager, stays, absorbed).kind, OutcomeKind::Recorded);
            }
        }
    }
}

/// What a practitioner may see after any of it.
fn nothing_hidden_shows(world: &World, staff: &Staff, pair: &Pair, number: u64) {
    let home = &somebody(number)["address"];
    for asked in [pair.shielded, pair.other] {
        let record = world.record(&staff.practitioner, asked);
        let hides = asked == pair.shielded || pair.ever;
        assert_eq!(record["shielded"], json!(hides), "{number}: {record}");
        if hides {
            for group in ["address", "involvements", "education", "primary_care", "identifiers"] {
                assert_eq!(record.get(group), None, "{number}: {record}");
            }
        }
        let text = record.to_string();
        for hidden in [&home["postcode"], &home["lines"][0]] {
            assert!(!text.contains(hidden.as_str().unwrap()), "{number}: {record}");
        }
        let answers = pair.merged.map_or(asked, |(stays, _)| stays);
        assert_eq!(record["child_number"], json!(answers.to_string()), "{number}");
    }
}

#[test]
fn no_sequence_of_feeds_merges_and_splits_makes_a_shielded_child_appear_unshielded() {
    let world = World::new();
    let staff = Staff {
        team: world.user(Role::AuthorityTeam),
        manager: world.user(Role::DataManager),
        practitioner: world.user(Role::Practitioner),
    };
    let mut pairs = BTreeMap::new();
    for number in 0..SEQUENCES {
        let mut child = somebody(number);
        child["local_ref"] = json!(format!("a-{number}"));
        let mut open = somebody(OPEN + number);
        open["local_ref"] = json!(format!("o-{number}"));
        // Among ten thousand, a few resemble another enough to be asked about themselves.
        let Some(shielded) = world.shielded(&staff.team, &child) else { continue };
        let Some(other) = world.described(FEEDS[0], &open).child_number.filter(|other| *other != shielded)
        else {
            continue;
        };
        let mut pair = Pair { shielded, other, merged: None, ever: false };
        let mut draws = Draws(number << 20 | 1);
        for row in 0..=draws.below(6) {
            step(&world, &staff, &mut pair, number, row, &mut draws);
        }
        nothing_hidden_shows(&world, &staff, &pair, number);
        pairs.insert(number, pair);
    }
    assert!(pairs.len() as u64 > SEQUENCES * 9 / 10, "{}", pairs.len());
    assert!(pairs.values().filter(|pair| pair.ever).count() as u64 > SEQUENCES / 2, "merges happen");
    for (number, pair) in pairs.into_iter().step_by(usize::try_from(SEQUENCES / SEARCHED).unwrap()) {
        found_as_shielded(&world, &staff, &pair, &somebody(number), number);
    }
}

/// By name and birth the shielded child alone is found, and by its address nobody.
fn found_as_shielded(world: &World, staff: &Staff, pair: &Pair, child: &Value, number: u64) {
    let surname = Some(child["surname"].as_str().unwrap().to_owned());
    let by_birth = Criteria {
        surname: surname.clone(),
        date_of_birth: Some(child["date_of_birth"].as_str().unwrap().parse().unwrap()),
        ..Criteria::default()
    };
    let answers = pair.merged.map_or(pair.shielded, |(stays, _)| stays);
    let found = world.found(&staff.practitioner, by_birth);
    let of_pair = found.iter().filter(|(found, ..)| [pair.shielded, answers].contains(found));
    assert!(of_pair.clone().all(|(_, shielded, outcode)| *shielded && !outcode), "{number}: {found:?}");
    // Of two that are one, the name that stands may be the other's: then this one is a former name and hidden.
    let borne =
        world.record(&staff.practitioner, answers)["names"].to_string().contains(surname.as_ref().unwrap());
    assert_eq!(of_pair.count() > 0, borne, "{number}: {found:?}");
    let by_address = Criteria {
        surname,
        postcode: Some(child["address"]["postcode"].as_str().unwrap().parse().unwrap()),
        ..Criteria::default()
    };
    assert_eq!(world.found(&staff.practitioner, by_address), [], "{number}");
}
