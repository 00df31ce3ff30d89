//! Settings of the door: limits and times, with defaults that suit one server for one region.

use std::{num::NonZeroU32, path::PathBuf, sync::Arc, time::Duration};

use axum::http::Uri;
use directory::RelyingParty;
use vocabulary::ProviderName;

use crate::{providers::Provider, web_address::WebAddress};

/// How much the door takes at once, and how long it waits.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Requests a second of one client or person, on the average.
    pub requests_per_second: NonZeroU32,
    /// Requests of one client or person that may come at once.
    pub requests_burst: NonZeroU32,
    /// Sign-ins a second of all who are not known yet, by each way of signing in; as many wrong proofs of machines.
    pub sign_ins_per_second: NonZeroU32,
    /// Sign-ins hashed at once, of those who are known and of all others apart; each takes 19 MiB and a core for
    /// tens of milliseconds.
    pub sign_ins_at_once: usize,
    /// Requests worked on at once; what comes beyond is told to come again.
    pub requests_at_once: usize,
    /// Time for the header of a request to arrive.
    pub header_timeout: Duration,
    /// Time for a request to be answered; a stream of events only begins its answer within it.
    pub request_timeout: Duration,
    /// Readers of the feed of one client at once.
    pub feeds_per_client: usize,
    /// Time between two signs of life on a feed on which nothing happens.
    pub feed_heartbeat: Duration,
    /// Time for requests to end once the server was told to stop.
    pub drain: Duration,
    /// The server's address as clients know it, as in `https://directory.example`: what they sign for.
    pub public_url: String,
    /// The identity providers at which people may sign in.
    pub providers: Vec<Arc<Provider>>,
    /// What `/version` tells of the build, beside the version.
    pub build: String,
    /// Whether every page says that it is for training.
    pub training: bool,
    /// Where people practise with invented children.
    pub training_url: Option<WebAddress>,
    /// The data folder, where the newest backup is noted.
    pub data: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            // A nightly feed posts batches; a person clicks: both stay far below.
            requests_per_second: nonzero(500),
            requests_burst: nonzero(2_000),
            sign_ins_per_second: nonzero(100),
            sign_ins_at_once: 2,
            requests_at_once: 4_096,
            header_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(30),
            feeds_per_client: 8,
            // Proxies give a silent connection up after half a minute and more.
            feed_heartbeat: Duration::from_secs(15),
            drain: Duration::from_secs(20),
            public_url: "http://127.0.0.1:8080".to_owned(),
            providers: Vec::new(),
            build: String::new(),
            training: false,
            training_url: None,
            data: None,
        }
    }
}

impl Settings {
    /// Whom an assertion for a token is meant for: the address at which tokens are got.
    pub(crate) fn token_audience(&self) -> String {
        format!("{}/oauth/token", self.public_url.trim_end_matches('/'))
    }

    /// For whom passkeys are made: the host of the server's address, and what browsers call its origin.
    ///
    /// An address without a host makes and believes none.
    pub(crate) fn relying_party(&self) -> RelyingParty {
        let address: Uri = self.public_url.parse().unwrap_or_default();
        let host = address.host().unwrap_or_default().to_ascii_lowercase();
        let scheme = address.scheme_str().unwrap_or_default().to_ascii_lowercase();
        // A browser leaves the port out that goes with the scheme.
        let usual = if scheme == "https" { 443 } else { 80 };
        let port = address.port_u16().filter(|port| *port != usual);
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        RelyingParty { origin: format!("{scheme}://{host}{port}"), id: host }
    }

    /// The identity provider of that name.
    pub(crate) fn provider(&self, name: &ProviderName) -> Option<&Arc<Provider>> {
        self.providers.iter().find(|provider| provider.told().name == *name)
    }

    /// Where browsers come back to from an identity provider.
    pub(crate) fn provider_home(&self) -> String {
        format!("{}/oidc/callback", self.public_url.trim_end_matches('/'))
    }

    /// Whom an assertion about an acting user is meant for: the address of the API.
    pub(crate) fn audience(&self) -> String {
        format!("{}/api/v1", self.public_url.trim_end_matches('/'))
    }
}

/// A limit of none would take nobody in.
pub(crate) const fn nonzero(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        for (address, id, origin) in [
            ("https://directory.example", "directory.example", "https://directory.example"),
            ("https://Directory.Example:443/", "directory.example", "https://directory.example"),
            ("https://directory.example:8443/api", "directory.example", "https://directory.example:8443"),
            ("http://localhost:8080", "localhost", "http://localhost:8080"),
        ] {
            let settings = Settings { public_url: address.to_owned(), ..Settings::default() };
            let expected = RelyingParty { id: id.to_owned(), origin: origin.to_owned() };
            assert_eq!(settings.relying_party(), expected, "{address}");
        }
    }
}
