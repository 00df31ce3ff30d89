//! By hand: what staff record where no case management system does it for them.
//!
//! Answered with the same outcomes as a supplier's event. Source: contract.md section 2; rules.md 1.4, 2, 3,
//! 4.4; invariants I-3, I-7, I-15.

mod shields;

use events::{
    child::{
        Child, Command, identity,
        involvement::{self, Changer, Updated},
    },
    decider::Decider,
    supplied::{InvolvementStarted, Supplied, SuppliedChild, SuppliedRef},
    told::Told,
};
use visibility::permission::{Action, Relation};
use vocabulary::{BodyHash, ChildId, ChildNumber, Contact, EventId, InvolvementId, Label, Role, SearchId};

pub use shields::ShieldAsk;

use crate::{
    Directory,
    children::LoadError,
    commands,
    filing::{FileError, Filing},
    judge::Meant,
    keying,
    outcome::{OutcomeKind, Pending, Problem},
    people::Person,
    supply::{Mode, Said, Sender, SupplyError},
};

/// Why nothing was recorded.
#[derive(Debug, thiserror::Error)]
pub enum HandError {
    /// No such thing, or not this person's: deliberately the same answer.
    #[error("no such record, or it is not open to this user")]
    Unknown,
    /// A rule said no.
    #[error("{detail}")]
    Refused {
        /// The stable name.
        code: &'static str,
        /// The sentence.
        detail: String,
    },
    /// A machine failed; ask again.
    #[error("the directory could not record this")]
    Supply(#[from] SupplyError),
}

impl From<LoadError> for HandError {
    fn from(error: LoadError) -> HandError {
        HandError::Supply(error.into())
    }
}

impl From<FileError> for HandError {
    fn from(error: FileError) -> HandError {
        HandError::Supply(error.into())
    }
}

/// What a member of staff changes of an involvement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InvolvementPatch {
    /// The practitioner.
    pub practitioner: Told<events::supplied::SuppliedPractitioner>,
    /// The team.
    pub team: Told<Label>,
    /// The contacts.
    pub contacts: Option<Vec<Contact>>,
    /// The first day.
    pub started_on: Option<chrono::NaiveDate>,
    /// The last day.
    pub ended_on: Told<chrono::NaiveDate>,
}

impl Directory {
    /// Opens a record for a child that a search did not find, through the same matcher as a feed.
    ///
    /// # Errors
    /// `Refused`: the search cited is not one (I-3), or the description is not whole. Others: a machine failed.
    pub fn create_child(
        &self,
        person: &Person,
        search_id: SearchId,
        mut child: SuppliedChild,
    ) -> Result<Pending, HandError> {
        let now = self.clock().now();
        person.may(Action::CreateChild, Relation::Elsewhere)?;
        // A mediator's search was made by the mediator, for the colleague.
        let asker = person.through.as_ref().map_or(person.account, |mediator| mediator.account);
        let searched = self.search_made(asker, search_id).ok_or(HandError::Refused {
            code: "search_unknown",
            detail: "a record is opened after a search of one's own within 30 minutes; search again"
                .to_owned(),
        })?;
        // Only a search that found nobody: not one too thin to be made, one with too many, or a page past the end.
        let found_nobody = searched.made.outcome == events::search::Outcome::None;
        let cited = identity::ByHand {
            user: asker,
            search: search_id,
            searched_by: asker,
            searched_at: searched.made.at,
            shown: if found_nobody { searched.made.shown } else { searched.made.shown.max(1) },
        };
        let probe = identity::Command::Register {
            number: ChildNumber::from_draw(0),
            authority: crate::judge::national_pool(),
            by_hand: Some(cited),
        };
        Child::decide(&Child::default(), &Command::Identity(probe), now)
            .map_err(|refusal| HandError::Refused { code: refusal.code(), detail: refusal.to_string() })?;
        child.child_number = None;
        child.local_ref = SuppliedRef::try_from(format!("by-hand-{}", self.ids().next().simple())).ok();
        let mut told = Supplied::ChildDescribed { child, version: None };
        keying::key_refs(self.vault(), &person.organisation, &mut told);
        let mut desk = self.desk_mut();
        Ok(self.place(&mut desk, &self.said(person, told, None))?)
    }

