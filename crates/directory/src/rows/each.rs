//! Every row of a model, for building what lives in memory: one thread walks the store, several open what it finds.
//!
//! Opening a row takes four times as long as finding it, so that an opening from rows is as quick as there are
//! processors. The rows are told in the order of keys all the same.

use std::{
    collections::BTreeMap,
    num::NonZero,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

use fjall::{Snapshot, UserKey, UserValue};
use projections::ReadModel;
use vocabulary::Position;

use super::{
    Generation, Order, ROW, Rows, RowsError,
    reading::{checkpoint, walk},
};
use crate::handing_in::HandsIn;

/// Rows that are opened by one thread at a time.
const CHUNK: usize = if cfg!(test) { 2 } else { 256 };

/// Chunks on their way for each thread: some 4 MB a thread at four kilobytes a row.
const AHEAD: usize = 4;

/// Rows as they are stored, with their number in the order of keys.
type Walked = (usize, Vec<(UserKey, UserValue)>);

/// What was made of the rows of the same number.
type Made<T> = (usize, Result<Vec<T>, RowsError>);

impl Rows {
    /// Tells every row in the order of keys; answers the position that they are all as of.
    ///
    /// Cost: reads the whole model, on as many threads as there are processors, four at most.
    ///
    /// # Errors
    /// `Store`, `Vault`, `Unreadable`; rows may have been told before.
    pub fn each<M: ReadModel>(&self, told: &mut dyn FnMut(M::Key, M::Row)) -> Result<Position, RowsError> {
        self.each_made::<M, _>(&|key, row| (key, row), &mut |(key, row)| told(key, row))
    }

    /// As [`Rows::each`], of each row what `make` makes of it on the thread that opened it.
    ///
    /// # Errors
    /// As [`Rows::each`].
    pub(crate) fn each_made<M: ReadModel, T: Send>(
        &self,
        make: &(impl Fn(M::Key, M::Row) -> T + Sync),
        told: &mut dyn FnMut(T),
    ) -> Result<Position, RowsError> {
        let generation = self.live::<M>()?;
        let snapshot = self.database.snapshot();
        let threads = thread::available_parallelism().map_or(1, NonZero::get).min(4);
        let (walked, to_open) = channel::<Walked>();
        let to_open = Arc::new(Mutex::new(to_open));
        let (opened, to_tell) = channel::<Made<T>>();
        let (told_one, may_walk) = channel::<()>();
        for _ in 0..threads * AHEAD {
            told_one.send(()).ok();
        }
        thread::scope(|scope| {
            for _ in 0..threads {
                let (to_open, opened) =
                    (Arc::clone(&to_open), HandsIn::new(opened.clone(), panicked::<M, T>));
                scope.spawn(move || self.open_chunks::<M, T>(&to_open, &opened, make));
            }
            // Whoever works alone holds these now, so that all end when one does, here or there.
            drop((to_open, opened));
            let told_one = told_one;
            let (snapshot, generation) = (&snapshot, &generation);
            let walking = scope.spawn(move || walk_chunks(snapshot, generation, &walked, &may_walk));
            let (mut early, mut next) = (BTreeMap::new(), 0);
            for (number, rows) in to_tell {
                early.insert(number, rows?);
                while let Some(due) = early.remove(&next) {
                    due.into_iter().for_each(&mut *told);
                    next += 1;
                    told_one.send(()).ok();
                }
            }
            walking.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })?;
        checkpoint::<M>(self, &snapshot, &generation)
    }

    /// Opens chunks until no more come, or nobody hears of them.
    fn open_chunks<M: ReadModel, T>(
        &self,
        to_open: &Mutex<Receiver<Walked>>,
        opened: &HandsIn<Made<T>>,
        make: &impl Fn(M::Key, M::Row) -> T,
    ) {
        let mut plain = Vec::new();
        loop {
            let next = to_open.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok((number, chunk)) = next else { return };
            let mut all = Vec::with_capacity(chunk.len());
            let ended = chunk.iter().try_for_each(|(key, bytes)| {
                let (key, row) = self.open_stored::<M>(key, bytes, &mut plain)?;
                all.extend(row.map(|row| make(key, row)));
                Ok(())
            });
            if opened.send((number, ended.map(|()| all))).is_err() {
                return;
            }
        }
    }
}

/// What is told for a thread that panicked.
fn panicked<M: ReadModel, T>() -> Made<T> {
    (usize::MAX, Err(RowsError::Unreadable { model: M::NAME }))
}

/// Walks the rows of a generation, a chunk for each told before, until nobody opens them.
fn walk_chunks(
    snapshot: &Snapshot,
    generation: &Generation,
    walked: &Sender<Walked>,
    may_walk: &Receiver<()>,
) -> Result<(), RowsError> {
    let mut entries = walk(snapshot, generation, &[ROW], None, Order::Ascending);
    for number in 0.. {
        let chunk = entries.by_ref().take(CHUNK).map(fjall::Guard::into_inner).collect::<Result<Vec<_>, _>>();
        let chunk = chunk.map_err(RowsError::store("read rows"))?;
        if chunk.is_empty() || may_walk.recv().is_err() || walked.send((number, chunk)).is_err() {
            break;
        }
    }
    Ok(())
}
