//! One batch of records folded into one generation of a model, and written at once.
//!
//! A row that many records of the batch touch is read, sealed and written once.

use std::collections::BTreeMap;

use events::recorded::{Payload, Recorded};
use projections::{Posting, ReadModel, RowKey, Writing};
use vocabulary::{KeyId, Position, StreamKind};

use super::{
    Generation, Rows, RowsError,
    reading::row_key,
    stored::{Sealing, Stored},
};

/// A batch under way. Dropped unwritten, it changes nothing.
pub(crate) struct Folding<'a, M: ReadModel> {
    rows: &'a Rows,
    generation: &'a Generation,
    /// The records that touch each row, in their order.
    touched: BTreeMap<M::Key, Vec<&'a Recorded>>,
}

/// One row of the batch: as it stands after its records, and what is stored of it.
struct Touched<M: ReadModel> {
    row: Option<M::Row>,
    under: KeyId,
    stored: Option<Vec<Posting>>,
}

impl<'a, M: ReadModel> Folding<'a, M> {
    /// Begins a batch into `generation`.
    pub(crate) fn into(rows: &'a Rows, generation: &'a Generation) -> Folding<'a, M> {
        Folding { rows, generation, touched: BTreeMap::new() }
    }

    /// Takes one record for one of the rows that it touches.
    pub(crate) fn take(&mut self, key: M::Key, recorded: &'a Recorded) {
        self.touched.entry(key).or_default().push(recorded);
    }

    /// Folds the records and seals the rows; what is to be written then waits in memory.
    pub(crate) fn sealed(self) -> Result<Changes, RowsError> {
        let (mut changes, mut plain) = (Changes::default(), Vec::new());
        for (key, records) in &self.touched {
            let touched = self.folded(key, records)?;
            let (postings, bytes) = match &touched.row {
                None => (Vec::new(), None),
                Some(row) => {
                    let sealing = Sealing::<M> { key, row, under: touched.under };
                    let postings = sealing.postings();
                    let nonce = self.rows.nonce::<M>(touched.under)?;
                    let bytes = sealing.write(&self.rows.vault, nonce, &postings, &mut plain)?;
                    // A key that was destroyed meanwhile takes the postings along.
                    if bytes.is_some() { (postings, bytes) } else { (Vec::new(), None) }
                }
            };
            let before = touched.stored.as_deref().unwrap_or_default();
            let gone = before.iter().filter(|posting| postings.binary_search(posting).is_err());
            changes.removed.extend(gone.map(|posting| posting.0.clone()));
            if touched.stored.is_some() && bytes.is_none() {
                changes.removed.push(row_key::<M>(key));
            }
            if let Some(bytes) = bytes {
                changes.written.push((row_key::<M>(key), bytes));
            }
            let encoded = key.encode();
            for posting in postings.into_iter().filter(|posting| before.binary_search(posting).is_err()) {
                changes.written.push((posting.0, encoded.clone()));
            }
        }
        Ok(changes)
    }
}

impl<M: ReadModel> Folding<'_, M> {
    /// A row after its records.
    fn folded(&self, key: &M::Key, records: &[&Recorded]) -> Result<Touched<M>, RowsError> {
        let bytes = match M::WRITING {
            Writing::Once => None,
            Writing::OfStream(_) | Writing::Counted => self.generation.bytes_of::<M>(key)?,
        };
        let unreadable = RowsError::Unreadable { model: M::NAME };
        let stored = bytes.as_deref().map(|bytes| Stored::read(bytes).ok_or(unreadable)).transpose()?;
        if let Some((row, last)) = self.remembered(key, records) {
            let under = M::sealed_under(&row, last);
            return Ok(Touched { row: Some(row), under, stored: stored.map(Stored::into_postings) });
        }
        let (mut row, mut under) = (None, KeyId::CLEAR);
        if let Some(stored) = &stored {
            row = stored.open::<M>(&self.rows.vault, &key.encode(), &mut Vec::new())?;
        }
        for recorded in records {
            row = M::evolve(row, key, recorded);
            if let Some(row) = &row {
                under = M::sealed_under(row, recorded);
            }
        }
        Ok(Touched { row, under, stored: stored.map(Stored::into_postings) })
    }

    /// The row as deciding the last of its records left it, where nothing was forgotten meanwhile: what folding would
    /// give, for a third of the work.
    fn remembered<'r>(&self, key: &M::Key, records: &[&'r Recorded]) -> Option<(M::Row, &'r Recorded)> {
        let forgets = |recorded: &&Recorded| {
            recorded.stream.kind == StreamKind::Erasure || recorded.payload == Payload::Erased
        };
        let last = *records.last()?;
        if records.iter().any(forgets) {
            return None;
        }
        Some((M::remembered(key, last, self.rows)?, last))
    }
}

/// What a batch changes in the store.
#[derive(Default)]
pub(crate) struct Changes {
    removed: Vec<Vec<u8>>,
    written: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Generation {
    /// Writes rows, postings and the checkpoint together. Not waited for by the disk: a crash that takes it takes
    /// the checkpoint too.
    pub(crate) fn write(
        &self,
        rows: &Rows,
        changes: Vec<Changes>,
        checkpoint: Position,
    ) -> Result<(), RowsError> {
        let mut batch = rows.database.batch();
        batch.insert(&rows.meta, self.name(), checkpoint.0.to_be_bytes());
        if changes.iter().any(|changed| !changed.removed.is_empty() || !changed.written.is_empty()) {
            let keyspace = self.rows_to_write()?;
            // All that goes first: what leaves one row may come to another.
            for key in changes.iter().flat_map(|changed| &changed.removed) {
                batch.remove(keyspace, key.as_slice());
            }
            for (key, value) in changes.into_iter().flat_map(|changed| changed.written) {
                batch.insert(keyspace, key, value);
            }
        }
        batch.commit().map_err(RowsError::store("write rows"))
    }
}

impl Rows {
    /// Writes that generations know of everything up to `checkpoint`, of which nothing touches them; all together.
    pub(crate) fn pass(&self, generations: &[&Generation], checkpoint: Position) -> Result<(), RowsError> {
        let mut batch = self.database.batch();
        for generation in generations {
            batch.insert(&self.meta, generation.name(), checkpoint.0.to_be_bytes());
        }
        batch.commit().map_err(RowsError::store("write rows"))
    }
}

impl Rows {
    /// Twelve random bytes for a row that is sealed; a row is sealed anew at each write, never twice with one.
    pub(super) fn nonce<M: ReadModel>(&self, under: KeyId) -> Result<[u8; 12], RowsError> {
        let mut nonce = [0; 12];
        if under != KeyId::CLEAR {
            self.vault
                .fill(&mut nonce)
                .map_err(|source| RowsError::Vault { model: M::NAME, source: Box::new(source) })?;
        }
        Ok(nonce)
    }
}
