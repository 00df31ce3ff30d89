//! Clients as they are listed: each with its secrets, keys and certificates, and how long each is good.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use directory::Directory;
use events::organisation::client;
use serde::Serialize;

use crate::output::Out;

/// A client as listed.
#[derive(Debug, Serialize)]
struct Listed {
    client_id: String,
    organisation: String,
    revoked: bool,
    credentials: Vec<Credential>,
}

/// One thing that a client proves itself by.
#[derive(Debug, Serialize)]
struct Credential {
    kind: &'static str,
    /// A key's name, a secret's number, a certificate's SHA-256.
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    algorithm: Option<&'static str>,
    /// `good`, `ending` or `retired`.
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    retired_from: Option<String>,
}

impl fmt::Display for Credential {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "\t{} {}", self.kind, self.id)?;
        if let Some(algorithm) = self.algorithm {
            write!(out, " {algorithm}")?;
        }
        match (&self.retired_from, self.state) {
            (Some(from), "ending") => write!(out, " until {from}"),
            (_, state) => write!(out, " {state}"),
        }
    }
}

impl fmt::Display for Listed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}\t{}", self.client_id, self.organisation)?;
        if self.revoked {
            out.write_str("\trevoked")?;
        }
        self.credentials.iter().try_for_each(|credential| credential.fmt(out))
    }
}

/// Lists every client, by organisation and id.
pub(crate) fn tell(directory: &Directory, out: Out) -> anyhow::Result<()> {
    let now = directory.now();
    for (organisation, held) in directory.list_organisations() {
        for (id, known) in held.clients {
            out.tell(&Listed {
                client_id: id.0,
                organisation: organisation.to_string(),
                revoked: known.revoked,
                credentials: credentials(&known, now),
            })?;
        }
    }
    Ok(())
}

fn credentials(client: &client::Client, now: DateTime<Utc>) -> Vec<Credential> {
    let credential = |kind, id, algorithm, from: Option<DateTime<Utc>>| Credential {
        kind,
        id,
        algorithm,
        state: match from {
            None => "good",
            Some(from) if now < from => "ending",
            Some(_) => "retired",
        },
        retired_from: from.map(|from| from.to_rfc3339_opts(SecondsFormat::Secs, true)),
    };
    let secrets = client
        .secrets
        .iter()
        .map(|(number, held)| credential("secret", number.to_string(), None, held.retired_from));
    let keys = client.keys.iter().map(|(kid, held)| {
        credential("key", kid.to_string(), Some(held.algorithm.name()), held.retired_from)
    });
    let certificates = client
        .certificates
        .iter()
        .map(|(thumbprint, held)| credential("certificate", thumbprint.to_string(), None, held.retired_from));
    secrets.chain(keys).chain(certificates).collect()
}
