//! Forgetting: keys are ordered to be destroyed, destroyed, and told so; what they sealed is gone at once.
//!
//! The order is durable before any key goes, and what is told afterwards says no more than what happened. Whatever a
//! crash cuts short, the order stands: it is carried out when the directory is opened, and told then. Source:
//! domain.md I-28; ADR-0050.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use event_log::{Expected, Ticket};
use events::{
    Fact,
    child::Child,
    decider::Decider,
    erasure::{Command, Erasure, Event, Ground, KEYS_MAX},
    recorded::{Actor, Entry, Payload, Recorded},
};
use vocabulary::{BodyHash, ChildId, EventId, KeyId, Stream, StreamKind};

use super::awaited;
use crate::{
    Directory,
    children::LoadError,
    disclose::LookError,
    unseal::{Sealing, seal, unseal},
};

/// Records whose keys are destroyed together: whoever files waits for so many, some tens of milliseconds.
pub(super) const AT_ONCE: usize = 500;

/// Keys of records.
pub(super) type Keys = Vec<(ChildId, Vec<KeyId>)>;

/// Which keys of which records go, and why.
pub(super) struct Going {
    pub(super) ground: Ground,
    pub(super) today: NaiveDate,
    pub(super) keys: Keys,
}

impl Directory {
    /// Destroys the keys of these records that are due today and that nothing permits any longer. Answers how many.
    pub(super) fn destroy_spent(&self, records: &BTreeSet<ChildId>) -> Result<u64, LookError> {
        let records: Vec<ChildId> = records.iter().copied().collect();
        let mut destroyed = 0;
        for batch in records.chunks(AT_ONCE) {
            let _alone = self.desk_mut();
            let today = vocabulary::england_day(self.clock().now());
            let mut keys = Keys::new();
            for id in batch {
                let own = self.load_own(*id)?;
                let spent: Vec<KeyId> =
                    own.child.keys_spent().filter(|(_, day)| *day <= today).map(|(key, _)| key).collect();
                if !spent.is_empty() {
                    keys.push((*id, spent));
                }
            }
            destroyed += self.forget(&Going { ground: Ground::PermissionEnded, today, keys })?;
        }
        Ok(destroyed)
    }

    /// Forgets what these keys sealed; to be called by whoever has the desk. Answers how many keys are gone.
    ///
    /// Cost: two waits for the disk and one a pool of keys, however many records.
    pub(super) fn forget(&self, going: &Going) -> Result<u64, LookError> {
        let mut last = None;
        for (id, part) in parts(&going.keys) {
            let (stream, ground, due_on) = (id.stream(), going.ground, going.today);
            let order = Command::Order { stream, keys: part.to_vec(), ground, due_on };
            last = self.erasure_told(id, &order)?.or(last);
        }
        awaited(last)?;
        self.destroy_ordered(&going.keys)
    }

    /// Carries out the orders that a crash, or a disk that refused, left standing. Answers how many keys are gone.
    ///
    /// Cost: nothing where none is left, as nearly always; else as [`Directory::forget`].
    pub(crate) fn finish_forgetting(&self) -> Result<u64, LookError> {
        let _alone = self.desk_mut();
        let left = self.register().erasing(vocabulary::england_day(self.clock().now()));
        let mut finished = 0;
        for batch in left.chunks(AT_ONCE) {
            finished += self.destroy_ordered(batch)?;
        }
        Ok(finished)
    }

