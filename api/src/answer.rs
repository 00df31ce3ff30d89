//! Reading what a request holds and writing the answer, so that every wrong form is a problem.

use std::{str::FromStr, sync::Arc};

use axum::{
    Json,
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use directory::{
    AdminError, HandError, LookError, OnBehalf, Outcome, OutcomeKind, Pending, Person, ReviewError,
    SupplyError,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    door::Door,
    problem::{Problem, codes},
    wire::{self, OutcomeWritten, requests::OnBehalfOf},
};

/// Largest body of an ordinary request: a child with eight carers, ten times over.
pub(crate) const BODY_BYTES_MAX: usize = 64 * 1024;

/// A JSON body of type `T`.
pub(crate) struct Read<T>(pub(crate) T);

/// The one part of the path, as `T`; what is no `T` is not found.
pub(crate) struct In<T>(pub(crate) T);

/// Both parts of the path; what is no `A` and `B` is not found.
pub(crate) struct InBoth<A, B>(pub(crate) A, pub(crate) B);

/// The query, as `T`.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<Door>> for Read<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _door: &Arc<Door>) -> Result<Read<T>, Problem> {
        let kind = media_type(request.headers());
        if kind.as_deref() != Some("application/json") {
            return Err(Problem::new("media_type_unsupported").because("Send application/json."));
        }
        let bytes = body(request.into_body(), BODY_BYTES_MAX, "body_too_large").await?;
        wire::decode(&bytes).map(Read).map_err(Problem::from)
    }
}

impl<T: FromStr> FromRequestParts<Arc<Door>> for In<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, door: &Arc<Door>) -> Result<In<T>, Problem> {
        let unknown = || Problem::new("not_found");
        let Path(text) = Path::<String>::from_request_parts(parts, door).await.map_err(|_| unknown())?;
        text.parse().map(In).map_err(|_| unknown())
    }
}

impl<A: FromStr, B: FromStr> FromRequestParts<Arc<Door>> for InBoth<A, B> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, door: &Arc<Door>) -> Result<InBoth<A, B>, Problem> {
        let unknown = || Problem::new("not_found");
        let read = Path::<(String, String)>::from_request_parts(parts, door).await;
        let Path((first, second)) = read.map_err(|_| unknown())?;
        match (first.parse(), second.parse()) {
            (Ok(first), Ok(second)) => Ok(InBoth(first, second)),
            _ => Err(unknown()),
        }
    }
}

impl<T: DeserializeOwned> FromRequestParts<Arc<Door>> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _door: &Arc<Door>) -> Result<Asked<T>, Problem> {
        Query::try_from_uri(&parts.uri).map(|Query(asked)| Asked(asked)).map_err(|_| {
            let taken = wire::field_names::<T>().join(", ");
            Problem::new("query_invalid").because(format!(
                "A query parameter is unknown, missing or not of its form; this call takes: {taken}."
            ))
        })
    }
}

/// The media type of a body, in small letters and without its parameters.
pub(crate) fn media_type(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    text.split(';').next().map(|kind| kind.trim().to_ascii_lowercase())
}

/// Reads a whole body of at most `limit` bytes.
pub(crate) async fn body(body: Body, limit: usize, too_large: &'static str) -> Result<Bytes, Problem> {
    to_bytes(body, limit).await.map_err(|error| {
        let source = std::error::Error::source(&error);
        let limited = source.is_some_and(<dyn std::error::Error>::is::<http_body_util::LengthLimitError>);
        Problem::new(if limited { too_large } else { "body_incomplete" })
    })
}

/// A JSON answer.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    (status, Json(body)).into_response()
}

/// Waits until what was recorded is durable, whatever came of it.
pub(crate) async fn ended(door: &Door, pending: Pending) -> Result<Outcome, Problem> {
    if let Some(after) = pending.after() {
        door.durable(after).await?;
    }
    pending.settled().await.map_err(|error| not_recorded(&error))
}

