//! Asking: which record a reference, an identifier or a number means. The handle proposes, the record confirms.

use std::collections::BTreeSet;

use events::child::Child;
use vault::Vault;
use vocabulary::{ChildId, ChildNumber, InvolvementId, KeyedRef, ShieldId, TransferId};

use super::{Handle, Handles};
use crate::{Directory, children::LoadError, keying};

impl Directory {
    /// The record that a supplier's reference is linked to.
    ///
    /// # Errors
    /// A machine failed.
    pub(crate) fn linked(&self, reference: KeyedRef) -> Result<Option<ChildId>, LoadError> {
        self.first(Handle::local(reference), |child| child.refs.contains_key(&reference))
    }

    /// The record that an involvement stands on.
    ///
    /// # Errors
    /// A machine failed.
    pub(crate) fn involved(&self, id: InvolvementId) -> Result<Option<ChildId>, LoadError> {
        self.first(Handle::involvement(id), |child| child.involvements.contains_key(&id))
    }

    /// The record that a shield, or a request for one, stands on.
    ///
    /// # Errors
    /// A machine failed.
    pub(crate) fn shielded(&self, id: ShieldId) -> Result<Option<ChildId>, LoadError> {
        self.first(Handle::shield(id), |child| {
            child.shields.contains_key(&id) || child.shield_requests.contains_key(&id)
        })
    }

    /// The record that a move is proposed of.
    ///
    /// # Errors
    /// A machine failed.
    pub(crate) fn transferred(&self, id: TransferId) -> Result<Option<ChildId>, LoadError> {
        self.first(Handle::transfer(id), |child| child.transfers.contains_key(&id))
    }

    /// The record whose own number this is.
    ///
    /// # Errors
    /// A machine failed.
    pub(crate) fn numbered_itself(&self, number: ChildNumber) -> Result<Option<ChildId>, LoadError> {
        for id in self.handles().find(Handle::number(number))? {
            if self.load_own(id)?.outwardly().number == Some(number) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// The record that answers for a number: its own, or that of the child it was merged into.
    ///
    /// # Errors
    /// A machine failed.
    pub(crate) fn numbered(&self, number: ChildNumber) -> Result<Option<ChildId>, LoadError> {
        Ok(self.numbered_itself(number)?.map(|id| self.kinship().root(id)))
    }

    /// I-29: an identifier belongs to at most one live child; of those that are given it, the first keeps it.
    ///
    /// # Errors
    /// A machine failed.
    pub(crate) fn holder(&self, identifier: KeyedRef) -> Result<Option<ChildId>, LoadError> {
        let mut first = None;
        for id in self.handles().find(Handle::identifier(identifier))? {
            let own = self.load_own(id)?;
            for (given, since) in keying::identifiers(self.vault(), &own.child) {
                if given == identifier && first.is_none_or(|first| (since, id) < first) {
                    first = Some((since, id));
                }
            }
        }
        Ok(first.map(|(_, id)| id))
    }

    /// The records on which an entry names this practitioner.
    ///
    /// # Errors
    /// A machine failed.
    pub(crate) fn worked_with_by(&self, practitioner: KeyedRef) -> Result<Vec<ChildId>, LoadError> {
        self.all(Handle::practitioner(practitioner), |child| {
            practitioners(child).any(|named| named == practitioner)
        })
    }

    /// The records that a person decided a reference does not mean.
    ///
    /// # Errors
    /// A machine failed.
    pub(crate) fn apart_from(&self, reference: KeyedRef) -> Result<BTreeSet<ChildId>, LoadError> {
        let found = self.all(Handle::told_apart(reference), |child| child.told_apart.contains(&reference))?;
        Ok(found.into_iter().collect())
    }

    fn first(&self, handle: Handle, is: impl Fn(&Child) -> bool) -> Result<Option<ChildId>, LoadError> {
        for id in self.handles().find(handle)? {
            if is(&self.load_own(id)?.child) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    fn all(&self, handle: Handle, is: impl Fn(&Child) -> bool) -> Result<Vec<ChildId>, LoadError> {
        let mut found = Vec::new();
        for id in self.handles().find(handle)? {
            if is(&self.load_own(id)?.child) {
                found.push(id);
            }
        }
        Ok(found)
    }
}

impl Handles {
    /// Lets a record be found by all that it has and had not before; where it is matched `alike`, identifiers too are
    /// those that it had.
    pub(crate) fn follow(
        &self,
        id: ChildId,
        before: Option<&Child>,
        after: &Child,
        alike: bool,
        vault: &Vault,
    ) {
        let nothing = Child::default();
        let before = before.unwrap_or(&nothing);
        let mut new = Vec::new();
        if after.number != before.number {
            new.extend(after.number.map(Handle::number));
        }
        let locals = after.refs.keys().filter(|held| !before.refs.contains_key(held));
        new.extend(locals.map(|held| Handle::local(*held)));
        let involvements = after.involvements.keys().filter(|held| !before.involvements.contains_key(held));
        new.extend(involvements.map(|held| Handle::involvement(*held)));
        let shields = after.shields.keys().chain(after.shield_requests.keys());
        let was_there =
            |held: &ShieldId| before.shields.contains_key(held) || before.shield_requests.contains_key(held);
        new.extend(shields.filter(|held| !was_there(held)).map(|held| Handle::shield(*held)));
        let moves = after.transfers.keys().filter(|held| !before.transfers.contains_key(held));
        new.extend(moves.map(|held| Handle::transfer(*held)));
        let named = practitioners(after).filter(|named| !practitioners(before).any(|known| known == *named));
        new.extend(named.map(Handle::practitioner));
        let apart = after.told_apart.iter().filter(|held| !before.told_apart.contains(held));
        new.extend(apart.map(|held| Handle::told_apart(*held)));
        if !after.ties.is_empty() && before.ties.is_empty() {
            new.push(Handle::TIED);
        }
        if !alike {
            let given = keying::identifiers(vault, after);
            new.extend(given.into_iter().map(|(hash, _)| Handle::identifier(hash)));
        }
        self.put_all(&new, id);
    }
}

fn practitioners(child: &Child) -> impl Iterator<Item = KeyedRef> {
    child.involvements.values().filter_map(|held| Some(held.practitioner.as_ref()?.practitioner_ref))
}
