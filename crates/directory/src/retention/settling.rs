//! Settling: which records go to the archive tonight, which come back, and what else is due.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use events::{
    child::{Child, Command, retention},
    decider::Decider,
};
use projections::{ChildRecord, retention as due_list};
use vocabulary::{ChildId, OrganisationId};

use super::awaited;
use crate::{Directory, disclose::LookError, judge::national_pool, rows::Order};

/// Postings and rows read at once.
const READ_AT_ONCE: usize = 1_000;

/// What was found to be due.
#[derive(Default)]
pub(super) struct Due {
    /// Records of which it was said where they are.
    pub(super) settled: u64,
    /// Records with keys that nothing permits any longer.
    pub(super) spent: BTreeSet<ChildId>,
    /// Records whose time is over, by the authority that answers.
    pub(super) purgeable: BTreeMap<OrganisationId, BTreeSet<ChildId>>,
}

impl Directory {
    /// Goes through the records on which somebody is to look by today, the earliest first.
    pub(super) fn settle_due(&self, today: NaiveDate) -> Result<Due, LookError> {
        let (mut due, mut last, mut after) = (Due::default(), None, None);
        let in_cases = self.in_open_cases(today);
        'pages: loop {
            let postings = self.rows().postings::<ChildRecord>(
                &due_list::all(),
                after.as_ref(),
                Order::Ascending,
                READ_AT_ONCE,
            )?;
            for (posting, id) in &postings {
                if due_list::read(posting).is_none_or(|day| day > today) {
                    break 'pages;
                }
                if let Some(ticket) = self.settle_one(*id, &SETTLE)? {
                    due.settled += 1;
                    last = Some(ticket);
                }
                self.found_due(*id, today, &in_cases, &mut due)?;
            }
            if postings.len() < READ_AT_ONCE {
                break;
            }
            after = postings.into_iter().next_back().map(|(posting, _)| posting);
        }
        awaited(last)?;
        Ok(due)
    }

    /// Goes through every record, after a clock that was wrong.
    ///
    /// Cost: every child's row.
    pub(super) fn settle_all(&self) -> Result<u64, LookError> {
        let (mut settled, mut last, mut after) = (0, None, None);
        loop {
            let rows =
                self.rows().scan::<ChildRecord>(&[], after.as_ref(), Order::Ascending, READ_AT_ONCE)?;
            for (id, row) in &rows {
                let asked = Child::decide(&row.child, &SETTLE[0], self.clock().now());
                if asked.is_ok_and(|events| !events.is_empty())
                    && let Some(ticket) = self.settle_one(*id, &SETTLE)?
                {
                    settled += 1;
                    last = Some(ticket);
                }
            }
            if rows.len() < READ_AT_ONCE {
                break;
            }
            after = rows.last().map(|(id, _)| *id);
        }
        awaited(last)?;
        Ok(settled)
    }

    /// Sorts a record by what else is due of it today, as it stands.
    fn found_due(
        &self,
        id: ChildId,
        today: NaiveDate,
        in_cases: &BTreeSet<ChildId>,
        due: &mut Due,
    ) -> Result<(), LookError> {
        let own = self.load_own(id)?;
        if own.child.keys_spent().any(|(_, day)| day <= today) {
            due.spent.insert(id);
        }
        let root = self.kinship().root(id);
        let whole = self.load(root)?.child;
        if self.is_purgeable(root, &whole, today, in_cases) {
            let authority = whole.authority.clone().unwrap_or_else(national_pool);
            due.purgeable.entry(authority).or_default().insert(root);
        }
        Ok(())
    }

    /// Whether the time of a record is over: by the calendar, by the nights that were counted, with nothing that keeps
    /// it, an open case among that (invariant I-23).
    pub(super) fn is_purgeable(
        &self,
        root: ChildId,
        whole: &Child,
        today: NaiveDate,
        in_cases: &BTreeSet<ChildId>,
    ) -> bool {
        let Some(archived_on) = whole.archives_on() else { return false };
        if whole.purged_from().is_none_or(|day| day > today) {
            return false;
        }
        let in_case = in_cases.contains(&root)
            || self.kinship().records(root).iter().any(|record| in_cases.contains(record));
        !in_case && self.register().nights().suffice(archived_on)
    }

    /// The records that an open case is about. Cost: every case.
    pub(super) fn in_open_cases(&self, today: NaiveDate) -> BTreeSet<ChildId> {
        let register = self.register();
        let open = register.cases().filter(|case| !case.closed).filter_map(|case| case.opened.as_ref());
        let open = open.filter(|opened| opened.expires_on >= today);
        open.flat_map(|opened| opened.children.iter().copied()).collect()
    }
}

/// What is asked of every record that is due.
const SETTLE: [Command; 1] = [Command::Retention(retention::Command::Settle)];
