//! Keeping: what is newest goes into files behind the log, a step at a time, and is found there at opening.
//!
//! Files tell of nothing that is not durable in the log, so that a log never knows less than they do. Whatever is
//! wrong with them, they are thrown away and made anew from rows and log. Nobody waits for a step but whoever
//! files, for as long as it takes to put a batch aside.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use event_log::{EventLog, LogError, RecordRef};
use tracing::warn;
use vault::Vault;
use vocabulary::{KeyId, Position};

use super::{
    Batch, Handles, HandlesError, LEADS, SEEN, STANDS,
    manifest::Manifest,
    runs::{Merging, Runs},
    standing::told_between,
};
use crate::{Directory, snapshots::record_at};

/// Entries merged in one step: some 10 ms.
const MERGED_AT_ONCE: usize = 1 << 17;

/// Records read at once.
const READ_BUDGET: u32 = 10_000;

/// The files of handles, and what is known of them.
#[derive(Debug)]
pub(crate) struct Kept {
    folder: PathBuf,
    pub(super) leads: Runs<LEADS>,
    pub(super) seen: Runs<SEEN>,
    standing: Runs<STANDS>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    manifest: Manifest,
    merging: Option<Either>,
    /// There are files that the manifest on the disk does not name.
    spilled: bool,
}

/// A merge of either kind of runs.
#[derive(Debug)]
enum Either {
    Leads(Merging<LEADS>),
    Seen(Merging<SEEN>),
}

impl Kept {
    /// Opens the files in `folder`, or begins there anew where there are none, or a doubt about them.
    ///
    /// # Errors
    /// `Unread`: the folder cannot be used at all. `Log`.
    pub(crate) fn open(folder: &Path, log: &dyn EventLog) -> Result<Kept, HandlesError> {
        fs::create_dir_all(folder)?;
        let known = match Manifest::read(folder) {
            Some(manifest) if stands(&manifest, log)? => Kept::of(folder, manifest).inspect_err(|error| {
                warn!(%error, "the files of handles are damaged; they are made anew");
            }),
            Some(_) => {
                warn!("the files of handles are of another past than the log; they are made anew");
                Err(io::ErrorKind::InvalidData.into())
            }
            None => Err(io::ErrorKind::NotFound.into()),
        };
        match known {
            Ok(kept) => Ok(kept),
            Err(_) => Ok(Kept::anew(folder)?),
        }
    }

    /// Begins without any file.
    fn anew(folder: &Path) -> io::Result<Kept> {
        let mut manifest = Manifest::default();
        manifest.write(folder)?;
        Kept::of(folder, manifest)
    }

    fn of(folder: &Path, manifest: Manifest) -> io::Result<Kept> {
        manifest.sweep(folder)?;
        Ok(Kept {
            folder: folder.to_owned(),
            leads: Runs::open(folder, "leads", &manifest.leads)?,
            seen: Runs::open(folder, "seen", &manifest.seen)?,
            standing: Runs::open(folder, "standing", &manifest.standing)?,
            state: Mutex::new(State { manifest, merging: None, spilled: false }),
        })
    }

    /// Begins anew in the same folder, without any file.
    ///
    /// # Errors
    /// The disk.
    pub(crate) fn emptied(&self) -> Result<Kept, HandlesError> {
        Ok(Kept::anew(&self.folder)?)
    }

    /// Tells whether the files may tell of somebody who was forgotten.
    pub(crate) fn is_to_forget(&self) -> bool {
        self.state().manifest.forgets
    }

    /// The files tell of every record up to here.
    pub(crate) fn position(&self) -> Position {
        self.state().manifest.position
    }

    /// The keys of the months up to there.
    pub(crate) fn months(&self) -> Vec<(i32, u32, KeyId)> {
        self.state().manifest.months.clone()
    }

    /// The last key handed out of each pool up to there.
    pub(crate) fn keys(&self) -> Vec<KeyId> {
        self.state().manifest.keys.clone()
    }

