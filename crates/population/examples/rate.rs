//! Measures how fast invented England is written, into a sink: rows and bytes a second.
//!
//! `cargo run --release -p population --example rate -- 1000000`

use std::{
    env,
    io::{self, Write},
    time::Instant,
};

use chrono::NaiveDate;
use population::Population;

/// Counts what is written and keeps nothing.
#[derive(Default)]
struct Sink {
    bytes: usize,
    lines: usize,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes += bytes.len();
        self.lines += bytes.split(|byte| *byte == b'\n').count() - 1;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn main() -> io::Result<()> {
    let children: u64 = env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap_or_default();
    let england = Population::sized(1, day, children);
    report("organisations", |sink| england.write_organisations(sink))?;
    report("children", |sink| england.write_children(0..children, sink))?;
    report("events", |sink| england.write_events(0..children, sink))
}

#[expect(clippy::cast_precision_loss, reason = "a rate printed to whole numbers needs no more than 52 bits")]
#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock; nothing made depends on it")]
fn report(what: &str, write: impl FnOnce(&mut Sink) -> io::Result<()>) -> io::Result<()> {
    let mut sink = Sink::default();
    let start = Instant::now();
    write(&mut sink)?;
    let seconds = start.elapsed().as_secs_f64();
    let (lines, megabytes) = (sink.lines, sink.bytes as f64 / 1e6);
    let (rate, speed) = (lines as f64 / seconds, megabytes / seconds);
    writeln!(
        io::stdout(),
        "{what}: {lines} lines, {megabytes:.1} MB, {seconds:.2} s, {rate:.0} lines/s, {speed:.1} MB/s"
    )
}
