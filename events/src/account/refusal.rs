//! Why something is refused to, or about, an account.

use super::Gate;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such account was created.
    #[error("no such account")]
    Unknown,
    /// The account was created before, of another content.
    #[error("this account was created before")]
    AlreadyCreated,
    /// The account is closed, for ever.
    #[error("the account is closed")]
    Closed,
    /// The account is suspended.
    #[error("the account is suspended")]
    Suspended,
    /// The account was never activated.
    #[error("the account is not activated")]
    NotActivated,
    /// The person has not signed in for long, and did not now.
    #[error("the account is dormant until its person signs in")]
    Dormant,
    /// A ceiling of attempts was reached, for the first time today.
    #[error("a ceiling of attempts was reached; sign in again, and only urgent looks go on meanwhile")]
    CeilingReached,
    /// A ceiling of attempts was reached again on the same day.
    #[error(
        "a ceiling of attempts was reached again; only urgent looks go on until the account is reinstated"
    )]
    CeilingReachedAgain,
    /// I-21: a gate was never passed.
    #[error("a gate is missing: {gate:?}")]
    GateMissing {
        /// Which.
        gate: Gate,
    },
    /// I-21: a gate's date ran out.
    #[error("a gate has run out: {gate:?}")]
    GateExpired {
        /// Which.
        gate: Gate,
    },
    /// I-21: nobody authorises, activates or reinstates themself.
    #[error("nobody authorises, activates or reinstates their own account")]
    OwnAccount,
    /// A check or a training without its last day.
    #[error("this gate needs the last day it holds")]
    GateUndated,
    /// The last day lies in the past, or further away than a check may hold.
    #[error("a gate holds from today for at most {years} years", years = super::decide::GATE_YEARS_MAX)]
    GateOutOfRange,
    /// Nothing to sign in with was ever set.
    #[error("no password, one-time code and PIN are set")]
    CredentialsMissing,
    /// The one-time code was taken before.
    #[error("this one-time code was taken before")]
    CodeUsed,
    /// No enrolment code is open, or it ran out.
    #[error("no enrolment code is open; ask the user manager for another")]
    EnrolmentMissing,
    /// This passkey was registered before.
    #[error("this passkey was registered before")]
    PasskeyKnown,
    /// As many passkeys as one account has.
    #[error("an account has at most {most} passkeys; remove one first", most = super::PASSKEYS_MAX)]
    PasskeysTooMany,
    /// No such passkey, or it was removed.
    #[error("the account has no such passkey")]
    PasskeyUnknown,
    /// The passkey counts no further than before.
    #[error("the passkey counts no further than before: there may be a copy of it")]
    PasskeyCopied,
    /// This identity is linked already, to this account or to another.
    #[error("this identity is linked already")]
    IdentityKnown,
    /// As many linked identities as one account has.
    #[error("an account has at most {most} linked identities; remove one first", most = super::IDENTITIES_MAX)]
    IdentitiesTooMany,
    /// No such linked identity, or it was removed.
    #[error("the account has no such linked identity")]
    IdentityUnknown,
    /// As many relationships as one person declares.
    #[error("one person declares at most {most} relationships", most = super::RELATIONSHIPS_MAX)]
    RelationshipsTooMany,
    /// No such relationship was declared, or it was withdrawn.
    #[error("no relationship with a child of this number is declared")]
    RelationshipUnknown,
    /// A last day lies too far ahead.
    #[error("a last day lies at most {months} months ahead", months = super::decide::LEAVING_MONTHS_MAX)]
    LeavingOutOfRange,
}

impl Refusal {
    /// Whether it is a ceiling of attempts that was reached.
    pub fn is_ceiling(&self) -> bool {
        matches!(self, Refusal::CeilingReached | Refusal::CeilingReachedAgain)
    }

    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Unknown => "account_unknown",
            Refusal::AlreadyCreated => "account_known",
            Refusal::Closed => "account_closed",
            Refusal::Suspended => "account_suspended",
            Refusal::NotActivated => "account_not_activated",
            Refusal::Dormant => "account_dormant",
            Refusal::CeilingReached => "ceiling_reached",
            Refusal::CeilingReachedAgain => "ceiling_reached_again",
            Refusal::GateMissing { .. } => "gate_missing",
            Refusal::GateExpired { gate } => match gate {
                Gate::DisclosureCheck => "disclosure_check_expired",
                Gate::Training => "training_expired",
                Gate::EligibleRole
                | Gate::ManagerAuthorisation
                | Gate::Agreement
                | Gate::Monitoring
                | Gate::Token => "gate_expired",
            },
            Refusal::OwnAccount => "own_account",
            Refusal::GateUndated => "gate_undated",
            Refusal::GateOutOfRange => "gate_out_of_range",
            Refusal::CredentialsMissing => "credentials_missing",
            Refusal::CodeUsed => "code_used",
            Refusal::EnrolmentMissing => "enrolment_missing",
            Refusal::PasskeyKnown => "passkey_known",
            Refusal::PasskeysTooMany => "passkeys_too_many",
            Refusal::PasskeyUnknown => "passkey_unknown",
            Refusal::PasskeyCopied => "passkey_copied",
            Refusal::IdentityKnown => "identity_known",
            Refusal::IdentitiesTooMany => "identities_too_many",
            Refusal::IdentityUnknown => "identity_unknown",
            Refusal::RelationshipsTooMany => "relationships_too_many",
            Refusal::RelationshipUnknown => "relationship_unknown",
            Refusal::LeavingOutOfRange => "leaving_out_of_range",
        }
    }
}
