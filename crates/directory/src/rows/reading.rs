//! Reading rows: one by its key, many by the beginning of theirs, and by postings.
//!
//! A row whose key was destroyed reads as none. Each call sees the rows as of one moment.

use std::ops::Bound;

use fjall::{Guard, Readable, Slice, Snapshot};
use projections::{Posting, ReadModel, RowKey};
use vault::Opened;
use vocabulary::Position;

use super::{Generation, ROW, Rows, RowsError, generation::position, stored::Stored};

/// In which order rows are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As their keys sort.
    Ascending,
    /// The other way round: by position, the newest first.
    Descending,
}

/// Rows of a model with what each is found by.
pub type Found<M> = Vec<(<M as ReadModel>::Key, <M as ReadModel>::Row)>;

/// A model's rows, folded to one name: equal exactly when the rows and their postings are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest {
    /// Of every row in the order of keys, under the vault's own key.
    pub hash: [u8; 16],
    /// How many rows.
    pub rows: u64,
    /// Place of the last record that they know of.
    pub position: Position,
}

impl Rows {
    /// Reads one row. Cost: one look into the store, 10-20 microseconds when cold.
    ///
    /// # Errors
    /// `Store`, `Vault`, `Unreadable`.
    pub fn get<M: ReadModel>(&self, key: &M::Key) -> Result<Option<M::Row>, RowsError> {
        self.live::<M>()?.get::<M>(self, key)
    }

    /// Reads at most `limit` rows whose keys begin with the bytes `within`, those after `after` only.
    ///
    /// # Errors
    /// `Store`, `Vault`, `Unreadable`.
    pub fn scan<M: ReadModel>(
        &self,
        within: &[u8],
        after: Option<&M::Key>,
        order: Order,
        limit: usize,
    ) -> Result<Found<M>, RowsError> {
        let generation = self.live::<M>()?;
        let within = [&[ROW], within].concat();
        let after = after.map(|key| row_key::<M>(key));
        let mut plain = Vec::new();
        let mut found = Vec::new();
        for guard in walk(&self.database.snapshot(), &generation, &within, after.as_deref(), order) {
            if found.len() >= limit {
                break;
            }
            let (key, row) = self.open_entry::<M>(guard, &mut plain)?;
            found.extend(row.map(|row| (key, row)));
        }
        Ok(found)
    }

    /// Reads at most `limit` postings that begin with `within`, those after `after` only, with the keys of their
    /// rows. Whether the row still reads is for [`Rows::get`] to say.
    ///
    /// # Errors
    /// `Store`, `Unreadable`.
    pub fn postings<M: ReadModel>(
        &self,
        within: &Posting,
        after: Option<&Posting>,
        order: Order,
        limit: usize,
    ) -> Result<Vec<(Posting, M::Key)>, RowsError> {
        let generation = self.live::<M>()?;
        let after = after.map(|posting| posting.0.as_slice());
        walk(&self.database.snapshot(), &generation, &within.0, after, order)
            .take(limit)
            .map(|guard| {
                let (posting, key) = guard.into_inner().map_err(RowsError::store("read postings"))?;
                let key = M::Key::decode(&key).ok_or(RowsError::Unreadable { model: M::NAME })?;
                Ok((Posting(posting.to_vec()), key))
            })
            .collect()
    }

    /// Folds the rows that are read now to one name, to compare them with others of the same directory.
    ///
    /// Cost: reads the whole model.
    ///
    /// # Errors
    /// `Store`, `Vault`, `Unreadable`.
    pub fn digest<M: ReadModel>(&self) -> Result<Digest, RowsError> {
        self.live::<M>()?.digest::<M>(self)
    }

    fn open_entry<M: ReadModel>(
        &self,
        guard: Guard,
        plain: &mut Vec<u8>,
    ) -> Result<(M::Key, Option<M::Row>), RowsError> {
        let (key, bytes) = guard.into_inner().map_err(RowsError::store("read rows"))?;
        self.open_stored::<M>(&key, &bytes, plain)
    }

