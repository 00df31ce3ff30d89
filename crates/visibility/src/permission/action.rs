//! Actions: what a person may ask of the directory, one variant a kind of call.
//!
//! Source: contract.md section 2; domain.md 5.1.

use super::{SignIn, Thing};

/// What may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each name says it; the word for it stands in `name`")]
pub enum Action {
    Search,
    OpenRecord,
    OverrideShield,
    ReadCaseload,
    ReadOwnLooks,
    Declare,
    ReadRules,
    CreateChild,
    DescribeChild,
    StartInvolvement,
    ChangeInvolvement,
    RecordConsent,
    AskForShield,
    DecideShield,
    AskDesk,
    AnswerForDesk,
    ReadQueue,
    DecideQueue,
    MergeRecords,
    TransferChild,
    AnswerPerson,
    HoldRecord,
    ExtendArchiveAge,
    ReadPurges,
    ApprovePurge,
    CancelPurge,
    AuditLooks,
    ReviewLook,
    MarkCanary,
    ReadReports,
    OpenCase,
    ApproveCase,
    ReplayHistory,
    ReadOrganisation,
    RegisterOrganisation,
    RecordCondition,
    AccreditOrganisation,
    SignAgreement,
    SuspendOrganisation,
    ReinstateOrganisation,
    ManageClients,
    RevokeClient,
    ReadAccounts,
    CreateAccount,
    RecordGate,
    EnrolAccount,
    ActivateAccount,
    SuspendAccount,
    ReinstateAccount,
    ReinstateAfterSuspicion,
    CloseAccount,
    WithdrawRelationship,
    ProposePolicy,
    SignPolicy,
    ReadOperations,
}

impl Action {
    /// Every action, in the order in which they are printed.
    pub const ALL: [Action; 55] = [
        Action::Search,
        Action::OpenRecord,
        Action::OverrideShield,
        Action::ReadCaseload,
        Action::ReadOwnLooks,
        Action::Declare,
        Action::ReadRules,
        Action::CreateChild,
        Action::DescribeChild,
        Action::StartInvolvement,
        Action::ChangeInvolvement,
        Action::RecordConsent,
        Action::AskForShield,
        Action::DecideShield,
        Action::AskDesk,
        Action::AnswerForDesk,
        Action::ReadQueue,
        Action::DecideQueue,
        Action::MergeRecords,
        Action::TransferChild,
        Action::AnswerPerson,
        Action::HoldRecord,
        Action::ExtendArchiveAge,
        Action::ReadPurges,
        Action::ApprovePurge,
        Action::CancelPurge,
        Action::AuditLooks,
        Action::ReviewLook,
        Action::MarkCanary,
        Action::ReadReports,
        Action::OpenCase,
        Action::ApproveCase,
        Action::ReplayHistory,
        Action::ReadOrganisation,
        Action::RegisterOrganisation,
        Action::RecordCondition,
        Action::AccreditOrganisation,
        Action::SignAgreement,
        Action::SuspendOrganisation,
        Action::ReinstateOrganisation,
        Action::ManageClients,
        Action::RevokeClient,
        Action::ReadAccounts,
        Action::CreateAccount,
        Action::RecordGate,
        Action::EnrolAccount,
        Action::ActivateAccount,
        Action::SuspendAccount,
        Action::ReinstateAccount,
        Action::ReinstateAfterSuspicion,
        Action::CloseAccount,
        Action::WithdrawRelationship,
        Action::ProposePolicy,
        Action::SignPolicy,
        Action::ReadOperations,
    ];

