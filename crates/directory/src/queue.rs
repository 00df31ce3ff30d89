//! The identity queue: what waits for a person, what waits behind it, and the end of both.
//!
//! An item is decided once; it and everything behind it then go in, in the order they came, by the same path
//! as if they had just been sent. Source: contract.md section 3 (`queued`); rules.md 2.7; domain.md 4.4.

mod deciding;
mod unfinished;

use events::{
    Fact,
    decider::Decider,
    intake::{self, Intake, QueueReason, Queued, Waiting},
    search,
    supplied::Supplied,
    weighing::Weighing,
};
use linkage::centibits::probability_of_odds;
use vocabulary::{ChildId, ChildNumber, EventId, IntakeId, KeyId, KeyedRef, Position, Revision, Role};

use crate::{
    Directory,
    children::LoadError,
    commands::keyed,
    desk::Desk,
    disclose::{Disclosed, LookError},
    filing::FileError,
    outcome::{OutcomeKind, Pending, Problem},
    people::Person,
    supply::{Mode, Placed, Said, SupplyError},
    unseal::unseal,
};

pub use deciding::QueueDecision;
pub(crate) use unfinished::Unfinished;

/// Most children on one list (invariant I-27).
pub(crate) const LIST_CHILDREN_MAX: usize = 50;

/// The references by which later events find a waiting one.
pub(crate) fn refs_of(told: &Supplied) -> Vec<KeyedRef> {
    let local = told.child().and_then(|child| child.local_ref.as_ref()).map(keyed);
    let mut merged = Vec::new();
    if let Supplied::LinkDisputed { local_ref } = told {
        merged.push(keyed(local_ref));
    }
    if let Supplied::LocalRefsMerged { from, to } = told {
        merged.extend([keyed(from), keyed(to)]);
    }
    let involvement = told.involvement_ref().map(keyed);
    local.into_iter().chain(merged).chain(involvement).collect()
}

/// An item of the queue as its authority's data manager sees it.
#[derive(Debug)]
pub struct QueueItem {
    /// Which.
    pub id: IntakeId,
    /// Whose.
    pub supplier: vocabulary::OrganisationId,
    /// Why it waits.
    pub reason: QueueReason,
    /// Since when.
    pub since: chrono::DateTime<chrono::Utc>,
    /// What was told of the child.
    pub told: Option<events::supplied::SuppliedChild>,
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

/// One item with where its stream stands.
struct Item {
    state: Intake,
    key: KeyId,
    id: EventId,
    since: chrono::DateTime<chrono::Utc>,
}

impl Directory {
    /// Puts an event on the queue, for a person to decide who it is.
    pub(crate) fn enqueue(
        &self,
        desk: &mut Desk,
        said: &Said,
        reason: QueueReason,
        candidates: Vec<ChildId>,
        weighings: Vec<Weighing>,
    ) -> Placed {
        if said.mode == Mode::DryRun {
            return Ok(Pending::judged(OutcomeKind::Queued));
        }
        let (item, key) = self.item_of(said)?;
        let refs = refs_of(&said.told);
        let fact = intake::Event::EventQueued(Queued {
            supplier: said.sender.organisation.clone(),
            client: Some(said.sender.client.clone()),
            told: Box::new(said.told.clone()),
            local_ref: refs.first().copied(),
            candidates,
            weighings,
            reason,
            happened_at: said.filing.happened_at,
        });
        let filed = self.intake(desk, &said.filing, item, key, fact)?;
        desk.enqueue(item, refs);
        Ok(Pending::filed(OutcomeKind::Queued, filed))
    }

    /// Puts an event behind an item that is on the queue already.
    pub(crate) fn wait(&self, desk: &mut Desk, said: &Said, head: IntakeId) -> Placed {
        if said.mode == Mode::DryRun {
            return Ok(Pending::judged(OutcomeKind::Queued));
        }
        let (item, key) = self.item_of(said)?;
        let refs = refs_of(&said.told);
        let fact = intake::Event::EventWaiting(Waiting {
            behind: head,
            supplier: said.sender.organisation.clone(),
            client: Some(said.sender.client.clone()),
            told: Box::new(said.told.clone()),
            local_ref: refs.first().copied(),
            happened_at: said.filing.happened_at,
        });
        let filed = self.intake(desk, &said.filing, item, key, fact)?;
        desk.wait_behind(head, item, refs);
        Ok(Pending::filed(OutcomeKind::Queued, filed))
    }

