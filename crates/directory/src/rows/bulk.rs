//! In bulk: every row of an empty generation folded once, sealed once, and written in the order of keys.
//!
//! Nothing is read back. Whoever folds brings the records of one stream together, streams in the order of their
//! ids; rows of streams are then in order as they come, and all else is sorted first (`sorting`).

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, sync_channel},
    },
    thread,
};

use events::recorded::Recorded;
use projections::{ReadModel, RowKey, Writing};
use vocabulary::{KeyId, Position, Stream};

use super::{
    Generation, Rows, RowsError,
    reading::row_key,
    sorting::{Entries, Runs, Sorter, merge},
    stored::Sealing,
};

/// Bytes handed at once from the thread that merges to the one that writes.
const HANDED_BYTES: usize = 256 << 10;

/// Such pieces on their way: one is written while another is filled.
const HANDED_MAX: usize = 4;

/// A generation that is filled in bulk, whatever its rows are.
pub(crate) trait Bulk: Sync {
    /// A place for one thread to fold at.
    fn folder(&self) -> Box<dyn Folds + '_>;
    /// What writes; one for all.
    fn writer(&self) -> Box<dyn Writes + '_>;
}

/// Folds records into finished rows.
pub(crate) trait Folds: Send {
    /// Folds a record of the stream `of`, or one of an erasure that names it.
    fn fold(&mut self, of: Stream, recorded: &Recorded) -> Result<(), RowsError>;
    /// The stream has no more records.
    fn end_stream(&mut self) -> Result<(), RowsError>;
    /// Takes the rows that are in the order of keys as they came.
    fn take(&mut self) -> Entries;
    /// No more records come: all else, sorted.
    fn finish(self: Box<Self>) -> Runs;
}

/// Writes finished rows into the store.
pub(crate) trait Writes {
    /// Writes rows whose keys come after all written before.
    fn write(&mut self, entries: &Entries) -> Result<(), RowsError>;
    /// Writes the rest, and how far the rows have come.
    fn finish(self: Box<Self>, runs: Vec<Runs>, checkpoint: Position) -> Result<(), RowsError>;
}

/// Rows that count, with the keys that seal them.
type Counts<M> = BTreeMap<<M as ReadModel>::Key, (<M as ReadModel>::Row, KeyId)>;

/// The generation of `M` behind [`Bulk`].
pub(crate) struct BulkOf<'a, M: ReadModel> {
    rows: &'a Rows,
    generation: &'a Generation,
    /// Most bytes that each thread sorts in memory.
    sorted_max: usize,
    /// The rows of a model that counts.
    counted: Mutex<Counts<M>>,
}

impl<'a, M: ReadModel> BulkOf<'a, M> {
    /// Begins to fill `generation`, which is empty.
    pub(crate) fn new(rows: &'a Rows, generation: &'a Generation, sorted_max: usize) -> BulkOf<'a, M> {
        BulkOf { rows, generation, sorted_max, counted: Mutex::new(BTreeMap::new()) }
    }

    fn sorter(&self) -> Sorter {
        Sorter::new(self.rows.folder.clone(), self.sorted_max)
    }
}

impl<M: ReadModel> Bulk for BulkOf<'_, M> {
    fn folder(&self) -> Box<dyn Folds + '_> {
        let (ordered, sorter) = (Entries::default(), self.sorter());
        Box::new(FoldsOf { bulk: self, held: BTreeMap::new(), ordered, sorter, plain: Vec::new() })
    }

    fn writer(&self) -> Box<dyn Writes + '_> {
        Box::new(WritesOf { bulk: self, ingestion: None })
    }
}

/// Folds for one thread.
struct FoldsOf<'a, M: ReadModel> {
    bulk: &'a BulkOf<'a, M>,
    /// The rows of the stream that is being folded, most often one.
    held: BTreeMap<M::Key, Held<M>>,
    ordered: Entries,
    sorter: Sorter,
    /// Room for a row as it is sealed.
    plain: Vec<u8>,
}

struct Held<M: ReadModel> {
    row: Option<M::Row>,
    under: KeyId,
}

impl<M: ReadModel> Folds for FoldsOf<'_, M> {
    fn fold(&mut self, of: Stream, recorded: &Recorded) -> Result<(), RowsError> {
        match M::WRITING {
            Writing::OfStream(kind) if of.kind == kind => {
                self.of_stream(of, recorded);
                Ok(())
            }
            Writing::Once if of == recorded.stream => self.once(recorded),
            Writing::Counted if of == recorded.stream => {
                self.count(recorded);
                Ok(())
            }
            Writing::OfStream(_) | Writing::Once | Writing::Counted => Ok(()),
        }
    }

    fn end_stream(&mut self) -> Result<(), RowsError> {
        for (key, Held { row, under }) in std::mem::take(&mut self.held) {
            let Some(row) = row else { continue };
            if let Some(bytes) = self.seal(&key, &row, under)? {
                self.ordered.put(&row_key::<M>(&key), &bytes);
            }
        }
        Ok(())
    }

    fn take(&mut self) -> Entries {
        std::mem::take(&mut self.ordered)
    }

    fn finish(self: Box<Self>) -> Runs {
        self.sorter.finish()
    }
}

