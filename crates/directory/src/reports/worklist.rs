//! The worklist of an authority: its children without education or primary care, a page at a time.
//!
//! Each page names children, so that it is a fact before it is shown. It is read for the reason `missing_education` and
//! no other; educated otherwise is no gap, and shielded children stand on no list. Source: rules.md 6.2; domain.md Q15.

use chrono::NaiveDate;
use events::{
    Fact,
    search::{self, List},
};
use projections::{ChildRecord, coverage};
use serde::Serialize;
use visibility::{
    Gap, Name, Override, Sight,
    permission::{Action, Relation},
};
use vocabulary::{AccessReason, ChildId, ChildNumber, OrganisationId, england_day};

use crate::{
    Directory,
    disclose::{Disclosed, LookError},
    people::Person,
    queue::LIST_CHILDREN_MAX,
    rows::Order,
};

/// Postings looked at for one page, so that stale ones make no request walk the whole index.
const JUDGED_MAX: usize = 500;

/// One child of whom nothing is known where something should be.
#[derive(Debug, Clone, Serialize)]
pub struct WorklistItem {
    /// Whose record.
    pub child_number: ChildNumber,
    /// The names that the team may see.
    pub names: Vec<Name>,
    /// The date of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<NaiveDate>,
}

/// One page.
#[derive(Debug, Clone, Serialize)]
pub struct WorklistPage {
    /// What no service is known for, of all on it.
    pub gap: Gap,
    /// The children, at most fifty, in no order that says anything of them.
    pub children: Vec<WorklistItem>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<ChildId>,
}

impl Directory {
    /// Shows a page of the children of the person's own authority that have this gap, after the one that `after` names.
    ///
    /// Cost: at most five hundred steps of an index; one child as it stands a line; one append.
    ///
    /// # Errors
    /// `Refused`: not the team or data manager of an authority, or not for this reason. Others: a machine failed,
    /// nothing is shown.
    pub async fn worklist(
        &self,
        person: &Person,
        gap: Gap,
        after: Option<ChildId>,
    ) -> Result<Disclosed<WorklistPage>, LookError> {
        person.may(Action::ReadQueue, Relation::OwnAuthority)?;
        let refused = |(code, detail): (&'static str, String)| LookError::Refused { code, detail };
        let (viewer, looker) = self.looking(person, None, self.clock().now()).map_err(refused)?;
        let reason =
            looker.permitted(Some(AccessReason::MissingEducation), &self.register().policy().reasons);
        reason.map_err(|refusal| refused((refusal.code(), refusal.to_string())))?;
        let own = person.authority.as_ref().ok_or(LookError::Refused {
            code: "not_responsible_authority",
            detail: "a national body answers for no record, so that it has no worklist".to_owned(),
        })?;
        let (page, children) = self.page_of_worklist(&viewer, own, gap, after)?;
        let fact = Fact::Search(search::Event::ListDelivered { list: List::Worklist, children });
        let ticket = self.append_look(person, person.account.search_stream(), vec![fact])?;
        Ok(Disclosed::after(ticket, page).await?)
    }

    fn page_of_worklist(
        &self,
        viewer: &visibility::Viewer,
        own: &OrganisationId,
        gap: Gap,
        after: Option<ChildId>,
    ) -> Result<(WorklistPage, Vec<ChildId>), LookError> {
        let listed = match gap {
            Gap::NoEducation => coverage::Gap::NoEducation,
            Gap::NoPrimaryCare => coverage::Gap::NoPrimaryCare,
        };
        let within = coverage::of(own, listed);
        let after = after.map(|child| coverage::at(own, listed, child));
        let postings =
            self.rows().postings::<ChildRecord>(&within, after.as_ref(), Order::Ascending, JUDGED_MAX)?;
        let related = self.related(viewer)?;
        let all = postings.len() < JUDGED_MAX;
        let mut page = WorklistPage { gap, children: Vec::new(), next: None };
        let mut children: Vec<ChildId> = Vec::new();
        for (_, id) in postings {
            if page.children.len() == LIST_CHILDREN_MAX {
                children.sort_unstable();
                return Ok((page, children));
            }
            page.next = Some(id);
            let root = self.kinship().root(id);
            if children.contains(&root) || related.contains(&root) {
                continue;
            }
            if let Some(item) = self.line_of_worklist(viewer, own, gap, root)? {
                page.children.push(item);
                children.push(root);
            }
        }
        page.next = page.next.filter(|_| !all);
        children.sort_unstable();
        Ok((page, children))
    }

    /// The line of a child as the team sees it; none where the gap is closed, or the child is not for this list.
    fn line_of_worklist(
        &self,
        viewer: &visibility::Viewer,
        own: &OrganisationId,
        gap: Gap,
        id: ChildId,
    ) -> Result<Option<WorklistItem>, LookError> {
        let child = self.load(id)?.child;
        if child.is_shielded() || child.authority.as_ref() != Some(own) {
            return Ok(None);
        }
        let sight = Sight::on(england_day(self.clock().now()));
        let scope = visibility::scope(viewer, &child, Override::None, &sight);
        let record = visibility::view_within(&scope, &child, &*self.register(), &sight);
        let seen = record.gaps.iter().flatten().any(|seen| *seen == gap);
        let Some(child_number) = record.child_number.filter(|_| seen) else { return Ok(None) };
        Ok(Some(WorklistItem { child_number, names: record.names, date_of_birth: record.date_of_birth }))
    }
}
