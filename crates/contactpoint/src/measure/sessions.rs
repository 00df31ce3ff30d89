//! Signing in before a clock starts: a token for every user, and one for the client.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, bail};
use base64::{Engine, prelude::BASE64_STANDARD as STANDARD};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;

use super::{
    connection::{Connection, post},
    credentials::{Credentials, User},
};
use crate::commands::demo_code::code;

/// How long a one-time code stands, in seconds (RFC 6238).
const CODE_SECONDS: i64 = 30;
/// Tries of one user: a code that another measurement took, then the next one, then the one after.
const TRIES: u32 = 4;
/// Wait after the door said that too many sign in at once.
const PAUSE: Duration = Duration::from_millis(100);

#[derive(Deserialize)]
struct Session {
    token: String,
}

#[derive(Deserialize)]
struct Given {
    access_token: String,
}

/// The `Authorization` of every user.
///
/// # Errors
/// Somebody was not let in.
pub(crate) async fn users(
    address: SocketAddr,
    credentials: &Credentials,
    now: impl Fn() -> DateTime<Utc>,
) -> anyhow::Result<Vec<String>> {
    let mut connection = Connection::open(address).await.context("the server cannot be reached")?;
    let mut tokens = Vec::with_capacity(credentials.users.len());
    for user in &credentials.users {
        tokens.push(format!("Bearer {}", sign_in(&mut connection, user, &now).await?));
    }
    Ok(tokens)
}

async fn sign_in(
    connection: &mut Connection,
    user: &User,
    now: &impl Fn() -> DateTime<Utc>,
) -> anyhow::Result<String> {
    let mut request = Vec::new();
    let mut refused = 0;
    while refused < TRIES {
        let seconds = now().timestamp();
        // A code is taken once; that of the next half minute is good already.
        let at = if refused % 2 == 0 { seconds } else { seconds + CODE_SECONDS };
        let body = json!({
            "username": user.username,
            "password": user.password,
            "otp": code(&user.totp_secret, at)?,
        });
        post(&mut request, "/api/v1/sessions", "application/json", "", &serde_json::to_vec(&body)?);
        let answer = connection.exchange(&request).await?;
        match answer.status {
            201 => return Ok(serde_json::from_slice::<Session>(answer.body)?.token),
            429 | 503 => tokio::time::sleep(PAUSE).await,
            401 => {
                refused += 1;
                if refused == 2 {
                    let left = CODE_SECONDS - seconds % CODE_SECONDS;
                    tokio::time::sleep(Duration::from_secs(left.unsigned_abs() + 1)).await;
                }
            }
            status => bail!("a sign-in was answered with {status}"),
        }
    }
    bail!("a user of the measurement was not let in")
}

/// The `Authorization` of the client; good for ten minutes.
///
/// # Errors
/// It was not let in.
pub(crate) async fn client(address: SocketAddr, credentials: &Credentials) -> anyhow::Result<String> {
    let mut connection = Connection::open(address).await.context("the server cannot be reached")?;
    let basic =
        STANDARD.encode(format!("{}:{}", credentials.client_id, credentials.client_secret).as_bytes());
    let mut request = Vec::new();
    let form = "application/x-www-form-urlencoded";
    post(&mut request, "/oauth/token", form, &format!("Basic {basic}"), b"grant_type=client_credentials");
    loop {
        let answer = connection.exchange(&request).await?;
        match answer.status {
            200 => {
                let given: Given = serde_json::from_slice(answer.body)?;
                return Ok(format!("Bearer {}", given.access_token));
            }
            429 | 503 => tokio::time::sleep(PAUSE).await,
            status => bail!("the client was answered with {status}"),
        }
    }
}
