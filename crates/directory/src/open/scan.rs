//! One look over the log: what the files of handles do not tell yet, and the few streams that are kept in memory.
//!
//! Cost: where there are such files, the records that the register and the queue are made of, and the headers after
//! what the files and the index know; else the headers of the whole log.

use std::path::Path;

use event_log::{EventLog, RecordRef};
use events::{Fact, intake, recorded::Recorded};
use vault::Vault;
use vocabulary::{BodyHash, IntakeId, Position, StreamKind};

use super::OpenDirectoryError;
use crate::{
    desk::{Desk, Place},
    handles::{Handles, Kept, Seen},
    months::Months,
    queue::{Unfinished, refs_of},
    register::Register,
    snapshots::{Since, Snapshots},
    unseal::{UnsealError, unseal},
};

/// Records read at once.
const READ_BUDGET: u32 = 10_000;

/// Children after whom going through all rows is as quick as looking at each who changed.
const CHANGED_MAX: u64 = 200_000;

/// The folder of handles, in that of the index.
const HANDLES: &str = "handles";

/// A look over the log that is under way.
pub(super) struct Scan<'a> {
    vault: &'a Vault,
    months: &'a Months,
    desk: Desk,
    register: Register,
    unfinished: Unfinished,
    failed: Option<UnsealError>,
}

/// What it came to.
pub(super) struct Scanned {
    pub(super) desk: Desk,
    pub(super) register: Register,
    pub(super) unfinished: Unfinished,
    pub(super) handles: Handles,
    /// After what the files of handles tell.
    pub(super) since_handles: Since,
    /// After the snapshot of the index, where there is one.
    pub(super) since_index: Option<Since>,
}

impl<'a> Scan<'a> {
    /// Looks over the log; the keys of months that are met are remembered in `months`.
    ///
    /// # Errors
    /// The log or the files of handles could not be read, or a record that is kept in memory could not be opened.
    pub(super) fn over(
        log: &dyn EventLog,
        vault: &'a Vault,
        months: &'a Months,
        index: Option<&Path>,
        snapshots: &Snapshots,
    ) -> Result<Scanned, OpenDirectoryError> {
        let kept = index.map(|index| Kept::open(&index.join(HANDLES), log)).transpose()?;
        let forgets = kept.as_ref().is_some_and(Kept::is_to_forget);
        let scanned = Scan::once(log, (vault, months), kept, snapshots)?;
        let since = &scanned.since_handles;
        let forgotten = since.forgotten && since.position > Position::ZERO;
        if !(forgets || forgotten) {
            return Ok(scanned);
        }
        let emptied = scanned.handles.kept().map(Kept::emptied).transpose()?;
        Scan::once(log, (vault, months), emptied, snapshots)
    }

    fn once(
        log: &dyn EventLog,
        (vault, months): (&'a Vault, &'a Months),
        kept: Option<Kept>,
        snapshots: &Snapshots,
    ) -> Result<Scanned, OpenDirectoryError> {
        let mut scan = Scan {
            vault,
            months,
            desk: Desk::default(),
            register: Register::default(),
            unfinished: Unfinished::default(),
            failed: None,
        };
        let known = kept.as_ref().map_or(Position::ZERO, Kept::position);
        if let Some(kept) = &kept {
            kept.months().into_iter().for_each(|(year, month, key)| months.kept(year, month, key));
            kept.keys().into_iter().for_each(|key| vault.mark_assigned(key));
            kept.each_standing(log, &mut |record| scan.meet(record))?;
        }
        let handles = Handles::over(kept);
        let mut since_handles = Since::after(known, CHANGED_MAX);
        let mut since_index = snapshots.since();
        let mut after = since_index.as_ref().map_or(known, |since| since.position.min(known));
        loop {
            let reached = log.read_all(after, READ_BUDGET, &mut |record| {
                if let Some(since) = &mut since_index {
                    since.meet(vault, &record);
                }
                if record.position <= known {
                    return;
                }
                let header = record.header;
                vault.mark_assigned(header.key);
                since_handles.meet(vault, &record);
                if header.body_hash != BodyHash::default() {
                    let seen = Seen { position: record.position, body: header.body_hash };
                    handles.see(header.event_id, seen);
                }
                scan.meet(record);
            })?;
            handles.spill()?;
            if reached == after {
                break;
            }
            after = reached;
        }
        let Scan { desk, register, unfinished, failed, .. } = scan;
        match failed {
            Some(error) => Err(error.into()),
            None => Ok(Scanned { desk, register, unfinished, handles, since_handles, since_index }),
        }
    }

    /// Meets a record that may be one of those kept in memory.
    fn meet(&mut self, record: RecordRef<'_>) {
        let header = record.header;
        match header.stream.kind {
            StreamKind::Access | StreamKind::Search | StreamKind::Brokering | StreamKind::Rights => {
                if let Some(at) = chrono::DateTime::from_timestamp_micros(header.recorded_at) {
                    self.months.seen(at, header.key);
                }
            }
            StreamKind::Account
            | StreamKind::Organisation
            | StreamKind::Case
            | StreamKind::Policy
            | StreamKind::Erasure
            | StreamKind::Intake => match unseal(self.vault, record) {
                Ok(recorded) => {
                    self.register.remember(self.vault, &recorded);
                    self.remember_intake(&recorded);
                }
                Err(error) => self.failed = self.failed.take().or(Some(error)),
            },
            StreamKind::Child => (),
        }
    }

    /// What an item on its way through the queue means for the desk: the same moves as when it was told.
    fn remember_intake(&mut self, recorded: &Recorded) {
        let item = IntakeId::new(recorded.stream.id);
        for fact in recorded.facts() {
            let Fact::Intake(event) = fact else { continue };
            match event {
                intake::Event::EventQueued(queued) => {
                    self.unfinished.ended(item);
                    let place = Place {
                        position: recorded.position,
                        since: recorded.recorded_at,
                        supplier: Some(queued.supplier.clone()),
                        candidates: queued.candidates.clone(),
                    };
                    self.desk.enqueue(item, place, refs_of(&queued.told));
                }
                intake::Event::EventWaiting(waiting) => {
                    self.unfinished.ended(item);
                    self.desk.wait_behind(waiting.behind, item, refs_of(&waiting.told));
                }
                intake::Event::LikenessFound(likeness) => {
                    let place = Place {
                        position: recorded.position,
                        since: recorded.recorded_at,
                        supplier: None,
                        candidates: likeness.candidates.to_vec(),
                    };
                    self.desk.enqueue(item, place, []);
                }
                intake::Event::QueueDecided { decision } => {
                    self.unfinished.decided(item, *decision, self.desk.dequeue(item).behind);
                }
                intake::Event::EventResolved(_) => self.unfinished.ended(item),
                intake::Event::StatementRepeated { .. } | intake::Event::ConsentRefusalCounted { .. } => {
                    self.months.seen(recorded.recorded_at, recorded.key);
                }
            }
        }
    }
}
