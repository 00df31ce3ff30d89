//! Search: what one user looked for and which children were shown, a page a fact.
//!
//! Listed and opened are different facts. Source: rules.md 4.1 to 4.4; invariants I-3, I-19, I-27.

pub mod criteria;
#[cfg(test)]
mod spec;

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{AccessReason, ChildId, OrganisationId, ReportName, SearchId};

use crate::{
    case,
    decider::{Decider, When},
    looker::{self, Grounds, Looker},
    policy::{Demand, InForce},
    refused::Code,
};

pub use criteria::{Criteria, Enough};

/// Most children on one page.
pub const PAGE_CHILDREN_MAX: u32 = 10;

/// How long a search is remembered for the openings that follow from it: a long working day.
pub const SEARCH_HOURS_KEPT: i64 = 12;

/// How a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Children were found.
    Found,
    /// None was.
    None,
    /// More than may be shown; none was shown.
    TooMany,
    /// The criteria were too thin, or said too little once read by their letters; nothing was looked for.
    Refine,
}

/// A page was delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivered {
    /// Which search; each page has one of its own.
    pub search: SearchId,
    /// Which page, from 1.
    pub page: u32,
    /// Why.
    pub reason: AccessReason,
    /// How it ended.
    pub outcome: Outcome,
    /// How many there are in all, as told to this viewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u32>,
    /// The children on the page, best first; 0-10.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<ChildId>,
    /// What was looked for.
    pub criteria: Box<Criteria>,
    /// The reference of the case or request, as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_ref: Option<case::Reference>,
    /// By somebody who reached a ceiling of attempts and goes on for an urgent reason (rules.md 5.1).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub over_ceiling: bool,
    /// By which version of the policy.
    pub policy_version: u64,
}

/// What happened when a user searched. Who it was stands in the envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum Event {
    /// A page was delivered; told before it is shown.
    SearchDelivered(Delivered),
    /// A list was delivered that no search was made for; told before it is shown.
    ListDelivered {
        /// Which list.
        list: List,
        /// The children on it; 0-50.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        children: Vec<ChildId>,
    },
    /// A report was delivered; told before it is shown.
    ReportDelivered {
        /// Which.
        report: ReportName,
        /// From this day.
        from: NaiveDate,
        /// Through this day.
        to: NaiveDate,
        /// Of this organisation only; absent: of all that the asker may have a report of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        organisation: Option<OrganisationId>,
        /// How many rows it had.
        rows: u32,
    },
    /// A search was refused.
    SearchRefused {
        /// By which rule.
        code: Code,
        /// The reason given, if one was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<AccessReason>,
    },
}

/// A list that holds children's data and is shown without a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum List {
    /// The identity queue.
    Queue,
    /// One's own organisation's open entries.
    Caseload,
    /// What one's own organisation is told of children it works with.
    Inbox,
    /// Children of the authority without education or primary care.
    Worklist,
    /// Who looked.
    Audit,
    /// What a case management system is told of what became of its events.
    Feed,
    /// What waits for a duty desk.
    Brokering,
    /// Shields that are to be reviewed, and requests for some.
    Shields,
    /// Moves between authorities that wait.
    Transfers,
    /// Whose word on a child differs from the one that stands.
    Discrepancies,
    /// Looks that a person reviews.
    Reviews,
    /// What children and carers asked about what is held.
    Rights,
    /// Families who are to be told what is held and why.
    Notices,
}

/// A search as remembered, for the openings that cite it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// When.
    pub at: DateTime<Utc>,
    /// Why; carried to the record.
    pub reason: AccessReason,
    /// How it ended.
    pub outcome: Outcome,
    /// How many children it showed.
    pub shown: u32,
    /// The reference of the case or request; carried to the record.
    pub case_ref: Option<case::Reference>,
}

/// The searches of one user in the last hours.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Searches {
    /// By id; those older than [`SEARCH_HOURS_KEPT`] before the newest are forgotten.
    pub made: BTreeMap<SearchId, Made>,
}

/// Everything that a search is judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Id of this page.
    pub search: SearchId,
    /// Which page, from 1.
    pub page: u32,
    /// Who asks.
    pub looker: Looker,
    /// Why.
    pub reason: Option<AccessReason>,
    /// The reference of the case or request, as given.
    pub case_ref: Option<case::Reference>,
    /// What is looked for.
    pub criteria: Criteria,
    /// The policy in force.
    pub policy: Arc<InForce>,
}

