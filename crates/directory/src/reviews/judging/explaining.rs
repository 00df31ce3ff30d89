//! Explaining: what the directory holds that accounts for a look, in the words of `misuse`. For the engine alone: told
//! to a reviewer it would tell of entries that they may not see (rules.md 2.3).
//!
//! Judged by the child as it stands now, as of the day of the look: days, not the hours at which they were told.
//! Source: domain.md 6.4; ADR-0040; ADR-0043.

use chrono::{DateTime, NaiveDate, Utc};
use events::child::Child;
use misuse::{Entry, Facts, explain};
use vocabulary::{Explanation, OrganisationId, Role, england_day};

/// Whose look it was, as far as an explanation asks.
pub(super) struct Looked<'a> {
    pub(super) at: DateTime<Utc>,
    pub(super) role: Role,
    pub(super) organisation: &'a OrganisationId,
    /// The looker's authority.
    pub(super) authority: Option<&'a OrganisationId>,
    /// The organisation of the colleague for whom it was.
    pub(super) caller: Option<&'a OrganisationId>,
    /// Whether it was under an approved case.
    pub(super) case: bool,
}

/// What explains a look at this child; none where a person may have to ask.
pub(super) fn explained(child: &Child, look: &Looked<'_>) -> Option<Explanation> {
    let day = england_day(look.at);
    let own = facts(child, look.organisation, day);
    let of_caller = look.caller.map(|caller| facts(child, caller, day));
    explain(&Facts {
        caller: of_caller.is_some_and(|facts| explain(&Facts { recorded: None, ..facts }).is_some()),
        duty: matches!(look.role, Role::AuthorityTeam | Role::DataManager)
            && look.authority.is_some()
            && look.authority == child.authority.as_ref(),
        case: look.case,
        ..own
    })
}

/// How an organisation stood to the child on that day.
fn facts(child: &Child, organisation: &OrganisationId, day: NaiveDate) -> Facts {
    let mut facts = Facts::default();
    let attends = child.current_education().and_then(|held| held.organisation.as_ref()) == Some(organisation);
    let registered =
        child.current_primary_care().and_then(|held| held.organisation.as_ref()) == Some(organisation);
    if attends || registered {
        facts.entry = Entry::Register;
    }
    let own = child.involvements.values().filter(|held| {
        !held.in_error && (held.organisation == *organisation || held.supplier == *organisation)
    });
    for held in own {
        let days = |from: NaiveDate, to: NaiveDate| u32::try_from((to - from).num_days()).unwrap_or(0);
        if held.started_on > day {
            let after = days(day, held.started_on);
            facts.recorded = Some(facts.recorded.map_or(after, |sooner| sooner.min(after)));
            continue;
        }
        let entry = match held.ended_on {
            Some(ended) if ended < day => Entry::Ended { days: days(ended, day) },
            Some(_) | None if held.service_type.keeps_register() => Entry::Register,
            Some(_) | None => Entry::Open,
        };
        facts.entry = facts.entry.stronger(entry);
    }
    facts
}
