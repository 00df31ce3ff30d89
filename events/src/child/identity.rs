//! Identity: which child this is, by whose references, and which authority answers for the record.
//!
//! Source: SI 2007/2182 reg. 3 (one responsible authority); rules.md 1.3; invariants I-1, I-3.

#[cfg(test)]
mod spec;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, ChildNumber, KeyedRef, OrganisationId, SearchId, england_day};

use super::{Child, Event, details, involvement, lifecycle, setting};
use crate::{decider::When, weighing::Weighing};

/// How long a search that found nobody lets its user open a record by hand (rules.md 4.4).
pub const SEARCH_MINUTES_MAX: i64 = 30;

/// A record was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The number, drawn at random.
    pub number: ChildNumber,
    /// The one responsible authority.
    pub authority: OrganisationId,
    /// The search that found nobody, for a record opened by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<SearchId>,
}

/// Why a local reference was taken to mean this child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// Nobody like it was known: the record was opened for it.
    New,
    /// The supplier named the child number.
    ChildNumber,
    /// A verified identifier and the date of birth agree.
    IdentifierAndBirth,
    /// Name, date of birth and postcode agree exactly, with one child only.
    NameBirthAndPostcode,
    /// The model weighed the description, and one child was likely enough beside all others.
    Matched,
    /// A data manager decided.
    Decided,
}

/// A local reference was linked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalRefLinked {
    /// Whose reference.
    pub supplier: OrganisationId,
    /// The reference, as a keyed hash.
    pub local_ref: KeyedRef,
    /// Why.
    pub judgement: Judgement,
    /// How the model weighed it, where the model did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighing: Option<Box<Weighing>>,
}

/// A link was disputed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkDisputed {
    /// The reference, as a keyed hash.
    pub local_ref: KeyedRef,
}

/// Two references of one supplier were merged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalRefsMerged {
    /// Whose references.
    pub supplier: OrganisationId,
    /// The one given up.
    pub from: KeyedRef,
    /// The one that stays.
    pub to: KeyedRef,
}

/// A supplier took back what it said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnteredInError {
    /// Under which reference it was said.
    pub local_ref: KeyedRef,
}

/// A record left the national pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorityAllocated {
    /// The authority of the address.
    pub authority: OrganisationId,
}

/// A reference as remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalRef {
    /// Whose.
    pub supplier: OrganisationId,
    /// Disputed by its supplier: its entries are hidden until the authority decides.
    #[serde(default)]
    pub disputed: bool,
}

/// What may be asked about identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Open a record.
    Register {
        /// A number that no other child has.
        number: ChildNumber,
        /// The authority of the address, else of the supplier, else the national pool.
        authority: OrganisationId,
        /// By whom, when by hand.
        by_hand: Option<ByHand>,
    },
    /// Link a supplier's reference.
    Link {
        /// Whose.
        supplier: OrganisationId,
        /// Which.
        local_ref: KeyedRef,
        /// Why.
        judgement: Judgement,
        /// How the model weighed it, where the model did.
        weighing: Option<Box<Weighing>>,
    },
    /// Dispute a link.
    Dispute {
        /// Which.
        local_ref: KeyedRef,
    },
    /// Merge two references of one supplier.
    MergeRefs {
        /// Whose.
        supplier: OrganisationId,
        /// The one given up.
        from: KeyedRef,
        /// The one that stays.
        to: KeyedRef,
    },
    /// Take back what was said under a reference.
    EnterInError {
        /// Which.
        local_ref: KeyedRef,
    },
    /// Give a record of the national pool to the authority of its address.
    Allocate {
        /// The national pool, that the record must stand in.
        pool: OrganisationId,
        /// To whom.
        authority: OrganisationId,
    },
}

