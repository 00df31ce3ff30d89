//! A model as the loop sees it, whatever its rows are; and one fold of it that is under way.

use std::{marker::PhantomData, thread};

use events::recorded::Recorded;
use projections::{ReadModel, RowKey};
use vocabulary::{Position, StreamKind};

use super::{Stopped, StoppedBy};
use crate::{
    rows::{Bulk, BulkOf, Changes, Digest, Folding, Generation, Rows, RowsError},
    unseal::UnsealError,
};

/// Most times that a batch touches rows before they are written: a bound on memory, 16 MB at two kilobytes a row.
const TOUCHED_MAX: usize = 8_192;

/// Fewest records or rows that two threads share: below that a thread costs more than it spares. Specs are short.
pub(super) const SHARED_MIN: usize = if cfg!(test) { 8 } else { 256 };

/// A read model whose types are not named.
pub(super) trait Model: Send + Sync {
    fn name(&self) -> &'static str;
    fn reads(&self) -> &'static [StreamKind];
    /// The generation that is read now, as a lane.
    fn live<'a>(&'a self, rows: &Rows) -> Result<Lane<'a>, RowsError>;
    /// An empty generation beside it, as a lane.
    fn begin<'a>(&'a self, rows: &Rows) -> Result<Lane<'a>, RowsError>;
    /// Reads another generation from now on.
    fn switch_to(&self, rows: &Rows, generation: Generation) -> Result<(), RowsError>;
    /// Begins anew in place of what is read now.
    fn clear(&self, rows: &Rows) -> Result<(), RowsError>;
    fn digest(&self, rows: &Rows, generation: &Generation) -> Result<Digest, RowsError>;
    /// Fills an empty generation with all rows at once.
    fn bulk<'a>(&self, rows: &'a Rows, generation: &'a Generation, sorted_max: usize) -> Box<dyn Bulk + 'a>;
    /// Folds records, all of families that the model reads, and writes the checkpoint with them.
    fn fold(
        &self,
        rows: &Rows,
        generation: &Generation,
        records: &mut dyn Iterator<Item = &Recorded>,
        checkpoint: Position,
    ) -> Result<(), RowsError>;
}

/// The model `M` behind [`Model`].
pub(super) struct Of<M>(PhantomData<fn() -> M>);

impl<M: ReadModel> Of<M> {
    pub(super) fn new() -> Of<M> {
        Of(PhantomData)
    }

    fn lane(&self, generation: Generation) -> Result<Lane<'_>, RowsError> {
        let checkpoint = generation.checkpoint::<M>()?;
        Ok(Lane { model: self, generation, checkpoint, stopped: None })
    }
}

impl<M: ReadModel> Model for Of<M> {
    fn name(&self) -> &'static str {
        M::NAME
    }

    fn reads(&self) -> &'static [StreamKind] {
        M::READS
    }

    fn live<'a>(&'a self, rows: &Rows) -> Result<Lane<'a>, RowsError> {
        self.lane(rows.live::<M>()?)
    }

    fn begin<'a>(&'a self, rows: &Rows) -> Result<Lane<'a>, RowsError> {
        self.lane(rows.begin::<M>()?)
    }

    fn switch_to(&self, rows: &Rows, generation: Generation) -> Result<(), RowsError> {
        rows.switch_to::<M>(generation)
    }

    fn clear(&self, rows: &Rows) -> Result<(), RowsError> {
        rows.switch_to::<M>(rows.begin::<M>()?)
    }

    fn digest(&self, rows: &Rows, generation: &Generation) -> Result<Digest, RowsError> {
        generation.digest::<M>(rows)
    }

    fn bulk<'a>(&self, rows: &'a Rows, generation: &'a Generation, sorted_max: usize) -> Box<dyn Bulk + 'a> {
        Box::new(BulkOf::<M>::new(rows, generation, sorted_max))
    }

    fn fold(
        &self,
        rows: &Rows,
        generation: &Generation,
        records: &mut dyn Iterator<Item = &Recorded>,
        checkpoint: Position,
    ) -> Result<(), RowsError> {
        let mut touches = Vec::new();
        for recorded in records {
            touches.extend(M::keys(recorded).into_iter().map(|key| (key, recorded)));
            if touches.len() >= TOUCHED_MAX {
                let changes = fold_touches::<M>(rows, generation, std::mem::take(&mut touches))?;
                generation.write(rows, changes, recorded.position)?;
            }
        }
        generation.write(rows, fold_touches::<M>(rows, generation, touches)?, checkpoint)
    }
}

