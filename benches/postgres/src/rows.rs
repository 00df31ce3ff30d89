//! The questions and changes that both sides are asked, from the files that `generate --tables` wrote.

use std::path::Path;

use anyhow::Context;
use serde::Deserialize;

/// One question, and whom it means.
#[derive(Deserialize)]
pub struct Question {
    pub child: i64,
    pub surname: String,
    pub forename: String,
    pub true_surname: String,
    pub true_forename: String,
    pub from: String,
    pub to: String,
    pub area: String,
    first_letter_wrong: char,
}

/// One change: somebody works with a child from now on.
#[derive(Deserialize, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    pub child: i64,
    pub organisation: i32,
    pub practitioner: i32,
    pub kind: i16,
    pub started: String,
}

impl Question {
    /// Whether the first letter of the surname is another one.
    pub fn letter_wrong(&self) -> bool {
        self.first_letter_wrong == 't'
    }
}

/// Reads a file of rows.
pub fn read<R: for<'de> Deserialize<'de>>(folder: &Path, file: &str) -> anyhow::Result<Vec<R>> {
    let path = folder.join(file);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(&path)?;
    let rows: Result<Vec<R>, _> = reader.deserialize().collect();
    rows.with_context(|| format!("{} cannot be read", path.display()))
}
