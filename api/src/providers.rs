//! Identity providers as they are reached: their metadata and keys, and a code made an ID token.
//!
//! A provider that is down, slow or not what it should be costs its own people a refusal and nobody else anything:
//! each call has a time, a size and a place in line, and a sign-in by password asks no provider. Source: `OpenID`
//! Connect Core 1.0 section 3.1 and Discovery 1.0; RFC 6749; RFC 7636; RFC 9207; ADR-0044.

mod calling;
mod credential;
mod faults;
mod metadata;

use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use directory::{Begun, Directory, ProviderKeys, Returned, Vouched};
use events::id_token;
use serde::Deserialize;
use tokio::sync::Semaphore;

pub(crate) use calling::{Address, Caller};
pub use calling::{CallFault, RootsFault};
pub use credential::{ClientCredential, CredentialFault};
pub(crate) use faults::ProviderFault;
pub use faults::ProviderSetupError;
use metadata::{Metadata, TokenAuthentication, form, query};

/// Calls to one provider at once; those beyond wait for their turn as long as a call may take.
const CALLS_AT_ONCE: usize = 8;

/// How long metadata and keys are good without a look: a key that was withdrawn signs no longer than that.
const FRESH_MINUTES: i64 = 60;

/// Seconds between two looks for keys because of a name that is not known: whoever sends such names makes no load.
const LOOK_AGAIN_SECONDS: i64 = 60;

/// What a provider is set up with.
#[derive(Debug, Clone)]
pub struct ProviderSettings {
    /// Which, and what it is believed about.
    pub provider: directory::Provider,
    /// How this directory proves itself to it.
    pub credential: ClientCredential,
    /// Where browsers come back to; made of the server's own address if absent.
    pub redirect_uri: Option<String>,
    /// What is asked to be stated, as JSON (`claims`, `OpenID` Connect Core 1.0 section 5.5).
    pub claims: Option<String>,
    /// The roots of its certificate, in PEM; those that the machine trusts if absent.
    pub roots: Option<PathBuf>,
    /// How long one call may take, and how long a code may take to become an ID token: twice that.
    pub patience: Duration,
}

impl ProviderSettings {
    /// How long one call may take unless told otherwise: a person waits for it.
    pub const PATIENCE: Duration = Duration::from_secs(5);
}

/// A provider as it is reached. Never prints what it is reached with.
pub struct Provider {
    told: directory::Provider,
    credential: ClientCredential,
    redirect_uri: Option<String>,
    claims: Option<String>,
    caller: Caller,
    discovery: Address,
    patience: Duration,
    turns: Semaphore,
    known: Mutex<Known>,
    /// When keys were asked for because of a name that was not known.
    looked_again: tokio::sync::Mutex<Option<DateTime<Utc>>>,
}

/// What is known of a provider, each with the time at which it was asked for.
#[derive(Default)]
struct Known {
    metadata: Option<(Arc<Metadata>, DateTime<Utc>)>,
    keys: Option<(Arc<ProviderKeys>, DateTime<Utc>)>,
}

impl fmt::Debug for Provider {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Provider({})", self.told.name)
    }
}

/// What comes back with a browser.
pub(crate) struct Answered<'a> {
    pub(crate) code: &'a str,
    pub(crate) issuer: Option<&'a str>,
}

/// What the token endpoint answers; the access token is not wanted and not read.
#[derive(Deserialize)]
struct TokenAnswer {
    #[serde(default)]
    id_token: Option<String>,
}

/// An error as RFC 6749 section 5.2 writes it.
#[derive(Deserialize)]
struct TokenRefusal {
    error: String,
}

