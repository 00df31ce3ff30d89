//! `client`: add, list and revoke the clients of organisations. A secret is shown once.

use std::fmt;

use clap::Subcommand;
use events::organisation::ActingUser;
use serde::Serialize;
use vocabulary::{ClientId, OrganisationId};

use super::organisation::Changed;
use crate::{
    clock,
    exit::Status,
    opening::{Fresh, open},
    output::Out,
    settings::{Flags, Place, Settings},
};

/// What to do with clients.
#[derive(Debug, clap::Args)]
pub(crate) struct Client {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Let a case management system of an organisation connect; prints id and secret
    Add {
        /// The organisation
        #[arg(long, value_name = "ORG")]
        organisation: OrganisationId,
        #[command(flatten)]
        place: Place,
    },
    /// List every client, one a line
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Let a client connect no more, from the next request on
    Revoke {
        /// Its id
        client: String,
        #[command(flatten)]
        place: Place,
    },
}

/// A client as listed.
#[derive(Debug, Serialize)]
struct Listed {
    client_id: String,
    organisation: String,
    revoked: bool,
}

impl fmt::Display for Listed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}\t{}", self.client_id, self.organisation)?;
        if self.revoked { out.write_str("\trevoked") } else { Ok(()) }
    }
}

/// A client as it is shown once.
#[derive(Serialize)]
struct Added {
    client_id: String,
    client_secret: String,
    organisation: String,
}

impl fmt::Display for Added {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "client  {}\nsecret  {}\nThis is shown once.", self.client_id, self.client_secret)
    }
}

impl Client {
    /// Does what was asked.
    pub(crate) fn run(&self, out: Out) -> anyhow::Result<Status> {
        let (What::Add { place, .. } | What::List { place } | What::Revoke { place, .. }) = &self.what;
        let settings = Settings::read(place, &Flags::default())?;
        let directory = open(&settings.folders()?, clock::of(&settings), Fresh::Refuse)?;
        match &self.what {
            What::Add { organisation, .. } => {
                let (client, client_secret) =
                    directory.add_client(organisation, ActingUser::SignedAssertion)?;
                out.tell(&Added {
                    client_id: client.0,
                    client_secret,
                    organisation: organisation.to_string(),
                })?;
            }
            What::List { .. } => {
                for (organisation, held) in directory.list_organisations() {
                    for (client, known) in held.clients {
                        out.tell(&Listed {
                            client_id: client.0,
                            organisation: organisation.to_string(),
                            revoked: known.revoked,
                        })?;
                    }
                }
            }
            What::Revoke { client, .. } => {
                let changed = directory.revoke_client(&ClientId(client.clone()))?;
                out.tell(&Changed { id: client.clone(), was_otherwise: changed, now: "revoked" })?;
            }
        }
        Ok(Status::Done)
    }
}
