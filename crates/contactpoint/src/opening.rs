//! Opening a directory, and saying what was found.

use directory::{
    Directory, Folders, OpenedDirectory,
    ports::{Clock, SeededIds},
};
use event_log::Opened;

use crate::{exit::usage, output::say};

/// Whether a folder that holds no directory is to become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fresh {
    /// Make one.
    Make,
    /// Refuse: the name is probably mistyped.
    Refuse,
}

/// Opens a directory and says what its log had lost at the end, if anything.
///
/// # Errors
/// No directory where none is to be made; in use; damaged; or the machine failed.
pub(crate) fn open(folders: &Folders, clock: Box<dyn Clock>, fresh: Fresh) -> anyhow::Result<Directory> {
    if fresh == Fresh::Refuse && !folders.log().is_dir() {
        return Err(usage(format!("there is no directory in {}", folders.data.display())));
    }
    if fresh == Fresh::Refuse && !folders.keys.is_dir() {
        return Err(usage(format!("there is no keys folder {}", folders.keys.display())));
    }
    Ok(said(Directory::open(folders, clock)?))
}

/// Opens the directory of a demo, whose child numbers follow from its seed.
///
/// # Errors
/// As [`open`].
pub(crate) fn open_seeded(folders: &Folders, clock: Box<dyn Clock>, seed: u64) -> anyhow::Result<Directory> {
    Ok(said(Directory::open_drawing(folders, clock, Some(Box::new(SeededIds::new(seed))))?))
}

fn said(opened: OpenedDirectory) -> Directory {
    for line in told(&opened.log) {
        say(line);
    }
    opened.directory
}

/// What opening the log had to say.
pub(crate) fn told(opened: &Opened) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(cut) = &opened.cut {
        lines.push(format!(
            "the end of the log was torn: {} bytes of segment {} from offset {} on were cut off and kept in {}; \
             the log ends at position {}, and nothing that was acknowledged is lost",
            cut.bytes, cut.segment, cut.offset, cut.kept_as, opened.position.0
        ));
    }
    if opened.restored {
        lines.push(format!(
            "the ending of the last batch was cut off and was written again; the log ends at position {}",
            opened.position.0
        ));
    }
    if opened.lengthened > 0 {
        lines.push(format!("{} unused bytes at the end of the log were added again", opened.lengthened));
    }
    if opened.rebuilt > 0 {
        lines.push(format!("{} indexes of closed segments were made again", opened.rebuilt));
    }
    if opened.mark_unreadable {
        lines.push("the mark of the durable end could not be read and was not compared".to_owned());
    }
    lines
}
