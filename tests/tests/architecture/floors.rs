//! The floors: who may import whom, and which outside library each package may use, and why.
//!
//! The table below is the rule; docs/ARCHITECTURE.md shows it. A new line here is a new arrow: an ADR first.

use toml::Value;

use crate::{
    manifest::Manifest,
    tree::{self, none},
};

/// Where a package stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Floor {
    /// Imports from lower floors only.
    At(u8),
    /// Invented data for demonstrations and tests: imports the words, and is imported by the binary and by tools.
    Invented,
    /// Tests, benches and tasks: import anything, and are imported by nobody.
    Tools,
}

struct Package {
    name: &'static str,
    folder: &'static str,
    floor: Floor,
    /// Lower floors that are closed to it all the same.
    never: &'static [&'static str],
    /// Outside libraries, each with its reason. One that is not used any more must go from the list.
    outside: &'static [(&'static str, &'static str)],
}

#[rustfmt::skip]
const PACKAGES: &[Package] = &[
    Package { name: "vocabulary", folder: "crates/vocabulary", floor: Floor::At(0), never: &[], outside: &[
        ("serde", "words are stored and sent"),
        ("chrono", "civil days and instants"),
        ("chrono-tz", "which civil day it is in England"),
        ("uuid", "ids"),
        ("thiserror", "what is not a word, and why"),
    ]},
    Package { name: "events", folder: "events", floor: Floor::At(1), never: &[], outside: &[
        ("serde", "facts are stored"),
        ("serde_json", "the stored form (ADR-0004)"),
        ("chrono", "civil days and instants"),
        ("uuid", "ids within facts"),
        ("thiserror", "refusals"),
    ]},
    Package { name: "linkage", folder: "crates/linkage", floor: Floor::At(1), never: &[], outside: &[
        ("chrono", "days of birth"),
        ("serde", "the model is an artefact that is read"),
        ("serde_json", "the model is an artefact that is read"),
        ("rphonetic", "names that sound alike"),
        ("rapidfuzz", "names that are spelt alike, of one name against many"),
        ("strsim", "names that are spelt alike"),
        ("unicode-normalization", "names without accents"),
    ]},
    Package { name: "misuse", folder: "crates/misuse", floor: Floor::At(2), never: &["events"], outside: &[]},
    Package { name: "projections", folder: "projections", floor: Floor::At(2), never: &[], outside: &[
        ("serde", "rows are stored"),
        ("chrono", "civil days and instants"),
        ("uuid", "keys of rows"),
    ]},
    Package { name: "event-log", folder: "crates/log", floor: Floor::At(2), never: &["events"], outside: &[
        ("crc32c", "checksums of frames"),
        ("sha2", "leaves and the tree over them"),
        ("aws-lc-rs", "signatures of checkpoints, salts"),
        ("base64", "signed notes (C2SP)"),
        ("thiserror", "errors"),
        ("uuid", "streams and event ids in headers"),
    ]},
    Package { name: "vault", folder: "crates/vault", floor: Floor::At(2), never: &["events"], outside: &[
        ("aws-lc-rs", "AES-256-GCM-SIV, AES-256-GCM, HMAC, randomness"),
        ("crc32c", "checksums of slots and files"),
        ("zeroize", "keys leave no trace in memory"),
        ("zstd", "payloads are compressed before they are sealed"),
        ("thiserror", "errors"),
    ]},
    Package { name: "finding", folder: "crates/finding", floor: Floor::At(2), never: &["events"], outside: &[
        ("chrono", "dates of birth and ages"),
        ("thiserror", "queries that cannot be asked"),
    ]},
    Package { name: "evidence", folder: "crates/evidence", floor: Floor::At(3), never: &["events"], outside: &[
        ("base64", "sealed payloads in the document"),
        ("chrono", "times of headers as people read them"),
        ("serde", "what a bundle says"),
        ("serde_json", "what a bundle says"),
        ("sha2", "what is borne by the log"),
        ("thiserror", "why a bundle is not believed"),
    ]},
    Package { name: "visibility", folder: "crates/visibility", floor: Floor::At(3), never: &["event-log", "vault"], outside: &[
        ("serde", "views are sent"),
        ("chrono", "how long an entry stays visible"),
    ]},
    Package { name: "directory", folder: "crates/directory", floor: Floor::At(4), never: &[], outside: &[
        ("fjall", "the store of rows (ADR-0003)"),
        ("tracing", "what an operator must know"),
        ("serde", "rows are stored"),
        ("serde_json", "rows are stored (ADR-0004)"),
        ("chrono", "the clock port"),
        ("uuid", "the port of ids"),
        ("thiserror", "errors"),
        ("crc32c", "blocks of handles are checked (ADR-0029)"),
        ("argon2", "passwords and secrets of clients"),
        ("totp-rs", "one-time codes"),
        ("sha2", "digests of rows, to compare a rebuild"),
        ("aws-lc-rs", "public keys of clients are looked at before they are taken (ADR-0039)"),
        ("base64", "keys and assertions of clients"),
        ("jsonwebtoken", "what clients sign (ADR-0039)"),
        ("rustls-pki-types", "keys and certificates in PEM"),
    ]},
    Package { name: "api", folder: "api", floor: Floor::At(5), never: &["projections", "event-log", "vault", "finding"], outside: &[
        ("askama", "pages, escaped as they are written (ADR-0061)"),
        ("axum", "routes"),
        ("tokio", "the one runtime; nothing below waits in it"),
        ("hyper", "calls to identity providers (ADR-0044)"),
        ("hyper-util", "the server, and its orderly end"),
        ("http-body-util", "bodies read up to a limit"),
        ("futures-util", "events streamed in, outcomes streamed out"),
        ("governor", "how often one client may ask"),
        ("aws-lc-rs", "tokens are drawn at random and kept as hashes"),
        ("base64", "tokens and basic credentials"),
        ("utoipa", "OpenAPI from the code"),
        ("serde", "bodies"),
        ("serde_json", "bodies"),
        ("chrono", "instants and days in bodies"),
        ("tracing", "one line a request that failed"),
        ("rustls", "TLS (ADR-0039)"),
        ("rustls-native-certs", "whom the machine trusts, for identity providers (ADR-0044)"),
        ("tokio-rustls", "TLS on the runtime's sockets"),
        ("thiserror", "why files of TLS are not taken"),
    ]},
    Package { name: "contactpoint", folder: "crates/contactpoint", floor: Floor::At(6), never: &[], outside: &[
        ("anyhow", "errors that only a person reads"),
        ("clap", "commands and flags"),
        ("crc32c", "an import that goes on knows its file again"),
        ("mimalloc", "the allocator (ADR-0033)"),
        ("clap_complete", "completions"),
        ("clap_mangen", "the manual page"),
        ("figment", "settings in layers"),
        ("indicatif", "progress of long work"),
        ("tokio", "the runtime of the door"),
        ("tracing", "what an operator must know"),
        ("tracing-subscriber", "where it is written to"),
        ("serde", "reports as JSON"),
        ("serde_json", "reports as JSON"),
        ("chrono", "instants and days in flags"),
        ("csv", "files of children and organisations"),
        ("uuid", "ids of the people of a file"),
        ("toml", "columns and settings"),
        ("totp-rs", "the present code of a demo user"),
        ("thiserror", "ends with a status of their own"),
        ("tempfile", "a demo without a folder; files written whole or not at all"),
        ("httparse", "heads of answers, as cheaply as whoever measures must read them"),
        ("base64", "basic credentials of a client that measures"),
    ]},
    Package { name: "population", folder: "crates/population", floor: Floor::Invented, never: &[], outside: &[
        ("serde", "rows and events as told"),
        ("serde_json", "events as told"),
        ("chrono", "days of birth"),
        ("csv", "files of children and organisations"),
    ]},
    Package { name: "tests", folder: "tests", floor: Floor::Tools, never: &[], outside: &[] },
    Package { name: "benches", folder: "benches", floor: Floor::Tools, never: &[], outside: &[] },
    Package { name: "xtask", folder: "crates/xtask", floor: Floor::Tools, never: &[], outside: &[] },
];

