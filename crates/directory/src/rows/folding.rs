//! One batch of records folded into one generation of a model, and written at once.
//!
//! A row that many records of the batch touch is read, sealed and written once.

use std::collections::{BTreeMap, btree_map::Entry};

use events::recorded::Recorded;
use projections::{Posting, ReadModel, RowKey, Writing};
use vocabulary::{KeyId, Position};

use super::{
    Generation, Rows, RowsError,
    reading::row_key,
    stored::{Sealing, Stored},
};

/// A batch under way. Dropped unwritten, it changes nothing.
pub(crate) struct Folding<'a, M: ReadModel> {
    rows: &'a Rows,
    generation: &'a Generation,
    touched: BTreeMap<M::Key, Touched<M>>,
}

/// One row of the batch: as it stands after the records folded so far, and what is stored of it.
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

    /// Folds one record into the rows that it touches.
    pub(crate) fn fold(&mut self, recorded: &Recorded) -> Result<(), RowsError> {
        for key in M::keys(recorded) {
            let touched = match self.touched.entry(key.clone()) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(vacant) => vacant.insert(read::<M>(self.rows, self.generation, &key)?),
            };
            touched.row = M::evolve(touched.row.take(), &key, recorded);
            if let Some(row) = &touched.row {
                touched.under = M::sealed_under(row, recorded);
            }
        }
        Ok(())
    }

    /// How many rows the batch touches, for bounding its memory.
    pub(crate) fn len(&self) -> usize {
        self.touched.len()
    }

    /// Writes rows, postings and the checkpoint together. Not waited for by the disk: a crash that takes it takes
    /// the checkpoint too.
    pub(crate) fn write(self, checkpoint: Position) -> Result<(), RowsError> {
        let mut batch = self.rows.database.batch();
        let mut plain = Vec::new();
        batch.insert(&self.rows.meta, self.generation.name(), checkpoint.0.to_be_bytes());
        for (key, touched) in &self.touched {
            let encoded = key.encode();
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
            if bytes.is_none() && touched.stored.is_none() {
                continue;
            }
            let keyspace = self.generation.rows_to_write()?;
            let before = touched.stored.as_deref().unwrap_or_default();
            for posting in before.iter().filter(|posting| postings.binary_search(posting).is_err()) {
                batch.remove(keyspace, posting.0.as_slice());
            }
            for posting in postings.iter().filter(|posting| before.binary_search(posting).is_err()) {
                batch.insert(keyspace, posting.0.as_slice(), encoded.as_slice());
            }
            match bytes {
                Some(bytes) => batch.insert(keyspace, row_key::<M>(key), bytes),
                None => batch.remove(keyspace, row_key::<M>(key)),
            }
        }
        batch.commit().map_err(RowsError::store("write rows"))
    }
}

/// Reads what is stored of a row before the batch.
fn read<M: ReadModel>(rows: &Rows, generation: &Generation, key: &M::Key) -> Result<Touched<M>, RowsError> {
    let untouched = Touched { row: None, under: KeyId::CLEAR, stored: None };
    match M::WRITING {
        Writing::Once => return Ok(untouched),
        Writing::OfStream(_) | Writing::Counted => (),
    }
    let Some(bytes) = generation.bytes_of::<M>(key)? else { return Ok(untouched) };
    let stored = Stored::read(&bytes).ok_or(RowsError::Unreadable { model: M::NAME })?;
    let row = stored.open::<M>(&rows.vault, &key.encode(), &mut Vec::new())?;
    Ok(Touched { row, stored: Some(stored.into_postings()), ..untouched })
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
