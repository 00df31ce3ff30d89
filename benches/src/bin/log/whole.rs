//! A whole log of many events: how large it is, how fast it is read, how quickly it opens.

use std::{collections::VecDeque, fmt::Write as _, path::Path, process::Command};

use anyhow::Context;

use benches::{Draws, as_figure, median, now};
use event_log::{EventLog, Expected, Options, Segments, Ticket};
use vocabulary::stream::Position;

use crate::append::{record, stream};

/// Events a stream: a child's record has a handful.
const EVENTS_A_STREAM: u64 = 4;
/// Requests in flight while the log is filled.
const IN_FLIGHT: usize = 1_024;
/// Times that reading and opening are repeated.
const REPEATS: usize = 5;

/// What was measured.
pub(crate) struct Whole {
    events: u64,
    /// Events a second while filling, each a request of its own.
    filled: f64,
    /// Bytes an event: segments up to the end of the last record, and with all sidecars.
    segment_bytes: f64,
    all_bytes: f64,
    read: f64,
    opened_seconds: f64,
    /// Resident bytes a stream after opening.
    stream_bytes: f64,
}

impl Whole {
    /// What was measured, for people.
    pub(crate) fn lines(&self) -> String {
        let mut out = String::new();
        let rows = [
            ("events", as_figure(self.events), 0),
            ("events/s filling", self.filled, 0),
            ("bytes an event", self.segment_bytes, 1),
            ("... with sidecars", self.all_bytes, 1),
            ("events/s read, checked", self.read, 0),
            ("seconds to open", self.opened_seconds, 3),
            ("bytes a stream, memory", self.stream_bytes, 1),
        ];
        for (name, figure, digits) in rows {
            // Writing to a string cannot fail.
            let _written = writeln!(out, "{name:<24}{figure:>14.digits$}");
        }
        out
    }

    /// What was measured, for machines.
    pub(crate) fn json(&self) -> String {
        format!(
            "{{\"events\":{},\"filled\":{:.0},\"segment_bytes\":{:.1},\"all_bytes\":{:.1},\"read\":{:.0},\
             \"opened_seconds\":{:.3},\"stream_bytes\":{:.1}}}",
            self.events,
            self.filled,
            self.segment_bytes,
            self.all_bytes,
            self.read,
            self.opened_seconds,
            self.stream_bytes
        )
    }
}

/// Fills a log with `events`, then reads it and opens it several times.
pub(crate) fn measure(dir: &Path, events: u64) -> anyhow::Result<Whole> {
    let folder = dir.join("log");
    std::fs::create_dir_all(&folder)?;
    let (log, _) = Segments::open(&folder, Options::default())?;
    let start = now();
    fill(&log, events)?;
    let filled = as_figure(events) / start.elapsed().as_secs_f64();
    let mut reads = Vec::new();
    for _ in 0..REPEATS {
        let (mut count, before) = (0_u64, now());
        log.read_all(Position::ZERO, u32::MAX, &mut |record| count += u64::from(record.header.class))?;
        anyhow::ensure!(count == events, "{count} of {events} events were read");
        reads.push(as_figure(count) / before.elapsed().as_secs_f64());
    }
    log.close();
    let mut opens = Vec::new();
    let mut grown = Vec::new();
    for _ in 0..REPEATS {
        // In a process of its own, whose memory is not warm from filling.
        let told = Command::new(std::env::current_exe()?).arg("--open").arg(&folder).output()?;
        let told = String::from_utf8(told.stdout)?;
        let (seconds, bytes) =
            told.trim().split_once(' ').context("a process that opens tells two figures")?;
        opens.push(seconds.parse()?);
        grown.push(bytes.parse::<f64>()? / as_figure(events / EVENTS_A_STREAM));
    }
    let (segments, all) = sizes(&folder)?;
    std::fs::remove_dir_all(dir)?;
    Ok(Whole {
        events,
        filled,
        segment_bytes: segments / as_figure(events),
        all_bytes: all / as_figure(events),
        read: median(reads),
        opened_seconds: median(opens),
        stream_bytes: median(grown),
    })
}

/// Opens the log in `folder`; answers the seconds it took and the bytes of memory that it holds.
pub(crate) fn open(folder: &Path) -> anyhow::Result<String> {
    let (before, empty) = (now(), resident()?);
    let (log, found) = Segments::open(folder, Options::default())?;
    let seconds = before.elapsed().as_secs_f64();
    anyhow::ensure!(found.rebuilt == 0 && found.cut.is_none(), "opened as {found:?}");
    let bytes = resident()? - empty;
    log.close();
    Ok(format!("{seconds} {bytes}"))
}

fn fill(log: &Segments, events: u64) -> anyhow::Result<()> {
    let mut draws = Draws(7);
    let mut flying: VecDeque<Ticket> = VecDeque::with_capacity(IN_FLIGHT);
    for _ in 0..events {
        let stream = stream(draws.next_bits() % (events / EVENTS_A_STREAM).max(1));
        let expected = Expected::At(log.stream_revision(stream));
        flying.push_back(log.submit(stream, expected, vec![record(&mut draws, stream)]));
        if flying.len() == IN_FLIGHT
            && let Some(oldest) = flying.pop_front()
        {
            oldest.wait()?;
        }
    }
    for ticket in flying {
        ticket.wait()?;
    }
    Ok(())
}

/// Bytes of all segments up to the last that is not zero, and with everything beside them.
fn sizes(folder: &Path) -> anyhow::Result<(f64, f64)> {
    let (mut segments, mut beside) = (0.0, 0.0);
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "seg") {
            let bytes = std::fs::read(&path)?;
            segments +=
                bytes.iter().rposition(|byte| *byte != 0).map_or(0.0, |last| as_figure(last as u64 + 1));
        } else if path.extension().is_none_or(|ending| ending != "new") {
            beside += as_figure(path.metadata()?.len());
        }
    }
    Ok((segments, segments + beside))
}

/// Bytes of memory that the process has resident.
fn resident() -> anyhow::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")).unwrap_or("0");
    Ok(kilobytes.parse::<f64>()? * 1024.0)
}