    /// The words for it, as printed in docs/access.md.
    pub fn name(self) -> &'static str {
        match self {
            Action::Search => "search",
            Action::OpenRecord => "open a record",
            Action::OverrideShield => "override a shield",
            Action::ReadCaseload => "read the own caseload and inbox",
            Action::ReadOwnLooks => "read one's own looks",
            Action::Declare => "declare a relationship or a home",
            Action::ReadRules => "read reasons and policy",
            Action::CreateChild => "create a record by hand",
            Action::DescribeChild => "describe a child",
            Action::StartInvolvement => "start an involvement",
            Action::ChangeInvolvement => "change or end an involvement",
            Action::RecordConsent => "record consent or suspected harm",
            Action::AskForShield => "ask for a shield",
            Action::DecideShield => "decide about a shield",
            Action::AskDesk => "ask a duty desk",
            Action::AnswerForDesk => "answer for a duty desk",
            Action::ReadQueue => "read the queues of the team",
            Action::DecideQueue => "decide an item of identity",
            Action::MergeRecords => "merge and split records",
            Action::TransferChild => "propose and decide a transfer",
            Action::AnswerPerson => "answer a request about what is held",
            Action::HoldRecord => "hold a record from being purged",
            Action::ExtendArchiveAge => "keep a record to twenty-five",
            Action::ReadPurges => "read the lists to be purged",
            Action::ApprovePurge => "approve a list to be purged",
            Action::CancelPurge => "stop a list to be purged",
            Action::AuditLooks => "audit looks",
            Action::ReviewLook => "review a look",
            Action::MarkCanary => "mark a canary",
            Action::ReadReports => "read reports",
            Action::OpenCase => "open a case",
            Action::ApproveCase => "approve a case",
            Action::ReplayHistory => "replay a history",
            Action::ReadOrganisation => "read an organisation's standing",
            Action::RegisterOrganisation => "register an organisation",
            Action::RecordCondition => "record a condition of accreditation",
            Action::AccreditOrganisation => "accredit an organisation",
            Action::SignAgreement => "sign an agreement",
            Action::SuspendOrganisation => "suspend an organisation",
            Action::ReinstateOrganisation => "reinstate an organisation",
            Action::ManageClients => "add a client or its keys",
            Action::RevokeClient => "revoke a client or its keys",
            Action::ReadAccounts => "read accounts and what expires",
            Action::CreateAccount => "create an account",
            Action::RecordGate => "record a gate",
            Action::EnrolAccount => "hand out an enrolment code",
            Action::ActivateAccount => "activate an account",
            Action::SuspendAccount => "suspend an account",
            Action::ReinstateAccount => "reinstate an account",
            Action::ReinstateAfterSuspicion => "reinstate after suspected misuse",
            Action::CloseAccount => "close an account",
            Action::WithdrawRelationship => "withdraw a relationship",
            Action::ProposePolicy => "propose a policy",
            Action::SignPolicy => "sign a policy",
            Action::ReadOperations => "read how the server stands",
        }
    }

    /// What it is about.
    pub fn about(self) -> Thing {
        match self {
            Action::Search | Action::OpenRecord | Action::OverrideShield | Action::AskDesk => Thing::Look,
            Action::ReadOwnLooks | Action::Declare => Thing::Own,
            Action::ReadRules => Thing::Rules,
            Action::ReadCaseload
            | Action::CreateChild
            | Action::DescribeChild
            | Action::StartInvolvement
            | Action::RecordConsent
            | Action::AskForShield
            | Action::DecideShield => Thing::Record,
            Action::ChangeInvolvement => Thing::Involvement,
            Action::AnswerForDesk
            | Action::ReadQueue
            | Action::DecideQueue
            | Action::MergeRecords
            | Action::TransferChild
            | Action::AnswerPerson
            | Action::HoldRecord
            | Action::ExtendArchiveAge
            | Action::ReadPurges
            | Action::ApprovePurge
            | Action::CancelPurge => Thing::Queue,
            Action::AuditLooks | Action::ReviewLook | Action::MarkCanary | Action::ReadReports => {
                Thing::Audit
            }
            Action::OpenCase | Action::ApproveCase | Action::ReplayHistory => Thing::Case,
            Action::ReadOrganisation
            | Action::RegisterOrganisation
            | Action::RecordCondition
            | Action::AccreditOrganisation
            | Action::SignAgreement
            | Action::SuspendOrganisation
            | Action::ReinstateOrganisation
            | Action::ManageClients
            | Action::RevokeClient => Thing::Organisation,
            Action::ReadAccounts
            | Action::CreateAccount
            | Action::RecordGate
            | Action::EnrolAccount
            | Action::ActivateAccount
            | Action::SuspendAccount
            | Action::ReinstateAccount
            | Action::ReinstateAfterSuspicion
            | Action::CloseAccount
            | Action::WithdrawRelationship => Thing::Account,
            Action::ProposePolicy | Action::SignPolicy => Thing::Policy,
            Action::ReadOperations => Thing::Operation,
        }
    }

    /// The weakest sign-in that it takes.
    ///
    /// What a practitioner does all day may come through a case management system; whatever gives others a
    /// right or looks at what others did is done by one's own sign-in; what cannot be taken back, with the PIN.
    pub fn sign_in(self) -> SignIn {
        match self {
            Action::OverrideShield
            | Action::MarkCanary
            | Action::ApprovePurge
            | Action::ReinstateAfterSuspicion
            | Action::ProposePolicy
            | Action::SignPolicy => SignIn::SteppedUp,
            Action::Search
            | Action::OpenRecord
            | Action::ReadCaseload
            | Action::ReadOwnLooks
            | Action::ReadRules
            | Action::CreateChild
            | Action::DescribeChild
            | Action::StartInvolvement
            | Action::ChangeInvolvement
            | Action::RecordConsent
            | Action::AskForShield
            | Action::AskDesk => SignIn::Asserted,
            Action::Declare
            | Action::DecideShield
            | Action::AnswerForDesk
            | Action::ReadQueue
            | Action::DecideQueue
            | Action::MergeRecords
            | Action::TransferChild
            | Action::AnswerPerson
            | Action::HoldRecord
            | Action::ExtendArchiveAge
            | Action::ReadPurges
            | Action::CancelPurge
            | Action::AuditLooks
            | Action::ReviewLook
            | Action::ReadReports
            | Action::OpenCase
            | Action::ApproveCase
            | Action::ReplayHistory
            | Action::ReadOrganisation
            | Action::RegisterOrganisation
            | Action::RecordCondition
            | Action::AccreditOrganisation
            | Action::SignAgreement
            | Action::SuspendOrganisation
            | Action::ReinstateOrganisation
            | Action::ManageClients
            | Action::RevokeClient
            | Action::ReadAccounts
            | Action::CreateAccount
            | Action::RecordGate
            | Action::EnrolAccount
            | Action::ActivateAccount
            | Action::SuspendAccount
            | Action::ReinstateAccount
            | Action::CloseAccount
            | Action::WithdrawRelationship
            | Action::ReadOperations => SignIn::Own,
        }
    }

    /// I-21: whether nobody does it to their own account or their own act. Suspending oneself is no gain.
    pub fn bars_oneself(self) -> bool {
        matches!(
            self,
            Action::ApproveCase
                | Action::CreateAccount
                | Action::RecordGate
                | Action::EnrolAccount
                | Action::ActivateAccount
                | Action::ReinstateAccount
                | Action::ReinstateAfterSuspicion
                | Action::CloseAccount
                | Action::WithdrawRelationship
        )
    }

    /// The stable name of the refusal where the role does no such thing, or not there.
    pub fn refused_to_role(self) -> &'static str {
        match self {
            Action::Search | Action::OpenRecord | Action::AskDesk => "role_may_not_look",
            Action::AnswerForDesk => "role_may_not_answer",
            Action::OverrideShield => "override_right_missing",
            Action::ReadCaseload
            | Action::ReadOwnLooks
            | Action::Declare
            | Action::ReadRules
            | Action::ReadOperations => "role_may_not_read",
            Action::CreateChild
            | Action::DescribeChild
            | Action::StartInvolvement
            | Action::ChangeInvolvement
            | Action::RecordConsent
            | Action::AskForShield => "role_may_not_record",
            Action::DecideShield | Action::TransferChild | Action::AnswerPerson => {
                "not_responsible_authority"
            }
            Action::ReadQueue
            | Action::DecideQueue
            | Action::MergeRecords
            | Action::HoldRecord
            | Action::ExtendArchiveAge
            | Action::ReadPurges
            | Action::ApprovePurge
            | Action::CancelPurge => "role_may_not_decide",
            Action::AuditLooks => "role_may_not_audit",
            Action::ReviewLook | Action::MarkCanary => "role_may_not_review",
            Action::ReadReports => "role_may_not_report",
            Action::OpenCase | Action::ReplayHistory => "not_an_investigator",
            Action::ApproveCase => "not_a_case_approver",
            Action::ReadOrganisation
            | Action::RegisterOrganisation
            | Action::RecordCondition
            | Action::AccreditOrganisation
            | Action::SignAgreement
            | Action::SuspendOrganisation
            | Action::ReinstateOrganisation
            | Action::ManageClients
            | Action::RevokeClient
            | Action::ReadAccounts
            | Action::CreateAccount
            | Action::RecordGate
            | Action::EnrolAccount
            | Action::ActivateAccount
            | Action::SuspendAccount
            | Action::ReinstateAccount
            | Action::ReinstateAfterSuspicion
            | Action::CloseAccount
            | Action::WithdrawRelationship
            | Action::ProposePolicy
            | Action::SignPolicy => "role_may_not_administer",
        }
    }
}
