//! Events as lines: streamed in, streamed out, without a limit on their number.
//!
//! Two tasks a stream. One reads lines and gives them to the directory, the other waits for the disk and
//! writes outcomes, so that one write to the disk serves many lines. What is not read by the client yet is held
//! in memory up to a limit, so that a client that sends everything before it reads anything is served too.

use std::{io, sync::Arc};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use directory::{Mode, Sender};
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::{Semaphore, mpsc};

use super::events::{Step, Told, may_supply, take, told};
use crate::{
    door::Door,
    identify::Holder,
    problem::Problem,
    wire::{
        Unread,
        lines::{Line, Lines},
        too_large,
    },
};

/// Events between the directory and their outcomes; more than one write to the disk takes along.
const IN_FLIGHT_MAX: usize = 1_024;

/// Bytes of outcomes that a client has not read yet: those of half a million events.
const UNREAD_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Bytes of outcomes sent at once.
const CHUNK_BYTES: usize = 16 * 1024;

/// Answers a stream of lines with a stream of outcomes, a line each, in order.
pub(super) fn answer(door: Arc<Door>, client: Holder, mode: Mode, body: Body) -> Response {
    let (steps, taken) = mpsc::channel(IN_FLIGHT_MAX);
    let (outbox, outcomes) = outbox();
    tokio::spawn(read(Arc::clone(&door), client, mode, body, steps));
    tokio::spawn(settle(door, taken, outbox));
    let mut response = Body::from_stream(outcomes).into_response();
    let kind = HeaderValue::from_static("application/x-ndjson");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// Reads lines and gives them to the directory, until the body ends or nobody waits for outcomes any more.
///
/// A token that expires meanwhile does not cut the stream; a client that is suspended meanwhile does, and so
/// does the end of what it proved itself by.
async fn read(door: Arc<Door>, client: Holder, mode: Mode, body: Body, steps: mpsc::Sender<Step>) {
    let mut lines = Lines::default();
    let mut chunks = body.into_data_stream();
    loop {
        let chunk = match chunks.next().await {
            Some(Ok(chunk)) => Some(chunk),
            // A line that broke off is no line: its sender did not finish saying it.
            Some(Err(_)) => return,
            None => None,
        };
        let Some(sender) = still_supplies(&door, &client) else { return };
        let mut read = Vec::new();
        let mut each = |line: Line<'_>| read.push(step(&door, &sender, mode, line));
        match &chunk {
            Some(chunk) => lines.push(chunk, &mut each),
            None => lines.finish(&mut each),
        }
        for step in read {
            if steps.send(step).await.is_err() {
                return;
            }
        }
        if chunk.is_none() {
            return;
        }
    }
}

fn still_supplies(door: &Door, client: &Holder) -> Option<Sender> {
    let client = client.still(&door.directory)?;
    may_supply(&client).is_ok().then_some(client.sender)
}

fn step(door: &Door, sender: &Sender, mode: Mode, line: Line<'_>) -> Step {
    match line {
        Line::Event(bytes) => take(door, sender, mode, bytes),
        Line::TooLong => Step::Unread(Unread { id: None, fault: too_large() }),
    }
}

/// Waits for each event in turn and writes its outcome. The answer to a line only leaves once it is durable.
async fn settle(door: Arc<Door>, mut steps: mpsc::Receiver<Step>, outbox: Outbox) {
    while let Some(first) = steps.recv().await {
        let mut chunk = Vec::new();
        let mut next = Some(first);
        while let Some(step) = next.take() {
            let failed = match &step {
                Step::Failed(id) => Some(id.clone()),
                Step::Unread(_) | Step::Taken(_) => None,
            };
            match told(&door, step).await {
                Ok(told) => write_line(&mut chunk, &told),
                Err(problem) => {
                    // Nothing is known of this line and those after it: the stream breaks off here, so that
                    // the client sends them again.
                    tracing::error!(
                        problem.code = problem.code(),
                        event.named = failed.is_some(),
                        "a stream of events was broken off"
                    );
                    let _gone = outbox.send(chunk).await;
                    outbox.break_off(&problem);
                    return;
                }
            }
            if chunk.len() < CHUNK_BYTES {
                next = steps.try_recv().ok();
            }
        }
        if outbox.send(chunk).await.is_err() {
            return;
        }
    }
}

fn write_line(chunk: &mut Vec<u8>, told: &Told) {
    // Texts and numbers alone: there is nothing in it that JSON cannot hold, and a Vec takes every byte.
    let _ = serde_json::to_writer(&mut *chunk, told);
    chunk.push(b'\n');
}

/// Where outcomes wait for the client to read them.
struct Outbox {
    chunks: mpsc::UnboundedSender<Result<Bytes, io::Error>>,
    room: Arc<Semaphore>,
}

/// The client has gone.
struct Gone;

fn outbox() -> (Outbox, impl Stream<Item = Result<Bytes, io::Error>> + use<>) {
    let (chunks, waiting) = mpsc::unbounded_channel::<Result<Bytes, io::Error>>();
    let room = Arc::new(Semaphore::new(UNREAD_BYTES_MAX));
    let read = Arc::clone(&room);
    let outcomes = stream::unfold((waiting, read), |(mut waiting, read)| async move {
        let chunk = waiting.recv().await?;
        if let Ok(chunk) = &chunk {
            read.add_permits(chunk.len());
        }
        Some((chunk, (waiting, read)))
    });
    (Outbox { chunks, room }, outcomes)
}

impl Outbox {
    /// Sends a chunk once there is room for it.
    async fn send(&self, chunk: Vec<u8>) -> Result<(), Gone> {
        let bytes = u32::try_from(chunk.len()).unwrap_or(u32::MAX);
        let closed = self.chunks.clone();
        tokio::select! {
            room = self.room.acquire_many(bytes) => room.map_err(|_| Gone)?.forget(),
            () = closed.closed() => return Err(Gone),
        }
        self.chunks.send(Ok(Bytes::from(chunk))).map_err(|_| Gone)
    }

    /// Ends the answer in a way that no client takes for its end.
    fn break_off(&self, problem: &Problem) {
        let _gone = self.chunks.send(Err(io::Error::other(problem.code())));
    }
}
