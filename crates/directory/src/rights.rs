//! Rights: the requests of children and carers about what is held, entered and answered by the team that answers for
//! the child; the pack they are handed; what is due.
//!
//! Source: UK GDPR articles 12, 15 and 16; rules.md 2 (the last two rows); domain.md 6.6, 7; ADR-0055.

mod due;
mod handing_over;
mod pack;
mod who_looked;

use std::sync::Arc;

use chrono::NaiveDate;
use event_log::AppendError;
use events::{
    Fact,
    child::Child,
    decider::Decider,
    rights::{
        Answer, Asked, Asker, CarerChecked, ChildsView, Command, Event, Ground, Proof, Refusal, Request,
        Rights, Step, Stood, ThreatChecked,
    },
};
use visibility::permission::{Action, Relation};
use vocabulary::{
    AccountId, ChildId, ChildNumber, Competence, KeyedRef, Position, Revision, RightsId, ShieldId,
    day::age_on, england_day,
};

use crate::{
    Directory,
    by_hand::HandError,
    children::LoadError,
    filing::FileError,
    outcome::{OutcomeKind, Pending},
    people::Person,
};

pub use due::{RightsCursor, RightsItem, RightsPage};
pub use pack::{CorrectionTold, SubjectPack};
pub use who_looked::{ListingsTold, LookTold};

/// A request as it is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RightsAsk {
    /// About whom.
    pub number: ChildNumber,
    /// Who asks.
    pub asked_by: Asker,
    /// What.
    pub asked: Asked,
    /// How the child's understanding was judged.
    pub competence: Competence,
    /// What the competent child says of a carer's request.
    pub childs_view: Option<ChildsView>,
    /// By what their identity was proved.
    pub proof: Proof,
    /// When it was received.
    pub received_on: NaiveDate,
}

/// What is done to a request on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RightsAct {
    /// It was judged whether the carer lives with the child.
    CheckCarer {
        /// Whether they do.
        lives_with_child: bool,
    },
    /// It was judged whether telling the carer is dangerous.
    CheckThreat {
        /// Whether it is not.
        cleared: bool,
    },
    /// The clock is to run longer.
    Extend,
    /// A step was taken.
    Step(Step),
    /// It is answered.
    Answer(Answer),
    /// Whoever asked disagrees with what was refused.
    Disagree,
}

/// A request as it was taken.
#[derive(Debug)]
pub struct RightsTaken {
    /// Which.
    pub id: RightsId,
    /// Its last day.
    pub due_by: NaiveDate,
    /// Resolves once it is durable.
    pub pending: Pending,
}

impl Directory {
    /// Enters a request that was received.
    ///
    /// # Errors
    /// `Unknown`: no such child, or one that another authority answers for. `Refused`: not of a team, or a rule.
    pub fn request_rights(&self, person: &Person, ask: RightsAsk) -> Result<RightsTaken, HandError> {
        person.may(Action::AnswerPerson, Relation::OwnAuthority)?;
        let Some((child, held)) = self.answered_for(person, ask.number)? else {
            return Err(self.named_nobody(person));
        };
        self.unrelated(person, ask.number, Some(child))?;
        let now = self.clock().now();
        let request = RightsId::new(self.ids().next());
        let desk = person.authority.clone().ok_or(HandError::Unknown)?;
        let asked = Request {
            request,
            child,
            number: ask.number,
            asked_by: ask.asked_by,
            asked: ask.asked,
            competence: ask.competence,
            childs_view: ask.childs_view,
            proof: ask.proof,
            received_on: ask.received_on,
            desk,
            by: person.account,
            age: held.date_of_birth().map(|born| age_on(born, england_day(now))),
            presumed_age: self.register().policy().presumed_age,
            named: names(&held, ask.asked_by),
        };
        let events =
            Rights::decide(&Rights::default(), &Command::Request(Box::new(asked)), now).map_err(refused)?;
        let due_by = events.iter().find_map(|event| match event {
            Event::RightsRequested(requested) => Some(requested.due_by),
            Event::CarerChecked(_)
            | Event::ThreatChecked(_)
            | Event::RightsExtended { .. }
            | Event::RightsStepTaken { .. }
            | Event::SubjectPackIssued { .. }
            | Event::RightsAnswered { .. }
            | Event::DisagreementMarked { .. }
            | Event::RightsHandedOver { .. } => None,
        });
        let facts = events.into_iter().map(Fact::Rights).collect();
        let filed = self.append_by_month(person, request.stream(), Revision::NONE, facts)?;
        Ok(RightsTaken {
            id: request,
            due_by: due_by.unwrap_or(ask.received_on),
            pending: Pending::filed(OutcomeKind::Recorded, filed).about(Some(ask.number)),
        })
    }

