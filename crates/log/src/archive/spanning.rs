//! A disk that spans the log's folder and its archive: a segment is opened where it lies.

use std::{
    collections::BTreeSet,
    fmt, io,
    sync::{Arc, Mutex, OnceLock},
};

use super::{Away, Note, carrying::digest};
use crate::{
    compaction,
    disk::{Disk, DiskFile, Guard, Open, read_full},
    lock::held,
    segment::{self, HEAD, SegmentHead},
};

/// Opens the archive's folder by its name.
pub type Mount = Box<dyn Fn(&str) -> Arc<dyn Disk> + Send + Sync>;

/// The archive's folder, and the note of what lies there.
type Archived = (Arc<dyn Disk>, Arc<Note>);

/// Both folders as one: what is written goes to the log's own, archived segments are read from the other.
#[derive(Debug)]
pub struct Spanning {
    folders: Arc<Folders>,
    /// Whether the note is believed about the heads of segments, until one is read.
    believing: bool,
}

struct Folders {
    here: Arc<dyn Disk>,
    mount: Mount,
    /// The note as it was last read; one that knows of more may have been written since.
    note: Mutex<Option<Arc<Note>>>,
    /// Segments that lay in the archive when the files of the log were last listed.
    there: Mutex<BTreeSet<u32>>,
}

impl Spanning {
    /// Spans the log's own folder and whatever folder its note names.
    pub fn new(here: Arc<dyn Disk>, mount: Mount) -> Spanning {
        let (note, there) = (Mutex::default(), Mutex::default());
        Spanning { folders: Arc::new(Folders { here, mount, note, there }), believing: false }
    }

    /// The same, opening an archived segment that is in its place only when it is read: what its first sector says
    /// is taken from the note, and compared then.
    #[must_use]
    pub fn believing(self) -> Spanning {
        Spanning { believing: true, ..self }
    }
}

impl Folders {
    /// The note, if it tells of segment `number`.
    fn noted(&self, number: u32) -> io::Result<Option<Arc<Note>>> {
        let tells = |note: &Arc<Note>| note.count() >= number;
        let known = held(&self.note).clone().filter(tells);
        if known.is_some() {
            return Ok(known);
        }
        self.reread().map(|note| note.filter(tells))
    }

    fn reread(&self) -> io::Result<Option<Arc<Note>>> {
        let note = Note::load(&*self.here)?.map(Arc::new);
        held(&self.note).clone_from(&note);
        Ok(note)
    }

    /// Opens an archived segment.
    fn archived(&self, number: u32) -> io::Result<Arc<dyn DiskFile>> {
        let name = segment::name(number);
        let Some(mut note) = self.noted(number)? else { return Err(io::ErrorKind::NotFound.into()) };
        let mut opened = (self.mount)(&note.folder).open(&name, Open::Read);
        if is_missing(&opened)
            && let Some(newer) = self.reread()?.filter(|newer| newer.folder != note.folder)
        {
            // The archive was moved since.
            note = newer;
            opened = (self.mount)(&note.folder).open(&name, Open::Read);
        }
        if is_missing(&opened) && is_away(&*(self.mount)(&note.folder))? {
            let away = Away { folder: note.folder.clone(), segments: note.count() };
            return Err(io::Error::other(away));
        }
        opened
    }

    /// The archive of segment `number` and its note, if it is archived.
    fn archive_of(&self, number: u32) -> io::Result<Option<Archived>> {
        let note = self.noted(number)?;
        Ok(note.map(|note| ((self.mount)(&note.folder), note)))
    }

