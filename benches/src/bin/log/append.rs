//! Appends, in turns: a round on the bare file, a round on the log, and the middle of the ratios.

use std::{path::Path, time::Duration};

use benches::{Draws, clients, median};
use event_log::{EventLog, Expected, Header, Options, Proposed, Segments, Ticket};
use uuid::Uuid;
use vocabulary::stream::{BodyHash, EventId, KeyId, Revision, Stream, StreamKind};

use crate::bare::{Bare, Blocks};

/// Bytes of a sealed payload: 292 bytes of JSON compress to about 74, padded to 80, with a tag of 16.
pub(crate) const PAYLOAD: usize = 96;
/// Bytes that the log writes for such a record, and once a batch for its trailer.
const RECORD: usize = 240;
const TRAILER: usize = 72;
/// Streams of each client, written in turn.
const STREAMS: u64 = 256;

/// One way to append: clients, records a batch, blocks of the bare file, and the share of it to reach.
///
/// Large batches are measured twice: where both write to fresh blocks, and, for the record and without a goal,
/// beside a file whose blocks the disk knows already, which no log that grows can have.
const CASES: [(&str, usize, usize, Blocks, f64); 5] = [
    ("1 client", 1, 1, Blocks::Zeroed, 0.75),
    ("8 clients", 8, 1, Blocks::Zeroed, 0.72),
    ("64 clients", 64, 1, Blocks::Zeroed, 0.60),
    ("batches of 1,000", 1, 1_000, Blocks::Fresh, 0.52),
    ("... beside old blocks", 1, 1_000, Blocks::Zeroed, 0.0),
];

/// What was measured of one case, in events a second.
pub(crate) struct Row {
    name: &'static str,
    bare: f64,
    log: f64,
    ratio: f64,
    goal: f64,
}

impl Row {
    /// The row as a line of the table.
    pub(crate) fn line(&self) -> String {
        let Row { name, bare, log, ratio, goal } = self;
        format!("{name:<22}{bare:>14.0}{log:>14.0}{ratio:>8.2}{goal:>8.2}")
    }

    /// The row as JSON.
    pub(crate) fn json(&self) -> String {
        let Row { name, bare, log, ratio, goal } = self;
        format!(
            "{{\"case\":\"{name}\",\"bare\":{bare:.0},\"log\":{log:.0},\"ratio\":{ratio:.3},\"goal\":{goal}}}"
        )
    }
}

/// Invents a record of a stream with so many bytes of payload.
pub(crate) fn record(draws: &mut Draws, stream: Stream, payload: usize) -> Proposed {
    let header = Header {
        salt: draws.next_bytes(),
        stream,
        event_id: EventId(Uuid::from_bytes(draws.next_bytes())),
        body_hash: BodyHash(draws.next_bytes()),
        happened_at: 1_700_000_000_000_000,
        recorded_at: 1_700_000_000_000_001,
        class: 1,
        key: KeyId { pool: 1, slot: 1 },
        schema: 1,
    };
    let payload = (0..payload / 16).flat_map(|_| draws.next_bytes()).collect();
    Proposed { header, payload, dictionary: 1 }
}

/// The child's stream with this number.
pub(crate) fn stream(number: u64) -> Stream {
    stream_of(StreamKind::Child, number)
}

/// The stream of a kind with this number; those of one number have one id, as a child and who looked at it have.
pub(crate) fn stream_of(kind: StreamKind, number: u64) -> Stream {
    let mut draws = Draws(number);
    Stream::new(kind, Uuid::from_bytes(draws.next_bytes()))
}

/// Measures every case.
pub(crate) fn measure(dir: &Path, rounds: usize, length: Duration) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (name, clients, batch, blocks, goal) in CASES {
        std::fs::create_dir_all(dir)?;
        let bare = Bare::new(&dir.join("bare"), blocks)?;
        let log = Segments::open(dir.join("log"), Options::default())?.0;
        let (mut of_bare, mut of_log, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        let mut writer = Writer::new(&log, batch);
        // The first round warms up and is not counted.
        for round in 0..=rounds {
            let bytes = batch * RECORD + TRAILER;
            let by_bare = clients::run(clients, length, &mut |client| {
                // The caller has its records to make in either case.
                drop(std::hint::black_box(writer.records(client)));
                bare.submit(vec![1; bytes])
            })?;
            let by_log = clients::run(clients, length, &mut |client| writer.submit(client))?;
            if round > 0 {
                let events = f64::from(u16::try_from(batch)?);
                of_bare.push(by_bare * events);
                of_log.push(by_log * events);
                ratios.push(by_log / by_bare);
            }
        }
        log.close();
        drop(bare);
        std::fs::remove_dir_all(dir)?;
        rows.push(Row { name, bare: median(of_bare), log: median(of_log), ratio: median(ratios), goal });
    }
    Ok(rows)
}

/// Submits to the log, each client to its own streams in turn, each time with the revision it knows.
struct Writer<'l> {
    log: &'l Segments,
    batch: usize,
    draws: Draws,
    sent: u64,
}

impl<'l> Writer<'l> {
    fn new(log: &'l Segments, batch: usize) -> Writer<'l> {
        Writer { log, batch, draws: Draws(1), sent: 0 }
    }

    fn records(&mut self, client: usize) -> (Stream, Vec<Proposed>) {
        self.sent += 1;
        let stream = stream(client as u64 * STREAMS + self.sent % STREAMS);
        (stream, (0..self.batch).map(|_| record(&mut self.draws, stream, PAYLOAD)).collect())
    }

    fn submit(&mut self, client: usize) -> Ticket {
        let (stream, batch) = self.records(client);
        let revision = self.log.stream_revision(stream);
        let expected = if revision == Revision::NONE { Expected::NoStream } else { Expected::At(revision) };
        self.log.submit(stream, expected, batch)
    }
}
