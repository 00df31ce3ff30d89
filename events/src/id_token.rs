//! ID token: what an identity provider signed about a person, and whether it is believed at this moment.
//!
//! The signature is checked before anything here is asked, and whose account it is comes after. Source:
//! `OpenID` Connect Core 1.0 sections 2 and 3.1.3.7; RFC 8725 section 3; ADR-0044.

#[cfg(test)]
mod spec;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::assertion::{Audience, SIGNED_IN_HOURS, Seconds};

/// Seconds by which a provider's clock and ours may differ.
pub const SKEW_SECONDS: i64 = 120;

/// Longest subject, in bytes (`OpenID` Connect Core 1.0 section 2).
const SUBJECT_BYTES_MAX: usize = 255;

/// Most methods that one sign-in names.
const METHODS_MAX: usize = 32;

/// Why an ID token is not believed: for the operator's log, never for whoever sent the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not three parts of base64url with JSON in them, or a claim that must be there is not.
    #[error("it is not of its form, or a claim is missing")]
    Malformed,
    /// It is of another type, or asks for an extension that nobody here knows.
    #[error("its header has another type, or a critical extension")]
    Type,
    /// By an algorithm that is not taken, or is not one of the key's.
    #[error("it is signed by an algorithm that is not taken")]
    Algorithm,
    /// The provider publishes no such key.
    #[error("the provider publishes no key of this name that signs")]
    Key,
    /// The signature is not that key's.
    #[error("the signature is not right")]
    Signature,
    /// Issued by another provider.
    #[error("it was issued by another provider")]
    Issuer,
    /// Meant for another client, or for several.
    #[error("it is meant for another client")]
    Audience,
    /// It has expired.
    #[error("it has expired")]
    Expired,
    /// It is of the future.
    #[error("it is not good yet, or was issued in the future")]
    NotYet,
    /// It is older than the sign-in that it should be of.
    #[error("it was issued before it was asked for")]
    IssuedBefore,
    /// It is of another sign-in.
    #[error("it is of another sign-in")]
    Nonce,
    /// The person signed in too long ago, or in the future.
    #[error("the person signed in there more than {SIGNED_IN_HOURS} hours ago, or in the future")]
    SignedInWhen,
}

/// What a provider says of a sign-in that is as strong as a password with a token.
///
/// One value that is named is enough; a provider of which none is named signs nobody in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Strong {
    /// Classes of authentication, `acr`, or one of several in `acrs`.
    pub acr: BTreeSet<String>,
    /// Methods, `amr`.
    pub amr: BTreeSet<String>,
}

/// How strongly a person signed in at their provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// As strongly as is asked of the provider.
    Strong,
    /// Less, or the provider does not say.
    Weak,
}

/// What an ID token must be for.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the fields are those of the request and of the provider's settings")]
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
    pub asked_at: DateTime<Utc>,
    pub strong: &'a Strong,
}

/// What an ID token claims. Claims that are not known here are passed over: neither name nor address is read.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "the fields are the registered claims of OpenID Connect")]
pub struct IdTokenClaims {
    pub iss: String,
    pub sub: String,
    pub aud: Audience,
    pub exp: Seconds,
    pub iat: Seconds,
    pub nonce: String,
    #[serde(default)]
    pub azp: Option<String>,
    #[serde(default)]
    pub nbf: Option<Seconds>,
    #[serde(default)]
    pub auth_time: Option<Seconds>,
    #[serde(default)]
    pub acr: Option<String>,
    /// Of Entra, whose ID tokens have neither of the two others.
    #[serde(default)]
    pub acrs: Vec<String>,
    #[serde(default)]
    pub amr: Vec<String>,
}

impl std::fmt::Debug for IdTokenClaims {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("IdTokenClaims(..)")
    }
}

/// Tells whether the type in a header is that of an ID token: none at all, or `JWT`.
///
/// Access and logout tokens of the same provider have types of their own, and are signed by the same keys.
pub fn is_id_token(typ: Option<&str>) -> bool {
    typ.is_none_or(|typ| typ.eq_ignore_ascii_case("jwt") || typ.eq_ignore_ascii_case("application/jwt"))
}

impl IdTokenClaims {
    /// Judges the claims at `now`, and answers how strongly the person signed in.
    ///
    /// # Errors
    /// The first fault: `Issuer`, `Audience`, `Nonce`, `Expired`, `NotYet`, `IssuedBefore`, `SignedInWhen`,
    /// `Malformed` (the subject, or too many methods).
    pub fn judge(&self, expected: &Expected<'_>, now: DateTime<Utc>) -> Result<Strength, Fault> {
        // Compared letter by letter: an issuer with a slash more is another issuer.
        if self.iss != expected.issuer {
            return Err(Fault::Issuer);
        }
        let party = self.azp.as_deref().is_none_or(|party| party == expected.client_id);
        if !self.aud.is(expected.client_id) || !party {
            return Err(Fault::Audience);
        }
        if self.nonce != expected.nonce {
            return Err(Fault::Nonce);
        }
        self.judge_times(expected.asked_at, now)?;
        let subject = (1..=SUBJECT_BYTES_MAX).contains(&self.sub.len()) && self.sub.is_ascii();
        if !subject || self.amr.len().max(self.acrs.len()) > METHODS_MAX {
            return Err(Fault::Malformed);
        }
        Ok(self.strength(expected.strong))
    }

    fn judge_times(&self, asked_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Fault> {
        let (asked_at, now) = (asked_at.timestamp(), now.timestamp());
        if self.exp.0.saturating_add(SKEW_SECONDS) <= now {
            return Err(Fault::Expired);
        }
        let begins = self.nbf.map_or(self.iat.0, |nbf| nbf.0.max(self.iat.0));
        if begins > now + SKEW_SECONDS {
            return Err(Fault::NotYet);
        }
        if self.iat.0.saturating_add(SKEW_SECONDS) < asked_at {
            return Err(Fault::IssuedBefore);
        }
        let earliest = now - SIGNED_IN_HOURS * 3_600 - SKEW_SECONDS;
        let in_time = |at: Seconds| (earliest..=now + SKEW_SECONDS).contains(&at.0);
        if self.auth_time.is_none_or(in_time) { Ok(()) } else { Err(Fault::SignedInWhen) }
    }

    fn strength(&self, strong: &Strong) -> Strength {
        let by_class = self.acr.iter().chain(&self.acrs).any(|class| strong.acr.contains(class));
        let by_method = self.amr.iter().any(|method| strong.amr.contains(method));
        if by_class || by_method { Strength::Strong } else { Strength::Weak }
    }
}