    /// Opens what is stored of a row at `key`; no row when its own key was destroyed.
    pub(super) fn open_stored<M: ReadModel>(
        &self,
        key: &[u8],
        bytes: &[u8],
        plain: &mut Vec<u8>,
    ) -> Result<(M::Key, Option<M::Row>), RowsError> {
        let unreadable = || RowsError::Unreadable { model: M::NAME };
        let encoded = key.get(1..).ok_or_else(unreadable)?;
        let stored = Stored::read(bytes).ok_or_else(unreadable)?;
        let row = stored.open::<M>(&self.vault, encoded, plain)?;
        Ok((M::Key::decode(encoded).ok_or_else(unreadable)?, row))
    }
}

impl Generation {
    /// Reads one row of this generation.
    pub(crate) fn get<M: ReadModel>(&self, rows: &Rows, key: &M::Key) -> Result<Option<M::Row>, RowsError> {
        let Some(bytes) = self.bytes_of::<M>(key)? else { return Ok(None) };
        let stored = Stored::read(&bytes).ok_or(RowsError::Unreadable { model: M::NAME })?;
        stored.open::<M>(&rows.vault, &key.encode(), &mut Vec::new())
    }

    /// Reads what is stored of a row.
    pub(super) fn bytes_of<M: ReadModel>(&self, key: &M::Key) -> Result<Option<Slice>, RowsError> {
        let Some(keyspace) = self.rows() else { return Ok(None) };
        keyspace.get(row_key::<M>(key)).map_err(RowsError::store("read a row"))
    }

    /// Folds the rows of this generation to one name.
    pub(crate) fn digest<M: ReadModel>(&self, rows: &Rows) -> Result<Digest, RowsError> {
        let unreadable = || RowsError::Unreadable { model: M::NAME };
        let snapshot = rows.database.snapshot();
        let mut digest = Digest { hash: [0; 16], rows: 0, position: checkpoint::<M>(rows, &snapshot, self)? };
        let mut plain = Vec::new();
        for guard in walk(&snapshot, self, &[ROW], None, Order::Ascending) {
            let (key, bytes) = guard.into_inner().map_err(RowsError::store("read rows"))?;
            let encoded = key.get(1..).ok_or_else(unreadable)?;
            let stored = Stored::read(&bytes).ok_or_else(unreadable)?;
            if stored.open_plain::<M>(&rows.vault, encoded, &mut plain)? == Opened::Erased {
                continue;
            }
            let mut parts = vec![digest.hash.as_slice(), encoded, plain.as_slice()];
            parts.extend(stored.postings().iter().map(|posting| posting.0.as_slice()));
            digest.hash = rows.vault.keyed_hash(vault::Purpose::RowKey, &parts);
            digest.rows += 1;
        }
        Ok(digest)
    }
}

/// The bytes that the row of `key` is stored at.
pub(super) fn row_key<M: ReadModel>(key: &M::Key) -> Vec<u8> {
    let mut bytes = vec![ROW];
    key.write(&mut bytes);
    bytes
}

pub(super) fn checkpoint<M: ReadModel>(
    rows: &Rows,
    snapshot: &Snapshot,
    generation: &Generation,
) -> Result<Position, RowsError> {
    let stored =
        snapshot.get(&rows.meta, generation.name()).map_err(RowsError::store("read a checkpoint"))?;
    position::<M>(stored.as_deref())
}

/// Walks the entries that begin with `within`, from the one after `after` on.
pub(super) fn walk(
    snapshot: &Snapshot,
    generation: &Generation,
    within: &[u8],
    after: Option<&[u8]>,
    order: Order,
) -> Box<dyn Iterator<Item = Guard>> {
    let Some(keyspace) = generation.rows() else { return Box::new(std::iter::empty()) };
    let end = successor(within).map_or(Bound::Unbounded, Bound::Excluded);
    let begin = Bound::Included(within.to_vec());
    let after = after.map(|after| Bound::Excluded(after.to_vec()));
    match order {
        Order::Ascending => Box::new(snapshot.range(keyspace, (after.unwrap_or(begin), end))),
        Order::Descending => Box::new(snapshot.range(keyspace, (begin, after.unwrap_or(end))).rev()),
    }
}

/// The first bytes that sort after everything beginning with `prefix`; `None` when there are none.
fn successor(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|byte| *byte < u8::MAX)?;
    let mut next = prefix.get(..=last)?.to_vec();
    if let Some(byte) = next.last_mut() {
        *byte += 1;
    }
    Some(next)
}
