//! Account: one person in one organisation, the gates passed, and how they prove who they are.
//!
//! Source: domain.md 5.2 (gates, in order); rules.md 5.1, 5.2; invariant I-21. Accounts are never shared
//! and never used again.

mod ceilings;
mod decide;
mod declarations;
mod event;
mod gate;
mod identities;
mod passkeys;
mod refusal;
#[cfg(test)]
mod spec;
mod username;

use std::collections::BTreeMap;

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use vocabulary::{AccountId, KeyedRef, PasskeyId, england_day};

use crate::{
    ceiling::Reached,
    decider::{Decider, When},
    secret::Secret,
    standing::{self, Standing},
};

pub use ceilings::{CeilingsReached, Looking};
pub use declarations::{Declaration, Home, RELATIONSHIPS_MAX, Related};
pub use event::{Created, Credentials, Event, LinkedIdentity, Passkey, SignInFault, SuspensionGround};
pub use gate::{Gate, GateHeld};
pub use identities::{HeldIdentity, IDENTITIES_MAX, IdentityAct};
pub use passkeys::{HeldPasskey, PASSKEYS_MAX, PasskeyAct};
pub use refusal::Refusal;
pub use username::{USERNAME_CHARACTERS_MAX, Username};

/// The shortest time without a sign-in that is remembered: policy makes no account dormant sooner.
const SLEEP_MIN: TimeDelta = TimeDelta::days(28);

/// A code that was handed out and not yet used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The code, hashed.
    pub code_hash: Secret,
    /// Until when it may be used.
    pub expires_at: DateTime<Utc>,
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
    /// The person's last day, once it is known.
    pub leaves_on: Option<NaiveDate>,
    /// Closed for ever.
    pub closed: bool,
    /// The code that was handed out and not yet used.
    pub enrolment: Option<Enrolment>,
    /// When password, one-time codes and PIN were set last: what was signed in before holds no longer.
    pub credentials_at: Option<DateTime<Utc>>,
    /// When the person last signed in.
    pub signed_in_at: Option<DateTime<Utc>>,
    /// The newest time of a month and more without an own sign-in, and the sign-in that ended it.
    pub slept: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// The newest one-time code taken, as its 30-second step.
    pub code_step: Option<u64>,
    /// The passkeys that are good.
    pub passkeys: BTreeMap<PasskeyId, HeldPasskey>,
    /// Who the person is at providers, by issuer and subject as a keyed hash.
    pub identities: BTreeMap<KeyedRef, HeldIdentity>,
    /// The ceilings of attempts that it reached.
    pub ceilings: CeilingsReached,
    /// Children whom the person declared to be related to.
    pub related: Related,
    /// Where the person declared to live, and when.
    pub home: Option<(Home, DateTime<Utc>)>,
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
    /// Close it after the person's last day, today's or one to come; `None` at once.
    Close { on: Option<NaiveDate> },
    /// Hand out an enrolment code.
    IssueEnrolment { code_hash: Secret, expires_at: DateTime<Utc>, by: Option<AccountId> },
    /// Take up password, one-time codes and PIN: the enrolment code was found right.
    Enrol { credentials: Credentials },
    /// Take a one-time code that the person read out to a mediator.
    ReadOutCode { code_step: u64 },
    /// Sign in: password and one-time code were found right. `grace_hours` is policy.
    SignIn { code_step: u64, grace_hours: u32 },
    /// Remember a refused sign-in or step-up.
    RefuseSignIn { fault: SignInFault },
    /// Step up: the PIN was found right.
    StepUp,
    /// Something with a passkey.
    Passkey(PasskeyAct),
    /// Something with a linked identity.
    Identity(IdentityAct),
    /// A declaration of the person's.
    Declare(Declaration),
    /// Remember that it reached a ceiling of attempts.
    ReachCeiling(Reached),
}

impl Account {
    /// Judges whether the account may act at `now`; its organisation's standing is asked apart.
    ///
    /// In this order: unknown, closed, suspended, not activated, a gate missing, a ceiling reached, a gate's date run
    /// out.
    /// `grace_hours` is policy.
    pub fn standing(&self, now: DateTime<Utc>, grace_hours: u32) -> Standing<Refusal> {
        if let Err(because) = self.in_use(now) {
            return Standing::None { because };
        }
        self.ceilings.standing().worse(self.gates(now, grace_hours))
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
        if let Err(because) = self.in_use(now) {
            return Standing::None { because };
        }
        if self.dormant_since(now, dormant_months).is_some() {
            return Standing::None { because: Refusal::Dormant };
        }
        self.ceilings.standing().worse(self.gates(now, grace_hours))
    }

