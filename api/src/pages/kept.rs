//! Forms that came too late: the session had ended, so what was typed is kept until the same person has signed in
//! again. In memory, for half an hour. Source: WCAG 2.2 success criterion 2.2.5 (re-authenticating).
//!
//! Only a form that came with a session's cookie is kept, and the cookie says whose it was: what strangers send takes
//! no place, and what one person sends takes none but their own few.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use aws_lc_rs::rand;
use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use vocabulary::AccountId;

use super::{posted::Posted, sign_in, visitor};
use crate::{answer::body, door::Door, problem::Problem};

/// Most forms kept at once, and the largest of them: 16 MB in all.
const KEPT_MAX: usize = 1_000;
const BYTES_MAX: usize = 16 * 1024;

/// Most forms of one person: one for each session that they may have at once.
const OWN_MAX: usize = 3;

/// How long a form is kept.
const MINUTES: i64 = 30;

/// The forms that came too late.
#[derive(Default)]
pub(crate) struct Kept(Mutex<VecDeque<Form>>);

/// One of them: whoever has its key was sent it by the browser that sent the form.
#[derive(Clone)]
pub(crate) struct Form {
    key: String,
    until: DateTime<Utc>,
    /// Where it goes.
    pub(crate) path: String,
    pub(crate) answers: Posted,
    /// Whose session it was: nobody else is given it back.
    account: AccountId,
}

impl fmt::Debug for Form {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Form({})", self.path)
    }
}

impl Kept {
    fn put(&self, form: Form, now: DateTime<Utc>) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|other| other.until > now);
        let own = held.iter().filter(|other| other.account == form.account).count();
        let goes = if own >= OWN_MAX {
            held.iter().position(|other| other.account == form.account)
        } else {
            (held.len() >= KEPT_MAX).then_some(0)
        };
        if let Some(goes) = goes {
            held.remove(goes);
        }
        held.push_back(form);
    }

    /// The form of that key, if it is this person's; it stays until its time is over, so that the page may be read
    /// again.
    pub(crate) fn of(&self, key: &str, account: AccountId, now: DateTime<Utc>) -> Option<Form> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|other| other.until > now);
        let own = |form: &&Form| form.key == key && form.account == account;
        held.iter().find(own).cloned()
    }
}

/// Keeps what was typed by whoever was signed in, and asks for a sign-in.
pub(crate) async fn keep(door: &Arc<Door>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let now = door.directory.now();
    let Some(account) = visitor::was_of(door, request.headers()) else {
        return sign_in::not_kept(door).into_response();
    };
    let bytes = match body(request.into_body(), BYTES_MAX, "body_too_large").await {
        Ok(bytes) => bytes,
        Err(problem) => return problem.into_response(),
    };
    let mut drawn = [0; 16];
    if rand::fill(&mut drawn).is_err() {
        return Problem::new("internal").into_response();
    }
    let key = URL_SAFE_NO_PAD.encode(drawn);
    let answers = Posted::of_body(&bytes);
    let until = now + Duration::minutes(MINUTES);
    door.kept.put(Form { key: key.clone(), until, path, answers, account }, now);
    sign_in::again(door, &key).into_response()
}
