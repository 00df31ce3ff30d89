//! One row a child: everything its stream tells, as deciding remembers it.
//!
//! The fold is the decider's own, so that what is shown and what is judged cannot disagree (ADR-0014). Indexes
//! hang on it, [`caseload`], [`coverage`], [`discrepancies`], [`notices`], [`retention`], [`shielding`], [`transfers`], [`notifications`] and [`upkeep`], so that they change in the same
//! write. Source: SI 2007/2182 Schedule 1; rules.md 1.2.

#[cfg(test)]
mod spec;

use std::sync::Arc;

use events::{
    child::Child,
    decider::Decider,
    recorded::{Payload, Recorded},
};
use serde::{Deserialize, Serialize};
use vocabulary::{ChildId, KeyId, KeyedRef, Position, Revision, StreamKind};

use crate::{
    Posting, ReadModel, Remembered, Writing, caseload, coverage, discrepancies, facts, notices,
    notifications, retention, shielding, transfers, upkeep,
};

/// What is held of each child, by [`ChildId`].
pub enum ChildRecord {}

/// One child as of one position of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildRow {
    /// How many records its stream has.
    pub revision: Revision,
    /// Place of the last of them in the whole log.
    pub position: Position,
    /// The child's own key, which sealed its first record and seals this row.
    pub key: KeyId,
    /// What is remembered; shared with whoever decided it.
    pub child: Arc<Child>,
}

impl ReadModel for ChildRecord {
    const NAME: &'static str = "child_record.v10";
    const READS: &'static [StreamKind] = &[StreamKind::Child, StreamKind::Erasure];
    const WRITING: Writing = Writing::OfStream(StreamKind::Child);

    type Key = ChildId;
    type Row = ChildRow;

    fn keys(recorded: &Recorded) -> Vec<ChildId> {
        facts::touched(recorded, StreamKind::Child)
            .into_iter()
            .map(|stream| ChildId::new(stream.id))
            .collect()
    }

    fn evolve(row: Option<ChildRow>, id: &ChildId, recorded: &Recorded) -> Option<ChildRow> {
        let forgotten = facts::keys_destroyed(recorded, id.stream());
        if !forgotten.is_empty() {
            return row.filter(|row| !forgotten.contains(&row.key)).map(|row| row.without(&forgotten));
        }
        if recorded.stream != id.stream() {
            return row;
        }
        let mut row = row.unwrap_or_else(|| ChildRow::beginning(recorded));
        match &recorded.payload {
            // The record of a child that is forgotten, or one of an episode or a shield that is.
            Payload::Erased if recorded.key == row.key => return None,
            Payload::Erased => {
                row = row.without(&[recorded.key]);
                Arc::make_mut(&mut row.child).as_at = Some(recorded.recorded_at);
            }
            Payload::Open(entry) => {
                let child = Arc::make_mut(&mut row.child);
                for event in entry.facts.iter().filter_map(facts::of_child) {
                    Child::evolve(child, event, recorded.when());
                }
            }
        }
        row.revision = recorded.revision;
        row.position = recorded.position;
        // A stream tells of a child from its registration on; without one there is nobody to show.
        row.child.is_registered().then_some(row)
    }

    fn remembered(id: &ChildId, last: &Recorded, by: &dyn Remembered) -> Option<ChildRow> {
        let (child, key) = by.child(*id, last.revision)?;
        Some(ChildRow { revision: last.revision, position: last.position, key, child })
    }

    fn sealed_under(row: &ChildRow, _recorded: &Recorded) -> KeyId {
        row.key
    }

    fn postings(child: &ChildId, row: &ChildRow) -> Vec<Posting> {
        let mut postings = caseload::postings(&row.child);
        postings.extend(coverage::postings(*child, &row.child));
        postings.extend(discrepancies::postings(&row.child));
        postings.extend(shielding::postings(&row.child));
        postings.extend(transfers::postings(&row.child));
        postings.extend(retention::postings(*child, &row.child));
        postings.extend(notifications::postings(&row.child));
        postings.extend(upkeep::postings(*child, &row.child));
        postings.extend(notices::postings(*child, &row.child));
        postings
    }
}

impl ChildRow {
    fn beginning(recorded: &Recorded) -> ChildRow {
        ChildRow {
            revision: Revision::NONE,
            position: Position::ZERO,
            key: recorded.key,
            child: Arc::default(),
        }
    }

    /// Forgets the episodes that these keys sealed, and the entries made under them.
    ///
    /// Whether their records were read before the keys went or not, the row is the same afterwards.
    fn without(mut self, keys: &[KeyId]) -> ChildRow {
        let child = Arc::make_mut(&mut self.child);
        let gone: Vec<KeyedRef> = child
            .episodes
            .iter()
            .filter(|(_, episode)| keys.contains(&episode.key))
            .map(|(episode_ref, _)| *episode_ref)
            .collect();
        child.episodes.retain(|episode_ref, _| !gone.contains(episode_ref));
        child.spent_keys.retain(|(key, _)| !keys.contains(key));
        child
            .involvements
            .retain(|_, involvement| involvement.episode.is_none_or(|episode| !gone.contains(&episode)));
        self
    }
}
