//! `POST /api/v1/sessions`: a person's own sign-in; `…/step_up`: the PIN again, or a passkey.
//!
//! Hashing takes a core for tens of milliseconds by design, so it is done beside the runtime's own threads and
//! a few at a time. Source: contract.md section 2; rules.md 5.2.

use std::{fmt, sync::Arc};

use axum::{extract::State, http::StatusCode, response::Response};
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use directory::{SignInError, Signed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vocabulary::{AccountId, OrganisationId, Role};

use super::{Began, Owner, SignedIn, Token, passkeys::SignedByPasskey};
use crate::{
    answer::{Read, json},
    door::Door,
    limits::Comer,
    problem::Problem,
    wire::requests::Nothing,
};

/// How long a person's token is good: a long shift. What they may do is asked anew each time.
const HOURS: i64 = 10;

/// What a person signs in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    /// The user name.
    pub(crate) username: String,
    /// The password.
    pub(crate) password: String,
    /// The six digits of the one-time code; taken once.
    pub(crate) otp: String,
    /// What this device was told at its last sign-in, so that strangers' wrong tries do not keep it waiting.
    pub(crate) device: Option<String>,
}

/// The PIN, given again, or what a passkey signed in its place: one of the two.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepUp {
    /// The PIN.
    pub(crate) pin: Option<String>,
    /// What the browser handed over.
    pub(crate) passkey: Option<SignedByPasskey>,
}

impl fmt::Debug for SignIn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SignIn(..)")
    }
}

impl fmt::Debug for StepUp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("StepUp(..)")
    }
}

#[derive(Serialize)]
struct Session {
    token: String,
    expires_at: String,
    role: Role,
    organisation: OrganisationId,
    device: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    stepped_up_until: Option<String>,
}

#[derive(Serialize)]
struct Ended {
    ended: bool,
}

#[derive(Serialize)]
struct SteppedUp {
    stepped_up_until: String,
}

/// Signs a person in.
pub(crate) async fn sign_in(
    State(door): State<Arc<Door>>,
    Read(asked): Read<SignIn>,
) -> Result<Response, Problem> {
    let signed_in = by_password(&door, asked).await?;
    Ok(begin(&door, signed_in, Began::Password, None))
}

/// Judges a user name with its password and one-time code.
pub(crate) async fn by_password(door: &Door, asked: SignIn) -> Result<directory::SignedIn, Problem> {
    let known = door.directory.device_known(&asked.username, asked.device.as_deref());
    let comer = known.map_or(Comer::Stranger, Comer::Device);
    door.limits.sign_in(comer)?;
    let directory = Arc::clone(&door.directory);
    beside(door, comer, move || {
        let device = asked.device.as_deref();
        directory.sign_in(&asked.username, &asked.password, &asked.otp, device)
    })
    .await
}

/// Begins a session.
pub(super) fn begin(
    door: &Door,
    signed_in: directory::SignedIn,
    began: Began,
    stepped_up_until: Option<DateTime<Utc>>,
) -> Response {
    let (token, expires_at) = issue(door, signed_in.account, began, stepped_up_until);
    let session = Session {
        token: token.0,
        expires_at: written(expires_at),
        role: signed_in.role,
        organisation: signed_in.organisation,
        device: signed_in.device,
        stepped_up_until: stepped_up_until.map(written),
    };
    json(StatusCode::CREATED, &session)
}

/// Draws the token of a session that begins now; answers it with when it ends however much it is used.
pub(crate) fn issue(
    door: &Door,
    account: AccountId,
    began: Began,
    stepped_up_until: Option<DateTime<Utc>>,
) -> (Token, DateTime<Utc>) {
    let now = door.directory.now();
    let expires_at = now + Duration::hours(HOURS);
    let owner = Owner::Staff { account, since: now, began, stepped_up_until };
    (door.tokens.issue(owner, now, expires_at), expires_at)
}

/// Takes the PIN of a person who is signed in, or what their passkey signed.
pub(crate) async fn step_up(
    State(door): State<Arc<Door>>,
    SignedIn { account, token }: SignedIn,
    Read(asked): Read<StepUp>,
) -> Result<Response, Problem> {
    let until = stepped_up(&door, account, &token, asked).await?;
    Ok(json(StatusCode::OK, &SteppedUp { stepped_up_until: written(until) }))
}

/// Judges the PIN, or what a passkey signed in its place; until when the session is stepped up by it.
pub(crate) async fn stepped_up(
    door: &Door,
    account: AccountId,
    token: &str,
    asked: StepUp,
) -> Result<DateTime<Utc>, Problem> {
    let (directory, party) = (Arc::clone(&door.directory), door.settings.relying_party());
    let done = match (asked.pin, asked.passkey.map(Signed::from)) {
        (Some(pin), None) => beside(door, Comer::Person, move || directory.step_up(account, &pin)).await,
        (None, Some(signed)) => {
            beside(door, Comer::Person, move || directory.step_up_by_passkey(account, &party, &signed)).await
        }
        (Some(_), Some(_)) | (None, None) => {
            Err(Problem::new("field_missing").because("Give either `pin` or `passkey`."))
        }
    };
    done.map_err(|problem| {
        if problem.code() == "sign_in_refused" { Problem::new("step_up_refused") } else { problem }
    })?;
    door.tokens.step_up(token, door.directory.now()).ok_or_else(|| Problem::new("token_invalid"))
}

/// Ends the session whose token was sent.
pub(crate) async fn end(
    State(door): State<Arc<Door>>,
    SignedIn { token, .. }: SignedIn,
    Read(Nothing {}): Read<Nothing>,
) -> Result<Response, Problem> {
    door.tokens.forget(&token);
    Ok(json(StatusCode::OK, &Ended { ended: true }))
}

/// Does the work of a sign-in on a thread of its own, when its turn comes.
pub(super) async fn beside<T: Send + 'static, E: Send + 'static>(
    door: &Door,
    comer: Comer,
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, Problem>
where
    Problem: From<E>,
{
    let _turn = door.limits.turn(comer).await?;
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| {
        tracing::error!(error = %error, "a sign-in was broken off");
        Problem::new("internal")
    })?;
    done.map_err(Problem::from)
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Problem {
        match error {
            SignInError::Refused => Problem::new("sign_in_refused"),
            SignInError::Wait { retry_after_seconds } => {
                Problem::new("sign_in_locked").retry_after(u64::try_from(retry_after_seconds).unwrap_or(1))
            }
            SignInError::Machine(source) => {
                tracing::error!(error = %source, "a sign-in could not be recorded");
                Problem::new("unavailable")
            }
        }
    }
}

pub(crate) fn written(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}
