//! Generations: a model is rebuilt beside the one that is read, and the two change places in one write.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock, PoisonError},
};

use fjall::{Database, Keyspace, PersistMode};
use projections::ReadModel;
use vocabulary::Position;

use super::{META, Rows, RowsError, options};

/// One complete fold of a model, finished or under way. Cloning shares it.
#[derive(Clone)]
pub(crate) struct Generation {
    inner: Arc<Inner>,
}

struct Inner {
    database: Database,
    meta: Keyspace,
    /// Of its keyspace, and of its checkpoint among the meta.
    name: String,
    number: u64,
    /// Made with the first row: making one waits for the disk some five times, and some models have no rows yet.
    keyspace: OnceLock<Keyspace>,
}

impl Generation {
    /// Place of the last record folded into it.
    pub(crate) fn checkpoint<M: ReadModel>(&self) -> Result<Position, RowsError> {
        let stored = self.inner.meta.get(&self.inner.name).map_err(RowsError::store("read a checkpoint"))?;
        position::<M>(stored.as_deref())
    }

    /// The name of its keyspace, and the key of its checkpoint among the meta.
    pub(super) fn name(&self) -> &str {
        &self.inner.name
    }

    /// Its keyspace; `None` while it has never had a row.
    pub(super) fn rows(&self) -> Option<&Keyspace> {
        self.inner.keyspace.get()
    }

    /// Its keyspace, made if need be.
    pub(super) fn rows_to_write(&self) -> Result<&Keyspace, RowsError> {
        if let Some(keyspace) = self.inner.keyspace.get() {
            return Ok(keyspace);
        }
        let made = self.inner.database.keyspace(&self.inner.name, options);
        let made = made.map_err(RowsError::store("begin a generation"))?;
        Ok(self.inner.keyspace.get_or_init(|| made))
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
        let number = self.live::<M>()?.inner.number + 1;
        let left = self.generation::<M>(number)?;
        self.discard(&left)?;
        // Its checkpoint goes only here: a reader that still holds a dropped generation may ask how far it came.
        self.meta.remove(left.name()).map_err(RowsError::store("begin a generation"))?;
        self.generation::<M>(number)
    }

    /// Reads a generation from now on, and drops the one read so far once its last reader is done.
    ///
    /// Durable when it returns. The caller sees to it that nobody folds into the live generation meanwhile.
    pub(crate) fn switch_to<M: ReadModel>(&self, next: Generation) -> Result<(), RowsError> {
        let switching = || RowsError::store("change generations");
        let mut batch = self.database.batch().durability(Some(PersistMode::SyncAll));
        batch.insert(&self.meta, M::NAME, next.inner.number.to_be_bytes());
        batch.commit().map_err(switching())?;
        let before = self.live.write().unwrap_or_else(PoisonError::into_inner).insert(M::NAME, next);
        before.map_or(Ok(()), |before| self.discard(&before))
    }

    /// Drops a generation that nobody is to read.
    pub(crate) fn discard(&self, generation: &Generation) -> Result<(), RowsError> {
        let Some(keyspace) = generation.rows() else { return Ok(()) };
        self.database.delete_keyspace(keyspace.clone()).map_err(RowsError::store("drop a generation"))
    }

    /// Drops what no model of this version reads.
    pub(super) fn drop_strays(&self) -> Result<(), RowsError> {
        let dropping = || RowsError::store("drop a generation");
        let live: BTreeMap<&str, String> = {
            let live = self.live.read().unwrap_or_else(PoisonError::into_inner);
            live.iter().map(|(model, generation)| (*model, generation.name().to_owned())).collect()
        };
        let is_live = |name: &[u8]| live.values().any(|live| live.as_bytes() == name);
        for name in self.database.list_keyspace_names() {
            if &*name != META && !is_live(name.as_bytes()) {
                let stray = self.database.keyspace(&name, options).map_err(dropping())?;
                self.database.delete_keyspace(stray).map_err(dropping())?;
            }
        }
        for guard in self.meta.iter() {
            let key = guard.key().map_err(dropping())?;
            if !is_live(&key) && !live.keys().any(|model| model.as_bytes() == &*key) {
                self.meta.remove(key).map_err(dropping())?;
            }
        }
        Ok(())
    }

    fn generation<M: ReadModel>(&self, number: u64) -> Result<Generation, RowsError> {
        let name = format!("{}.g{number}", M::NAME);
        let inner = Inner {
            database: self.database.clone(),
            meta: self.meta.clone(),
            keyspace: OnceLock::new(),
            name,
            number,
        };
        let generation = Generation { inner: Arc::new(inner) };
        if self.database.keyspace_exists(generation.name()) {
            generation.rows_to_write()?;
        }
        Ok(generation)
    }
}
