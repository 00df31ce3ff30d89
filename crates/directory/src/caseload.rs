//! Caseload: the open entries of one's own organisation.
//!
//! A client reads its own entries without names, which is no look (invariant I-27); staff see whom they work
//! with, which is one. Source: contract.md section 2, `GET /api/v1/caseload`.

use chrono::NaiveDate;
use events::{
    Fact,
    child::involvement::{NotShared, Withholding},
    search::{self, List},
};
use projections::{ChildRecord, caseload};
use serde::Serialize;
use visibility::permission::{Action, Relation};
use vocabulary::{ChildId, ChildNumber, FieldGroup, InvolvementId, OrganisationId, Position, ServiceType};

use crate::{
    Directory,
    disclose::{Disclosed, LookError},
    people::Person,
    queue::LIST_CHILDREN_MAX,
    rows::Order,
    supply::Sender,
};

/// One open entry.
#[derive(Debug, Clone, Serialize)]
pub struct CaseloadEntry {
    /// Which involvement.
    pub involvement_id: InvolvementId,
    /// Where it was last told.
    pub position: Position,
    /// How it stands: `recorded`.
    pub outcome: &'static str,
    /// The child, once known, where the reader may know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub child_number: Option<ChildNumber>,
    /// What service.
    pub service_type: ServiceType,
    /// Since which day.
    pub started_on: NaiveDate,
    /// Until which day.
    pub ended_on: Option<NaiveDate>,
    /// What the organisation decided last not to share, for staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_shared: Option<CaseloadWithheld>,
    /// The child's current name, for staff only: forename and surname.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<CaseloadName>,
}

/// What is not shared.
#[derive(Debug, Clone, Serialize)]
pub struct CaseloadWithheld {
    /// With which other entry; absent: with nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<InvolvementId>,
    /// Why.
    pub because: Withholding,
    /// Decided on which day.
    pub on: NaiveDate,
}

/// A child's current name.
#[derive(Clone, Serialize)]
pub struct CaseloadName {
    /// The forename.
    pub forename: vocabulary::PersonName,
    /// The surname.
    pub surname: vocabulary::PersonName,
}

impl std::fmt::Debug for CaseloadName {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("CaseloadName(..)")
    }
}

/// One page of a caseload.
#[derive(Debug, Serialize)]
pub struct CaseloadPage {
    /// The entries, in the order of their ids; at most fifty.
    pub entries: Vec<CaseloadEntry>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<InvolvementId>,
}

impl Directory {
    /// The open entries of a person's organisation, recorded before they are shown.
    ///
    /// # Errors
    /// A machine failed: nothing is shown.
    pub async fn caseload(
        &self,
        person: &Person,
        after: Option<InvolvementId>,
    ) -> Result<Disclosed<CaseloadPage>, LookError> {
        person.may(Action::ReadCaseload, Relation::OwnOrganisation)?;
        let (page, children) = self.entries(&person.organisation, after, Some(person))?;
        let fact = Fact::Search(search::Event::ListDelivered { list: List::Caseload, children });
        let ticket = self.append_look(person, person.account.search_stream(), vec![fact])?;
        Ok(Disclosed::after(ticket, page).await?)
    }

    /// The open entries of a client's organisation, without names.
    ///
    /// # Errors
    /// A machine failed.
    pub fn client_caseload(
        &self,
        sender: &Sender,
        after: Option<InvolvementId>,
    ) -> Result<CaseloadPage, LookError> {
        Ok(self.entries(&sender.organisation, after, None)?.0)
    }

    fn entries(
        &self,
        organisation: &OrganisationId,
        after: Option<InvolvementId>,
        person: Option<&Person>,
    ) -> Result<(CaseloadPage, Vec<ChildId>), LookError> {
        let from = after.map(|after| caseload::at(organisation, after));
        let postings = self.rows().postings::<ChildRecord>(
            &caseload::of(organisation),
            from.as_ref(),
            Order::Ascending,
            LIST_CHILDREN_MAX,
        )?;
        let next = (postings.len() == LIST_CHILDREN_MAX)
            .then(|| {
                postings
                    .last()
                    .and_then(|(posting, _)| caseload::read(posting))
                    .map(|(_, involvement)| involvement)
            })
            .flatten();
        let related = person.map(|person| self.related(&person.viewer())).transpose()?.unwrap_or_default();
        let mut entries = Vec::new();
        let mut children = Vec::new();
        for (posting, id) in postings {
            let Some((_, involvement)) = caseload::read(&posting) else { continue };
            // As it stands this moment, so that a withdrawal bites here too.
            let child = self.load(id)?.child;
            let Some(held) = child.involvements.get(&involvement) else { continue };
            let today = vocabulary::england_day(self.clock().now());
            if held.ended_on.is_some() || !child.stands(held, today) {
                continue;
            }
            // Whom an entry is about is group A: not for every role, nor of every record (rules.md 2).
            let sight = visibility::Sight::on(today);
            let told = person.map(|person| {
                let scope = visibility::scope(&person.viewer(), &child, visibility::Override::None, &sight);
                scope.has(FieldGroup::A) && !related.contains(&self.kinship().root(id))
            });
            let name = child.forename().cloned().zip(child.surname().cloned());
            entries.push(CaseloadEntry {
                involvement_id: involvement,
                position: held.position,
                outcome: "recorded",
                child_number: child.number.filter(|_| told != Some(false)),
                service_type: held.service_type,
                started_on: held.started_on,
                ended_on: held.ended_on,
                not_shared: held.not_shared.as_ref().filter(|_| told == Some(true)).map(withheld),
                name: name
                    .filter(|_| told == Some(true))
                    .map(|(forename, surname)| CaseloadName { forename, surname }),
            });
            if told == Some(true) {
                children.push(self.kinship().root(id));
            }
        }
        children.sort_unstable();
        children.dedup();
        Ok((CaseloadPage { entries, next }, children))
    }
}

fn withheld(decided: &NotShared) -> CaseloadWithheld {
    CaseloadWithheld { with: decided.with, because: decided.because, on: decided.on }
}
