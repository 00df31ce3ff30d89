//! Clients as they are listed: each with its secrets, keys and certificates, and how long each is good.

use std::fmt;

use chrono::SecondsFormat;
use directory::{Credential, Directory, credentials};
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

impl fmt::Display for Listed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}\t{}", self.client_id, self.organisation)?;
        if self.revoked {
            out.write_str("\trevoked")?;
        }
        for Credential { kind, id, algorithm, state, retired_from } in &self.credentials {
            write!(out, "\t{kind} {id}")?;
            if let Some(algorithm) = algorithm {
                write!(out, " {algorithm}")?;
            }
            match retired_from {
                Some(from) if *state == "ending" => {
                    write!(out, " until {}", from.to_rfc3339_opts(SecondsFormat::Secs, true))?;
                }
                Some(_) | None => write!(out, " {state}")?,
            }
        }
        Ok(())
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
