//! Filing: facts about a child become one append, and everything in memory moves with it.
//!
//! The desk is held while a child is decided and its records are submitted, never while they become durable:
//! what was submitted is seen by every later decision, and nobody is answered before the ticket resolves.

mod home;

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use event_log::{AppendError, Expected, Ticket};
use events::{
    Fact,
    child::{Child, Event},
    decider::{Decider, When},
    recorded::{Actor, Entry},
};
use vocabulary::{BodyHash, ChildId, EventId, KeyId, KeyedRef, Position};

use crate::{
    Directory,
    children::{Known, LoadError},
    entry::{held, index_entry, is_found_alike, is_matched_alike},
    handles::Seen,
    unseal::{SealError, Sealing, seal},
};

/// Who files, when, and under which event id.
#[derive(Debug, Clone)]
pub(crate) struct Filing {
    /// Who causes the records.
    pub(crate) by: Actor,
    /// The record that this follows from.
    pub(crate) cause: Option<EventId>,
    /// Id of the record that the answer names; remembered for suppliers' events.
    pub(crate) id: EventId,
    /// Hash of the body of a supplier's event; all zero for others.
    pub(crate) body: BodyHash,
    /// When it happened.
    pub(crate) happened_at: DateTime<Utc>,
    /// The present moment.
    pub(crate) now: DateTime<Utc>,
}

