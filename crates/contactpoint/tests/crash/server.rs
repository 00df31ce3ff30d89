//! The server under test: a process of the real binary, started, found by its address, and killed.

use std::{
    cell::RefCell,
    io::{BufRead, BufReader},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use base64::{Engine, prelude::BASE64_STANDARD as STANDARD};
use serde_json::Value;

/// The binary.
const BINARY: &str = env!("CARGO_BIN_EXE_contactpoint");

/// Tries to reach a server that is starting, ten milliseconds apart.
const TRIES: u32 = 3_000;

/// A client of the demo.
#[derive(Clone)]
pub(crate) struct Client {
    id: String,
    secret: String,
}

/// Who sends and who looks.
#[derive(Clone)]
pub(crate) struct Credentials {
    pub(crate) supplier: Client,
    pub(crate) asking: Client,
    pub(crate) acting_user: String,
    pub(crate) child: String,
}

/// A running server.
pub(crate) struct Server {
    process: RefCell<Child>,
    pub(crate) address: SocketAddr,
}

/// Makes the demo's directory, without serving it.
pub(crate) fn demo(data: &Path) -> Credentials {
    let made = Command::new(BINARY)
        .args(["demo", "--children", "200", "--no-serve", "--data"])
        .arg(data)
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(made.success(), "the demo could not be made");
    let text = std::fs::read_to_string(data.join("demo-credentials.json")).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let client = |service: &str| {
        let clients = file["clients"].as_array().unwrap();
        let found = clients.iter().find(|client| client["service"] == service).unwrap();
        let value = |field: &str| found[field].as_str().unwrap().to_owned();
        (Client { id: value("client_id"), secret: value("client_secret") }, value("organisation"))
    };
    let (supplier, _) = client("national_supplier");
    let (asking, organisation) = client("social_care");
    let users = file["users"].as_array().unwrap();
    let user = users
        .iter()
        .find(|user| user["role"] == "practitioner" && user["organisation"] == organisation.as_str())
        .unwrap();
    Credentials {
        supplier,
        asking,
        acting_user: user["username"].as_str().unwrap().to_owned(),
        child: file["child_v"]["child_number"].as_str().unwrap().to_owned(),
    }
}

/// Proves the log whole, with the server gone.
pub(crate) fn verify(data: &Path) {
    let verified = Command::new(BINARY).arg("verify").arg("--data").arg(data).output().unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}

impl Server {
    /// Starts a server on the folder and waits until it is ready.
    pub(crate) fn start(data: &Path) -> Server {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut process = Command::new(BINARY)
            .args(["serve", "--listen", &address.to_string(), "--data"])
            .arg(data)
            // What was acknowledged is asked for again one by one, faster than any client may ask.
            .env("CONTACTPOINT_REQUESTS_PER_SECOND", "1000000")
            .env("CONTACTPOINT_REQUESTS_BURST", "1000000")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let told = process.stderr.take().unwrap();
        // Whatever it says is read, so that it never waits for a reader.
        let said =
            thread::spawn(move || BufReader::new(told).lines().map_while(Result::ok).collect::<Vec<_>>());
        for _ in 0..TRIES {
            if is_ready(address) {
                return Server { process: RefCell::new(process), address };
            }
            if process.try_wait().unwrap().is_some() {
                break;
            }
            thread::park_timeout(Duration::from_millis(10));
        }
        let _gone = process.kill();
        panic!("the server did not start again:\n{}", said.join().unwrap().join("\n"));
    }

    /// Kills it with SIGKILL and waits for the kernel to have let go of its files.
    pub(crate) fn kill_now(&self) {
        let mut process = self.process.borrow_mut();
        process.kill().unwrap();
        process.wait().unwrap();
    }

    /// The same, for the last time.
    pub(crate) fn kill(self) {
        let mut process = self.process.borrow_mut();
        let _gone_already = process.kill();
        process.wait().unwrap();
    }
}

fn is_ready(address: SocketAddr) -> bool {
    TcpStream::connect(address).is_ok()
        && super::http::send(address, "GET /readyz HTTP/1.1\r\n", "").is_ok_and(|answer| answer.status == 200)
}

impl Client {
    /// Id and secret for the header of `client_secret_basic`.
    pub(crate) fn basic(&self) -> String {
        STANDARD.encode(format!("{}:{}", self.id, self.secret))
    }
}
