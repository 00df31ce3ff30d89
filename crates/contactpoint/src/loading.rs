//! Loading: many events through the path of a case management system, durable in groups.
//!
//! Submitting is quick and waiting for the disk is not, so a group is submitted before anything is waited for:
//! the log then writes it as few batches. The answer of each event is still given only once it is durable.

use std::{collections::BTreeMap, mem};

use anyhow::Context;
use api::wire::{CloudEvent, Unread};
use directory::{Directory, Mode, Outcome, OutcomeKind, Pending, Sender, SuppliedEvent};
use serde::Serialize;

/// Events submitted before the disk is waited for: enough to fill a batch, few enough to answer within a moment.
const GROUP: usize = 1_000;

/// How many events came to which outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
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
    waiting: Vec<(T, Pending)>,
}

impl<'d, T> Loader<'d, T> {
    /// Begins to load.
    pub(crate) fn new(directory: &'d Directory, mode: Mode) -> Loader<'d, T> {
        Loader { directory, mode, waiting: Vec::with_capacity(GROUP) }
    }

    /// Submits one event; answers the outcomes of a group when one is full.
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
        self.waiting.push((known_by, pending));
        if self.waiting.len() < GROUP { Ok(Vec::new()) } else { self.settle() }
    }

    /// Waits for everything that was submitted.
    ///
    /// # Errors
    /// As [`Loader::submit`].
    pub(crate) fn settle(&mut self) -> anyhow::Result<Vec<(T, Outcome)>> {
        mem::take(&mut self.waiting)
            .into_iter()
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