    /// States what the person's organisation knows of a child's details.
    ///
    /// # Errors
    /// `Unknown`: no such child, or concealed. `Refused`: a rule said no.
    pub fn change_child(
        &self,
        person: &Person,
        number: ChildNumber,
        mut child: SuppliedChild,
    ) -> Result<Pending, HandError> {
        person.may(Action::DescribeChild, Relation::Elsewhere)?;
        self.visible(person, number)?;
        child.local_ref = None;
        child.child_number = Some(number);
        let mut told = Supplied::ChildDescribed { child, version: None };
        keying::key_refs(self.vault(), &person.organisation, &mut told);
        let mut desk = self.desk_mut();
        Ok(self.place(&mut desk, &self.said(person, told, None))?)
    }

    /// Records that the person's organisation works with a child.
    ///
    /// # Errors
    /// `Unknown`: no such child, or concealed. `Refused`: a rule said no.
    pub fn start_involvement(
        &self,
        person: &Person,
        number: ChildNumber,
        mut started: InvolvementStarted,
    ) -> Result<Pending, HandError> {
        person.may(Action::StartInvolvement, Relation::Elsewhere)?;
        self.visible(person, number)?;
        started.child = SuppliedChild { child_number: Some(number), ..SuppliedChild::default() };
        started.organisation = None;
        let mut told = Supplied::InvolvementStarted(started);
        keying::key_refs(self.vault(), &person.organisation, &mut told);
        // The answer is named by the involvement, by which its own staff change and end it.
        let id = told.involvement_ref().map(commands::involvement_id);
        let mut desk = self.desk_mut();
        let pending = self.place(&mut desk, &self.said(person, told, None))?;
        Ok(match id {
            Some(id) => pending.named(id.to_string()),
            None => pending,
        })
    }

    /// Changes an involvement of the person's organisation.
    ///
    /// # Errors
    /// `Unknown`: no such involvement. `Refused`: another organisation's, or a rule said no.
    pub fn change_involvement(
        &self,
        person: &Person,
        id: InvolvementId,
        patch: InvolvementPatch,
    ) -> Result<Pending, HandError> {
        let practitioner = match patch.practitioner {
            Told::Unsaid => Told::Unsaid,
            Told::TakenBack => Told::TakenBack,
            Told::Value(mut told) => {
                let keyed = keying::keyed_ref(
                    self.vault(),
                    &person.organisation,
                    events::supplied::RefKind::Practitioner,
                    told.practitioner_ref.as_str(),
                );
                told.practitioner_ref.key(keyed);
                Told::Value(commands::practitioner(&told))
            }
        };
        let updated = Updated {
            involvement: id,
            practitioner,
            team: patch.team,
            contacts: patch.contacts,
            started_on: patch.started_on,
            ended_on: patch.ended_on,
            version: None,
        };
        self.on_involvement(person, id, |by| involvement::Command::Update { by, updated: Box::new(updated) })
    }

    /// Ends an involvement of the person's organisation.
    ///
    /// # Errors
    /// As [`Directory::change_involvement`].
    pub fn end_involvement(
        &self,
        person: &Person,
        id: InvolvementId,
        ended_on: chrono::NaiveDate,
    ) -> Result<Pending, HandError> {
        self.on_involvement(person, id, |by| involvement::Command::End {
            by,
            involvement: id,
            ended_on,
            version: None,
        })
    }

    /// Takes back an involvement that should never have been recorded.
    ///
    /// # Errors
    /// As [`Directory::change_involvement`].
    pub fn involvement_in_error(&self, person: &Person, id: InvolvementId) -> Result<Pending, HandError> {
        self.on_involvement(person, id, |by| involvement::Command::EnterInError { by, involvement: id })
    }

    /// Says that the practitioner of an involvement is the lead professional, or gives the role up.
    ///
    /// # Errors
    /// As [`Directory::change_involvement`]; another involvement that the person's organisation may see has the lead.
    pub fn lead_by_hand(
        &self,
        person: &Person,
        id: InvolvementId,
        leads: bool,
    ) -> Result<Pending, HandError> {
        self.on_involvement(person, id, |by| {
            if leads {
                involvement::Command::NameLead { by, involvement: id }
            } else {
                involvement::Command::RelinquishLead { by, involvement: id }
            }
        })
    }

    /// Says that an involvement holds a common assessment since `on`, or none any more since then.
    ///
    /// # Errors
    /// As [`Directory::change_involvement`].
    pub fn assessment_by_hand(
        &self,
        person: &Person,
        id: InvolvementId,
        on: chrono::NaiveDate,
        held: bool,
    ) -> Result<Pending, HandError> {
        self.on_involvement(person, id, |by| {
            if held {
                involvement::Command::IndicateAssessment { by, involvement: id, on }
            } else {
                involvement::Command::WithdrawAssessment { by, involvement: id, on }
            }
        })
    }

