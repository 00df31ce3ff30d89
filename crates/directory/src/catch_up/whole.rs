//! A whole fold: every record from the first on, each opened once, into generations that are empty.
//!
//! The log is read once, in its order, and its records go aside as they are, sealed, into parts by ranges of the
//! ids of their streams. Then each part is folded by one thread: a stream after the other, a record after the other,
//! for all models at once, so that a row is in memory only while its stream is folded. What is finished is written
//! in the order of keys. Nothing is read back from the store. Source: promise P5; ADR-0032.
//!
//! Memory: three parts with their finished rows, what each thread sorts, and a buffer a part while the log is read;
//! some 400 MB with the settings of [`Plan::default`], however long the log is. A stream longer than a part makes a
//! part as long as itself.

mod parts;
mod ranges;
#[cfg(test)]
mod spec;

use std::{
    collections::BTreeMap,
    num::NonZero,
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

use event_log::{EventLog, RecordRef};
use events::{Fact, erasure};
use vocabulary::{Position, Stream, StreamKind};

use super::{CatchUpError, Stopped, StoppedBy, lane::Lane};
use crate::{
    handing_in::HandsIn,
    rows::{Bulk, Entries, Folds, Rows, Runs, Writes},
    unseal::{UnsealError, unseal, unseal_in},
};
use parts::{Part, Parts};
use ranges::Ranges;

/// Records read at once, between two looks at what came of them.
const READ_RECORDS: u32 = 65_536;

/// How a whole fold goes about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plan {
    /// How long a part shall be, as its records lie aside.
    pub(super) part_bytes: u64,
    /// Most bytes that each thread sorts in memory, for each model.
    pub(super) sorted_max: usize,
    /// Threads that fold.
    pub(super) threads: usize,
}

impl Default for Plan {
    fn default() -> Plan {
        // More than four would wait for the one that writes.
        let threads = thread::available_parallelism().map_or(1, NonZero::get).min(4);
        Plan { part_bytes: 32 << 20, sorted_max: 16 << 20, threads }
    }
}

/// Folds all records up to `end` into lanes whose generations are empty; `told` hears how many are folded.
pub(super) fn fold(
    (rows, log): (&Rows, &dyn EventLog),
    lanes: &mut [Lane<'_>],
    end: Position,
    plan: &Plan,
    told: &mut dyn FnMut(u64),
) -> Result<(), CatchUpError> {
    let kinds: Vec<StreamKind> = StreamKind::ALL
        .into_iter()
        .filter(|kind| lanes.iter().any(|lane| lane.model.reads().contains(kind)))
        .collect();
    let whole = Whole { rows, lanes, kinds };
    let parts = whole.gather(log, end, plan)?;
    let bulks: Vec<Box<dyn Bulk + '_>> =
        lanes.iter().map(|lane| lane.model.bulk(rows, &lane.generation, plan.sorted_max)).collect();
    whole.fold_parts(&parts, &bulks, end, plan, told)?;
    drop(bulks);
    for lane in lanes {
        lane.checkpoint = end;
    }
    Ok(())
}

struct Whole<'a> {
    rows: &'a Rows,
    lanes: &'a [Lane<'a>],
    /// The families of streams that any of the models reads.
    kinds: Vec<StreamKind>,
}

/// What came of one part: its number, how many records it had, and rows in order, a model each.
struct Folded {
    number: usize,
    records: u64,
    rows: Vec<Entries>,
}

