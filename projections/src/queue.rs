//! The identity queue: what waits for a person to say which child it means, and what waits behind it.
//!
//! A row goes when its item comes to its end; what it came to is told by its stream.
//! Source: contract.md section 3 (`queued`); rules.md 2.7; domain.md 4.4.

use chrono::{DateTime, Utc};
use events::{
    intake::{Decision, Event, Likeness, Queued, Waiting},
    recorded::{Payload, Recorded},
};
use serde::{Deserialize, Serialize};
use vocabulary::{ChildId, IntakeId, KeyId, OrganisationId, Position, StreamKind};

use crate::{Posting, ReadModel, Writing, facts};

/// What waits, by [`IntakeId`].
pub enum Queue {}

/// One item that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Where it was taken in: the place in the queue, and what its `queued` outcome gave.
    pub position: Position,
    /// Since when it waits.
    pub since: DateTime<Utc>,
    /// The key that seals it.
    pub key: KeyId,
    /// For what it waits.
    pub waits: Waits,
    /// What was decided, while it is carried out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<Decision>,
}

/// For what an item waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Waits {
    /// For a person to decide.
    ForPerson(Queued),
    /// For another item of the same reference.
    Behind(Waiting),
    /// For a person to say whether two records are of one child.
    Alike(Likeness),
}

impl Item {
    /// Whose it is; nobody's where two records are alike.
    pub fn supplier(&self) -> Option<&OrganisationId> {
        match &self.waits {
            Waits::ForPerson(queued) => Some(&queued.supplier),
            Waits::Behind(waiting) => Some(&waiting.supplier),
            Waits::Alike(_) => None,
        }
    }

    /// The children that it may mean.
    fn candidates(&self) -> &[ChildId] {
        match &self.waits {
            Waits::ForPerson(queued) => &queued.candidates,
            Waits::Behind(_) => &[],
            Waits::Alike(likeness) => &likeness.candidates,
        }
    }
}

/// Number of the index of what waits for a person.
const FOR_PERSON: u8 = 1;

/// Number of the index of what waits behind an item.
const BEHIND: u8 = 2;

/// Number of the index of everything of one supplier.
const OF_SUPPLIER: u8 = 3;

/// Number of the index of the items that name a child as a candidate.
const CANDIDATE: u8 = 4;

impl ReadModel for Queue {
    const NAME: &'static str = "queue.v1";
    const READS: &'static [StreamKind] = &[StreamKind::Intake, StreamKind::Erasure];
    const WRITING: Writing = Writing::OfStream(StreamKind::Intake);

    type Key = IntakeId;
    type Row = Item;

    fn keys(recorded: &Recorded) -> Vec<IntakeId> {
        if facts::is_only_counted(recorded) {
            return Vec::new();
        }
        facts::touched(recorded, StreamKind::Intake)
            .into_iter()
            .map(|stream| IntakeId::new(stream.id))
            .collect()
    }

    fn evolve(row: Option<Item>, item: &IntakeId, recorded: &Recorded) -> Option<Item> {
        let forgotten = facts::keys_destroyed(recorded, item.stream());
        if !forgotten.is_empty() {
            return row.filter(|row| !forgotten.contains(&row.key));
        }
        if recorded.stream != item.stream() {
            return row;
        }
        match &recorded.payload {
            Payload::Erased => None,
            Payload::Open(entry) => {
                let events = entry.facts.iter().filter_map(facts::of_intake);
                events.fold(row, |row, event| step(row, event, recorded))
            }
        }
    }

    fn sealed_under(row: &Item, _recorded: &Recorded) -> KeyId {
        row.key
    }

    fn postings(item: &IntakeId, row: &Item) -> Vec<Posting> {
        let own = row.supplier().map(|supplier| of_supplier(supplier).and(&row.position).and(item));
        let mut postings: Vec<Posting> = own.into_iter().collect();
        match &row.waits {
            Waits::ForPerson(_) | Waits::Alike(_) if row.decided.is_some() => (),
            Waits::ForPerson(_) | Waits::Alike(_) => {
                postings.push(for_person().and(&row.position).and(item));
                let candidates = row.candidates().iter();
                postings.extend(candidates.map(|child| naming(*child).and(&row.position).and(item)));
            }
            Waits::Behind(waiting) => {
                postings.push(behind(waiting.behind).and(&row.position).and(item));
            }
        }
        postings
    }
}