/// The failed search that a record opened by hand must cite (invariant I-3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    /// Who opens the record.
    pub user: AccountId,
    /// The search cited.
    pub search: SearchId,
    /// Who made it.
    pub searched_by: AccountId,
    /// When.
    pub searched_at: DateTime<Utc>,
    /// How many children it showed.
    pub shown: u32,
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// I-1: a record is opened once.
    #[error("this child is registered already")]
    AlreadyRegistered,
    /// No record was opened for this child.
    #[error("no record is open for this child")]
    NotRegistered,
    /// I-3: the search was somebody else's.
    #[error("the search cited was made by another user")]
    SearchByAnother,
    /// I-3: the search is too old.
    #[error("the search cited is older than {SEARCH_MINUTES_MAX} minutes; search again")]
    SearchTooOld,
    /// I-3: the search showed children.
    #[error("the search cited showed children; open the right one, or search again with more details")]
    SearchFoundChildren,
    /// The reference does not mean this child.
    #[error("this local reference is not linked to the child")]
    RefNotLinked,
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::AlreadyRegistered => "already_registered",
            Refusal::NotRegistered => "child_unknown",
            Refusal::SearchByAnother => "search_by_another",
            Refusal::SearchTooOld => "search_too_old",
            Refusal::SearchFoundChildren => "search_found_children",
            Refusal::RefNotLinked => "local_ref_unknown",
        }
    }
}

pub(super) fn decide(child: &Child, command: &Command, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
    if let Command::Register { number, authority, by_hand } = command {
        if child.is_registered() {
            return Err(Refusal::AlreadyRegistered);
        }
        let search = by_hand.as_ref().map(|by_hand| cited(by_hand, now)).transpose()?;
        return Ok(vec![Event::ChildRegistered(Registered {
            number: *number,
            authority: authority.clone(),
            search,
        })]);
    }
    if !child.is_registered() {
        return Err(Refusal::NotRegistered);
    }
    match command {
        Command::Register { .. } => Err(Refusal::AlreadyRegistered),
        Command::Link { supplier, local_ref, judgement, weighing } => {
            let linked = Event::LocalRefLinked(LocalRefLinked {
                supplier: supplier.clone(),
                local_ref: *local_ref,
                judgement: *judgement,
                weighing: weighing.clone(),
            });
            match child.refs.get(local_ref) {
                None => Ok(vec![linked]),
                // A dispute ends by a person's decision, never by the next row of a feed.
                Some(known) if known.disputed && *judgement == Judgement::Decided => {
                    let mut events = vec![linked];
                    events.extend(involvement::leads_given_up(child, Some(local_ref), england_day(now)));
                    Ok(events)
                }
                Some(_) => Ok(Vec::new()),
            }
        }
        Command::Dispute { local_ref } => match child.refs.get(local_ref) {
            None => Err(Refusal::RefNotLinked),
            Some(known) if known.disputed => Ok(Vec::new()),
            Some(_) => Ok(vec![Event::LinkDisputed(LinkDisputed { local_ref: *local_ref })]),
        },
        Command::MergeRefs { supplier, from, to } => {
            match (own(child, supplier, from)?, own(child, supplier, to)?) {
                (Some(_), _) if from != to => Ok(vec![Event::LocalRefsMerged(LocalRefsMerged {
                    supplier: supplier.clone(),
                    from: *from,
                    to: *to,
                })]),
                // Given up before: what it meant is said under the other since then.
                (Some(_), _) | (None, Some(_)) => Ok(Vec::new()),
                (None, None) => Err(Refusal::RefNotLinked),
            }
        }
        Command::EnterInError { local_ref } => match child.refs.get(local_ref) {
            None => Err(Refusal::RefNotLinked),
            Some(_) => Ok(vec![Event::ChildEnteredInError(EnteredInError { local_ref: *local_ref })]),
        },
        Command::Allocate { pool, authority } => {
            if child.authority.as_ref() == Some(pool) && authority != pool {
                return Ok(vec![Event::AuthorityAllocated(AuthorityAllocated {
                    authority: authority.clone(),
                })]);
            }
            Ok(Vec::new())
        }
    }
}

