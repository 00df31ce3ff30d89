//! The table of problems against the rules: every code that a rule can give is in it, once.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::BTreeSet, fs, path::Path};

use api::problem::{codes, page};

const ROOMS: [&str; 2] = ["../events/src", "../crates/directory/src"];

/// Names of what machines fail by: they go to the log, the caller reads `unavailable`.
const OF_MACHINES: [&str; 2] = ["error.rs", "unseal.rs"];

/// Recorded, and never told: the caller reads `not_found`.
const TOLD_TO_NOBODY: [&str; 1] = ["concealed"];

/// The texts in `fn code` of every source file, and those that a problem is made of directly.
fn codes_of_the_rules() -> BTreeSet<(String, String)> {
    let mut codes = BTreeSet::new();
    for room in ROOMS {
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(room), &mut |path, text| {
            let file = path.file_name().unwrap().to_string_lossy().into_owned();
            if OF_MACHINES.contains(&file.as_str()) {
                return;
            }
            let mut rest = text;
            while let Some(at) = rest.find("fn code(") {
                rest = &rest[at..];
                let end = rest.find("\n    }\n").unwrap_or(rest.len());
                for code in quoted(&rest[..end]) {
                    codes.insert((code, file.clone()));
                }
                rest = &rest[end..];
            }
            for made in [
                "Problem::new(",
                "code: ",
                "refused_look(person, id, ",
                "unknown = || (",
                "Err((",
                "refused(",
            ] {
                for part in text.split(made).skip(1) {
                    if let Some(code) =
                        part.trim_start().strip_prefix('"').and_then(|part| part.split('"').next())
                        && !TOLD_TO_NOBODY.contains(&code)
                    {
                        codes.insert((code.to_owned(), file.clone()));
                    }
                }
            }
        });
    }
    codes
}

fn quoted(text: &str) -> Vec<String> {
    let snake = |code: &&str| {
        code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    text.split('"').skip(1).step_by(2).filter(snake).map(str::to_owned).collect()
}

fn files(folder: &Path, each: &mut dyn FnMut(&Path, &str)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, each);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            each(&path, &fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_code_of_a_rule_is_in_the_table() {
    let told = codes_of_the_rules();
    assert!(told.len() > 100, "the sources were not read: {} codes", told.len());
    let missing: Vec<_> = told.iter().filter(|(code, _)| codes::find(code).is_none()).collect();
    assert!(missing.is_empty(), "codes that the table does not hold: {missing:?}");
}

#[test]
fn no_code_stands_twice_and_every_meaning_is_a_sentence() {
    let mut seen = BTreeSet::new();
    for meaning in codes::all() {
        assert!(seen.insert(meaning.code), "{} stands twice", meaning.code);
        assert!(meaning.title.ends_with('.') && !meaning.title.contains('|'), "{}", meaning.title);
        assert!((400..600).contains(&meaning.status), "{}", meaning.code);
        let later = meaning.retry == codes::Retry::Later;
        assert_eq!(
            later,
            matches!(meaning.status, 429 | 503),
            "{}: later goes with 429 and 503",
            meaning.code
        );
    }
}

#[test]
fn the_page_of_problems_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/problems.md");
    let page = page::document();
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap_or_default(), page, "run again with BLESS=1");
}
