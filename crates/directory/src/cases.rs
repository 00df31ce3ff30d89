//! Cases: an investigation is opened by one person, approved by another, and lets its opener replay.
//!
//! Source: contract.md section 2 (`/cases`); rules.md 2; domain.md 4.6, 5.1.

use chrono::NaiveDate;
use event_log::Ticket;
use events::{
    case::{self, Case, Opened, Purpose, Reference},
    recorded::Actor,
};
use visibility::permission::{Action, Relation};
use vocabulary::{CaseId, ChildNumber, Position};

use crate::{
    Directory,
    by_hand::HandError,
    people::Person,
    register::{ActError, Acting},
};

/// A request to open a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRequest {
    /// Its reference, as its own office writes it.
    pub reference: Reference,
    /// Whose histories; 1-50.
    pub children: Vec<ChildNumber>,
    /// What for.
    pub purpose: Purpose,
    /// Its last day.
    pub expires_on: NaiveDate,
}

/// A case as it stands.
#[derive(Debug)]
pub struct CaseStands {
    /// Its id.
    pub id: CaseId,
    /// Whether somebody approved it.
    pub approved: bool,
    /// Where the act was recorded; `None` where it was so already.
    pub position: Option<Position>,
    ticket: Option<Ticket>,
}

impl CaseStands {
    /// Waits until the act is durable.
    ///
    /// # Errors
    /// The log has stopped.
    pub async fn settled(mut self) -> Result<CaseStands, event_log::AppendError> {
        if let Some(ticket) = self.ticket.take() {
            ticket.await?;
        }
        Ok(self)
    }
}

impl Directory {
    /// Opens a case; it gives no right until another person approves it.
    ///
    /// # Errors
    /// `Refused`: not an investigator, or a rule said no. `Unknown`: a number that no child has.
    pub fn open_case(&self, person: &Person, request: CaseRequest) -> Result<CaseStands, HandError> {
        person.may(Action::OpenCase, Relation::Elsewhere)?;
        let numbers = request.children.iter();
        let children = numbers
            .map(|number| self.numbered(*number)?.ok_or_else(|| self.named_nobody(person)))
            .collect::<Result<Vec<_>, _>>()?;
        let known = self.register().case_of_reference(request.reference.as_str());
        let id = known.unwrap_or_else(|| CaseId::new(self.ids().next()));
        let opened = Opened {
            case: id,
            reference: request.reference,
            children,
            purpose: request.purpose,
            expires_on: request.expires_on,
            by: person.account,
        };
        self.on_case(person, id, &case::Command::Open(opened))
    }

    /// Approves a case that another person opened.
    ///
    /// # Errors
    /// `Refused`: not a case approver, one's own case, or a rule said no. `Unknown`: no such case.
    pub fn approve_case(
        &self,
        person: &Person,
        id: CaseId,
        lifts_shields: bool,
    ) -> Result<CaseStands, HandError> {
        person.may(Action::ApproveCase, Relation::Elsewhere)?;
        if self.register().case(id).is_none() {
            return Err(HandError::Unknown);
        }
        self.on_case(person, id, &case::Command::Approve { by: person.account, lifts_shields })
    }

    fn on_case(&self, person: &Person, id: CaseId, command: &case::Command) -> Result<CaseStands, HandError> {
        let acting = Acting { by: person.actor(), now: self.clock().now() };
        debug_assert!(matches!(acting.by, Actor::Person(_)), "a case is a person's act");
        let acted = match self.act::<Case>(&acting, &id, command) {
            Ok(acted) => acted,
            Err(ActError::Refused(refusal)) => {
                return Err(HandError::Refused { code: refusal.code(), detail: refusal.to_string() });
            }
            Err(ActError::Seal(error)) => return Err(crate::FileError::Seal(error).into()),
            Err(ActError::Key(error)) => return Err(crate::FileError::Key(error).into()),
            Err(ActError::Append(error)) => return Err(crate::FileError::Append(error).into()),
        };
        let approved = self.register().case(id).is_some_and(|held| held.approved_by.is_some());
        let (position, ticket) =
            acted.map_or((None, None), |(position, ticket)| (Some(position), Some(ticket)));
        Ok(CaseStands { id, approved, position, ticket })
    }
}
