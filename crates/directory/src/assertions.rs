//! Assertions: a client, or a person it vouches for, by what the client signed.
//!
//! The algorithm is the one pinned to the key; what a header says of it is compared and decides nothing.
//! Cost: one signature checked, 0.1 to 0.2 ms. Source: RFC 7523; RFC 8725; rules.md 5.4; ADR-0039.

mod taken;

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use events::{
    assertion::{self, ActingUserClaims, Fault, Issued, TokenClaims},
    looker::StepUp,
    organisation::client::{Client, HeldKey, Proof},
    recorded::Asserted,
};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, errors::ErrorKind};
use serde::de::DeserializeOwned;
use vocabulary::{Assurance, Channel, ClientId, KeyName, SignatureAlgorithm, Thumbprint};

pub(crate) use taken::Taken;

use crate::{ClientIdentity, Directory, Person, sign_in};

/// Longest assertion, in bytes: RSA of 4,096 bits signs in 700, claims take a few hundred.
const BYTES_MAX: usize = 8_192;

/// Why a person is not believed to be who a client says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VouchError {
    /// What was signed is not believed.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// No account in good standing of the client's own organisation has this user name.
    #[error("no account in good standing of this organisation has the user name")]
    Unknown,
}

impl Directory {
    /// A client by its id and secret, over a connection on which this certificate was shown; `None` for
    /// whatever was wrong.
    pub fn client_by_secret(
        &self,
        id: &ClientId,
        secret: &str,
        shown: Option<&Thumbprint>,
    ) -> Option<(ClientIdentity, Proof)> {
        let now = self.clock().now();
        let number = {
            let register = self.register();
            let (_, _, client) = register.client(id)?;
            let right = |hash: &str| sign_in::secret_is(self.vault(), secret, hash);
            let (number, _) = client.secrets_at(now).find(|(_, hash)| right(hash.expose()))?;
            client.connects_with(shown, now).then_some(number)?
        };
        Some((self.client(id)?, Proof::Secret(number)))
    }

    /// A client by an assertion that it signed for a token, taken once (RFC 7523).
    ///
    /// `audience` is the address at which tokens are got, as the outside knows it.
    ///
    /// # Errors
    /// The first fault. It goes to the operator's log; whoever sent the assertion reads always the same.
    pub fn client_by_assertion(
        &self,
        assertion: &str,
        audience: &str,
        shown: Option<&Thumbprint>,
    ) -> Result<(ClientIdentity, Proof), Fault> {
        let header = header_of(assertion)?;
        let issued: Issued =
            jsonwebtoken::dangerous::insecure_decode_claims(assertion).map_err(|_| Fault::Malformed)?;
        let id = ClientId(issued.iss);
        let proven = self.token_for(&id, assertion, &header, audience, shown);
        if let Err(fault) = &proven
            && self.register().client(&id).is_some()
        {
            tracing::info!(client.id = %id, %fault, "an assertion for a token was refused");
        }
        proven
    }

    fn token_for(
        &self,
        id: &ClientId,
        assertion: &str,
        header: &Header,
        audience: &str,
        shown: Option<&Thumbprint>,
    ) -> Result<(ClientIdentity, Proof), Fault> {
        let now = self.clock().now();
        if !assertion::is_for_token(header.typ.as_deref()) {
            return Err(Fault::Type);
        }
        let (kid, key) = {
            let register = self.register();
            let (_, _, client) = register.client(id).ok_or(Fault::Key)?;
            let found = named(client, header, now)?;
            if !client.connects_with(shown, now) {
                return Err(Fault::Certificate);
            }
            found
        };
        let claims: TokenClaims = verified(assertion, &key)?;
        claims.judge(id, audience, now)?;
        self.taken().take(id, &claims, now)?;
        let identity = self.client(id).ok_or(Fault::Key)?;
        Ok((identity, Proof::Key(kid)))
    }

    /// A client that holds a token, as it stands: unless revoked, and while what it got the token by is good,
    /// over a connection on which this certificate was shown.
    pub fn client_proven(
        &self,
        id: &ClientId,
        proof: &Proof,
        shown: Option<&Thumbprint>,
    ) -> Option<ClientIdentity> {
        let now = self.clock().now();
        let good = {
            let register = self.register();
            let (_, _, client) = register.client(id)?;
            client.proven_by(proof, now) && client.connects_with(shown, now)
        };
        if good { self.client(id) } else { None }
    }

