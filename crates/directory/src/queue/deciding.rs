//! Deciding an item of the queue: it goes in by what was decided, and what waited behind it follows in order.

use events::{
    child::identity::Judgement,
    decider::Decider,
    intake::{self, Decision, Intake, Queued, Resolved},
    recorded::Actor,
    refused::Code,
    supplied::Supplied,
};
use visibility::permission::{Action, Relation};
use vocabulary::{BodyHash, ChildId, ChildNumber, EventId, IntakeId, Position, SearchId};

use super::Item;
use crate::{
    Directory,
    by_hand::HandError,
    commands::keyed,
    desk::Desk,
    filing::Filing,
    judge::Meant,
    outcome::{Outcome, OutcomeKind, Pending, Problem},
    people::Person,
    supply::{Mode, Said, Sender, SupplyError},
};

/// A decision on an item of the queue, as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueDecision {
    /// It is this child: one that it might be, or one of the person's own authority.
    Link(ChildNumber),
    /// It is this child, which a search of the person's own found.
    LinkFound(ChildNumber, SearchId),
    /// It is a child that the directory does not hold.
    New,
    /// It should not have been sent.
    Reject,
}

/// Whether a decision is carried out for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run {
    /// It was made this moment.
    First,
    /// It was cut short, and some of it may stand already.
    Resumed,
}

/// How an item comes to its end.
enum End {
    /// It is placed: by what was decided, or by its own references.
    Place(Option<Meant>),
    /// It is rejected.
    Reject,
    /// Its facts stand already.
    Stands(Pending),
}

impl Directory {
    /// Decides an item of the queue; it and everything behind it go in, in order.
    ///
    /// # Errors
    /// `Unknown`: no such item, or not this person's. `Refused`: decided already, or the child is not one to
    /// link it to. Others: a machine failed.
    pub fn decide_queue(
        &self,
        person: &Person,
        id: IntakeId,
        decision: QueueDecision,
    ) -> Result<Pending, HandError> {
        self.may_decide_queue(person)?;
        let now = self.clock().now();
        let mut desk = self.desk_mut();
        let held = self.item(id)?.ok_or(HandError::Unknown)?;
        let kept = match (&held.state.queued, &held.state.likeness) {
            (Some(queued), _) => self.decision_on_event(person, queued, decision)?,
            (None, Some(alike)) if self.decides(person, None, &alike.candidates)? => {
                self.decision_on_likeness(person, alike, decision)?
            }
            (None, _) => return Err(HandError::Unknown),
        };
        let asked = intake::Command::Decide { decision: kept };
        let events = Intake::decide(&held.state, &asked, now)
            .map_err(|refusal| HandError::Refused { code: refusal.code(), detail: refusal.to_string() })?;
        let mut tickets = Vec::new();
        if let Some(alike) = &held.state.likeness {
            self.settle_likeness(person, alike, kept, &mut tickets)?;
        }
        let filing = Filing {
            by: person.actor(),
            cause: Some(held.id),
            id: EventId(self.ids().next()),
            body: BodyHash::default(),
            happened_at: now,
            now,
        };
        let mut position = Position::ZERO;
        for event in events {
            let filed = self.intake(&filing, id, held.key, event)?;
            position = filed.position;
            tickets.push(filed.ticket);
        }
        let resolved = self.carry_out(&mut desk, id, kept, &mut tickets)?;
        let mut pending = Pending::standing(resolved.kind, resolved.position.unwrap_or(position))
            .about(resolved.child_number)
            .but(resolved.problem);
        for ticket in tickets {
            pending = pending.and(ticket);
        }
        Ok(pending)
    }

    /// Whether this person decides items of the queue at all; whether one item is theirs, each item decides.
    ///
    /// # Errors
    /// `Refused`: not for this role, or the account does not stand.
    pub fn may_decide_queue(&self, person: &Person) -> Result<(), HandError> {
        Ok(person.may(Action::DecideQueue, Relation::OwnOrganisation)?)
    }

    /// The decision about a supplier's event; of two references that mean two children, these are merged first.
    fn decision_on_event(
        &self,
        person: &Person,
        queued: &Queued,
        decision: QueueDecision,
    ) -> Result<Decision, HandError> {
        if !self.decides(person, Some(&queued.supplier), &queued.candidates)? {
            return Err(HandError::Unknown);
        }
        if let Supplied::LocalRefsMerged { .. } = &*queued.told {
            match decision {
                QueueDecision::Reject => (),
                QueueDecision::Link(stays) | QueueDecision::LinkFound(stays, _) => {
                    self.merge_of_refs(person, stays, &queued.candidates)?;
                }
                QueueDecision::New => {
                    return Err(HandError::Refused {
                        code: "merge_not_offered",
                        detail: "the two references mean two children: name the one that stays, or reject"
                            .to_owned(),
                    });
                }
            }
        }
        match decision {
            QueueDecision::New => Ok(Decision::New),
            QueueDecision::Reject => Ok(Decision::Reject),
            QueueDecision::Link(number) => self.linkable(person, queued, number, None),
            QueueDecision::LinkFound(number, search) => self.linkable(person, queued, number, Some(search)),
        }
    }

    /// Merges the two children that a supplier's references mean, before what it said of them goes in.
    fn merge_of_refs(
        &self,
        person: &Person,
        stays: ChildNumber,
        candidates: &[ChildId],
    ) -> Result<(), HandError> {
        let stays = self.numbered(stays)?.ok_or(HandError::Unknown)?;
        let roots: Vec<ChildId> = candidates.iter().map(|record| self.kinship().root(*record)).collect();
        if !roots.contains(&stays) {
            return Err(HandError::Refused {
                code: "link_not_offered",
                detail: "the references mean neither this child nor one like it; name one of the candidates"
                    .to_owned(),
            });
        }
        self.may_merge(person, &roots)?;
        for absorbed in roots.into_iter().filter(|root| *root != stays) {
            let merged = self.merged(&self.by_person(person), stays, absorbed, false)?;
            if let Some(problem) = &merged.outcome().problem {
                return Err(HandError::Refused { code: "not_same_person", detail: problem.detail.clone() });
            }
        }
        Ok(())
    }

