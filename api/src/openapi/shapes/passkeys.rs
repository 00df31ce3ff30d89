//! What is asked of a browser about passkeys, in the words of Web Authentication Level 3.

#![expect(dead_code, reason = "the fields are read by the derived schemas only")]

use utoipa::ToSchema;

use super::words::Instant;

/// What a browser is asked to make.
#[derive(ToSchema)]
pub(in crate::openapi) struct MakingAsked {
    options: CreationOptions,
    expires_at: Instant,
}

/// What a browser is asked to sign.
#[derive(ToSchema)]
pub(in crate::openapi) struct SigningAsked {
    options: RequestOptions,
    expires_at: Instant,
}

/// `PublicKeyCredentialCreationOptionsJSON` of Web Authentication Level 3: a page hands it on as it is.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(in crate::openapi) struct CreationOptions {
    rp: PartyAsked,
    user: UserAsked,
    challenge: String,
    pub_key_cred_params: Vec<AlgorithmAsked>,
    /// In milliseconds.
    timeout: i64,
    exclude_credentials: Vec<CredentialAsked>,
    authenticator_selection: SelectionAsked,
    /// `none`.
    attestation: String,
}

/// `PublicKeyCredentialRequestOptionsJSON` of Web Authentication Level 3: a page hands it on as it is.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(in crate::openapi) struct RequestOptions {
    challenge: String,
    /// In milliseconds.
    timeout: i64,
    rp_id: String,
    allow_credentials: Vec<CredentialAsked>,
    /// `required`.
    user_verification: String,
}

/// For whom a passkey is made.
#[derive(ToSchema)]
pub(in crate::openapi) struct PartyAsked {
    id: String,
    name: String,
}

/// Whose passkey it is to be.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(in crate::openapi) struct UserAsked {
    id: String,
    name: String,
    display_name: String,
}

/// An algorithm that is taken.
#[derive(ToSchema)]
pub(in crate::openapi) struct AlgorithmAsked {
    r#type: String,
    alg: i64,
}

/// A passkey by its id.
#[derive(ToSchema)]
pub(in crate::openapi) struct CredentialAsked {
    r#type: String,
    id: String,
}

/// Which authenticators are asked.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(in crate::openapi) struct SelectionAsked {
    /// `preferred`.
    resident_key: String,
    /// `required`.
    user_verification: String,
}

/// One's own passkeys.
#[derive(ToSchema)]
pub(in crate::openapi) struct Passkeys {
    passkeys: Vec<PasskeyLine>,
}

/// A registered passkey.
#[derive(ToSchema)]
pub(in crate::openapi) struct PasskeyLine {
    id: String,
    registered_at: Instant,
}