/// The reference, if it is this supplier's own or not linked; another's is as good as unknown.
fn own<'a>(
    child: &'a Child,
    supplier: &OrganisationId,
    local_ref: &KeyedRef,
) -> Result<Option<&'a LocalRef>, Refusal> {
    match child.refs.get(local_ref) {
        Some(known) if known.supplier != *supplier => Err(Refusal::RefNotLinked),
        known => Ok(known),
    }
}

/// I-3: by the same user, within half an hour, and it showed nobody.
fn cited(by_hand: &ByHand, now: DateTime<Utc>) -> Result<SearchId, Refusal> {
    if by_hand.searched_by != by_hand.user {
        return Err(Refusal::SearchByAnother);
    }
    if now - by_hand.searched_at > Duration::minutes(SEARCH_MINUTES_MAX) {
        return Err(Refusal::SearchTooOld);
    }
    if by_hand.shown > 0 {
        return Err(Refusal::SearchFoundChildren);
    }
    Ok(by_hand.search)
}

pub(super) fn registered(child: &mut Child, event: &Registered, when: When) {
    child.number = Some(event.number);
    child.authority = Some(event.authority.clone());
    child.registered_at = Some(when.recorded_at);
}

pub(super) fn linked(child: &mut Child, event: &LocalRefLinked) {
    child.refs.insert(event.local_ref, LocalRef { supplier: event.supplier.clone(), disputed: false });
    lifecycle::settle(child);
}

pub(super) fn disputed(child: &mut Child, event: &LinkDisputed) {
    if let Some(known) = child.refs.get_mut(&event.local_ref) {
        known.disputed = true;
    }
    lifecycle::settle(child);
}

/// What was said under the reference given up is said under the one that stays.
pub(super) fn refs_merged(child: &mut Child, event: &LocalRefsMerged) {
    let disputed = child.refs.remove(&event.from).is_some_and(|known| known.disputed);
    let stays = child
        .refs
        .entry(event.to)
        .or_insert_with(|| LocalRef { supplier: event.supplier.clone(), disputed: false });
    // A dispute of either hides what both said, until it is decided.
    stays.disputed |= disputed;
    details::moved(child, &event.from, event.to);
    setting::moved(child, &event.from, event.to);
    for involvement in child.involvements.values_mut().filter(|involvement| involvement.source == event.from)
    {
        involvement.source = event.to;
    }
    lifecycle::settle(child);
}

/// Everything said under the reference goes; the reference itself is free again.
pub(super) fn entered_in_error(child: &mut Child, event: &EnteredInError) {
    let known = child.refs.remove(&event.local_ref);
    child.statements.remove(&event.local_ref);
    child.former_names.retain(|former| former.source != event.local_ref);
    child.held_addresses.remove(&event.local_ref);
    child.education.remove(&event.local_ref);
    child.primary_care.remove(&event.local_ref);
    child.involvements.retain(|_, involvement| involvement.source != event.local_ref);
    if let Some(LocalRef { supplier, .. }) = known
        && !child.refs.values().any(|other| other.supplier == supplier)
    {
        // Consent, death and departure bear no reference: they go with the supplier's last one.
        child.episodes.retain(|_, episode| episode.supplier != supplier);
        lifecycle::taken_back(child, &supplier);
    }
    lifecycle::settle(child);
}

pub(super) fn allocated(child: &mut Child, event: &AuthorityAllocated) {
    child.authority = Some(event.authority.clone());
    child.transfers.clear();
}

impl Child {
    /// Tells whether the supplier disputes that this reference means this child.
    pub fn is_disputed(&self, source: &KeyedRef) -> bool {
        self.refs.get(source).is_some_and(|known| known.disputed)
    }

    /// Tells whether a supplier disputes every reference by which it knows this child.
    pub(super) fn disputes_all(&self, supplier: &OrganisationId) -> bool {
        let mut own = self.refs.values().filter(|known| known.supplier == *supplier).peekable();
        own.peek().is_some() && own.all(|known| known.disputed)
    }
}
