//! Rows of people for `link` and `search`: what each tells, with nothing refused but a row without a reference.
//!
//! A value that is missing or cannot be read counts as missing; a number that fails its check is kept apart, for whose
//! it may be a slip of. Source: contract.md section 1.

use std::{borrow::Cow, path::Path, str::FromStr};

use anyhow::Context;
use csv::ByteRecord;
use linkage::person::{Told, ToldPlace};
use vocabulary::{Gender, NhsNumber, Upn};

use super::{
    columns::{Columns, Fields, Side},
    reading::day,
};
use crate::exit::usage;

/// The columns of a file of people: those of `children.csv`, and an identifier of any scheme.
pub(crate) const FIELDS: Fields = Fields { all: &COLUMNS, needed: &["local_ref"] };

const COLUMNS: [&str; population::CHILDREN_COLUMNS.len() + 1] = {
    let mut columns = ["identifier"; population::CHILDREN_COLUMNS.len() + 1];
    let mut at = 0;
    while at < population::CHILDREN_COLUMNS.len() {
        columns[at] = population::CHILDREN_COLUMNS[at];
        at += 1;
    }
    columns
};

/// The people of one file, in its order.
#[derive(Debug, Default)]
pub(crate) struct People {
    /// The references, as written.
    pub(crate) refs: Vec<String>,
    /// What is told under each.
    pub(crate) told: Vec<Told>,
}

impl People {
    /// Reads a file of people.
    ///
    /// # Errors
    /// Usage: it cannot be read, its columns cannot be laid out, or a row has no reference.
    pub(crate) fn read(path: &Path, side: Side, table: Option<&str>) -> anyhow::Result<People> {
        let mut people = People::default();
        rows(path, (FIELDS, "local_ref"), side, table, |reference, row| {
            people.refs.push(reference);
            people.told.push(row.told());
        })?;
        Ok(people)
    }
}

/// Hands out the rows of a file, each with the value of the one field that must have one.
///
/// # Errors
/// Usage: the file cannot be read, its columns cannot be laid out, or a row lacks that value.
pub(super) fn rows(
    path: &Path,
    (fields, named_by): (Fields, &str),
    side: Side,
    table: Option<&str>,
    mut take: impl FnMut(String, &Row<'_>),
) -> anyhow::Result<()> {
    let file = path.display();
    let reader = csv::ReaderBuilder::new().flexible(true).from_path(path);
    let mut reader = reader.map_err(|error| usage(format!("{file} cannot be read: {error}")))?;
    let header = reader.byte_headers().with_context(|| format!("{file} has no header line"))?;
    let columns = Columns::lay(fields, header, side, table)?;
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).with_context(|| format!("{file} cannot be read to its end"))? {
        let row = Row { columns: &columns, record: &record };
        let Some(name) = row.owned(named_by) else {
            let line = record.position().map_or(0, csv::Position::line);
            return Err(usage(format!("{file}, line {line}: no {named_by}; every row needs one")));
        };
        take(name, &row);
    }
    Ok(())
}

/// One row.
pub(super) struct Row<'r> {
    columns: &'r Columns,
    record: &'r ByteRecord,
}

impl Row<'_> {
    pub(super) fn text(&self, field: &str) -> Option<Cow<'_, str>> {
        self.columns.get(self.record, field).ok().flatten()
    }

    pub(super) fn owned(&self, field: &str) -> Option<String> {
        self.text(field).map(Cow::into_owned)
    }

    fn told(&self) -> Told {
        let (nhs_number, nhs_number_mistyped) = self.checked("nhs_number", NhsNumber::as_str);
        let (upn, upn_mistyped) = self.checked("upn", Upn::as_str);
        Told {
            forename: self.owned("forename"),
            middle_names: self.owned("middle_names"),
            surname: self.owned("surname"),
            known_as: self.owned("known_as"),
            previous_surname: self.owned("previous_surname"),
            date_of_birth: self.text("dob").and_then(|text| day(&text)),
            gender: self.text("gender").and_then(|text| Gender::from_letter(&text).ok()),
            address: self.place("address", Some("town"), "postcode"),
            previous_address: self.place("previous_address", None, "previous_postcode"),
            nhs_number,
            upn,
            identifier: self.owned("identifier"),
            nhs_number_mistyped,
            upn_mistyped,
        }
    }

    /// An identifier; or, where it fails its check, what is written in its place.
    fn checked<T: FromStr>(&self, field: &str, as_str: fn(&T) -> &str) -> (Option<String>, Option<String>) {
        let Some(text) = self.text(field) else { return (None, None) };
        match text.parse() {
            Ok(read) => (Some(as_str(&read).to_owned()), None),
            Err(_) => (None, Some(text.into_owned())),
        }
    }

    fn place(&self, line: &str, town: Option<&str>, postcode: &str) -> Option<ToldPlace> {
        let place = ToldPlace {
            line: self.owned(line),
            town: town.and_then(|town| self.owned(town)),
            postcode: self.owned(postcode),
        };
        (place != ToldPlace::default()).then_some(place)
    }
}
