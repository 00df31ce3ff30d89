//! Files of results: written beside their place and then put into it, so that there is never a part of one.

use std::{
    io::{BufWriter, Write},
    path::Path,
};

use anyhow::Context;

use crate::exit::usage;

/// Writes a CSV file whole, or not at all.
///
/// # Errors
/// Usage: its folder cannot be written to. Else the machine's.
pub(crate) fn write<const WIDTH: usize>(
    path: &Path,
    header: [&str; WIDTH],
    rows: impl IntoIterator<Item = [String; WIDTH]>,
) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = tempfile::NamedTempFile::new_in(folder)
        .map_err(|error| usage(format!("nothing can be written to {}: {error}", folder.display())))?;
    let mut csv = csv::Writer::from_writer(BufWriter::new(&file));
    csv.write_record(header)?;
    for row in rows {
        csv.write_record(row)?;
    }
    csv.into_inner().map_err(csv::IntoInnerError::into_error)?.flush()?;
    file.persist(path).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(())
}
