//! Rejects: the lines of a file that were not taken, by line, field and code; never a value.
//!
//! They are kept beside the file as `FILE.rejects.csv`. Source: contract.md section 1.

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

/// Where the rejects of a file are kept.
pub(crate) fn beside(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_os_string();
    name.push(".rejects.csv");
    file.with_file_name(name)
}

/// Writes the rejects of a file beside it, in order of lines; removes those of an earlier run when there are none.
///
/// # Errors
/// The file could not be written or removed.
pub(crate) fn keep(file: &Path, rejects: &mut [Reject]) -> anyhow::Result<Option<PathBuf>> {
    let path = beside(file);
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
