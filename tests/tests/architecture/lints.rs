//! The bans: clocks, sleeping and random ids stay out of the core, and nobody turns a lint off quietly.

use toml::Value;

use crate::{
    manifest::Manifest,
    tree::{self, none},
};

/// Calls that make a run unlike the next.
const BANNED: [&str; 5] = [
    "chrono::Utc::now",
    "std::time::SystemTime::now",
    "std::time::Instant::now",
    "uuid::Uuid::new_v4",
    "std::thread::sleep",
];

/// Lints that hold everywhere; each at least a warning, which the test command turns into a failure.
const HELD: [(&str, &str); 14] = [
    ("rust", "missing_docs"),
    ("rust", "unreachable_pub"),
    ("rustdoc", "broken_intra_doc_links"),
    ("clippy", "pedantic"),
    ("clippy", "unwrap_used"),
    ("clippy", "expect_used"),
    ("clippy", "panic"),
    ("clippy", "wildcard_enum_match_arm"),
    ("clippy", "allow_attributes_without_reason"),
    ("clippy", "dbg_macro"),
    ("clippy", "todo"),
    ("clippy", "print_stdout"),
    ("clippy", "print_stderr"),
    ("clippy", "str_to_string"),
];

/// Folders in which no exception to the bans may stand: pure, all of it.
const PURE: [&str; 5] =
    ["crates/vocabulary/src/", "events/", "projections/", "crates/visibility/", "crates/finding/src/"];

#[test]
fn the_bans_stand() {
    let clippy: toml::Table = tree::read("clippy.toml").parse().unwrap();
    let banned = clippy.get("disallowed-methods").and_then(Value::as_array).unwrap();
    let text = |ban: &Value, key: &str| ban.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    for call in BANNED {
        let ban = banned.iter().find(|ban| text(ban, "path") == call);
        let ban = ban.unwrap_or_else(|| panic!("clippy.toml does not ban {call}"));
        assert!(!text(ban, "reason").is_empty(), "the ban of {call} has no reason");
    }
}

#[test]
fn no_pure_package_has_an_exception_to_the_bans() {
    let lifted = concat!("clippy::", "disallowed_methods");
    let mut faults = Vec::new();
    for file in tree::texts(&["rs"]) {
        if PURE.iter().any(|folder| file.path.starts_with(folder)) && file.text.contains(lifted) {
            faults.push(file.path);
        }
    }
    none("a clock, a pause or a random id in a pure package", &faults);
}

#[test]
fn every_package_holds_the_lints_of_the_workspace() {
    let workspace = Manifest::of(".");
    let level = |tool: &str, lint: &str| {
        let set = workspace.at(&["workspace", "lints", tool, lint])?;
        set.as_str().or_else(|| set.get("level")?.as_str()).map(str::to_owned)
    };
    assert_eq!(level("rust", "unsafe_code").as_deref(), Some("forbid"));
    for (tool, lint) in HELD {
        let set = level(tool, lint);
        assert!(matches!(set.as_deref(), Some("warn" | "deny" | "forbid")), "{tool} {lint} is {set:?}");
    }
    for folder in workspace.strings(&["workspace", "members"]) {
        let inherits = Manifest::of(&folder).at(&["lints", "workspace"]).and_then(Value::as_bool);
        assert_eq!(inherits, Some(true), "{folder} does not hold the lints of the workspace");
    }
}

/// `#[expect]` tells when it is needed no more; `#[allow]` stays for ever.
#[test]
fn an_exception_is_expected_with_a_reason_and_never_allowed() {
    let (outer, inner) = (concat!("#[", "allow("), concat!("#![", "allow("));
    let mut faults = Vec::new();
    for file in tree::texts(&["rs"]) {
        for (number, line) in (1..).zip(file.text.lines()) {
            if line.contains(outer) || line.contains(inner) {
                faults.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    none("lints turned off", &faults);
}
