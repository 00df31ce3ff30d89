//! Account: one person in one organisation, the gates passed, and how they prove who they are.
//!
//! Source: domain.md 5.2 (gates, in order); rules.md 5.1, 5.2; invariant I-21. Accounts are never shared
//! and never used again.

mod decide;
mod gate;
mod refusal;
#[cfg(test)]
mod spec;

use std::{collections::BTreeMap, fmt};

use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use vocabulary::{AccountId, NotAWord, OrganisationId, PersonName, Role, england_day};

use crate::{
    decider::{Decider, When},
    secret::Secret,
    standing::{self, Standing},
};

pub use gate::{Gate, GateHeld};
pub use refusal::Refusal;

/// Longest user name, in characters: the local part of an e-mail address (RFC 5321).
pub const USERNAME_CHARACTERS_MAX: usize = 64;

/// The name a person signs in with; prints as `Username(..)`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Username(String);

impl Username {
    /// Takes a user name as given.
    ///
    /// # Errors
    /// `NotAWord` when it is empty, over 64 characters, or holds a space or a control.
    pub fn new(text: &str) -> Result<Username, NotAWord> {
        let fits = (1..=USERNAME_CHARACTERS_MAX).contains(&text.chars().count());
        if fits && !text.chars().any(|character| character.is_whitespace() || character.is_control()) {
            Ok(Username(text.to_owned()))
        } else {
            Err(NotAWord { expected: "a user name: 1 to 64 characters without spaces" })
        }
    }

    /// The name as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Username {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Username(..)")
    }
}

impl<'de> Deserialize<'de> for Username {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Username::new(&text).map_err(serde::de::Error::custom)
    }
}

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
    /// The account was closed, for ever.
    AccountClosed,
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
}

/// What is remembered of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Account {
    /// Who and where, once created.
    pub created: Option<Created>,
    /// When it was created.
    pub created_at: Option<DateTime<Utc>>,
    /// Gates passed.
    pub gates: BTreeMap<Gate, GateHeld>,
    /// How the person proves who they are.
    pub credentials: Option<Credentials>,
    /// Activated once.
    pub activated: bool,
    /// Why it is suspended, while it is.
    pub suspended: Option<SuspensionGround>,
    /// Closed for ever.
    pub closed: bool,
    /// When the person last signed in.
    pub signed_in_at: Option<DateTime<Utc>>,
    /// The newest one-time code taken, as its 30-second step.
    pub code_step: Option<u64>,
}

/// What may be asked about an account. `by` is absent where someone at the shell of the machine asks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the events")]
pub enum Command {
    /// Create it.
    Create(Created),
    /// Record a gate.
    RecordGate { gate: Gate, by: Option<AccountId>, valid_until: Option<NaiveDate> },
    /// Set password, one-time codes and PIN.
    SetCredentials(Credentials),
    /// Let it act.
    Activate { by: Option<AccountId> },
    /// Suspend it.
    Suspend { ground: SuspensionGround },
    /// End the suspension.
    Reinstate { by: Option<AccountId> },
    /// Close it.
    Close,
    /// Sign in: password and one-time code were found right. `grace_hours` is policy.
    SignIn { code_step: u64, grace_hours: u32 },
    /// Remember a refused sign-in or step-up.
    RefuseSignIn { fault: SignInFault },
    /// Step up: the PIN was found right.
    StepUp,
}

impl Account {
    /// Judges whether the account may act at `now`; its organisation's standing is asked apart.
    ///
    /// In this order: unknown, closed, suspended, not activated, a gate missing, a gate's date run out.
    /// `grace_hours` is policy.
    pub fn standing(&self, now: DateTime<Utc>, grace_hours: u32) -> Standing<Refusal> {
        if let Err(because) = self.in_use() {
            return Standing::None { because };
        }
        self.gates(now, grace_hours)
    }

    /// As [`Account::standing`], for someone who did not sign in here: vouched for by a client, or the
    /// colleague for whom a mediator asks. A dormant account is woken by its own sign-in only.
    ///
    /// Dormancy comes before the gates. `grace_hours` and `dormant_months` are policy.
    pub fn standing_unsigned(
        &self,
        now: DateTime<Utc>,
        grace_hours: u32,
        dormant_months: u32,
    ) -> Standing<Refusal> {
        if let Err(because) = self.in_use() {
            return Standing::None { because };
        }
        if self.dormant_since(now, dormant_months).is_some() {
            return Standing::None { because: Refusal::Dormant };
        }
        self.gates(now, grace_hours)
    }

    /// Created, open, not suspended, activated.
    fn in_use(&self) -> Result<(), Refusal> {
        if self.created.is_none() {
            Err(Refusal::Unknown)
        } else if self.closed {
            Err(Refusal::Closed)
        } else if self.suspended.is_some() {
            Err(Refusal::Suspended)
        } else if !self.activated {
            Err(Refusal::NotActivated)
        } else {
            Ok(())
        }
    }

    /// The worst of the gates; of equally bad ones, the first in their order.
    fn gates(&self, now: DateTime<Utc>, grace_hours: u32) -> Standing<Refusal> {
        let missing = Gate::REQUIRED.into_iter().find(|gate| !self.gates.contains_key(gate));
        if let Some(gate) = missing {
            return Standing::None { because: Refusal::GateMissing { gate } };
        }
        self.gates.iter().fold(Standing::Good, |worst, (gate, held)| {
            worst.worse(held.valid_until.map_or(Standing::Good, |last_day| {
                standing::until(last_day, now, grace_hours, Refusal::GateExpired { gate: *gate })
            }))
        })
    }

    /// Since which day the account is dormant, if it is: no own sign-in for `months`, which is policy.
    ///
    /// The person's own sign-in wakes it; a look vouched for by a client does not (rules.md 5.1).
    pub fn dormant_since(&self, now: DateTime<Utc>, months: u32) -> Option<NaiveDate> {
        let last = england_day(self.signed_in_at.or(self.created_at)?);
        last.checked_add_months(Months::new(months)).filter(|since| *since <= england_day(now))
    }
}

impl Decider for Account {
    type Event = Event;
    type Command = Command;
    type Refusal = Refusal;
    type State = Account;

    fn decide(state: &Account, command: &Command, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        decide::decide(state, command, now)
    }

    fn evolve(state: &mut Account, event: &Event, when: When) {
        match event {
            Event::AccountCreated(created) => {
                state.created = Some(created.clone());
                state.created_at = Some(when.recorded_at);
            }
            Event::GateRecorded { gate, by, valid_until } => {
                state.gates.insert(*gate, GateHeld { by: *by, valid_until: *valid_until });
            }
            Event::CredentialsSet(credentials) => {
                state.credentials = Some(credentials.clone());
                // A new seed starts a new count of codes.
                state.code_step = None;
            }
            Event::AccountActivated { .. } => state.activated = true,
            Event::AccountSuspended { ground } => state.suspended = Some(*ground),
            Event::AccountReinstated { .. } => state.suspended = None,
            Event::AccountClosed => state.closed = true,
            Event::SignedIn { code_step } => {
                state.signed_in_at = Some(when.recorded_at);
                state.code_step = state.code_step.max(Some(*code_step));
            }
            Event::SignInRefused { .. } | Event::SteppedUp => (),
        }
    }
}
