//! What is remembered beside a child's own facts: repeats, counts, and what touches several children at once.

use events::{
    Fact,
    child::{Command, involvement},
    intake,
    recorded::Entry,
    supplied::Supplied,
};
use vocabulary::{BodyHash, ChildId, EventId, IntakeId, KeyId, KeyedRef, Position};

use super::{Mode, Placed, Said, SupplyError};
use crate::{
    Directory,
    desk::Desk,
    filing::{FileError, Filed, Filing, refused},
    handles::Seen,
    judge::Unmeant,
    outcome::{OutcomeKind, Pending, Problem},
    unseal::{Sealing, seal},
};

impl Directory {
    /// The present outcome of an event that was taken before, under the position of its first record.
    pub(super) fn duplicate(&self, desk: &Desk, position: Position) -> Placed {
        let present = self.present(desk, position)?;
        let present = present.outcome();
        Ok(Pending::standing(OutcomeKind::Duplicate, position)
            .about(present.child_number)
            .but(present.problem.clone())
            .differing_like(present))
    }

    /// `unchanged`: nothing is added to the child, but the id stays known.
    pub(super) fn repeated(&self, said: &Said, child: ChildId) -> Placed {
        if said.mode == Mode::DryRun || said.filing.body == BodyHash::default() {
            return Ok(Pending::judged(OutcomeKind::Unchanged));
        }
        let fact = intake::Event::StatementRepeated {
            supplier: said.sender.organisation.clone(),
            child: Some(child),
        };
        let filed = self.note(said, fact)?;
        Ok(Pending::filed(OutcomeKind::Unchanged, filed))
    }

    /// Rules.md 3.3: a refusal of consent keeps nothing about the service, only a count; it reads `recorded`.
    pub(super) fn count_refusal(&self, said: &Said, child: Option<ChildId>) -> Placed {
        if said.mode == Mode::DryRun {
            return Ok(Pending::judged(OutcomeKind::Recorded));
        }
        let _ = child;
        let fact = intake::Event::ConsentRefusalCounted { supplier: said.sender.organisation.clone() };
        let filed = self.note(said, fact)?;
        Ok(Pending::filed(OutcomeKind::Recorded, filed))
    }

    /// Appends one fact that belongs to no child, under the key of its month.
    fn note(&self, said: &Said, fact: intake::Event) -> Result<Filed, SupplyError> {
        let key = self.months().key(said.filing.now, self.vault()).map_err(FileError::from)?;
        let item = IntakeId::new(self.ids().next());
        self.intake(&said.filing, item, key, fact)
    }

    /// Appends one fact to the stream of an item.
    pub(crate) fn intake(
        &self,
        filing: &Filing,
        item: IntakeId,
        key: KeyId,
        fact: intake::Event,
    ) -> Result<Filed, SupplyError> {
        let stream = item.stream();
        let entry = Entry { by: filing.by.clone(), cause: filing.cause, facts: vec![Fact::Intake(fact)] };
        let sealing = Sealing {
            stream,
            event_id: filing.id,
            body: filing.body,
            key,
            happened_at: filing.happened_at,
            recorded_at: filing.now,
        };
        let proposed = seal(self.vault(), &sealing, &entry).map_err(FileError::from)?;
        let ticket = self.log().submit(stream, event_log::Expected::Any, vec![proposed]);
        let Some(position) = ticket.position() else { return Err(refused(ticket).into()) };
        if filing.body != BodyHash::default() {
            self.handles().see(filing.id, Seen { position, body: filing.body });
        }
        Ok(Filed { ticket, position })
    }

    /// Tells what an item came to, under the key of the month: that outlasts what was sent.
    pub(crate) fn ended(
        &self,
        filing: &Filing,
        item: IntakeId,
        resolved: intake::Resolved,
    ) -> Result<Filed, SupplyError> {
        let key = self.months().key(filing.now, self.vault()).map_err(FileError::from)?;
        self.intake(filing, item, key, intake::Event::EventResolved(resolved))
    }

    /// New contacts on every open entry of the supplier that names the practitioner, child by child.
    ///
    /// The record that bears the event id is written last: a crash before it leaves the event unknown, and the
    /// same event again finds the others changed already.
    pub(super) fn practitioner_changed(&self, said: &Said, practitioner: KeyedRef) -> Placed {
        let Supplied::PractitionerContactsChanged { contacts, .. } = &said.told else {
            return Ok(Pending::judged(OutcomeKind::Unchanged));
        };
        let children = self.worked_with_by(practitioner)?;
        let mut changes = Vec::new();
        let mut refusal = None;
        let mut holds = false;
        for child in children {
            let known = self.load(child)?;
            let ask = Command::Involvement(involvement::Command::ChangeContacts {
                supplier: said.sender.organisation.clone(),
                practitioner_ref: practitioner,
                contacts: contacts.clone(),
            });
            match Self::decided(&known, std::slice::from_ref(&ask), said) {
                Ok(events) => {
                    holds = true;
                    if !events.is_empty() {
                        changes.push((child, known, events));
                    }
                }
                Err(events::child::Refusal::Involvement(involvement::Refusal::Unknown)) => (),
                Err(other) => refusal = refusal.or(Some(other)),
            }
        }
        if let Some(refusal) = refusal {
            return Ok(Pending::refused(String::new(), Problem::refused(&refusal)));
        }
        if !holds {
            let unmeant = Unmeant::PractitionerUnknown;
            return Ok(Pending::refused(String::new(), Problem::new(unmeant.code(), unmeant.to_string())));
        }
        let Some((last, last_known, last_events)) = changes.pop() else {
            if said.mode == Mode::DryRun {
                return Ok(Pending::judged(OutcomeKind::Unchanged));
            }
            let fact =
                intake::Event::StatementRepeated { supplier: said.sender.organisation.clone(), child: None };
            let filed = self.note(said, fact)?;
            return Ok(Pending::filed(OutcomeKind::Unchanged, filed));
        };
        if said.mode == Mode::DryRun {
            return Ok(Pending::judged(OutcomeKind::Recorded));
        }
        let mut tickets = Vec::new();
        for (child, known, events) in changes {
            let filing = Filing {
                id: EventId(self.ids().next()),
                body: BodyHash::default(),
                cause: Some(said.filing.id),
                ..said.filing.clone()
            };
            tickets.push(self.file(&filing, child, &known, events)?.ticket);
        }
        let filed = self.file(&said.filing, last, &last_known, last_events)?;
        Ok(tickets.into_iter().fold(Pending::filed(OutcomeKind::Recorded, filed), Pending::and))
    }
}
