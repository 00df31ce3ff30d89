//! What browsers are given: files that name nothing outside, write nothing inline, and tell whose work is in them.
//!
//! Source: ADR-0060; the policy of content that goes with every page.

use crate::tree::{self, Text, none};

/// What a style sheet must not hold: another file, or a font that is licensed for gov.uk alone.
const NOT_IN_STYLES: [&str; 6] = ["url(", "@import", "@font-face", "sourceMappingURL", "GDS", "crest"];

/// What a script must not hold: text made into code or markup, styles inline, or an address outside.
const NOT_IN_SCRIPTS: [&str; 11] = [
    "eval(",
    "Function(",
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    ".style",
    "\"style\"",
    "http:",
    "https:",
    "import(",
];

/// What a picture must not hold.
const NOT_IN_PICTURES: [&str; 4] = ["<script", "style=", "href", "onload"];

/// Past this, the sheet holds what no page uses (ADR-0060).
const STYLES_BYTES_MAX: usize = 150_000;

fn served(ending: &str) -> Vec<Text> {
    let all = tree::texts(&[ending]).into_iter();
    let found: Vec<Text> = all.filter(|file| file.path.starts_with("api/static/")).collect();
    assert!(!found.is_empty(), "no {ending} is served");
    found
}

fn holds_none(ending: &str, banned: &[&str]) {
    let mut faults = Vec::new();
    for file in served(ending) {
        for word in banned.iter().filter(|word| file.text.contains(**word)) {
            faults.push(format!("{}: {word}", file.path));
        }
    }
    none("what browsers are given holds what it must not", &faults);
}

#[test]
fn the_style_sheet_names_no_other_file_and_no_font_that_is_not_ours_to_use() {
    holds_none("css", &NOT_IN_STYLES);
    for sheet in served("css") {
        assert!(sheet.text.len() <= STYLES_BYTES_MAX, "{}: {} bytes", sheet.path, sheet.text.len());
    }
}

#[test]
fn no_script_makes_code_or_markup_of_text_or_calls_outside() {
    holds_none("js", &NOT_IN_SCRIPTS);
    holds_none("svg", &NOT_IN_PICTURES);
}

#[test]
fn the_notice_names_every_package_that_is_in_the_style_sheet() {
    let manifest = tree::read("api/styles/package.json");
    let (_, packages) = manifest.split_once("devDependencies").unwrap();
    let notice = tree::read("api/static/NOTICE.txt");
    let mut faults = Vec::new();
    for line in packages.lines().skip(1) {
        let words: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
        // The compiler leaves nothing of itself in what it compiles.
        if let [name, version] = words[..]
            && name != "sass"
            && !notice.contains(&format!("{name} {version}"))
        {
            faults.push(format!("{name} {version}"));
        }
    }
    none("not in api/static/NOTICE.txt", &faults);
}
