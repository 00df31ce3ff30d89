//! Settings of the door: limits and times, with defaults that suit one server for one region.

use std::{num::NonZeroU32, time::Duration};

/// How much the door takes at once, and how long it waits.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Requests a second of one client or person, on the average.
    pub requests_per_second: NonZeroU32,
    /// Requests of one client or person that may come at once.
    pub requests_burst: NonZeroU32,
    /// Sign-ins and token requests a second, of everybody together.
    pub sign_ins_per_second: NonZeroU32,
    /// Sign-ins hashed at once; each takes 19 MiB and a core for tens of milliseconds.
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
    /// What `/version` tells of the build, beside the version.
    pub build: String,
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
            build: String::new(),
        }
    }
}

impl Settings {
    /// Whom an assertion for a token is meant for: the address at which tokens are got.
    pub(crate) fn token_audience(&self) -> String {
        format!("{}/oauth/token", self.public_url.trim_end_matches('/'))
    }

    /// Whom an assertion about an acting user is meant for: the address of the API.
    pub(crate) fn audience(&self) -> String {
        format!("{}/api/v1", self.public_url.trim_end_matches('/'))
    }
}

/// A limit of none would take nobody in.
fn nonzero(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN)
}
