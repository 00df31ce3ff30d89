//! Purging: lists of records whose time is over, approved by two people of two sides, gone through after a wait.
//!
//! A list shows how many records it has and whose authority answers, and never whom. Source: domain.md 4.6;
//! reliability notes, T14; ADR-0050.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use events::erasure::{
    Ground,
    purge::{self, PART_MAX, Purge, Side},
};
use serde::Serialize;
use visibility::permission::{Action, Relation};
use vocabulary::{ChildId, OrganisationId, PurgeId, Role};

use super::{
    awaited,
    forgetting::{AT_ONCE, Going, Keys, is_gone},
};
use crate::{
    Directory,
    admin::{Acted, AdminError},
    disclose::LookError,
    people::Person,
};

/// Most lists of one answer.
const LISTS_MAX: usize = 50;

/// The smallest count of children that is told.
const TOLD_FROM: usize = 5;

/// A list that waits, as those see it who approve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PurgeWaiting {
    /// Which.
    pub purge_id: PurgeId,
    /// The authority that answers for the records.
    pub authority: OrganisationId,
    /// How many records; `None`: under five (rules.md 6.1).
    pub records: Option<usize>,
    /// Since when it waits.
    pub proposed_at: Option<DateTime<Utc>>,
    /// Which sides have approved.
    pub approved: Vec<Side>,
    /// Until when it waits before it is gone through, once both have; it may still be cancelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
}

/// What became of the lists that were due.
#[derive(Debug, Default)]
pub(super) struct Purged {
    pub(super) records: u64,
    pub(super) spared: u64,
    pub(super) keys: u64,
}

impl Directory {
    /// The lists of the person's authority that wait; for an administrator of a national body those of all. First those
    /// that wait for the person's own side, the oldest before the others; fifty at most.
    ///
    /// # Errors
    /// `Refused`: neither a data manager nor an administrator.
    pub fn purges(&self, person: &Person) -> Result<Vec<PurgeWaiting>, AdminError> {
        person.may(Action::ReadPurges, own(person))?;
        let register = self.register();
        let waiting = Duration::hours(register.policy().purge_waiting_hours.into());
        let mine = |authority: &OrganisationId| person.may(Action::ReadPurges, of(person, authority)).is_ok();
        let lists = register.purges().filter_map(|(purge_id, purge)| {
            let authority = purge.authority.clone().filter(mine)?;
            Some(PurgeWaiting {
                purge_id,
                authority,
                records: Some(purge.children.len()).filter(|count| *count >= TOLD_FROM),
                proposed_at: purge.proposed_at,
                approved: purge.approvals.iter().map(|approval| approval.side).collect(),
                due_at: purge.due_at(waiting),
            })
        });
        let mut lists: Vec<PurgeWaiting> = lists.collect();
        let side = side_of(person);
        lists.sort_by_key(|list| (list.approved.contains(&side), list.proposed_at, list.purge_id));
        lists.truncate(LISTS_MAX);
        Ok(lists)
    }

    /// Approves a list; the second approval begins the time of waiting.
    ///
    /// # Errors
    /// `Unknown`: no such list, or another authority's. `Refused`: a rule said no.
    pub fn approve_purge(&self, person: &Person, id: PurgeId) -> Result<Acted, AdminError> {
        let (by, side) = (person.account, side_of(person));
        self.on_purge(person, id, Action::ApprovePurge, &purge::Command::Approve { by, side })
    }

    /// Stops a list: its records stay, and are proposed again another night.
    ///
    /// # Errors
    /// As [`Directory::approve_purge`].
    pub fn cancel_purge(&self, person: &Person, id: PurgeId) -> Result<Acted, AdminError> {
        self.on_purge(person, id, Action::CancelPurge, &purge::Command::Cancel { by: person.account })
    }

