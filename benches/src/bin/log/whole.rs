//! A whole log of many events: how large it is, how fast it is read and archived, how quickly it opens.

use std::{collections::VecDeque, fmt::Write as _, io::Read as _, path::Path, process::Command, sync::Arc};

use anyhow::Context;

use benches::{Draws, as_figure, median, now};
use event_log::{
    EventLog, Expected, Options, Segments, Ticket,
    archive::Archivist,
    disk::RealDisk,
    verify::{VerifyOptions, verify},
};
use vocabulary::stream::Position;

use crate::{append::record, shape::Shape};

/// Requests in flight while the log is filled.
const IN_FLIGHT: usize = 1_024;
/// Times that reading and opening are repeated; of a log that no memory holds, once is enough.
const REPEATS: usize = 5;
const LARGE: u64 = 50_000_000;
/// Bytes that the yardstick reads at once, as the log does.
const CHUNK: usize = 256 << 10;
/// Streams looked up to tell what that takes.
const LOOKED_UP: usize = 1_000_000;
/// Where the system is asked to forget what it has read; only its owner may.
const CACHES: &str = "/proc/sys/vm/drop_caches";

/// What was measured.
pub(crate) struct Whole {
    events: u64,
    /// Events a second while filling, each a request of its own.
    filled: f64,
    /// Bytes an event: segments up to the end of the last record, and with all sidecars.
    segment_bytes: f64,
    all_bytes: f64,
    read: f64,
    /// The same files read and not looked at.
    bare: f64,
    /// Bytes a second carried to an archive beside it.
    archived: f64,
    /// Verified with half of it archived.
    verified: f64,
    opened_seconds: f64,
    /// Opened with nothing of the files in memory; nothing where the system could not be asked to forget them.
    cold_seconds: Option<f64>,
    /// Resident bytes after opening, and of these a stream.
    resident: f64,
    stream_bytes: f64,
    /// Nanoseconds to look up the revision of a stream.
    look_up: f64,
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
            ("... read, not looked at", self.bare, 0),
            ("MB/s archived, one half", self.archived / 1e6, 0),
            ("events/s verified", self.verified, 0),
            ("seconds to open", self.opened_seconds, 3),
            ("... from a cold disk", self.cold_seconds.unwrap_or(f64::NAN), 3),
            ("MB resident, opened", self.resident / 1e6, 1),
            ("bytes a stream, memory", self.stream_bytes, 1),
            ("ns to look up a stream", self.look_up, 0),
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
             \"bare\":{:.0},\"archived\":{:.0},\"verified\":{:.0},\"opened_seconds\":{:.3},\"cold_seconds\":{},\"resident\":{:.0},\
             \"stream_bytes\":{:.1},\"look_up\":{:.0}}}",
            self.events,
            self.filled,
            self.segment_bytes,
            self.all_bytes,
            self.read,
            self.bare,
            self.archived,
            self.verified,
            self.opened_seconds,
            self.cold_seconds.map_or_else(|| "null".to_owned(), |seconds| format!("{seconds:.3}")),
            self.resident,
            self.stream_bytes,
            self.look_up
        )
    }
}

/// Fills a log with `events`, then reads it, verifies it and opens it several times.
pub(crate) fn measure(dir: &Path, events: u64, shape: Shape) -> anyhow::Result<Whole> {
    let folder = dir.join("log");
    std::fs::create_dir_all(&folder)?;
    let (log, _) = Segments::open(&folder, Options::default())?;
    let start = now();
    fill(&log, events, shape)?;
    let filled = as_figure(events) / start.elapsed().as_secs_f64();
    let (mut reads, mut bares) = (Vec::new(), Vec::new());
    for _ in 0..if events < LARGE { REPEATS } else { 1 } {
        bares.push(as_figure(events) / bare(&folder)?);
        let (mut count, before) = (0_u64, now());
        log.read_all(Position::ZERO, u32::MAX, &mut |record| count += u64::from(record.header.class))?;
        anyhow::ensure!(count == events, "{count} of {events} events were read");
        reads.push(as_figure(count) / before.elapsed().as_secs_f64());
    }
    log.close();
    let (segments, all) = sizes(&folder)?;
    let archived = archive(&folder, &dir.join("archive"))?;
    let before = now();
    let whole = verify(&folder, VerifyOptions::default(), &mut |_| ())?;
    anyhow::ensure!(whole.records == events, "{} of {events} events were verified", whole.records);
    let verified = as_figure(events) / before.elapsed().as_secs_f64();
    let mut opens = Vec::new();
    for _ in 0..REPEATS {
        opens.push(opened(&folder, shape, events)?);
    }
    let cold = if std::fs::write(CACHES, "3").is_ok() { Some(opened(&folder, shape, events)?) } else { None };
    std::fs::remove_dir_all(dir)?;
    let middle = |part: usize| median(opens.iter().filter_map(|told| told.get(part).copied()).collect());
    Ok(Whole {
        events,
        filled,
        segment_bytes: segments / as_figure(events),
        all_bytes: all / as_figure(events),
        read: median(reads),
        bare: median(bares),
        archived,
        verified,
        opened_seconds: middle(0),
        cold_seconds: cold.and_then(|told| told.first().copied()),
        resident: middle(1),
        stream_bytes: middle(1) / as_figure(shape.streams(events)),
        look_up: middle(2),
    })
}