/// Folds rows of a batch, on two threads where there are many: whatever touches one row is folded by one of them.
fn fold_touches<M: ReadModel>(
    rows: &Rows,
    generation: &Generation,
    touches: Vec<(M::Key, &Recorded)>,
) -> Result<Vec<Changes>, RowsError> {
    let fold = |some: Vec<(M::Key, &Recorded)>| {
        let mut folding = Folding::<M>::into(rows, generation);
        for (key, recorded) in some {
            folding.take(key, recorded);
        }
        folding.sealed()
    };
    if touches.len() < SHARED_MIN {
        return Ok(vec![fold(touches)?]);
    }
    let mut bytes = Vec::new();
    let (one, other) = touches.into_iter().partition(|(key, _)| {
        bytes.clear();
        key.write(&mut bytes);
        bytes.iter().fold(0_u8, |sum, byte| sum ^ byte).count_ones().is_multiple_of(2)
    });
    Ok(both(|| fold(one), || fold(other))?.into())
}

/// Does two things at once, one of them on a thread of its own.
pub(super) fn both<T: Send, E: Send>(
    one: impl FnOnce() -> Result<T, E> + Send,
    other: impl FnOnce() -> Result<T, E>,
) -> Result<[T; 2], E> {
    thread::scope(|scope| {
        let beside = scope.spawn(one);
        let here = other();
        let there = beside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Ok([there?, here?])
    })
}

/// One fold of one model that is under way.
pub(super) struct Lane<'a> {
    pub(super) model: &'a dyn Model,
    pub(super) generation: Generation,
    /// Place of the last record folded.
    pub(super) checkpoint: Position,
    /// The record that ended it, if one did.
    pub(super) stopped: Option<Stopped>,
}

impl Lane<'_> {
    /// Folds those of a batch that it has not folded yet, up to the first that the model cannot read.
    pub(super) fn fold(
        &mut self,
        rows: &Rows,
        records: &[Recorded],
        unread: &[(Position, StreamKind, UnsealError)],
        last: Position,
    ) -> Result<(), RowsError> {
        let (model, reads, after) = (self.model, self.model.reads(), self.checkpoint);
        let met = unread.iter().find(|(position, kind, _)| *position > after && reads.contains(kind));
        let end = met.map_or(last, |(position, _, _)| Position(position.0 - 1));
        let mut mine = records.iter().filter(|recorded| {
            recorded.position > after && recorded.position <= end && reads.contains(&recorded.stream.kind)
        });
        if end > after {
            match model.fold(rows, &self.generation, &mut mine, end) {
                Ok(()) => self.checkpoint = end,
                // One bad row is one model's trouble: the others go on.
                Err(error @ (RowsError::Vault { .. } | RowsError::Unreadable { .. })) => {
                    self.stop(Position(after.0 + 1), None, StoppedBy::Row { code: error.code() });
                    return Ok(());
                }
                Err(
                    error @ (RowsError::InUse
                    | RowsError::Store { .. }
                    | RowsError::Unwritable { .. }
                    | RowsError::UnknownModel),
                ) => return Err(error),
            }
        }
        if let Some((position, kind, error)) = met {
            self.stop(*position, Some(*kind), StoppedBy::from(error));
        }
        Ok(())
    }

    fn stop(&mut self, position: Position, kind: Option<StreamKind>, by: StoppedBy) {
        self.stopped = Some(Stopped { model: self.model.name(), position, kind, by });
    }
}
