//! The monthly report that makes itself, and the public counters that are read from it.
//!
//! An authority's month is counted once: by the directory in the first night after it, or by whoever asks first for a
//! count of children. What was counted is an event, and everybody is told the same until the next month is over.
//! Source: rules.md 6.1; ADR-0054.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate};
use event_log::Ticket;
use events::{
    organisation::{Command, MonthReported, Organisation, month::Looks},
    recorded::Actor,
};
use projections::{
    ReportedMonths, RowKey as _, Usage,
    usage::{Kind, UsageKey},
};
use serde::Serialize;
use vocabulary::{OrganisationId, Role, england_day};

use crate::{
    Directory,
    disclose::LookError,
    register::{ActError, Acting, organisation_stream},
    rows::Order,
};

/// Rows read at once.
const READ_AT_ONCE: usize = 1_000;

/// Months of one authority that are answered at most: ten years.
const MONTHS_MAX: usize = 120;

/// How many months back the public counters go.
const PUBLIC_MONTHS: u32 = 12;

/// What anybody may know of a month of an authority or a national body: nothing of children.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counters {
    /// The month, by its first day.
    pub month: NaiveDate,
    /// The authority or national body.
    pub organisation: OrganisationId,
    /// On which day the accounts were counted.
    pub counted_on: NaiveDate,
    /// Accounts that may sign in, by role.
    pub users: BTreeMap<Role, u64>,
    /// Looks of the month.
    #[serde(flatten)]
    pub looks: Looks,
}

impl Directory {
    /// Reports the month that ended, of every authority and national body that was here when it ended. Answers how
    /// many were reported now; safe to repeat.
    ///
    /// Cost: nothing where all were; else what [`Directory::report`] counts of each, and one record each. Waits for the
    /// last of them to be durable.
    ///
    /// # Errors
    /// A machine failed; what was told stands, and the next run goes on.
    pub fn report_month(&self) -> Result<u64, LookError> {
        let this = first_of(england_day(self.clock().now()));
        let due: Vec<OrganisationId> = {
            let register = self.register();
            let all = register.organisations();
            let above = all.filter(|(id, _)| register.authority_of(id).is_none_or(|above| above == **id));
            let was_here = |held: &Organisation| held.registered_on.is_some_and(|entered| entered < this);
            let due = above.filter(|(_, held)| was_here(held) && !is_reported(held, this));
            due.map(|(id, _)| id.clone()).collect()
        };
        let (mut reported, mut last) = (0, None);
        for id in due {
            if let Some(ticket) = self.count_month(&id)? {
                reported += 1;
                last = Some(ticket);
            }
        }
        if let Some(ticket) = last {
            ticket.wait()?;
        }
        Ok(reported)
    }

    /// What anybody may know: users, looks and overrides of the last twelve months that were reported, the newest
    /// first. Cost: one scan of at most twelve rows an authority.
    ///
    /// # Errors
    /// The rows could not be read.
    pub fn public_counters(&self) -> Result<Vec<Counters>, LookError> {
        let this = first_of(england_day(self.clock().now()));
        let oldest = this.checked_sub_months(Months::new(PUBLIC_MONTHS)).unwrap_or(this);
        let ids: Vec<OrganisationId> = {
            let register = self.register();
            let held = register.organisations().filter(|(_, held)| held.month.is_some());
            held.map(|(id, _)| id.clone()).collect()
        };
        let mut counters = Vec::new();
        for organisation in ids {
            for month in self.months_held(&organisation)? {
                let MonthReported { month, counted_on, users, looks, children: _ } = month;
                if month >= oldest {
                    counters.push(Counters {
                        month,
                        organisation: organisation.clone(),
                        counted_on,
                        users,
                        looks,
                    });
                }
            }
        }
        counters.sort_by(|left, right| {
            (std::cmp::Reverse(left.month), &left.organisation)
                .cmp(&(std::cmp::Reverse(right.month), &right.organisation))
        });
        Ok(counters)
    }

