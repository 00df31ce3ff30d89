//! Carrying segments over, one after another, so that a crash between any two steps loses none.

use std::{io, sync::Arc};

use sha2::{Digest, Sha256};
use vocabulary::stream::Position;

use super::{
    ArchiveError, Note,
    note::Kept,
    spanning::is_away,
    survey::{Surveyed, survey},
};
use crate::{
    LogError,
    disk::{Disk, DiskFile, Guard, Open, read_full, write_all},
    leaf::Hash,
    segment::{self, SegmentHead},
};

/// Held while segments are carried over or compacted, so that no segment is replaced while it is carried.
pub(crate) const LOCK: &str = "archive.lock";
/// Bytes copied at once.
const CHUNK: usize = 1 << 20;

/// Carries the oldest segments of a log to its archive.
#[derive(Debug)]
pub struct Archivist {
    here: Arc<dyn Disk>,
    there: Arc<dyn Disk>,
    note: Note,
    /// The first segment that is not known to be archived, and the one that is written to.
    first: u32,
    last: u32,
    /// Whether the note on the disk is another one.
    unwritten: bool,
    _lock: Box<dyn Guard>,
}

impl Archivist {
    /// Begins to archive the log `here` to the folder `there`, called `folder`; changes nothing yet.
    ///
    /// Segments that are `there` and no more `here` are taken for archived, whatever the note says, so that an
    /// archive may be carried to another folder and a lost note is made again.
    ///
    /// # Errors
    /// `InUse`, `NoLog`; `Elsewhere` where an archived segment is not `there`; `Differs` where it is not what it
    /// was; `Log`.
    pub fn new(here: Arc<dyn Disk>, there: Arc<dyn Disk>, folder: &str) -> Result<Archivist, ArchiveError> {
        let lock = here.lock(LOCK).map_err(LogError::io("take the archive's lock"))?;
        let lock = lock.ok_or(ArchiveError::InUse)?;
        let names = here.list("").map_err(LogError::io("list its files"))?;
        let numbers: Vec<u32> = names.iter().filter_map(|name| segment::number(name)).collect();
        let (Some(lowest), Some(last)) = (numbers.iter().min(), numbers.iter().max()) else {
            return Err(ArchiveError::NoLog);
        };
        let known = match Note::load(&*here) {
            Err(error) if error.kind() != io::ErrorKind::InvalidData => {
                return Err(LogError::io("read the note of its archive")(error).into());
            }
            known => known.ok().flatten(),
        };
        let note = Note { folder: folder.to_owned(), segments: Vec::new(), becoming: None };
        let (lowest, last) = (*lowest, *last);
        let mut found = Archivist { here, there, note, first: 1, last, unwritten: false, _lock: lock };
        found.find(known.as_ref(), lowest)?;
        Ok(found)
    }

    /// Finds out which segments are archived: those the note tells of, and at least all below `lowest`.
    fn find(&mut self, known: Option<&Note>, lowest: u32) -> Result<(), ArchiveError> {
        let same = known.is_some_and(|known| known.folder == self.note.folder);
        if let Some(known) = known.filter(|known| same && known.count() + 1 >= lowest) {
            self.note.segments.clone_from(&known.segments);
            self.note.becoming = known.becoming;
            let away =
                known.count() > 0 && is_away(&*self.there).map_err(LogError::io("list the archive"))?;
            if away {
                return Err(ArchiveError::Elsewhere { segment: 1, known: Some(known.folder.clone()) });
            }
            let settled = self.note.settle(&*self.there);
            self.unwritten = settled.map_err(LogError::io("read an archived segment"))?;
        } else {
            self.unwritten = known.is_some() || lowest > 1;
            for number in 1..lowest {
                let kept = self.kept(number, known)?;
                self.note.segments.push(kept);
            }
        }
        self.first = self.note.count() + 1;
        Ok(())
    }

