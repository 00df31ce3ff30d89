//! Rows of queries for `search`: what each asks. A value that cannot be read counts as not stated.
//!
//! Source: contract.md section 1 (`QUERIES.csv`).

use std::path::Path;

use finding::Query;
use vocabulary::Gender;

use super::{
    columns::{Fields, Side},
    people::{Row, rows},
    reading::day,
};

/// The columns of a file of queries; `kind` is for whoever counts.
const FIELDS: Fields = Fields {
    all: &[
        "query_id", "kind", "forename", "surname", "dob", "dob_year", "age", "gender", "postcode", "area",
        "street", "town",
    ],
    needed: &["query_id"],
};

/// One query of a file.
#[derive(Debug)]
pub(crate) struct Asked {
    /// What the file calls it.
    pub(crate) id: String,
    /// What it asks.
    pub(crate) query: Query,
}

/// Reads a file of queries.
///
/// # Errors
/// Usage: it cannot be read, its columns cannot be laid out, or a row has no id.
pub(crate) fn read(path: &Path, table: Option<&str>) -> anyhow::Result<Vec<Asked>> {
    let mut queries = Vec::new();
    rows(path, (FIELDS, "query_id"), Side::Right, table, |id, row| {
        queries.push(Asked { id, query: query(row) });
    })?;
    Ok(queries)
}

fn query(row: &Row<'_>) -> Query {
    Query {
        forename: row.owned("forename"),
        surname: row.owned("surname"),
        date_of_birth: row.text("dob").and_then(|text| day(&text)),
        birth_year: row.text("dob_year").and_then(|text| text.parse().ok()),
        age: row.text("age").and_then(|text| text.parse().ok()),
        gender: row.text("gender").and_then(|text| Gender::from_letter(&text).ok()),
        postcode: row.text("postcode").and_then(|text| text.parse().ok()),
        postcode_area: row.owned("area"),
        street: row.owned("street"),
        town: row.owned("town"),
        fuzzy: true,
        thin: true,
        ..Query::default()
    }
}