/// Reads all segments and looks at nothing; answers the seconds it took.
fn bare(folder: &Path) -> anyhow::Result<f64> {
    let (mut chunk, before) = (vec![0; CHUNK], now());
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "seg") {
            let mut file = std::fs::File::open(&path)?;
            while file.read(&mut chunk)? > 0 {}
        }
    }
    Ok(before.elapsed().as_secs_f64())
}

/// Carries the older half of the log to an archive; answers the bytes a second.
fn archive(folder: &Path, to: &Path) -> anyhow::Result<f64> {
    std::fs::create_dir_all(to)?;
    let name = to.to_str().context("the folder's name is no UTF-8")?;
    let mut archivist = Archivist::new(Arc::new(RealDisk::new(folder)), Arc::new(RealDisk::new(to)), name)?;
    let planned = archivist.plan(i64::MAX, &mut |_| ())?;
    let (mut bytes, before) = (0, now());
    for segment in planned.iter().take(planned.len() / 2) {
        archivist.carry(segment)?;
        bytes += u64::from(segment.bytes);
    }
    Ok(as_figure(bytes) / before.elapsed().as_secs_f64())
}

/// Opens the log in a process of its own, whose memory is not warm from filling; answers what [`open`] told.
fn opened(folder: &Path, shape: Shape, events: u64) -> anyhow::Result<Vec<f64>> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("--open").arg(folder).args(["--events", &events.to_string()]);
    if shape == Shape::Looks {
        command.arg("--looks");
    }
    let told = String::from_utf8(command.output()?.stdout)?;
    let figures: Result<Vec<f64>, _> = told.split_whitespace().map(str::parse).collect();
    figures.ok().filter(|figures| figures.len() == 3).context("a process that opens tells three figures")
}

/// Opens the log in `folder`; answers the seconds it took, the bytes of memory that it holds, and the nanoseconds
/// that looking up a stream takes.
pub(crate) fn open(folder: &Path, shape: Shape, events: u64) -> anyhow::Result<String> {
    let known = shape.known(LOOKED_UP, events);
    let (before, empty) = (now(), resident()?);
    let (log, found) = Segments::open(folder, Options::default())?;
    let seconds = before.elapsed().as_secs_f64();
    anyhow::ensure!(found.rebuilt == 0 && found.cut.is_none(), "opened as {found:?}");
    let bytes = resident()? - empty;
    let asked = now();
    let begun = known.iter().filter(|stream| log.stream_revision(**stream).0 > 0).count();
    let look_up = asked.elapsed().as_secs_f64() / as_figure(LOOKED_UP as u64) * 1e9;
    anyhow::ensure!(begun > LOOKED_UP / 2, "{begun} of {LOOKED_UP} streams are there");
    log.close();
    Ok(format!("{seconds} {bytes} {look_up}"))
}

fn fill(log: &Segments, events: u64, shape: Shape) -> anyhow::Result<()> {
    let mut draws = Draws(7);
    let mut flying: VecDeque<Ticket> = VecDeque::with_capacity(IN_FLIGHT);
    for number in 0..events {
        let (stream, payload) = shape.event(&mut draws, number, events);
        let expected = Expected::At(log.stream_revision(stream));
        flying.push_back(log.submit(stream, expected, vec![record(&mut draws, stream, payload)]));
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
