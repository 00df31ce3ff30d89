//! What happens to an account, as stored.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{
    AccountId, ChildNumber, KeyedRef, OrganisationId, PasskeyId, PersonName, ProviderName, Role,
    SignatureAlgorithm,
};

use super::{Gate, Home, Username};
use crate::{ceiling::Reached, organisation::client::PublicKey, secret::Secret};

/// An account was created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    /// Its id.
    pub account: AccountId,
    /// The name the person signs in with.
    pub username: Username,
    /// The person's name.
    pub name: PersonName,
    /// In which organisation.
    pub organisation: OrganisationId,
    /// In which role.
    pub role: Role,
}

/// How a person proves who they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// The password, hashed.
    pub password_hash: Secret,
    /// The seed of the one-time codes.
    pub totp_secret: Secret,
    /// The PIN, hashed.
    pub pin_hash: Secret,
}

/// A key that a person's device or security token made for this directory, and gives out to nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// Its id.
    pub passkey: PasskeyId,
    /// The one algorithm it is used with.
    pub algorithm: SignatureAlgorithm,
    /// The public half.
    pub public_key: PublicKey,
    /// How often it signed, where its maker counts; else 0 for ever.
    pub sign_count: u32,
}

/// Who an account's person is at an identity provider, as that provider knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedIdentity {
    /// Issuer and subject, as a keyed hash.
    pub identity: KeyedRef,
    /// The provider, as the settings named it then.
    pub provider: ProviderName,
}

/// Why an account was suspended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuspensionGround {
    /// Misuse was detected, suspected or reported.
    MisuseSuspected,
    /// The token or the password was lost or seen by another.
    CredentialsLost,
    /// On leave, or absent for long.
    Absent,
    /// The manager asked for it.
    ManagerRequest,
}

/// What was wrong with a sign-in or step-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInFault {
    /// Wrong password.
    PasswordWrong,
    /// Wrong one-time code.
    CodeWrong,
    /// This code was taken before.
    CodeUsed,
    /// Wrong PIN.
    PinWrong,
    /// The account may not act.
    NotInGoodStanding,
    /// Wrong enrolment code, or none is open.
    EnrolmentWrong,
    /// What a passkey signed is not believed.
    PasskeyWrong,
    /// A passkey counts no further than it did: there may be a copy of it.
    PasskeyCopied,
    /// The person signed in at their provider, and not strongly enough.
    IdentityWeak,
}

/// What happened to an account. `by` is absent where someone at the shell of the machine did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum Event {
    /// An account was created; it may not act yet.
    AccountCreated(Created),
    /// A gate was passed.
    GateRecorded {
        /// Which.
        gate: Gate,
        /// Who recorded it; never the person themself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<AccountId>,
        /// The last day it holds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        valid_until: Option<NaiveDate>,
    },
    /// Password, one-time codes and PIN were set.
    CredentialsSet(Credentials),
    /// The account may act.
    AccountActivated {
        /// Who activated it; never the person themself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<AccountId>,
    },
    /// The account was suspended; there is no grace.
    AccountSuspended {
        /// Why.
        ground: SuspensionGround,
    },
    /// The suspension ended.
    AccountReinstated {
        /// Who ended it; never the person themself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<AccountId>,
    },
    /// The person's last day in the organisation is known; the account closes after it.
    LeavingRecorded {
        /// The last day.
        on: NaiveDate,
    },
    /// The account was closed, for ever.
    AccountClosed,
    /// A code was handed out by which the person sets password and PIN and takes up a token.
    EnrolmentIssued {
        /// The code, hashed.
        code_hash: Secret,
        /// Until when it may be used.
        expires_at: DateTime<Utc>,
        /// Who handed it out; never the person themself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<AccountId>,
    },
    /// The person signed in.
    SignedIn {
        /// The 30-second step of the one-time code, which is taken once.
        code_step: u64,
    },
    /// A sign-in or a step-up was refused.
    SignInRefused {
        /// What was wrong.
        fault: SignInFault,
    },
    /// The person gave the PIN as well.
    SteppedUp,
    /// The person read a one-time code out to a mediator, who looks for them.
    CodeReadOut {
        /// The 30-second step of the code, which is taken once.
        code_step: u64,
    },
    /// The account reached a ceiling of attempts; only the two urgent reasons go on, every look reviewed.
    CeilingReached(Reached),
    /// The person registered a passkey, after their own sign-in and step-up.
    PasskeyRegistered(Passkey),
    /// A passkey is good no more, nor are the sessions that it began.
    PasskeyRemoved {
        /// Which.
        passkey: PasskeyId,
    },
    /// The person signed in by a passkey that asked for their PIN, finger or face.
    SignedInByPasskey {
        /// Which.
        passkey: PasskeyId,
        /// How often it signed.
        sign_count: u32,
    },
    /// The person stepped up by a passkey in place of the PIN.
    SteppedUpByPasskey {
        /// Which.
        passkey: PasskeyId,
        /// How often it signed.
        sign_count: u32,
    },
    /// The person linked who they are at a provider, after their own sign-in and step-up.
    IdentityLinked(LinkedIdentity),
    /// A linked identity signs nobody in any more, and the sessions that it began have ended.
    IdentityUnlinked {
        /// Which.
        identity: KeyedRef,
    },
    /// The person signed in at their provider, as strongly as is asked of it.
    SignedInByIdentity {
        /// As whom there.
        identity: KeyedRef,
    },
    /// The person declared that they are related to a child, whose record they do not open from now on.
    RelationshipDeclared {
        /// The child's number, whether or not anybody has it.
        related_to: ChildNumber,
    },
    /// A declared relationship holds no more.
    RelationshipWithdrawn {
        /// The number that was declared.
        related_to: ChildNumber,
        /// Who said so; never the person themself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<AccountId>,
    },
    /// The person declared where they live, to be compared with where children live.
    HomeDeclared(Home),
    /// Where they live is compared no more.
    HomeWithdrawn,
}
