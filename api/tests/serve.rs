//! Serving on a socket: a request begun is finished after the end was told, and figures are counted.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{sync::Arc, time::Duration};

use api::{Door, Settings};
use directory::{Directory, Folders, ports::SystemClock};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

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
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    assert!(!text.contains("Quillfeather"), "{text}");
    serving.abort();
    counting.abort();
}
