//! An address that a page may lead to, as it was set: nothing but the web's own, and nobody's secret in it.

use std::fmt;

use axum::http::{Uri, uri::Scheme};
use serde::{Deserialize, Serialize};

/// An address of the web, `http` or `https`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebAddress(String);

/// The text is no address of the web.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an address begins with http:// or https://, names a host, and holds no password")]
pub struct NoWebAddress;

impl TryFrom<String> for WebAddress {
    type Error = NoWebAddress;

    fn try_from(text: String) -> Result<WebAddress, NoWebAddress> {
        let uri: Uri = text.parse().map_err(|_| NoWebAddress)?;
        let of_the_web = uri.scheme().is_some_and(|scheme| [Scheme::HTTP, Scheme::HTTPS].contains(scheme));
        let holds_secret = uri.authority().is_none_or(|authority| authority.as_str().contains('@'));
        if !of_the_web || holds_secret || uri.host().is_none_or(str::is_empty) {
            return Err(NoWebAddress);
        }
        Ok(WebAddress(text))
    }
}

impl From<WebAddress> for String {
    fn from(address: WebAddress) -> String {
        address.0
    }
}

impl fmt::Display for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_of_the_web_is_one() {
        for text in ["https://training.example", "http://127.0.0.1:8081/", "https://training.example/start"] {
            assert!(WebAddress::try_from(text.to_owned()).is_ok(), "{text}");
        }
        for text in [
            "",
            "/help",
            "training.example",
            "javascript:alert(1)",
            "ftp://training.example",
            "https://",
            "https://somebody:secret@training.example",
        ] {
            assert_eq!(WebAddress::try_from(text.to_owned()), Err(NoWebAddress), "{text}");
        }
    }
}
