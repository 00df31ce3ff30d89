//! The runs of one kind of entry: several files, oldest first, merged as they grow in number.
//!
//! Each is at least [`RATIO`] times as long as all after it together, but while merging lags, so that asking reads
//! few of them and an entry is written again a few times only, whatever their number. Cost of asking: a look into
//! the filter of each run, at 75 million entries four or five, and a read of a block where it may be.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use super::run::{PREFIX, Run, RunReader, RunWriter};

/// How much longer than all that came after it a run must be to be left alone.
const RATIO: u64 = 3;

/// The runs of entries of `W` bytes.
#[derive(Debug)]
pub(super) struct Runs<const W: usize> {
    folder: PathBuf,
    /// What the names of its files begin with.
    stem: &'static str,
    /// The runs that are read, oldest first.
    live: RwLock<Vec<Arc<Run<W>>>>,
}

/// A merge that is under way.
#[derive(Debug)]
pub(super) struct Merging<const W: usize> {
    /// The runs that become one, neighbours, oldest first.
    merged: Vec<Arc<Run<W>>>,
    sources: Vec<Source<W>>,
    into: RunWriter<W>,
}

#[derive(Debug)]
struct Source<const W: usize> {
    reader: RunReader<W>,
    next: [u8; W],
}

impl<const W: usize> Runs<W> {
    /// Opens the runs of these names.
    ///
    /// # Errors
    /// One is missing or damaged.
    pub(super) fn open(folder: &Path, stem: &'static str, names: &[String]) -> io::Result<Runs<W>> {
        let runs: io::Result<Vec<_>> =
            names.iter().map(|name| Run::open(&folder.join(name)).map(Arc::new)).collect();
        Ok(Runs { folder: folder.to_owned(), stem, live: RwLock::new(runs?) })
    }

    /// Tells every entry that begins with `prefix`, in no order, one perhaps twice.
    ///
    /// # Errors
    /// A file could not be read, or is damaged.
    pub(super) fn find(&self, prefix: [u8; PREFIX], each: &mut dyn FnMut(&[u8; W])) -> io::Result<()> {
        for run in self.live() {
            run.find(prefix, each)?;
        }
        Ok(())
    }

    /// Tells every entry, run by run.
    ///
    /// # Errors
    /// As of `each`; a file could not be read, or is damaged.
    pub(super) fn each(&self, each: &mut dyn FnMut(&[u8; W]) -> io::Result<()>) -> io::Result<()> {
        for run in self.live() {
            let mut reader = run.reader()?;
            while let Some(entry) = reader.next()? {
                each(&entry)?;
            }
        }
        Ok(())
    }

    /// The names of its files, oldest first.
    pub(super) fn names(&self) -> Vec<String> {
        self.live().iter().map(|run| run.name()).collect()
    }

    /// How many entries its files hold, one in several files counted as often.
    pub(super) fn count(&self) -> u64 {
        self.live().iter().map(|run| run.count()).sum()
    }

    /// Writes a run of entries that are in order, durable; it is read once it was added.
    ///
    /// # Errors
    /// The disk.
    pub(super) fn write<'a>(
        &self,
        number: u64,
        entries: impl ExactSizeIterator<Item = &'a [u8; W]>,
    ) -> io::Result<Arc<Run<W>>> {
        let room = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        let mut writer = RunWriter::create(&self.path(number), room)?;
        for entry in entries {
            writer.push(entry)?;
        }
        writer.finish().map(Arc::new)
    }

    /// Reads a run from now on, as the newest.
    pub(super) fn add(&self, run: Arc<Run<W>>) {
        self.live.write().unwrap_or_else(PoisonError::into_inner).push(run);
    }

    /// Begins to merge the newest runs, where they are too many for their length.
    ///
    /// # Errors
    /// The disk.
    pub(super) fn begin_merging(&self, number: impl FnOnce() -> u64) -> io::Result<Option<Merging<W>>> {
        let live = self.live();
        let (mut from, mut after) = (live.len(), 0);
        for (at, run) in live.iter().enumerate().rev() {
            if at + 1 < live.len() && run.count() < RATIO * after {
                from = at;
            }
            after += run.count();
        }
        self.begin(live.into_iter().skip(from).collect(), number)
    }

    /// Begins to merge all runs into one.
    ///
    /// # Errors
    /// The disk.
    pub(super) fn begin_merging_all(&self, number: impl FnOnce() -> u64) -> io::Result<Option<Merging<W>>> {
        self.begin(self.live(), number)
    }

    fn begin(
        &self,
        merged: Vec<Arc<Run<W>>>,
        number: impl FnOnce() -> u64,
    ) -> io::Result<Option<Merging<W>>> {
        if merged.is_empty() {
            return Ok(None);
        }
        let mut sources = Vec::with_capacity(merged.len());
        for run in &merged {
            let mut reader = run.reader()?;
            if let Some(next) = reader.next()? {
                sources.push(Source { reader, next });
            }
        }
        let room = merged.iter().map(|run| run.count()).sum();
        let into = RunWriter::create(&self.path(number()), room)?;
        Ok(Some(Merging { merged, sources, into }))
    }

    /// Ends a merge: the one run is read in place of those it was made of, which are answered to be removed.
    ///
    /// # Errors
    /// The disk; what was read before is read still.
    pub(super) fn end_merging(&self, merging: Merging<W>) -> io::Result<Vec<Arc<Run<W>>>> {
        let Merging { merged, into, .. } = merging;
        let whole = Arc::new(into.finish()?);
        let mut live = self.live.write().unwrap_or_else(PoisonError::into_inner);
        let first = merged.first().and_then(|first| live.iter().position(|run| Arc::ptr_eq(run, first)));
        if let Some(first) = first {
            live.splice(first..first + merged.len(), [whole]);
        }
        Ok(merged)
    }

    fn live(&self) -> Vec<Arc<Run<W>>> {
        self.live.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn path(&self, number: u64) -> PathBuf {
        self.folder.join(format!("{}-{number:08}", self.stem))
    }
}

impl<const W: usize> Merging<W> {
    /// Gives up, and takes away what was written.
    ///
    /// # Errors
    /// The disk.
    pub(super) fn abandon(self) -> io::Result<()> {
        self.into.abandon()
    }

    /// Merges at most `budget` entries, leaving out those that `stays` does not hold for; tells whether all are.
    ///
    /// # Errors
    /// The disk, or a block is damaged.
    pub(super) fn step(&mut self, budget: usize, stays: &dyn Fn(&[u8; W]) -> bool) -> io::Result<bool> {
        for _ in 0..budget {
            let Some(least) = self.sources.iter().map(|source| source.next).min() else { return Ok(true) };
            if stays(&least) {
                self.into.push(&least)?;
            }
            let mut at = 0;
            while let Some(source) = self.sources.get_mut(at) {
                if source.next != least {
                    at += 1;
                    continue;
                }
                match source.reader.next()? {
                    Some(next) => source.next = next,
                    None => drop(self.sources.swap_remove(at)),
                }
            }
        }
        Ok(self.sources.is_empty())
    }
}
