//! The team's list of discrepancies: whose word differs from the one that stands on a child of its authority.
//!
//! Fields are named and never what they hold: that is a look, with a reason. Read from an index of the children's rows
//! and judged by the child as it stands, so that what another source has settled since is on no page.
//! Source: rules.md 2.3; domain.md 4.3.

use chrono::{DateTime, Utc};
use events::{
    Fact,
    child::{
        Child,
        details::{Discrepancy, Field},
    },
    search::{self, List},
};
use projections::{ChildRecord, discrepancies};
use serde::Serialize;
use visibility::{
    Override, Sight,
    permission::{Action, Relation},
};
use vocabulary::{ChildId, ChildNumber, OrganisationId, OrganisationKind, Position, england_day};

use crate::{
    Directory,
    disclose::{Disclosed, LookError},
    people::Person,
    queue::LIST_CHILDREN_MAX,
    rows::Order,
};

/// Postings looked at for one page, so that stale ones make no request walk the whole index.
const JUDGED_MAX: usize = 500;

/// A source whose word differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiscrepancyItem {
    /// Whose record.
    pub child_number: ChildNumber,
    /// Whose word.
    pub supplier: OrganisationId,
    /// The fields that differ and of which the supplier was told.
    pub fields: Vec<Field>,
    /// The fields that differ and that the supplier may not see, so that the team alone is told.
    pub for_team: Vec<Field>,
    /// Since when it differs in any.
    pub since: DateTime<Utc>,
    /// At which position that was found.
    pub raised_at: Position,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiscrepancyPage {
    /// What differs, the oldest first; at most fifty.
    pub discrepancies: Vec<DiscrepancyItem>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Position>,
}

impl Directory {
    /// Shows whose word differs from the one that stands on the children of the person's own authority; the page is a
    /// fact before it is shown, since it says which organisations speak of which child (contract.md section 2).
    ///
    /// Cost: at most five hundred steps of an index; one child as it stands a line; one append.
    ///
    /// # Errors
    /// `Refused`: not a team or data manager. Others: a machine failed, nothing is shown.
    pub async fn discrepancies(
        &self,
        person: &Person,
        after: Position,
    ) -> Result<Disclosed<DiscrepancyPage>, LookError> {
        person.may(Action::ReadQueue, Relation::OwnAuthority)?;
        let own = person.authority.as_ref().ok_or(LookError::Refused {
            code: "not_responsible_authority",
            detail: "a national body answers for no record, so that no discrepancy is its to settle"
                .to_owned(),
        })?;
        let (page, children) = self.page_of_discrepancies(person, own, after)?;
        let fact = Fact::Search(search::Event::ListDelivered { list: List::Discrepancies, children });
        let ticket = self.append_look(person, person.account.search_stream(), vec![fact])?;
        Ok(Disclosed::after(ticket, page).await?)
    }

    fn page_of_discrepancies(
        &self,
        person: &Person,
        own: &OrganisationId,
        after: Position,
    ) -> Result<(DiscrepancyPage, Vec<ChildId>), LookError> {
        let within = discrepancies::of(own);
        let from = within.clone().and(&Position(after.0.saturating_add(1)));
        let postings =
            self.rows().postings::<ChildRecord>(&within, Some(&from), Order::Ascending, JUDGED_MAX)?;
        let related = self.related(&person.viewer())?;
        let all = postings.len() < JUDGED_MAX;
        let mut page = DiscrepancyPage { discrepancies: Vec::new(), next: None };
        let mut children = Vec::new();
        for (posting, child) in postings {
            let Some((position, source)) = discrepancies::read(&posting) else { continue };
            if page.discrepancies.len() == LIST_CHILDREN_MAX {
                return Ok((page, named(children)));
            }
            page.next = Some(position);
            let root = self.kinship().root(child);
            let known = self.load(root)?.child;
            let own_child = known.authority.as_ref() == Some(own) && !related.contains(&root);
            let told = known.discrepancies().find(|(speaks, ..)| **speaks == source).filter(|_| own_child);
            let Some((_, said, told)) = told else { continue };
            if self.is_shown_speaking(person, &known, &said.supplier)
                && let Some(line) = line(&known, &said.supplier, &told)
            {
                page.discrepancies.push(line);
                children.push(root);
            }
        }
        page.next = page.next.filter(|_| !all);
        Ok((page, named(children)))
    }

    /// Whether the person is shown that this organisation speaks of the child: what a sensitive or protected service
    /// once said goes from every list with its entry (rules.md 3.3).
    fn is_shown_speaking(&self, person: &Person, child: &Child, supplier: &OrganisationId) -> bool {
        let sight = Sight::on(england_day(self.clock().now()));
        let scope = visibility::scope(&person.viewer(), child, Override::None, &sight);
        if scope.groups().iter().next().is_none() {
            return false;
        }
        let register = self.register();
        let kind =
            register.organisation(supplier).and_then(|held| held.details.as_ref()).map(|held| held.kind);
        if !kind.is_some_and(OrganisationKind::is_sensitive_or_protected) {
            return true;
        }
        let seen = visibility::view_within(&scope, child, &*register, &sight).involvements;
        seen.iter().flatten().any(|entry| entry.organisation.id == *supplier)
    }
}

fn line(child: &Child, supplier: &OrganisationId, told: &Discrepancy) -> Option<DiscrepancyItem> {
    Some(DiscrepancyItem {
        child_number: child.number?,
        supplier: supplier.clone(),
        fields: told.fields.iter().copied().collect(),
        for_team: told.for_team.iter().copied().collect(),
        since: told.since,
        raised_at: told.position,
    })
}

fn named(mut children: Vec<ChildId>) -> Vec<ChildId> {
    children.sort_unstable();
    children.dedup();
    children
}
