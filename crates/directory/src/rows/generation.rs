//! Generations: a model is rebuilt beside the one that is read, and the two change places in one write.

use std::sync::PoisonError;

use fjall::{Keyspace, PersistMode};
use projections::ReadModel;
use vocabulary::Position;

use super::{META, Rows, RowsError, kind, options};

/// One complete fold of a model, finished or under way. Cloning shares it.
#[derive(Clone)]
pub(crate) struct Generation {
    pub(super) keyspace: Keyspace,
    number: u64,
}

impl Generation {
    /// Place of the last record folded into it.
    pub(crate) fn checkpoint<M: ReadModel>(&self) -> Result<Position, RowsError> {
        let stored = self.keyspace.get([kind::CHECKPOINT]).map_err(RowsError::store("read a checkpoint"))?;
        position::<M>(stored.as_deref())
    }
}

/// Reads a stored checkpoint; absent means the beginning.
pub(super) fn position<M: ReadModel>(stored: Option<&[u8]>) -> Result<Position, RowsError> {
    match stored.map(<[u8; 8]>::try_from) {
        None => Ok(Position::ZERO),
        Some(Ok(bytes)) => Ok(Position(u64::from_be_bytes(bytes))),
        Some(Err(_)) => Err(RowsError::Unreadable { model: M::NAME }),
    }
}

impl Rows {
    /// Finds which generation of a model is read and keeps its handle.
    pub(super) fn open_live<M: ReadModel>(&self) -> Result<(), RowsError> {
        let number = match self.meta.get(M::NAME).map_err(RowsError::store("be opened"))?.as_deref() {
            None => 1,
            Some(bytes) => {
                u64::from_be_bytes(bytes.try_into().map_err(|_| RowsError::Unreadable { model: M::NAME })?)
            }
        };
        let generation = self.generation::<M>(number)?;
        self.live.write().unwrap_or_else(PoisonError::into_inner).insert(M::NAME, generation);
        Ok(())
    }

    /// Begins an empty generation of a model beside the live one, in place of any other left unfinished.
    pub(crate) fn begin<M: ReadModel>(&self) -> Result<Generation, RowsError> {
        let number = self.live::<M>()?.number + 1;
        let left = self.generation::<M>(number)?;
        self.discard(left)?;
        self.generation::<M>(number)
    }

    /// Reads a generation from now on, and drops the one read so far once its last reader is done.
    ///
    /// Durable when it returns. The caller sees to it that nobody folds into the live generation meanwhile.
    pub(crate) fn switch_to<M: ReadModel>(&self, next: Generation) -> Result<(), RowsError> {
        let switching = || RowsError::store("change generations");
        let mut batch = self.database.batch().durability(Some(PersistMode::SyncAll));
        batch.insert(&self.meta, M::NAME, next.number.to_be_bytes());
        batch.commit().map_err(switching())?;
        let before = self.live.write().unwrap_or_else(PoisonError::into_inner).insert(M::NAME, next);
        before.map_or(Ok(()), |before| self.discard(before))
    }

    /// Drops a generation that nobody is to read.
    pub(crate) fn discard(&self, generation: Generation) -> Result<(), RowsError> {
        self.database.delete_keyspace(generation.keyspace).map_err(RowsError::store("drop a generation"))
    }

    /// Drops what no model of this version reads.
    pub(super) fn drop_strays(&self) -> Result<(), RowsError> {
        let read: Vec<_> = {
            let live = self.live.read().unwrap_or_else(PoisonError::into_inner);
            live.values().map(|generation| generation.keyspace.name().clone()).collect()
        };
        for name in self.database.list_keyspace_names() {
            if &*name != META && !read.contains(&name) {
                let dropping = || RowsError::store("drop a generation");
                let stray = self.database.keyspace(&name, options).map_err(dropping())?;
                self.database.delete_keyspace(stray).map_err(dropping())?;
            }
        }
        Ok(())
    }

    fn generation<M: ReadModel>(&self, number: u64) -> Result<Generation, RowsError> {
        let name = format!("{}.g{number}", M::NAME);
        let keyspace =
            self.database.keyspace(&name, options).map_err(RowsError::store("open a generation"))?;
        Ok(Generation { keyspace, number })
    }
}