/// Why facts could not be filed. Nothing of them is known afterwards, except under `Append`.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// They could not be sealed.
    #[error("the records could not be sealed")]
    Seal(#[from] SealError),
    /// No key could be minted.
    #[error("no key could be minted")]
    Key(#[from] vault::VaultError),
    /// Another record of the same child could not be read.
    #[error("another record of the same child could not be read")]
    Load(#[from] Box<LoadError>),
    /// The log refused them, or has stopped.
    #[error("the log did not take the records")]
    Append(#[from] AppendError),
}

/// Records on their way to the disk.
#[derive(Debug)]
pub(crate) struct Filed {
    /// Resolves once they are durable.
    pub(crate) ticket: Ticket,
    /// Where the record that the answer names stands.
    pub(crate) position: Position,
}

impl Directory {
    /// Files facts about one child. `before` is the child as it stood when they were decided.
    ///
    /// Facts of a sensitive episode are sealed under the episode's own key, so that forgetting it takes nothing
    /// else; the record that bears the event id comes last.
    pub(crate) fn file(
        &self,
        filing: &Filing,
        id: ChildId,
        before: &Known,
        facts: Vec<Event>,
    ) -> Result<Filed, FileError> {
        let (facts, mut elsewhere) = home::at_home(before, facts);
        let mut last_elsewhere = None;
        while let Some((record, told)) = elsewhere.pop() {
            let mut known = self.load(record).map_err(Box::new)?;
            // These are at home there, and need not be parted again.
            known.others.clear();
            // Where nothing is left for the record itself, the last of these bears the event's id.
            let bears = facts.is_empty() && elsewhere.is_empty();
            let own = Filing {
                id: if bears { filing.id } else { EventId(self.ids().next()) },
                body: if bears { filing.body } else { BodyHash::default() },
                cause: Some(filing.id),
                ..filing.clone()
            };
            last_elsewhere = Some(self.file(&own, record, &known, told)?);
        }
        if let Some(filed) = last_elsewhere.filter(|_| facts.is_empty()) {
            return Ok(filed);
        }
        let own = &before.own;
        let child_key = match own.key {
            Some(key) => key,
            None => self.vault().mint()?,
        };
        let groups = self.by_key(&before.child, child_key, facts)?;
        let last = groups.len().saturating_sub(1);
        let mut batch = Vec::with_capacity(groups.len());
        for (at, (key, group)) in groups.iter().enumerate() {
            let entry = Entry {
                by: filing.by.clone(),
                cause: filing.cause,
                facts: group.iter().cloned().map(Fact::Child).collect(),
            };
            let bears = at == last;
            batch.push(seal(
                self.vault(),
                &Sealing {
                    stream: id.stream(),
                    event_id: if bears { filing.id } else { EventId(self.ids().next()) },
                    body: if bears { filing.body } else { BodyHash::default() },
                    key: *key,
                    happened_at: filing.happened_at,
                    recorded_at: filing.now,
                },
                &entry,
            )?);
        }
        let ticket = self.log().submit(id.stream(), Expected::At(own.revision), batch);
        let (Some(position), Some(revision)) = (ticket.position(), ticket.revision()) else {
            return Err(refused(ticket));
        };
        self.is_filed(position);
        self.snapshots().count_filed();
        let first = position.0.saturating_sub(u64::try_from(last).unwrap_or_default());
        let mut child = Child::clone(&own.child);
        for ((key, group), at) in groups.iter().zip(first..) {
            let when = When {
                happened_at: filing.happened_at,
                recorded_at: filing.now,
                position: Position(at),
                key: *key,
            };
            for event in group {
                Child::evolve(&mut child, event, when);
            }
        }
        let child = Arc::new(child);
        let known = own.becoming(Arc::clone(&child), revision, Some(child_key));
        self.children().remember(id, Arc::new(known));
        self.moved(id, Some(&own.child), &child);
        if filing.body != BodyHash::default() {
            self.handles().see(filing.id, Seen { position, body: filing.body });
        }
        Ok(Filed { ticket, position })
    }

    /// Moves the desk and the index from what a record was to what it is.
    pub(crate) fn moved(&self, id: ChildId, before: Option<&Child>, after: &Child) {
        // Most events say nothing of who the child is.
        let alike = before.filter(|before| is_matched_alike(before, after));
        self.handles().follow(id, before, after, alike.is_some(), self.vault());
        if !after.ties.is_empty() || self.kinship().is_merged(id) {
            let touched = self.kinship_mut().remember(id, after);
            for record in touched {
                self.found_anew(record);
            }
            return;
        }
        if self.index_rests() {
            return;
        }
        if !alike.is_some_and(|known| is_found_alike(known, after)) {
            self.put_in_index(id, after);
        }
        if alike.is_none() {
            self.put_in_matcher(id, after);
        }
    }

    /// Puts the whole under the record that answers for it, and takes what was merged into that one out.
    pub(crate) fn found_anew(&self, record: ChildId) {
        let answers = self.kinship().root(record) == record;
        // What cannot be read cannot be found either: too much is hidden rather than too little.
        if let Some(known) = self.load(record).ok().filter(|_| answers) {
            self.put_in_index(record, &known.child);
            self.put_in_matcher(record, &known.child);
        } else {
            self.index_mut().remove(record);
            self.index_mut().let_go(record);
        }
    }

    fn put_in_index(&self, id: ChildId, child: &Child) {
        match index_entry(child) {
            Some(entry) => self.index_mut().put(id, &entry),
            None => self.index_mut().remove(id),
        }
    }

    fn put_in_matcher(&self, id: ChildId, child: &Child) {
        match held(child) {
            Some(held) => self.index_mut().hold(id, &held),
            None => self.index_mut().let_go(id),
        }
    }

    /// Groups facts by the key that must seal them, in their order.
    fn by_key(
        &self,
        child: &Child,
        child_key: KeyId,
        facts: Vec<Event>,
    ) -> Result<Vec<(KeyId, Vec<Event>)>, FileError> {
        let mut minted: BTreeMap<KeyedRef, KeyId> = BTreeMap::new();
        let mut groups: Vec<(KeyId, Vec<Event>)> = Vec::new();
        for fact in facts {
            let key = match episode_of(child, &fact) {
                None => child_key,
                Some(episode) => {
                    let held = child.episode_key(&episode).or(minted.get(&episode).copied());
                    let key = held.map_or_else(|| self.vault().mint(), Ok)?;
                    minted.insert(episode, key);
                    key
                }
            };
            match groups.last_mut() {
                Some((last, group)) if *last == key => group.push(fact),
                Some(_) | None => groups.push((key, vec![fact])),
            }
        }
        Ok(groups)
    }
}

/// A ticket that was never assigned a place carries the reason.
pub(crate) fn refused(ticket: Ticket) -> FileError {
    match ticket.wait() {
        Err(error) => FileError::Append(error),
        Ok(_) => FileError::Append(AppendError::Empty),
    }
}

/// The episode whose key seals this fact; `None` for facts of the child itself.
///
/// That consent was withdrawn is told under the child's key: it is the tombstone that stays.
fn episode_of(child: &Child, event: &Event) -> Option<KeyedRef> {
    let of = |involvement| child.involvements.get(involvement).and_then(|held| held.episode);
    match event {
        Event::ConsentGiven(event) => Some(event.episode),
        Event::SignificantHarmRecorded(event) => Some(event.episode),
        Event::SignificantHarmReviewed(event) => Some(event.episode),
        Event::InvolvementStarted(event) => event.episode,
        Event::OlderVersionReceived(event) => event.episode,
        Event::InvolvementUpdated(event) => of(&event.involvement),
        Event::InvolvementEnded(event) => of(&event.involvement),
        Event::InvolvementEnteredInError(event) => of(&event.involvement),
        Event::CommonAssessmentIndicated(event) => of(&event.involvement),
        Event::CommonAssessmentWithdrawn(event) => of(&event.involvement),
        Event::LeadProfessionalNamed(event) => of(&event.involvement),
        Event::LeadProfessionalRelinquished(event) => of(&event.involvement),
        Event::LeadProfessionalClashed(event) => of(&event.involvement),
        Event::NotificationAcknowledged(event) => of(&event.involvement),
        Event::ContactMade(event) => of(&event.involvement),
        Event::SharingDeclined(event) => of(&event.involvement),
        Event::ChildRegistered(_)
        | Event::LocalRefLinked(_)
        | Event::SamePerson(_)
        | Event::NotSamePerson(_)
        | Event::LinkDisputed(_)
        | Event::LocalRefsMerged(_)
        | Event::ChildEnteredInError(_)
        | Event::AuthorityAllocated(_)
        | Event::ResponsibilityTransferProposed(_)
        | Event::ResponsibilityTransferAgreed(_)
        | Event::ResponsibilityTransferAccepted(_)
        | Event::ResponsibilityTransferDeclined(_)
        | Event::ChildDescribed(_)
        | Event::DiscrepancyRaised(_)
        | Event::DiscrepancySettled(_)
        | Event::EducationStated(_)
        | Event::PrimaryCareStated(_)
        | Event::PractitionerContactsChanged(_)
        // It names those who are told by their entries alone, so that no episode is forgotten by halves.
        | Event::InvolvementNotified(_)
        | Event::ConsentWithdrawn(_)
        | Event::ShieldRequested(_)
        | Event::ShieldApplied(_)
        | Event::ShieldRefused(_)
        | Event::ShieldReviewed(_)
        | Event::ShieldLifted(_)
        | Event::ChildDied(_)
        | Event::ChildLeftEngland(_)
        | Event::RecordArchived(_)
        | Event::RecordRestored(_)
        | Event::ArchiveAgeExtended(_)
        | Event::ArchiveAgeWithdrawn(_)
        | Event::LegalHoldPlaced(_)
        | Event::LegalHoldLifted(_)
        | Event::RecordClosed(_)
        | Event::RecordReopened(_)
        | Event::CanaryMarked(_)
        | Event::CanaryUnmarked(_)
        | Event::NoticeGiven(_)
        | Event::ParentIncluded(_)
        | Event::ParentLeftOut(_) => None,
    }
}
