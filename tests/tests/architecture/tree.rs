//! The tree of files as it stands, built things and history left out.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Folders that hold nothing of ours.
const NOT_OURS: [&str; 3] = ["target", ".git", "node_modules"];

/// One file of text.
pub(crate) struct Text {
    /// Its path from the root, with `/` between its parts.
    pub(crate) path: String,
    /// What it holds.
    pub(crate) text: String,
}

impl Text {
    /// The name of the file without folder and ending.
    pub(crate) fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap();
        name.split('.').next().unwrap()
    }
}

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Whether a path from the root leads to something.
pub(crate) fn exists(path: &str) -> bool {
    root().join(path).exists()
}

/// The text of one file.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file of text with one of these endings, by path.
pub(crate) fn texts(endings: &[&str]) -> Vec<Text> {
    let mut found = Vec::new();
    walk(&root(), &root(), endings, &mut found);
    found.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(!found.is_empty(), "no file ends in any of {endings:?}: the walk looks in the wrong place");
    found
}

fn walk(root: &Path, folder: &Path, endings: &[&str], found: &mut Vec<Text>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            if !NOT_OURS.contains(&name) {
                walk(root, &path, endings, found);
            }
        } else if path.extension().is_some_and(|ending| endings.iter().any(|one| ending == *one)) {
            let parts = path.strip_prefix(root).unwrap().components();
            let parts: Vec<&str> = parts.map(|part| part.as_os_str().to_str().unwrap()).collect();
            found.push(Text { path: parts.join("/"), text: fs::read_to_string(&path).unwrap() });
        }
    }
}

/// Fails with every fault found, one a line.
pub(crate) fn none(what: &str, faults: &[String]) {
    assert!(faults.is_empty(), "{what}:\n  {}", faults.join("\n  "));
}
