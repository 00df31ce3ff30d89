//! Deciding an item of the queue: it goes in by what was decided, and what waited behind it follows in order.

use events::{
    child::identity::Judgement,
    decider::Decider,
    intake::{self, Decision, Intake, Resolved},
    recorded::Actor,
    refused::Code,
};
use vocabulary::{BodyHash, ChildNumber, EventId, IntakeId, Position};

use super::Item;
use crate::{
    Directory,
    by_hand::HandError,
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
    /// It is this child.
    Link(ChildNumber),
    /// It is a child that the directory does not hold.
    New,
    /// It should not have been sent.
    Reject,
}

/// How an item comes to its end.
enum End {
    /// It is placed: by what was decided, or by its own references.
    Place(Option<Meant>),
    /// It is rejected.
    Reject,
}

impl Directory {
    /// Decides an item of the queue; it and everything behind it go in, in order.
    ///
    /// # Errors
    /// `Unknown`: no such item, or not this person's. `Refused`: decided already. Others: a machine failed.
    pub fn decide_queue(
        &self,
        person: &Person,
        id: IntakeId,
        decision: QueueDecision,
    ) -> Result<Pending, HandError> {
        let now = self.clock().now();
        let mut desk = self.desk_mut();
        let held = self.item(id)?.ok_or(HandError::Unknown)?;
        let queued = held.state.queued.clone().ok_or(HandError::Unknown)?;
        if !self.decides(person, &queued)? {
            return Err(HandError::Unknown);
        }
        let kept = match decision {
            QueueDecision::New => Decision::New,
            QueueDecision::Reject => Decision::Reject,
            QueueDecision::Link(number) => {
                Decision::Link { child: desk.numbers.get(&number).copied().ok_or(HandError::Unknown)? }
            }
        };
        let asked = intake::Command::Decide { decision: kept };
        let events = Intake::decide(&held.state, &asked, now)
            .map_err(|refusal| HandError::Refused { code: refusal.code(), detail: refusal.to_string() })?;
        let filing = Filing {
            by: person.actor(),
            cause: Some(held.id),
            id: EventId(self.ids().next()),
            body: BodyHash::default(),
            happened_at: now,
            now,
        };
        let mut tickets = Vec::new();
        let mut position = Position::ZERO;
        for event in events {
            let filed = self.intake(&mut desk, &filing, id, held.key, event)?;
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

    /// Carries out what was decided of an item: it first, then what waited behind it, in order.
    pub(crate) fn carry_out(
        &self,
        desk: &mut Desk,
        id: IntakeId,
        decision: Decision,
        tickets: &mut Vec<event_log::Ticket>,
    ) -> Result<Outcome, SupplyError> {
        let waiting = desk.dequeue(id);
        let mut first = None;
        // Only the item itself was decided; what waited behind it finds its child by the references it left.
        let mut end = match decision {
            Decision::Link { child } => End::Place(Some(Meant::Child(child, Some(Judgement::Decided)))),
            Decision::New => End::Place(Some(Meant::New)),
            Decision::Reject => End::Reject,
        };
        for item in std::iter::once(id).chain(waiting.behind) {
            let Some(held) = self.item(item)? else { continue };
            if held.state.resolved.is_some() {
                continue;
            }
            let how = std::mem::replace(&mut end, End::Place(None));
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
        let pending = if let End::Place(decided) = how {
            let kind = self
                .register()
                .organisation(supplier)
                .and_then(|organisation| organisation.details.as_ref().map(|details| details.kind))
                .unwrap_or(vocabulary::OrganisationKind::NationalSupplier);
            let said = Said {
                sender: Sender {
                    organisation: supplier.clone(),
                    kind,
                    client: client.clone(),
                    states_others: true,
                },
                filing: filing(EventId(self.ids().next())),
                told: (**told).clone(),
                mode: Mode::Record,
                decided,
                recorded_by: None,
            };
            self.place(desk, &said)?
        } else {
            Pending::refused(
                String::new(),
                Problem::new("identity_rejected", "a data manager rejected this event".to_owned()),
            )
        };
        let (outcome, waits) = pending.parts();
        tickets.extend(waits);
        let child = outcome.child_number.and_then(|number| desk.numbers.get(&number).copied());
        let end = match outcome.kind {
            OutcomeKind::Recorded | OutcomeKind::Duplicate => intake::Outcome::Recorded,
            OutcomeKind::Unchanged => intake::Outcome::Unchanged,
            OutcomeKind::Refused => intake::Outcome::Refused,
            // It found its way behind another item: that one's decision will end it.
            OutcomeKind::Queued => return Ok(outcome),
        };
        let problem = match end {
            intake::Outcome::Refused => {
                outcome.problem.as_ref().and_then(|problem| Code::new(&problem.code).ok())
            }
            intake::Outcome::Recorded | intake::Outcome::Unchanged => None,
        };
        let fact = intake::Event::EventResolved(Resolved {
            outcome: end,
            position: outcome.position,
            child,
            problem,
        });
        let filed = self.intake(desk, &filing(EventId(self.ids().next())), item, held.key, fact)?;
        tickets.push(filed.ticket);
        Ok(outcome)
    }
}
