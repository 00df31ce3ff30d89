//! Permitting: may this person do this here? Asked before any rule of the thing itself.
//!
//! The decision is [`visibility::permission`]; here the person and what the act is about are put into its words.
//! Source: rules.md 5; docs/access.md.

use events::{
    child::Child,
    looker::{self, StepUp},
    standing::Standing,
};
use visibility::permission::{Action, Denial, Order, Relation, SignIn, Subject, Thing, permission};
use vocabulary::{AccountId, Assurance, OrganisationId};

use crate::{admin::AdminError, by_hand::HandError, disclose::LookError, people::Person, register::Register};

/// A denial with its stable name and its sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub(crate) struct Denied {
    pub(crate) code: &'static str,
    pub(crate) detail: String,
}

impl Denied {
    /// What whoever declared a relationship with a child is told (invariant I-21).
    pub(crate) fn declared_relationship() -> Denied {
        let refusal = looker::Refusal::DeclaredRelationship;
        Denied { code: refusal.code(), detail: refusal.to_string() }
    }
}

impl From<Denied> for HandError {
    fn from(denied: Denied) -> HandError {
        HandError::Refused { code: denied.code, detail: denied.detail }
    }
}

impl From<Denied> for LookError {
    fn from(denied: Denied) -> LookError {
        LookError::Refused { code: denied.code, detail: denied.detail }
    }
}

impl From<Denied> for AdminError {
    fn from(denied: Denied) -> AdminError {
        AdminError::Refused { code: denied.code, detail: denied.detail }
    }
}

impl Person {
    /// Judges whether this person may do this to what stands in `relation` to them; of a mediated act both people
    /// are judged, the mediator first.
    ///
    /// # Errors
    /// The denial, by the code that the person's standing or the action gives it.
    pub(crate) fn may(&self, action: Action, relation: Relation) -> Result<(), Denied> {
        if let Some(mediator) = &self.through {
            mediator.may(action, relation)?;
        }
        let mut subject = self.subject();
        // Where one authority runs the directory by itself there is no national body to sign for it.
        subject.national |= self.runs_alone && action.about() == Thing::Policy;
        permission(subject, action, relation, None).map_err(|denial| self.denied(action, denial))
    }

    /// The person in the words of the decision.
    pub(crate) fn subject(&self) -> Subject {
        let sign_in = match (self.assurance, self.step_up) {
            (Assurance::AssertedByCms, _) => SignIn::Asserted,
            (Assurance::OwnSignIn, StepUp::Absent) => SignIn::Own,
            (Assurance::OwnSignIn, StepUp::Fresh) => SignIn::SteppedUp,
        };
        let order = match self.standing {
            Standing::Good => Order::Good,
            Standing::Grace { .. } => Order::Grace,
            Standing::None { .. } => Order::Barred,
        };
        Subject { role: self.role, national: self.is_national(), sign_in, order }
    }

    fn denied(&self, action: Action, denial: Denial) -> Denied {
        let said = |code, detail: &str| Denied { code, detail: detail.to_owned() };
        match denial {
            Denial::Standing => match self.standing.good() {
                Err(because) => Denied { code: because.code(), detail: because.to_string() },
                Ok(()) => said("role_may_not_read", "this is not open to this user"),
            },
            Denial::Role => said(action.refused_to_role(), sentence(action)),
            Denial::SignIn => said("staff_only", "sign in here for this; no other system may ask for it"),
            Denial::StepUp => said("step_up_missing", "this is done after the PIN was given again"),
            Denial::Oneself => said("own_account", "nobody does this to their own account or case"),
            Denial::Related => Denied::declared_relationship(),
            Denial::Elsewhere | Denial::Concealed if action.about() == Thing::Policy => {
                said("role_may_not_administer", "the policy is for administrators of a national body")
            }
            Denial::Elsewhere | Denial::Concealed
                if action.about() == Thing::Queue || action == Action::DecideShield =>
            {
                said("not_responsible_authority", "this is for the authority that answers for the record")
            }
            Denial::Elsewhere | Denial::Concealed => {
                said("organisation_not_yours", "this organisation is not within one's own authority")
            }
        }
    }

