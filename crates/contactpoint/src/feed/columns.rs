//! Columns: which of a file's columns give which field.
//!
//! A file without a table is read by its own header; one with a table by the table alone. Source: contract.md
//! section 1 (`--columns`).

use std::{borrow::Cow, collections::BTreeMap, fs, path::Path};

use csv::ByteRecord;
use serde::Deserialize;

use crate::exit::usage;

/// Which file of a command a header is of: each has tables that may speak of it, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// The only one, or the first of two: in `search` the directory.
    Left,
    /// The second of two: in `search` the queries.
    Right,
}

impl Side {
    fn tables(self) -> [&'static str; 2] {
        match self {
            Side::Left => ["left", "both"],
            Side::Right => ["right", "both"],
        }
    }
}

/// What a table says of one field.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Told {
    Column(String),
    Columns(Vec<String>),
    Fixed(Fixed),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixed {
    value: String,
}

/// Where one field comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    /// These columns, joined by a space.
    Columns(Vec<usize>),
    /// The same for every row.
    Value(String),
}

/// What a file may and must tell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// Every field there is.
    pub(crate) all: &'static [&'static str],
    /// Those whose column must be there.
    pub(crate) needed: &'static [&'static str],
}

/// Which columns of one file give which field.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    sources: BTreeMap<&'static str, Source>,
    width: usize,
}

impl Columns {
    /// Lays the fields over a header, by a table where one is given.
    ///
    /// # Errors
    /// Usage: a column that no field is called after, twice the same column, a needed field without a column; in a
    /// table an unknown field or a column that the file lacks.
    pub(crate) fn lay(
        fields: Fields,
        header: &ByteRecord,
        side: Side,
        table: Option<&str>,
    ) -> anyhow::Result<Columns> {
        let names = header
            .iter()
            .map(|name| std::str::from_utf8(name).map(str::trim))
            .collect::<Result<Vec<&str>, _>>()
            .map_err(|_| usage("the header line is not UTF-8"))?;
        if let Some(twice) =
            names.iter().enumerate().find(|(at, name)| names.iter().take(*at).any(|other| other == *name))
        {
            return Err(usage(format!("the column {} stands in the header twice", twice.1)));
        }
        let sources = match table {
            None => by_header(fields, &names)?,
            Some(text) => by_table(fields, &names, side, text)?,
        };
        let missing: Vec<&str> =
            fields.needed.iter().filter(|field| !sources.contains_key(*field)).copied().collect();
        if !missing.is_empty() {
            return Err(usage(format!("no column gives {}", missing.join(", "))));
        }
        Ok(Columns { sources, width: names.len() })
    }

    /// How many columns the header has.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// The value of a field in a row, without white space around it; absent when blank.
    ///
    /// # Errors
    /// The bytes are not UTF-8.
    pub(crate) fn get<'r>(
        &'r self,
        row: &'r ByteRecord,
        field: &str,
    ) -> Result<Option<Cow<'r, str>>, std::str::Utf8Error> {
        let value = match self.sources.get(field) {
            None => return Ok(None),
            Some(Source::Value(value)) => Cow::Borrowed(value.as_str()),
            Some(Source::Columns(columns)) => {
                let mut parts = Vec::with_capacity(columns.len());
                for column in columns {
                    let part = std::str::from_utf8(row.get(*column).unwrap_or_default())?.trim();
                    if !part.is_empty() {
                        parts.push(part);
                    }
                }
                match parts.as_slice() {
                    [one] => Cow::Borrowed(*one),
                    several => Cow::Owned(several.join(" ")),
                }
            }
        };
        Ok(Some(value).filter(|value| !value.trim().is_empty()))
    }
}

fn by_header(fields: Fields, names: &[&str]) -> anyhow::Result<BTreeMap<&'static str, Source>> {
    let mut sources = BTreeMap::new();
    let mut unknown = Vec::new();
    for (at, name) in names.iter().enumerate() {
        match fields.all.iter().find(|field| *field == name) {
            Some(field) => {
                sources.insert(*field, Source::Columns(vec![at]));
            }
            None => unknown.push(*name),
        }
    }
    if unknown.is_empty() {
        return Ok(sources);
    }
    let unknown = unknown.join(", ");
    Err(usage(format!("no field is called {unknown}; map the columns with --columns FILE.toml")))
}

