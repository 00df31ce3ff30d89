//! Assertion: what a client signed, and whether its claims may be believed at this moment.
//!
//! Two kinds that can never stand for one another: they differ in type, audience and claims. The signature is
//! checked before anything here is asked. Source: RFC 7519, RFC 7523 section 3, RFC 8725 section 3.11;
//! rules.md 5.4; ADR-0039.

#[cfg(test)]
mod spec;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, de::Error};
use vocabulary::{ClientId, SignInMethod};

/// Seconds by which two clocks may differ.
pub const SKEW_SECONDS: i64 = 60;

/// Longest life of an assertion, in seconds: it is signed for one request, or for a few in a row.
pub const LIFE_SECONDS: i64 = 300;

/// How long ago a person may have signed in at their own system (rules.md 5.4).
pub const SIGNED_IN_HOURS: i64 = 12;

/// Most methods that one sign-in names.
const METHODS_MAX: usize = 8;

/// Longest id of a token assertion, in bytes.
const ID_BYTES_MAX: usize = 256;

/// The type of an assertion by which a person acts, `typ` in its header.
pub const ACTING_USER_TYPE: &str = "acting-user+jwt";

/// The types of an assertion by which a client gets a token; none at all is one too (RFC 7523).
const TOKEN_TYPES: [&str; 2] = ["jwt", "client-authentication+jwt"];

/// Why an assertion is not believed: for the operator's log, never for whoever sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not three parts of base64url with JSON in them, or a claim that must be there is not.
    #[error("it is not of its form, or a claim is missing")]
    Malformed,
    /// It is of another type, or asks for an extension that nobody here knows.
    #[error("its header has another type, or a critical extension")]
    Type,
    /// No such client, or it names no key of that client's which is good now.
    #[error("no key of this name is good for this client")]
    Key,
    /// The signature is not that key's, or by another algorithm than is pinned to it.
    #[error("the signature is not right, or by another algorithm than the key's")]
    Signature,
    /// Issued by another client.
    #[error("it was issued by another client, or about another")]
    Issuer,
    /// Meant for another server, or for several.
    #[error("it is meant for another audience")]
    Audience,
    /// It has expired.
    #[error("it has expired")]
    Expired,
    /// It is good for too long.
    #[error("it is good for more than {LIFE_SECONDS} seconds")]
    LivesTooLong,
    /// It is of the future.
    #[error("it is not good yet, or was issued in the future")]
    NotYet,
    /// The person signed in too long ago, or in the future.
    #[error("the person signed in more than {SIGNED_IN_HOURS} hours ago, or in the future")]
    SignedInWhen,
    /// It was taken before.
    #[error("it was taken before")]
    Replayed,
    /// Whether it was taken before cannot be known: so it is refused.
    #[error("whether it was taken before cannot be known")]
    Unremembered,
    /// The client connects without its certificate.
    #[error("the connection shows no certificate that the client is bound to")]
    Certificate,
}

/// An instant in seconds since 1970, whole or not (RFC 7519 section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seconds(pub i64);

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Seconds, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        let written = number.to_string();
        // What comes after the point is less than a second: nothing here is judged so finely.
        let whole = written.split_once('.').map_or(written.as_str(), |(whole, _)| whole);
        whole.parse().map(Seconds).map_err(|_| D::Error::custom("not an instant in seconds"))
    }
}

/// For whom an assertion is meant: exactly one, alone or in a list of one.
///
/// A list of several is how an assertion made for one server is used at another.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// One.
    One(String),
    /// A list.
    List(Vec<String>),
}

impl Audience {
    pub(crate) fn is(&self, audience: &str) -> bool {
        match self {
            Audience::One(one) => one == audience,
            Audience::List(list) => matches!(list.as_slice(), [one] if one == audience),
        }
    }
}

/// Who says that it issued an assertion: read before the signature, to know whose key to check it by.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Issued {
    /// The client, as it says.
    pub iss: String,
}

/// What an assertion for a token claims. Claims that are not known here are passed over (RFC 7519 section 4).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "the fields are the registered claims of RFC 7519")]
pub struct TokenClaims {
    pub iss: String,
    pub sub: String,
    pub aud: Audience,
    pub exp: Seconds,
    pub jti: String,
    #[serde(default)]
    pub nbf: Option<Seconds>,
    #[serde(default)]
    pub iat: Option<Seconds>,
}

