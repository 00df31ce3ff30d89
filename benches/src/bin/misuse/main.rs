//! A simulated month of 330,000 users with planted snoopers: what is explained, and who stands first in the queue.
//!
//! Run `benches/misuse.sh`, or `cargo run --release -p benches --bin misuse -- --seeds 1,2`. The whole country of
//! twelve million children is invented for each seed, and the month is judged by the engine of `crates/misuse` as a
//! directory would: what happens stands in `honest.rs` and `planted.rs`, which know nothing of the weights, and
//! `judge.rs`, which gathers what is known, never reads who was planted. One line of JSON a seed.

#![expect(clippy::print_stdout, reason = "a benchmark tells its figures")]

use std::{collections::BTreeSet, fs};

use anyhow::{Context as _, bail};
use benches::{as_figure, now};

mod england;
mod honest;
mod judge;
mod planted;

use england::{England, place};
use honest::Month;
use judge::Judged;
use planted::{EACH, Kind, Snoopers};

/// What each month must show (reliability.md 5).
const EXPLAINED_PERCENT_MIN: f64 = 94.0;
const FOUND_PERCENT_MIN: f64 = 80.0;

struct Arguments {
    seeds: Vec<u64>,
    children: u32,
    users: u32,
    /// Lines of the queue that are told in words, for whoever wants to understand it.
    show: usize,
}

fn main() -> anyhow::Result<()> {
    let arguments = arguments()?;
    let mut all = Shown::default();
    let mut below = Vec::new();
    for seed in &arguments.seeds {
        let one = month(*seed, &arguments);
        all.looks += one.looks;
        all.explained += one.explained;
        all.planted += one.planted;
        all.found += one.found;
        let (explained, found) = (percent(one.explained, one.looks), percent(one.found, one.planted));
        if explained < EXPLAINED_PERCENT_MIN || found < FOUND_PERCENT_MIN {
            below.push(*seed);
        }
    }
    let (explained, found) = (percent(all.explained, all.looks), percent(all.found, all.planted));
    println!(
        "{{\"months\":{},\"explained_percent\":{explained:.2},\"found_percent\":{found:.1}}}",
        arguments.seeds.len()
    );
    if !below.is_empty() {
        bail!(
            "months {below:?} fell below the bars: {EXPLAINED_PERCENT_MIN} explained, {FOUND_PERCENT_MIN} found"
        );
    }
    Ok(())
}

/// What a month showed.
#[derive(Default)]
struct Shown {
    looks: u64,
    explained: u64,
    planted: u64,
    found: u64,
}

fn percent(part: u64, whole: u64) -> f64 {
    100.0 * as_figure(part) / as_figure(whole.max(1))
}

/// Invents and judges one month, and tells of it.
fn month(seed: u64, arguments: &Arguments) -> Shown {
    let began = now();
    let mut england = England::new(seed, arguments.children, arguments.users);
    let mut month = Month::honest(&england, seed);
    let snoopers = planted::plant(&mut england, &mut month, seed);
    let invented = began.elapsed();
    let judging = now();
    let judged = judge::judge(&england, &mut month);
    let seconds = judging.elapsed().as_secs_f64();
    let first = (judged.queue.len() / 1_000).max(1);
    let found = found(&judged, &month, first);
    let explained: u64 = judged.by_explanation.values().sum();
    let shown =
        Shown { looks: judged.looks, explained, planted: snoopers.len() as u64, found: found.len() as u64 };
    let by_kind: Vec<String> = Kind::ALL
        .iter()
        .map(|kind| format!("\"{}\":{}", kind.name(), count(&found, &snoopers, *kind)))
        .collect();
    let by_explanation: Vec<String> =
        judged.by_explanation.iter().map(|(told, count)| format!("\"{}\":{count}", told.name())).collect();
    println!(
        "{{\"seed\":{seed},\"children\":{},\"users\":{},\"looks\":{},\"explained_percent\":{:.2},\
         \"queue\":{},\"first\":{first},\"planted\":{},\"found\":{},\"found_percent\":{:.1},\
         \"found_of_{EACH}\":{{{}}},\"explained_by\":{{{}}},\"seconds_inventing\":{:.0},\"seconds_judging\":{seconds:.0},\
         \"peak_megabytes\":{:.0}}}",
        arguments.children,
        england.users.len(),
        judged.looks,
        percent(shown.explained, shown.looks),
        judged.queue.len(),
        snoopers.len(),
        found.len(),
        percent(shown.found, shown.planted),
        by_kind.join(","),
        by_explanation.join(","),
        invented.as_secs_f64(),
        as_figure(memory("VmHWM:")) / 1e6,
    );
    show(&judged, &month, &snoopers, arguments.show.min(judged.queue.len()));
    shown
}

/// The snoopers of whom a line stands among the first of the queue, by their numbers.
fn found(judged: &Judged, month: &Month, first: usize) -> BTreeSet<u16> {
    let lines = judged.queue.iter().take(first);
    let looks = lines.flat_map(|line| &line.looks).filter_map(|look| month.looks.get(place(*look)));
    looks.map(|look| look.planted).filter(|number| *number > 0).collect()
}

fn count(found: &BTreeSet<u16>, snoopers: &Snoopers, kind: Kind) -> usize {
    let of_kind = |number: &&u16| {
        snoopers.get(usize::from(**number).saturating_sub(1)).is_some_and(|(_, of)| *of == kind)
    };
    found.iter().filter(of_kind).count()
}

/// Tells the first lines of the queue, and where each snooper stands.
fn show(judged: &Judged, month: &Month, snoopers: &Snoopers, lines: usize) {
    let kind = |planted: u16| {
        snoopers.get(usize::from(planted).wrapping_sub(1)).map_or("-", |(_, kind)| kind.name())
    };
    for (number, line) in (1..).zip(&judged.queue) {
        let looks = || line.looks.iter().filter_map(|look| month.looks.get(place(*look)));
        let planted = looks().map(|look| look.planted).max().unwrap_or(0);
        if number <= lines || (lines > 0 && planted > 0) {
            let signals: Vec<String> = line
                .ranked
                .seen
                .iter()
                .map(|(signal, weight)| format!("{} {weight}", signal.name()))
                .collect();
            let group = looks().next().map_or(0, |look| look.user);
            println!(
                "{number:>7} {:>6} {:>3} looks, user {group}, {:<28} {}",
                line.ranked.weight,
                line.looks.len(),
                kind(planted),
                signals.join(", ")
            );
        }
    }
}

/// The bytes that this process holds now or held at most, as Linux tells under a name.
fn memory(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kilobytes.unwrap_or_default() * 1024
}

fn arguments() -> anyhow::Result<Arguments> {
    let mut arguments = Arguments { seeds: vec![101], children: 12_000_000, users: 330_000, show: 0 };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().context("every argument has a value")?;
        match word.as_str() {
            "--seeds" => {
                arguments.seeds = value.split(',').map(str::parse).collect::<Result<_, _>>()?;
            }
            "--children" => arguments.children = value.parse()?,
            "--users" => arguments.users = value.parse()?,
            "--show" => arguments.show = value.parse()?,
            _ => bail!("arguments: --seeds A,B --children N --users N --show LINES"),
        }
    }
    Ok(arguments)
}
