//! Measures on this machine how quickly forgotten payloads leave the log: `compaction_speed [FOLDER] [RECORDS] [ONE IN]`.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "it measures and prints, and is no part of the product"
)]

use std::{env, error::Error, fs, path::Path, time::Instant};

use event_log::{
    EventLog, Expected, Header, Options, Proposed, Segments,
    verify::{VerifyOptions, verify},
};
use uuid::Uuid;
use vocabulary::stream::{BodyHash, EventId, KeyId, Position, Stream, StreamKind};

/// Bytes of a sealed payload, as measured over the streams of a year.
const PAYLOAD: usize = 200;
/// Records of one child.
const EACH: u64 = 24;
/// Records in flight.
const GROUP: u64 = 10_000;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "target".to_owned());
    let records: u64 = arguments.next().map_or(Ok(4_000_000), |told| told.parse())?;
    let one_in: u32 = arguments.next().map_or(Ok(12), |told| told.parse())?;
    let folder = Path::new(&folder).join(format!("compaction-speed-{}", std::process::id()));
    let ran = run(&folder, records, one_in);
    fs::remove_dir_all(&folder)?;
    ran
}

fn run(folder: &Path, records: u64, one_in: u32) -> Result<(), Box<dyn Error>> {
    let (log, _) = Segments::open(folder, Options::default())?;
    let children = records / EACH;
    for first in (0..records).step_by(usize::try_from(GROUP)?) {
        let tickets: Vec<_> =
            (first..records.min(first + GROUP)).map(|number| submit(&log, number, children)).collect();
        for ticket in tickets {
            ticket.wait()?;
        }
    }
    let doomed = |header: &Header| header.key.slot.is_multiple_of(one_in);
    let start = Instant::now();
    let done = log.compact(Position(records), &doomed)?;
    let took = start.elapsed().as_secs_f64();
    let megabytes = done.bytes_read as f64 / 1e6;
    println!(
        "{records} records, one child in {one_in} of {children} forgotten: {} segments of {megabytes:.0} MB read, {} \
         written anew, {} payloads gone in {took:.1} s: {:.0} MB/s, {:.0} records/s, {:.0} children/s",
        done.looked_at,
        done.rewritten,
        done.payloads,
        megabytes / took,
        records as f64 / took,
        children as f64 / f64::from(one_in) / took
    );
    let again = Instant::now();
    log.compact(Position(records), &doomed)?;
    println!("asked again: {:.3} ms", again.elapsed().as_secs_f64() * 1e3);
    log.close();
    let verifying = Instant::now();
    let verified = verify(folder, VerifyOptions::default(), &mut |_| ())?;
    println!("verified {} records in {:.1} s", verified.records, verifying.elapsed().as_secs_f64());
    Ok(())
}

/// One record of an invented child; those of a child lie all over the log.
fn submit(log: &Segments, number: u64, children: u64) -> event_log::Ticket {
    let child = number.wrapping_mul(0x9e37_79b9) % children.max(1);
    let stream = Stream::new(StreamKind::Child, Uuid::from_u128(u128::from(child) + 1));
    let header = Header {
        salt: u128::from(number).to_be_bytes(),
        stream,
        event_id: EventId(Uuid::from_u128(u128::from(number))),
        body_hash: BodyHash::default(),
        happened_at: 0,
        recorded_at: 0,
        class: 1,
        key: KeyId { pool: 1, slot: u32::try_from(child + 1).unwrap_or(u32::MAX) },
        schema: 1,
    };
    let byte =
        |at: usize| (number.wrapping_mul(31) ^ (at as u64).wrapping_mul(0x9e37_79b9) >> 3).to_le_bytes()[0];
    let payload = (0..PAYLOAD).map(byte).collect();
    log.submit(stream, Expected::Any, vec![Proposed { header, payload, dictionary: 0 }])
}