    /// Carries out what was decided of an item: it first, then what waited behind it, in order.
    pub(crate) fn carry_out(
        &self,
        desk: &mut Desk,
        id: IntakeId,
        decision: Decision,
        tickets: &mut Vec<event_log::Ticket>,
    ) -> Result<Outcome, SupplyError> {
        let behind = desk.dequeue(id).behind;
        self.end_all(desk, id, decision, (Run::First, std::iter::once(id).chain(behind)), tickets)
    }

    /// Brings `items`, all of them decided with `id` or behind it, to their ends in order.
    pub(super) fn end_all(
        &self,
        desk: &mut Desk,
        id: IntakeId,
        decision: Decision,
        (run, items): (Run, impl Iterator<Item = IntakeId>),
        tickets: &mut Vec<event_log::Ticket>,
    ) -> Result<Outcome, SupplyError> {
        let mut first = None;
        // Only the item itself was decided; what waited behind it finds its child by the references it left.
        for item in items {
            let Some(held) = self.item(item)? else { continue };
            if held.state.resolved.is_some() {
                continue;
            }
            if held.state.likeness.is_some() {
                let outcome = self.end_likeness(item, &held, decision, tickets)?;
                first = first.or(Some(outcome));
                continue;
            }
            let mut how = match decision {
                Decision::Link { child } if item == id => {
                    End::Place(Some(Meant::Child(child, Some(Judgement::Decided.into()))))
                }
                Decision::New if item == id => End::Place(Some(Meant::New)),
                Decision::Reject if item == id => End::Reject,
                Decision::Link { .. } | Decision::New | Decision::Reject => End::Place(None),
            };
            if run == Run::Resumed
                && let Some(standing) = self.placed_before(&held, decision)?
            {
                how = End::Stands(standing);
            }
            let outcome = self.resolve(desk, item, &held, how, tickets)?;
            if first.is_none() {
                first = Some(outcome);
            }
        }
        Ok(first.unwrap_or_else(Outcome::nothing))
    }

    /// Brings one item to its end, and tells it.
    fn resolve(
        &self,
        desk: &mut Desk,
        item: IntakeId,
        held: &Item,
        how: End,
        tickets: &mut Vec<event_log::Ticket>,
    ) -> Result<Outcome, SupplyError> {
        let now = self.clock().now();
        let (supplier, client, told, happened_at) = match (&held.state.queued, &held.state.waiting) {
            (Some(queued), _) => (&queued.supplier, &queued.client, &queued.told, queued.happened_at),
            (None, Some(waiting)) => (&waiting.supplier, &waiting.client, &waiting.told, waiting.happened_at),
            (None, None) => return Ok(Outcome::nothing()),
        };
        let client = client.clone().unwrap_or_else(|| vocabulary::ClientId(String::new()));
        let filing = |id: EventId| Filing {
            by: Actor::Supplier { organisation: supplier.clone(), client: Some(client.clone()) },
            cause: Some(held.id),
            id,
            body: BodyHash::default(),
            happened_at,
            now,
        };
        let kind = self
            .register()
            .organisation(supplier)
            .and_then(|organisation| organisation.details.as_ref().map(|details| details.kind))
            .unwrap_or(vocabulary::OrganisationKind::NationalSupplier);
        let mut said = Said {
            sender: Sender {
                organisation: supplier.clone(),
                kind,
                client: client.clone(),
                states_others: true,
            },
            filing: filing(EventId(self.ids().next())),
            told: (**told).clone(),
            mode: Mode::Record,
            decided: None,
            recorded_by: None,
            team_of: None,
            item: Some((item, held.key)),
        };
        let pending = match how {
            End::Place(decided) => {
                said.decided = decided;
                self.place(desk, &said)?
            }
            End::Reject => {
                if let Supplied::LinkDisputed { local_ref } = &said.told {
                    let stands = self.dispute_rejected(&said, keyed(local_ref))?;
                    tickets.extend(stands.parts().1);
                }
                Pending::refused(
                    String::new(),
                    Problem::new("identity_rejected", "a data manager rejected this event".to_owned()),
                )
            }
            End::Stands(standing) => standing,
        };
        let (outcome, waits) = pending.parts();
        tickets.extend(waits);
        let child = outcome.child_number.map_or(Ok(None), |number| self.numbered(number))?;
        let end = match outcome.kind {
            OutcomeKind::Recorded | OutcomeKind::Duplicate => intake::Outcome::Recorded,
            OutcomeKind::Unchanged => intake::Outcome::Unchanged,
            OutcomeKind::Refused => intake::Outcome::Refused,
            // It waits again, as the item that it is: a later decision will end it.
            OutcomeKind::Queued => return Ok(outcome),
        };
        let problem = match end {
            intake::Outcome::Refused => {
                outcome.problem.as_ref().and_then(|problem| Code::new(&problem.code).ok())
            }
            intake::Outcome::Recorded | intake::Outcome::Unchanged => None,
        };
        let resolved = Resolved { outcome: end, position: outcome.position, child, problem };
        let filed = self.ended(&filing(EventId(self.ids().next())), item, resolved)?;
        tickets.push(filed.ticket);
        Ok(outcome)
    }
}