/// No runtime and no sockets below this floor: floors 0 to 4 run the same under test and in production.
const RUNTIME_FLOOR: Floor = Floor::At(5);
const RUNTIMES: [&str; 9] =
    ["tokio", "axum", "tower", "tower-http", "hyper", "hyper-util", "async-std", "smol", "futures-util"];

/// Features that are for tests: nobody's product is built with them.
const TEST_FEATURES: [&str; 2] = ["spec", "conformance"];

fn package(name: &str) -> Option<&'static Package> {
    PACKAGES.iter().find(|package| package.name == name)
}

fn may_import(package: &Package, other: &Package) -> bool {
    match (package.floor, other.floor) {
        (Floor::Tools, Floor::At(_) | Floor::Invented) => true,
        (Floor::At(floor), Floor::At(lower)) => lower < floor && !package.never.contains(&other.name),
        (Floor::At(_), Floor::Invented) => package.name == "contactpoint",
        (Floor::Invented, Floor::At(lower)) => lower == 0,
        (Floor::Invented, Floor::Invented) | (_, Floor::Tools) => false,
    }
}

#[test]
fn every_package_has_its_place_in_the_table() {
    let mut members = Manifest::of(".").strings(&["workspace", "members"]);
    let mut folders: Vec<String> = PACKAGES.iter().map(|package| package.folder.to_owned()).collect();
    members.sort();
    folders.sort();
    assert_eq!(members, folders);
    for package in PACKAGES {
        let manifest = Manifest::of(package.folder);
        let name = manifest.at(&["package", "name"]).and_then(Value::as_str);
        assert_eq!(name, Some(package.name), "{}", package.folder);
    }
}

