//! Loading: many events through the path of a case management system, durable in groups.
//!
//! Submitting is quick and waiting for the disk is not, so groups are submitted before the first is waited for: the
//! log then writes them as few batches. The answer of each event is still given only once it is durable.

use std::collections::{BTreeMap, VecDeque};

use anyhow::Context;
use api::wire::{CloudEvent, Unread};
use directory::{Directory, Mode, Outcome, OutcomeKind, Pending, Sender, SuppliedEvent};
use serde::{Deserialize, Serialize};

use crate::progress::bar;

/// Events waited for together: enough to fill a batch, few enough to answer within a moment.
const GROUP: usize = 1_000;

/// Events submitted before any is waited for: while one group is being written the next is decided.
const WAITING_MAX: usize = 4 * GROUP;

/// Fewest records of a log that is folded anew: below that the plain way takes a second.
const WHOLE_RECORDS_MIN: u64 = 65_536;

/// Records that the read models fold before they say how far they are.
const TICK_RECORDS: u32 = 20_000;

/// How many events came to which outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counts {
    /// New, durable.
    pub(crate) recorded: u64,
    /// Already so.
    pub(crate) unchanged: u64,
    /// Taken before.
    pub(crate) duplicate: u64,
    /// Waits for a person.
    pub(crate) queued: u64,
    /// A rule said no.
    pub(crate) refused: u64,
}

impl Counts {
    /// Counts one outcome.
    pub(crate) fn count(&mut self, kind: OutcomeKind) {
        *match kind {
            OutcomeKind::Recorded => &mut self.recorded,
            OutcomeKind::Unchanged => &mut self.unchanged,
            OutcomeKind::Duplicate => &mut self.duplicate,
            OutcomeKind::Queued => &mut self.queued,
            OutcomeKind::Refused => &mut self.refused,
        } += 1;
    }

    /// Adds others to them.
    pub(crate) fn add(&mut self, other: Counts) {
        self.recorded += other.recorded;
        self.unchanged += other.unchanged;
        self.duplicate += other.duplicate;
        self.queued += other.queued;
        self.refused += other.refused;
    }

    /// All of them.
    pub(crate) fn total(&self) -> u64 {
        self.recorded + self.unchanged + self.duplicate + self.queued + self.refused
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "{} recorded, {} unchanged, {} duplicate, {} queued, {} refused",
            self.recorded, self.unchanged, self.duplicate, self.queued, self.refused
        )
    }
}

/// Submits events in order and hands out their outcomes, each with what the caller knows it by.
pub(crate) struct Loader<'d, T> {
    directory: &'d Directory,
    mode: Mode,
    waiting: VecDeque<(T, Pending)>,
}

impl<'d, T> Loader<'d, T> {
    /// Begins to load.
    pub(crate) fn new(directory: &'d Directory, mode: Mode) -> Loader<'d, T> {
        Loader { directory, mode, waiting: VecDeque::with_capacity(WAITING_MAX) }
    }

    /// Submits one event; answers the outcomes of the oldest group when many wait.
    ///
    /// # Errors
    /// The machine failed: whether the group was recorded is unknown; load it again.
    pub(crate) fn submit(
        &mut self,
        sender: &Sender,
        event: SuppliedEvent,
        known_by: T,
    ) -> anyhow::Result<Vec<(T, Outcome)>> {
        let pending =
            self.directory.supply(sender, event, self.mode).context("an event could not be submitted")?;
        self.waiting.push_back((known_by, pending));
        if self.waiting.len() < WAITING_MAX { Ok(Vec::new()) } else { self.settled(GROUP) }
    }

    /// Waits for everything that was submitted.
    ///
    /// # Errors
    /// As [`Loader::submit`].
    pub(crate) fn settle(&mut self) -> anyhow::Result<Vec<(T, Outcome)>> {
        self.settled(self.waiting.len())
    }

    fn settled(&mut self, oldest: usize) -> anyhow::Result<Vec<(T, Outcome)>> {
        self.waiting
            .drain(..oldest)
            .map(|(known_by, pending)| Ok((known_by, pending.wait().context("the log took no more")?)))
            .collect()
    }
}

/// Reads one `CloudEvent` as the door reads it.
pub(crate) fn read(line: &[u8]) -> Result<SuppliedEvent, Unread> {
    let event = CloudEvent::read(line)?;
    Ok(SuppliedEvent { id: event.id, happened_at: event.happened_at, body: line.to_vec(), told: event.told })
}

/// How often each code was given.
pub(crate) type Codes = BTreeMap<String, u64>;

/// Lets the read models follow to the end of the log, so that the next opening is quick.
pub(crate) fn caught_up(directory: &Directory) -> anyhow::Result<()> {
    let head = directory.head()?.0;
    let behind = bar("read models", head);
    // Where most of the log is new, all of it is folded sooner than the rest of it.
    if head > WHOLE_RECORDS_MIN && directory.caught_up().0 < head / 2 {
        directory.rebuild(&directory.models(), &mut |records| behind.set_position(records))?;
    }
    loop {
        let caught = directory.tick(TICK_RECORDS)?;
        behind.set_position(caught.position.0);
        if caught.at_head {
            break;
        }
    }
    behind.finish_and_clear();
    Ok(())
}