    /// Created, open, not suspended, activated.
    fn in_use(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        if self.created.is_none() {
            Err(Refusal::Unknown)
        } else if self.is_closed(england_day(now)) {
            Err(Refusal::Closed)
        } else if self.suspended.is_some() {
            Err(Refusal::Suspended)
        } else if !self.activated {
            Err(Refusal::NotActivated)
        } else {
            Ok(())
        }
    }

    /// Tells whether it is closed on a civil day: for ever, or since the day after the person's last.
    pub fn is_closed(&self, today: NaiveDate) -> bool {
        self.closed || self.leaves_on.is_some_and(|last| last < today)
    }

    /// Every gate that has a last day.
    pub fn dated(&self) -> impl Iterator<Item = (Gate, NaiveDate)> {
        self.gates.iter().filter_map(|(gate, held)| Some((*gate, held.valid_until?)))
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
        self.dormant_on(months).filter(|since| *since <= england_day(now))
    }

    /// Whether the person's own sign-in woke it on this day or later, after `months` of sleep, which is policy.
    pub fn woken_since(&self, day: NaiveDate, months: u32) -> bool {
        self.slept.is_some_and(|(from, until)| {
            let dormant = england_day(from).checked_add_months(Months::new(months));
            let woke = england_day(until);
            day <= woke && dormant.is_some_and(|dormant| dormant <= woke)
        })
    }

    fn signed_in(&mut self, at: DateTime<Utc>) {
        if let Some(before) = self.signed_in_at.or(self.created_at)
            && at - before >= SLEEP_MIN
        {
            self.slept = Some((before, at));
        }
        self.signed_in_at = Some(at);
    }

    /// The first day on which the account is dormant, unless its person signs in before.
    pub fn dormant_on(&self, months: u32) -> Option<NaiveDate> {
        let last = england_day(self.signed_in_at.or(self.created_at)?);
        last.checked_add_months(Months::new(months))
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
                state.credentials_at = Some(when.recorded_at);
                state.enrolment = None;
                // Whoever enrols anew may have lost them all.
                state.passkeys.clear();
                state.identities.clear();
                // A new seed starts a new count of codes.
                state.code_step = None;
            }
            Event::AccountActivated { .. } => state.activated = true,
            Event::AccountSuspended { ground } => state.suspended = Some(*ground),
            Event::AccountReinstated { .. } => {
                state.suspended = None;
                state.ceilings.reinstated(when.recorded_at);
            }
            Event::CeilingReached(_) => state.ceilings.reached(when.recorded_at),
            Event::LeavingRecorded { on } => state.leaves_on = Some(*on),
            Event::AccountClosed => state.closed = true,
            Event::EnrolmentIssued { code_hash, expires_at, .. } => {
                let (code_hash, expires_at) = (code_hash.clone(), *expires_at);
                state.enrolment = Some(Enrolment { code_hash, expires_at });
            }
            Event::CodeReadOut { code_step } => state.code_step = state.code_step.max(Some(*code_step)),
            Event::SignedIn { code_step } => {
                state.signed_in(when.recorded_at);
                state.ceilings.signed_in(when.recorded_at);
                state.code_step = state.code_step.max(Some(*code_step));
            }
            Event::PasskeyRegistered(_)
            | Event::PasskeyRemoved { .. }
            | Event::SignedInByPasskey { .. }
            | Event::SteppedUpByPasskey { .. } => passkeys::evolve(state, event, when),
            Event::IdentityLinked(_) | Event::IdentityUnlinked { .. } | Event::SignedInByIdentity { .. } => {
                identities::evolve(state, event, when);
            }
            Event::RelationshipDeclared { .. }
            | Event::RelationshipWithdrawn { .. }
            | Event::HomeDeclared(_)
            | Event::HomeWithdrawn => declarations::evolve(state, event, when),
            Event::SignInRefused { .. } | Event::SteppedUp => (),
        }
    }
}