#[test]
fn a_package_imports_only_from_lower_floors() {
    let mut faults = Vec::new();
    for package in PACKAGES {
        for (name, _) in Manifest::of(package.folder).dependencies() {
            match self::package(&name) {
                Some(other) if !may_import(package, other) => {
                    faults.push(format!("{} imports {name}, which its floor does not allow", package.name));
                }
                Some(_) | None => (),
            }
        }
    }
    none("the floors do not hold", &faults);
}

#[test]
fn an_outside_library_stands_in_the_table_with_its_reason() {
    let mut faults = Vec::new();
    for package in PACKAGES.iter().filter(|package| package.floor != Floor::Tools) {
        let used: Vec<String> = Manifest::of(package.folder)
            .dependencies()
            .into_iter()
            .map(|(name, _)| name)
            .filter(|name| self::package(name).is_none())
            .collect();
        for name in &used {
            match package.outside.iter().find(|(allowed, _)| allowed == name) {
                None => {
                    faults.push(format!("{} uses {name}, which has no reason in the table", package.name));
                }
                Some((_, reason)) => assert!(!reason.is_empty(), "{name} has no reason"),
            }
        }
        for (name, _) in package.outside.iter().filter(|(name, _)| !used.iter().any(|used| used == name)) {
            faults.push(format!("{} uses {name} no more; take it from the table", package.name));
        }
    }
    none("outside libraries", &faults);
}

#[test]
fn no_runtime_is_known_below_the_door() {
    let mut faults = Vec::new();
    for package in PACKAGES.iter().filter(|package| package.floor < RUNTIME_FLOOR) {
        for (name, _) in Manifest::of(package.folder).dependencies() {
            if RUNTIMES.contains(&name.as_str()) {
                faults.push(format!("{} uses {name}", package.name));
            }
        }
    }
    none("a runtime below the door", &faults);
}

#[test]
fn no_product_is_built_with_the_features_of_tests() {
    let mut faults = Vec::new();
    for package in PACKAGES.iter().filter(|package| package.floor != Floor::Tools) {
        let manifest = Manifest::of(package.folder);
        let of_tests = |feature: &&str| TEST_FEATURES.contains(feature);
        for (name, value) in manifest.dependencies() {
            let features = value.get("features").and_then(Value::as_array).cloned().unwrap_or_default();
            for feature in features.iter().filter_map(Value::as_str).filter(of_tests) {
                faults.push(format!("{} builds {name} with {feature}", package.name));
            }
        }
        let default = manifest.at(&["features", "default"]).and_then(Value::as_array).cloned();
        for feature in default.unwrap_or_default().iter().filter_map(Value::as_str).filter(of_tests) {
            faults.push(format!("{} has {feature} on by default", package.name));
        }
    }
    none("features of tests", &faults);
}

/// A floor that hands on another's names would let a package name what it must not import.
#[test]
fn no_package_hands_on_the_names_of_another() {
    let libraries: Vec<String> =
        PACKAGES.iter().map(|package| format!("pub use {}::", package.name.replace('-', "_"))).collect();
    let mut faults = Vec::new();
    for file in tree::texts(&["rs"]) {
        for (number, line) in (1..).zip(file.text.lines()) {
            // Within `vault`, `vault::` is its own module.
            let own = |library: &&String| {
                file.path.starts_with("crates/vault/") && library.as_str() == "pub use vault::"
            };
            let handed = libraries.iter().filter(|library| !own(library));
            if handed.into_iter().any(|library| line.trim_start().starts_with(library.as_str())) {
                faults.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    none("names handed on", &faults);
}

#[test]
fn the_architecture_shows_this_table() {
    let shown = tree::read("docs/ARCHITECTURE.md");
    let mut faults = Vec::new();
    for package in PACKAGES {
        let floor = match package.floor {
            Floor::At(floor) => floor.to_string(),
            Floor::Invented | Floor::Tools => "dev".to_owned(),
        };
        let begins = format!("| {floor} | `{}` |", package.name);
        let Some(line) = shown.lines().find(|line| line.starts_with(&begins)) else {
            faults.push(format!("no line begins with {begins}"));
            continue;
        };
        for (name, _) in package.outside.iter().filter(|(name, _)| !line.contains(&format!("`{name}`"))) {
            faults.push(format!("the line of {} does not name {name}", package.name));
        }
    }
    none("the floors in docs/ARCHITECTURE.md", &faults);
}
