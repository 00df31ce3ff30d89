//! A disk that spans the log's folder and its archive: a segment is opened where it lies.

use std::{
    fmt, io,
    sync::{Arc, Mutex},
};

use super::{Away, Note};
use crate::{
    disk::{Disk, DiskFile, Guard, Open},
    lock::held,
    segment,
};

/// Opens the archive's folder by its name.
pub type Mount = Box<dyn Fn(&str) -> Arc<dyn Disk> + Send + Sync>;

/// Both folders as one: what is written goes to the log's own, archived segments are read from the other.
pub struct Spanning {
    here: Arc<dyn Disk>,
    mount: Mount,
    /// The note as it was last read; one that knows of more may have been written since.
    note: Mutex<Option<Arc<Note>>>,
}

impl Spanning {
    /// Spans the log's own folder and whatever folder its note names.
    pub fn new(here: Arc<dyn Disk>, mount: Mount) -> Spanning {
        Spanning { here, mount, note: Mutex::new(None) }
    }

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

    fn archived(&self, name: &str, number: u32) -> io::Result<Arc<dyn DiskFile>> {
        let Some(mut note) = self.noted(number)? else { return Err(io::ErrorKind::NotFound.into()) };
        let mut opened = (self.mount)(&note.folder).open(name, Open::Read);
        if is_missing(&opened)
            && let Some(newer) = self.reread()?.filter(|newer| newer.folder != note.folder)
        {
            // The archive was moved since.
            note = newer;
            opened = (self.mount)(&note.folder).open(name, Open::Read);
        }
        if is_missing(&opened) && is_away(&*(self.mount)(&note.folder))? {
            let away = Away { folder: note.folder.clone(), segments: note.count() };
            return Err(io::Error::other(away));
        }
        opened
    }
}

fn is_missing(opened: &io::Result<Arc<dyn DiskFile>>) -> bool {
    opened.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// Whether a folder holds no segment at all: it is not there, or its disk is not mounted.
pub(super) fn is_away(there: &dyn Disk) -> io::Result<bool> {
    Ok(!there.list("")?.iter().any(|name| segment::number(name).is_some()))
}

impl fmt::Debug for Spanning {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Spanning")
            .field("here", &self.here)
            .field("note", &self.note)
            .finish_non_exhaustive()
    }
}

impl Disk for Spanning {
    fn open(&self, name: &str, how: Open) -> io::Result<Arc<dyn DiskFile>> {
        let opened = self.here.open(name, how);
        match segment::number(name).filter(|_| how == Open::Read && is_missing(&opened)) {
            // It is noted before it is removed, so that whatever was just removed is noted.
            Some(number) => self.archived(name, number),
            None => opened,
        }
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.here.rename(from, to)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.here.remove(name)
    }

    /// Archived segments are told whether they are there or not: opening one says which.
    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let mut names = self.here.list(folder)?;
        if folder.is_empty()
            && let Some(note) = self.reread()?
        {
            names.extend((1..=note.count()).map(segment::name));
            names.sort();
            names.dedup();
        }
        Ok(names)
    }

    fn sync_dir(&self, folder: &str) -> io::Result<()> {
        self.here.sync_dir(folder)
    }

    fn lock(&self, name: &str) -> io::Result<Option<Box<dyn Guard>>> {
        self.here.lock(name)
    }
}
