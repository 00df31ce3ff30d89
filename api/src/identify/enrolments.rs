//! `POST /api/v1/enrolments`: a person takes up password, PIN and token with a code from the user manager.
//!
//! Nobody else learns them. Source: rules.md 5.2; contract.md section 2 (in its style).

use std::{fmt, sync::Arc};

use axum::{extract::State, http::StatusCode, response::Response};
use directory::{Cost, EnrolError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sessions::beside;
use crate::{
    answer::{Read, json},
    door::Door,
    limits::Comer,
    problem::Problem,
};

/// What a person enrols with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Enrolment {
    /// The user name.
    pub(crate) username: String,
    /// The code from the user manager; it works once, for three days.
    pub(crate) code: String,
    /// The password chosen: 12 to 128 characters.
    pub(crate) password: String,
    /// The PIN chosen: 4 to 8 digits.
    pub(crate) pin: String,
}

impl fmt::Debug for Enrolment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Enrolment(..)")
    }
}

/// The seed of the one-time codes, shown once.
#[derive(Serialize)]
pub(crate) struct Taken {
    pub(crate) totp_secret: String,
    pub(crate) otpauth: String,
}

/// 201 the seed of the one-time codes, shown once · 401 name or code is not right · 422 password or PIN is weak.
pub(crate) async fn enrol(
    State(door): State<Arc<Door>>,
    Read(asked): Read<Enrolment>,
) -> Result<Response, Problem> {
    Ok(json(StatusCode::CREATED, &taken_up(&door, asked).await?))
}

/// Sets password, PIN and token of the person who brings the code.
pub(crate) async fn taken_up(door: &Arc<Door>, asked: Enrolment) -> Result<Taken, Problem> {
    door.limits.sign_in(Comer::Stranger)?;
    let directory = Arc::clone(&door.directory);
    let enrolled = beside(door, Comer::Stranger, move || {
        directory.enrol(&asked.username, &asked.code, &asked.password, &asked.pin, Cost::Full)
    })
    .await?;
    // No label with a name: an authenticator asks for one, and a photograph of it should tell nothing.
    let otpauth = format!("otpauth://totp/Contactpoint?secret={}&issuer=Contactpoint", enrolled.totp_secret);
    Ok(Taken { totp_secret: enrolled.totp_secret, otpauth })
}

impl From<EnrolError> for Problem {
    fn from(error: EnrolError) -> Problem {
        match error {
            EnrolError::PasswordWeak => Problem::new("password_weak"),
            EnrolError::PinWeak => Problem::new("pin_weak"),
            EnrolError::SignIn(error) => {
                let problem = Problem::from(error);
                if problem.code() == "sign_in_refused" { Problem::new("enrolment_refused") } else { problem }
            }
        }
    }
}
