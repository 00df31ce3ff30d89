//! Every journey through the pages, walked in a browser that others wrote, on a demonstration of its own.
//!
//! `cargo xtask test` installs Chromium and what drives it; without them the test fails and says so. What was come to is
//! kept as pictures in `target/screenshots`; with `BLESS=1` those of the tour go to `docs/tour` (docs/tour.md).

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::running::Running;

/// Children of the demonstration: enough for pages of results, few enough to be made in seconds.
const CHILDREN: &str = "300";

/// Where `cargo xtask browser` puts it: beside what else is built.
fn target() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().to_owned()
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Addresses that lead on, or answer with a file: no page is at them that could be judged; and a list of records to be
/// purged, and an identity at a provider, neither of which a demonstration has. Of those, `api/tests/door` has tests.
const NO_PAGES: &[&str] = &[
    "/assets/{name}",
    "/signed-out",
    "/sign-in/provider/{name}",
    "/oidc/callback",
    "/session/kept/{key}",
    "/children/{n}/from/{search}",
    "/cases/{id}/bundle",
    "/reports/{name}/csv",
    "/looks/csv",
    "/team/purges/{id}",
    "/account/identities/link/{name}",
    "/account/identities/removal",
];

/// Whether an address is one of a route.
fn is_of(address: &str, route: &str) -> bool {
    let (path, _) = address.split_once('?').unwrap_or((address, ""));
    let (parts, asked): (Vec<&str>, Vec<&str>) = (path.split('/').collect(), route.split('/').collect());
    parts.len() == asked.len()
        && parts.iter().zip(&asked).all(|(part, of)| of.starts_with('{') && !part.is_empty() || part == of)
}

/// The pages that no state which a journey came to is of.
fn not_come_to(states: &[Value]) -> Vec<&'static str> {
    let shown = states.iter().filter(|state| !state["title"].as_str().unwrap().starts_with("Page not found"));
    let addresses: Vec<&str> = shown.map(|state| state["address"].as_str().unwrap()).collect();
    let gets = api::router::pages().into_iter().filter(|(method, _)| method.as_str() == "GET");
    let routes = gets.map(|(_, route)| route).filter(|route| !NO_PAGES.contains(route));
    // `/children/new` is not the record of a child whose number is 'new'.
    let exact: Vec<&str> = api::router::pages().iter().map(|(_, route)| *route).collect();
    let comes = |address: &str, route: &str| {
        is_of(address, route)
            && (!route.contains('{') || !exact.contains(&address.split('?').next().unwrap()))
    };
    routes.filter(|route| !addresses.iter().any(|address| comes(address, route))).collect()
}

/// The pictures that the tour shows, by the names under which it links to them.
fn of_the_tour() -> Vec<String> {
    let tour = std::fs::read_to_string(repository().join("docs/tour.md")).unwrap();
    tour.split("](tour/").skip(1).map(|part| part.split(')').next().unwrap().to_owned()).collect()
}

#[test]
fn every_journey_is_walked_without_a_barrier_an_error_or_a_word_lost() {
    let modules = target().join("browser");
    assert!(
        modules.join("installed.txt").is_file(),
        "nothing that opens pages is installed at {}: run `cargo xtask browser` once (it needs Chromium, Node 20 with \
         npm and a package index), or `cargo xtask test`, which does",
        modules.display()
    );
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    // Passkeys are made for a name that the server knows beforehand, so that its port is one that was free just now.
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://localhost:{}", free.port());
    let listen = free.to_string();
    let arguments = ["demo", "--children", CHILDREN, "--listen", &listen, "--data", data.to_str().unwrap()];
    let mut demo = Running::start_with(&[("CONTACTPOINT_PUBLIC_URL", &url)], &arguments);
    demo.until("\"serving\"");
    let pictures = target().join("screenshots");
    let _none_yet = std::fs::remove_dir_all(&pictures);
    let output = Command::new("node")
        .arg(repository().join("tests/browser/pages.mjs"))
        .arg(&modules)
        .arg(&url)
        .arg(data.join("demo-credentials.json"))
        .arg(env!("CARGO_BIN_EXE_contactpoint"))
        .arg(&pictures)
        .output()
        .unwrap();
    assert_eq!(demo.ended("-TERM"), Some(0));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let walked: Value = serde_json::from_str(&said)
        .unwrap_or_else(|error| panic!("{error}: {said}\n{}", String::from_utf8_lossy(&output.stderr)));
    let found = walked["found"].as_array().unwrap();
    assert!(found.is_empty(), "{} found:\n{}", found.len(), serde_json::to_string_pretty(found).unwrap());
    assert!(output.status.success());
    let states = walked["states"].as_array().unwrap();
    for state in states {
        // What stands in an address or a title stands in the browser's history.
        let told = format!("{} {}", state["address"], state["title"]);
        for personal in ["Lorel", "Vianne", "Elodie", "Marchant", "Invented"] {
            assert!(!told.contains(personal), "{told}");
        }
    }
    let missed = not_come_to(states);
    assert!(missed.is_empty(), "no journey comes to {}", missed.join(", "));
    for picture in of_the_tour() {
        let made = pictures.join(&picture);
        assert!(made.is_file(), "the tour shows {picture}, and no journey came to it");
        if std::env::var_os("BLESS").is_some() {
            std::fs::create_dir_all(repository().join("docs/tour")).unwrap();
            std::fs::copy(&made, repository().join("docs/tour").join(&picture)).unwrap();
        }
        assert!(repository().join("docs/tour").join(&picture).is_file(), "run this with BLESS=1 once");
    }
}
