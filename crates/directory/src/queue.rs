//! The identity queue: what waits for a person, what waits behind it, and the end of both.
//!
//! An item is decided once; it and everything behind it then go in, in the order they came, by the same path
//! as if they had just been sent. Source: contract.md section 3 (`queued`); rules.md 2.7; domain.md 4.4.

mod deciding;
mod likeness;
mod linking;
mod listing;
mod unfinished;

use events::{
    Fact,
    decider::Decider,
    intake::{self, Intake, QueueReason, Queued, Waiting},
    supplied::Supplied,
    weighing::Weighing,
};
use vocabulary::{ChildId, EventId, IntakeId, KeyId, KeyedRef, Position, Revision};

use crate::{
    Directory,
    children::LoadError,
    commands::keyed,
    desk::{Desk, Place},
    filing::FileError,
    outcome::{OutcomeKind, Pending, Problem},
    supply::{Mode, Placed, Said, SupplyError},
    unseal::unseal,
};

pub use deciding::QueueDecision;
pub use likeness::{Compared, Progress};
pub use listing::{CandidateWeighing, QueueFigures, QueueItem, QueuePage};
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

/// One item with where its stream stands.
struct Item {
    state: Intake,
    key: KeyId,
    id: EventId,
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
        let (supplier, might_be) = (said.sender.organisation.clone(), candidates.clone());
        let fact = intake::Event::EventQueued(Queued {
            supplier: supplier.clone(),
            client: Some(said.sender.client.clone()),
            told: Box::new(said.told.clone()),
            local_ref: refs.first().copied(),
            candidates,
            weighings,
            reason,
            happened_at: said.filing.happened_at,
        });
        let filed = self.intake(&said.filing, item, key, fact)?;
        let place = Place {
            position: filed.position,
            since: said.filing.now,
            supplier: Some(supplier),
            candidates: might_be,
        };
        desk.enqueue(item, place, refs);
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
        let filed = self.intake(&said.filing, item, key, fact)?;
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
            // What was sent may be forgotten; what it came to is not.
            None | Some(Fact::Intake(intake::Event::EventQueued(_) | intake::Event::EventWaiting(_))) => {
                let _ = desk;
                self.present_item(item, position)
            }
            Some(_) => Ok(Pending::standing(OutcomeKind::Recorded, position)),
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

    fn item(&self, item: IntakeId) -> Result<Option<Item>, LoadError> {
        let mut state = Intake::default();
        let mut first: Option<(KeyId, EventId)> = None;
        let mut failed = None;
        self.log().read_stream(item.stream(), Revision::NONE, &mut |record| match unseal(
            self.vault(),
            record,
        ) {
            Ok(recorded) => {
                first = first.or(Some((recorded.key, recorded.id)));
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
        Ok(first.map(|(key, id)| Item { state, key, id }))
    }
}
