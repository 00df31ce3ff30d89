//! A person's own passkeys: registered after the PIN, listed, removed.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use chrono::{DateTime, Utc};
use directory::{AccountAct, Made};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vocabulary::{AccountId, PasskeyId};

use super::organisations::done;
use crate::{
    answer::{In, InBoth, Read, json},
    door::Door,
    identify::{
        Staff,
        passkeys::{Descriptor, MadePasskey, TIMEOUT_MS},
        sessions::written,
    },
    problem::Problem,
    wire::requests::Nothing,
};

/// By what a person knows the entry in their authenticator.
const NAME: &str = "Contactpoint";

/// A passkey to be registered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPasskey {
    /// What the browser handed over.
    pub(crate) passkey: MadePasskey,
}

#[derive(Serialize)]
struct Asking {
    options: Options,
    expires_at: String,
}

/// What a page hands to `navigator.credentials.create` (`PublicKeyCredentialCreationOptionsJSON`).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    rp: Party,
    user: User,
    challenge: String,
    pub_key_cred_params: Vec<Algorithm>,
    timeout: u32,
    exclude_credentials: Vec<Descriptor>,
    authenticator_selection: Selection,
    attestation: &'static str,
}

#[derive(Serialize)]
struct Party {
    id: String,
    name: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct User {
    id: String,
    name: String,
    display_name: String,
}

#[derive(Serialize)]
struct Algorithm {
    r#type: &'static str,
    alg: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Selection {
    resident_key: &'static str,
    user_verification: &'static str,
}

#[derive(Serialize)]
struct Listed {
    passkeys: Vec<Line>,
}

/// A passkey as its person and their manager see it.
#[derive(Serialize)]
pub(super) struct Line {
    id: PasskeyId,
    registered_at: String,
}

impl Line {
    pub(super) fn of(id: PasskeyId, registered_at: DateTime<Utc>) -> Line {
        Line { id, registered_at: written(registered_at) }
    }
}

/// 201 what the browser is asked to make · 403 not without the PIN.
pub(crate) async fn ask(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    Read(Nothing {}): Read<Nothing>,
) -> Result<Response, Problem> {
    let asked = door.directory.ask_for_passkey(&person)?;
    let algorithms = asked.algorithms.into_iter().map(|alg| Algorithm { r#type: "public-key", alg });
    let options = Options {
        rp: Party { id: door.settings.relying_party().id, name: NAME },
        user: User { id: asked.user, name: asked.username.clone(), display_name: asked.username },
        challenge: asked.challenge,
        pub_key_cred_params: algorithms.collect(),
        timeout: TIMEOUT_MS,
        exclude_credentials: Descriptor::of(asked.known),
        authenticator_selection: Selection { resident_key: "preferred", user_verification: "required" },
        attestation: "none",
    };
    Ok(json(StatusCode::CREATED, &Asking { options, expires_at: written(asked.expires_at) }))
}

/// 201 registered · 409 known, or one too many · 422 what the authenticator said is not believed.
pub(crate) async fn register(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    Read(asked): Read<NewPasskey>,
) -> Result<Response, Problem> {
    let made = Made::from(asked.passkey);
    done(door.directory.register_passkey(&person, &door.settings.relying_party(), &made)).await
}

/// 200 one's own passkeys.
pub(crate) async fn list(State(door): State<Arc<Door>>, Staff(person): Staff) -> Result<Response, Problem> {
    let held = door.directory.passkeys_of(person.account).into_iter();
    let passkeys = held.map(|(id, registered_at)| Line::of(id, registered_at)).collect();
    Ok(json(StatusCode::OK, &Listed { passkeys }))
}

/// 201 removed, with the sessions that it began · 404 not one's own.
pub(crate) async fn remove(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<PasskeyId>,
    Read(Nothing {}): Read<Nothing>,
) -> Result<Response, Problem> {
    done(door.directory.remove_passkey(&person, &id)).await
}

/// 201 removed by whoever keeps the account · 404 unknown, or another's.
pub(crate) async fn remove_of_user(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    InBoth(id, passkey): InBoth<AccountId, PasskeyId>,
    Read(Nothing {}): Read<Nothing>,
) -> Result<Response, Problem> {
    done(door.directory.administer_account(&person, id, AccountAct::RemovePasskey(passkey))).await
}
