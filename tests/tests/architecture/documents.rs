//! Documents: no machine's paths, no link into nothing, decisions in one form and of one page.

use crate::tree::{self, Text, none};

/// Where somebody's own machine shows. In two parts, so that this list is not what it looks for.
const MACHINE_PATHS: [&str; 6] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("/t", "mp/"),
    concat!("C:", "\\"),
];

/// Folders of the tree that a document may name a path in.
const FOLDERS: [&str; 8] =
    ["events/", "projections/", "crates/", "api/", "tests/", "benches/", "docs/", ".ci/"];

/// The heads of a decision, in order.
const HEADS: [&str; 6] = ["Question:", "Decision:", "Why:", "Alternatives:", "Price:", "Reconsider if:"];

/// About a page of print.
const DECISION_WORDS_MAX: usize = 520;

/// What a project keeps at its root and in docs, whatever else it has.
const KEPT: [&str; 14] = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "LICENSE",
    "deny.toml",
    "docs/ARCHITECTURE.md",
    "docs/glossary.md",
    "docs/events.md",
    "docs/visibility.md",
    "docs/problems.md",
    "docs/operations.md",
    "docs/adding-an-event.md",
    "docs/performance.md",
    "docs/proportionality.md",
];

fn documents() -> Vec<Text> {
    tree::texts(&["md"])
}

fn decisions() -> Vec<Text> {
    documents().into_iter().filter(|file| file.path.starts_with("docs/decisions/")).collect()
}

#[test]
fn what_a_newcomer_looks_for_is_there() {
    let missing: Vec<String> =
        KEPT.iter().filter(|path| !tree::exists(path)).map(|path| (*path).to_owned()).collect();
    none("missing", &missing);
}

#[test]
fn no_file_names_a_path_of_somebodys_machine() {
    let mut faults = Vec::new();
    for file in tree::texts(&["md", "rs", "toml", "sh", "html", "txt"]) {
        for (number, line) in (1..).zip(file.text.lines()) {
            // Within a longer path it is a part of an address.
            let begins = |at: usize| !line[..at].ends_with(char::is_alphanumeric);
            let named = |path: &&str| line.match_indices(*path).any(|(at, _)| begins(at));
            if MACHINE_PATHS.iter().any(named) {
                faults.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    none("paths of a machine", &faults);
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    let mut faults = Vec::new();
    for file in documents() {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for target in file.text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = target.split('#').next().unwrap_or_default();
            if path.is_empty() || path.contains("://") {
                continue;
            }
            if !tree::exists(format!("{folder}/{path}").trim_start_matches('/')) {
                faults.push(format!("{}: {target}", file.path));
            }
        }
    }
    none("links into nothing", &faults);
}

#[test]
fn every_path_that_a_document_names_exists() {
    let mut faults = Vec::new();
    for file in documents() {
        for span in file.text.split('`').skip(1).step_by(2) {
            let named = FOLDERS.iter().any(|folder| span.starts_with(folder));
            let plain = span.chars().all(|letter| letter.is_alphanumeric() || "/._-".contains(letter));
            if named && plain && !tree::exists(span) {
                faults.push(format!("{}: {span}", file.path));
            }
        }
    }
    none("paths that are not there", &faults);
}

/// The number at the head of a decision's file name.
fn number(file: &Text) -> Option<&str> {
    file.stem().split('-').next().filter(|digits| digits.len() == 4)
}

#[test]
fn decisions_are_numbered_without_gaps() {
    let numbers: Vec<String> = decisions().iter().filter_map(number).map(str::to_owned).collect();
    let expected: Vec<String> = (1..=decisions().len()).map(|number| format!("{number:04}")).collect();
    assert_eq!(numbers, expected);
}

#[test]
fn a_decision_has_its_heads_in_order_and_takes_one_page() {
    let mut faults = Vec::new();
    for file in decisions() {
        let mut lines = file.text.lines();
        let title = lines.next().unwrap_or_default();
        if !title.starts_with(&format!("# {}. ", number(&file).unwrap_or_default())) {
            faults.push(format!("{}: the title is {title:?}", file.path));
        }
        let status = lines.next().unwrap_or_default();
        if !is_status(status) {
            faults.push(format!("{}: the status is {status:?}", file.path));
        }
        let heads: Vec<&str> =
            lines.filter_map(|line| HEADS.iter().find(|head| line.starts_with(**head)).copied()).collect();
        if heads != HEADS {
            faults.push(format!("{}: its heads are {heads:?}", file.path));
        }
        let words = file.text.split_whitespace().count();
        if words > DECISION_WORDS_MAX {
            faults.push(format!("{}: {words} words", file.path));
        }
    }
    none("decisions", &faults);
}

/// `Status: accepted, 2026-11-22 (supersedes -)`.
fn is_status(line: &str) -> bool {
    let Some((word, rest)) = line.strip_prefix("Status: ").and_then(|rest| rest.split_once(", ")) else {
        return false;
    };
    let known = ["accepted", "proposed", "superseded", "withdrawn"].contains(&word);
    let (day, supersedes) = rest.split_once(' ').unwrap_or_default();
    let dated = day.len() == 10 && day.chars().all(|letter| letter.is_ascii_digit() || letter == '-');
    known && dated && supersedes.starts_with("(supersedes ") && supersedes.ends_with(')')
}

#[test]
fn every_decision_that_is_cited_exists() {
    let known: Vec<String> = decisions().iter().filter_map(number).map(str::to_owned).collect();
    let mut faults = Vec::new();
    for file in tree::texts(&["rs", "md", "toml"]) {
        for cited in file.text.split("ADR-").skip(1).filter_map(|rest| rest.get(..4)) {
            let is_number = cited.chars().all(|letter| letter.is_ascii_digit());
            if is_number && !known.iter().any(|number| number == cited) {
                faults.push(format!("{}: ADR-{cited}", file.path));
            }
        }
    }
    none("decisions that are not there", &faults);
}

#[test]
fn the_readme_names_the_test_command_and_ci_calls_nothing_else() {
    let command = "cargo xtask test";
    assert!(tree::read("README.md").contains(command), "the README does not name {command}");
    let script = tree::read(".ci/run");
    let commands: Vec<&str> = script
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .filter(|line| !line.starts_with("set ") && !line.starts_with("cd "))
        .collect();
    assert_eq!(commands, [format!("exec {command}")]);
}

#[test]
fn the_licence_of_the_packages_is_the_one_in_the_tree() {
    let manifest: toml::Table = tree::read("Cargo.toml").parse().unwrap();
    let package = manifest.get("workspace").and_then(|workspace| workspace.get("package")).unwrap();
    assert_eq!(package.get("license").and_then(toml::Value::as_str), Some("Apache-2.0"));
    assert!(tree::read("LICENSE").contains("Apache License"));
}
