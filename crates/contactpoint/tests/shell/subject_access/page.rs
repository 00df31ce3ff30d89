//! The samples of docs/rights.md: packs and refusals as the command printed them, cut from a run of it.
//!
//! Written anew with `BLESS=1 cargo test -p contactpoint --test shell page`; without it the page must be current.

use std::{fs, path::Path};

use super::Asking;

const PAGE: &str = "docs/rights.md";
const BEGINS: &str = "<!-- samples of a run: generated from here -->\n";
const ENDS: &str = "<!-- to here -->\n";

/// A text without the ids that are drawn anew in each run.
fn without_drawn(text: &str) -> String {
    let is_id = |word: &str| uuid::Uuid::parse_str(word).is_ok();
    let mut told = String::new();
    let mut word = String::new();
    for letter in text.chars().chain(['\n']) {
        if letter.is_ascii_alphanumeric() || letter == '-' {
            word.push(letter);
            continue;
        }
        told.push_str(if is_id(&word) { "…" } else { &word });
        word.clear();
        told.push(letter);
    }
    told.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

fn sample(title: &str, text: &str) -> String {
    format!("### {title}\n\n```text\n{}\n```\n\n", without_drawn(text).trim_end())
}

fn generated() -> String {
    let asking = Asking::told();
    let handed = |request: vocabulary::RightsId, status| {
        let answer = asking.handed(&asking.team, &request.to_string(), &[]).ended(status);
        if status == 0 { answer.stdout } else { answer.stderr }
    };
    let unjudged = handed(asking.mothers, 1);
    let fathers = handed(asking.fathers, 0);
    let childs = handed(asking.childs, 0);
    [
        BEGINS.to_owned(),
        sample("The father's pack, who lives elsewhere", &fathers),
        sample("The child's own pack, after it", &childs),
        sample("The mother's, whom nobody has judged yet", &unjudged),
        ENDS.to_owned(),
    ]
    .concat()
}

#[test]
fn the_samples_of_the_page_on_rights_are_cut_from_a_run() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(PAGE);
    let page = fs::read_to_string(&path).unwrap();
    let (head, rest) = page.split_once(BEGINS).unwrap();
    let (_, tail) = rest.split_once(ENDS).unwrap();
    let current = format!("{head}{}{tail}", generated());
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &current).unwrap();
    } else {
        assert!(page == current, "{PAGE} is stale: BLESS=1 cargo test -p contactpoint --test shell page");
    }
}