    fn on_purge(
        &self,
        person: &Person,
        id: PurgeId,
        action: Action,
        command: &purge::Command,
    ) -> Result<Acted, AdminError> {
        person.may(action, own(person))?;
        let mut register = self.register_mut();
        let authority = register.purge(id).and_then(|purge| purge.authority.clone());
        let authority = authority.ok_or(AdminError::Unknown)?;
        // Another authority's list is none.
        person.may(action, of(person, &authority)).map_err(|_elsewhere| AdminError::Unknown)?;
        let acted = self.act_on::<Purge>(&mut register, &self.acting(person), &id, command);
        Acted::of(acted, |refusal| AdminError::Refused { code: refusal.code(), detail: refusal.to_string() })
    }

    /// Puts records on lists, an authority each, unless they stand on one; answers how many.
    pub(super) fn propose_purges(
        &self,
        purgeable: BTreeMap<OrganisationId, BTreeSet<ChildId>>,
    ) -> Result<u64, LookError> {
        let listed: BTreeSet<ChildId> = {
            let register = self.register();
            register.purges().flat_map(|(_, purge)| purge.children.iter().copied()).collect()
        };
        let mut proposed = 0;
        for (authority, children) in purgeable {
            let new: Vec<ChildId> = children.difference(&listed).copied().collect();
            let purge = PurgeId::new(self.ids().next());
            let mut last = None;
            for part in new.chunks(PART_MAX) {
                let (of, named) = (authority.clone(), part.to_vec());
                let propose = purge::Command::Propose { purge, authority: of, children: named };
                last = self.system_act::<Purge>(&purge, &propose)?;
            }
            awaited(last)?;
            proposed += new.len() as u64;
        }
        Ok(proposed)
    }

    /// Goes through the lists whose time of waiting is over.
    pub(super) fn carry_out_purges(&self, now: DateTime<Utc>, today: NaiveDate) -> Result<Purged, LookError> {
        let due: Vec<(PurgeId, Vec<ChildId>)> = {
            let register = self.register();
            let waiting = Duration::hours(register.policy().purge_waiting_hours.into());
            let nights = register.nights();
            let is_due = |purge: &Purge| purge.is_due(now, waiting, |day| nights.since(day));
            let due = register.purges().filter(|(_, purge)| is_due(purge));
            due.map(|(id, purge)| (id, purge.children.clone())).collect()
        };
        let mut all = Purged::default();
        for (id, children) in due {
            let mut list = Purged::default();
            for batch in children.chunks(AT_ONCE) {
                self.purge_batch(batch, today, &mut list)?;
            }
            let finish = purge::Command::Finish { purged: list.records, spared: list.spared };
            awaited(self.system_act::<Purge>(&id, &finish)?)?;
            all.records += list.records;
            all.spared += list.spared;
            all.keys += list.keys;
        }
        Ok(all)
    }

    /// Purges those of a batch whose time is over still, as they stand.
    fn purge_batch(&self, batch: &[ChildId], today: NaiveDate, purged: &mut Purged) -> Result<(), LookError> {
        let _alone = self.desk_mut();
        let in_cases = self.in_open_cases(today);
        let mut keys = Keys::new();
        for id in batch {
            let root = self.kinship().root(*id);
            let whole = self.load(root)?.child;
            if is_gone(&whole) {
                // By a night that was cut short.
                purged.records += 1;
            } else if self.is_purgeable(root, &whole, today, &in_cases) {
                keys.extend(self.keys_of(root)?);
                purged.records += 1;
            } else {
                purged.spared += 1;
            }
        }
        purged.keys += self.forget(&Going { ground: Ground::RetentionOver, today, keys })?;
        Ok(())
    }
}

/// For whom an approver speaks.
fn side_of(person: &Person) -> Side {
    if person.role == Role::Administrator { Side::Administration } else { Side::Authority }
}

/// In what relation a person stands to an authority's lists.
fn of(person: &Person, authority: &OrganisationId) -> Relation {
    if person.authority.as_ref() == Some(authority) { Relation::OwnAuthority } else { Relation::Elsewhere }
}

/// In what relation a person stands to lists at all: whoever belongs to no authority has none of their own.
fn own(person: &Person) -> Relation {
    if person.authority.is_some() { Relation::OwnAuthority } else { Relation::Elsewhere }
}
