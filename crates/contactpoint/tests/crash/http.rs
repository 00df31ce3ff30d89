//! As much of HTTP as the load needs: one request a connection, answers with a length.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use serde_json::Value;

use super::server::Client;

/// Longest wait for an answer: a killed server must not hold a thread up.
const PATIENCE: Duration = Duration::from_secs(10);

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

/// Sends one request and reads the whole answer.
pub(crate) fn send(address: SocketAddr, head: &str, body: &str) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let length = body.len();
    write!(stream, "{head}host: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let text = String::from_utf8(answer).map_err(|_| io::ErrorKind::InvalidData)?;
    let (told, content) = text.split_once("\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
    let status =
        told.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
    let promised = told.lines().find_map(|line| line.strip_prefix("content-length: "));
    if promised.and_then(|promised| promised.parse().ok()) != Some(content.len()) {
        // Half an answer was never given.
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Answer { status, body: serde_json::from_str(content).unwrap_or(Value::Null) })
}

/// Posts JSON as a bearer, for an acting user where one is named.
pub(crate) fn post(
    address: SocketAddr,
    path: &str,
    kind: &str,
    token: &str,
    acting: Option<&str>,
    body: &Value,
) -> io::Result<Answer> {
    let acting = acting.map(|user| format!("acting-user: {user}\r\n")).unwrap_or_default();
    let head =
        format!("POST {path} HTTP/1.1\r\nauthorization: Bearer {token}\r\ncontent-type: {kind}\r\n{acting}");
    send(address, &head, &body.to_string())
}

/// Reads as a bearer.
pub(crate) fn get(address: SocketAddr, path: &str, token: &str, acting: Option<&str>) -> io::Result<Answer> {
    let acting = acting.map(|user| format!("acting-user: {user}\r\n")).unwrap_or_default();
    send(address, &format!("GET {path} HTTP/1.1\r\nauthorization: Bearer {token}\r\n{acting}"), "")
}

/// A token for a client.
pub(crate) fn token(address: SocketAddr, client: &Client) -> io::Result<String> {
    let basic = client.basic();
    let head = format!(
        "POST /oauth/token HTTP/1.1\r\nauthorization: Basic {basic}\r\n\
         content-type: application/x-www-form-urlencoded\r\n"
    );
    let answer = send(address, &head, "grant_type=client_credentials")?;
    answer.body["access_token"]
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| io::ErrorKind::PermissionDenied.into())
}
