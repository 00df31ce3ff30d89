//! Forgetting: keys are ordered to be destroyed, destroyed, and told so; what they sealed is gone at once.
//!
//! The order is durable before any key goes, and what is told afterwards says no more than what happened. Whatever a
//! crash cuts short, the order stands: it is carried out when the directory is opened, and told then. Source:
//! domain.md I-28; ADR-0050.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use event_log::{Expected, Ticket};
use events::{
    Fact,
    child::Child,
    decider::Decider,
    erasure::{Command, Erasure, Event, Ground, KEYS_MAX},
    recorded::{Actor, Entry, Payload, Recorded},
};
use projections::{EndedItems, ended_items};
use vocabulary::{BodyHash, ChildId, EventId, KeyId, Stream, StreamKind};

use super::awaited;
use crate::{
    Directory,
    disclose::LookError,
    rows::Order,
    unseal::{Sealing, seal},
};

/// Days for which what a supplier sent is kept after it came to its end: as long as what was withdrawn.
const ITEM_KEPT_DAYS: u64 = 30;

/// Records whose keys are destroyed together: whoever files waits for so many, some tens of milliseconds.
pub(super) const AT_ONCE: usize = 500;

/// Keys by the stream that they seal: a child's record, or what a supplier sent.
pub(super) type Keys = Vec<(Stream, Vec<KeyId>)>;

/// Which keys go, and why.
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
                    keys.push((id.stream(), spent));
                }
            }
            destroyed += self.forget(&Going { ground: Ground::PermissionEnded, today, keys })?;
        }
        Ok(destroyed)
    }

    /// Destroys the keys of what suppliers sent that waited for a person, thirty days after it came to its end: what
    /// was used of it stands in a child's record, and what was not is nobody's. Answers how many.
    pub(super) fn destroy_ended_items(&self, today: NaiveDate) -> Result<u64, LookError> {
        let Some(until) = today.checked_sub_days(Days::new(ITEM_KEPT_DAYS)) else { return Ok(0) };
        let (mut destroyed, mut after) = (0, None);
        loop {
            let mut page = self.rows().postings::<EndedItems>(
                &ended_items::by_day(),
                after.as_ref(),
                Order::Ascending,
                AT_ONCE,
            )?;
            let whole = page.len() == AT_ONCE;
            page.retain(|(posting, _)| ended_items::read(posting).is_some_and(|day| day <= until));
            let mut keys = Keys::new();
            for (_, item) in &page {
                let row = self.rows().get::<EndedItems>(item)?;
                keys.extend(row.map(|row| (item.stream(), vec![row.key])));
            }
            if !keys.is_empty() {
                let _alone = self.desk_mut();
                destroyed += self.forget(&Going { ground: Ground::RetentionOver, today, keys })?;
            }
            if !whole || page.len() < AT_ONCE {
                return Ok(destroyed);
            }
            after = page.into_iter().next_back().map(|(posting, _)| posting);
        }
    }

    /// Forgets what these keys sealed; to be called by whoever has the desk. Answers how many keys are gone.
    ///
    /// Cost: two waits for the disk and one a pool of keys, however many records.
    pub(super) fn forget(&self, going: &Going) -> Result<u64, LookError> {
        let mut last = None;
        for (stream, part) in parts(&going.keys) {
            let (ground, due_on) = (going.ground, going.today);
            let order = Command::Order { stream, keys: part.to_vec(), ground, due_on };
            last = self.erasure_told(stream, &order)?.or(last);
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
    fn destroy_ordered(&self, keys: &[(Stream, Vec<KeyId>)]) -> Result<u64, LookError> {
        let mut before = Vec::with_capacity(keys.len());
        for (stream, _) in keys.iter().filter(|(stream, _)| stream.kind == StreamKind::Child) {
            let id = ChildId::new(stream.id);
            before.push((id, self.load_own(id)?));
        }
        let all: Vec<KeyId> = keys.iter().flat_map(|(_, keys)| keys).copied().collect();
        self.vault().destroy_all(&all).map_err(|error| LookError::File(error.into()))?;
        let mut told = None;
        for (stream, part) in parts(keys) {
            let done = Command::Destroy { stream, keys: part.to_vec() };
            told = self.erasure_told(stream, &done)?.or(told);
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

    /// Decides on the keys of one stream and tells it; `None` where it was told before.
    fn erasure_told(&self, of: Stream, command: &Command) -> Result<Option<Ticket>, LookError> {
        let now = self.clock().now();
        let stream = Stream::new(StreamKind::Erasure, of.id);
        let (state, stands): (Erasure, _) =
            self.folded(stream, |fact| if let Fact::Erasure(event) = fact { Some(event) } else { None })?;
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
                keys.push((record.stream(), all));
            }
        }
        Ok(keys)
    }
}

/// As many keys at a time as one order names.
fn parts(keys: &[(Stream, Vec<KeyId>)]) -> impl Iterator<Item = (Stream, &[KeyId])> {
    keys.iter().flat_map(|(stream, keys)| keys.chunks(KEYS_MAX).map(|part| (*stream, part)))
}

/// Whether anything is left to purge of a child.
pub(super) fn is_gone(child: &Child) -> bool {
    !child.is_registered()
}
