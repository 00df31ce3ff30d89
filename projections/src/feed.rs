//! The feed: what the organisations that send are told of what became of it, each its own.
//!
//! A row names a kind, a child and what it is about, and holds no detail: those are fetched, with a reason.
//! Nothing is told here that its reader could not read elsewhere; of a sensitive or protected entry nobody is
//! told. Source: contract.md section 2 (`/feed`); rules.md 2.3.

use events::{
    child,
    intake::Event,
    recorded::{Actor, Payload, Recorded},
};
use serde::{Deserialize, Serialize};
use vocabulary::{ChildId, IntakeId, KeyId, OrganisationId, Position, StreamKind};

use crate::{ReadModel, Writing, facts};

/// What is told, by organisation and the position of what happened.
pub enum Feed {}

/// One thing that an organisation is told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedEvent {
    /// An event of its own that waited has come to its end.
    EventResolved {
        /// What waited.
        item: IntakeId,
        /// The child that it meant; none where a rule said no.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        child: Option<ChildId>,
    },
    /// Its own word on a child differs from the one that stands, in fields that it may see.
    DiscrepancyRaised {
        /// Whose.
        child: ChildId,
    },
    /// A child that it knows by a reference answers under another number.
    ChildMerged {
        /// The record that was absorbed.
        child: ChildId,
    },
    /// A child that it knows by a reference answers under a number of its own again.
    ChildSplit {
        /// The record that was absorbed.
        child: ChildId,
    },
}

impl ReadModel for Feed {
    const NAME: &'static str = "feed.v1";
    const READS: &'static [StreamKind] = &[StreamKind::Child, StreamKind::Intake];
    const WRITING: Writing = Writing::Once;

    type Key = (OrganisationId, Position);
    type Row = Vec<FeedEvent>;

    fn keys(recorded: &Recorded) -> Vec<(OrganisationId, Position)> {
        let mut organisations: Vec<OrganisationId> =
            told(recorded).into_iter().map(|(organisation, _)| organisation).collect();
        organisations.sort_unstable();
        organisations.dedup();
        organisations.into_iter().map(|organisation| (organisation, recorded.position)).collect()
    }

    fn evolve(
        _row: Option<Vec<FeedEvent>>,
        (organisation, _): &(OrganisationId, Position),
        recorded: &Recorded,
    ) -> Option<Vec<FeedEvent>> {
        let own = told(recorded).into_iter().filter(|(to, _)| to == organisation);
        let mut row: Vec<FeedEvent> = own.map(|(_, event)| event).collect();
        row.sort_unstable();
        row.dedup();
        (!row.is_empty()).then_some(row)
    }

    fn sealed_under(_row: &Vec<FeedEvent>, recorded: &Recorded) -> KeyId {
        recorded.key
    }
}

/// Whom a record is told to, and as what. One arm a kind.
fn told(recorded: &Recorded) -> Vec<(OrganisationId, FeedEvent)> {
    let Payload::Open(entry) = &recorded.payload else { return Vec::new() };
    let mut told = Vec::new();
    let child = ChildId::new(recorded.stream.id);
    for event in entry.facts.iter().filter_map(facts::of_child) {
        let mut tell = |to: &OrganisationId, what| told.push((to.clone(), what));
        if let child::Event::DiscrepancyRaised(raised) = event {
            // Of fields that it may not see the team is told instead (rules.md 2.3).
            if !raised.fields.is_empty() {
                tell(&raised.supplier, FeedEvent::DiscrepancyRaised { child });
            }
        } else if let child::Event::SamePerson(same) = event {
            same.tells.iter().for_each(|to| tell(to, FeedEvent::ChildMerged { child }));
        } else if let child::Event::NotSamePerson(apart) = event {
            apart.tells.iter().for_each(|to| tell(to, FeedEvent::ChildSplit { child }));
        }
    }
    for event in entry.facts.iter().filter_map(facts::of_intake) {
        match (event, &entry.by) {
            // Whoever sent what waited stands in the envelope of its end.
            (Event::EventResolved(resolved), Actor::Supplier { organisation, .. }) => {
                let item = IntakeId::new(recorded.stream.id);
                told.push((organisation.clone(), FeedEvent::EventResolved { item, child: resolved.child }));
            }
            (
                Event::EventResolved(_)
                | Event::EventQueued(_)
                | Event::EventWaiting(_)
                | Event::LikenessFound(_)
                | Event::QueueDecided { .. }
                | Event::StatementRepeated { .. }
                | Event::ConsentRefusalCounted { .. },
                Actor::Supplier { .. } | Actor::Person(_) | Actor::System | Actor::Shell,
            ) => (),
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        samples::{ava, child, intake, item, organisation, queued},
        spec::{KEY, Telling, erased, given, records, told},
    };
    use serde_json::json;

    fn resolved(number: u128, by: &str) -> Telling {
        let end = intake("event_resolved", &json!({"outcome": "recorded", "position": 1, "child": ava()}));
        told(item(number).stream(), [end])
            .by(Actor::Supplier { organisation: organisation(by), client: None })
    }

    #[test]
    fn the_end_of_an_event_is_told_to_whoever_sent_it_and_to_nobody_else() {
        let given =
            given([told(item(1).stream(), [queued(&[ava()])]), resolved(1, "org:a"), resolved(2, "org:b")]);
        let rows = given.rows::<Feed>();
        let keys: Vec<_> = rows.keys().cloned().collect();
        assert_eq!(keys, [(organisation("org:a"), Position(2)), (organisation("org:b"), Position(3))]);
        given
            .row::<Feed>(&(organisation("org:a"), Position(2)))
            .is(&vec![FeedEvent::EventResolved { item: item(1), child: Some(ava()) }]);
    }

    #[test]
    fn whoever_says_otherwise_is_told_of_fields_that_it_may_see_and_of_no_others() {
        let raised = |fields: &[&str], for_team: &[&str]| {
            let source = uuid::Uuid::from_u128(1);
            let data = json!({"source": source, "supplier": "org:a", "fields": fields, "for_team": for_team});
            child("discrepancy_raised", &data)
        };
        let rows = given([
            told(ava().stream(), [raised(&[], &["address"])]),
            told(ava().stream(), [raised(&["surname"], &["address"]), raised(&["gender"], &[])]),
        ])
        .rows::<Feed>();
        let expected = vec![FeedEvent::DiscrepancyRaised { child: ava() }];
        assert_eq!(
            rows.into_iter().collect::<Vec<_>>(),
            [((organisation("org:a"), Position(2)), expected)],
            "once a record, and nothing of what the team alone is told"
        );
    }

    #[test]
    fn a_merge_is_told_to_those_who_know_the_child_that_was_absorbed() {
        let merged = child(
            "same_person",
            &json!({"other": uuid::Uuid::from_u128(0xd1), "stays": false, "tells": ["org:b"]}),
        );
        let rows = given([told(ava().stream(), [merged])]).rows::<Feed>();
        let expected = vec![FeedEvent::ChildMerged { child: ava() }];
        assert_eq!(rows.into_iter().collect::<Vec<_>>(), [((organisation("org:b"), Position(1)), expected)]);
    }

    #[test]
    fn a_row_is_sealed_with_what_it_tells_of_and_is_forgotten_with_it() {
        let records = records([resolved(1, "org:a")]);
        let key = (organisation("org:a"), Position(1));
        let row = Feed::evolve(None, &key, &records[0]).unwrap();
        assert_eq!(Feed::sealed_under(&row, &records[0]), KEY);
        assert!(given([erased(item(1).stream())]).rows::<Feed>().is_empty());
    }
}