    /// The relation to a child's record: whether the person's authority answers for it.
    pub(crate) fn relation_to(&self, child: &Child) -> Relation {
        if self.authority.is_some() && self.authority == child.authority {
            Relation::OwnAuthority
        } else {
            Relation::Elsewhere
        }
    }
}

impl Register {
    /// The relation of a person to an organisation.
    pub(crate) fn relation(&self, person: &Person, organisation: &OrganisationId) -> Relation {
        if person.organisation == *organisation {
            Relation::OwnOrganisation
        } else if person.authority.is_some() && self.authority_of(organisation) == person.authority {
            Relation::OwnAuthority
        } else {
            Relation::Elsewhere
        }
    }

    /// The relation of a person to an account.
    pub(crate) fn relation_to_account(&self, person: &Person, account: AccountId) -> Relation {
        if person.account == account {
            return Relation::Oneself;
        }
        let created = self.account(account).and_then(|held| held.created.as_ref());
        created.map_or(Relation::Elsewhere, |created| self.relation(person, &created.organisation))
    }
}

/// What is said where a role does no such thing: who does.
fn sentence(action: Action) -> &'static str {
    match action {
        Action::Search | Action::OpenRecord | Action::AskDesk => "this role looks at no child",
        Action::AnswerForDesk => "requests are answered by the teams and data managers of authorities",
        Action::OverrideShield => "this role may not override a shield",
        Action::ReadCaseload | Action::ReadOwnLooks | Action::Declare | Action::ReadRules => {
            "this role reads nothing here"
        }
        Action::CreateChild
        | Action::DescribeChild
        | Action::StartInvolvement
        | Action::ChangeInvolvement
        | Action::RecordConsent
        | Action::AskForShield => "this role records nothing about a child",
        Action::DecideShield => "only the team of the responsible authority decides about a shield",
        Action::ReadQueue | Action::DecideQueue => "the queues are for data managers and the directory team",
        Action::HoldRecord | Action::ExtendArchiveAge => {
            "how long a record is kept is for the team of the responsible authority"
        }
        Action::ReadPurges | Action::ApprovePurge | Action::CancelPurge => {
            "lists of records to be purged are for data managers and administrators"
        }
        Action::TransferChild => "children move by agreement of the teams of both authorities",
        Action::AnswerPerson => {
            "requests about what is held are answered by the team of the responsible authority"
        }
        Action::MergeRecords => "records are merged and split by data managers",
        Action::AuditLooks => "the audit is for auditors, and for user managers about their own staff",
        Action::ReviewLook | Action::MarkCanary => "looks are reviewed by auditors",
        Action::ReadReports => "reports are for user managers, authority teams, data managers and auditors",
        Action::OpenCase => "only an investigator opens a case",
        Action::ReplayHistory => "only an investigator replays a history",
        Action::ApproveCase => "only a case approver approves a case",
        Action::ReadOrganisation
        | Action::RegisterOrganisation
        | Action::RecordCondition
        | Action::AccreditOrganisation
        | Action::SignAgreement
        | Action::SuspendOrganisation
        | Action::ReinstateOrganisation
        | Action::ManageClients
        | Action::RevokeClient => "organisations are kept by their authority's team and by administrators",
        Action::ReadAccounts
        | Action::CreateAccount
        | Action::RecordGate
        | Action::EnrolAccount
        | Action::ActivateAccount
        | Action::SuspendAccount
        | Action::ReinstateAccount
        | Action::CloseAccount
        | Action::WithdrawRelationship => {
            "accounts are kept by the employer's user manager, the authority's team and administrators"
        }
        Action::ReinstateAfterSuspicion => {
            "after suspected misuse the authority's team or an administrator reinstates"
        }
        Action::ProposePolicy | Action::SignPolicy => "the policy is signed by two administrators",
        Action::ReadOperations => "how the server stands is for operators",
    }
}

/// The worse standing of an account and its organisation, in one sum of refusals.
pub(crate) fn standing_of(
    account: Standing<events::account::Refusal>,
    organisation: Standing<events::organisation::Refusal>,
) -> Standing<looker::Refusal> {
    account.because(looker::Refusal::from).worse(organisation.because(looker::Refusal::from))
}