    /// The item that an event waits as: a new one, or the one that it was before and waits as again, so that
    /// whoever sent it finds its end under the position first given.
    fn item_of(&self, said: &Said) -> Result<(IntakeId, KeyId), SupplyError> {
        match said.item {
            Some(held) => Ok(held),
            None => Ok((IntakeId::new(self.ids().next()), self.vault().mint().map_err(FileError::from)?)),
        }
    }

    /// The present outcome of the event whose record stands at `position`.
    pub(crate) fn present(&self, desk: &Desk, position: Position) -> Placed {
        let mut found = None;
        let mut failed = None;
        let before = Position(position.0.saturating_sub(1));
        let durable = self.log().head().map_err(LoadError::from)? >= position;
        if !durable {
            // It is in flight: another request is writing it this moment. Its outcome is the contract's first.
            return Ok(Pending::standing(OutcomeKind::Recorded, position));
        }
        self.log()
            .read_all(before, 1, &mut |record| match unseal(self.vault(), record) {
                Ok(recorded) => found = Some(recorded),
                Err(error) => failed = Some(error),
            })
            .map_err(LoadError::from)?;
        if let Some(error) = failed {
            return Err(LoadError::from(error).into());
        }
        let Some(recorded) = found else { return Ok(Pending::standing(OutcomeKind::Recorded, position)) };
        let number = |child: ChildId| self.load(child).map(|known| known.child.number);
        if recorded.stream.kind == vocabulary::StreamKind::Child {
            let number = number(ChildId::new(recorded.stream.id))?;
            let facts = recorded.facts().iter();
            let facts =
                facts.filter_map(|fact| if let Fact::Child(event) = fact { Some(event) } else { None });
            return Ok(Pending::standing(OutcomeKind::Recorded, position).about(number).differing(facts));
        }
        let item = IntakeId::new(recorded.stream.id);
        match recorded.facts().first() {
            Some(Fact::Intake(intake::Event::StatementRepeated { child, .. })) => {
                let number = child.map(number).transpose()?.flatten();
                Ok(Pending::standing(OutcomeKind::Unchanged, position).about(number))
            }
            Some(Fact::Intake(intake::Event::EventQueued(_) | intake::Event::EventWaiting(_))) => {
                let _ = desk;
                self.present_item(item, position)
            }
            _ => Ok(Pending::standing(OutcomeKind::Recorded, position)),
        }
    }

    /// The present outcome of an item: still queued, or its end.
    fn present_item(&self, item: IntakeId, position: Position) -> Placed {
        let held = self.item(item)?;
        let Some(resolved) = held.and_then(|held| held.state.resolved) else {
            return Ok(Pending::standing(OutcomeKind::Queued, position));
        };
        let number =
            resolved.child.map(|child| self.load(child)).transpose()?.and_then(|known| known.child.number);
        let at = resolved.position.unwrap_or(position);
        Ok(match resolved.outcome {
            intake::Outcome::Recorded => Pending::standing(OutcomeKind::Recorded, at).about(number),
            intake::Outcome::Unchanged => Pending::standing(OutcomeKind::Unchanged, at).about(number),
            intake::Outcome::Refused => {
                let code =
                    resolved.problem.map_or_else(|| "refused".to_owned(), |code| code.as_str().to_owned());
                Pending::standing(OutcomeKind::Refused, at).but(Some(Problem::kept(code)))
            }
        })
    }

