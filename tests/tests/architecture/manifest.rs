//! What a package's `Cargo.toml` says that the floors are about.

use toml::{Table, Value};

use crate::tree;

/// One package's manifest.
pub(crate) struct Manifest(Table);

impl Manifest {
    /// Reads the manifest in a folder, `.` for the workspace's own.
    pub(crate) fn of(folder: &str) -> Manifest {
        let path = if folder == "." { "Cargo.toml".to_owned() } else { format!("{folder}/Cargo.toml") };
        Manifest(tree::read(&path).parse().unwrap_or_else(|error| panic!("{path}: {error}")))
    }

    /// The value at a path of keys.
    pub(crate) fn at(&self, keys: &[&str]) -> Option<&Value> {
        let (first, rest) = keys.split_first()?;
        rest.iter().try_fold(self.0.get(*first)?, |value, key| value.get(key))
    }

    /// What the package is built with: dependencies and those of its build script, for every target.
    pub(crate) fn dependencies(&self) -> Vec<(String, Value)> {
        let mut tables = vec![&self.0];
        if let Some(targets) = self.0.get("target").and_then(Value::as_table) {
            tables.extend(targets.values().filter_map(Value::as_table));
        }
        tables
            .into_iter()
            .flat_map(|table| ["dependencies", "build-dependencies"].map(|kind| table.get(kind)))
            .flatten()
            .filter_map(Value::as_table)
            .flat_map(|table| table.iter().map(|(name, value)| (name.clone(), value.clone())))
            .collect()
    }

    /// The strings of an array at a path of keys.
    pub(crate) fn strings(&self, keys: &[&str]) -> Vec<String> {
        let array = self.at(keys).and_then(Value::as_array).unwrap_or_else(|| panic!("no array {keys:?}"));
        array.iter().map(|value| value.as_str().unwrap().to_owned()).collect()
    }
}
