//! Events as lines of one long body: blocks of lines are written while outcomes are read.

use std::{cell::RefCell, collections::VecDeque, io, rc::Rc};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::tcp::{OwnedReadHalf, OwnedWriteHalf},
    sync::Semaphore,
};

use super::{
    closed_loop::Shared,
    connection::{Connection, Head},
    work::{outcome, refusal},
};
use crate::stopwatch::Stopwatch;

/// Lines without an outcome yet, of all connections together: several writes to the disk's worth.
const IN_FLIGHT: u64 = 2_048;
/// The fewest of one connection.
const IN_FLIGHT_MIN: u64 = 64;
/// Blocks under way at once, so that writing need not wait for the last outcome of all.
const BLOCKS: u32 = 8;

/// What writing and reading share: when each block left, and how many of its lines have no outcome yet.
struct Flight {
    /// Lines written at once.
    block: u32,
    blocks: RefCell<VecDeque<(Stopwatch, u32)>>,
    room: Semaphore,
}

/// Sends one body until the time is over, and counts each outcome.
pub(crate) async fn client(shared: Rc<Shared>, connection: Connection, connections: u64) {
    let (reader, writer) = connection.into_stream().into_split();
    let lines = u32::try_from((IN_FLIGHT / connections).max(IN_FLIGHT_MIN)).unwrap_or(u32::MAX);
    let room = Semaphore::new(usize::try_from(lines).unwrap_or(usize::MAX));
    let flight = Flight { block: lines / BLOCKS, blocks: RefCell::default(), room };
    let both = async { tokio::try_join!(write(&shared, &flight, writer), read(&shared, &flight, reader)) };
    if both.await.is_err() {
        shared.tally.borrow_mut().failed("connection_broken".to_owned());
    }
}

async fn write(shared: &Shared, flight: &Flight, mut writer: OwnedWriteHalf) -> io::Result<()> {
    let head = format!(
        "POST /api/v1/events HTTP/1.1\r\nhost: localhost\r\nauthorization: {}\r\n\
         content-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n",
        shared.work.stock.client.borrow()
    );
    writer.write_all(head.as_bytes()).await?;
    let (mut lines, mut chunk) = (Vec::new(), Vec::new());
    while !shared.over.get() {
        flight.room.acquire_many(flight.block).await.map_err(io::Error::other)?.forget();
        lines.clear();
        for _ in 0..flight.block {
            shared.work.stock.year.borrow_mut().next(&mut lines);
            lines.push(b'\n');
        }
        chunk.clear();
        chunk.extend_from_slice(format!("{:x}\r\n", lines.len()).as_bytes());
        chunk.extend_from_slice(&lines);
        chunk.extend_from_slice(b"\r\n");
        flight.blocks.borrow_mut().push_back((Stopwatch::start(), flight.block));
        writer.write_all(&chunk).await?;
    }
    writer.write_all(b"0\r\n\r\n").await
}

async fn read(shared: &Shared, flight: &Flight, mut reader: OwnedReadHalf) -> io::Result<()> {
    let mut raw = Vec::with_capacity(64 * 1024);
    let head = loop {
        if let Some(head) = Head::read(&raw)? {
            break head;
        }
        if reader.read_buf(&mut raw).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    };
    if head.status != 200 {
        shared.tally.borrow_mut().failed(head.status.to_string());
        return Err(io::Error::other("the stream was not taken"));
    }
    raw.drain(..head.length);
    let mut chunks = Chunks::default();
    let mut lines = Vec::new();
    loop {
        let is_over = chunks.take(&raw, &mut lines)?;
        raw.clear();
        note(shared, flight, &mut lines);
        if is_over {
            return Ok(());
        }
        if reader.read_buf(&mut raw).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

/// Counts the outcomes of whole lines, and keeps what is no whole line yet.
fn note(shared: &Shared, flight: &Flight, lines: &mut Vec<u8>) {
    let Some(end) = lines.iter().rposition(|byte| *byte == b'\n') else { return };
    let mut blocks = flight.blocks.borrow_mut();
    let mut tally = shared.tally.borrow_mut();
    let whole = lines.get(..end).unwrap_or_default();
    for line in whole.split(|byte| *byte == b'\n') {
        let Some((left, open)) = blocks.front_mut() else { break };
        match outcome(line) {
            "recorded" => tally.done(1, left.elapsed()),
            other => tally.failed(refusal(line).unwrap_or(other).to_owned()),
        }
        *open -= 1;
        if *open == 0 {
            blocks.pop_front();
        }
        flight.room.add_permits(1);
    }
    lines.drain(..=end);
}

/// Takes the frames off a body in chunks (RFC 9112 section 7.1).
#[derive(Debug, Default)]
struct Chunks {
    /// Bytes of the chunk that are still to come, its line's end included.
    left: usize,
    /// What was read of a line that tells a length.
    size: Vec<u8>,
}

impl Chunks {
    /// Appends the bytes of the body; tells whether it is over.
    ///
    /// # Errors
    /// A length that is none.
    fn take(&mut self, mut bytes: &[u8], into: &mut Vec<u8>) -> io::Result<bool> {
        while let Some(first) = bytes.first() {
            if self.left > 0 {
                let now = self.left.min(bytes.len());
                // The last two bytes are the line's end.
                let content = self.left.saturating_sub(2).min(now);
                into.extend_from_slice(bytes.get(..content).unwrap_or_default());
                self.left -= now;
                bytes = bytes.get(now..).unwrap_or_default();
                continue;
            }
            bytes = bytes.get(1..).unwrap_or_default();
            if *first != b'\n' {
                self.size.push(*first);
                continue;
            }
            let text = std::str::from_utf8(&self.size).unwrap_or_default().trim();
            let length = usize::from_str_radix(text, 16)
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            self.size.clear();
            if length == 0 {
                return Ok(true);
            }
            self.left = length + 2;
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_in_chunks_is_read_wherever_it_is_cut() {
        let body = b"5\r\nab\ncd\r\n1b\r\nefghijklmnopqrstuvwxyz01234\r\n0\r\n\r\n";
        for cut in 0..body.len() - 2 {
            let (mut chunks, mut read) = (Chunks::default(), Vec::new());
            let early = chunks.take(&body[..cut], &mut read).unwrap();
            let over = early || chunks.take(&body[cut..], &mut read).unwrap();
            assert!(over);
            assert_eq!(read, b"ab\ncdefghijklmnopqrstuvwxyz01234");
        }
        assert!(Chunks::default().take(b"zz\r\n", &mut Vec::new()).is_err());
    }
}
