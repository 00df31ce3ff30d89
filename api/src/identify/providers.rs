//! `POST /api/v1/sessions/oidc` and what comes back: a sign-in at a person's own identity provider.
//!
//! Whoever sends a browser there keeps the binding, in a cookie of the page's own, and sends it back with what the
//! browser brings. Source: rules.md 5.2; ADR-0044.

use std::{fmt, sync::Arc};

use axum::{extract::State, http::StatusCode, response::Response};
use directory::{Begun, IdentityError, Person, Returned, Vouched};
use events::id_token::Strength;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vocabulary::ProviderName;

use super::{
    Began,
    sessions::{begin, beside, written},
};
use crate::{
    answer::{Read, json},
    door::Door,
    limits::Comer,
    problem::Problem,
    providers::{Answered, Provider, ProviderFault},
};

/// Longest code, state or issuer that is read; the longest codes in use take some 2,000 characters.
const CHARACTERS_MAX: usize = 8_192;

/// At which provider.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProviderAsked {
    /// What the operator of the directory calls it.
    #[schema(value_type = String)]
    provider: ProviderName,
}

/// What a browser brought back, with what was kept for it. Never printed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BroughtBack {
    /// `state`, as the provider sent it back; good once.
    pub(crate) state: String,
    /// `code`, as the provider sent it.
    pub(crate) code: String,
    /// What the answer to the beginning said to keep.
    pub(crate) binding: String,
    /// `iss`, where the provider sent it (RFC 9207).
    pub(crate) iss: Option<String>,
}

impl fmt::Debug for BroughtBack {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("BroughtBack(..)")
    }
}

#[derive(Serialize)]
struct Sent {
    authorization_url: String,
    binding: String,
    expires_at: String,
}

/// 201 where to send the browser · 404 no such provider · 503 it cannot be reached.
pub(crate) async fn ask_sign_in(
    State(door): State<Arc<Door>>,
    Read(asked): Read<ProviderAsked>,
) -> Result<Response, Problem> {
    door.limits.challenge()?;
    let provider = asked.provider(&door)?;
    sent(&door, provider, &door.directory.begin_at_provider(provider.told())).await
}

/// 201 a session · 401 no account that may sign in is linked · 403 too weak · 422 not believed · 503 not reached.
pub(crate) async fn sign_in(
    State(door): State<Arc<Door>>,
    Read(asked): Read<BroughtBack>,
) -> Result<Response, Problem> {
    let (signed_in, began) = by_provider(&door, &asked).await?;
    // The PIN stays this directory's own: what was asked there was not asked for what cannot be taken back.
    Ok(begin(&door, signed_in, began, None))
}

/// Judges what a browser brought back from a provider; with what the session began by.
pub(crate) async fn by_provider(
    door: &Door,
    asked: &BroughtBack,
) -> Result<(directory::SignedIn, Began), Problem> {
    door.limits.sign_in(Comer::Vouched)?;
    let (provider, vouched) = vouched(door, asked, None).await?;
    let began = Began::Identity(vouched.identity());
    let directory = Arc::clone(&door.directory);
    let signed_in =
        beside(door, Comer::Vouched, move || directory.sign_in_by_identity(provider.told(), &vouched))
            .await?;
    Ok((signed_in, began))
}

/// Where a browser is to be sent for a sign-in, and what it keeps until it comes back.
pub(crate) async fn begun(door: &Door, name: &ProviderName) -> Result<(String, Begun), Problem> {
    door.limits.challenge()?;
    let provider = door.settings.provider(name).ok_or_else(|| Problem::new("provider_unknown"))?;
    let begun = door.directory.begin_at_provider(provider.told());
    way(door, provider, begun).await
}

/// Where the browser of a person who links an identity is to be sent, and what it keeps until it comes back.
pub(crate) async fn begun_linking(
    door: &Door,
    person: &Person,
    name: &ProviderName,
) -> Result<(String, Begun), Problem> {
    let provider = door.settings.provider(name).ok_or_else(|| Problem::new("provider_unknown"))?;
    let begun = door.directory.begin_linking(person, provider.told())?;
    way(door, provider, begun).await
}

async fn way(door: &Door, provider: &Provider, begun: Begun) -> Result<(String, Begun), Problem> {
    let url = provider.authorization_url(&begun, &door.settings.provider_home(), door.directory.now()).await;
    Ok((url.map_err(|fault| told(provider, &fault))?, begun))
}

impl ProviderAsked {
    /// The provider that is meant.
    pub(crate) fn provider<'a>(&self, door: &'a Door) -> Result<&'a Arc<Provider>, Problem> {
        door.settings.provider(&self.provider).ok_or_else(|| Problem::new("provider_unknown"))
    }
}

/// 201 where a browser is to be sent.
pub(crate) async fn sent(door: &Door, provider: &Provider, begun: &Begun) -> Result<Response, Problem> {
    let url = provider.authorization_url(begun, &door.settings.provider_home(), door.directory.now()).await;
    let authorization_url = url.map_err(|fault| told(provider, &fault))?;
    let (binding, expires_at) = (begun.binding.clone(), written(begun.expires_at));
    Ok(json(StatusCode::CREATED, &Sent { authorization_url, binding, expires_at }))
}

/// Whom the provider vouches for, of a browser that came back: for a person who links, or for whoever signs in.
pub(crate) async fn vouched(
    door: &Door,
    asked: &BroughtBack,
    person: Option<&Person>,
) -> Result<(Arc<Provider>, Vouched), Problem> {
    let refused = || Problem::new("identity_not_accepted");
    let issuer = asked.iss.as_deref();
    let texts = [Some(asked.state.as_str()), Some(&asked.code), Some(&asked.binding), issuer];
    if texts.into_iter().flatten().any(|text| text.is_empty() || text.len() > CHARACTERS_MAX) {
        return Err(refused());
    }
    let returned: Returned =
        door.directory.returned(&asked.state, &asked.binding, person).ok_or_else(refused)?;
    let provider = Arc::clone(door.settings.provider(returned.provider()).ok_or_else(refused)?);
    let answered = Answered { code: &asked.code, issuer };
    let home = door.settings.provider_home();
    let vouched = provider.vouched(&door.directory, &returned, &answered, &home).await;
    match vouched {
        Ok(vouched) => {
            if vouched.strength() == Strength::Weak {
                // Not what it stated: that is the person's. An ID token of one's own tells whoever sets it up.
                let name = &provider.told().name;
                tracing::info!(provider.name = %name, "a sign-in at an identity provider was not strong");
            }
            Ok((provider, vouched))
        }
        Err(fault) => Err(told(&provider, &fault)),
    }
}

/// The operator reads what was wrong, whoever signs in one of two words.
fn told(provider: &Provider, fault: &ProviderFault) -> Problem {
    let name = &provider.told().name;
    if fault.code() == "provider_unavailable" {
        tracing::warn!(provider.name = %name, %fault, "an identity provider could not be used");
    } else {
        tracing::info!(provider.name = %name, %fault, "a sign-in at an identity provider was refused");
    }
    Problem::new(fault.code())
}

impl From<IdentityError> for Problem {
    fn from(error: IdentityError) -> Problem {
        match error {
            IdentityError::Weak => Problem::new("identity_weak"),
            IdentityError::SignIn(error) => error.into(),
        }
    }
}