/// What one event makes of an item.
fn step(row: Option<Item>, event: &Event, recorded: &Recorded) -> Option<Item> {
    let begun = |waits| Item {
        position: recorded.position,
        since: recorded.recorded_at,
        key: recorded.key,
        waits,
        decided: None,
    };
    match event {
        Event::EventQueued(queued) => Some(begun(Waits::ForPerson(queued.clone()))),
        Event::EventWaiting(waiting) => Some(begun(Waits::Behind(waiting.clone()))),
        Event::LikenessFound(likeness) => Some(begun(Waits::Alike(likeness.clone()))),
        Event::QueueDecided { decision } => row.map(|row| Item { decided: Some(*decision), ..row }),
        Event::EventResolved(_) => None,
        Event::StatementRepeated { .. } | Event::ConsentRefusalCounted { .. } => row,
    }
}

/// The beginning of all postings of what waits for a person, the oldest first.
pub fn for_person() -> Posting {
    Posting::of(FOR_PERSON)
}

/// The beginning of all postings of what waits behind an item, the oldest first.
pub fn behind(item: IntakeId) -> Posting {
    Posting::of(BEHIND).and(&item)
}

/// The beginning of all postings of everything of one supplier that waits, the oldest first.
pub fn of_supplier(supplier: &OrganisationId) -> Posting {
    Posting::of(OF_SUPPLIER).and(supplier)
}

/// The beginning of all postings of what waits and may mean a child.
pub fn naming(child: ChildId) -> Posting {
    Posting::of(CANDIDATE).and(&child)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        samples::{ava, destroyed, intake, item, organisation, queued, waiting},
        spec::{Given, KEY, erased, given, told},
    };
    use serde_json::json;
    use uuid::Uuid;
    use vocabulary::Stream;

    fn places(given: &Given, within: &Posting) -> usize {
        given.postings::<Queue>().iter().filter(|posting| posting.0.starts_with(&within.0)).count()
    }

    #[test]
    fn what_waits_for_a_person_keeps_its_place_and_its_candidates() {
        let given = given([told(item(1).stream(), [queued(&[ava()])])]);
        assert_eq!(given.row::<Queue>(&item(1)).get().position, Position(1));
        assert_eq!(places(&given, &for_person()), 1);
        assert_eq!(places(&given, &naming(ava())), 1);
        assert_eq!(places(&given, &of_supplier(&organisation("org:a"))), 1);
    }

    #[test]
    fn what_waits_behind_an_item_is_found_by_it_and_by_no_data_manager() {
        let given = given([
            told(item(1).stream(), [queued(&[])]),
            told(item(2).stream(), [waiting(item(1))]),
            told(item(3).stream(), [waiting(item(1))]),
        ]);
        assert_eq!(places(&given, &behind(item(1))), 2);
        assert_eq!(places(&given, &for_person()), 1);
    }

    #[test]
    fn a_decided_item_leaves_the_queue_and_a_resolved_one_leaves_no_row() {
        let decided = intake("queue_decided", &json!({"decision": "new"}));
        let resolved = intake("event_resolved", &json!({"outcome": "recorded", "position": 3}));
        let stream = item(1).stream();
        let both = given([told(stream, [queued(&[ava()])]), told(stream, [decided.clone()])]);
        assert_eq!(both.row::<Queue>(&item(1)).get().decided, Some(Decision::New));
        assert_eq!(places(&both, &for_person()), 0);
        given([told(stream, [queued(&[ava()])]), told(stream, [decided]), told(stream, [resolved])])
            .row::<Queue>(&item(1))
            .is_none();
    }

    #[test]
    fn two_records_that_are_alike_wait_for_a_person_and_are_nobodys_event() {
        let other = ChildId::new(Uuid::from_u128(0xe7));
        let found = intake(
            "likeness_found",
            &json!({"candidates": [ava(), other], "reason": "sounds_alike",
                "weighing": {"model": "children_1", "prior": 0, "fields": [], "kin": 0, "rivals": 0, "odds": 0}}),
        );
        let given = given([told(item(1).stream(), [found])]);
        assert_eq!(given.row::<Queue>(&item(1)).get().supplier(), None);
        assert_eq!(
            (places(&given, &for_person()), places(&given, &of_supplier(&organisation("org:a")))),
            (1, 0)
        );
        assert_eq!((places(&given, &naming(ava())), places(&given, &naming(other))), (1, 1));
    }

    #[test]
    fn a_forgotten_item_leaves_no_row_whenever_it_was_read() {
        let stream = item(1).stream();
        let erasure = Stream::new(StreamKind::Erasure, Uuid::from_u128(1));
        given([told(stream, [queued(&[])]), told(erasure, [destroyed(stream, &[KEY])])])
            .row::<Queue>(&item(1))
            .is_none();
        given([erased(stream)]).row::<Queue>(&item(1)).is_none();
    }

    #[test]
    fn a_repetition_touches_no_row() {
        let repeated = intake("statement_repeated", &json!({"supplier": "org:a"}));
        let records = crate::spec::records([told(item(1).stream(), [repeated])]);
        assert_eq!(Queue::keys(&records[0]), []);
    }
}