impl Provider {
    /// Sets a provider up. Asks it nothing yet: the server starts whether or not it answers.
    ///
    /// # Errors
    /// `ProviderSetupError`: nobody could sign in by it.
    pub fn load(settings: ProviderSettings) -> Result<Provider, ProviderSetupError> {
        let ProviderSettings { provider, credential, redirect_uri, claims, roots, patience } = settings;
        let plain = !provider.issuer.contains(['?', '#']);
        let issuer = provider.issuer.trim_end_matches('/');
        let discovery = Address::read(&format!("{issuer}/.well-known/openid-configuration"))
            .filter(|_| plain)
            .ok_or(ProviderSetupError::Issuer)?;
        if provider.strong.acr.is_empty() && provider.strong.amr.is_empty() {
            return Err(ProviderSetupError::NothingStrong);
        }
        if provider.organisations.is_empty() && provider.authorities.is_empty() {
            return Err(ProviderSetupError::VouchesForNobody);
        }
        Ok(Provider {
            caller: Caller::new(&discovery, roots.as_deref())?,
            told: provider,
            credential,
            redirect_uri,
            claims,
            discovery,
            patience,
            turns: Semaphore::new(CALLS_AT_ONCE),
            known: Mutex::default(),
            looked_again: tokio::sync::Mutex::default(),
        })
    }

    /// What it is believed about.
    pub(crate) fn told(&self) -> &directory::Provider {
        &self.told
    }

    /// Where a browser is sent, with what was drawn for it. `home` is where it comes back to unless set otherwise.
    pub(crate) async fn authorization_url(
        &self,
        begun: &Begun,
        home: &str,
        now: DateTime<Utc>,
    ) -> Result<String, ProviderFault> {
        let metadata = self.metadata(now).await?;
        let classes = self.told.strong.acr.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
        let mut asked = vec![
            ("response_type", "code"),
            ("client_id", &self.told.client_id),
            ("redirect_uri", self.redirect_uri(home)),
            ("scope", "openid"),
            ("state", &begun.state),
            ("nonce", &begun.nonce),
            ("code_challenge", &begun.code_challenge),
            ("code_challenge_method", "S256"),
        ];
        if !classes.is_empty() {
            asked.push(("acr_values", &classes));
        }
        if let Some(claims) = &self.claims {
            asked.push(("claims", claims));
        }
        Ok(query(&metadata.authorization_endpoint, &asked))
    }

    /// Makes of a code whom the provider vouches for, within twice the time of one call.
    pub(crate) async fn vouched(
        &self,
        directory: &Directory,
        returned: &Returned,
        answered: &Answered<'_>,
        home: &str,
    ) -> Result<Vouched, ProviderFault> {
        let all = async {
            let now = directory.now();
            let metadata = self.metadata(now).await?;
            let told = answered.issuer.is_none_or(|issuer| issuer == self.told.issuer);
            if !told || answered.issuer.is_none() && metadata.tells_its_name {
                return Err(ProviderFault::Issuer);
            }
            let token = self.redeemed(&metadata, returned, answered.code, home, now).await?;
            let keys = self.keys(&metadata, now).await?;
            match directory.believe(&self.told, returned, &token, &keys) {
                // The keys may be older than the token.
                Err(id_token::Fault::Key) => {
                    let anew = self.keys_again(&metadata, &keys, directory.now()).await?;
                    Ok(directory.believe(&self.told, returned, &token, &anew)?)
                }
                judged => Ok(judged?),
            }
        };
        let slow = |_| ProviderFault::Call { what: "an ID token", fault: CallFault::TooSlow };
        // On the heap: what waits for a provider is large, and whoever awaits it is one of thousands of requests.
        tokio::time::timeout(self.patience * 2, Box::pin(all)).await.map_err(slow)?
    }

