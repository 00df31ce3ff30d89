//! Listing: the queue page by page, as those see it who decide it, and how late it is.
//!
//! The order stands at the desk, so that a page reads the items that are on it and no others. The clock is one
//! working day by default: Monday to Friday in England, bank holidays counted as working days.
//! Source: contract.md sections 2 (`/queue`) and 3 (`queued`); rules.md 2.7; domain.md 4.4.

use chrono::{DateTime, Utc};
use events::{Fact, intake::QueueReason, search, supplied::SuppliedChild, weighing::Weighing};
use linkage::centibits::probability_of_odds;
use visibility::permission::{Action, Relation};
use vocabulary::{ChildId, ChildNumber, IntakeId, OrganisationId, Position, working_days_after};

use super::LIST_CHILDREN_MAX;
use crate::{
    Directory,
    children::LoadError,
    desk::Place,
    disclose::{Disclosed, LookError},
    people::Person,
};

/// Items judged for one page, so that no queue of other authorities makes a request walk it whole.
const JUDGED_MAX: usize = 2_000;

/// Items taken from the desk at once, so that it is held for microseconds.
const AT_ONCE: usize = 200;

/// An item of the queue as its authority's data manager sees it.
#[derive(Debug)]
pub struct QueueItem {
    /// Which.
    pub id: IntakeId,
    /// Whose; nobody's where two records held may be of one child.
    pub supplier: Option<OrganisationId>,
    /// Why it waits.
    pub reason: QueueReason,
    /// Since when it waits for a person.
    pub since: DateTime<Utc>,
    /// For how many whole minutes.
    pub waited_minutes: i64,
    /// Until when it is to be decided.
    pub due_by: DateTime<Utc>,
    /// Whether that has passed.
    pub overdue: bool,
    /// What was told of the child.
    pub told: Option<SuppliedChild>,
    /// The children that it might be.
    pub candidates: Vec<ChildNumber>,
    /// How those of them were weighed that the person's own authority answers for.
    pub weighings: Vec<CandidateWeighing>,
    /// How many events wait behind it.
    pub behind: usize,
}

/// How one candidate was weighed.
#[derive(Debug)]
pub struct CandidateWeighing {
    /// Which child.
    pub child_number: ChildNumber,
    /// How likely it is meant, 0 to 1.
    pub probability: f64,
    /// The parts of that, as they were kept with the item.
    pub weighing: Weighing,
}

/// One page of the queue.
#[derive(Debug)]
pub struct QueuePage {
    /// The items, in the order in which they were put on the queue; they name at most fifty children.
    pub items: Vec<QueueItem>,
    /// Where the next page begins; absent on the last.
    pub next: Option<Position>,
}

/// How the queue stands, all authorities together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueueFigures {
    /// How many items wait for a person.
    pub waiting: usize,
    /// How many of them wait for longer than they should.
    pub overdue: usize,
}

/// One item at the desk.
struct Standing {
    id: IntakeId,
    place: Place,
    behind: usize,
}

impl Directory {
    /// Shows the first page of the items that the person's authority decides.
    ///
    /// # Errors
    /// As [`Directory::queue_page`].
    pub async fn queue(&self, person: &Person) -> Result<Disclosed<Vec<QueueItem>>, LookError> {
        Ok(self.queue_page(person, Position::ZERO).await?.map(|page| page.items))
    }

    /// Shows the items that the person's authority decides, those put on the queue after `after`.
    ///
    /// A page is short where two thousand items of other authorities stand between. Cost: the candidates of each
    /// item looked at, as they stand; one short stream an item shown; one append.
    ///
    /// # Errors
    /// `Refused`: not a data manager or team. Others: a machine failed, nothing is shown.
    pub async fn queue_page(
        &self,
        person: &Person,
        after: Position,
    ) -> Result<Disclosed<QueuePage>, LookError> {
        person.may(Action::ReadQueue, Relation::OwnAuthority)?;
        let (page, children) = self.page_of_queue(person, after)?;
        let fact = Fact::Search(search::Event::ListDelivered { list: search::List::Queue, children });
        let ticket = self.append_look(person, person.account.search_stream(), vec![fact])?;
        Ok(Disclosed::after(ticket, page).await?)
    }

