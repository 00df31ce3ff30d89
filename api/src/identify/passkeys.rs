//! `POST /api/v1/sessions/passkey` and what belongs to it: sign-in and step-up by a passkey.
//!
//! What goes to a browser and what comes back is as Web Authentication Level 3 writes it in JSON, so that a page
//! hands it on as it is. Source: rules.md 5.2; ADR-0041.

use std::{fmt, sync::Arc};

use axum::{extract::State, http::StatusCode, response::Response};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use directory::{Made, Signed, SigningAsked};
use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::ToSchema;
use vocabulary::PasskeyId;

use super::{
    Began, SignedIn,
    sessions::{begin, beside, written},
    tokens::STEP_UP_MINUTES,
};
use crate::{
    answer::{Read, json},
    door::Door,
    limits::Comer,
    problem::Problem,
    wire::requests::Nothing,
};

/// How long a browser waits for its person, in milliseconds: as long as the challenge is good.
pub(crate) const TIMEOUT_MS: u32 = 120_000;

/// Longest bytes that are read of what an authenticator said; an attestation takes a few thousand.
const BASE64_MAX: usize = 16_384;

/// Bytes in base64url without padding.
pub(crate) struct Bytes(Vec<u8>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let short = Some(text).filter(|text| text.len() <= BASE64_MAX);
        let bytes = short.and_then(|short| URL_SAFE_NO_PAD.decode(short.trim_end_matches('=')).ok());
        bytes.map(Bytes).ok_or_else(|| de::Error::custom("bytes in base64url"))
    }
}

/// What a browser hands over once a passkey was made (`RegistrationResponseJSON`). Other members are passed over.
#[derive(Deserialize, ToSchema)]
pub(crate) struct MadePasskey {
    /// The id that the authenticator gave the key.
    #[schema(value_type = String)]
    id: PasskeyId,
    /// What it was asked for and what it said.
    response: MadeResponse,
}

/// What was asked for and said when a passkey was made (`AuthenticatorAttestationResponseJSON`).
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MadeResponse {
    /// What the browser asked for, in base64url.
    #[serde(rename = "clientDataJSON")]
    #[schema(value_type = String)]
    client_data_json: Bytes,
    /// What the authenticator says of itself and of the person, in base64url.
    #[schema(value_type = String)]
    authenticator_data: Bytes,
    /// The public half, in base64url.
    #[schema(value_type = String)]
    public_key: Bytes,
    /// The number of its algorithm in COSE: -8, -7 or -257.
    public_key_algorithm: i64,
}

/// What a browser hands over once a passkey signed (`AuthenticationResponseJSON`). Other members are passed over.
#[derive(Deserialize, ToSchema)]
pub(crate) struct SignedByPasskey {
    /// Which key.
    #[schema(value_type = String)]
    id: PasskeyId,
    /// What it was asked for, what it said, and the signature.
    response: SignedResponse,
}

/// What was asked for, said and signed (`AuthenticatorAssertionResponseJSON`).
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SignedResponse {
    /// What the browser asked for, in base64url.
    #[serde(rename = "clientDataJSON")]
    #[schema(value_type = String)]
    client_data_json: Bytes,
    /// What the authenticator says of itself and of the person, in base64url.
    #[schema(value_type = String)]
    authenticator_data: Bytes,
    /// The signature over both, in base64url.
    #[schema(value_type = String)]
    signature: Bytes,
    /// For whom the authenticator keeps the key, in base64url.
    #[schema(value_type = Option<String>)]
    user_handle: Option<Bytes>,
}

impl From<MadePasskey> for Made {
    fn from(made: MadePasskey) -> Made {
        Made {
            id: made.id,
            client_data: made.response.client_data_json.0,
            authenticator_data: made.response.authenticator_data.0,
            public_key: made.response.public_key.0,
            algorithm: made.response.public_key_algorithm,
        }
    }
}

impl From<SignedByPasskey> for Signed {
    fn from(signed: SignedByPasskey) -> Signed {
        Signed {
            id: signed.id,
            client_data: signed.response.client_data_json.0,
            authenticator_data: signed.response.authenticator_data.0,
            signature: signed.response.signature.0,
            user: signed.response.user_handle.map(|user| user.0),
        }
    }
}

/// Whose passkey is to sign.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasskeyAsked {
    /// The user name.
    username: String,
}

/// A sign-in by passkey.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasskeySignIn {
    /// What the browser handed over.
    pub(crate) passkey: SignedByPasskey,
}

impl fmt::Debug for PasskeyAsked {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("PasskeyAsked(..)")
    }
}

/// What a page hands to `navigator.credentials.get` (`PublicKeyCredentialRequestOptionsJSON`).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    challenge: String,
    timeout: u32,
    rp_id: String,
    allow_credentials: Vec<Descriptor>,
    user_verification: &'static str,
}

/// A key by its id.
#[derive(Serialize)]
pub(crate) struct Descriptor {
    r#type: &'static str,
    id: PasskeyId,
}

impl Descriptor {
    /// The keys by their ids.
    pub(crate) fn of(ids: Vec<PasskeyId>) -> Vec<Descriptor> {
        ids.into_iter().map(|id| Descriptor { r#type: "public-key", id }).collect()
    }
}

#[derive(Serialize)]
struct Asking {
    options: Options,
    expires_at: String,
}

/// 201 what the browser is asked for · for a name that nobody has of the same form.
pub(crate) async fn ask_sign_in(
    State(door): State<Arc<Door>>,
    Read(asked): Read<PasskeyAsked>,
) -> Result<Response, Problem> {
    door.limits.challenge()?;
    Ok(asking(&door, door.directory.ask_passkey_sign_in(&asked.username)))
}

/// 201 a session, stepped up · 401 whatever was wrong.
pub(crate) async fn sign_in(
    State(door): State<Arc<Door>>,
    Read(asked): Read<PasskeySignIn>,
) -> Result<Response, Problem> {
    let (signed_in, began, until) = by_passkey(&door, asked.passkey).await?;
    Ok(begin(&door, signed_in, began, Some(until)))
}

/// Judges what a passkey signed; with what the session began by, and until when it is stepped up.
pub(crate) async fn by_passkey(
    door: &Door,
    signed: SignedByPasskey,
) -> Result<(directory::SignedIn, Began, DateTime<Utc>), Problem> {
    door.limits.sign_in(Comer::Vouched)?;
    let (directory, party) = (Arc::clone(&door.directory), door.settings.relying_party());
    let signed = Signed::from(signed);
    let began = Began::Passkey(signed.id.clone());
    let signed_in =
        beside(door, Comer::Vouched, move || directory.sign_in_by_passkey(&party, &signed)).await?;
    Ok((signed_in, began, door.directory.now() + Duration::minutes(STEP_UP_MINUTES)))
}

/// 201 what the browser of a person who is signed in is asked for.
pub(crate) async fn ask_step_up(
    State(door): State<Arc<Door>>,
    SignedIn { account, .. }: SignedIn,
    Read(Nothing {}): Read<Nothing>,
) -> Result<Response, Problem> {
    Ok(asking(&door, door.directory.ask_passkey_step_up(account)))
}

/// 201 what a browser is asked to have signed.
pub(crate) fn asking(door: &Door, asked: SigningAsked) -> Response {
    let options = Options {
        challenge: asked.challenge,
        timeout: TIMEOUT_MS,
        rp_id: door.settings.relying_party().id,
        allow_credentials: Descriptor::of(asked.allowed),
        user_verification: "required",
    };
    json(StatusCode::CREATED, &Asking { options, expires_at: written(asked.expires_at) })
}
