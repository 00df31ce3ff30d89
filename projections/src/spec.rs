//! The language of the specs: given what was told, a row is, or is not.
//!
//! ```text
//! given([told(AVA, [registered()])]).row::<ChildRecord>(&AVA).is_some_with(|row| …);
//! ```

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use events::{
    Fact,
    recorded::{Actor, Entry, Payload, Recorded},
};
use uuid::Uuid;
use vocabulary::{EventId, KeyId, Position, Revision, Stream};

use crate::{Posting, ReadModel};

/// When the first record of a spec is recorded; each later one a minute after the one before.
pub const FIRST: DateTime<Utc> = match NaiveDate::from_ymd_opt(2026, 6, 1) {
    Some(day) => match day.and_hms_opt(9, 0, 0) {
        Some(instant) => instant.and_utc(),
        None => DateTime::UNIX_EPOCH,
    },
    None => DateTime::UNIX_EPOCH,
};

/// The key that seals a record unless the spec names another.
pub const KEY: KeyId = KeyId { pool: 1, slot: 1 };

/// One record of a spec.
#[derive(Debug, Clone)]
pub struct Telling {
    stream: Stream,
    by: Actor,
    key: KeyId,
    facts: Option<Vec<Fact>>,
}

/// Tells facts in one record of a stream, by the system, under [`KEY`].
pub fn told(stream: Stream, facts: impl IntoIterator<Item = Fact>) -> Telling {
    Telling { stream, by: Actor::System, key: KEY, facts: Some(facts.into_iter().collect()) }
}

/// A record of a stream that is forgotten.
pub fn erased(stream: Stream) -> Telling {
    Telling { stream, by: Actor::System, key: KEY, facts: None }
}

impl Telling {
    /// Names who caused the record.
    #[must_use]
    pub fn by(self, by: Actor) -> Telling {
        Telling { by, ..self }
    }

    /// Names the key that seals the record.
    #[must_use]
    pub fn under(self, key: KeyId) -> Telling {
        Telling { key, ..self }
    }
}

/// The records of a spec, in order, at positions from 1.
pub fn records(tellings: impl IntoIterator<Item = Telling>) -> Vec<Recorded> {
    let mut revisions: BTreeMap<Stream, u64> = BTreeMap::new();
    let mut records = Vec::new();
    for (position, telling) in (1_u64..).zip(tellings) {
        let revision = revisions.entry(telling.stream).or_default();
        *revision += 1;
        let at = FIRST + Duration::minutes(i64::try_from(position - 1).unwrap_or_default());
        records.push(Recorded {
            position: Position(position),
            revision: Revision(*revision),
            stream: telling.stream,
            id: EventId(Uuid::from_u128(u128::from(position))),
            key: telling.key,
            happened_at: at,
            recorded_at: at,
            payload: telling
                .facts
                .map_or(Payload::Erased, |facts| Payload::Open(Entry { by: telling.by, cause: None, facts })),
        });
    }
    records
}

/// What was told.
#[derive(Debug, Clone)]
pub struct Given(Vec<Recorded>);

/// Begins a spec.
pub fn given(tellings: impl IntoIterator<Item = Telling>) -> Given {
    Given(records(tellings))
}

impl Given {
    /// All rows of a model after what was told.
    pub fn rows<M: ReadModel>(&self) -> BTreeMap<M::Key, M::Row> {
        fold::<M>(BTreeMap::new(), &self.0)
    }

    /// One row of a model after what was told.
    pub fn row<M: ReadModel>(&self, key: &M::Key) -> Found<M> {
        Found { row: self.rows::<M>().remove(key), key: key.clone() }
    }

    /// All postings of a model after what was told.
    pub fn postings<M: ReadModel>(&self) -> BTreeSet<Posting> {
        self.rows::<M>().iter().flat_map(|(key, row)| M::postings(key, row)).collect()
    }
}

/// Folds records into rows, as the shell does.
pub fn fold<M: ReadModel>(
    mut rows: BTreeMap<M::Key, M::Row>,
    records: &[Recorded],
) -> BTreeMap<M::Key, M::Row> {
    for recorded in records.iter().filter(|recorded| M::READS.contains(&recorded.stream.kind)) {
        for key in M::keys(recorded) {
            let row = rows.remove(&key);
            if let Some(row) = M::evolve(row, &key, recorded) {
                rows.insert(key, row);
            }
        }
    }
    rows
}

/// Holds that the rows of a model that counts do not hang on the order of the records.
///
/// # Panics
/// When they do, or when there are none.
pub fn counts_in_any_order<M: ReadModel>(records: &[Recorded]) {
    let in_order = fold::<M>(BTreeMap::new(), records);
    assert!(!in_order.is_empty(), "something is counted by {}", M::NAME);
    let mut turned = records.to_vec();
    for _ in records {
        turned.rotate_left(1);
        assert_eq!(fold::<M>(BTreeMap::new(), &turned), in_order, "{}", M::NAME);
        let reversed: Vec<Recorded> = turned.iter().rev().cloned().collect();
        assert_eq!(fold::<M>(BTreeMap::new(), &reversed), in_order, "{}", M::NAME);
    }
}

/// One row, or none.
#[derive(Debug)]
pub struct Found<M: ReadModel> {
    row: Option<M::Row>,
    key: M::Key,
}

impl<M: ReadModel> Found<M> {
    /// Holds that the row is exactly this one.
    ///
    /// # Panics
    /// When it is another, or none.
    pub fn is(&self, row: &M::Row) -> &Found<M> {
        assert_eq!(self.row.as_ref(), Some(row), "row {:?} of {}", self.key, M::NAME);
        self
    }

    /// Holds that there is no row.
    ///
    /// # Panics
    /// When there is one.
    pub fn is_none(&self) -> &Found<M> {
        assert_eq!(self.row, None, "row {:?} of {}", self.key, M::NAME);
        self
    }

    /// The row.
    ///
    /// # Panics
    /// When there is none.
    pub fn get(&self) -> &M::Row {
        assert!(self.row.is_some(), "no row {:?} of {}", self.key, M::NAME);
        let Some(row) = &self.row else { unreachable!("asserted above") };
        row
    }
}
