//! Side by side: what many send at once is taken once, and each child's entries are all there (ADR-0030).

use std::thread;

use directory::{Mode, OutcomeKind};
use serde_json::{Value, json};

use crate::world::{FEEDS, World, opened};

const SENDERS: usize = 4;
const CHILDREN: usize = 6;
const ENTRIES: usize = 240;

/// Children whom nobody takes for one another.
fn child(number: usize) -> Value {
    let surname = ["Lowe", "Marsh", "Quill", "Abbot", "Vane", "Tilney"][number];
    let forename = ["Ava", "Ben", "Ida", "Otto", "Zoe", "Hugo"][number];
    json!({"local_ref": format!("c-{number}"), "forename": forename, "surname": surname,
        "date_of_birth": format!("20{:02}-0{}-1{number}", 9 + number, 1 + number), "gender": "not_specified"})
}

/// Lets several tell the world the same at once; answers how often each thing came to `recorded`.
fn all_at_once(told: impl Fn(usize) -> OutcomeKind + Sync, things: usize) -> Vec<usize> {
    let outcomes: Vec<Vec<OutcomeKind>> = thread::scope(|scope| {
        // Each begins elsewhere, so that they meet and overtake one another.
        let sends = |sender: usize| (0..things).map(move |at| (at + sender * things / SENDERS) % things);
        let senders: Vec<_> = (0..SENDERS)
            .map(|sender| {
                let told = &told;
                scope.spawn(move || {
                    let mut came = vec![OutcomeKind::Duplicate; things];
                    sends(sender).for_each(|thing| came[thing] = told(thing));
                    came
                })
            })
            .collect();
        senders.into_iter().map(|sender| sender.join().unwrap()).collect()
    });
    let kinds = outcomes.iter().flatten();
    assert!(
        kinds.clone().all(|kind| matches!(kind, OutcomeKind::Recorded | OutcomeKind::Duplicate)),
        "{outcomes:?}"
    );
    let recorded = |thing: usize| outcomes.iter().filter(|came| came[thing] == OutcomeKind::Recorded).count();
    (0..things).map(recorded).collect()
}

#[test]
fn what_many_send_at_once_about_linked_children_is_taken_once() {
    let world = World::new();
    for number in 0..CHILDREN {
        assert_eq!(world.described(FEEDS[0], &child(number)).kind, OutcomeKind::Recorded);
    }
    let before = world.directory.head().unwrap().0;
    let started = |entry: usize| {
        let data = json!({"child": {"local_ref": format!("c-{}", entry % 2)},
            "involvement_ref": format!("e-{entry}"), "service_type": "school", "team": "Office",
            "started_on": "2026-06-01",
            "contacts": [{"kind": "telephone", "use": "duty", "value": "020 7946 0001"}]});
        world.said(FEEDS[0], "involvement.started", &data, Mode::Record).kind
    };
    assert_eq!(all_at_once(started, ENTRIES), vec![1; ENTRIES]);
    assert_eq!(world.directory.head().unwrap().0 - before, u64::try_from(ENTRIES).unwrap());
}

#[test]
fn a_first_load_that_several_send_at_once_makes_one_child_of_each_reference() {
    let world = World::new();
    let described = |number: usize| world.told(FEEDS[0], &child(number), Mode::FirstLoad).kind;
    assert_eq!(all_at_once(described, CHILDREN), vec![1; CHILDREN]);
    let World { directory: before, log, vault, folder } = world;
    drop(before);
    let after = opened(&log, &vault, &folder.path().join("rows"));
    assert_eq!(after.index_children(), CHILDREN);
}
