//! `client`: the clients of organisations and what they prove themselves by. A secret is shown once.

mod credentials;
mod listed;

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

use credentials::{Certificate, Key, KeyFile, Secret};

/// What to do with clients.
#[derive(Debug, clap::Args)]
pub(crate) struct Client {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Let a case management system of an organisation connect; prints id and secret, or id and key
    Add {
        /// The organisation
        #[arg(long, value_name = "ORG")]
        organisation: OrganisationId,
        /// Its public key, a JWK or PEM: it signs by that and has no secret
        #[arg(long, value_name = "FILE")]
        key: Option<std::path::PathBuf>,
        #[command(flatten)]
        naming: credentials::Naming,
        #[command(flatten)]
        place: Place,
    },
    /// List every client with what it proves itself by, one a line
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
    /// Add and retire the keys that a client signs by
    #[command(subcommand)]
    Key(Key),
    /// Add and retire the secrets of a client
    #[command(subcommand)]
    Secret(Secret),
    /// Bind a client to certificates, and retire them
    #[command(subcommand)]
    Certificate(Certificate),
}

/// A client as it is shown once.
#[derive(Serialize)]
struct Added {
    client_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    organisation: String,
}

impl fmt::Display for Added {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "client  {}", self.client_id)?;
        if let Some(kid) = &self.kid {
            write!(out, "\nkey     {kid}")?;
        }
        match &self.client_secret {
            Some(secret) => write!(out, "\nsecret  {secret}\nThis is shown once."),
            None => Ok(()),
        }
    }
}

impl Client {
    /// Does what was asked.
    pub(crate) fn run(&self, out: Out) -> anyhow::Result<Status> {
        let place = match &self.what {
            What::Add { place, .. } | What::List { place } | What::Revoke { place, .. } => place,
            What::Key(key) => key.place(),
            What::Secret(secret) => secret.place(),
            What::Certificate(certificate) => certificate.place(),
        };
        let settings = Settings::read(place, &Flags::default())?;
        let directory = open(&settings.folders()?, clock::of(&settings), Fresh::Refuse)?;
        match &self.what {
            What::Add { organisation, key: None, .. } => {
                let (client, secret) = directory.add_client(organisation, ActingUser::SignedAssertion)?;
                out.tell(&Added {
                    client_id: client.0,
                    client_secret: Some(secret),
                    kid: None,
                    organisation: organisation.to_string(),
                })?;
            }
            What::Add { organisation, key: Some(file), naming, .. } => {
                let key = KeyFile { file, naming }.read()?;
                let kid = key.kid.to_string();
                let client = directory.add_signing_client(organisation, key, ActingUser::SignedAssertion)?;
                out.tell(&Added {
                    client_id: client.0,
                    client_secret: None,
                    kid: Some(kid),
                    organisation: organisation.to_string(),
                })?;
            }
            What::List { .. } => listed::tell(&directory, out)?,
            What::Revoke { client, .. } => {
                let changed = directory.revoke_client(&ClientId(client.clone()))?;
                out.tell(&Changed { id: client.clone(), was_otherwise: changed, now: "revoked" })?;
            }
            What::Key(key) => key.run(&directory, out)?,
            What::Secret(secret) => secret.run(&directory, out)?,
            What::Certificate(certificate) => certificate.run(&directory, out)?,
        }
        Ok(Status::Done)
    }
}