    /// Puts the compacted self of an archived segment in its place.
    ///
    /// The note tells of both before and of one after, so that a crash leaves a segment that is known. One that lies
    /// here still, since carrying it was cut short, is removed: it is the other self.
    fn replace(&self, number: u32, there: &dyn Disk, note: &Note) -> io::Result<()> {
        let (name, mut note) = (segment::name(number), note.clone());
        let beside = compaction::beside(number);
        note.settle(there)?;
        let new = digest(&*there.open(&beside, Open::Read)?)?.0;
        note.becoming = Some((number, new));
        note.store(&*self.here)?;
        there.rename(&beside, &name)?;
        there.sync_dir("")?;
        note.becoming = None;
        if let Some(kept) = note.segments.get_mut((number as usize).wrapping_sub(1)) {
            kept.digest = new;
        }
        note.store(&*self.here)?;
        *held(&self.note) = Some(Arc::new(note));
        match self.here.remove(&name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// An archived segment that lay in its place, to be opened when it is read.
    fn unopened(self: &Arc<Self>, number: u32) -> io::Result<Option<Arc<dyn DiskFile>>> {
        if !held(&self.there).contains(&number) {
            return Ok(None);
        }
        let note = self.noted(number)?;
        let head = note.as_ref().and_then(|note| note.kept(number)).map(|kept| kept.head);
        let folders = Arc::clone(self);
        Ok(head.map(|head| Arc::new(Unopened::new(head, folders)) as Arc<dyn DiskFile>))
    }
}

fn is_missing(opened: &io::Result<Arc<dyn DiskFile>>) -> bool {
    opened.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// Whether a folder holds no segment at all: it is not there, or its disk is not mounted.
pub(super) fn is_away(there: &dyn Disk) -> io::Result<bool> {
    Ok(!there.list("")?.iter().any(|name| segment::number(name).is_some()))
}

impl fmt::Debug for Folders {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Folders")
            .field("here", &self.here)
            .field("note", &self.note)
            .finish_non_exhaustive()
    }
}

impl Disk for Spanning {
    /// What is to replace a segment is made where that one lies.
    fn open(&self, name: &str, how: Open) -> io::Result<Arc<dyn DiskFile>> {
        if let Some(number) = compaction::number(name)
            && let Some((there, _)) = self.folders.archive_of(number)?
        {
            return there.open(name, how);
        }
        let opened = self.folders.here.open(name, how);
        // It is noted before it is removed, so that whatever was just removed is noted.
        match segment::number(name).filter(|_| how == Open::Read && is_missing(&opened)) {
            None => opened,
            Some(number) => match self.folders.unopened(number)?.filter(|_| self.believing) {
                None => self.folders.archived(number),
                Some(unopened) => Ok(unopened),
            },
        }
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        if let Some(number) = compaction::number(from)
            && let Some((there, note)) = self.folders.archive_of(number)?
        {
            return self.folders.replace(number, &*there, &note);
        }
        self.folders.here.rename(from, to)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        if let Some(number) = compaction::number(name)
            && let Some((there, _)) = self.folders.archive_of(number)?
        {
            return there.remove(name);
        }
        self.folders.here.remove(name)
    }

    /// Archived segments are told whether they are there or not: opening one says which. What was to replace one and
    /// was not finished is told too.
    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let mut names = self.folders.here.list(folder)?;
        if folder.is_empty()
            && let Some(note) = self.folders.reread()?
        {
            let there = (self.folders.mount)(&note.folder).list("")?;
            *held(&self.folders.there) = there.iter().filter_map(|name| segment::number(name)).collect();
            names.extend(there.into_iter().filter(|name| compaction::number(name).is_some()));
            names.extend((1..=note.count()).map(segment::name));
            names.sort();
            names.dedup();
        }
        Ok(names)
    }

    fn sync_dir(&self, folder: &str) -> io::Result<()> {
        self.folders.here.sync_dir(folder)
    }

    fn lock(&self, name: &str) -> io::Result<Option<Box<dyn Guard>>> {
        self.folders.here.lock(name)
    }
}

/// An archived segment that is opened when something behind its head is read.
#[derive(Debug)]
struct Unopened {
    head: SegmentHead,
    folders: Arc<Folders>,
    file: OnceLock<Arc<dyn DiskFile>>,
}

impl Unopened {
    fn new(head: SegmentHead, folders: Arc<Folders>) -> Unopened {
        Unopened { head, folders, file: OnceLock::new() }
    }

    /// Opens the segment, and checks that it is the one that was noted.
    fn file(&self) -> io::Result<&Arc<dyn DiskFile>> {
        if let Some(file) = self.file.get() {
            return Ok(file);
        }
        let file = self.folders.archived(self.head.number)?;
        let mut sector = [0; HEAD];
        read_full(&*file, 0, &mut sector)?;
        if SegmentHead::unpack(&sector) != Some(self.head) {
            let other = "the archived segment is another log's, or its header has changed";
            return Err(io::Error::new(io::ErrorKind::InvalidData, other));
        }
        Ok(self.file.get_or_init(|| file))
    }
}

impl DiskFile for Unopened {
    fn pread(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        let sector = self.head.pack();
        match usize::try_from(at).ok().and_then(|at| sector.get(at..)).filter(|rest| !rest.is_empty()) {
            None => self.file()?.pread(at, into),
            Some(rest) => {
                for (place, byte) in into.iter_mut().zip(rest) {
                    *place = *byte;
                }
                Ok(rest.len().min(into.len()))
            }
        }
    }

    fn len(&self) -> io::Result<u64> {
        self.file()?.len()
    }

    fn pwrite(&self, _at: u64, _bytes: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn sync_data(&self) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn set_len(&self, _bytes: u64) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
