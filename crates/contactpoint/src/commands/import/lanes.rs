//! Lanes: events of one file taken side by side, those whose order matters in the order of the file.
//!
//! One thread reads the file and sends each event down the lane of its child; each lane files what comes. An event
//! of which that cannot be told waits until everything before it is filed. Memory: some thousands of events.

use std::{
    sync::mpsc::{self, Receiver, Sender as Channel, SyncSender},
    thread::{self, ScopedJoinHandle},
};

use anyhow::{Context, anyhow};
use directory::{Directory, Mode, Outcome, OutcomeKind, Sender, SuppliedEvent};

use crate::{
    feed::rejects::Reject,
    loading::{Codes, Counts, Loader},
};

/// Events sent down a lane at once.
const PACKET: usize = 128;

/// Packets that wait in a lane.
const PACKETS_MAX: usize = 32;

/// Most lanes: beyond that they wait for the log.
const LANES_MAX: usize = 8;

/// What came of some events.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) counts: Counts,
    pub(super) codes: Codes,
    pub(super) rejects: Vec<Reject>,
}

impl Tally {
    /// Notes that a line was refused.
    pub(super) fn refuse(&mut self, line: u64, field: &str, code: &str) {
        self.counts.count(OutcomeKind::Refused);
        *self.codes.entry(code.to_owned()).or_default() += 1;
        self.rejects.push(Reject::new(line, field, code));
    }

    fn note(&mut self, settled: Vec<(u64, Outcome)>) {
        for (line, outcome) in settled {
            match (outcome.kind, &outcome.problem) {
                (OutcomeKind::Refused, Some(problem)) => self.refuse(line, "", &problem.code),
                (kind, _) => self.counts.count(kind),
            }
        }
    }

    /// Adds another to it.
    pub(super) fn add(&mut self, other: Tally) {
        self.counts.add(other.counts);
        for (code, times) in other.codes {
            *self.codes.entry(code).or_default() += times;
        }
        self.rejects.extend(other.rejects);
    }
}

/// What a lane is told.
enum Told {
    Events(Vec<(u64, SuppliedEvent)>),
    /// Say when all that came before is filed.
    Pause,
    /// Say what came of all that came before, once it is durable.
    Settle,
}

/// The lanes of one import; its threads end when it is dropped.
pub(super) struct Lanes<'scope> {
    lanes: Vec<Lane<'scope>>,
    /// `None` from a lane that failed.
    tallies: Receiver<Option<Tally>>,
}

struct Lane<'scope> {
    packet: Vec<(u64, SuppliedEvent)>,
    told: SyncSender<Told>,
    thread: ScopedJoinHandle<'scope, anyhow::Result<()>>,
}

impl<'scope> Lanes<'scope> {
    /// Starts as many lanes as there are processors; one where a child is compared with those who came before, since
    /// then every event stands in an order with every other.
    pub(super) fn start<'env: 'scope>(
        scope: &'scope thread::Scope<'scope, 'env>,
        directory: &'env Directory,
        sender: &'env Sender,
        mode: Mode,
    ) -> anyhow::Result<Lanes<'scope>> {
        let count = match mode {
            Mode::FirstLoad => thread::available_parallelism().map_or(1, usize::from).min(LANES_MAX),
            Mode::Record | Mode::DryRun => 1,
        };
        let (answers, tallies) = mpsc::channel();
        let lanes = (0..count).map(|number| {
            let (told, hears) = mpsc::sync_channel(PACKETS_MAX);
            let answers = answers.clone();
            let work = move || {
                let filed = file(Loader::new(directory, mode), sender, &hears, &answers);
                // Whoever waits for a tally hears that none will come; nobody may be left to hear it.
                filed.inspect_err(|_| drop(answers.send(None)))
            };
            let thread = thread::Builder::new().name(format!("lane {number}")).spawn_scoped(scope, work)?;
            Ok(Lane { packet: Vec::with_capacity(PACKET), told, thread })
        });
        let lanes: std::io::Result<Vec<Lane<'scope>>> = lanes.collect();
        Ok(Lanes { lanes: lanes.context("no thread could be had")?, tallies })
    }

    /// Whether there are several.
    pub(super) fn are_several(&self) -> bool {
        self.lanes.len() > 1
    }

    /// Sends an event down the lane of its order; one of none, when all before it is filed.
    ///
    /// # Errors
    /// A lane ended, since the machine failed.
    pub(super) fn send(&mut self, line: u64, event: SuppliedEvent, order: Option<u64>) -> anyhow::Result<()> {
        let Some(order) = order else {
            self.tell_all(|| Told::Pause)?;
            self.lane(0)?.packet.push((line, event));
            return self.tell_all(|| Told::Pause).map(drop);
        };
        let at = order % self.lanes.len() as u64;
        let own = self.lane(usize::try_from(at)?)?;
        own.packet.push((line, event));
        if own.packet.len() >= PACKET { own.send() } else { Ok(()) }
    }

    /// Waits until all that was sent is durable; answers what came of it since this was asked last.
    ///
    /// # Errors
    /// As of [`Lanes::send`].
    pub(super) fn settled(&mut self) -> anyhow::Result<Tally> {
        self.tell_all(|| Told::Settle)
    }

    fn tell_all(&mut self, what: impl Fn() -> Told) -> anyhow::Result<Tally> {
        for lane in &mut self.lanes {
            lane.send()?;
            lane.told.send(what()).map_err(|_| ended())?;
        }
        let mut all = Tally::default();
        for _ in &self.lanes {
            all.add(self.tallies.recv().ok().flatten().ok_or_else(ended)?);
        }
        Ok(all)
    }

    fn lane(&mut self, at: usize) -> anyhow::Result<&mut Lane<'scope>> {
        self.lanes.get_mut(at).ok_or_else(ended)
    }

    /// Ends the threads; answers the first failure, which is why a lane ended.
    pub(super) fn end(self) -> anyhow::Result<()> {
        let Lanes { lanes, .. } = self;
        let threads: Vec<_> = lanes.into_iter().map(|lane| lane.thread).collect();
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|_| Err(ended())))
    }
}

impl Lane<'_> {
    fn send(&mut self) -> anyhow::Result<()> {
        if self.packet.is_empty() {
            return Ok(());
        }
        let packet = std::mem::replace(&mut self.packet, Vec::with_capacity(PACKET));
        self.told.send(Told::Events(packet)).map_err(|_| ended())
    }
}

fn ended() -> anyhow::Error {
    anyhow!("the import was cut short; run it again")
}

/// Files what comes down one lane, until nobody sends any more.
fn file(
    mut loader: Loader<'_, u64>,
    sender: &Sender,
    told: &Receiver<Told>,
    answers: &Channel<Option<Tally>>,
) -> anyhow::Result<()> {
    let mut tally = Tally::default();
    while let Ok(told) = told.recv() {
        let answer = match told {
            Told::Events(events) => {
                for (line, event) in events {
                    tally.note(loader.submit(sender, event, line)?);
                }
                continue;
            }
            Told::Pause => Tally::default(),
            Told::Settle => {
                tally.note(loader.settle()?);
                std::mem::take(&mut tally)
            }
        };
        if answers.send(Some(answer)).is_err() {
            break;
        }
    }
    Ok(())
}
