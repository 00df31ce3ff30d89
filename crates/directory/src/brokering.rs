//! Brokering: asking the duty desk of a child's authority, its queue, and its answers.
//!
//! The asker names a child and never a desk; what is hidden about the child is not read on the way (ADR-0038).
//! Source: contract.md section 2 (`/brokering`); rules.md 2.6; domain.md 12.2.

mod listing;

use event_log::AppendError;
use events::{
    Fact,
    brokering::{About, Brokering, Command, Event, Outcome, Request},
    case::Reference,
    child::Child,
    decider::Decider,
};
use visibility::{
    Override, Sight,
    permission::{Action, Relation},
};
use vocabulary::{
    AccessReason, BrokeringId, ChildNumber, Contact, OrganisationId, Revision, SearchId, england_day,
};

use crate::{
    Directory,
    by_hand::HandError,
    children::LoadError,
    disclose::{OnBehalf, has_own_entry},
    filing::{FileError, Filed},
    outcome::{OutcomeKind, Pending},
    people::Person,
};

pub use listing::{BrokeringAsker, BrokeringOwn, BrokeringPage, BrokeringWaiting};

/// A request to be put in touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokeringRequest {
    /// About whom.
    pub number: ChildNumber,
    /// What was not shown.
    pub about: About,
    /// Why; may come from the search instead.
    pub reason: Option<AccessReason>,
    /// The search that listed the child.
    pub search_id: Option<SearchId>,
    /// For whom.
    pub on_behalf_of: Option<OnBehalf>,
    /// The reference of a case or of the person's request.
    pub case_ref: Option<Reference>,
    /// Where the desk reaches whoever asks.
    pub contacts: Vec<Contact>,
}

/// A request as it was taken.
#[derive(Debug)]
pub struct BrokeringTaken {
    /// Which.
    pub id: BrokeringId,
    /// Until when the desk answers.
    pub due_by: chrono::DateTime<chrono::Utc>,
    /// Resolves once it is durable.
    pub pending: Pending,
}

impl Directory {
    /// Asks the duty desk of the child's authority, without a word on which that is or whether it has anybody to ask.
    ///
    /// # Errors
    /// `Refused`: whoever may not look for this reason may not ask either, or nobody could be called back.
    /// `Unknown`: no such child, or concealed.
    pub fn request_brokering(
        &self,
        person: &Person,
        request: BrokeringRequest,
    ) -> Result<BrokeringTaken, HandError> {
        let now = self.clock().now();
        let today = england_day(now);
        let refused = |code, detail| HandError::Refused { code, detail };
        let (viewer, looker) = self
            .looking(person, request.on_behalf_of.as_ref(), now)
            .map_err(|(code, detail)| refused(code, detail))?;
        let person = &person.mediating(looker.caller.as_ref(), request.on_behalf_of.as_ref());
        let child = self.numbered(request.number)?;
        let held = child.map(|child| self.load(child)).transpose()?.map(|known| known.child);
        // Concealed is unknown: judged by nothing that a number of nobody would not be judged by.
        let shown = held.filter(|held| {
            let scope = visibility::scope(&viewer, held, Override::None, &Sight::on(today));
            scope.groups().iter().next().is_some()
        });
        let judged = shown.clone().unwrap_or_default();
        let searched = request.search_id.and_then(|search| self.search_made(person.account, search));
        let id = BrokeringId::new(self.ids().next());
        let asked = Request {
            brokering: id,
            child: child.unwrap_or(vocabulary::ChildId::from_u128(0)),
            number: request.number,
            about: request.about,
            own_entry: has_own_entry(&judged, &viewer.organisation, today),
            related: self.is_related(&viewer, request.number, child.filter(|_| shown.is_some()))?,
            looker,
            reason: request.reason.or(searched.as_ref().map(|made| made.made.reason)),
            search: request.search_id.filter(|_| searched.is_some()),
            case_ref: request.case_ref.or(searched.as_ref().and_then(|made| made.made.case_ref.clone())),
            contacts: request.contacts,
            desk: desk_of(&judged, person),
            policy: self.register().in_force(),
        };
        let events = Brokering::decide(&Brokering::default(), &Command::Request(Box::new(asked)), now)
            .map_err(|refusal| refused(refusal.code(), refusal.to_string()))?;
        if shown.is_none() {
            return Err(self.named_nobody(person));
        }
        let due_by = events.iter().find_map(|event| match event {
            Event::BrokeringRequested(requested) => Some(requested.due_by),
            Event::BrokeringAnswered { .. } => None,
        });
        let filed = self.append_brokering(person, id, Revision::NONE, events)?;
        Ok(BrokeringTaken {
            id,
            due_by: due_by.unwrap_or(now),
            pending: Pending::filed(OutcomeKind::Recorded, filed).about(Some(request.number)),
        })
    }

    /// Answers a request that waits at the person's own desk.
    ///
    /// # Errors
    /// `Unknown`: no such request, or another desk's. `Refused`: one's own request, or answered otherwise before.
    pub fn answer_brokering(
        &self,
        person: &Person,
        id: BrokeringId,
        outcome: Outcome,
    ) -> Result<Pending, HandError> {
        person.may(Action::AnswerForDesk, Relation::OwnAuthority)?;
        let _alone = self.desk_mut();
        let (state, revision) = self.brokering(id)?;
        let requested = state.requested.as_ref().ok_or(HandError::Unknown)?;
        let any = person.authority.is_some() && is_pool(&requested.desk);
        let own = any || person.authority.as_ref() == Some(&requested.desk);
        if !own {
            return Err(HandError::Unknown);
        }
        self.unrelated(person, requested.number, Some(requested.child))?;
        let command = Command::Answer { by: person.account, outcome };
        let events = Brokering::decide(&state, &command, self.clock().now())
            .map_err(|refusal| HandError::Refused { code: refusal.code(), detail: refusal.to_string() })?;
        let number = Some(requested.number);
        if events.is_empty() {
            return Ok(Pending::judged(OutcomeKind::Unchanged).about(number));
        }
        let filed = match self.append_brokering(person, id, revision, events) {
            Ok(filed) => filed,
            // A colleague's answer is on its way to the disk.
            Err(FileError::Append(AppendError::WrongRevision { .. })) => {
                let refusal = events::brokering::Refusal::AlreadyAnswered;
                return Err(HandError::Refused { code: refusal.code(), detail: refusal.to_string() });
            }
            Err(error) => return Err(error.into()),
        };
        Ok(Pending::filed(OutcomeKind::Recorded, filed).about(number))
    }

    /// A request as its stream tells it.
    fn brokering(&self, id: BrokeringId) -> Result<(Brokering, Revision), LoadError> {
        self.folded(id.stream(), |fact| if let Fact::Brokering(event) = fact { Some(event) } else { None })
    }

    fn append_brokering(
        &self,
        person: &Person,
        id: BrokeringId,
        revision: Revision,
        events: Vec<Event>,
    ) -> Result<Filed, FileError> {
        let facts = events.into_iter().map(Fact::Brokering).collect();
        self.append_by_month(person, id.stream(), revision, facts)
    }
}

/// Whose desk answers: the child's authority's; of a child of the pool the asker's own authority's; else any.
fn desk_of(child: &Child, person: &Person) -> OrganisationId {
    let authority = child.authority.clone().filter(|authority| !is_pool(authority));
    authority.or_else(|| person.authority.clone()).unwrap_or_else(crate::judge::national_pool)
}

fn is_pool(desk: &OrganisationId) -> bool {
    *desk == crate::judge::national_pool()
}
