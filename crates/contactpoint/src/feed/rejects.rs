//! Rejects: the lines of a file that were not taken, by line, field and code; never a value.
//!
//! They are kept beside the file as `FILE.rejects.csv`; fields of taken lines in which another word stands as
//! `FILE.discrepancies.csv`. Source: contract.md section 1; domain.md 4.3.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;

/// One thing that is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reject {
    /// Line of the file, 1 for the first.
    pub(crate) line: u64,
    /// The field; empty where it is the line itself.
    pub(crate) field: String,
    /// What is wrong with it.
    pub(crate) code: String,
}

impl Reject {
    /// Something wrong with a field.
    pub(crate) fn new(line: u64, field: impl Into<String>, code: impl Into<String>) -> Reject {
        Reject { line, field: field.into(), code: code.into() }
    }
}

/// Which list is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    /// What was not taken.
    Rejects,
    /// What was taken and differs from what stands.
    Discrepancies,
}

/// Where a list of a file is kept.
fn beside(file: &Path, list: List) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_os_string();
    name.push(match list {
        List::Rejects => ".rejects.csv",
        List::Discrepancies => ".discrepancies.csv",
    });
    file.with_file_name(name)
}

/// Writes a list of a file beside it, in order of lines; removes that of an earlier run when there is nothing on it.
///
/// # Errors
/// The file could not be written or removed.
pub(crate) fn keep(file: &Path, list: List, rejects: &mut [Reject]) -> anyhow::Result<Option<PathBuf>> {
    let path = beside(file, list);
    if rejects.is_empty() {
        return match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("{} is out of date and cannot be removed", path.display()))
            }
            Ok(()) | Err(_) => Ok(None),
        };
    }
    rejects.sort_by_key(|reject| reject.line);
    let write = || -> Result<(), csv::Error> {
        let mut table = csv::Writer::from_path(&path)?;
        table.write_record(["line", "field", "code"])?;
        for reject in rejects.iter() {
            table.write_record([reject.line.to_string().as_str(), &reject.field, &reject.code])?;
        }
        Ok(table.flush()?)
    };
    write().with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(Some(path))
}