    /// What is `there` of a segment that is no more `here`.
    fn kept(&self, number: u32, known: Option<&Note>) -> Result<Kept, ArchiveError> {
        let file = match self.there.open(&segment::name(number), Open::Read) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let known = known.map(|known| known.folder.clone());
                return Err(ArchiveError::Elsewhere { segment: number, known });
            }
            opened => opened.map_err(LogError::io("open an archived segment"))?,
        };
        let head = SegmentHead::read(&*file, number, Position::ZERO)?;
        let (digest, bytes) = digest(&*file).map_err(LogError::io("read an archived segment"))?;
        let kept = Kept { head, digest };
        let told = known.and_then(|known| known.kept(number));
        let becoming = known.and_then(|known| known.becoming) == Some((number, digest));
        if told.is_some_and(|told| *told != kept && !becoming) || bytes != u64::from(head.bytes) {
            return Err(ArchiveError::Differs { segment: number });
        }
        Ok(kept)
    }

    /// The segments that may be archived, in order: closed, and nothing in them recorded at `limit` or later.
    ///
    /// `each` is told of every one when it was read. Cost: reads them, and one more.
    ///
    /// # Errors
    /// `Log`.
    pub fn plan(&self, limit: i64, each: &mut dyn FnMut(&Surveyed)) -> Result<Vec<Surveyed>, ArchiveError> {
        let mut planned = Vec::new();
        for number in self.first..self.last {
            let (file, head) = self.head(number)?;
            let (_, next) = self.head(number + 1)?;
            let found = survey(&*file, &head, next.previous_end)?;
            if found.newest >= limit {
                break;
            }
            each(&found);
            planned.push(found);
        }
        Ok(planned)
    }

    fn head(&self, number: u32) -> Result<(Arc<dyn DiskFile>, SegmentHead), LogError> {
        let file = self.here.open(&segment::name(number), Open::Read);
        let file = file.map_err(LogError::io("open a segment"))?;
        let head = SegmentHead::read(&*file, number, Position::ZERO)?;
        Ok((file, head))
    }

    /// Finishes what was cut short the last time: writes the note, removes what is noted and still `here`.
    ///
    /// # Errors
    /// `Differs` where the archived one is not what was noted; `Log`.
    pub fn settle(&mut self) -> Result<(), ArchiveError> {
        if self.unwritten {
            self.note.store(&*self.here).map_err(LogError::io("note what is archived"))?;
            self.unwritten = false;
        }
        let names = self.here.list("").map_err(LogError::io("list its files"))?;
        let left =
            names.iter().filter_map(|name| segment::number(name)).filter(|number| *number < self.first);
        for number in left {
            self.kept(number, Some(&self.note))?;
            self.remove(number)?;
        }
        Ok(())
    }

    /// Carries the next segment over, as it was planned.
    ///
    /// Cost: reads it twice and writes it once; four times the disk is waited for.
    ///
    /// # Errors
    /// `Differs` where what was read back is not what was copied; `Log`.
    pub fn carry(&mut self, planned: &Surveyed) -> Result<(), ArchiveError> {
        let number = planned.segment;
        if number != self.first || number >= self.last {
            return Ok(());
        }
        let name = segment::name(number);
        let (_, head) = self.head(number)?;
        let copied = self.copy(&name).map_err(LogError::io("copy a segment to the archive"))?;
        let back = self.there.open(&name, Open::Read).and_then(|file| digest(&*file));
        if back.map_err(LogError::io("read a copied segment back"))? != copied {
            return Err(ArchiveError::Differs { segment: number });
        }
        self.note.segments.push(Kept { head, digest: copied.0 });
        self.first += 1;
        self.note.store(&*self.here).map_err(LogError::io("note what is archived"))?;
        self.remove(number)
    }

    /// Copies a segment; afterwards the copy is durable.
    fn copy(&self, name: &str) -> io::Result<(Hash, u64)> {
        let source = self.here.open(name, Open::Read)?;
        let beside = format!("{name}.new");
        let target = self.there.open(&beside, Open::Create)?;
        let length = source.len()?;
        target.set_len(length)?;
        let copied = chunks(&*source, &mut |at, bytes| {
            // What is unused stays a hole.
            if bytes.iter().any(|byte| *byte != 0) { write_all(&*target, at, bytes) } else { Ok(()) }
        })?;
        target.sync_data()?;
        self.there.rename(&beside, name)?;
        self.there.sync_dir("")?;
        Ok(copied)
    }

    /// Removes a segment that is archived. That it is gone need not be durable: whoever begins again removes it.
    fn remove(&self, number: u32) -> Result<(), ArchiveError> {
        let removed = self.here.remove(&segment::name(number)).and_then(|()| self.here.sync_dir(""));
        Ok(removed.map_err(LogError::io("remove an archived segment"))?)
    }
}

/// Digest and length of a file.
pub(super) fn digest(file: &dyn DiskFile) -> io::Result<(Hash, u64)> {
    chunks(file, &mut |_, _| Ok(()))
}

/// Reads a file from front to back; answers its digest and length.
fn chunks(
    file: &dyn DiskFile,
    each: &mut dyn FnMut(u64, &[u8]) -> io::Result<()>,
) -> io::Result<(Hash, u64)> {
    let (mut hasher, mut chunk, mut at) = (Sha256::new(), vec![0; CHUNK], 0_u64);
    loop {
        let read = read_full(file, at, &mut chunk)?;
        let Some(bytes) = chunk.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        hasher.update(bytes);
        each(at, bytes)?;
        at += read as u64;
    }
    Ok((hasher.finalize().into(), at))
}