    /// Destroys keys that were ordered to be, and tells so; some may be destroyed already.
    fn destroy_ordered(&self, keys: &[(ChildId, Vec<KeyId>)]) -> Result<u64, LookError> {
        let mut before = Vec::with_capacity(keys.len());
        for (id, _) in keys {
            before.push((*id, self.load_own(*id)?));
        }
        let all: Vec<KeyId> = keys.iter().flat_map(|(_, keys)| keys).copied().collect();
        self.vault().destroy_all(&all).map_err(|error| LookError::File(error.into()))?;
        let mut told = None;
        for (id, part) in parts(keys) {
            let done = Command::Destroy { stream: id.stream(), keys: part.to_vec() };
            told = self.erasure_told(id, &done)?.or(told);
        }
        awaited(told)?;
        for (id, own) in before {
            let left = self.load_own(id)?;
            self.moved(id, Some(&own.child), &left.child);
            if own.child.is_registered() || self.index_rests() {
                continue;
            }
            // Its key was gone before: an index that was kept may know more than the record.
            self.found_anew(id);
        }
        Ok(all.len() as u64)
    }

    /// Decides on one record's keys and tells it; `None` where it was told before.
    fn erasure_told(&self, id: ChildId, command: &Command) -> Result<Option<Ticket>, LookError> {
        let now = self.clock().now();
        let stream = Stream::new(StreamKind::Erasure, id.0);
        let (mut state, mut failed) = (Erasure::default(), None);
        let stands = self.log().read_stream(
            stream,
            vocabulary::Revision::NONE,
            &mut |record| match unseal(self.vault(), record) {
                Ok(recorded) => {
                    for fact in recorded.facts() {
                        if let Fact::Erasure(event) = fact {
                            Erasure::evolve(&mut state, event, recorded.when());
                        }
                    }
                }
                Err(error) => failed = failed.take().or(Some(error)),
            },
        )?;
        if let Some(error) = failed {
            return Err(LoadError::from(error).into());
        }
        let events: Vec<Event> = Erasure::decide(&state, command, now)
            .map_err(|refusal| LookError::Refused { code: refusal.code(), detail: refusal.to_string() })?;
        if events.is_empty() {
            return Ok(None);
        }
        let facts = events.into_iter().map(Fact::Erasure).collect();
        let entry = Entry { by: Actor::System, cause: None, facts };
        let (event_id, key, body) = (EventId(self.ids().next()), KeyId::CLEAR, BodyHash::default());
        let sealing = Sealing { stream, event_id, body, key, happened_at: now, recorded_at: now };
        let proposed = seal(self.vault(), &sealing, &entry).map_err(|error| LookError::File(error.into()))?;
        let ticket = self.log().submit(stream, Expected::At(stands), vec![proposed]);
        let (Some(position), Some(revision)) = (ticket.position(), ticket.revision()) else {
            return Err(LookError::File(crate::filing::refused(ticket)));
        };
        let recorded = Recorded {
            position,
            revision,
            stream,
            id: event_id,
            key,
            happened_at: now,
            recorded_at: now,
            payload: Payload::Open(entry),
        };
        self.register_mut().remember(self.vault(), &recorded);
        Ok(Some(ticket))
    }

    /// Every key of every record of a child: nothing that was told of it can be read without them.
    pub(super) fn keys_of(&self, root: ChildId) -> Result<Keys, LookError> {
        let mut records = self.kinship().records(root);
        // Last: while it is there it leads to the others, whatever is cut short.
        records.retain(|record| *record != root);
        records.push(root);
        let mut keys = Keys::new();
        for record in records {
            let own = self.load_own(record)?;
            let of_episodes = own.child.episode_keys();
            let mut all: Vec<KeyId> = own.key.into_iter().chain(of_episodes).collect();
            all.sort_unstable();
            all.dedup();
            if !all.is_empty() {
                keys.push((record, all));
            }
        }
        Ok(keys)
    }
}

/// As many keys at a time as one order names.
fn parts(keys: &[(ChildId, Vec<KeyId>)]) -> impl Iterator<Item = (ChildId, &[KeyId])> {
    keys.iter().flat_map(|(id, keys)| keys.chunks(KEYS_MAX).map(|part| (*id, part)))
}

/// Whether anything is left to purge of a child.
pub(super) fn is_gone(child: &Child) -> bool {
    !child.is_registered()
}
