//! The thirty invariants: docs/invariants.md names only tests and functions that exist.

use std::collections::BTreeSet;

use crate::tree::{self, none};

const DOCUMENT: &str = "docs/invariants.md";
const NUMBER: usize = 30;

/// What stands between single backticks in a text.
fn spans(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Whether a span is the name of a function and not a path, a file or a word.
fn is_function(span: &str) -> bool {
    span.contains('_')
        && span.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}

/// The rows of the table: number, rule, where it is held, what shows it.
fn rows() -> Vec<[String; 4]> {
    let text = tree::read(DOCUMENT);
    let cells = text.lines().filter(|line| line.starts_with("| I-")).map(|line| {
        let mut cells = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned());
        let row = [(); 4].map(|()| cells.next().unwrap_or_default());
        assert!(cells.next().is_none(), "five cells: {line}");
        row
    });
    cells.collect()
}

/// Names of every test, and of every function.
fn functions() -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut tests, mut all) = (BTreeSet::new(), BTreeSet::new());
    for file in tree::texts(&["rs"]) {
        let mut marked = false;
        let mut table = false;
        for line in file.text.lines().map(str::trim) {
            if let Some(name) = function(line) {
                all.insert(name.to_owned());
                if marked {
                    tests.insert(name.to_owned());
                }
                marked = false;
            }
            marked |= line == "#[test]" || line.starts_with("#[tokio::test");
            // The suite of the log's port is held against every adapter by the tests that call it.
            if let Some(name) = line.strip_suffix("(&fresh());").filter(|_| file.stem() == "conformance") {
                tests.insert(name.to_owned());
            }
            // A table of refusals makes a test of each of its lines.
            table |= line.starts_with("refusals! {") || line.contains(" refusals! {");
            if let Some((name, _)) = line.split_once(':').filter(|(name, _)| table && is_function(name)) {
                tests.insert(name.to_owned());
            }
        }
    }
    (tests, all)
}

fn function(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    let declares = before
        .split(' ')
        .all(|word| word.is_empty() || word == "const" || word == "async" || word.starts_with("pub"));
    let end = after.find(['(', '<'])?;
    after.get(..end).filter(|_| declares)
}

#[test]
fn every_invariant_has_one_row_in_order() {
    let numbers: Vec<String> = rows().into_iter().map(|[number, ..]| number).collect();
    let expected: Vec<String> = (1..=NUMBER).map(|number| format!("I-{number}")).collect();
    assert_eq!(numbers, expected);
}

#[test]
fn the_invariants_name_only_tests_that_exist() {
    let (tests, _) = functions();
    let mut faults = Vec::new();
    let mut named = 0;
    for [number, _, _, shown_by] in rows() {
        for span in spans(&shown_by).filter(|span| is_function(span)) {
            named += 1;
            if !tests.contains(span) {
                faults.push(format!("{number}: there is no test {span}"));
            }
        }
    }
    assert!(named > NUMBER, "only {named} tests are named: the table is read wrongly");
    none("docs/invariants.md", &faults);
}

#[test]
fn the_invariants_name_only_functions_that_exist() {
    let (_, all) = functions();
    let mut faults = Vec::new();
    for [number, _, held_in, _] in rows() {
        for span in spans(&held_in).filter(|span| is_function(span) && !all.contains(*span)) {
            faults.push(format!("{number}: there is no function {span}"));
        }
    }
    none("docs/invariants.md", &faults);
}

/// A name of this many words is a sentence, so it can only be a test's.
const SENTENCE_WORDS_MIN: usize = 6;

#[test]
fn a_test_that_any_document_names_exists() {
    let (tests, _) = functions();
    let mut faults = Vec::new();
    for file in tree::texts(&["md"]) {
        let sentences = spans(&file.text)
            .filter(|span| is_function(span) && span.split('_').count() >= SENTENCE_WORDS_MIN);
        for span in sentences.filter(|span| !tests.contains(*span)) {
            faults.push(format!("{}: there is no test {span}", file.path));
        }
    }
    none("tests named in documents", &faults);
}

#[test]
fn an_invariant_without_a_test_says_when_it_comes() {
    let mut faults = Vec::new();
    for [number, _, _, shown_by] in rows() {
        let shown = spans(&shown_by).any(is_function);
        let told = ["comes with", "come with", "not held yet"].iter().any(|words| shown_by.contains(words));
        if !shown && !told {
            faults.push(number);
        }
    }
    none("neither shown nor told to be missing", &faults);
}
