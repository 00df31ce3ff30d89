//! Forgetting: keys are ordered to be destroyed, destroyed, and told so; what they sealed is gone at once.
//!
//! The order is durable before any key goes, and what is told afterwards says no more than what happened. A crash
//! before the keys go leaves an order, which the next night carries out. One after it leaves a purged record whose
//! keys are gone and not told so: a restore of an older copy does not know, until the order is carried out again,
//! which nothing does yet. Source: domain.md I-28; ADR-0050.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, NaiveDate, Utc};
use event_log::{Expected, Ticket};
use events::{
    Fact,
    child::Child,
    decider::Decider,
    erasure::{Command, Erasure, Event, Ground, KEYS_MAX},
    recorded::{Actor, Entry},
};
use vocabulary::{BodyHash, ChildId, EventId, KeyId, Stream, StreamKind};

use super::awaited;
use crate::{
    Directory,
    children::{LoadError, Own},
    disclose::LookError,
    unseal::{Sealing, seal, unseal},
};

/// Records whose keys are destroyed together: whoever files waits for so many, some tens of milliseconds.
pub(super) const AT_ONCE: usize = 500;

/// Which keys of which records go, and why.
pub(super) struct Going {
    pub(super) ground: Ground,
    pub(super) today: NaiveDate,
    pub(super) keys: BTreeMap<ChildId, Vec<KeyId>>,
}

impl Directory {
    /// Destroys the keys of these records that are due today and that nothing permits any longer. Answers how many.
    pub(super) fn destroy_spent(&self, records: &BTreeSet<ChildId>) -> Result<u64, LookError> {
        let records: Vec<ChildId> = records.iter().copied().collect();
        let mut destroyed = 0;
        for batch in records.chunks(AT_ONCE) {
            let _alone = self.desk_mut();
            let today = vocabulary::england_day(self.clock().now());
            let mut keys = BTreeMap::new();
            for id in batch {
                let own = self.load_own(*id)?;
                let spent: Vec<KeyId> =
                    own.child.keys_spent().filter(|(_, day)| *day <= today).map(|(key, _)| key).collect();
                if !spent.is_empty() {
                    keys.insert(*id, spent);
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
        let now = self.clock().now();
        let mut before = Vec::with_capacity(going.keys.len());
        let mut last = None;
        let mut all = Vec::new();
        for (id, keys) in &going.keys {
            before.push((*id, self.load_own(*id)?));
            for part in keys.chunks(KEYS_MAX) {
                let (stream, ground, due_on) = (id.stream(), going.ground, going.today);
                let order = Command::Order { stream, keys: part.to_vec(), ground, due_on };
                last = self.erasure_told(*id, &order, now)?.or(last);
                all.extend_from_slice(part);
            }
        }
        awaited(last)?;
        self.vault().destroy_all(&all).map_err(|error| LookError::File(error.into()))?;
        let mut told = None;
        for (id, keys) in &going.keys {
            for part in keys.chunks(KEYS_MAX) {
                let done = Command::Destroy { stream: id.stream(), keys: part.to_vec() };
                told = self.erasure_told(*id, &done, now)?.or(told);
            }
        }
        awaited(told)?;
        for (id, own) in before {
            self.forgotten(id, &own)?;
        }
        Ok(all.len() as u64)
    }

    /// Moves index and handles on to what is left of a record.
    fn forgotten(&self, id: ChildId, before: &Arc<Own>) -> Result<(), LookError> {
        let left = self.load_own(id)?;
        self.moved(id, Some(&before.child), &left.child);
        Ok(())
    }

    /// Decides on one record's keys and tells it; `None` where it was told before.
    fn erasure_told(
        &self,
        id: ChildId,
        command: &Command,
        now: DateTime<Utc>,
    ) -> Result<Option<Ticket>, LookError> {
        let stream = Stream::new(StreamKind::Erasure, id.0);
        let (mut state, mut failed) = (Erasure::default(), None);
        let revision = self.log().read_stream(
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
        let sealing = Sealing {
            stream,
            event_id: EventId(self.ids().next()),
            body: BodyHash::default(),
            key: KeyId::CLEAR,
            happened_at: now,
            recorded_at: now,
        };
        let proposed = seal(self.vault(), &sealing, &entry).map_err(|error| LookError::File(error.into()))?;
        let ticket = self.log().submit(stream, Expected::At(revision), vec![proposed]);
        if ticket.position().is_none() {
            return Err(LookError::File(crate::filing::refused(ticket)));
        }
        Ok(Some(ticket))
    }

    /// Every key of every record of a child: nothing that was told of it can be read without them.
    pub(super) fn keys_of(&self, root: ChildId) -> Result<BTreeMap<ChildId, Vec<KeyId>>, LookError> {
        let mut records = self.kinship().records(root);
        if !records.contains(&root) {
            records.push(root);
        }
        let mut keys = BTreeMap::new();
        for record in records {
            let own = self.load_own(record)?;
            let of_episodes = own.child.episode_keys();
            let mut all: Vec<KeyId> = own.key.into_iter().chain(of_episodes).collect();
            all.sort_unstable();
            all.dedup();
            if !all.is_empty() {
                keys.insert(record, all);
            }
        }
        debug_assert!(keys.keys().all(|id| *id != ChildId::new(uuid::Uuid::nil())), "records have ids");
        Ok(keys)
    }
}

/// Whether anything is left to purge of a child.
pub(super) fn is_gone(child: &Child) -> bool {
    !child.is_registered()
}
