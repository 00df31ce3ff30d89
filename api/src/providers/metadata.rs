//! What a provider says of itself, and addresses and forms as it reads them.
//!
//! Source: `OpenID` Connect Discovery 1.0 sections 3 and 4.3; RFC 8414; RFC 9207; RFC 7636 section 4.2.

use std::fmt::Write;

use serde::Deserialize;

use super::calling::Address;

/// How this directory proves itself with a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenAuthentication {
    /// As HTTP Basic.
    Basic,
    /// In the form.
    Form,
}

/// Where a provider is asked what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Metadata {
    /// Where browsers are sent.
    pub(super) authorization_endpoint: String,
    /// Where codes become ID tokens.
    pub(super) token: Address,
    /// Where its keys are.
    pub(super) keys: Address,
    /// How a secret is shown.
    pub(super) authentication: TokenAuthentication,
    /// Browsers bring its name back (RFC 9207).
    pub(super) tells_its_name: bool,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    code_challenge_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// Reads what the provider of this issuer says of itself.
    ///
    /// `plain`: it is on this machine and speaks in the clear; then all of it must, and else none of it.
    ///
    /// # Errors
    /// What is wrong, in words for the operator's log.
    pub(super) fn read(document: &[u8], issuer: &str, plain: bool) -> Result<Metadata, &'static str> {
        let said: Document = serde_json::from_slice(document).map_err(|_| "they are not of their form")?;
        if said.issuer != issuer {
            return Err("they name another issuer than the one that was set, letter by letter");
        }
        let address = |written: &str| {
            let address = Address::read(written).filter(|address| address.is_plain() == plain);
            address.ok_or("an address is neither https nor on this machine as the issuer is")
        };
        address(&said.authorization_endpoint)?;
        let without = |listed: &Option<Vec<String>>, word: &str| {
            listed.as_ref().is_some_and(|listed| !listed.iter().any(|known| known == word))
        };
        if without(&said.code_challenge_methods_supported, "S256") {
            return Err("the provider does not know the code challenge S256");
        }
        let listed = &said.token_endpoint_auth_methods_supported;
        let only_form = without(listed, "client_secret_basic") && !without(listed, "client_secret_post");
        let authentication = if only_form { TokenAuthentication::Form } else { TokenAuthentication::Basic };
        Ok(Metadata {
            token: address(&said.token_endpoint)?,
            keys: address(&said.jwks_uri)?,
            authorization_endpoint: said.authorization_endpoint,
            authentication,
            tells_its_name: said.authorization_response_iss_parameter_supported,
        })
    }
}

/// An address with these parameters after those that it has.
pub(super) fn query(address: &str, parameters: &[(&str, &str)]) -> String {
    let sign = if address.contains('?') { '&' } else { '?' };
    format!("{address}{sign}{}", form(parameters))
}

/// Parameters as `application/x-www-form-urlencoded`.
pub(super) fn form(parameters: &[(&str, &str)]) -> String {
    let pairs: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    pairs.join("&")
}

/// A value with everything but letters, digits and `-._~` as per cent signs: good in a form and in a query.
pub(super) fn encoded(value: &str) -> String {
    value.bytes().fold(String::with_capacity(value.len()), |mut written, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            written.push(char::from(byte));
        } else {
            // Writing to a String never fails.
            let _ = write!(written, "%{byte:02X}");
        }
        written
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ISSUER: &str = "https://login.example/staff";

    fn read(changes: &Value) -> Result<Metadata, &'static str> {
        let mut document = json!({
            "issuer": ISSUER, "authorization_endpoint": "https://login.example/authorize",
            "token_endpoint": "https://login.example/token", "jwks_uri": "https://keys.example/keys"
        });
        for (name, value) in changes.as_object().unwrap() {
            document[name] = value.clone();
        }
        Metadata::read(document.to_string().as_bytes(), ISSUER, false)
    }

    #[test]
    fn metadata_of_another_issuer_or_with_other_addresses_are_not_taken() {
        for wrong in [
            json!({"issuer": "https://login.example/staff/"}),
            json!({"issuer": "https://login.example"}),
            json!({"authorization_endpoint": "http://login.example/authorize"}),
            json!({"authorization_endpoint": "javascript:alert(1)"}),
            json!({"token_endpoint": "http://login.example/token"}),
            json!({"token_endpoint": "http://127.0.0.1/token"}),
            json!({"jwks_uri": "file:///etc/passwd"}),
            json!({"jwks_uri": "http://localhost/keys"}),
            json!({"jwks_uri": null}),
            json!({"code_challenge_methods_supported": ["plain"]}),
        ] {
            assert!(read(&wrong).is_err(), "{wrong}");
        }
        assert!(Metadata::read(b"<html>", ISSUER, false).is_err());
        assert!(read(&json!({"code_challenge_methods_supported": ["plain", "S256"]})).is_ok());
    }

    #[test]
    fn a_secret_goes_into_the_form_only_where_basic_is_not_known() {
        let by = |methods: Value| {
            read(&json!({"token_endpoint_auth_methods_supported": methods})).unwrap().authentication
        };
        assert_eq!(read(&json!({})).unwrap().authentication, TokenAuthentication::Basic);
        assert_eq!(by(json!(["client_secret_post"])), TokenAuthentication::Form);
        assert_eq!(by(json!(["client_secret_post", "client_secret_basic"])), TokenAuthentication::Basic);
        assert_eq!(by(json!(["private_key_jwt"])), TokenAuthentication::Basic);
    }

    #[test]
    fn parameters_are_written_so_that_no_sign_in_them_means_anything() {
        let written = query("https://login.example/a?p=1", &[("scope", "openid"), ("state", "a&b=c d/é~")]);
        assert_eq!(written, "https://login.example/a?p=1&scope=openid&state=a%26b%3Dc%20d%2F%C3%A9~");
        assert_eq!(query("https://login.example/a", &[("p", "1")]), "https://login.example/a?p=1");
    }
}