    /// Does something to a request on its way to its answer.
    ///
    /// # Errors
    /// `Unknown`: no such request, or another authority's. `Refused`: not of a team, or a rule said no.
    pub fn act_on_rights(&self, person: &Person, id: RightsId, act: RightsAct) -> Result<Pending, HandError> {
        person.may(Action::AnswerPerson, Relation::OwnAuthority)?;
        let _alone = self.desk_mut();
        let (state, revision) = self.rights(id)?;
        let requested = state.requested.as_ref().ok_or(HandError::Unknown)?;
        let (number, child) = (requested.number, self.kinship().root(requested.child));
        let held = self.load(child)?.child;
        let answers =
            person.relation_to(&held) == Relation::OwnAuthority || person.authority.as_ref() == state.desk();
        if !answers {
            return Err(HandError::Unknown);
        }
        self.unrelated(person, number, Some(child))?;
        let command = command_of(act, person.account, &held);
        let events = Rights::decide(&state, &command, self.clock().now()).map_err(refused)?;
        if events.is_empty() {
            return Ok(Pending::judged(OutcomeKind::Unchanged).about(Some(number)));
        }
        let facts = events.into_iter().map(Fact::Rights).collect();
        let filed = match self.append_by_month(person, id.stream(), revision, facts) {
            Ok(filed) => filed,
            // A colleague's word is on its way to the disk.
            Err(FileError::Append(AppendError::WrongRevision { .. })) => {
                return Err(refused(Refusal::AlreadyAnswered));
            }
            Err(error) => return Err(error.into()),
        };
        Ok(Pending::filed(OutcomeKind::Recorded, filed).about(Some(number)))
    }

    /// The child of a number, where the person's own authority answers for it: the archive too, upon a request.
    pub(crate) fn answered_for(
        &self,
        person: &Person,
        number: ChildNumber,
    ) -> Result<Option<(ChildId, Arc<Child>)>, LoadError> {
        let Some(child) = self.numbered(number)? else { return Ok(None) };
        let held = self.load(child)?.child;
        let own = person.relation_to(&held) == Relation::OwnAuthority;
        Ok(own.then_some((child, held)))
    }

    /// A request as its stream tells it.
    fn rights(&self, id: RightsId) -> Result<(Rights, Revision), LoadError> {
        self.folded(id.stream(), |fact| if let Fact::Rights(event) = fact { Some(event) } else { None })
    }
}

fn command_of(act: RightsAct, by: AccountId, held: &Child) -> Command {
    match act {
        RightsAct::CheckCarer { lives_with_child } => {
            Command::CheckCarer(CarerChecked { lives_with_child, judged_upon: ground_of(held), by })
        }
        RightsAct::CheckThreat { cleared } => {
            Command::CheckThreat(ThreatChecked { cleared, shields: shields_of(held), by })
        }
        RightsAct::Extend => Command::Extend(by),
        RightsAct::Step(step) => Command::Step(step, by),
        RightsAct::Answer(answer) => Command::Answer(answer, by),
        RightsAct::Disagree => Command::Disagree(by),
    }
}

/// What the record says of carers and address this moment.
fn ground_of(child: &Child) -> Ground {
    let stood = |(source, since): (KeyedRef, Position)| Stood { source, since };
    Ground { carers: child.carers_stand().map(stood), address: child.address_stands().map(stood) }
}

fn shields_of(child: &Child) -> Vec<ShieldId> {
    child.shields.keys().copied().collect()
}

/// Whether the record names whoever asks.
fn names(child: &Child, asker: Asker) -> bool {
    match asker {
        Asker::Child => true,
        Asker::Carer(carer) => child.carers().iter().any(|named| named.carer_ref.keyed() == Some(carer)),
    }
}

fn refused(refusal: Refusal) -> HandError {
    HandError::Refused { code: refusal.code(), detail: refusal.to_string() }
}