    /// The months of an authority that were counted on these days; the last is counted now where today is one of them
    /// and nobody has yet.
    pub(super) fn months_of(
        &self,
        authority: &OrganisationId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<MonthReported>, LookError> {
        let today = england_day(self.clock().now());
        let reported = {
            let register = self.register();
            register.organisation(authority).is_some_and(|held| is_reported(held, first_of(today)))
        };
        if !reported
            && (from..=to).contains(&today)
            && let Some(ticket) = self.count_month(authority)?
        {
            ticket.wait()?;
        }
        let mut months = self.months_held(authority)?;
        months.retain(|month| (from..=to).contains(&month.counted_on));
        Ok(months)
    }

    /// The months that were reported of an authority, the newest last; what the rows lack is known to the register.
    fn months_held(&self, authority: &OrganisationId) -> Result<Vec<MonthReported>, LookError> {
        let prefix = organisation_stream(authority).id.encode();
        let rows = self.rows().scan::<ReportedMonths>(&prefix, None, Order::Descending, MONTHS_MAX)?;
        let newest = self.register().organisation(authority).and_then(|held| held.month.clone());
        let rows = rows.into_iter().map(|(_, row)| row.reported);
        let months: BTreeMap<NaiveDate, MonthReported> =
            newest.into_iter().chain(rows).map(|month| (month.month, month)).collect();
        Ok(months.into_values().collect())
    }

    /// Counts the month that ended; nothing where that was done meanwhile.
    fn count_month(&self, id: &OrganisationId) -> Result<Option<Ticket>, LookError> {
        let now = self.clock().now();
        let today = england_day(now);
        let month = first_of(first_of(today).pred_opt().unwrap_or(today));
        let children = if self.register().authority_of(id).as_ref() == Some(id) {
            self.count_children(id, today)?
        } else {
            BTreeMap::new()
        };
        let looks = self.looks_of(id, month)?;
        let users = self.users_of(id, today);
        let counted = MonthReported { month, counted_on: today, users, looks, children };
        let acting = Acting { by: Actor::System, now };
        let command = Command::ReportMonth(Box::new(counted));
        match self.act::<Organisation>(&acting, id, &command) {
            Ok(told) => Ok(told.map(|(_, ticket)| ticket)),
            Err(ActError::Refused(refusal)) => {
                Err(LookError::Refused { code: refusal.code(), detail: refusal.to_string() })
            }
            Err(ActError::Seal(error)) => Err(crate::filing::FileError::from(error).into()),
            Err(ActError::Key(error)) => Err(crate::filing::FileError::from(error).into()),
            Err(ActError::Append(error)) => Err(error.into()),
        }
    }

    /// The organisations that are counted with an authority; a national body is counted by itself.
    fn counted_with(&self, id: &OrganisationId) -> Vec<OrganisationId> {
        let register = self.register();
        let within: Vec<OrganisationId> = register.within(id).cloned().collect();
        if within.is_empty() { vec![id.clone()] } else { within }
    }

    fn looks_of(&self, id: &OrganisationId, month: NaiveDate) -> Result<Looks, LookError> {
        let mut looks = Looks::default();
        for organisation in self.counted_with(id) {
            for day in month.iter_days().take_while(|day| day.month() == month.month()) {
                let prefix = UsageKey::on(&organisation, day);
                let rows = self.rows().scan::<Usage>(&prefix, None, Order::Ascending, READ_AT_ONCE)?;
                for (key, row) in rows {
                    match key.kind {
                        Kind::Search => looks.searches += row.count,
                        Kind::Open => looks.openings += row.count,
                        Kind::Override => looks.overrides += row.count,
                        Kind::Replay => looks.replays += row.count,
                        Kind::Listed => (),
                    }
                }
            }
        }
        Ok(looks)
    }

    /// Accounts that may sign in, by role.
    fn users_of(&self, id: &OrganisationId, today: NaiveDate) -> BTreeMap<Role, u64> {
        let mut users: BTreeMap<Role, u64> = BTreeMap::new();
        let organisations = self.counted_with(id);
        let register = self.register();
        let months = register.policy().dormant_months;
        for organisation in &organisations {
            if register.organisation(organisation).is_some_and(|held| held.suspended.is_some()) {
                continue;
            }
            for (_, account) in register.staff(organisation) {
                let sleeps = account.dormant_on(months).is_some_and(|from| from <= today);
                let acts = account.activated && account.suspended.is_none() && !account.is_closed(today);
                if acts
                    && !sleeps
                    && let Some(created) = &account.created
                {
                    *users.entry(created.role).or_default() += 1;
                }
            }
        }
        users
    }
}

/// Tells whether the month before the one that begins on `this` was reported.
fn is_reported(held: &Organisation, this: NaiveDate) -> bool {
    let before = first_of(this.pred_opt().unwrap_or(this));
    held.month.as_ref().is_some_and(|month| month.month >= before)
}

fn first_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}
