//! TLS on a socket: who is greeted and how, slow clients, new files, and tokens bound to certificates.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "tls/authority.rs"]
mod authority;

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use api::{Door, Reloaded, Settings, Tls, TlsError, TlsFiles};
use base64::{Engine, engine::general_purpose::STANDARD};
use directory::{ClientChange, Directory, Folders, ports::SystemClock, read_thumbprint};
use events::organisation::{ActingUser, Agreement, Details, Row};
use rustls::ProtocolVersion;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::client::TlsStream;
use vocabulary::{ClientId, Label, OrganisationKind};

use authority::{Authority, Versions};

const CLIENT: &str = "client-1";

/// A server over TLS with one client, and the folder that must outlive it.
struct Served {
    address: SocketAddr,
    directory: Arc<Directory>,
    tls: Arc<Tls>,
    files: TlsFiles,
    folder: tempfile::TempDir,
}

fn files(folder: &Path, client_roots: bool) -> TlsFiles {
    TlsFiles {
        certificates: folder.join("server.pem"),
        key: folder.join("server.key"),
        client_roots: client_roots.then(|| folder.join("clients.pem")),
    }
}

/// Serves with a certificate of `server`; clients' must be of `clients`, where given.
async fn served(server: &Authority, clients: Option<&Authority>, settings: Settings) -> Served {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path(), clients.is_some());
    server.write_server(&files.certificates, &files.key);
    if let (Some(clients), Some(file)) = (clients, &files.client_roots) {
        std::fs::write(file, clients.pem()).unwrap();
    }
    let tls = Arc::new(Tls::load(files.clone()).unwrap());
    let folders = Folders::beside(&folder.path().join("data"));
    let opened = Directory::open(&folders, Box::new(SystemClock::default())).unwrap();
    let directory = Arc::new(opened.directory);
    let id = "ods:RAL01".parse().unwrap();
    let until = chrono::NaiveDate::from_ymd_opt(2099, 12, 31).unwrap();
    let row = Row {
        id,
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
    let organisation = row.id.clone();
    directory.import_organisation(row).unwrap();
    let acting = ActingUser::SignedAssertion;
    directory.add_client_with(&organisation, client(), "invented", acting).unwrap();
    let door = Door::new(Arc::clone(&directory), None, settings);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(api::serve_over(door, listener, Some(Arc::clone(&tls)), std::future::pending()));
    Served { address, directory, tls, files, folder }
}

fn client() -> ClientId {
    ClientId(CLIENT.to_owned())
}

