//! What runs out next: a queue for those who keep organisations and accounts, soonest first.
//!
//! Source: rules.md 5.1: warnings at 60, 30 and 7 days, then 72 hours of grace.

use chrono::{Days, NaiveDate};
use events::{account::Gate, organisation::Dated, policy::Policy};
use visibility::permission::{Action, Relation};
use vocabulary::{AccountId, OrganisationId, england_day};

use super::AdminError;
use crate::{Directory, people::Person, register::Register};

/// Days ahead at which a warning is given, soonest first.
const WARNED_AT: [(u64, Warning); 3] =
    [(7, Warning::WithinSevenDays), (30, Warning::WithinThirtyDays), (60, Warning::WithinSixtyDays)];

/// Longest list that is answered: what comes later waits for another look.
const LISTED_MAX: usize = 200;

/// How near an end is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// It ran out before the time of grace.
    RanOut,
    /// It ran out; the two urgent reasons stay open, each look reviewed.
    InGrace,
    /// In a week.
    WithinSevenDays,
    /// In a month.
    WithinThirtyDays,
    /// In two months.
    WithinSixtyDays,
}

/// What runs out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// Something of an organisation.
    OfOrganisation(Dated),
    /// A person's gate.
    OfAccount(AccountId, Gate),
    /// An account that sleeps from that day on, unless its person signs in.
    Dormancy(AccountId),
}

/// One line of the queue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expiring {
    /// The last day.
    pub last_day: NaiveDate,
    /// Whose organisation.
    pub organisation: OrganisationId,
    /// What.
    pub ending: Ending,
    /// How near.
    pub warning: Warning,
}

/// How near an end is on a day; `None` while no warning is due.
pub(crate) fn warning(last_day: NaiveDate, today: NaiveDate, policy: &Policy) -> Option<Warning> {
    if last_day < today {
        let grace = Days::new(u64::from(policy.grace_hours.div_ceil(24)));
        let in_grace = last_day.checked_add_days(grace).is_some_and(|end| today <= end);
        return Some(if in_grace { Warning::InGrace } else { Warning::RanOut });
    }
    WARNED_AT
        .into_iter()
        .find(|(days, _)| today.checked_add_days(Days::new(*days)).is_some_and(|far| last_day <= far))
        .map(|(_, warning)| warning)
}

impl Directory {
    /// What runs out soon, or ran out, of the organisations and accounts that this person keeps; soonest first.
    ///
    /// A national body's people ask for one organisation, or see the organisations' own dates alone. Cost: every
    /// account of those organisations, in memory.
    ///
    /// # Errors
    /// `Refused`: not for this role, or not this person's organisation. `Unknown`: no such organisation.
    pub fn expiring(
        &self,
        person: &Person,
        organisation: Option<&OrganisationId>,
    ) -> Result<Vec<Expiring>, AdminError> {
        let register = self.register();
        person.may(Action::ReadAccounts, Relation::OwnOrganisation)?;
        let everywhere = person.may(Action::ReadAccounts, Relation::Elsewhere).is_ok();
        let own_authority = person.may(Action::ReadAccounts, Relation::OwnAuthority).is_ok();
        let asked: Vec<&OrganisationId> = match (organisation, &person.authority) {
            (Some(asked), _) if !register.knows(asked) => return Err(AdminError::Unknown),
            (Some(asked), _) => {
                person.may(Action::ReadAccounts, register.relation(person, asked))?;
                vec![asked]
            }
            (None, _) if everywhere => register.organisations().map(|(id, _)| id).collect(),
            (None, Some(authority)) if own_authority => register.within(authority).collect(),
            (None, _) => vec![&person.organisation],
        };
        let people = organisation.is_some() || !everywhere;
        let today = england_day(self.clock().now());
        let mut all: Vec<Expiring> =
            asked.into_iter().flat_map(|id| endings(&register, id, people, today)).collect();
        all.sort();
        all.truncate(LISTED_MAX);
        Ok(all)
    }
}

/// What of an organisation runs out soon, or ran out, in no order; of its accounts too, where `people`.
pub(crate) fn endings(
    register: &Register,
    id: &OrganisationId,
    people: bool,
    today: NaiveDate,
) -> Vec<Expiring> {
    let policy = register.policy();
    let line = |last_day, ending| {
        let warning = warning(last_day, today, policy)?;
        Some(Expiring { last_day, organisation: id.clone(), ending, warning })
    };
    let own = register.organisation(id).into_iter().filter(|held| held.suspended.is_none());
    let own = own.flat_map(events::organisation::Organisation::dated);
    let mut lines: Vec<Expiring> =
        own.filter_map(|(what, last_day)| line(last_day, Ending::OfOrganisation(what))).collect();
    if people {
        for (account, held) in register.staff(id).filter(|(_, held)| !held.is_closed(today)) {
            let gates = held.dated();
            lines.extend(gates.filter_map(|(gate, day)| line(day, Ending::OfAccount(account, gate))));
            if let Some(dormant) = held.dormant_on(policy.dormant_months).filter(|_| held.activated) {
                lines.extend(line(dormant, Ending::Dormancy(account)));
            }
        }
    }
    lines
}
