//! Compacting: what was forgotten leaves every file, once the keys that sealed it are destroyed.
//!
//! Destroying a key makes what it sealed noise at once. Here the noise goes too, and what stood beside it in clear:
//! payloads of the log give way to their hash, rows and postings leave the store for good, handles lead to nobody,
//! the index is kept under a new key. Everything may be asked again: cut short, it is done again (ADR-0049).

mod news;

use event_log::LogError;
use tracing::warn;
use vault::VaultError;
use vocabulary::{ChildId, KeyId, Position};

use crate::{
    Directory,
    catch_up::CatchUpError,
    children::LoadError,
    disclose::LookError,
    handles::HandlesError,
    rows::RowsError,
    snapshots::{Kept, SaveIndexError},
    unseal::UnsealError,
};
use news::News;

/// Records folded at once, where the rows are behind.
const TICK: u32 = 10_000;

/// What letting go came to. All of it is durable.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Compacted {
    /// What was told to be destroyed up to this position is gone from every file of the data folder and the archive.
    pub as_of: Position,
    /// Records that told of destroyed keys since the last time; where there are none, nothing else was done.
    pub erasures: u64,
    /// Keys that they named.
    pub keys: u64,
    /// Children of whom nothing is left.
    pub children: u64,
    /// Segments of the log that were read, and that were written anew.
    pub segments: u32,
    /// Of those, segments that were written anew.
    pub segments_rewritten: u32,
    /// Payloads that gave way to their SHA-256.
    pub payloads: u64,
    /// Bytes of those payloads.
    pub payload_bytes: u64,
    /// Read models whose files were written anew.
    pub models: u32,
    /// Handles that led to those children.
    pub handles: u64,
    /// What became of the index on the disk.
    pub index: Resealed,
}

/// What became of the index on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Resealed {
    /// Nothing was to be done, or none is kept.
    #[default]
    Untouched,
    /// It was written under a new key; the one before and its key are destroyed.
    Anew,
    /// It is destroyed with its key; the next is written when the index is kept next.
    Gone,
}

/// Why not everything was let go of. The keys are destroyed all the same; ask again.
#[derive(Debug, thiserror::Error)]
pub enum CompactError {
    /// The log could not be read or written: also while its segments are being archived.
    #[error("the log could not be compacted")]
    Log(#[from] LogError),
    /// An order could not be read.
    #[error("an erasure could not be read")]
    Unseal(#[from] UnsealError),
    /// An order that was left standing could not be carried out.
    #[error("an order to destroy keys could not be carried out")]
    Order(#[from] LookError),
    /// Keys could not be destroyed.
    #[error("keys could not be destroyed")]
    Keys(#[from] VaultError),
    /// The rows could not be read or compacted.
    #[error("the read models could not be compacted")]
    Rows(#[from] RowsError),
    /// The rows could not be caught up.
    #[error("the read models could not be caught up")]
    CatchUp(#[from] CatchUpError),
    /// A child could not be read.
    #[error("a child could not be read")]
    Load(#[from] LoadError),
    /// The files of handles could not be written.
    #[error("the files of handles could not be written")]
    Handles(#[from] HandlesError),
    /// The index could not be taken away.
    #[error("the index on the disk could not be taken away")]
    Index(#[from] SaveIndexError),
    /// A read model stands before the erasure and does not come on.
    #[error("a read model stands at position {}, before what was erased", .0.0)]
    Behind(Position),
}

impl Directory {
    /// Lets go of whatever destroyed keys sealed, in every file and in memory; answers what was done.
    ///
    /// To be asked once it is durable that keys were destroyed, by one thread at a time; whoever looks or files goes
    /// on. Keys that the log tells of are destroyed once more, and orders that were left standing are carried out, in
    /// case a crash came between. Cost: where nothing was
    /// destroyed since the last time, a read of the records since. Otherwise the whole log is read, each segment that
    /// holds such a record written anew, and so are the rows of all models and the files of handles and index.
    ///
    /// # Errors
    /// As they say. What was done stays done; ask again, and all of it is looked at once more.
    pub fn compact(&self) -> Result<Compacted, CompactError> {
        self.finish_forgetting()?;
        let news = self.news()?;
        let mut done = Compacted { as_of: news.as_of, ..Compacted::default() };
        if news.keys.is_empty() {
            return Ok(done);
        }
        self.vault().destroy_all(&news.keys)?;
        self.bring_rows_to(news.as_of)?;
        let forgotten = self.let_go(&news)?;
        (done.erasures, done.keys) = (news.erasures, news.keys.len() as u64);
        done.children = forgotten.len() as u64;
        done.handles = self.forget_handles(&forgotten, news.read_to)?;
        done.models = self.rows().compact()?;
        done.index = self.reseal_index()?;
        // Last, since its note says that all is done.
        let log = self.log().compact(news.as_of, &|header| news.names(header.key))?;
        done.segments = log.looked_at;
        done.segments_rewritten = log.rewritten;
        (done.payloads, done.payload_bytes) = (log.payloads, log.payload_bytes);
        Ok(done)
    }

    /// Lets every model fold the erasures, so that rows and postings are taken away before their files are written.
    fn bring_rows_to(&self, position: Position) -> Result<(), CompactError> {
        while self.caught_up() < position {
            let before = self.caught_up();
            let caught = self.tick(TICK)?;
            if caught.position <= before && caught.position < position {
                return Err(CompactError::Behind(caught.position));
            }
        }
        Ok(())
    }

    /// Takes whoever is forgotten out of memory; answers who they are, in order. Of whom some is left, that is put
    /// in its place.
    fn let_go(&self, news: &News) -> Result<Vec<ChildId>, CompactError> {
        self.children().let_go(self.vault());
        self.lately().let_go();
        let mut forgotten = Vec::new();
        for id in news.children.iter().copied() {
            let own = self.load_own(id)?;
            if own.key.is_none() {
                forgotten.push(id);
            }
            if !self.index_rests() {
                self.found_anew(id);
            }
        }
        Ok(forgotten)
    }

    /// Keeps the index under a new key, and destroys the one before, whatever comes of it.
    fn reseal_index(&self) -> Result<Resealed, CompactError> {
        match self.save_index() {
            Ok(Kept::Written { .. }) => return Ok(Resealed::Anew),
            Err(SaveIndexError::Nowhere) => return Ok(Resealed::Untouched),
            // One that was kept since the erasure may still be of before the child was taken out.
            Ok(Kept::Unchanged) | Err(SaveIndexError::InFlight(_)) => (),
            Err(error) => warn!(%error, "the index could not be kept anew; it is taken away"),
        }
        if !self.forget_index()? {
            return Ok(Resealed::Untouched);
        }
        match self.save_index() {
            Ok(Kept::Written { .. }) => Ok(Resealed::Anew),
            Ok(Kept::Unchanged) | Err(_) => Ok(Resealed::Gone),
        }
    }

    fn forget_handles(&self, forgotten: &[ChildId], read_to: Position) -> Result<u64, CompactError> {
        // What is in memory goes first, so that there is one place to look at.
        self.keep_all_handles()?;
        Ok(self.handles().forget(forgotten, read_to)?)
    }
}

impl News {
    fn names(&self, key: KeyId) -> bool {
        self.keys.binary_search(&key).is_ok()
    }
}
