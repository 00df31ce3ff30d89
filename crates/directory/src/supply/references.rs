//! What a supplier says of its own references: that two mean one child, or that one means another.
//!
//! Source: contract.md section 3 (`child.local_refs_merged`, `child.link_disputed`).

use events::{
    child::{Command, identity, merging},
    intake,
};
use vocabulary::{BodyHash, ChildId, EventId, KeyedRef, OrganisationId};

use super::{Mode, Placed, Said};
use crate::{
    Directory,
    desk::Desk,
    filing::Filing,
    judge::{Meant, Unmeant},
    outcome::{OutcomeKind, Pending, Problem},
};

impl Directory {
    /// Two references of one supplier become one, where both mean one child or one of them nothing yet.
    pub(super) fn refs_merged(&self, desk: &mut Desk, said: &Said, from: KeyedRef, to: KeyedRef) -> Placed {
        let unknown = || {
            let unmeant = Unmeant::LocalRefUnknown;
            Ok(Pending::refused(String::new(), Problem::new(unmeant.code(), unmeant.to_string())))
        };
        if let Some(head) = [from, to].iter().find_map(|reference| desk.waiting_refs.get(reference)).copied()
        {
            return self.wait(desk, said, head);
        }
        match (self.linked(from)?, self.linked(to)?) {
            (Some(child), other) if other.is_none_or(|other| other == child) => {
                self.file_for(said, child, None)
            }
            // Two records of one child: a person said so, and nothing is left to do.
            (Some(child), Some(other)) if self.kinship().root(child) == self.kinship().root(other) => {
                let number = self.load(child)?.child.number;
                self.repeated(said, child).map(|pending| pending.about(number))
            }
            // The references mean two children: whether these are one is for a person to decide.
            (Some(child), Some(other)) => {
                self.enqueue(desk, said, intake::QueueReason::Several, vec![child, other], Vec::new())
            }
            (None, _) | (Some(_), None) => unknown(),
        }
    }

    /// A disputed link hides the supplier's entries at once and waits for the authority.
    pub(super) fn disputed(&self, desk: &mut Desk, said: &Said, reference: KeyedRef) -> Placed {
        if let Some(head) = desk.waiting_refs.get(&reference).copied() {
            return self.wait(desk, said, head);
        }
        let Some(child) = self.linked(reference)? else {
            let unmeant = Unmeant::LocalRefUnknown;
            return Ok(Pending::refused(String::new(), Problem::new(unmeant.code(), unmeant.to_string())));
        };
        let known = self.load(child)?;
        let ask = Command::Identity(identity::Command::Dispute { local_ref: reference });
        let events = match Self::decided(&known, &[ask], said) {
            Ok(events) => events,
            Err(refusal) => return Ok(Pending::refused(String::new(), Problem::refused(&refusal))),
        };
        if said.mode == Mode::DryRun {
            return Ok(Pending::judged(OutcomeKind::Queued).about(known.child.number));
        }
        // The entries are hidden first: a crash before the item leaves the event unknown, to be sent again.
        let mut hidden = None;
        if !events.is_empty() {
            let filing = Filing {
                id: EventId(self.ids().next()),
                body: BodyHash::default(),
                cause: Some(said.filing.id),
                ..said.filing.clone()
            };
            hidden = Some(self.file(&filing, child, &known, events)?.ticket);
        }
        let pending = self.enqueue(desk, said, intake::QueueReason::LinkDisputed, vec![child], Vec::new())?;
        Ok(hidden.into_iter().fold(pending, Pending::and).about(known.child.number))
    }

    /// Ends a dispute as a person decided: the link stands, or it goes and takes what was said under it along.
    ///
    /// What was said of the wrong child is not said of the right one: the supplier, which now knows, says it anew.
    /// The old link goes first, since a reference means one child at every moment.
    pub(super) fn dispute_decided(&self, said: &Said, reference: KeyedRef, meant: &Meant) -> Placed {
        let linked = self.linked(reference)?;
        let right = if let Meant::Child(child, _) = meant { Some(*child) } else { None };
        let is_right = |record: ChildId| {
            right.is_some_and(|right| self.kinship().root(right) == self.kinship().root(record))
        };
        let mut tickets = Vec::new();
        if let Some(wrong) = linked.filter(|record| !is_right(*record)) {
            let filing =
                Filing { id: EventId(self.ids().next()), body: BodyHash::default(), ..said.filing.clone() };
            let asks = [
                Command::Identity(identity::Command::EnterInError { local_ref: reference }),
                Command::Merging(merging::Command::TellApart {
                    other: merging::Other::LocalRef(reference),
                    shield: None,
                }),
            ];
            let gone = self.on_link(&Said { filing, ..said.clone() }, wrong, &asks)?;
            tickets.extend(gone.parts().1);
        }
        let pending = match right {
            Some(child) => {
                // A link that stands, stands in the record where it is.
                let record = linked.filter(|record| is_right(*record)).unwrap_or(child);
                self.on_link(said, record, &[link(&said.sender.organisation, reference)])?
            }
            None => Pending::judged(OutcomeKind::Recorded),
        };
        Ok(tickets.into_iter().fold(pending, Pending::and))
    }

    /// Lets a disputed link stand, since a person rejected the dispute.
    pub(crate) fn dispute_rejected(&self, said: &Said, reference: KeyedRef) -> Placed {
        match self.linked(reference)? {
            Some(child) => self.on_link(said, child, &[link(&said.sender.organisation, reference)]),
            None => Ok(Pending::judged(OutcomeKind::Unchanged)),
        }
    }

    /// Asks about a link of one child, and files what follows.
    fn on_link(&self, said: &Said, child: ChildId, asks: &[Command]) -> Placed {
        let known = self.load(child)?;
        let number = known.child.number;
        match Self::decided(&known, asks, said) {
            Err(refusal) => Ok(Pending::refused(String::new(), Problem::refused(&refusal))),
            Ok(events) if events.is_empty() => Ok(Pending::judged(OutcomeKind::Unchanged).about(number)),
            Ok(events) => {
                let filed = self.file(&said.filing, child, &known, events)?;
                Ok(Pending::filed(OutcomeKind::Recorded, filed).about(number))
            }
        }
    }
}

fn link(supplier: &OrganisationId, local_ref: KeyedRef) -> Command {
    let judgement = identity::Judgement::Decided;
    Command::Identity(identity::Command::Link {
        supplier: supplier.clone(),
        local_ref,
        judgement,
        weighing: None,
    })
}
