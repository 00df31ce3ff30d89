//! One connection to a server under measurement: HTTP/1.1, one request in flight, as few copies as can be.

use std::{io, net::SocketAddr};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Most lines in the head of an answer.
const HEADERS_MAX: usize = 32;

/// A connection that is kept from request to request.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// The head of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    /// Where the body begins.
    pub(crate) length: usize,
    /// The status.
    pub(crate) status: u16,
    /// How long the body is; none where it comes in chunks.
    pub(crate) body: Option<usize>,
}

/// An answer, whole.
pub(crate) struct Answer<'c> {
    /// The status.
    pub(crate) status: u16,
    /// The body.
    pub(crate) body: &'c [u8],
}

impl Head {
    /// Reads a head; none where it is not there whole.
    ///
    /// # Errors
    /// It is no head of HTTP/1.1.
    pub(crate) fn read(bytes: &[u8]) -> io::Result<Option<Head>> {
        let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
        let mut response = httparse::Response::new(&mut headers);
        let parsed =
            response.parse(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        let httparse::Status::Complete(length) = parsed else { return Ok(None) };
        let status = response.code.unwrap_or_default();
        let told = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
        let body = told.and_then(|header| std::str::from_utf8(header.value).ok()?.trim().parse().ok());
        Ok(Some(Head { length, status, body }))
    }
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// Nobody listens there.
    pub(crate) async fn open(address: SocketAddr) -> io::Result<Connection> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, buffer: Vec::with_capacity(16 * 1024) })
    }

    /// Sends a request and waits for the whole answer.
    ///
    /// # Errors
    /// The connection broke, or the answer has no length.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            if let Some(head) = Head::read(&self.buffer)? {
                break head;
            }
            self.read_more().await?;
        };
        let Some(length) = head.body else {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "an answer without a length"));
        };
        let end = head.length + length;
        while self.buffer.len() < end {
            self.read_more().await?;
        }
        let body = self.buffer.get(head.length..end).unwrap_or_default();
        Ok(Answer { status: head.status, body })
    }

    /// The stream itself, for whoever speaks and listens at once.
    pub(crate) fn into_stream(self) -> TcpStream {
        self.stream
    }

    async fn read_more(&mut self) -> io::Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }
}

/// Writes a `POST` with its body.
pub(crate) fn post(into: &mut Vec<u8>, path: &str, kind: &str, authorization: &str, body: &[u8]) {
    use std::io::Write as _;
    into.clear();
    // Writing to memory cannot fail.
    let _written = write!(
        into,
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: {authorization}\r\n\
         content-type: {kind}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    into.extend_from_slice(body);
}

/// Writes a `GET`.
pub(crate) fn get(into: &mut Vec<u8>, path: &str) {
    into.clear();
    for part in ["GET ", path, " HTTP/1.1\r\nhost: localhost\r\n\r\n"] {
        into.extend_from_slice(part.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_once_it_is_whole() {
        let whole = b"HTTP/1.1 201 Created\r\nContent-Length: 12\r\n\r\n";
        for length in 0..whole.len() {
            assert_eq!(Head::read(&whole[..length]).unwrap(), None);
        }
        let read = Head::read(whole).unwrap();
        assert_eq!(read, Some(Head { length: whole.len(), status: 201, body: Some(12) }));
    }

    #[test]
    fn a_body_in_chunks_has_no_length() {
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        assert_eq!(Head::read(head).unwrap().unwrap().body, None);
    }
}
