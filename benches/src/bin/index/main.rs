//! The index of children and the matcher of feeds over invented England: building, memory, matches and searches.
//!
//! Run `cargo run --release -p benches --bin index -- --children 1000000`. Children are invented by all cores, some
//! thousands at a time, and then put in while nobody invents, so that both are told apart by the clock. Twelve million
//! need about 2 GB.

#![expect(clippy::print_stdout, reason = "a benchmark tells its figures")]

use std::{fs, time::Duration};

use anyhow::{Context, bail};
use benches::{as_figure, now, on_cores};
use chrono::NaiveDate;
use finding::{Entry, Index, Loading, matcher::Held};
use population::Population;
use vocabulary::ChildId;

mod invented;
mod likenesses;
mod matches;
mod searches;
mod snapshots;

/// What to measure.
struct Arguments {
    children: u64,
    clients: u64,
    records: u64,
    queries: u64,
    rate: u64,
    /// Questions of one kind alone, by its number from 0 on.
    kind: Option<usize>,
    snapshot: bool,
}

/// Children that are invented at once, on each of two threads: few, so that what they leave behind is no part of the
/// figure for the index.
const CHUNK: u64 = 250;

/// A child as it is put in.
type Invented = (ChildId, Entry, Held);

fn main() -> anyhow::Result<()> {
    let arguments = arguments()?;
    let day = NaiveDate::from_ymd_opt(2026, 11, 20).context("a day")?;
    let england = Population::sized(1, day, arguments.children);
    let mut index = build(&england, arguments.children);
    matches::measure(&index, &england, &arguments);
    searches::measure(&index, &england, &arguments);
    searches::measure_paced(&index, &england, &arguments);
    likenesses::measure(&mut index, &england, &arguments);
    if arguments.snapshot { snapshots::measure(index) } else { Ok(()) }
}

/// Children from one on, of so many in all.
fn invent(england: &Population, first: u64, children: u64) -> Vec<Invented> {
    let one = |index| {
        let told = invented::told(&england.child(index));
        (invented::child(index), invented::entry(&told, index), invented::held(&told, index))
    };
    (first..children.min(first + CHUNK)).map(one).collect()
}

/// Fills an index with every child, and tells what that took.
fn build(england: &Population, children: u64) -> Index {
    let before = memory("VmRSS:");
    let (mut inventing, mut putting, mut by_all) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
    let mut loading = Loading::new();
    for first in (0..children).step_by(usize::try_from(2 * CHUNK).unwrap_or(1)) {
        let cores = on_cores();
        let chunks: [Vec<Invented>; 2] = std::thread::scope(|scope| {
            let other = scope.spawn(|| invent(england, first + CHUNK, children));
            [invent(england, first, children), other.join().unwrap_or_default()]
        });
        inventing += on_cores().saturating_sub(cores);
        let (began, since) = (now(), on_cores());
        for (child, entry, held) in chunks.iter().flatten() {
            loading.put(*child, Some(entry), Some(held));
        }
        putting += began.elapsed();
        by_all += on_cores().saturating_sub(since);
    }
    let (began, since) = (now(), on_cores());
    let index = loading.done();
    putting += began.elapsed();
    by_all += on_cores().saturating_sub(since);
    let after = memory("VmRSS:");
    println!("children:          {children}");
    println!(
        "inventing:         {:.1} s on all cores, texts read and made comparable included",
        inventing.as_secs_f64()
    );
    println!(
        "building:          {:.1} s by the clock, {:.1} s on all cores",
        putting.as_secs_f64(),
        by_all.as_secs_f64()
    );
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
    let mut found = Arguments {
        children: 100_000,
        clients: 8,
        records: 2_000,
        queries: 4_000,
        rate: 450,
        kind: None,
        snapshot: false,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("{word} needs a value"));
        match word.as_str() {
            "--children" => found.children = value()?.parse()?,
            "--clients" => found.clients = value()?.parse()?,
            "--records" => found.records = value()?.parse()?,
            "--queries" => found.queries = value()?.parse()?,
            "--rate" => found.rate = value()?.parse()?,
            "--kind" => found.kind = Some(value()?.parse()?),
            "--snapshot" => found.snapshot = true,
            _other => {
                bail!("{word}: one of --children --clients --records --queries --rate --kind --snapshot")
            }
        }
    }
    Ok(found)
}