    /// Shows the items that the person's authority decides, oldest first, at most fifty.
    ///
    /// # Errors
    /// `Refused`: not a data manager or team. Others: a machine failed, nothing is shown.
    pub async fn queue(&self, person: &Person) -> Result<Disclosed<Vec<QueueItem>>, LookError> {
        if !matches!(person.role, Role::DataManager | Role::AuthorityTeam) {
            return Err(LookError::Refused {
                code: "role_may_not_decide",
                detail: "the identity queue is for data managers and the directory team".to_owned(),
            });
        }
        let mut items = self.queue_items(person)?;
        items.truncate(LIST_CHILDREN_MAX);
        let mut children = Vec::new();
        {
            let desk = self.desk();
            let named = items.iter().flat_map(|item| &item.candidates);
            children.extend(named.filter_map(|number| self.numbered(&desk, *number)));
        }
        children.sort_unstable();
        children.dedup();
        let fact = Fact::Search(search::Event::ListDelivered { list: search::List::Queue, children });
        let ticket = self.append_look(person, person.account.search_stream(), vec![fact])?;
        Ok(Disclosed::after(ticket, items).await?)
    }

    /// The items that the person's authority decides, oldest first.
    ///
    /// # Errors
    /// A machine failed.
    fn queue_items(&self, person: &Person) -> Result<Vec<QueueItem>, LoadError> {
        let waiting: Vec<(IntakeId, usize)> =
            self.desk().queue.iter().map(|(item, waiting)| (*item, waiting.behind.len())).collect();
        let mut items = Vec::new();
        for (id, behind) in waiting {
            let Some(held) = self.item(id)? else { continue };
            let Some(queued) = held.state.queued else { continue };
            if !self.decides(person, &queued)? {
                continue;
            }
            let mut candidates = Vec::new();
            let mut weighings = Vec::new();
            let mut kept = queued.weighings.iter();
            for candidate in &queued.candidates {
                let weighing = kept.next();
                let child = self.load(*candidate)?.child;
                let Some(child_number) = child.number else { continue };
                candidates.push(child_number);
                // What agrees may be what another authority's team alone may see.
                if let Some(weighing) = weighing.filter(|_| child.authority == person.authority) {
                    let probability = probability_of_odds(weighing.odds);
                    let weighing = weighing.clone();
                    weighings.push(CandidateWeighing { child_number, probability, weighing });
                }
            }
            items.push(QueueItem {
                id,
                supplier: queued.supplier.clone(),
                reason: queued.reason,
                since: held.since,
                told: queued.told.child().cloned(),
                candidates,
                weighings,
                behind,
            });
        }
        items.sort_by_key(|item| (item.since, item.id));
        Ok(items)
    }

    /// Whether this person decides an item: the data manager or team of a candidate's authority, else of the
    /// supplier's. What may be a shielded child is for its own authority alone (rules.md 2, quarantined).
    fn decides(&self, person: &Person, queued: &Queued) -> Result<bool, LoadError> {
        if !matches!(person.role, Role::DataManager | Role::AuthorityTeam) {
            return Ok(false);
        }
        let mut authorities = Vec::new();
        let mut of_shielded = Vec::new();
        for candidate in &queued.candidates {
            let child = self.load(*candidate)?.child;
            if child.is_shielded() {
                of_shielded.extend(child.authority.clone());
            }
            authorities.extend(child.authority.clone());
        }
        authorities.extend(self.register().authority_of(&queued.supplier));
        let deciding = if of_shielded.is_empty() { authorities } else { of_shielded };
        Ok(person.authority.as_ref().is_some_and(|own| deciding.contains(own)))
    }

    fn item(&self, item: IntakeId) -> Result<Option<Item>, LoadError> {
        let mut state = Intake::default();
        let mut first: Option<(KeyId, EventId, chrono::DateTime<chrono::Utc>)> = None;
        let mut failed = None;
        self.log().read_stream(item.stream(), Revision::NONE, &mut |record| match unseal(
            self.vault(),
            record,
        ) {
            Ok(recorded) => {
                first = first.or(Some((recorded.key, recorded.id, recorded.recorded_at)));
                for fact in recorded.facts() {
                    if let Fact::Intake(event) = fact {
                        Intake::evolve(&mut state, event, recorded.when());
                    }
                }
            }
            Err(error) => failed = failed.take().or(Some(error)),
        })?;
        if let Some(error) = failed {
            return Err(error.into());
        }
        Ok(first.map(|(key, id, since)| Item { state, key, id, since }))
    }
}
