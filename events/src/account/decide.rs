//! What follows from a request about an account.

use chrono::{DateTime, Months, NaiveDate, Utc};
use vocabulary::{AccountId, england_day};

use super::{
    Account, Command, Declaration, Event, Gate, Looking, Refusal, SuspensionGround, declarations, identities,
    passkeys,
};
use crate::standing::Standing;

/// Longest life of a gate, in years: a disclosure check is renewed every three (domain.md 5.2).
pub(super) const GATE_YEARS_MAX: u32 = 3;

/// How far ahead a last day may be told, in months: the longest notice that is usual.
pub(super) const LEAVING_MONTHS_MAX: u32 = 12;

pub(super) fn decide(
    account: &Account,
    command: &Command,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    if let Command::Create(created) = command {
        return match &account.created {
            None => Ok(vec![Event::AccountCreated(created.clone())]),
            Some(known) if known == created => Ok(Vec::new()),
            Some(_) => Err(Refusal::AlreadyCreated),
        };
    }
    let created = account.created.as_ref().ok_or(Refusal::Unknown)?;
    let today = england_day(now);
    if account.is_closed(today) {
        return once_closed(command);
    }
    let another = |by: &Option<AccountId>| {
        if *by == Some(created.account) { Err(Refusal::OwnAccount) } else { Ok(()) }
    };
    match command {
        Command::Create(_) => Ok(Vec::new()),
        Command::RecordGate { gate, by, valid_until } => {
            another(by)?;
            in_range(*gate, *valid_until, today)?;
            let known = account.gates.get(gate).map(|held| (held.by, held.valid_until));
            if known == Some((*by, *valid_until)) {
                return Ok(Vec::new());
            }
            Ok(vec![Event::GateRecorded { gate: *gate, by: *by, valid_until: *valid_until }])
        }
        Command::SetCredentials(credentials) => Ok(vec![Event::CredentialsSet(credentials.clone())]),
        Command::Activate { by } => {
            another(by)?;
            if account.activated {
                return Ok(Vec::new());
            }
            if account.credentials.is_none() {
                return Err(Refusal::CredentialsMissing);
            }
            account.gates(now, 0).good()?;
            Ok(vec![Event::AccountActivated { by: *by }])
        }
        Command::Suspend { ground } => {
            // A milder ground told later must not take suspicion's place: it would let the manager end it.
            if account.suspended == Some(*ground)
                || account.suspended == Some(SuspensionGround::MisuseSuspected)
            {
                return Ok(Vec::new());
            }
            Ok(vec![Event::AccountSuspended { ground: *ground }])
        }
        Command::Reinstate { by } => {
            another(by)?;
            // After a second ceiling on one day it is reinstated as after a suspension: by somebody else.
            let stands = account.suspended.is_none() && account.ceilings.looking() == Looking::Free;
            Ok((!stands).then_some(Event::AccountReinstated { by: *by }).into_iter().collect())
        }
        Command::Close { on } => leave(account, *on, today),
        Command::IssueEnrolment { code_hash, expires_at, by } => {
            another(by)?;
            Ok(vec![Event::EnrolmentIssued {
                code_hash: code_hash.clone(),
                expires_at: *expires_at,
                by: *by,
            }])
        }
        Command::Enrol { credentials } => {
            if account.enrolment.as_ref().is_none_or(|open| open.expires_at <= now) {
                return Err(Refusal::EnrolmentMissing);
            }
            // Password, PIN and token are what the gate asks for, and the person has just taken them up.
            let token = Event::GateRecorded { gate: Gate::Token, by: None, valid_until: None };
            Ok(vec![Event::CredentialsSet(credentials.clone()), token])
        }
        Command::ReadOutCode { code_step } => {
            account.in_use(now)?;
            unused(account, *code_step)?;
            Ok(vec![Event::CodeReadOut { code_step: *code_step }])
        }
        Command::SignIn { code_step, grace_hours } => sign_in(account, *code_step, now, *grace_hours),
        Command::RefuseSignIn { fault } => Ok(vec![Event::SignInRefused { fault: *fault }]),
        Command::StepUp => {
            account.in_use(now)?;
            Ok(vec![Event::SteppedUp])
        }
        Command::Passkey(act) => passkeys::decide(account, act, now),
        Command::Identity(act) => identities::decide(account, act, now),
        Command::Declare(declared) => {
            if let Declaration::NotRelated { by, .. } = declared {
                another(by)?;
            }
            declarations::decide(account, declared)
        }
        // The first of a row says it for all: what follows is refused, or reviewed look by look.
        Command::ReachCeiling(_) if account.ceilings.looking() != Looking::Free => Ok(Vec::new()),
        Command::ReachCeiling(reached) => Ok(vec![Event::CeilingReached(*reached)]),
    }
}

