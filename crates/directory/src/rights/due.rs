//! What an authority has to answer, those due first at the top; and what was asked about one child.
//!
//! The page names children, so that it is a fact before it is shown.

use chrono::{DateTime, NaiveDate, Utc};
use events::{
    Fact,
    rights::{Answered, Asked, Asker, ChildsView, Rights, Stepped},
    search::{self, List},
};
use projections::{RightsRequests, rights};
use serde::Serialize;
use visibility::permission::{Action, Relation};
use vocabulary::{ChildId, ChildNumber, Competence, RightsId, england_day};

use crate::{
    Directory,
    disclose::{Disclosed, LookError},
    people::Person,
    queue::LIST_CHILDREN_MAX,
    rows::Order,
};

/// Where a page ended: the day and the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RightsCursor {
    /// The day on which the last one was due.
    pub due_by: NaiveDate,
    /// The last one.
    pub id: RightsId,
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that holds of a request or not, and any may go with any"
)]
pub struct RightsItem {
    /// Which.
    pub rights_request_id: RightsId,
    /// About whom; the number by which it was entered.
    pub child_number: ChildNumber,
    /// Who asked.
    pub asked_by: Asker,
    /// What.
    pub asked: Asked,
    /// How the child's understanding was judged.
    pub competence: Competence,
    /// What the competent child says of a carer's request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub childs_view: Option<ChildsView>,
    /// When it was received.
    pub received_on: NaiveDate,
    /// Its last day.
    pub due_by: NaiveDate,
    /// Whether that has passed and it is not answered.
    pub overdue: bool,
    /// Whether the clock was extended.
    pub extended: bool,
    /// Whether the carer was checked.
    pub carer_checked: bool,
    /// What the threat check came to, once it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threat_cleared: Option<bool>,
    /// The steps taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Stepped>,
    /// How it was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered: Option<Answered>,
    /// Whether whoever asked disagrees with a refused correction.
    pub disagrees: bool,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RightsPage {
    /// The requests; at most fifty.
    pub requests: Vec<RightsItem>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl std::fmt::Display for RightsCursor {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}_{}", self.due_by, self.id)
    }
}

impl std::str::FromStr for RightsCursor {
    type Err = vocabulary::NotAWord;

    fn from_str(text: &str) -> Result<RightsCursor, vocabulary::NotAWord> {
        let read = || {
            let (day, id) = text.split_once('_')?;
            Some(RightsCursor { due_by: day.parse().ok()?, id: id.parse().ok()? })
        };
        read().ok_or(vocabulary::NotAWord { expected: "the `next` of the page before" })
    }
}

impl Directory {
    /// Shows what waits for the person's own authority; with a number, all that was asked about that child.
    ///
    /// Cost: one row a request shown; one append.
    ///
    /// # Errors
    /// `Refused`: not of a team. `Unknown`: no such child, or another authority's. Others: a machine failed.
    pub async fn rights_due(
        &self,
        person: &Person,
        number: Option<ChildNumber>,
        after: Option<RightsCursor>,
    ) -> Result<Disclosed<RightsPage>, LookError> {
        person.may(Action::AnswerPerson, Relation::OwnAuthority)?;
        let (page, children) = match number {
            Some(number) => self.page_about(person, number)?,
            None => self.page_of_due(person, after)?,
        };
        let fact = Fact::Search(search::Event::ListDelivered { list: List::Rights, children });
        let ticket = self.append_look(person, person.account.search_stream(), vec![fact])?;
        Ok(Disclosed::after(ticket, page).await?)
    }

    fn page_about(
        &self,
        person: &Person,
        number: ChildNumber,
    ) -> Result<(RightsPage, Vec<ChildId>), LookError> {
        let (child, _) = self.answered_for(person, number)?.ok_or(LookError::Unknown)?;
        if self.is_related(&person.viewer(), number, Some(child))? {
            return Err(crate::permitting::Denied::declared_relationship().into());
        }
        let records = self.kinship().records(child);
        let records = if records.is_empty() { vec![child] } else { records };
        let mut requests = Vec::new();
        for record in records {
            let within = rights::about(record);
            let found = self.rows().postings::<RightsRequests>(
                &within,
                None,
                Order::Descending,
                LIST_CHILDREN_MAX,
            )?;
            for (_, id) in found {
                let row = self.rows().get::<RightsRequests>(&id)?;
                requests.extend(row.and_then(|row| item(id, row.rights, self.clock().now())));
            }
        }
        requests.truncate(LIST_CHILDREN_MAX);
        Ok((RightsPage { requests, next: None }, vec![child]))
    }

    fn page_of_due(
        &self,
        person: &Person,
        after: Option<RightsCursor>,
    ) -> Result<(RightsPage, Vec<ChildId>), LookError> {
        let own = person.authority.as_ref().ok_or(LookError::Refused {
            code: "not_responsible_authority",
            detail: "a national body answers for no record, so that nobody asks it".to_owned(),
        })?;
        let within = rights::due(own);
        let from = after.map(|after| within.clone().and(&after.due_by).and(&after.id));
        let found = self.rows().postings::<RightsRequests>(
            &within,
            from.as_ref(),
            Order::Ascending,
            LIST_CHILDREN_MAX,
        )?;
        let last = found.last().and_then(|(posting, _)| rights::read_due(posting));
        let next = last.filter(|_| found.len() == LIST_CHILDREN_MAX);
        let related = self.related(&person.viewer())?;
        let mut requests = Vec::new();
        let mut children = Vec::new();
        for (_, id) in found {
            let Some(row) = self.rows().get::<RightsRequests>(&id)? else { continue };
            let Some(about) = row.rights.requested.as_ref().map(|asked| asked.child) else { continue };
            let child = self.kinship().root(about);
            if !related.contains(&child) {
                requests.extend(item(id, row.rights, self.clock().now()));
                children.push(child);
            }
        }
        children.sort_unstable();
        children.dedup();
        let next = next.map(|(due_by, id)| RightsCursor { due_by, id }.to_string());
        Ok((RightsPage { requests, next }, children))
    }
}

fn item(id: RightsId, rights: Rights, now: DateTime<Utc>) -> Option<RightsItem> {
    let due_by = rights.due_by()?;
    let requested = rights.requested?;
    Some(RightsItem {
        rights_request_id: id,
        child_number: requested.number,
        asked_by: requested.asked_by,
        asked: requested.asked,
        competence: requested.competence,
        childs_view: requested.childs_view,
        received_on: requested.received_on,
        due_by,
        overdue: rights.answered.is_none() && due_by < england_day(now),
        extended: rights.extended_to.is_some(),
        carer_checked: rights.carer.is_some(),
        threat_cleared: rights.threat.map(|checked| checked.cleared),
        steps: rights.steps,
        answered: rights.answered,
        disagrees: rights.disagrees,
    })
}