/// Reads a columns file.
///
/// # Errors
/// Usage: it cannot be read.
pub(crate) fn table(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).map_err(|error| usage(format!("{} cannot be read: {error}", path.display())))
}

fn by_table(
    fields: Fields,
    names: &[&str],
    side: Side,
    text: &str,
) -> anyhow::Result<BTreeMap<&'static str, Source>> {
    let tables: BTreeMap<String, BTreeMap<String, Told>> =
        toml::from_str(text).map_err(|error| usage(format!("the columns file cannot be read: {error}")))?;
    if let Some(unknown) = tables.keys().find(|name| !["both", "left", "right"].contains(&name.as_str())) {
        return Err(usage(format!(
            "the columns file has a table [{unknown}]; use [left], [right] or [both]"
        )));
    }
    let Some(table) = side.tables().iter().find_map(|name| tables.get(*name)) else {
        return by_header(fields, names);
    };
    let column = |name: &String| {
        names
            .iter()
            .position(|column| column == name)
            .ok_or_else(|| usage(format!("the file has no column {name}")))
    };
    let mut sources = BTreeMap::new();
    for (field, told) in table {
        let known = fields
            .all
            .iter()
            .find(|known| *known == field)
            .ok_or_else(|| usage(format!("the columns file maps {field}, and there is no such field")))?;
        let source = match told {
            Told::Column(name) => Source::Columns(vec![column(name)?]),
            Told::Columns(several) => Source::Columns(several.iter().map(column).collect::<Result<_, _>>()?),
            Told::Fixed(fixed) => Source::Value(fixed.value.clone()),
        };
        sources.insert(*known, source);
    }
    Ok(sources)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: Fields = Fields { all: &["ref", "name", "town"], needed: &["ref", "name"] };

    fn header(names: &[&str]) -> ByteRecord {
        ByteRecord::from(names.to_vec())
    }

    #[test]
    fn a_header_may_come_in_any_order() {
        let columns = Columns::lay(FIELDS, &header(&["town", "name", "ref"]), Side::Left, None).unwrap();
        let row = ByteRecord::from(vec!["", " Ava ", "1"]);
        assert_eq!(columns.get(&row, "name").unwrap().as_deref(), Some("Ava"));
        assert_eq!(columns.get(&row, "town").unwrap(), None);
    }

    #[test]
    fn a_column_that_nobody_knows_is_named_and_refused() {
        let unknown = Columns::lay(FIELDS, &header(&["ref", "name", "notes"]), Side::Left, None).unwrap_err();
        assert!(unknown.to_string().contains("notes"), "{unknown}");
        let missing = Columns::lay(FIELDS, &header(&["ref", "town"]), Side::Left, None).unwrap_err();
        assert!(missing.to_string().contains("name"), "{missing}");
        assert!(Columns::lay(FIELDS, &header(&["ref", "name", "name"]), Side::Left, None).is_err());
    }

    #[test]
    fn a_table_joins_fixes_and_leaves_out() {
        let table = "[both]\nref = \"id\"\nname = [\"first\", \"last\"]\ntown = {value = \"Ayton\"}\n";
        let columns =
            Columns::lay(FIELDS, &header(&["id", "first", "last", "notes"]), Side::Left, Some(table))
                .unwrap();
        let row = ByteRecord::from(vec!["7", "Ava", "Lowe", "not read"]);
        assert_eq!(columns.get(&row, "name").unwrap().as_deref(), Some("Ava Lowe"));
        assert_eq!(columns.get(&row, "town").unwrap().as_deref(), Some("Ayton"));
        assert!(Columns::lay(FIELDS, &header(&["id"]), Side::Left, Some(table)).is_err());
        assert!(
            Columns::lay(FIELDS, &header(&["id"]), Side::Left, Some("[both]\nnonsense = \"id\"\n")).is_err()
        );
    }
}