    /// Reads what the register and the queue are made of, up to there, in the order of the log.
    ///
    /// # Errors
    /// `Unread`, `Log`.
    pub(crate) fn each_standing(
        &self,
        log: &dyn EventLog,
        each: &mut dyn FnMut(RecordRef<'_>),
    ) -> Result<(), HandlesError> {
        let mut beginning = 0;
        let mut end = 0;
        let mut read = |after: u64, last: u64| -> Result<(), LogError> {
            let mut at = after;
            while at < last {
                let budget = u32::try_from(last - at).unwrap_or(READ_BUDGET).min(READ_BUDGET);
                at = log.read_all(Position(at), budget, &mut |record| each(record))?.0;
            }
            Ok(())
        };
        // Neighbours are read together: most were told when a directory was set up.
        self.standing.each(&mut |entry| {
            let position = u64::from_be_bytes(*entry);
            if position == end + 1 {
                end = position;
                return Ok(());
            }
            read(beginning, end).map_err(io::Error::other)?;
            (beginning, end) = (position.saturating_sub(1), position);
            Ok(())
        })?;
        Ok(read(beginning, end)?)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a batch into files of its own that are read from now on; the manifest does not name them yet.
    fn spill(&self, batch: &Batch, manifest: &mut Manifest) -> io::Result<()> {
        if !batch.leads.is_empty() {
            let leads = self.leads.write(number(manifest), batch.leads.iter())?;
            manifest.leads.push(leads.name());
            self.leads.add(leads);
        }
        if !batch.seen.is_empty() {
            let seen = self.seen.write(number(manifest), batch.seen_entries().iter())?;
            manifest.seen.push(seen.name());
            self.seen.add(seen);
        }
        Ok(())
    }

    /// Says in the manifest that the files tell of everything up to `position`, which is durable in the log.
    fn settle(
        &self,
        manifest: &mut Manifest,
        position: Position,
        log: &dyn EventLog,
        vault: &Vault,
    ) -> Result<(), HandlesError> {
        let standing = told_between(manifest, position, log, vault)?;
        if !standing.is_empty() {
            let run = self.standing.write(number(manifest), standing.iter())?;
            manifest.standing.push(run.name());
            self.standing.add(run);
        }
        manifest.position = position;
        manifest.record = record_at(log, position)?.map(Vec::from).unwrap_or_default();
        Ok(manifest.write(&self.folder)?)
    }

    /// Writes a batch that is durable in the log into files, and says so in the manifest.
    pub(super) fn write(&self, batch: &Batch, log: &dyn EventLog, vault: &Vault) -> Result<(), HandlesError> {
        let mut state = self.state();
        self.spill(batch, &mut state.manifest)?;
        // A batch of what an opening found may know of no newer record than the files do.
        let position = batch.position.max(state.manifest.position);
        self.settle(&mut state.manifest, position, log, vault)
    }

    /// Goes on with a merge, or begins one where runs are too many; tells whether there was anything to do.
    pub(super) fn merge(&self) -> Result<bool, HandlesError> {
        let mut state = self.state();
        let merging = match state.merging.take() {
            Some(merging) => Some(merging),
            None => self.begin_merging(&mut state.manifest)?,
        };
        let Some(mut merging) = merging else { return Ok(false) };
        let done = match &mut merging {
            Either::Leads(merging) => merging.step(MERGED_AT_ONCE, &|_| true)?,
            Either::Seen(merging) => merging.step(MERGED_AT_ONCE, &|_| true)?,
        };
        if !done {
            state.merging = Some(merging);
            return Ok(true);
        }
        match merging {
            Either::Leads(merging) => {
                let merged = self.leads.end_merging(merging)?;
                state.manifest.leads = self.leads.names();
                state.manifest.write(&self.folder)?;
                merged.iter().try_for_each(|run| run.remove())?;
            }
            Either::Seen(merging) => {
                let merged = self.seen.end_merging(merging)?;
                state.manifest.seen = self.seen.names();
                state.manifest.write(&self.folder)?;
                merged.iter().try_for_each(|run| run.remove())?;
            }
        }
        Ok(true)
    }

    /// Writes all handles anew but those that `stays` does not hold for; answers how many are gone.
    ///
    /// Whoever reads goes on meanwhile. Files that tell of nothing after `read_to` need not be made anew any more.
    pub(super) fn forget(
        &self,
        read_to: Position,
        stays: &dyn Fn(&[u8; LEADS]) -> bool,
    ) -> Result<u64, HandlesError> {
        let mut state = self.state();
        if let Some(Either::Leads(merging)) =
            state.merging.take_if(|merging| matches!(merging, Either::Leads(_)))
        {
            merging.abandon()?;
        }
        let before = self.leads.count();
        if let Some(mut merging) = self.leads.begin_merging_all(|| number(&mut state.manifest))? {
            while !merging.step(MERGED_AT_ONCE, stays)? {}
            let merged = self.leads.end_merging(merging)?;
            state.manifest.leads = self.leads.names();
            state.manifest.write(&self.folder)?;
            merged.iter().try_for_each(|run| run.remove())?;
        }
        if state.manifest.forgets && state.manifest.position <= read_to {
            state.manifest.forgets = false;
            state.manifest.write(&self.folder)?;
        }
        Ok(before.saturating_sub(self.leads.count()))
    }

    fn begin_merging(&self, manifest: &mut Manifest) -> io::Result<Option<Either>> {
        if let Some(merging) = self.leads.begin_merging(|| number(manifest))? {
            return Ok(Some(Either::Leads(merging)));
        }
        Ok(self.seen.begin_merging(|| number(manifest))?.map(Either::Seen))
    }
}

fn number(manifest: &mut Manifest) -> u64 {
    manifest.next += 1;
    manifest.next
}

/// Tells whether the log holds the record that the manifest was written at.
fn stands(manifest: &Manifest, log: &dyn EventLog) -> Result<bool, LogError> {
    if manifest.position == Position::ZERO {
        return Ok(true);
    }
    Ok(record_at(log, manifest.position)?.is_some_and(|hash| hash.as_slice() == manifest.record))
}

/// While a directory is opened, when nobody files.
impl Handles {
    /// Writes what is newest into files, where it is much; they count once everything [`Handles::stands_at`].
    ///
    /// # Errors
    /// The disk.
    pub(crate) fn spill(&self) -> Result<(), HandlesError> {
        match &self.kept {
            Some(kept) if self.is_full() => {
                let batch = std::mem::take(&mut self.fresh_mut().newest);
                let mut state = kept.state();
                state.spilled = true;
                Ok(kept.spill(&batch, &mut state.manifest)?)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Says that everything up to `position` is told; writes it down where some of it is in files already.
    ///
    /// # Errors
    /// The disk or the log.
    pub(crate) fn stands_at(
        &self,
        position: Position,
        log: &dyn EventLog,
        vault: &Vault,
    ) -> Result<(), HandlesError> {
        let Some(kept) = &self.kept else { return Ok(()) };
        let mut state = kept.state();
        if std::mem::take(&mut state.spilled) {
            let batch = std::mem::take(&mut self.fresh_mut().newest);
            kept.spill(&batch, &mut state.manifest)?;
            kept.settle(&mut state.manifest, position, log, vault)?;
        }
        Ok(())
    }
}

impl Handles {
    /// Puts what is newest aside to be written, where nothing else is and it is enough.
    pub(super) fn freeze(&self, position: Position, least: usize) {
        let mut fresh = self.fresh_mut();
        if fresh.frozen.is_none() && fresh.newest.len() >= least {
            let mut batch = std::mem::take(&mut fresh.newest);
            let seen = batch.seen.values().map(|seen| seen.position).max();
            batch.position = position.max(seen.unwrap_or_default());
            fresh.frozen = Some(Arc::new(batch));
        }
    }

    fn is_full(&self) -> bool {
        let fresh = self.fresh();
        fresh.frozen.is_none() && fresh.newest.len() >= self.newest_max
    }

    pub(super) fn frozen(&self) -> Option<Arc<Batch>> {
        self.fresh().frozen.clone()
    }
}

impl Directory {
    /// Lets the files of handles follow the log by a step, where there is enough for one.
    ///
    /// Cost: some tens of milliseconds, during which nobody waits.
    ///
    /// # Errors
    /// The disk or the log; what is in memory stays there. Ask again.
    pub(crate) fn keep_handles(&self) -> Result<(), HandlesError> {
        let Some(kept) = self.handles().kept() else { return Ok(()) };
        if self.handles().is_full() {
            self.freeze_handles(self.handles().newest_max);
        }
        match self.handles().frozen() {
            Some(batch) => self.write_handles(kept, &batch),
            None => kept.merge().map(drop),
        }
    }

    /// Brings the files of handles up to the log, for a quick opening.
    ///
    /// # Errors
    /// As [`Directory::keep_handles`]. What is not durable yet stays in memory.
    pub(crate) fn keep_all_handles(&self) -> Result<(), HandlesError> {
        let Some(kept) = self.handles().kept() else { return Ok(()) };
        // What was put aside before, and what came since.
        for _ in 0..2 {
            self.freeze_handles(1);
            if let Some(batch) = self.handles().frozen() {
                self.write_handles(kept, &batch)?;
            }
        }
        Ok(())
    }

    fn freeze_handles(&self, least: usize) {
        // Whoever files holds the desk, so that no record is told by halves.
        let nobody_files = self.desk_mut();
        self.handles().freeze(self.filed(), least);
        drop(nobody_files);
    }

    fn write_handles(&self, kept: &Kept, batch: &Batch) -> Result<(), HandlesError> {
        if self.head()? >= batch.position {
            kept.write(batch, self.log(), self.vault())?;
            self.handles().fresh_mut().frozen = None;
        }
        Ok(())
    }
}