impl<M: ReadModel> FoldsOf<'_, M> {
    fn of_stream(&mut self, of: Stream, recorded: &Recorded) {
        for key in M::keys(recorded) {
            // An erasure may name several streams; those of others are folded with theirs.
            if !key.encode().starts_with(of.id.as_bytes()) {
                continue;
            }
            let held =
                self.held.entry(key.clone()).or_insert_with(|| Held { row: None, under: KeyId::CLEAR });
            held.row = M::evolve(held.row.take(), &key, recorded);
            if let Some(row) = &held.row {
                held.under = M::sealed_under(row, recorded);
            }
        }
    }

    fn once(&mut self, recorded: &Recorded) -> Result<(), RowsError> {
        for key in M::keys(recorded) {
            let Some(row) = M::evolve(None, &key, recorded) else { continue };
            let under = M::sealed_under(&row, recorded);
            if let Some(bytes) = self.seal(&key, &row, under)? {
                self.sorter.put(&row_key::<M>(&key), &bytes)?;
            }
        }
        Ok(())
    }

    fn count(&mut self, recorded: &Recorded) {
        let keys = M::keys(recorded);
        if keys.is_empty() {
            return;
        }
        let mut counted = self.bulk.counted.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            let before = counted.remove(&key).map(|(row, _)| row);
            if let Some(row) = M::evolve(before, &key, recorded) {
                let under = M::sealed_under(&row, recorded);
                counted.insert(key, (row, under));
            }
        }
    }

    /// Seals a row and puts its postings where they are sorted; `None` when its key was destroyed.
    fn seal(&mut self, key: &M::Key, row: &M::Row, under: KeyId) -> Result<Option<Vec<u8>>, RowsError> {
        let rows = self.bulk.rows;
        let sealing = Sealing::<M> { key, row, under };
        let postings = sealing.postings();
        let sealed = sealing.write(&rows.vault, rows.nonce::<M>(under)?, &postings, &mut self.plain)?;
        if sealed.is_some() && !postings.is_empty() {
            let encoded = key.encode();
            for posting in &postings {
                self.sorter.put(&posting.0, &encoded)?;
            }
        }
        Ok(sealed)
    }
}

/// Takes the next key and value, or `None` after the last. The store's own type for it has no name.
type Ingestion<'a> = Box<dyn FnMut(Option<(&[u8], &[u8])>) -> Result<(), RowsError> + 'a>;

/// Writes for all threads.
struct WritesOf<'a, M: ReadModel> {
    bulk: &'a BulkOf<'a, M>,
    /// Begun with the first row: most models of a young directory have none.
    ingestion: Option<Ingestion<'a>>,
}

impl<M: ReadModel> Writes for WritesOf<'_, M> {
    fn write(&mut self, entries: &Entries) -> Result<(), RowsError> {
        let mut entries = entries.iter().peekable();
        if entries.peek().is_none() {
            return Ok(());
        }
        let ingestion = match &mut self.ingestion {
            Some(ingestion) => ingestion,
            none => none.insert(self.bulk.ingestion()?),
        };
        entries.try_for_each(|entry| ingestion(Some(entry)))
    }

    fn finish(mut self: Box<Self>, mut runs: Vec<Runs>, checkpoint: Position) -> Result<(), RowsError> {
        runs.push(self.bulk.counts()?);
        thread::scope(|scope| {
            let (hand, handed) = sync_channel(HANDED_MAX);
            let merging = scope.spawn(move || {
                let mut piece = Entries::default();
                let mut gone = false;
                merge(&runs, &mut |key, value| {
                    piece.put(key, value);
                    if piece.bytes() >= HANDED_BYTES && !gone {
                        gone = hand.send(std::mem::take(&mut piece)).is_err();
                    }
                    Ok(())
                })?;
                // Whoever writes has failed, and says so.
                hand.send(piece).ok();
                Ok(())
            });
            let written = self.write_all(&handed);
            drop(handed);
            let merged = merging.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            written.and(merged)
        })?;
        if let Some(mut ingestion) = self.ingestion.take() {
            ingestion(None)?;
        }
        let Rows { meta, .. } = self.bulk.rows;
        meta.insert(self.bulk.generation.name(), checkpoint.0.to_be_bytes())
            .map_err(RowsError::store("write rows"))
    }
}

impl<M: ReadModel> WritesOf<'_, M> {
    fn write_all(&mut self, handed: &Receiver<Entries>) -> Result<(), RowsError> {
        handed.iter().try_for_each(|piece| self.write(&piece))
    }
}

impl<'a, M: ReadModel> BulkOf<'a, M> {
    fn ingestion(&self) -> Result<Ingestion<'a>, RowsError> {
        let writing = || RowsError::store("write rows");
        let mut ingestion = Some(self.generation.rows_to_write()?.start_ingestion().map_err(writing())?);
        Ok(Box::new(move |entry| {
            if let (Some((key, value)), Some(going)) = (entry, &mut ingestion) {
                return going.write(key, value).map_err(writing());
            }
            ingestion.take().map_or(Ok(()), |ended| ended.finish().map_err(writing()))
        }))
    }

    /// The rows of a model that counts, sealed and in order.
    fn counts(&self) -> Result<Runs, RowsError> {
        let counted = std::mem::take(&mut *self.counted.lock().unwrap_or_else(PoisonError::into_inner));
        let mut folds = FoldsOf {
            bulk: self,
            held: BTreeMap::new(),
            ordered: Entries::default(),
            sorter: self.sorter(),
            plain: Vec::new(),
        };
        for (key, (row, under)) in counted {
            if let Some(bytes) = folds.seal(&key, &row, under)? {
                folds.sorter.put(&row_key::<M>(&key), &bytes)?;
            }
        }
        Ok(folds.sorter.finish())
    }
}
