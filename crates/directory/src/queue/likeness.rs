//! Likenesses: all children held are compared with one another, and those who may be one wait for a person.
//!
//! A first load compares nobody (ADR-0030), and records made apart may turn out to be one child's. The directory
//! merges none of them by itself: a data manager says which record stays, or that they are two, which is never asked
//! again. Source: contract.md section 2 (`/queue`, `merges`); matching.md 3.6; ADR-0036.

use std::{
    collections::BTreeSet,
    num::NonZero,
    panic::resume_unwind,
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use events::{
    child::Child,
    intake::{self, Decision, Likeness, QueueReason, Resolved},
    recorded::Actor,
};
use finding::likenesses::{self, LIKELIER_ONE};
use vocabulary::{BodyHash, ChildId, EventId, IntakeId};

use super::{Item, QueueDecision};
use crate::{
    Directory,
    by_hand::HandError,
    children::LoadError,
    desk::{Desk, Place},
    filing::{FileError, Filing},
    judge::weighing,
    outcome::{Outcome, OutcomeKind, Pending},
    people::Person,
    supply::SupplyError,
};

/// Lists that a thread takes at once.
const LISTS_AT_ONCE: u32 = 16;

/// Items that are put on the queue between two waits for the disk.
const QUEUED_AT_ONCE: usize = 1_000;

/// What came of comparing all with all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Compared {
    /// How many children were compared.
    pub children: usize,
    /// How many pairs may be one child.
    pub alike: usize,
    /// How many of them were put on the queue.
    pub queued: usize,
    /// How many of them wait there already, or a person decided before.
    pub known: usize,
}

/// How far the comparison is: entries of lists read, and all there are.
pub type Progress<'a> = &'a (dyn Fn(u64, u64) + Sync);

impl Directory {
    /// Compares every child that is held with all others, and puts pairs who may be one child on the queue.
    ///
    /// May be run again at any time, also after it was cut short: who waits already, and whom a person decided
    /// about, is left alone. Cost: 13 microseconds of a core a child of a million, 72 of twelve million, as pairs
    /// grow with the square; some 300 bytes a pair.
    ///
    /// # Errors
    /// A machine failed; what was queued until then stays.
    pub fn compare_all(&self, progress: Progress<'_>) -> Result<Compared, SupplyError> {
        let found = self.likenesses(progress);
        let mut compared =
            Compared { children: self.index_children(), alike: found.len(), ..Compared::default() };
        for some in found.chunks(QUEUED_AT_ONCE) {
            let mut tickets = Vec::new();
            let mut desk = self.desk_mut();
            let waiting = waiting_pairs(&desk);
            for one in some {
                let (first, second) = one.children();
                if waiting.contains(&[first, second]) || self.is_decided(first, second)? {
                    compared.known += 1;
                } else {
                    tickets.push(self.enqueue_likeness(&mut desk, one)?);
                    compared.queued += 1;
                }
            }
            drop(desk);
            for ticket in tickets {
                ticket.wait().map_err(FileError::from)?;
            }
        }
        Ok(compared)
    }

    /// Everybody who may be one child with another, each pair once, in the order of ids.
    fn likenesses(&self, progress: Progress<'_>) -> Vec<likenesses::Likeness> {
        let index = self.index();
        let all = self.matcher().likenesses(&index);
        let (lists, entries) = (all.lists(), all.entries());
        let (all, next) = (&all, AtomicU32::new(0));
        let read = || {
            let mut found = Vec::new();
            loop {
                let from = next.fetch_add(LISTS_AT_ONCE, Ordering::Relaxed);
                if from >= lists {
                    return found;
                }
                let to = from.saturating_add(LISTS_AT_ONCE).min(lists);
                let read = (from..to).map(|list| all.of_list(list, &mut found)).sum();
                progress(read, entries);
            }
        };
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let mut found: Vec<likenesses::Likeness> = thread::scope(|scope| {
            let readers: Vec<_> = (0..threads).map(|_| scope.spawn(read)).collect();
            let joined =
                readers.into_iter().map(|reader| reader.join().unwrap_or_else(|panic| resume_unwind(panic)));
            joined.flatten().collect()
        });
        found.sort_by_key(likenesses::Likeness::children);
        found.dedup_by_key(|one| one.children());
        found
    }