/// What is left to be asked about a closed account.
fn once_closed(command: &Command) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Close { .. } => Ok(Vec::new()),
        // A closed account is tried like any other; the attempt is remembered.
        Command::RefuseSignIn { fault } => Ok(vec![Event::SignInRefused { fault: *fault }]),
        Command::Create(_)
        | Command::RecordGate { .. }
        | Command::SetCredentials(_)
        | Command::Activate { .. }
        | Command::Suspend { .. }
        | Command::Reinstate { .. }
        | Command::IssueEnrolment { .. }
        | Command::Enrol { .. }
        | Command::ReadOutCode { .. }
        | Command::SignIn { .. }
        | Command::StepUp
        | Command::Passkey(_)
        | Command::Identity(_)
        | Command::Declare(_)
        | Command::ReachCeiling(_) => Err(Refusal::Closed),
    }
}

/// In grace a person may sign in: what they may then look at, each look decides.
fn sign_in(
    account: &Account,
    code_step: u64,
    now: DateTime<Utc>,
    grace_hours: u32,
) -> Result<Vec<Event>, Refusal> {
    may_sign_in(account, now, grace_hours)?;
    unused(account, code_step)?;
    Ok(vec![Event::SignedIn { code_step }])
}

pub(super) fn may_sign_in(account: &Account, now: DateTime<Utc>, grace_hours: u32) -> Result<(), Refusal> {
    match account.standing(now, grace_hours) {
        Standing::Good | Standing::Grace { .. } => (),
        Standing::None { because } => return Err(because),
    }
    if account.credentials.is_none() { Err(Refusal::CredentialsMissing) } else { Ok(()) }
}

/// An older code than the newest taken is as used as the newest itself.
fn unused(account: &Account, code_step: u64) -> Result<(), Refusal> {
    if account.code_step.is_some_and(|taken| code_step <= taken) {
        return Err(Refusal::CodeUsed);
    }
    Ok(())
}

/// Who leaves today or left before has no account from now on; who leaves later keeps it through that day.
fn leave(account: &Account, on: Option<NaiveDate>, today: NaiveDate) -> Result<Vec<Event>, Refusal> {
    match on {
        Some(last) if last > today => {
            let latest = today.checked_add_months(Months::new(LEAVING_MONTHS_MAX)).unwrap_or(today);
            if last > latest {
                return Err(Refusal::LeavingOutOfRange);
            }
            let known = account.leaves_on == Some(last);
            Ok((!known).then_some(Event::LeavingRecorded { on: last }).into_iter().collect())
        }
        Some(_) | None => Ok(vec![Event::AccountClosed]),
    }
}

fn in_range(gate: Gate, valid_until: Option<NaiveDate>, today: NaiveDate) -> Result<(), Refusal> {
    let latest = today.checked_add_months(Months::new(12 * GATE_YEARS_MAX)).unwrap_or(today);
    match valid_until {
        None if gate.runs_out() => Err(Refusal::GateUndated),
        Some(last_day) if last_day < today || last_day > latest => Err(Refusal::GateOutOfRange),
        None | Some(_) => Ok(()),
    }
}