/// Waits until what was recorded by hand is durable, then answers with its outcome.
///
/// A refusal is a problem here, since it is the whole of the answer.
pub(crate) async fn settled(door: &Door, pending: Pending) -> Result<Outcome, Problem> {
    let outcome = ended(door, pending).await?;
    match (outcome.kind, &outcome.problem) {
        (OutcomeKind::Refused, Some(problem)) => Err(refused(&problem.code, problem.detail.clone())),
        (OutcomeKind::Refused, None) => Err(Problem::new("internal")),
        (
            OutcomeKind::Recorded | OutcomeKind::Unchanged | OutcomeKind::Duplicate | OutcomeKind::Queued,
            _,
        ) => Ok(outcome),
    }
}

/// Whoever records: the person, or the colleague for whom a mediator does.
pub(crate) fn recording(
    door: &Door,
    person: &Person,
    on_behalf_of: Option<OnBehalfOf>,
) -> Result<Person, Problem> {
    let colleague = on_behalf_of.map(OnBehalf::from);
    Ok(door.directory.recording_for(person, colleague.as_ref())?)
}

/// Answers with an outcome: 201, or 202 when it waits for a person.
pub(crate) async fn by_hand(door: &Door, recorded: Result<Pending, HandError>) -> Result<Response, Problem> {
    let outcome = settled(door, recorded?).await?;
    Ok(json(status_of(outcome.kind), &OutcomeWritten::from(&outcome)))
}

/// The status that an outcome by hand is answered with.
pub(crate) fn status_of(kind: OutcomeKind) -> StatusCode {
    if kind == OutcomeKind::Queued { StatusCode::ACCEPTED } else { StatusCode::CREATED }
}

/// A refusal whose code comes from the log or a rule.
fn refused(code: &str, detail: String) -> Problem {
    let known = codes::find(code).map_or("unavailable", |meaning| meaning.code);
    Problem::refused(known, detail)
}

/// A machine failed while something was recorded: the cause goes to the log, once.
pub(crate) fn not_recorded(error: &dyn std::error::Error) -> Problem {
    tracing::error!(error = %causes(error), "it is unknown whether this was recorded");
    Problem::new("not_recorded")
}

/// A machine failed while something was read.
pub(crate) fn unavailable(error: &dyn std::error::Error) -> Problem {
    tracing::error!(error = %causes(error), "the directory cannot answer");
    Problem::new("unavailable")
}

fn causes(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

impl From<HandError> for Problem {
    fn from(error: HandError) -> Problem {
        match error {
            HandError::Unknown => Problem::new("not_found"),
            HandError::Refused { code, detail } => Problem::refused(code, detail),
            HandError::Supply(error) => not_recorded(&error),
        }
    }
}

impl From<AdminError> for Problem {
    fn from(error: AdminError) -> Problem {
        match error {
            AdminError::Unknown => Problem::new("not_found"),
            AdminError::Refused { code, detail } => Problem::refused(code, detail),
            AdminError::Malformed(word) => Problem::new("field_invalid").because(word.to_string()),
            AdminError::UsernameTaken => Problem::new("username_taken"),
            AdminError::Hash | AdminError::Machine(_) => not_recorded(&error),
        }
    }
}

impl From<SupplyError> for Problem {
    fn from(error: SupplyError) -> Problem {
        not_recorded(&error)
    }
}

impl From<ReviewError> for Problem {
    fn from(error: ReviewError) -> Problem {
        match error {
            ReviewError::Look(error) => error.into(),
            ReviewError::Suspension(error) => error.into(),
        }
    }
}

impl From<LookError> for Problem {
    fn from(error: LookError) -> Problem {
        match error {
            LookError::Unknown => Problem::new("not_found"),
            LookError::Refused { code, detail } => Problem::refused(code, detail),
            LookError::Load(_) | LookError::File(_) | LookError::Rows(_) | LookError::Log(_) => {
                unavailable(&error)
            }
        }
    }
}