    /// Records a decision on consent, or suspected harm, for an episode of the person's own organisation.
    ///
    /// # Errors
    /// `Unknown`: no such child, or concealed. `Refused`: a rule said no.
    pub fn record_consent(&self, person: &Person, mut told: Supplied) -> Result<Pending, HandError> {
        person.may(Action::RecordConsent, Relation::Elsewhere)?;
        let number = told.child().and_then(|child| child.child_number).ok_or(HandError::Unknown)?;
        self.visible(person, number)?;
        keying::key_refs(self.vault(), &person.organisation, &mut told);
        let mut desk = self.desk_mut();
        Ok(self.place(&mut desk, &self.said(person, told, None))?)
    }

    /// Runs one command on the child that an involvement belongs to.
    fn on_involvement(
        &self,
        person: &Person,
        id: InvolvementId,
        command: impl FnOnce(Changer) -> involvement::Command,
    ) -> Result<Pending, HandError> {
        let _alone = self.desk_mut();
        let child = self.involved(id)?.ok_or(HandError::Unknown)?;
        let known = self.load(child)?;
        // That there is such an involvement at all is told to its own organisation and the team only.
        let own = known.child.involvements.get(&id).is_some_and(|held| {
            held.organisation == person.organisation || held.supplier == person.organisation
        });
        let answers = self.relation_to(person, child, &known.child)?;
        let team = matches!(person.role, Role::AuthorityTeam | Role::DataManager)
            && answers == Relation::OwnAuthority;
        if !own && !team {
            return Err(HandError::Unknown);
        }
        let relation =
            if team || answers == Relation::Declared { answers } else { Relation::OwnOrganisation };
        person.may(Action::ChangeInvolvement, relation)?;
        let by = if team { Changer::Team } else { Changer::Organisation(person.organisation.clone()) };
        self.run(person, child, &[Command::Involvement(command(by))])
    }

    /// Decides and files commands of a person on one child.
    pub(crate) fn run(&self, person: &Person, id: ChildId, asks: &[Command]) -> Result<Pending, HandError> {
        let known = self.load(id)?;
        let said = self.said(person, placeholder(known.child.number), None);
        let events = match Self::decided(&known, asks, &said) {
            Ok(events) => events,
            Err(refusal) => return Ok(Pending::refused(String::new(), Problem::refused(&refusal))),
        };
        if events.is_empty() {
            return Ok(Pending::judged(OutcomeKind::Unchanged).about(known.child.number));
        }
        let filed = self.file(&said.filing, id, &known, events)?;
        Ok(Pending::filed(OutcomeKind::Recorded, filed).about(known.child.number))
    }

    /// What a person says, as placing takes it.
    pub(crate) fn said(&self, person: &Person, told: Supplied, decided: Option<Meant>) -> Said {
        let now = self.clock().now();
        let team = matches!(person.role, Role::AuthorityTeam | Role::DataManager);
        Said {
            sender: Sender {
                organisation: person.organisation.clone(),
                kind: person.kind,
                client: person.client.clone().unwrap_or_else(|| vocabulary::ClientId("by-hand".to_owned())),
                states_others: false,
            },
            filing: Filing {
                by: person.actor(),
                cause: None,
                id: EventId(self.ids().next()),
                body: BodyHash::default(),
                happened_at: now,
                now,
            },
            told,
            mode: Mode::Record,
            decided,
            recorded_by: Some(person.name.clone()),
            team_of: team.then(|| person.authority.clone()).flatten(),
            item: None,
        }
    }

    /// The child of a number, unless concealed from this person or declared to be related to them.
    pub(crate) fn visible(&self, person: &Person, number: ChildNumber) -> Result<ChildId, HandError> {
        let mut visible = None;
        if let Some(id) = self.numbered(number)? {
            let known = self.load(id)?;
            visible = Some(id).filter(|_| !self.is_concealed(person, &known.child));
        }
        self.unrelated(person, number, visible)?;
        visible.ok_or_else(|| self.named_nobody(person))
    }

    /// Whether nothing of a record is for this person, so that it must read like one that nobody has.
    pub(crate) fn is_concealed(&self, person: &Person, child: &Child) -> bool {
        let sight = visibility::Sight::on(vocabulary::england_day(self.clock().now()));
        let scope = visibility::scope(&person.viewer(), child, visibility::Override::None, &sight);
        scope.groups().iter().next().is_none()
    }
}

/// What stands for the event where a command is run by itself.
fn placeholder(number: Option<ChildNumber>) -> Supplied {
    Supplied::ChildDescribed {
        child: SuppliedChild { child_number: number, ..SuppliedChild::default() },
        version: None,
    }
}