    /// Shows one item that the person's authority decides, so that whoever compares it is shown no other.
    ///
    /// # Errors
    /// `Unknown`: no such item, decided already, or another authority's. Others: as [`Directory::queue_page`].
    pub async fn queue_item(&self, person: &Person, id: IntakeId) -> Result<Disclosed<QueueItem>, LookError> {
        person.may(Action::ReadQueue, Relation::OwnAuthority)?;
        let standing = self.standing(id).ok_or(LookError::Unknown)?;
        let (supplier, candidates) = (standing.place.supplier.as_ref(), &standing.place.candidates);
        if !self.decides(person, supplier, candidates)? {
            return Err(LookError::Unknown);
        }
        let item = self.shown(person, &standing)?.ok_or(LookError::Unknown)?;
        let mut children = standing.place.candidates;
        children.sort_unstable();
        children.dedup();
        let fact = Fact::Search(search::Event::ListDelivered { list: search::List::Queue, children });
        let ticket = self.append_look(person, person.account.search_stream(), vec![fact])?;
        Ok(Disclosed::after(ticket, item).await?)
    }

    /// How many items wait, and how many for too long. Cost: a step an item, in memory.
    pub fn queue_figures(&self) -> QueueFigures {
        let now = self.clock().now();
        let desk = self.desk();
        let days = self.register().policy().queue_working_days;
        let overdue = |place: &&Place| working_days_after(place.since, days) < now;
        QueueFigures {
            waiting: desk.queue.len(),
            overdue: desk.queue.values().filter_map(|held| held.place.as_ref()).filter(overdue).count(),
        }
    }

    /// One page, with the children that it names.
    fn page_of_queue(
        &self,
        person: &Person,
        after: Position,
    ) -> Result<(QueuePage, Vec<ChildId>), LoadError> {
        let mut page = QueuePage { items: Vec::new(), next: None };
        let mut children: Vec<ChildId> = Vec::new();
        let mut last = after;
        let mut judged = 0;
        loop {
            let standing = self.standing_after(last);
            if standing.is_empty() {
                return Ok((page, children));
            }
            for item in standing {
                let mut named = children.clone();
                named.extend(&item.place.candidates);
                named.sort_unstable();
                named.dedup();
                // Invariant I-27: no list names more than fifty children.
                let full = page.items.len() == LIST_CHILDREN_MAX || named.len() > LIST_CHILDREN_MAX;
                if full && !page.items.is_empty() {
                    page.next = Some(last);
                    return Ok((page, children));
                }
                last = item.place.position;
                judged += 1;
                if self.decides(person, item.place.supplier.as_ref(), &item.place.candidates)?
                    && let Some(shown) = self.shown(person, &item)?
                {
                    page.items.push(shown);
                    children = named;
                }
            }
            if judged >= JUDGED_MAX {
                page.next = Some(last);
                return Ok((page, children));
            }
        }
    }

    /// The next items of the queue, whoever decides them.
    fn standing_after(&self, after: Position) -> Vec<Standing> {
        let desk = self.desk();
        let beyond = desk.queued.range((std::ops::Bound::Excluded(after), std::ops::Bound::Unbounded));
        let held = beyond.filter_map(|(_, id)| {
            let waiting = desk.queue.get(id)?;
            Some(Standing { id: *id, place: waiting.place.clone()?, behind: waiting.behind.len() })
        });
        held.take(AT_ONCE).collect()
    }

    /// One item, if it is on the queue.
    fn standing(&self, id: IntakeId) -> Option<Standing> {
        let desk = self.desk();
        let waiting = desk.queue.get(&id)?;
        Some(Standing { id, place: waiting.place.clone()?, behind: waiting.behind.len() })
    }

