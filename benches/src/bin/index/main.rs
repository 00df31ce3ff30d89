//! The index of children and the matcher of feeds over invented England: building, memory, matches and searches.
//!
//! Run `cargo run --release -p benches --bin index -- --children 1000000`. Children are invented on a thread of
//! their own, and the time for that is told apart. Twelve million need about 3 GB.

#![expect(clippy::print_stdout, reason = "a benchmark tells its figures")]

use std::{fs, sync::mpsc::sync_channel, time::Duration};

use anyhow::{Context, bail};
use benches::{as_figure, now, on_core, on_cores};
use chrono::NaiveDate;
use finding::{Index, Loading};
use population::Population;

mod invented;
mod matches;
mod searches;
mod snapshots;

/// What to measure.
struct Arguments {
    children: u64,
    clients: u64,
    records: u64,
    queries: u64,
    snapshot: bool,
}

/// Children that are handed over at once.
const CHUNK: u64 = 1_000;

fn main() -> anyhow::Result<()> {
    let arguments = arguments()?;
    let day = NaiveDate::from_ymd_opt(2026, 11, 20).context("a day")?;
    let england = Population::sized(1, day, arguments.children);
    let index = build(&england, arguments.children);
    matches::measure(&index, &england, &arguments);
    searches::measure(&index, &england, &arguments);
    if arguments.snapshot { snapshots::measure(index) } else { Ok(()) }
}

/// Fills an index with every child, and tells what that took.
fn build(england: &Population, children: u64) -> Index {
    let before = memory("VmRSS:");
    let (began, cores) = (now(), on_cores());
    let (mut inventing, mut putting) = (Duration::ZERO, Duration::ZERO);
    let index = std::thread::scope(|scope| {
        let (ready, waiting) = sync_channel(2);
        let inventor = scope.spawn(move || {
            let mut spent = Duration::ZERO;
            for first in (0..children).step_by(usize::try_from(CHUNK).unwrap_or(1)) {
                let since = on_core();
                let chunk: Vec<_> = (first..children.min(first + CHUNK))
                    .map(|index| {
                        let told = invented::told(&england.child(index));
                        (invented::child(index), invented::entry(&told, index), invented::held(&told, index))
                    })
                    .collect();
                spent += on_core().saturating_sub(since);
                if ready.send(chunk).is_err() {
                    break;
                }
            }
            spent
        });
        let mut loading = Loading::new();
        for chunk in waiting {
            let since = on_core();
            for (child, entry, held) in &chunk {
                loading.put(*child, Some(entry), Some(held));
            }
            putting += on_core().saturating_sub(since);
        }
        let since = on_core();
        let index = loading.done();
        putting += on_core().saturating_sub(since);
        inventing = inventor.join().unwrap_or_default();
        index
    });
    let after = memory("VmRSS:");
    let all = on_cores().saturating_sub(cores);
    println!("children:          {children}");
    println!(
        "inventing:         {:.1} s on a core, texts read and made comparable included",
        inventing.as_secs_f64()
    );
    println!(
        "building:          {:.1} s on a core by the thread that fills, {:.1} s by all",
        putting.as_secs_f64(),
        all.saturating_sub(inventing).as_secs_f64()
    );
    println!("by the clock:      {:.1} s, inventing beside it", began.elapsed().as_secs_f64());
    println!(
        "resident:          {:.0} MB before, {:.0} MB after, {:.0} MB at most, {:.1} bytes a child",
        as_figure(before) / 1e6,
        as_figure(after) / 1e6,
        as_figure(memory("VmHWM:")) / 1e6,
        as_figure(after.saturating_sub(before)) / as_figure(children.max(1))
    );
    let told: u64 = index.sizes().iter().map(|(_, bytes)| bytes).sum();
    println!("  told of each part {:.0} MB, the rest is the allocator's", as_figure(told) / 1e6);
    for (part, bytes) in index.sizes() {
        println!("  {part:<16} {:.1} bytes a child", as_figure(bytes) / as_figure(children.max(1)));
    }
    index
}

/// The bytes that this process holds now or held at most, as Linux tells under a name.
fn memory(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kilobytes.unwrap_or_default() * 1024
}

/// The time within which so many hundredths of all were done, in milliseconds.
fn milliseconds(times: &mut [Duration], hundredths: usize) -> f64 {
    times.sort_unstable();
    let last = times.len().saturating_sub(1);
    times.get(last * hundredths / 100).map_or(0.0, Duration::as_secs_f64) * 1_000.0
}

fn arguments() -> anyhow::Result<Arguments> {
    let mut found =
        Arguments { children: 100_000, clients: 8, records: 2_000, queries: 4_000, snapshot: false };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("{word} needs a value"));
        match word.as_str() {
            "--children" => found.children = value()?.parse()?,
            "--clients" => found.clients = value()?.parse()?,
            "--records" => found.records = value()?.parse()?,
            "--queries" => found.queries = value()?.parse()?,
            "--snapshot" => found.snapshot = true,
            _other => bail!("{word}: one of --children --clients --records --queries --snapshot"),
        }
    }
    Ok(found)
}