    /// Tells whether a client is bound to a certificate, so that its tokens are too.
    pub fn is_bound(&self, id: &ClientId) -> bool {
        self.register().client(id).is_some_and(|(_, _, client)| !client.certificates.is_empty())
    }

    /// The person whom a client vouches for, as they stand.
    ///
    /// `audience` is the address of the API, as the outside knows it. May be sent again while it is good.
    ///
    /// # Errors
    /// `Fault`: what was signed is not believed. `Unknown`: nobody of the client's own organisation; another
    /// organisation's reads alike.
    pub fn vouched_for(
        &self,
        client: &ClientIdentity,
        assertion: &str,
        audience: &str,
    ) -> Result<Person, VouchError> {
        let now = self.clock().now();
        let header = header_of(assertion)?;
        if !assertion::is_for_acting_user(header.typ.as_deref()) {
            return Err(Fault::Type.into());
        }
        let id = &client.sender.client;
        let (kid, key) = {
            let register = self.register();
            let (_, _, held) = register.client(id).ok_or(Fault::Key)?;
            named(held, &header, now)?
        };
        let claims: ActingUserClaims = verified(assertion, &key)?;
        let signed_in_at = claims.judge(id, audience, now)?;
        let account = self.account_of_username(&claims.sub).ok_or(VouchError::Unknown)?;
        let person = self
            .person(account, Channel::Cms, Assurance::AssertedByCms, Some(id.clone()), StepUp::Absent)
            .filter(|person| person.organisation == client.sender.organisation)
            .ok_or(VouchError::Unknown)?;
        let asserted = Asserted { signed_in_at, methods: claims.amr, kid };
        Ok(Person { asserted: Some(asserted), ..person })
    }
}

/// The header, where nothing in it asks for more than is done here.
fn header_of(assertion: &str) -> Result<Header, Fault> {
    if assertion.len() > BYTES_MAX {
        return Err(Fault::Malformed);
    }
    let header = jsonwebtoken::decode_header(assertion).map_err(|_| Fault::Malformed)?;
    // An extension that must be understood and is not (RFC 7515 section 4.1.11).
    if header.crit.is_some() { Err(Fault::Type) } else { Ok(header) }
}

/// The client's own key that the header names: a key in the header itself, or at an address, is never looked at.
fn named(client: &Client, header: &Header, now: DateTime<Utc>) -> Result<(KeyName, HeldKey), Fault> {
    let kid: KeyName = header.kid.as_deref().and_then(|kid| kid.parse().ok()).ok_or(Fault::Key)?;
    let key = client.key_at(&kid, now).ok_or(Fault::Key)?.clone();
    Ok((kid, key))
}

/// The claims, once the signature was found to be the key's by the key's own algorithm.
fn verified<C: DeserializeOwned>(assertion: &str, held: &HeldKey) -> Result<C, Fault> {
    let der = STANDARD.decode(held.public_key.as_str()).map_err(|_| Fault::Key)?;
    signed_claims(assertion, held.algorithm, &der)
}

/// The claims of what was signed, once the signature was found to be the key's by this algorithm.
///
/// # Errors
/// `Signature`, `Malformed`.
pub(crate) fn signed_claims<C: DeserializeOwned>(
    signed: &str,
    algorithm: SignatureAlgorithm,
    der: &[u8],
) -> Result<C, Fault> {
    let (algorithm, key) = match algorithm {
        SignatureAlgorithm::EdDsa => (Algorithm::EdDSA, DecodingKey::from_ed_der(der)),
        SignatureAlgorithm::Es256 => (Algorithm::ES256, DecodingKey::from_ec_der(der)),
        SignatureAlgorithm::Rs256 => (Algorithm::RS256, DecodingKey::from_rsa_der(der)),
        SignatureAlgorithm::Rs512 => (Algorithm::RS512, DecodingKey::from_rsa_der(der)),
        SignatureAlgorithm::Ps256 => (Algorithm::PS256, DecodingKey::from_rsa_der(der)),
    };
    let mut validation = Validation::new(algorithm);
    // Claims are judged by our own rules and clock, once the signature is known to be right.
    validation.required_spec_claims.clear();
    (validation.validate_exp, validation.validate_nbf, validation.validate_aud) = (false, false, false);
    let decoded = jsonwebtoken::decode::<C>(signed, &key, &validation);
    decoded.map(|decoded| decoded.claims).map_err(|error| {
        let unsigned = matches!(error.kind(), ErrorKind::InvalidSignature | ErrorKind::InvalidAlgorithm);
        if unsigned { Fault::Signature } else { Fault::Malformed }
    })
}