    /// One item as it is shown; none where it was decided or forgotten this moment.
    fn shown(&self, person: &Person, standing: &Standing) -> Result<Option<QueueItem>, LoadError> {
        let Some(held) = self.item(standing.id)? else { return Ok(None) };
        let (might_be, weighed, reason) = match (&held.state.queued, &held.state.likeness) {
            (Some(queued), _) => {
                (queued.candidates.as_slice(), weighed_each(&queued.weighings), queued.reason)
            }
            // The second was weighed beside the first, so that how they compare tells of both.
            (None, Some(alike)) => {
                let of_both = self.answers_for_all(person, &alike.candidates)?;
                let weighed = vec![None, of_both.then_some(&alike.weighing)];
                (alike.candidates.as_slice(), weighed, alike.reason)
            }
            (None, None) => return Ok(None),
        };
        let (candidates, weighings) = self.candidates(person, might_be, &weighed)?;
        let now = self.clock().now();
        let since = standing.place.since;
        let due_by = working_days_after(since, self.register().policy().queue_working_days);
        Ok(Some(QueueItem {
            id: standing.id,
            supplier: standing.place.supplier.clone(),
            reason,
            since,
            waited_minutes: (now - since).num_minutes(),
            due_by,
            overdue: due_by < now,
            told: held.state.queued.as_ref().and_then(|queued| queued.told.child().cloned()),
            candidates,
            weighings,
            behind: standing.behind,
        }))
    }

    /// Whether the person's authority answers for every one of these.
    fn answers_for_all(&self, person: &Person, children: &[ChildId]) -> Result<bool, LoadError> {
        for child in children {
            if person.authority.is_none() || self.load(*child)?.child.authority != person.authority {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The candidates by their numbers, and how those were weighed that the person's authority answers for.
    fn candidates(
        &self,
        person: &Person,
        might_be: &[ChildId],
        weighed: &[Option<&Weighing>],
    ) -> Result<(Vec<ChildNumber>, Vec<CandidateWeighing>), LoadError> {
        let mut candidates = Vec::new();
        let mut weighings = Vec::new();
        let mut kept = weighed.iter();
        for candidate in might_be {
            let weighing = kept.next().copied().flatten();
            let child = self.load(*candidate)?.child;
            let Some(child_number) = child.number else { continue };
            candidates.push(child_number);
            // What agrees may be what another authority's team alone may see.
            if let Some(weighing) = weighing.filter(|_| child.authority == person.authority) {
                let probability = probability_of_odds(weighing.odds);
                weighings.push(CandidateWeighing { child_number, probability, weighing: weighing.clone() });
            }
        }
        Ok((candidates, weighings))
    }

    /// Whether this person decides an item: the data manager or team of a candidate's authority, else of the
    /// supplier's; never of a child to whom they declared to be related. What may be a shielded child is for its own
    /// authority alone (rules.md 2, quarantined).
    pub(super) fn decides(
        &self,
        person: &Person,
        supplier: Option<&OrganisationId>,
        candidates: &[ChildId],
    ) -> Result<bool, LoadError> {
        if person.may(Action::DecideQueue, Relation::OwnAuthority).is_err() {
            return Ok(false);
        }
        let related = self.related(&person.viewer())?;
        if candidates.iter().any(|candidate| related.contains(&self.kinship().root(*candidate))) {
            return Ok(false);
        }
        let mut authorities = Vec::new();
        let mut of_shielded = Vec::new();
        for candidate in candidates {
            let child = self.load(*candidate)?.child;
            if child.is_shielded() {
                of_shielded.extend(child.authority.clone());
            }
            authorities.extend(child.authority.clone());
        }
        authorities.extend(supplier.and_then(|supplier| self.register().authority_of(supplier)));
        let deciding = if of_shielded.is_empty() { authorities } else { of_shielded };
        Ok(person.authority.as_ref().is_some_and(|own| deciding.contains(own)))
    }
}

/// How each candidate was weighed, in their order.
fn weighed_each(weighings: &[Weighing]) -> Vec<Option<&Weighing>> {
    weighings.iter().map(Some).collect()
}
