//! The erasures that a restored directory must know of: all of its backup, also those that are left out otherwise,
//! and those of a newer copy of the same log.
//!
//! Their keys are destroyed before anything opens, and the records themselves are appended where the restored log
//! lacks them: else a backup of the restored directory could bring back what is forgotten.

use std::path::Path;

use anyhow::{Context, bail};
use event_log::{
    EventLog, Expected, Options, Payload, Proposed, RecordRef, Segments, copy,
    leaf::{self, Hash},
};
use events::{Fact, codec, erasure};
use vault::Vault;
use vocabulary::{KeyId, Position, StreamKind};

use crate::exit::usage;

/// Records read at once.
const READ_BUDGET: u32 = 10_000;

/// What was told to be destroyed. Memory: what was told.
#[derive(Debug, Default)]
pub(super) struct Erasures {
    keys: Vec<KeyId>,
    records: Vec<(Position, Proposed)>,
    /// One that this version cannot read.
    unread: Option<Position>,
}

impl Erasures {
    /// Reads those of an open log.
    pub(super) fn of(log: &Segments) -> anyhow::Result<Erasures> {
        let mut found = Erasures::default();
        let mut after = Position::ZERO;
        loop {
            let reached = log.read_all(after, READ_BUDGET, &mut |record| found.take(&record))?;
            if reached == after {
                return found.readable();
            }
            after = reached;
        }
    }

    /// Adds those of a newer copy of the log that ends with this record, or refuses another log.
    pub(super) fn and_of_copy(
        mut self,
        copy: &Path,
        end: Option<(Position, Hash)>,
    ) -> anyhow::Result<Erasures> {
        let mut is_same = end.is_none();
        let newest = copy::read(copy, &mut |record| {
            if let Some((position, hash)) = end {
                is_same |=
                    record.position == position && leaf::hash(&record.header.pack(), record.payload) == hash;
                if record.position > position {
                    self.take(&record);
                }
            }
        });
        newest.with_context(|| format!("the log in {} cannot be read", copy.display()))?;
        if !is_same {
            return Err(usage(format!("{} is no newer copy of the same log", copy.display())));
        }
        self.readable()
    }

    /// Destroys the keys and appends the records after `log`'s own; answers how many keys and records that were.
    pub(super) fn carry_out(mut self, vault: &Vault, log: &Path) -> anyhow::Result<(usize, u64)> {
        self.keys.sort_unstable();
        self.keys.dedup();
        vault.destroy_all(&self.keys).context("what was to be forgotten cannot be forgotten")?;
        let (restored, _) = Segments::open(log, Options::default())?;
        let head = restored.head()?;
        let mut appended = 0;
        for (_, record) in self.records.into_iter().filter(|(position, _)| *position > head) {
            let ticket = restored.submit(record.header.stream, Expected::Any, vec![record]);
            ticket.wait().context("the restored log took no more")?;
            appended += 1;
        }
        restored.close();
        Ok((self.keys.len(), appended))
    }

    fn take(&mut self, record: &RecordRef<'_>) {
        if record.header.stream.kind != StreamKind::Erasure {
            return;
        }
        // Erasures are told in clear, so that they can be read when the keys are older than they are.
        let Payload::Kept(payload) = record.payload else { return };
        let Ok(entry) = codec::decode(StreamKind::Erasure, record.header.schema, payload) else {
            self.unread = self.unread.or(Some(record.position));
            return;
        };
        let before = self.keys.len();
        self.keys.extend(entry.facts.iter().flat_map(destroyed));
        if self.keys.len() > before {
            let proposed =
                Proposed { header: record.header, payload: payload.to_vec(), dictionary: record.dictionary };
            self.records.push((record.position, proposed));
        }
    }

    fn readable(self) -> anyhow::Result<Erasures> {
        match self.unread {
            Some(position) => bail!("the erasure at position {} cannot be read by this version", position.0),
            None => Ok(self),
        }
    }
}

/// The newest record of an open log: its place and its leaf.
pub(super) fn end_of(log: &Segments) -> anyhow::Result<Option<(Position, Hash)>> {
    let head = log.head()?;
    let mut end = None;
    log.read_all(Position(head.0.saturating_sub(1)), 1, &mut |record| {
        end = Some((record.position, leaf::hash(&record.header.pack(), record.payload)));
    })?;
    Ok(end)
}

fn destroyed(fact: &Fact) -> &[KeyId] {
    if let Fact::Erasure(erasure::Event::KeysDestroyed { keys, .. }) = fact { keys } else { &[] }
}
