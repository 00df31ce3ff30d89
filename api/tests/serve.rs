//! Serving on a socket: a request begun is finished after the end was told, and figures are counted.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{sync::Arc, time::Duration};

use api::{Door, Settings};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::NaiveDate;
use directory::{Directory, Folders, ports::SystemClock};
use events::organisation::{ActingUser, Agreement, Details, Row};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};
use vocabulary::{ClientId, Label, OrganisationId, OrganisationKind};

/// A door on a directory of its own, and the folder that must outlive it.
fn door(settings: Settings) -> (Arc<Door>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let folders = Folders::beside(&folder.path().join("data"));
    let opened = Directory::open(&folders, Box::new(SystemClock::default())).unwrap();
    (Door::new(Arc::new(opened.directory), None, settings), folder)
}

async fn asked(stream: &mut TcpStream, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_was_begun_is_answered_after_the_end_was_told() {
    let (door, _folder) = door(Settings::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (end, ended) = oneshot::channel::<()>();
    let served = tokio::spawn(api::serve(door, listener, async move {
        let _told = ended.await;
    }));
    let mut begun = TcpStream::connect(address).await.unwrap();
    begun.write_all(b"POST /api/v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{").await.unwrap();
    let mut other = TcpStream::connect(address).await.unwrap();
    let alive = asked(&mut other, "GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(alive.starts_with("HTTP/1.1 200"), "{alive}");
    end.send(()).unwrap();
    let answer = asked(&mut begun, "}").await;
    assert!(answer.starts_with("HTTP/1.1 422") && answer.contains("field_missing"), "{answer}");
    served.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err(), "the listener is closed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_header_that_does_not_come_is_not_waited_for() {
    let (door, _folder) = door(Settings { header_timeout: Duration::from_millis(50), ..Settings::default() });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = tokio::spawn(api::serve(door, listener, std::future::pending()));
    let mut slow = TcpStream::connect(address).await.unwrap();
    let answer = asked(&mut slow, "GET /livez HTTP/1.1\r\nhost:").await;
    assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
    served.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_have_an_address_of_their_own_and_count_by_route() {
    let (door, _folder) = door(Settings::default());
    let (doors, figures) =
        (TcpListener::bind("127.0.0.1:0").await.unwrap(), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let (at, counted_at) = (doors.local_addr().unwrap(), figures.local_addr().unwrap());
    let serving = tokio::spawn(api::serve(Arc::clone(&door), doors, std::future::pending()));
    let counting = tokio::spawn(api::serve_figures(door, figures, std::future::pending()));
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    for path in ["/livez", "/api/v1/children/Quillfeather", "/metrics"] {
        let mut stream = TcpStream::connect(at).await.unwrap();
        asked(&mut stream, &get(path)).await;
    }
    let mut stream = TcpStream::connect(counted_at).await.unwrap();
    let text = asked(&mut stream, &get("/metrics")).await;
    for line in [
        "contactpoint_requests_total{route=\"/livez\",method=\"GET\",status=\"200\"} 1",
        "contactpoint_requests_total{route=\"/api/v1/children/{n}\",method=\"GET\",status=\"405\"} 1",
        "contactpoint_requests_total{route=\"(none)\",method=\"GET\",status=\"404\"} 1",
        "contactpoint_request_seconds_count 3",
        "contactpoint_read_models_position 0",
        "contactpoint_ceiling_refusals_total 0",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    assert!(!text.contains("Quillfeather"), "{text}");
    serving.abort();
    counting.abort();
}

/// A directory with one invented hospital that may supply, by a client of its own.
fn supplied(folder: &std::path::Path) -> Directory {
    let opened = Directory::open(&Folders::beside(folder), Box::new(SystemClock::default())).unwrap();
    let hospital: OrganisationId = "ods:RAL01".parse().unwrap();
    let until = NaiveDate::from_ymd_opt(2099, 12, 31).unwrap();
    let row = Row {
        id: hospital.clone(),
        details: Details {
            name: Label::new("Invented Hospital").unwrap(),
            kind: OrganisationKind::Hospital,
            authority: None,
            service_types: Vec::new(),
            contacts: Vec::new(),
            outcodes: Vec::new(),
        },
        accredited_until: Some(until),
        agreement: Some(Agreement { until, states_others: false, version: None }),
    };
    opened.directory.import_organisation(row).unwrap();
    let client = ClientId("client-1".to_owned());
    opened.directory.add_client_with(&hospital, client, "invented", ActingUser::SignedAssertion).unwrap();
    opened.directory
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feed_that_nothing_happens_on_ends_as_soon_as_the_end_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let directory = Arc::new(supplied(&folder.path().join("data")));
    let door = Door::new(directory, None, Settings::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (end, ended) = oneshot::channel::<()>();
    let served = tokio::spawn(api::serve(door, listener, async move {
        let _told = ended.await;
    }));
    let basic = STANDARD.encode("client-1:invented");
    let form = "grant_type=client_credentials";
    let asks = format!(
        "POST /oauth/token HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Basic {basic}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
        form.len()
    );
    let given = asked(&mut TcpStream::connect(address).await.unwrap(), &asks).await;
    let token = given.split("\"access_token\":\"").nth(1).unwrap().split('"').next().unwrap();
    let mut feed = TcpStream::connect(address).await.unwrap();
    let follows = format!("GET /api/v1/feed HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n");
    feed.write_all(follows.as_bytes()).await.unwrap();
    let mut begun = vec![0; 8_192];
    let read = feed.read(&mut begun).await.unwrap();
    assert!(begun[..read].starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&begun[..read]));
    end.send(()).unwrap();
    let soon = Duration::from_secs(5);
    let mut rest = String::new();
    tokio::time::timeout(soon, feed.read_to_string(&mut rest)).await.unwrap().unwrap();
    tokio::time::timeout(soon, served).await.unwrap().unwrap().unwrap();
}
