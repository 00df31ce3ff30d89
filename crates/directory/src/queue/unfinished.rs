//! What was decided of the queue and cut short: it is carried out when the directory opens again.
//!
//! A decision and the ends that follow from it are several appends, each of its own stream. The desk is held
//! through them all, so only a crash comes between. Source: contract.md section 3 (`queued`).

use events::{Fact, child::Event, intake::Decision, recorded::Payload, supplied::SuppliedRef};
use vocabulary::{ChildId, IntakeId, Revision};

use super::{Item, deciding::Run};
use crate::{
    Directory,
    children::LoadError,
    commands::involvement_id,
    filing::FileError,
    outcome::{OutcomeKind, Pending},
    supply::SupplyError,
    unseal::unseal,
};

/// The decisions whose items are not all at their ends, in the order they were made.
#[derive(Debug, Default)]
pub(crate) struct Unfinished(Vec<Remaining>);

/// One decision, with those of its items that have no end yet, in order.
#[derive(Debug)]
struct Remaining {
    head: IntakeId,
    decision: Decision,
    items: Vec<IntakeId>,
}

impl Unfinished {
    /// An item was decided, with everything that waited behind it.
    pub(crate) fn decided(&mut self, head: IntakeId, decision: Decision, behind: Vec<IntakeId>) {
        let items = std::iter::once(head).chain(behind).collect();
        self.0.push(Remaining { head, decision, items });
    }

    /// An item came to its end, or waits again.
    pub(crate) fn ended(&mut self, item: IntakeId) {
        for remaining in &mut self.0 {
            remaining.items.retain(|held| *held != item);
        }
        self.0.retain(|remaining| !remaining.items.is_empty());
    }
}

impl Directory {
    /// Carries out what was decided and cut short, and waits until it is durable.
    ///
    /// # Errors
    /// A machine failed; what was carried out until then stands, the rest is found again at the next opening.
    pub(crate) fn finish(&self, unfinished: Unfinished) -> Result<(), SupplyError> {
        let mut tickets = Vec::new();
        let mut desk = self.desk_mut();
        for Remaining { head, decision, items } in unfinished.0 {
            self.end_all(&mut desk, head, decision, (Run::Resumed, items.into_iter()), &mut tickets)?;
        }
        drop(desk);
        for ticket in tickets {
            ticket.wait().map_err(FileError::from)?;
        }
        Ok(())
    }

    /// What an item came to when its facts were recorded and only its end was not: placed twice, a child that
    /// was decided to be new would be two.
    pub(super) fn placed_before(
        &self,
        held: &Item,
        decision: Decision,
    ) -> Result<Option<Pending>, LoadError> {
        let queued = held.state.queued.as_ref().map(|queued| &queued.told);
        let waiting = held.state.waiting.as_ref().map(|waiting| &waiting.told);
        let Some(told) = queued.or(waiting) else { return Ok(None) };
        let decided = if let Decision::Link { child } = decision { Some(child) } else { None };
        let local = told.child().and_then(|child| child.local_ref.as_ref()).and_then(SuppliedRef::keyed);
        let by_local = local.map_or(Ok(None), |local| self.linked(local))?;
        let involvement = told.involvement_ref().map(involvement_id);
        let by_involvement = involvement.map_or(Ok(None), |id| self.involved(id))?;
        let named = told.child().and_then(|child| child.child_number);
        let by_number = named.map_or(Ok(None), |number| self.numbered(number))?;
        let mut children: Vec<ChildId> =
            [decided, by_local, by_involvement, by_number].into_iter().flatten().collect();
        children.sort_unstable();
        children.dedup();
        for id in children {
            let mut found = None;
            let mut failed = None;
            self.log().read_stream(id.stream(), Revision::NONE, &mut |record| match unseal(
                self.vault(),
                record,
            ) {
                Ok(recorded) => {
                    let Payload::Open(entry) = &recorded.payload else { return };
                    let follows = entry.cause == Some(held.id);
                    // That a link is disputed was told before anybody decided; it is no end.
                    let ends = |fact: &Fact| {
                        matches!(fact, Fact::Child(event) if !matches!(event, Event::LinkDisputed(_)))
                    };
                    if follows && entry.facts.iter().any(ends) {
                        found = Some(recorded.position);
                    }
                }
                Err(error) => failed = failed.take().or(Some(error)),
            })?;
            if let Some(error) = failed {
                return Err(error.into());
            }
            if let Some(position) = found {
                let number = self.load(id)?.child.number;
                return Ok(Some(Pending::standing(OutcomeKind::Recorded, position).about(number)));
            }
        }
        Ok(None)
    }
}
