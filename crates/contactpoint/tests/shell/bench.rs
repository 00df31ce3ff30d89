//! `bench`: a small served directory is measured, and the lines make a table.

use std::{
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::asked::{Place, contactpoint, text_of};

/// Children of the directory; their events take a second to load.
const CHILDREN: &str = "200";
/// Tries to reach a server that is starting, ten milliseconds apart.
const TRIES: u32 = 3_000;

/// A server that is gone at the end of the test, however that ends.
struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    fn start(place: &Place) -> Server {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let process = Command::new(env!("CARGO_BIN_EXE_contactpoint"))
            .args(["serve", "--listen", &address.to_string(), "--data", &text_of(&place.path("data"))])
            .env("CONTACTPOINT_REQUESTS_PER_SECOND", "1000000")
            .env("CONTACTPOINT_REQUESTS_BURST", "1000000")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Server { process, address };
        for _ in 0..TRIES {
            if TcpStream::connect(address).is_ok() {
                return server;
            }
            thread::park_timeout(Duration::from_millis(10));
        }
        panic!("the server did not start");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone_already = self.process.kill();
        let _waited = self.process.wait();
    }
}

/// A directory with invented children, and what to sign in with.
fn prepared(place: &Place) -> String {
    let england = text_of(&place.path("england"));
    contactpoint(&["generate", "--children", CHILDREN, "--out", &england]).ended(0);
    place.ask(&["import", "organisations", &format!("{england}/organisations.csv")]).ended(0);
    let credentials = text_of(&place.path("credentials.json"));
    let prepare =
        ["--json", "bench", "prepare", "--children", CHILDREN, "--users", "6", "--out", &credentials];
    let told = place.ask(&prepare).ended(0).object();
    let client = told["client_id"].as_str().unwrap();
    place.ask(&["import", "events", &format!("{england}/events.ndjson"), "--client", client]).ended(0);
    credentials
}

#[test]
fn a_small_directory_is_measured_and_the_figures_make_a_table() {
    let place = Place::empty();
    let credentials = prepared(&place);
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&credentials).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600, "the credentials are for their owner alone");
    let server = Server::start(&place);
    let (address, process) = (server.address.to_string(), server.process.id().to_string());
    let asked = contactpoint(&[
        "--json",
        "bench",
        "run",
        "--address",
        &address,
        "--credentials",
        &credentials,
        "--server",
        &process,
        "--connections",
        "2",
        "--seconds",
        "0.4",
        "--warm-up",
        "0.1",
        "--recall",
        "40",
        "--changes",
        "100",
        "--records",
        "50",
    ])
    .ended(0);
    let figures = asked.objects();
    let names: Vec<&str> = figures.iter().map(|figure| figure["workload"].as_str().unwrap()).collect();
    assert_eq!(names, ["search", "search-exact", "view", "event", "stream", "constant"]);
    for figure in &figures {
        assert!(figure["operations"].as_u64().unwrap() > 0, "{figure}");
        assert!(figure["p50_ms"].as_f64().unwrap() <= figure["max_ms"].as_f64().unwrap(), "{figure}");
        assert!(figure["resident"].as_u64().unwrap() > 1_000_000, "{figure}");
        let codes = figure["codes"].as_object();
        // Whoever waits for a person is no known child; nothing else may fail.
        assert!(codes.is_none_or(|codes| codes.keys().all(|code| code == "queued")), "{figure}");
    }
    let found = |figure: &Value| figure["recall"]["twenty"].as_f64().unwrap();
    assert!(found(&figures[0]) > 0.9 && found(&figures[1]) > 0.9, "{asked}", asked = asked.stdout);
    let results = place.file("results.jsonl", &asked.stdout);
    let document = place.file(
        "page.md",
        "# Page\n<!-- measured: national begins -->\n<!-- measured: national ends -->\nthe rest\n",
    );
    let plots = text_of(&place.path("plots"));
    contactpoint(&["bench", "table", &results, "--into", &document, "--plots", &plots]).ended(0);
    let page = std::fs::read_to_string(&document).unwrap();
    assert!(page.contains("### 200 children") && page.ends_with("the rest\n"), "{page}");
    assert!(page.contains("| record opened, the look recorded first |"), "{page}");
    assert!(place.path("plots").join("view.svg").is_file());
}

#[test]
fn credentials_are_never_written_over() {
    let place = Place::with_organisations();
    let file = place.file("credentials.json", "mine");
    let prepare = ["bench", "prepare", "--children", CHILDREN, "--out", &file];
    place.ask(&prepare).ended(2);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
}
