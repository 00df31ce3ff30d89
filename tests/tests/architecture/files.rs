//! Files: their size, how they open, the words in their names, and what must not be left in them.

use crate::tree::{self, Text, none};

/// Past this, a second subject has moved in (house rules, section 11.2).
const LINES_MAX: usize = 400;

/// Words that say nothing about what a thing is.
const EMPTY_WORDS: [&str; 8] =
    ["util", "utils", "helper", "helpers", "misc", "aggregate", "aggregates", "miscellaneous"];

/// What the name of an item stands behind.
const ITEMS: [&str; 9] =
    ["fn ", "struct ", "enum ", "trait ", "mod ", "type ", "const ", "static ", "macro_rules! "];

/// Left to be done, or switched off. In two parts, so that this list is not what it looks for.
const UNFINISHED: [&str; 8] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X:"),
    concat!("todo", "!("),
    concat!("unimplemented", "!("),
    concat!("#[ign", "ore"),
    concat!("#[should_", "panic"),
    concat!("dbg", "!("),
];

fn sources() -> Vec<Text> {
    tree::texts(&["rs"])
}

#[test]
fn no_source_file_is_longer_than_its_subject() {
    let long: Vec<String> = sources()
        .iter()
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, lines)| *lines > LINES_MAX)
        .map(|(file, lines)| format!("{}: {lines} lines", file.path))
        .collect();
    none("more than 400 lines", &long);
}

#[test]
fn every_source_file_opens_by_saying_what_it_is() {
    let silent: Vec<String> = sources()
        .iter()
        .filter(|file| !file.text.starts_with("//! ") || first_sentence(file).len() < 10)
        .map(|file| file.path.clone())
        .collect();
    none("no sentence at the top", &silent);
}

fn first_sentence(file: &Text) -> &str {
    file.text.lines().next().unwrap_or_default().trim_start_matches("//! ")
}

#[test]
fn no_module_is_named_mod() {
    let found: Vec<String> =
        sources().iter().filter(|file| file.stem() == "mod").map(|file| file.path.clone()).collect();
    none("mod.rs", &found);
}

#[test]
fn no_file_and_no_item_has_a_name_that_says_nothing() {
    let mut faults = Vec::new();
    for file in sources() {
        if file.path.split(['/', '.']).any(says_nothing) {
            faults.push(file.path.clone());
        }
        for (number, line) in (1..).zip(file.text.lines()) {
            if let Some(name) = item_name(line).filter(|name| says_nothing(name)) {
                faults.push(format!("{}:{number}: {name}", file.path));
            }
        }
    }
    none("names that say nothing", &faults);
}

/// The name of the item that a line declares, if it declares one.
fn item_name(line: &str) -> Option<&str> {
    let mut code = line.trim_start();
    for before in ["pub(crate) ", "pub(super) ", "pub ", "async ", "const "] {
        // A constant keeps its word, a constant function gives it up.
        if before != "const " || code.starts_with("const fn ") {
            code = code.strip_prefix(before).unwrap_or(code);
        }
    }
    let name = ITEMS.iter().find_map(|item| code.strip_prefix(item))?;
    let end = name.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(name.len());
    name.get(..end)
}

/// Whether one of the words of a name, in snake or camel case, says nothing.
fn says_nothing(name: &str) -> bool {
    let mut spaced = String::new();
    let mut small = false;
    for letter in name.chars() {
        if letter == '_' || letter == '-' || (letter.is_uppercase() && small) {
            spaced.push(' ');
        }
        small = letter.is_lowercase();
        spaced.extend(letter.to_lowercase().filter(|letter| letter.is_alphanumeric()));
    }
    spaced.split(' ').any(|word| EMPTY_WORDS.contains(&word))
}

#[test]
fn a_name_is_judged_word_by_word() {
    let said = |line: &str| item_name(line).is_some_and(says_nothing);
    assert!(said(&["    pub(crate) const fn read_", "helper(", ") {"].concat()));
    assert!(said(&["pub struct Date", "Utils;"].concat()));
    assert!(said(&["const MI", "SC_MAX: usize = 1;"].concat()));
    assert!(!said("fn utilisation() {"));
    assert!(!said("let helper = 1;"));
}

#[test]
fn nothing_is_left_to_be_done_and_no_test_is_switched_off() {
    let mut faults = Vec::new();
    for file in tree::texts(&["rs", "md", "toml", "sh", "html"]) {
        for (number, line) in (1..).zip(file.text.lines()) {
            if UNFINISHED.iter().any(|mark| line.contains(mark)) {
                faults.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    none("unfinished", &faults);
}