/// Sends a request on a connection that stays, and answers status and body.
async fn asked(stream: &mut TlsStream<TcpStream>, head: &str, body: &str) -> (u16, String) {
    let request = format!("{head}\r\nhost: localhost\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut read = Vec::new();
    loop {
        let mut chunk = [0; 4_096];
        let count = stream.read(&mut chunk).await.unwrap();
        assert!(count > 0, "the connection ended: {}", String::from_utf8_lossy(&read));
        read.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((first, rest)) = text.split_once("\r\n\r\n") {
            let length = first.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
            if rest.len() == length.parse::<usize>().unwrap() {
                return (first.split(' ').nth(1).unwrap().parse().unwrap(), rest.to_owned());
            }
        }
    }
}

async fn alive(stream: &mut TlsStream<TcpStream>) -> bool {
    asked(stream, "GET /livez HTTP/1.1", "").await.0 == 200
}

/// A token by the client's secret; the status where there is none.
async fn token(stream: &mut TlsStream<TcpStream>) -> Result<String, u16> {
    let basic = STANDARD.encode(format!("{CLIENT}:invented"));
    let head = format!(
        "POST /oauth/token HTTP/1.1\r\nauthorization: Basic {basic}\r\ncontent-type: application/x-www-form-urlencoded"
    );
    let (status, body) = asked(stream, &head, "grant_type=client_credentials").await;
    let body: Value = serde_json::from_str(&body).unwrap();
    body["access_token"].as_str().map(str::to_owned).ok_or(status)
}

async fn works(stream: &mut TlsStream<TcpStream>, token: &str) -> bool {
    let head = format!("GET /api/v1/caseload HTTP/1.1\r\nauthorization: Bearer {token}");
    let (status, body) = asked(stream, &head, "").await;
    assert!(status == 200 || body.contains("token_invalid"), "{body}");
    status == 200
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tls_1_3_and_1_2_are_spoken_and_nothing_in_the_clear() {
    let authority = Authority::new("Invented Root");
    let served = served(&authority, None, Settings::default()).await;
    for (versions, spoken) in
        [(Versions::All, ProtocolVersion::TLSv1_3), (Versions::Only12, ProtocolVersion::TLSv1_2)]
    {
        let mut stream = authority.connect(served.address, versions, None).await.unwrap();
        assert_eq!(stream.get_ref().1.protocol_version(), Some(spoken));
        assert!(alive(&mut stream).await);
    }
    let stranger = Authority::new("Another Root");
    assert!(stranger.connect(served.address, Versions::All, None).await.is_err());
    let mut clear = TcpStream::connect(served.address).await.unwrap();
    clear.write_all(b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    let _reset = clear.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(b"HTTP"), "{}", String::from_utf8_lossy(&answer));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_greet_slowly_hold_up_nobody_and_are_let_go() {
    let authority = Authority::new("Invented Root");
    let settings = Settings { header_timeout: Duration::from_millis(300), ..Settings::default() };
    let served = served(&authority, None, settings).await;
    let mut silent = Vec::new();
    for _ in 0..64 {
        silent.push(TcpStream::connect(served.address).await.unwrap());
    }
    let mut stream = authority.connect(served.address, Versions::All, None).await.unwrap();
    assert!(alive(&mut stream).await);
    for mut slow in silent {
        let mut answer = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(10), slow.read_to_end(&mut answer)).await;
        assert!(ended.is_ok() && answer.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_files_are_for_new_connections_and_the_old_ones_go_on() {
    let (first, second) = (Authority::new("First Root"), Authority::new("Second Root"));
    let served = served(&first, None, Settings::default()).await;
    let mut old = first.connect(served.address, Versions::All, None).await.unwrap();
    assert!(alive(&mut old).await);
    assert_eq!(served.tls.reload().unwrap(), Reloaded::Unchanged);
    // Half of a renewal: a key that is not the certificate's changes nothing.
    let other = served.folder.path().join("other.pem");
    second.write_server(&other, &served.files.key);
    assert!(matches!(served.tls.reload(), Err(TlsError::Refused(_))));
    assert!(alive(&mut first.connect(served.address, Versions::All, None).await.unwrap()).await);
    std::fs::rename(&other, &served.files.certificates).unwrap();
    assert_eq!(served.tls.reload().unwrap(), Reloaded::Changed);
    assert!(alive(&mut old).await, "what was under way goes on");
    assert!(first.connect(served.address, Versions::All, None).await.is_err());
    assert!(alive(&mut second.connect(served.address, Versions::All, None).await.unwrap()).await);
    std::fs::write(&served.files.key, "nonsense").unwrap();
    assert!(matches!(served.tls.reload(), Err(TlsError::Empty { .. })));
    std::fs::remove_file(&served.files.key).unwrap();
    assert!(matches!(served.tls.reload(), Err(TlsError::Unreadable { .. })));
    assert!(alive(&mut second.connect(served.address, Versions::All, None).await.unwrap()).await);
}

/// RFC 8705.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_bound_to_a_certificate_is_nobody_without_it() {
    let (root, clients) = (Authority::new("Server Root"), Authority::new("Clients Root"));
    let served = served(&root, Some(&clients), Settings::default()).await;
    let (own, other) = (clients.identity("own"), clients.identity("other"));
    let connect = async |shown| root.connect(served.address, Versions::All, shown).await.unwrap();
    let (mut bare, mut with_own, mut with_other) =
        (connect(None).await, connect(Some(&own)).await, connect(Some(&other)).await);
    let before = token(&mut bare).await.unwrap();
    assert!(works(&mut bare, &before).await && works(&mut with_own, &before).await);
    let thumbprint = read_thumbprint(&own.pem).unwrap();
    let bind = ClientChange::BindCertificate { thumbprint };
    assert!(served.directory.change_client(&client(), bind).unwrap());
    // What was given out before bites too: no token is good without the certificate from here on.
    assert!(!works(&mut bare, &before).await && works(&mut with_own, &before).await);
    assert_eq!(token(&mut bare).await, Err(401));
    assert_eq!(token(&mut with_other).await, Err(401));
    let bound = token(&mut with_own).await.unwrap();
    assert!(works(&mut with_own, &bound).await);
    assert!(!works(&mut bare, &bound).await && !works(&mut with_other, &bound).await);
    assert!(works(&mut connect(Some(&own)).await, &bound).await, "another connection with it does as well");
    // A second one beside it: each token stays with the one it was got over.
    let second = ClientChange::BindCertificate { thumbprint: read_thumbprint(&other.pem).unwrap() };
    assert!(served.directory.change_client(&client(), second).unwrap());
    assert!(!works(&mut with_other, &bound).await);
    let by_other = token(&mut with_other).await.unwrap();
    assert!(works(&mut with_other, &by_other).await && !works(&mut with_own, &by_other).await);
    let retire = ClientChange::RetireCertificate { thumbprint, from: None };
    assert!(served.directory.change_client(&client(), retire).unwrap());
    assert!(!works(&mut with_own, &bound).await && works(&mut with_other, &by_other).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_of_a_strangers_root_is_not_let_in() {
    let (root, clients) = (Authority::new("Server Root"), Authority::new("Clients Root"));
    let served = served(&root, Some(&clients), Settings::default()).await;
    let forged = Authority::new("Clients Root").identity("own");
    for versions in [Versions::All, Versions::Only12] {
        // With TLS 1.3 the client has greeted before the server looks; the first read tells.
        let let_in = match root.connect(served.address, versions, Some(&forged)).await {
            Err(_) => false,
            Ok(mut stream) => {
                let _sent = stream.write_all(b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n").await;
                let mut answer = [0; 16];
                stream.read(&mut answer).await.is_ok_and(|count| count > 0)
            }
        };
        assert!(!let_in);
    }
}

#[test]
fn files_that_nothing_can_be_served_with_are_told_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (Authority::new("One"), Authority::new("Other"));
    let files = files(folder.path(), true);
    assert!(matches!(Tls::load(files.clone()), Err(TlsError::Unreadable { .. })));
    one.write_server(&files.certificates, &files.key);
    std::fs::write(files.client_roots.as_ref().unwrap(), "").unwrap();
    assert!(matches!(Tls::load(files.clone()), Err(TlsError::Empty { .. })));
    std::fs::write(files.client_roots.as_ref().unwrap(), one.pem()).unwrap();
    assert!(Tls::load(files.clone()).is_ok());
    other.write_server(&folder.path().join("unused"), &files.key);
    assert!(matches!(Tls::load(files), Err(TlsError::Refused(_))));
}
