//! Problems: every refusal and failure as RFC 9457 `application/problem+json`, under one stable code.
//!
//! Two voices: what stands here is for the caller; the cause of a failure goes to the log, once, where it is
//! handled. Never a person's data, never a value that was sent. Source: RFC 9457; contract.md section 2.

pub mod codes;
pub mod page;

use std::borrow::Cow;

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use serde::Serialize;
use vocabulary::Position;

pub use codes::{Meaning, Retry};

use crate::wire::Fault;

/// The media type of every problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A refusal or failure on its way to the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    meaning: &'static Meaning,
    detail: Cow<'static, str>,
    position: Option<Position>,
    errors: Vec<At>,
    retry_after_s: Option<u64>,
}

/// What is wrong with one part of what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct At {
    /// JSON pointer to the part (RFC 6901); empty for the whole.
    pub pointer: String,
    /// What is asked for there.
    pub detail: Cow<'static, str>,
}

/// The members of the JSON object, in the order in which they are written.
#[derive(Serialize)]
struct Written<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    detail: &'a str,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Position>,
    #[serde(skip_serializing_if = "<[At]>::is_empty")]
    errors: &'a [At],
}

impl Problem {
    /// The problem of this code, with the general sentence as its detail.
    ///
    /// A code that the table does not hold is answered as `unavailable` and logged: a test keeps the table
    /// whole, so it is our own mistake.
    pub fn new(code: &'static str) -> Problem {
        let meaning = codes::find(code).unwrap_or_else(|| {
            tracing::error!(problem.code = code, "a problem has a code that the table does not hold");
            &codes::UNAVAILABLE
        });
        Problem {
            meaning,
            detail: Cow::Borrowed(meaning.title),
            position: None,
            errors: Vec::new(),
            retry_after_s: (meaning.retry == Retry::Later).then_some(codes::RETRY_AFTER_S),
        }
    }

    /// The problem that a rule's refusal is; `detail` comes from the rule and holds no person's data.
    pub fn refused(code: &'static str, detail: String) -> Problem {
        Problem::new(code).because(detail)
    }

    /// Says what is the matter this time.
    #[must_use]
    pub fn because(mut self, detail: impl Into<Cow<'static, str>>) -> Problem {
        self.detail = sentence(detail.into());
        self
    }

    /// Says when it is worth trying again, in seconds from now.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Problem {
        self.retry_after_s = Some(seconds.max(1));
        self
    }

    /// Names the position that the problem is about.
    #[must_use]
    pub fn at(mut self, position: Position) -> Problem {
        self.position = Some(position);
        self
    }

    /// The stable name.
    pub fn code(&self) -> &'static str {
        self.meaning.code
    }

    /// The sentence of this time.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The status that it is answered with.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.meaning.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Whether the same is worth sending again.
    pub fn retry(&self) -> Retry {
        self.meaning.retry
    }

    fn body(&self) -> Vec<u8> {
        let written = Written {
            kind: format!("/problems/{}", self.meaning.code),
            title: self.meaning.title,
            status: self.meaning.status,
            detail: &self.detail,
            code: self.meaning.code,
            position: self.position,
            errors: &self.errors,
        };
        // Texts and numbers alone: there is nothing in it that JSON cannot hold.
        serde_json::to_vec(&written).unwrap_or_default()
    }
}

/// The problem of a field that must be given because of what another one says.
pub(crate) fn field_missing(name: &'static str) -> Problem {
    let mut problem = Problem::new("field_missing");
    let detail = Cow::Owned(format!("The field {name} must be given with this decision."));
    problem.errors.push(At { pointer: format!("/{name}"), detail });
    problem
}

/// A detail reads as a sentence, wherever its wording comes from.
fn sentence(detail: Cow<'static, str>) -> Cow<'static, str> {
    let mut characters = detail.chars();
    match characters.next() {
        Some(first) if first.is_lowercase() || !detail.ends_with('.') => {
            let stop = if detail.ends_with(['.', '!', '?']) { "" } else { "." };
            Cow::Owned(format!("{}{}{stop}", first.to_uppercase(), characters.as_str()))
        }
        Some(_) | None => detail,
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Problem {
        let mut problem = Problem::new(fault.code);
        if fault.pointer.is_empty() {
            return problem.because(fault.detail);
        }
        problem.errors.push(At { pointer: fault.pointer, detail: sentence(fault.detail) });
        problem
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body()));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.meaning.status == 401 {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        // A page says the same in HTML: whoever stands around the pages reads it here.
        response.extensions_mut().insert(self);
        response
    }
}
