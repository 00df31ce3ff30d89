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
    ADMIN_PAGE, Directory,
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

/// A case as whoever opened it, or whoever may approve it, reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRead {
    /// Its id.
    pub id: CaseId,
    /// Its reference.
    pub reference: Reference,
    /// What for.
    pub purpose: Purpose,
    /// Its last day.
    pub expires_on: NaiveDate,
    /// Number of children that it names.
    pub children: usize,
    /// Whether the reader opened it.
    pub own: bool,
    /// How far it has come.
    pub state: CaseState,
    /// Whether shields are lifted for it.
    pub lifts_shields: bool,
}

/// How far a case has come; its last day is asked apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseState {
    /// Nobody approved it.
    Waiting,
    /// Somebody approved it.
    Approved,
    /// It is closed.
    Closed,
}

impl CaseRead {
    fn of(id: CaseId, held: &Case, reader: &Person) -> Option<CaseRead> {
        let opened = held.opened.as_ref()?;
        let state = match held.approved_by {
            _ if held.closed => CaseState::Closed,
            Some(_) => CaseState::Approved,
            None => CaseState::Waiting,
        };
        Some(CaseRead {
            id,
            reference: opened.reference.clone(),
            purpose: opened.purpose,
            expires_on: opened.expires_on,
            children: opened.children.len(),
            own: opened.by == reader.account,
            state,
            lifts_shields: held.lifts_shields,
        })
    }
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

    /// The cases that a person reads, newest first, fifty a page after `after`: an investigator their own, a case
    /// approver those of others. No child is named.
    ///
    /// # Errors
    /// `Refused`: neither an investigator nor a case approver.
    pub fn cases_of(&self, person: &Person, after: Option<CaseId>) -> Result<Vec<CaseRead>, HandError> {
        let own = reads_own(person)?;
        let register = self.register();
        let read = register.cases_by_id().filter(|(id, _)| after.is_none_or(|after| *id < after));
        let read = read.filter_map(|(id, held)| CaseRead::of(id, held, person));
        let mut cases: Vec<CaseRead> = read.filter(|case| case.own == own).collect();
        cases.sort_by_key(|case| std::cmp::Reverse(case.id));
        cases.truncate(ADMIN_PAGE);
        Ok(cases)
    }

    /// One case, and to whoever opened it the numbers of its children as they were registered.
    ///
    /// # Errors
    /// As [`Directory::cases_of`]; `Unknown`: no such case, or another investigator's.
    pub fn case_read(&self, person: &Person, id: CaseId) -> Result<(CaseRead, Vec<ChildNumber>), HandError> {
        let own = reads_own(person)?;
        let held = self.register().case(id).cloned().ok_or(HandError::Unknown)?;
        let read =
            CaseRead::of(id, &held, person).filter(|case| case.own == own).ok_or(HandError::Unknown)?;
        // An approver sees nothing of a child, its number included.
        let named = held.opened.iter().filter(|_| own).flat_map(|opened| &opened.children);
        let numbers = named.map(|child| Ok(self.load_own(*child)?.outwardly().number));
        let numbers: Vec<Option<ChildNumber>> = numbers.collect::<Result<_, HandError>>()?;
        Ok((read, numbers.into_iter().flatten().collect()))
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

/// Whether the person reads the cases that they opened; else those of others.
fn reads_own(person: &Person) -> Result<bool, HandError> {
    if person.may(Action::ApproveCase, Relation::Elsewhere).is_ok() {
        return Ok(false);
    }
    person.may(Action::OpenCase, Relation::Elsewhere)?;
    Ok(true)
}
