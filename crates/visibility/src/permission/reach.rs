//! Reach: how far a role's right to an action goes. The table, action by action.
//!
//! Source: domain.md 5.1; rules.md 2, 4.3, 5. What a role may look for is narrowed by the policy's table of
//! reasons besides; what of a record it then sees is the table of `scope.rs`.

use vocabulary::Role;

use super::{Action, Relation};

/// How far a right goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// The role does no such thing.
    Nowhere,
    /// In one's own organisation.
    Organisation,
    /// In one's own authority.
    Authority,
    /// In one's own authority; for whoever belongs to none, everywhere.
    AuthorityOrNational,
    /// Everywhere, for whoever belongs to no authority.
    National,
    /// Everywhere.
    Everywhere,
}

impl Reach {
    /// Tells whether the right goes as far as this.
    pub fn covers(self, relation: Relation, national: bool) -> bool {
        let own_organisation = matches!(relation, Relation::Oneself | Relation::OwnOrganisation);
        match self {
            Reach::Nowhere => false,
            Reach::Organisation => own_organisation,
            Reach::Authority => own_organisation || relation == Relation::OwnAuthority,
            Reach::AuthorityOrNational => national || own_organisation || relation == Relation::OwnAuthority,
            Reach::National => national,
            Reach::Everywhere => true,
        }
    }
}

/// How far the right of a role to an action goes.
#[expect(clippy::match_same_arms, reason = "an arm is a row of the table")]
pub fn reach(action: Action, role: Role) -> Reach {
    match action {
        // Who may look may ask what was not shown (rules.md 2.6).
        Action::Search | Action::OpenRecord | Action::AskDesk => {
            if works(role) || reviews(role) || role == Role::Mediator {
                Reach::Everywhere
            } else {
                Reach::Nowhere
            }
        }
        Action::OverrideShield => only(role, Role::PractitionerOverride),
        Action::ReadCaseload | Action::ReadOwnLooks | Action::Declare | Action::ReadRules => {
            Reach::Everywhere
        }
        Action::CreateChild
        | Action::DescribeChild
        | Action::StartInvolvement
        | Action::RecordConsent
        | Action::AskForShield => {
            if works(role) || role == Role::Mediator {
                Reach::Everywhere
            } else {
                Reach::Nowhere
            }
        }
        // I-15: only the recording organisation, or the team of the child's authority.
        Action::ChangeInvolvement if team(role) != Reach::Nowhere => Reach::Authority,
        Action::ChangeInvolvement if works(role) || role == Role::Mediator => Reach::Organisation,
        Action::ChangeInvolvement => Reach::Nowhere,
        Action::DecideShield
        | Action::AnswerForDesk
        | Action::DecideQueue
        | Action::ReadQueue
        | Action::TransferChild
        | Action::AnswerPerson
        | Action::HoldRecord
        | Action::ExtendArchiveAge => team(role),
        // One of the authority, which knows what is still needed, and one of whoever runs the directory.
        Action::ReadPurges | Action::ApprovePurge | Action::CancelPurge => {
            match managers(role) {
                Reach::Authority if role == Role::DataManager => Reach::Authority,
                Reach::AuthorityOrNational => Reach::AuthorityOrNational,
                Reach::Authority
                | Reach::Nowhere
                | Reach::Organisation
                | Reach::National
                | Reach::Everywhere => Reach::Nowhere,
            }
        }
        Action::MergeRecords if role == Role::DataManager => Reach::Authority,
        Action::MergeRecords => Reach::Nowhere,
        Action::AuditLooks | Action::ReviewLook | Action::MarkCanary | Action::ReadReports
            if role == Role::Auditor =>
        {
            Reach::AuthorityOrNational
        }
        Action::AuditLooks | Action::ReadReports if role == Role::UserManager => Reach::Organisation,
        Action::AuditLooks | Action::ReviewLook | Action::MarkCanary => Reach::Nowhere,
        Action::ReadReports => team(role),
        Action::OpenCase | Action::ReplayHistory => only(role, Role::Investigator),
        Action::ApproveCase => only(role, Role::CaseApprover),
        // Suspicion is most often the auditor's, who must then be able to act on it.
        Action::ReadOrganisation | Action::ReadAccounts | Action::SuspendAccount
            if role == Role::Auditor =>
        {
            Reach::AuthorityOrNational
        }
        Action::ReadOrganisation | Action::ReadAccounts | Action::SuspendAccount => managers(role),
        Action::RegisterOrganisation
        | Action::RecordCondition
        | Action::AccreditOrganisation
        | Action::SignAgreement
        | Action::SuspendOrganisation
        | Action::ReinstateOrganisation
        | Action::ManageClients
        | Action::ReinstateAfterSuspicion
            // An employer neither accredits itself nor clears its own staff of suspicion.
            if role == Role::UserManager =>
        {
            Reach::Nowhere
        }
        Action::RegisterOrganisation
        | Action::RecordCondition
        | Action::AccreditOrganisation
        | Action::SignAgreement
        | Action::SuspendOrganisation
        | Action::ReinstateOrganisation
        | Action::ManageClients
        | Action::ReinstateAfterSuspicion => managers(role),
        Action::RevokeClient
        | Action::CreateAccount
        | Action::RecordGate
        | Action::EnrolAccount
        | Action::ActivateAccount
        | Action::ReinstateAccount
        | Action::CloseAccount
        | Action::WithdrawRelationship => managers(role),
        Action::ProposePolicy | Action::SignPolicy if role == Role::Administrator => Reach::National,
        Action::ProposePolicy | Action::SignPolicy => Reach::Nowhere,
        Action::ReadOperations => only(role, Role::Operator),
    }
}

/// Tells whether a role that may create accounts may create one of this role.
///
/// A manager gives no right beyond practice; the right to override, and every role that looks back or looks
/// after others, is given by the authority's team or an administrator; the national roles by an administrator.
pub fn may_grant(granter: Role, role: Role) -> bool {
    let practice = matches!(role, Role::Practitioner | Role::NationalPartner | Role::Mediator);
    let local = matches!(role, Role::PractitionerOverride | Role::UserManager);
    match granter {
        Role::UserManager => practice,
        Role::AuthorityTeam | Role::DataManager => practice || local,
        Role::Administrator => true,
        Role::Practitioner
        | Role::PractitionerOverride
        | Role::NationalPartner
        | Role::Mediator
        | Role::Auditor
        | Role::Investigator
        | Role::CaseApprover
        | Role::Operator => false,
    }
}

fn only(role: Role, wanted: Role) -> Reach {
    if role == wanted { Reach::Everywhere } else { Reach::Nowhere }
}

fn works(role: Role) -> bool {
    matches!(
        role,
        Role::Practitioner
            | Role::PractitionerOverride
            | Role::NationalPartner
            | Role::AuthorityTeam
            | Role::DataManager
    )
}

fn reviews(role: Role) -> bool {
    matches!(role, Role::Auditor | Role::Investigator)
}

fn team(role: Role) -> Reach {
    if matches!(role, Role::AuthorityTeam | Role::DataManager) { Reach::Authority } else { Reach::Nowhere }
}

fn managers(role: Role) -> Reach {
    match role {
        Role::UserManager => Reach::Organisation,
        Role::AuthorityTeam | Role::DataManager => Reach::Authority,
        Role::Administrator => Reach::AuthorityOrNational,
        Role::Practitioner
        | Role::PractitionerOverride
        | Role::NationalPartner
        | Role::Mediator
        | Role::Auditor
        | Role::Investigator
        | Role::CaseApprover
        | Role::Operator => Reach::Nowhere,
    }
}
