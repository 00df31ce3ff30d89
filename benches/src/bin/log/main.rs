//! The log beside a bare file: appends with 1, 8 and 64 clients and in batches of 1,000; reading; opening.
//!
//! Run `cargo run --release -p benches --bin log -- --dir FOLDER`, with `--json` for a machine. The folder's disk is
//! what is measured; it needs about 300 bytes an event of `--events`, 10 million unless told. With `--looks` the
//! events are those of ten years of looks, spread over as many streams for each event as England would have at 100
//! million; `--rounds 0` leaves the appends out.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    path::PathBuf,
    time::Duration,
};

use anyhow::{Context, bail};

use shape::Shape;

mod append;
mod bare;
mod shape;
mod whole;

/// What to measure.
struct Arguments {
    dir: PathBuf,
    events: u64,
    shape: Shape,
    rounds: usize,
    length: Duration,
    json: bool,
    /// Only opens the log in this folder and tells what that took: how the benchmark starts itself.
    open: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let arguments = arguments()?;
    let shape = arguments.shape;
    if let Some(folder) = arguments.open {
        io::stdout().write_all(whole::open(&folder, shape, arguments.events)?.as_bytes())?;
        return Ok(());
    }
    let dir = arguments.dir.join("log-bench");
    let mut report = String::new();
    let rounds = arguments.rounds;
    let appends = if rounds > 0 { append::measure(&dir, rounds, arguments.length)? } else { Vec::new() };
    let whole =
        if arguments.events > 0 { Some(whole::measure(&dir, arguments.events, shape)?) } else { None };
    if arguments.json {
        let rows: Vec<String> = appends.iter().map(append::Row::json).collect();
        let whole = whole.map_or_else(|| "null".to_owned(), |whole| whole.json());
        writeln!(report, "{{\"appends\":[{}],\"whole\":{whole}}}", rows.join(","))?;
    } else {
        writeln!(report, "{:<22}{:>14}{:>14}{:>8}{:>8}", "events/s", "bare file", "log", "ratio", "goal")?;
        for row in &appends {
            writeln!(report, "{}", row.line())?;
        }
        if let Some(whole) = whole {
            report.push_str(&whole.lines());
        }
    }
    io::stdout().write_all(report.as_bytes())?;
    Ok(())
}

fn arguments() -> anyhow::Result<Arguments> {
    let mut found = Arguments {
        dir: std::env::temp_dir(),
        events: 10_000_000,
        shape: Shape::Children,
        rounds: 7,
        length: Duration::from_secs(1),
        json: false,
        open: None,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("{word} needs a value"));
        match word.as_str() {
            "--dir" => found.dir = value()?.into(),
            "--events" => found.events = value()?.parse()?,
            "--looks" => found.shape = Shape::Looks,
            "--rounds" => found.rounds = value()?.parse()?,
            "--milliseconds" => found.length = Duration::from_millis(value()?.parse()?),
            "--json" => found.json = true,
            "--open" => found.open = Some(value()?.into()),
            _other => bail!("{word}: one of --dir --events --looks --rounds --milliseconds --json"),
        }
    }
    Ok(found)
}