impl Whole<'_> {
    /// Reads the log into parts.
    fn gather(&self, log: &dyn EventLog, end: Position, plan: &Plan) -> Result<Parts, CatchUpError> {
        let ranges = Ranges::sampled(log, end, &self.kinds, plan.part_bytes)?;
        let mut parts = Parts::begin(self.rows.folder(), ranges)?;
        let mut at = Position::ZERO;
        let mut failed = None;
        while at < end {
            let budget = u32::try_from(end.0 - at.0).unwrap_or(u32::MAX).min(READ_RECORDS);
            at = log.read_all(at, budget, &mut |record| {
                if failed.is_none() && self.kinds.contains(&record.header.stream.kind) {
                    failed = self.part(&mut parts, record).err();
                }
            })?;
            if let Some(error) = failed.take() {
                return Err(error);
            }
        }
        parts.close()?;
        Ok(parts)
    }

    /// Puts one record where its stream goes, and one of an erasure where the streams go that it names.
    fn part(&self, parts: &mut Parts, record: RecordRef<'_>) -> Result<(), CatchUpError> {
        let own = record.header.stream;
        parts.put(own, record)?;
        if own.kind == StreamKind::Erasure {
            let recorded = unseal(self.rows.vault(), record)
                .map_err(|error| self.stopped(record.position, own.kind, &error))?;
            let mut named: Vec<Stream> = recorded.facts().iter().filter_map(destroyed).collect();
            named.sort_unstable();
            named.dedup();
            for stream in named.into_iter().filter(|stream| *stream != own) {
                parts.put(stream, record)?;
            }
        }
        Ok(())
    }

    fn stopped(&self, position: Position, kind: StreamKind, error: &UnsealError) -> CatchUpError {
        let reader = self.lanes.iter().find(|lane| lane.model.reads().contains(&kind));
        let model = reader.map_or("", |lane| lane.model.name());
        Stopped { model, position, kind: Some(kind), by: StoppedBy::from(error) }.into()
    }

    /// Folds part after part on several threads and writes what comes of them, in their order, on this one.
    fn fold_parts(
        &self,
        parts: &Parts,
        bulks: &[Box<dyn Bulk + '_>],
        end: Position,
        plan: &Plan,
        told: &mut dyn FnMut(u64),
    ) -> Result<(), CatchUpError> {
        let threads = plan.threads.clamp(1, parts.len().max(1));
        let (hand_out, handed_out) = channel();
        let handed_out = Mutex::new(handed_out);
        let (hand_in, handed_in) = channel();
        thread::scope(|scope| {
            let folding: Vec<_> = (0..threads)
                .map(|_| {
                    let hand_in = hand_in.clone();
                    scope.spawn(|| self.fold_some(parts, bulks, &handed_out, hand_in))
                })
                .collect();
            drop(hand_in);
            let mut writers: Vec<_> = bulks.iter().map(|bulk| bulk.writer()).collect();
            // One part more than threads is on its way: while one is written, all fold.
            let written = write_parts(parts, threads + 1, &mut writers, (hand_out, &handed_in), told);
            drop(handed_in);
            let mut runs: Vec<Vec<Runs>> = bulks.iter().map(|_| Vec::new()).collect();
            for thread in folding {
                let rest = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                for (of_model, sorted) in runs.iter_mut().zip(rest) {
                    of_model.push(sorted);
                }
            }
            written?;
            for (writer, sorted) in writers.into_iter().zip(runs) {
                writer.finish(sorted, end)?;
            }
            Ok(())
        })
    }

    /// Folds the parts that are handed out to one thread; answers what is to be sorted among all.
    fn fold_some(
        &self,
        parts: &Parts,
        bulks: &[Box<dyn Bulk + '_>],
        handed_out: &Mutex<Receiver<usize>>,
        hand_in: Sender<Result<Folded, CatchUpError>>,
    ) -> Vec<Runs> {
        let mut folds: Vec<Box<dyn Folds + '_>> = bulks.iter().map(|bulk| bulk.folder()).collect();
        let hand_in = HandsIn::new(hand_in, || Err(parts::unreadable().into()));
        loop {
            let next = handed_out.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(number) = next else { break };
            let folded = self.fold_part(parts, number, &mut folds);
            if hand_in.send(folded).is_err() {
                break;
            }
        }
        folds.into_iter().map(Folds::finish).collect()
    }

    fn fold_part(
        &self,
        parts: &Parts,
        number: usize,
        folds: &mut [Box<dyn Folds + '_>],
    ) -> Result<Folded, CatchUpError> {
        let part = parts.read(number)?;
        let mut plain = Vec::new();
        for stream in part.streams() {
            self.fold_stream(&part, stream, folds, &mut plain)?;
        }
        Ok(Folded {
            number,
            records: part.records(),
            rows: folds.iter_mut().map(|fold| fold.take()).collect(),
        })
    }

    fn fold_stream(
        &self,
        part: &Part,
        places: &[parts::Place],
        folds: &mut [Box<dyn Folds + '_>],
        plain: &mut Vec<u8>,
    ) -> Result<(), CatchUpError> {
        for place in places {
            let (of, record) = part.record(*place).ok_or_else(parts::unreadable)?;
            let kind = record.header.stream.kind;
            let recorded = unseal_in(self.rows.vault(), record, plain)
                .map_err(|error| self.stopped(record.position, kind, &error))?;
            for (fold, lane) in folds.iter_mut().zip(self.lanes) {
                if lane.model.reads().contains(&kind) {
                    fold.fold(of, &recorded)?;
                }
            }
        }
        Ok(folds.iter_mut().try_for_each(|fold| fold.end_stream())?)
    }
}

/// Hands out the numbers of parts, at most `ahead` of what is written, and writes what comes back in their order.
fn write_parts(
    parts: &Parts,
    ahead: usize,
    writers: &mut [Box<dyn Writes + '_>],
    (hand_out, handed_in): (Sender<usize>, &Receiver<Result<Folded, CatchUpError>>),
    told: &mut dyn FnMut(u64),
) -> Result<(), CatchUpError> {
    let mut numbers = 0..parts.len();
    for number in numbers.by_ref().take(ahead) {
        // Whoever folds waits for numbers until the channel ends, so that it takes each.
        hand_out.send(number).ok();
    }
    let (mut early, mut next, mut records) = (BTreeMap::new(), 0, 0);
    while next < parts.len() {
        let Ok(folded) = handed_in.recv() else { return Err(parts::unreadable().into()) };
        let folded = folded?;
        early.insert(folded.number, folded);
        while let Some(due) = early.remove(&next) {
            for (writer, entries) in writers.iter_mut().zip(&due.rows) {
                writer.write(entries)?;
            }
            records += due.records;
            told(records);
            next += 1;
            parts.let_go_before(next);
            if let Some(number) = numbers.next() {
                hand_out.send(number).ok();
            }
        }
    }
    Ok(())
}

/// The stream whose keys a fact tells were destroyed.
fn destroyed(fact: &Fact) -> Option<Stream> {
    if let Fact::Erasure(erasure::Event::KeysDestroyed { stream, .. }) = fact { Some(*stream) } else { None }
}