    /// The ID token for a code.
    async fn redeemed(
        &self,
        metadata: &Metadata,
        returned: &Returned,
        code: &str,
        home: &str,
        now: DateTime<Utc>,
    ) -> Result<String, ProviderFault> {
        let (client, verifier) = (self.told.client_id.as_str(), returned.code_verifier());
        let mut asked = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.redirect_uri(home)),
            ("code_verifier", &verifier),
        ];
        let (mut basic, assertion) = (None, self.credential.assertion(client, metadata.token.as_str(), now));
        match (&self.credential, metadata.authentication) {
            (ClientCredential::Key(_), _) => {
                let assertion = assertion.as_deref().ok_or(ProviderFault::Client)?;
                asked.push(("client_id", client));
                asked.push(("client_assertion_type", credential::ASSERTION_TYPE));
                asked.push(("client_assertion", assertion));
            }
            (ClientCredential::Secret(secret), TokenAuthentication::Basic) => {
                basic = Some(credential::basic(client, secret.expose()));
            }
            (ClientCredential::Secret(secret), TokenAuthentication::Form) => {
                asked.push(("client_id", client));
                asked.push(("client_secret", secret.expose()));
            }
        }
        let call = self.caller.post(&metadata.token, form(&asked), basic);
        let (status, body) = self.called("an ID token", call).await?;
        if status.is_success() {
            let answer: Option<TokenAnswer> = serde_json::from_slice(&body).ok();
            return answer.and_then(|answer| answer.id_token).ok_or(ProviderFault::NoToken);
        }
        let refusal: Option<TokenRefusal> = serde_json::from_slice(&body).ok();
        match refusal.as_ref().map(|refusal| refusal.error.as_str()) {
            Some("invalid_grant") => Err(ProviderFault::Code),
            Some("invalid_client" | "unauthorized_client") => Err(ProviderFault::Client),
            Some(_) | None => {
                let fault = CallFault::Status(status.as_u16());
                Err(ProviderFault::Call { what: "an ID token", fault })
            }
        }
    }

    async fn metadata(&self, now: DateTime<Utc>) -> Result<Arc<Metadata>, ProviderFault> {
        let known = self.known().metadata.clone();
        if let Some((metadata, at)) = known
            && now - at < TimeDelta::minutes(FRESH_MINUTES)
        {
            return Ok(metadata);
        }
        let document = self.document("its metadata", &self.discovery).await?;
        let metadata = Metadata::read(&document, &self.told.issuer, self.discovery.is_plain());
        let metadata = Arc::new(metadata.map_err(ProviderFault::Metadata)?);
        self.known().metadata = Some((Arc::clone(&metadata), now));
        Ok(metadata)
    }

    async fn keys(
        &self,
        metadata: &Metadata,
        now: DateTime<Utc>,
    ) -> Result<Arc<ProviderKeys>, ProviderFault> {
        let known = self.known().keys.clone();
        if let Some((keys, at)) = known
            && now - at < TimeDelta::minutes(FRESH_MINUTES)
        {
            return Ok(keys);
        }
        self.keys_asked(metadata, now).await
    }

    /// The keys once more, since those in use know a token's not. One looks; whoever waits gets what was found.
    async fn keys_again(
        &self,
        metadata: &Metadata,
        used: &Arc<ProviderKeys>,
        now: DateTime<Utc>,
    ) -> Result<Arc<ProviderKeys>, ProviderFault> {
        let mut looked = self.looked_again.lock().await;
        let known = self.known().keys.clone();
        if let Some((keys, _)) = known
            && !Arc::ptr_eq(&keys, used)
        {
            return Ok(keys);
        }
        if looked.is_some_and(|last| now - last < TimeDelta::seconds(LOOK_AGAIN_SECONDS)) {
            return Ok(Arc::clone(used));
        }
        *looked = Some(now);
        self.keys_asked(metadata, now).await
    }

    async fn keys_asked(
        &self,
        metadata: &Metadata,
        now: DateTime<Utc>,
    ) -> Result<Arc<ProviderKeys>, ProviderFault> {
        let document = self.document("its keys", &metadata.keys).await?;
        let keys = Arc::new(ProviderKeys::read(&document).ok_or(ProviderFault::Keys)?);
        self.known().keys = Some((Arc::clone(&keys), now));
        Ok(keys)
    }

    async fn document(&self, what: &'static str, address: &Address) -> Result<Vec<u8>, ProviderFault> {
        let (status, body) = self.called(what, self.caller.get(address)).await?;
        if status.is_success() {
            return Ok(body);
        }
        Err(ProviderFault::Call { what, fault: CallFault::Status(status.as_u16()) })
    }

    /// Waits for a place in line and for the call, both within the patience.
    async fn called<T>(
        &self,
        what: &'static str,
        call: impl Future<Output = Result<T, CallFault>>,
    ) -> Result<T, ProviderFault> {
        let turned = async {
            let _turn = self.turns.acquire().await.map_err(|_| CallFault::TooSlow)?;
            call.await
        };
        let called = tokio::time::timeout(self.patience, turned).await.unwrap_or(Err(CallFault::TooSlow));
        called.map_err(|fault| ProviderFault::Call { what, fault })
    }

    fn redirect_uri<'a>(&'a self, home: &'a str) -> &'a str {
        self.redirect_uri.as_deref().unwrap_or(home)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