    /// Tells whether a person said before that two children are one, or of any record of either that they are two.
    fn is_decided(&self, first: ChildId, second: ChildId) -> Result<bool, LoadError> {
        let (ones, others) = (self.kinship().records(first), self.kinship().records(second));
        if ones.first() == others.first() {
            return Ok(true);
        }
        let apart =
            |child: &Child, of: &Child| of.refs.keys().any(|reference| child.told_apart.contains(reference));
        for one in ones {
            let own = &self.load_own(one)?.child;
            for other in &others {
                let theirs = &self.load_own(*other)?.child;
                if own.ties.contains_key(other) || apart(own, theirs) || apart(theirs, own) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn enqueue_likeness(
        &self,
        desk: &mut Desk,
        found: &likenesses::Likeness,
    ) -> Result<event_log::Ticket, SupplyError> {
        let (first, second) = found.children();
        let with = &found.with;
        let reason = if with.shielded {
            QueueReason::PossiblyShielded
        } else if with.pattern.identifiers_conflict() || with.likeness() < LIKELIER_ONE {
            QueueReason::IdentifierConflict
        } else {
            QueueReason::SoundsAlike
        };
        let candidates = [first, second];
        let likeness = Likeness { candidates, weighing: weighing(with, self.matcher().version()), reason };
        let item = IntakeId::new(self.ids().next());
        let key = self.vault().mint().map_err(FileError::from)?;
        let filing = self.by_itself(None);
        let filed = self.intake(&filing, item, key, intake::Event::LikenessFound(likeness))?;
        let place = Place {
            position: filed.position,
            since: filing.now,
            supplier: None,
            candidates: candidates.to_vec(),
        };
        desk.enqueue(item, place, []);
        Ok(filed.ticket)
    }

    /// The decision about two records that may be of one child.
    ///
    /// # Errors
    /// `Refused`: neither record was named, or there is nothing new about two records held. Others: a machine failed.
    pub(super) fn decision_on_likeness(
        &self,
        person: &Person,
        likeness: &Likeness,
        decision: QueueDecision,
    ) -> Result<Decision, HandError> {
        let roots = likeness.candidates.map(|record| self.kinship().root(record));
        match decision {
            QueueDecision::Link(number) | QueueDecision::LinkFound(number, _) => {
                let stays = self.numbered(number)?.filter(|stays| roots.contains(stays));
                let child = stays.ok_or_else(|| HandError::Refused {
                    code: "link_not_offered",
                    detail: "name the one of the two children whose number stays".to_owned(),
                })?;
                self.may_merge(person, &roots)?;
                Ok(Decision::Link { child })
            }
            QueueDecision::New => Err(HandError::Refused {
                code: "merge_not_offered",
                detail: "both are held already: link names the one that stays, reject says that they are two"
                    .to_owned(),
            }),
            QueueDecision::Reject if roots.first() == roots.last() => Err(HandError::Refused {
                code: "merge_not_offered",
                detail: "the two were merged since: link ends this item, a split parts them".to_owned(),
            }),
            QueueDecision::Reject => Ok(Decision::Reject),
        }
    }

    /// Carries out what was decided about two records: one becomes part of the other, or they are told apart for ever.
    pub(super) fn settle_likeness(
        &self,
        person: &Person,
        likeness: &Likeness,
        decision: Decision,
        tickets: &mut Vec<event_log::Ticket>,
    ) -> Result<(), HandError> {
        let filing = self.by_person(person);
        let [first, second] = likeness.candidates;
        if let Decision::Link { child: stays } = decision {
            for record in likeness.candidates {
                let (outcome, waits) = self.merged(&filing, stays, record, false)?.parts();
                tickets.extend(waits);
                if let Some(problem) = outcome.problem {
                    return Err(HandError::Refused { code: "not_same_person", detail: problem.detail });
                }
            }
        } else {
            tickets.extend(self.told_apart(&filing, first, second)?.map(|filed| filed.ticket));
        }
        Ok(())
    }

    /// Ends an item about two records; what was decided of them stands already.
    pub(super) fn end_likeness(
        &self,
        item: IntakeId,
        held: &Item,
        decision: Decision,
        tickets: &mut Vec<event_log::Ticket>,
    ) -> Result<Outcome, SupplyError> {
        let child = if let Decision::Link { child } = decision { Some(child) } else { None };
        let resolved = Resolved { outcome: intake::Outcome::Recorded, position: None, child, problem: None };
        let filing = self.by_itself(Some(held.id));
        let filed = self.ended(&filing, item, resolved)?;
        let number = child.map_or(Ok(None), |child| self.load(child).map(|known| known.child.number))?;
        let (outcome, waits) = Pending::filed(OutcomeKind::Recorded, filed).about(number).parts();
        tickets.extend(waits);
        Ok(outcome)
    }

    fn by_itself(&self, cause: Option<EventId>) -> Filing {
        let now = self.clock().now();
        let id = EventId(self.ids().next());
        Filing { by: Actor::System, cause, id, body: BodyHash::default(), happened_at: now, now }
    }
}

/// Every two children who wait together for a person, whatever for.
fn waiting_pairs(desk: &Desk) -> BTreeSet<[ChildId; 2]> {
    let places = desk.queue.values().filter_map(|waiting| waiting.place.as_ref());
    let pairs = places.filter_map(|place| <[ChildId; 2]>::try_from(place.candidates.as_slice()).ok());
    pairs
        .map(|mut pair| {
            pair.sort_unstable();
            pair
        })
        .collect()
}
