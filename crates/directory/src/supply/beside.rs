//! Side by side: events about children who are linked already are taken at once by as many as there are, each
//! waiting for its turn at the child; whoever must tell who is meant holds the desk alone.
//!
//! Source: ADR-0015, ADR-0030.

use events::{
    child::identity,
    supplied::{RefKind, Supplied},
};
use vocabulary::{ChildId, InvolvementId, KeyedRef};

use super::{Mode, Placed, Said, Sender, SuppliedEvent, SupplyError};
use crate::{
    Directory,
    children::LoadError,
    commands::{involvement_id, keyed},
    desk::Desk,
    filing::Filing,
    keying,
    outcome::{Pending, Problem},
};

/// Which child a reference means, where it says so plainly.
#[derive(Debug, PartialEq, Eq)]
enum Plainly {
    /// It is linked.
    Linked(ChildId),
    /// It is not linked, and what is told describes a child.
    Described(KeyedRef),
    /// More is needed to tell.
    Not,
}

impl Directory {
    /// A number that is the same for events of one supplier whose order matters; `None` where that cannot be told
    /// before those that came earlier are filed.
    ///
    /// Cost: a keyed hash; a look at the child where it is meant by an involvement alone.
    ///
    /// # Errors
    /// A machine failed.
    pub fn order_of(&self, sender: &Sender, event: &SuppliedEvent) -> Result<Option<u64>, LoadError> {
        let supplier = &sender.organisation;
        let several = matches!(
            event.told,
            Supplied::PractitionerContactsChanged { .. } | Supplied::LocalRefsMerged { .. }
        );
        let own = |reference: KeyedRef| Some(reference.0.as_u64_pair().1);
        let local = event.told.child().and_then(|child| child.local_ref.as_ref());
        if let Some(local) = local {
            return Ok(own(keying::keyed_ref(self.vault(), supplier, RefKind::Local, local.as_str())));
        }
        let Some(involvement) = event.told.involvement_ref().filter(|_| !several) else { return Ok(None) };
        let keyed = keying::keyed_ref(self.vault(), supplier, RefKind::Involvement, involvement.as_str());
        let Some(id) = self.involved(InvolvementId::new(keyed.0))? else { return Ok(None) };
        let child = &self.load_own(id)?.child;
        let mut refs = child.refs.iter().filter(|(_, link)| link.supplier == *supplier);
        Ok(match (refs.next(), refs.next()) {
            (Some((only, _)), None) => own(*only),
            (_, _) => None,
        })
    }

    /// Places an event of a client while nobody else files.
    pub(super) fn place_alone(&self, said: &Said) -> Placed {
        let mut desk = self.desk_mut();
        match self.taken_before(&desk, &said.filing)? {
            Some(known) => Ok(known),
            None => self.place(&mut desk, said),
        }
    }

    /// What an event came to that this client sent before under the same id.
    fn taken_before(&self, desk: &Desk, filing: &Filing) -> Result<Option<Pending>, SupplyError> {
        let seen = self.handles().seen(filing.id, self.log()).map_err(LoadError::from)?;
        let Some(seen) = seen else { return Ok(None) };
        if seen.body != filing.body {
            return Ok(Some(Pending::refused(String::new(), Problem::id_reused())));
        }
        self.duplicate(desk, seen.position).map(Some)
    }

    /// Places an event about a child that is linked already, beside others who file; `None` where that cannot be.
    pub(super) fn place_beside_others(&self, said: &Said) -> Result<Option<Pending>, SupplyError> {
        let desk = self.desk();
        let _turn = self.turns().event(said.filing.id);
        if let Some(known) = self.taken_before(&desk, &said.filing)? {
            return Ok(Some(known));
        }
        if self.not_permitted(said).is_some() {
            return Ok(None);
        }
        match self.meant_plainly(&desk, &said.told)? {
            Plainly::Linked(child) => {
                let _at_the_child = self.turns().child(child);
                // Whoever had the turn before may have taken the reference off the child; and what is one child with
                // others is filed in several records.
                let stands = self.meant_plainly(&desk, &said.told)? == Plainly::Linked(child);
                if !stands || self.kinship().is_merged(child) {
                    return Ok(None);
                }
                self.file_for(said, child, None).map(Some)
            }
            Plainly::Described(reference) if said.mode == Mode::FirstLoad => {
                let _at_the_reference = self.turns().reference(reference);
                // Whoever had the turn before made the child.
                if self.linked(reference)?.is_some() {
                    return Ok(None);
                }
                self.rest_index();
                let new = Some(identity::Judgement::New.into());
                self.file_for(said, ChildId::new(self.ids().next()), new).map(Some)
            }
            Plainly::Described(_) | Plainly::Not => Ok(None),
        }
    }

    /// Which child an event means, where a linked reference says it and nothing waits there.
    fn meant_plainly(&self, desk: &Desk, told: &Supplied) -> Result<Plainly, LoadError> {
        let involvement = told.involvement_ref().map(involvement_id);
        let waits = |reference: KeyedRef| desk.waiting_refs.contains_key(&reference);
        if told.involvement_ref().is_some_and(|reference| waits(keyed(reference))) {
            return Ok(Plainly::Not);
        }
        let several = matches!(
            told,
            Supplied::PractitionerContactsChanged { .. }
                | Supplied::LocalRefsMerged { .. }
                | Supplied::LinkDisputed { .. }
        );
        let Some(child) = told.child().filter(|_| !several) else {
            let linked = involvement.filter(|_| !several).map_or(Ok(None), |id| self.involved(id))?;
            return Ok(linked.map_or(Plainly::Not, Plainly::Linked));
        };
        let local = child.local_ref.as_ref().and_then(events::supplied::SuppliedRef::keyed);
        let Some(local) = local.filter(|local| child.child_number.is_none() && !waits(*local)) else {
            return Ok(Plainly::Not);
        };
        Ok(match self.linked(local)? {
            Some(linked) => Plainly::Linked(linked),
            None if child.is_described() => Plainly::Described(local),
            None => Plainly::Not,
        })
    }
}
