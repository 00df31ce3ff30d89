//! A record without what few may know of: looked at by the others, so that what is hidden takes none of their time.
//!
//! Source: reliability notes, T4; rules.md 2.3 (nothing is told, by an answer or by its time, of what is not seen).
//! It grants nothing: [`crate::scope()`] and [`crate::view_within`] judge what is left as they judge the whole, and
//! say the same of either to everyone to whom the outward record is given.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use events::child::{Child, involvement::Involvement};
use vocabulary::{FieldGroup, OrganisationId, ServiceClass};

use crate::{
    scope::{Grant, Scope},
    sensitive::Suspicion,
};

/// A record as it is known to whoever may not know of its hidden entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outward {
    /// Apart, as the whole is: one that lay nearer would be found sooner.
    child: Arc<Child>,
    /// Whose the hidden entries are, who see their own: a bit for each. Another's that shares it is shown the whole
    /// too, which is judged the same; the organisations themselves would take a look into memory that tells on them.
    parties: u64,
}

impl Outward {
    /// The record without its hidden entries, or `None` where it has none. Cost: a copy of the record, if any is
    /// hidden.
    pub fn of(child: &Child) -> Option<Outward> {
        let hidden = |entry: &Involvement| is_hidden(child, entry);
        if !child.involvements.values().any(hidden) {
            return None;
        }
        let parties = child.involvements.values().filter(|entry| hidden(entry));
        let parties = parties.fold(0, |bits, entry| bits | bit(&entry.organisation) | bit(&entry.supplier));
        let mut outward = child.clone();
        outward.involvements.retain(|_, entry| !hidden(entry));
        let told: BTreeSet<_> = outward.involvements.values().filter_map(|entry| entry.episode).collect();
        // Who reads the history of a record reads the whole of it (group I).
        outward.episodes.retain(|episode, _| told.contains(episode));
        Some(Outward { child: Arc::new(outward), parties })
    }

    /// The outward record: a scope of it is one of the whole.
    pub fn child(&self) -> &Child {
        &self.child
    }

    /// The outward record, where nothing hidden is anything to this onlooker; else they are to be shown the whole.
    pub fn suffices(&self, onlooker: Onlooker) -> Option<&Child> {
        (onlooker.blind && self.parties & onlooker.parties == 0).then(|| self.child.as_ref())
    }
}

/// Who looks, as far as it decides between the two; made for every look, whether or not anything is hidden.
#[derive(Debug, Clone, Copy)]
pub struct Onlooker {
    /// Whether somebody involved may not know of hidden entries, but of their own organisation's.
    blind: bool,
    parties: u64,
}

impl Onlooker {
    /// Somebody of an organisation, with a scope judged for the record.
    pub fn of(scope: &Scope, organisation: &OrganisationId) -> Onlooker {
        let knows = |grant: &Grant| {
            let whole = [FieldGroup::G, FieldGroup::I].into_iter().any(|group| grant.groups.has(group));
            whole || grant.suspicion == Suspicion::Known
        };
        let own = scope.grants().filter_map(|grant| grant.own.as_ref());
        Onlooker {
            // Everything shown must be granted to each person, so that one who may not know is enough.
            blind: scope.grants().any(|grant| !knows(grant)),
            parties: own.fold(bit(organisation), |bits, own| bits | bit(own)),
        }
    }
}

/// One of 64 bits, by nothing but the name.
fn bit(organisation: &OrganisationId) -> u64 {
    let mut hasher = DefaultHasher::new();
    organisation.hash(&mut hasher);
    1 << (hasher.finish() % 64)
}

/// Whether an entry is nothing to those who neither see sensitive services nor know of suspicions, on any day.
fn is_hidden(child: &Child, entry: &Involvement) -> bool {
    if entry.in_error || child.is_disputed(&entry.source) {
        return true;
    }
    match entry.class() {
        ServiceClass::Universal | ServiceClass::Additional => false,
        ServiceClass::Protected => true,
        // With consent there is a line, which is no secret.
        ServiceClass::Sensitive => {
            let episode = entry.episode.and_then(|episode| child.episodes.get(&episode));
            episode.is_none_or(|episode| episode.consent.is_none())
        }
    }
}