/// What a permitted search came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// How it ended.
    pub outcome: Outcome,
    /// How many there are in all, as told to this viewer.
    pub total: Option<u32>,
    /// The children on the page, best first.
    pub children: Vec<ChildId>,
}

/// What may be asked of a user's searches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Deliver a page.
    Deliver {
        /// What was asked.
        asked: Box<Asked>,
        /// What it came to.
        page: Page,
    },
    /// Remember that a search was refused.
    Refuse {
        /// By which rule.
        code: Code,
        /// The reason given, if one was.
        reason: Option<AccessReason>,
    },
}

/// Why not. The variants stand in the order of precedence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Standing, role, reason or reference do not let them.
    #[error(transparent)]
    Look(#[from] looker::Refusal),
    /// The criteria are not of their form.
    #[error(transparent)]
    Criteria(#[from] criteria::Refusal),
    /// No such page can be.
    #[error("a page is a number from 1 to {max}")]
    PageOutOfRange {
        /// The last page that there can be.
        max: u32,
    },
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Look(refusal) => refusal.code(),
            Refusal::Criteria(refusal) => refusal.code(),
            Refusal::PageOutOfRange { .. } => "page_out_of_range",
        }
    }
}

impl Asked {
    /// Judges a search before it is made, and says whether its criteria are enough.
    ///
    /// An own open entry is demanded when a record is opened: before that no child is known.
    ///
    /// # Errors
    /// The first refusal in the order of precedence.
    pub fn permitted(&self) -> Result<(AccessReason, Enough), Refusal> {
        let settings = &self.policy.settings;
        let reason = self.looker.permitted(self.reason, &settings.reasons)?;
        match settings.reasons.demand(reason) {
            Demand::Nothing | Demand::OwnOpenEntry => (),
            demand @ (Demand::CaseReference | Demand::Request) => {
                // The related are in nobody's list, so that there is nothing to refuse.
                Grounds { own_entry: false, reference: self.case_ref.is_some(), related: false }
                    .held(demand)?;
            }
        }
        let enough = self.criteria.enough()?;
        let max = settings.results_max.div_ceil(PAGE_CHILDREN_MAX);
        if !(1..=max).contains(&self.page) {
            return Err(Refusal::PageOutOfRange { max });
        }
        Ok((reason, enough))
    }
}

impl Decider for Searches {
    type Event = Event;
    type Command = Command;
    type Refusal = Refusal;
    type State = Searches;

    fn decide(_state: &Searches, command: &Command, _now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Deliver { asked, page } => deliver(asked, page),
            Command::Refuse { code, reason } => {
                Ok(vec![Event::SearchRefused { code: code.clone(), reason: *reason }])
            }
        }
    }

    fn evolve(state: &mut Searches, event: &Event, when: When) {
        let Event::SearchDelivered(delivered) = event else { return };
        let oldest = when.recorded_at - Duration::hours(SEARCH_HOURS_KEPT);
        state.made.retain(|_, made| made.at >= oldest);
        state.made.insert(
            delivered.search,
            Made {
                at: when.recorded_at,
                reason: delivered.reason,
                outcome: delivered.outcome,
                shown: u32::try_from(delivered.children.len()).unwrap_or(u32::MAX),
                case_ref: delivered.case_ref.clone(),
            },
        );
    }
}

fn deliver(asked: &Asked, page: &Page) -> Result<Vec<Event>, Refusal> {
    let (reason, enough) = asked.permitted()?;
    let most = usize::try_from(PAGE_CHILDREN_MAX).unwrap_or(usize::MAX);
    assert!(page.children.len() <= most, "a page holds at most {PAGE_CHILDREN_MAX} children");
    assert!(
        page.outcome == Outcome::Found || page.children.is_empty(),
        "only a search that found children shows any",
    );
    assert!(enough == Enough::Yes || page.outcome == Outcome::Refine, "criteria too thin end in refine");
    Ok(vec![Event::SearchDelivered(Delivered {
        search: asked.search,
        page: asked.page,
        reason,
        outcome: page.outcome,
        total: page.total,
        children: page.children.clone(),
        criteria: Box::new(asked.criteria.clone()),
        case_ref: asked.case_ref.clone(),
        over_ceiling: asked.looker.is_over_ceiling(),
        policy_version: asked.policy.version,
    })])
}
