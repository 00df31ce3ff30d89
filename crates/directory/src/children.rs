//! A child as it stands this moment: the row, and what the row lacks up to the stream's head.
//!
//! This is why a shield or a withdrawal bites on the next request (promise P9). Cost: one look into memory
//! for a child seen lately, else one row and the records since.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use event_log::{EventLog, LogError};
use events::child::Child;
use projections::{ChildRecord, ReadModel, Remembered};
use vault::Vault;
use visibility::{Onlooker, Outward};
use vocabulary::{ChildId, KeyId, Revision};

use crate::{
    handles::HandlesError,
    rows::{Rows, RowsError},
    unseal::{UnsealError, unseal},
};

/// Children kept at hand: 64 shards of 256, some 30 MB at two kilobytes each.
const SHARDS: usize = 64;
const KNOWN_PER_SHARD_MAX: usize = 256;

/// One record of a child as its own stream tells it, in flight included.
#[derive(Debug)]
pub(crate) struct Own {
    /// Its state.
    pub(crate) child: Arc<Child>,
    /// What is looked at by those who may not know of all of it; `None`: nothing is hidden.
    outward: Option<Outward>,
    /// Where its stream stands.
    pub(crate) revision: Revision,
    /// The key of the child; `None` before the first record.
    pub(crate) key: Option<KeyId>,
    /// The vault's destructions that it knows of.
    destructions: u64,
}

impl Own {
    pub(crate) fn new(child: Arc<Child>, revision: Revision, key: Option<KeyId>, destructions: u64) -> Own {
        Own { outward: Outward::of(&child), child, revision, key, destructions }
    }

    /// The keys that sealed what it is made of.
    fn keys(&self) -> impl Iterator<Item = KeyId> {
        self.key.into_iter().chain(self.child.episode_keys())
    }

    /// Another state of it, of which what was destroyed is gone as far as it is here.
    pub(crate) fn becoming(&self, child: Arc<Child>, revision: Revision, key: Option<KeyId>) -> Own {
        Own::new(child, revision, key, self.destructions)
    }

    /// What everybody may know of it who may look at it, so far as its state, number and authority go.
    pub(crate) fn outwardly(&self) -> &Child {
        self.outward.as_ref().map_or(&self.child, Outward::child)
    }

    /// What is to be looked at by an onlooker: hidden entries take no time of those who may not know of them.
    pub(crate) fn looked_at(&self, onlooker: Onlooker) -> &Child {
        self.outward.as_ref().and_then(|outward| outward.suffices(onlooker)).unwrap_or(&self.child)
    }
}

/// A child as it stands: the whole that its records make, for nearly all of them one record alone.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    /// What is shown and decided upon.
    pub(crate) child: Arc<Child>,
    /// The record that was asked for.
    pub(crate) own: Arc<Own>,
    /// The other records of the same child.
    pub(crate) others: Vec<(ChildId, Arc<Child>)>,
}

/// Why a child could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The log could not be read.
    #[error("the log could not be read")]
    Log(#[from] LogError),
    /// The rows could not be read.
    #[error("the read models could not be read")]
    Rows(#[from] RowsError),
    /// A record could not be opened.
    #[error("a record of the stream could not be opened")]
    Unseal(#[from] UnsealError),
    /// What leads to it could not be read.
    #[error("the handles could not be read")]
    Handles(#[from] HandlesError),
}

/// Children seen lately, as their streams tell them; one of whom a key was destroyed since is read again.
pub(crate) struct Children {
    shards: Vec<Mutex<HashMap<ChildId, Arc<Own>>>>,
}

impl Children {
    pub(crate) fn new() -> Children {
        Children { shards: (0..SHARDS).map(|_| Mutex::new(HashMap::new())).collect() }
    }

    /// Reads one record of a child as it stands this moment.
    pub(crate) fn load(
        &self,
        id: ChildId,
        log: &dyn EventLog,
        vault: &Vault,
        rows: &Rows,
    ) -> Result<Arc<Own>, LoadError> {
        let head = log.stream_revision(id.stream());
        if let Some(known) = self.lately(id, vault)
            && known.revision == head
        {
            return Ok(known);
        }
        let destructions = vault.destructions();
        let mut row = rows.get::<ChildRecord>(&id)?;
        let revision = row.as_ref().map_or(Revision::NONE, |row| row.revision);
        let mut failed = None;
        // By the row's own fold, so that what a destroyed key took is gone here too.
        let reached = log.read_stream(id.stream(), revision, &mut |record| match unseal(vault, record) {
            Ok(recorded) => row = ChildRecord::evolve(row.take(), &id, &recorded),
            Err(error) => failed = failed.take().or(Some(error)),
        })?;
        if let Some(error) = failed {
            return Err(error.into());
        }
        let (child, key) = row.map_or((Arc::default(), None), |row| (row.child, Some(row.key)));
        let known = Arc::new(Own::new(child, reached, key, destructions));
        self.remember(id, Arc::clone(&known));
        Ok(known)
    }

    /// Remembers how a child stands now; an older state never replaces a newer one.
    pub(crate) fn remember(&self, id: ChildId, known: Arc<Own>) {
        let Some(shard) = self.shard(id) else { return };
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if shard.len() >= KNOWN_PER_SHARD_MAX && !shard.contains_key(&id) {
            // A full shard is emptied: cheaper than an order of use, and a row is quickly read again.
            shard.clear();
        }
        let newer = shard.get(&id).is_none_or(|held| held.revision < known.revision);
        if newer {
            shard.insert(id, known);
        }
    }

    /// Lets go of every child of whom a key is destroyed, so that memory holds nothing of them.
    pub(crate) fn let_go(&self, vault: &Vault) {
        for shard in &self.shards {
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            shard.retain(|_, known| !known.keys().any(|key| vault.is_destroyed(key)));
        }
    }

    fn lately(&self, id: ChildId, vault: &Vault) -> Option<Arc<Own>> {
        let mut shard = self.shard(id)?.lock().unwrap_or_else(PoisonError::into_inner);
        let known = shard.get_mut(&id)?;
        let destructions = vault.destructions();
        if known.destructions != destructions {
            // Asked of each key only since the last was destroyed: a hidden episode's takes no look any longer.
            if known.keys().any(|key| vault.is_destroyed(key)) {
                return None;
            }
            let Own { child, revision, key, .. } = known.as_ref();
            *known = Arc::new(Own::new(Arc::clone(child), *revision, *key, destructions));
        }
        Some(Arc::clone(known))
    }

    fn shard(&self, id: ChildId) -> Option<&Mutex<HashMap<ChildId, Arc<Own>>>> {
        let [first, ..] = id.0.into_bytes();
        self.shards.get(usize::from(first) % SHARDS)
    }
}

impl Remembered for Rows {
    fn child(&self, id: ChildId, at: Revision) -> Option<(Arc<Child>, KeyId)> {
        let own = self.children().lately(id, self.vault())?;
        Some((Arc::clone(&own.child), own.key?)).filter(|_| own.revision == at)
    }
}