/// What an assertion about an acting user claims.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "the fields are the registered claims of RFC 7519 and OpenID Connect")]
pub struct ActingUserClaims {
    pub iss: String,
    pub sub: String,
    pub aud: Audience,
    pub exp: Seconds,
    pub iat: Seconds,
    pub auth_time: Seconds,
    pub amr: Vec<SignInMethod>,
    #[serde(default)]
    pub nbf: Option<Seconds>,
}

/// Tells whether the type in a header is that of an assertion for a token.
pub fn is_for_token(typ: Option<&str>) -> bool {
    typ.is_none_or(|typ| TOKEN_TYPES.iter().any(|known| is_type(typ, known)))
}

/// Tells whether the type in a header is that of an assertion about an acting user.
pub fn is_for_acting_user(typ: Option<&str>) -> bool {
    typ.is_some_and(|typ| is_type(typ, ACTING_USER_TYPE))
}

/// Types compare without case, and may be written with `application/` before them (RFC 7515 section 4.1.9).
fn is_type(typ: &str, known: &str) -> bool {
    let typ = typ.to_ascii_lowercase();
    typ.strip_prefix("application/").unwrap_or(&typ) == known
}

impl TokenClaims {
    /// Judges the claims of `client` at `now`. That it was not taken before is asked last, and elsewhere.
    ///
    /// # Errors
    /// The first fault: `Issuer`, `Audience`, `Expired`, `LivesTooLong`, `NotYet`, `Malformed` (its id).
    pub fn judge(&self, client: &ClientId, audience: &str, now: DateTime<Utc>) -> Result<(), Fault> {
        if self.iss != client.0 || self.sub != client.0 {
            return Err(Fault::Issuer);
        }
        self.lifetime().judge(&self.aud, audience, now)?;
        if (1..=ID_BYTES_MAX).contains(&self.jti.len()) { Ok(()) } else { Err(Fault::Malformed) }
    }

    /// The earliest moment at which it can have been made.
    pub fn issued_from(&self) -> i64 {
        self.iat.map_or(self.exp.0.saturating_sub(LIFE_SECONDS), |iat| iat.0)
    }

    fn lifetime(&self) -> Lifetime {
        Lifetime { exp: self.exp, iat: self.iat, nbf: self.nbf }
    }
}

impl ActingUserClaims {
    /// Judges the claims of `client` at `now`, and answers when the person signed in there.
    ///
    /// # Errors
    /// The first fault: `Issuer`, `Audience`, `Expired`, `LivesTooLong`, `NotYet`, `SignedInWhen`, `Malformed`
    /// (no method, or too many).
    pub fn judge(
        &self,
        client: &ClientId,
        audience: &str,
        now: DateTime<Utc>,
    ) -> Result<DateTime<Utc>, Fault> {
        if self.iss != client.0 {
            return Err(Fault::Issuer);
        }
        let lifetime = Lifetime { exp: self.exp, iat: Some(self.iat), nbf: self.nbf };
        lifetime.judge(&self.aud, audience, now)?;
        let signed_in = DateTime::from_timestamp(self.auth_time.0, 0).ok_or(Fault::SignedInWhen)?;
        let latest = now + TimeDelta::seconds(SKEW_SECONDS);
        let earliest = now - TimeDelta::hours(SIGNED_IN_HOURS);
        if signed_in < earliest || signed_in > latest {
            return Err(Fault::SignedInWhen);
        }
        if (1..=METHODS_MAX).contains(&self.amr.len()) { Ok(signed_in) } else { Err(Fault::Malformed) }
    }
}

/// From when to when an assertion is good, as both kinds say it.
struct Lifetime {
    exp: Seconds,
    iat: Option<Seconds>,
    nbf: Option<Seconds>,
}

impl Lifetime {
    fn judge(&self, aud: &Audience, audience: &str, now: DateTime<Utc>) -> Result<(), Fault> {
        let now = now.timestamp();
        if !aud.is(audience) {
            return Err(Fault::Audience);
        }
        if self.exp.0 <= now {
            return Err(Fault::Expired);
        }
        // Its maker's clock may be ahead of ours, and both of its own instants are by that one clock.
        let long = |from: i64, most: i64| self.exp.0.saturating_sub(from) > most;
        if long(now, LIFE_SECONDS + SKEW_SECONDS) || self.iat.is_some_and(|iat| long(iat.0, LIFE_SECONDS)) {
            return Err(Fault::LivesTooLong);
        }
        let begins = self.iat.max(self.nbf).map_or(i64::MIN, |begins| begins.0);
        if begins > now + SKEW_SECONDS { Err(Fault::NotYet) } else { Ok(()) }
    }
}
