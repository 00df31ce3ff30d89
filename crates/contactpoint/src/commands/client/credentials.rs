//! What a client proves itself by, added and retired: keys, secrets, certificates.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::Subcommand;
use directory::{ClientChange, Directory, read_public_key, read_thumbprint};
use events::organisation::client;
use serde::Serialize;
use vocabulary::{ClientId, KeyName, SignatureAlgorithm, Thumbprint};

use crate::{commands::organisation::Changed, exit::usage, output::Out, settings::Place};

/// What the file of a key may leave unsaid.
#[derive(Debug, clap::Args)]
pub(crate) struct Naming {
    /// The key's name, `kid` in what is signed by it [default: the JWK's own, else the key's SHA-256]
    #[arg(long, value_name = "NAME")]
    kid: Option<KeyName>,
    /// The one algorithm it is used with: `EdDSA`, ES256, RS256, RS512 or PS256 [default: the JWK's own, else by
    /// its kind; an RSA key in PEM must be told]
    #[arg(long, value_name = "ALG")]
    algorithm: Option<SignatureAlgorithm>,
}

/// A public key in a file.
pub(crate) struct KeyFile<'a> {
    /// Where.
    pub(crate) file: &'a Path,
    /// What the file may leave unsaid.
    pub(crate) naming: &'a Naming,
}

impl KeyFile<'_> {
    /// Reads the key.
    pub(crate) fn read(&self) -> anyhow::Result<client::Key> {
        let text = text_of(self.file)?;
        read_public_key(&text, self.naming.kid.clone(), self.naming.algorithm)
            .map_err(|fault| usage(format!("{}: {fault}", self.file.display())))
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Let a client sign by another key as well
    Add {
        /// The client's id
        client: String,
        /// The public key, a JWK or PEM
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        #[command(flatten)]
        naming: Naming,
        #[command(flatten)]
        place: Place,
    },
    /// Take a key away, with the tokens that were got by it
    Retire {
        /// The client's id
        client: String,
        /// The key's name
        kid: KeyName,
        /// From this instant on, as in 2026-12-01T00:00:00Z [default: now]
        #[arg(long, value_name = "INSTANT")]
        from: Option<DateTime<Utc>>,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Secret {
    /// Give a client another secret beside the one it has; it is shown once
    Add {
        /// The client's id
        client: String,
        #[command(flatten)]
        place: Place,
    },
    /// Take a secret away, with the tokens that were got by it
    Retire {
        /// The client's id
        client: String,
        /// The how manieth secret of it, as `client list` says
        number: u32,
        /// From this instant on, as in 2026-12-01T00:00:00Z [default: now]
        #[arg(long, value_name = "INSTANT")]
        from: Option<DateTime<Utc>>,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Certificate {
    /// Bind a client to a certificate, beside those it has: from then on it connects with one, for ever
    Bind {
        /// The client's id
        client: String,
        /// The certificate, in PEM
        #[arg(
            long,
            value_name = "FILE",
            conflicts_with = "thumbprint",
            required_unless_present = "thumbprint"
        )]
        certificate: Option<PathBuf>,
        /// Or its SHA-256, as `openssl x509 -fingerprint -sha256` prints it
        #[arg(long, value_name = "HEX")]
        thumbprint: Option<Thumbprint>,
        #[command(flatten)]
        place: Place,
    },
    /// Take a certificate away, with the tokens that are bound to it
    Retire {
        /// The client's id
        client: String,
        /// The certificate's SHA-256
        thumbprint: Thumbprint,
        /// From this instant on, as in 2026-12-01T00:00:00Z [default: now]
        #[arg(long, value_name = "INSTANT")]
        from: Option<DateTime<Utc>>,
        #[command(flatten)]
        place: Place,
    },
}

/// A secret as it is shown once.
#[derive(Serialize)]
struct SecretAdded {
    client_id: String,
    number: u32,
    client_secret: String,
}

impl fmt::Display for SecretAdded {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SecretAdded { client_id, number, client_secret } = self;
        write!(out, "client  {client_id}\nsecret  {client_secret} (number {number})\nThis is shown once.")
    }
}

impl Key {
    /// Where the directory is.
    pub(crate) fn place(&self) -> &Place {
        let (Key::Add { place, .. } | Key::Retire { place, .. }) = self;
        place
    }

    /// Does what was asked.
    pub(crate) fn run(&self, directory: &Directory, out: Out) -> anyhow::Result<()> {
        match self {
            Key::Add { client, key, naming, .. } => {
                let key = KeyFile { file: key, naming }.read()?;
                let id = key.kid.to_string();
                let changed = directory.change_client(&named(client), ClientChange::AddKey(key))?;
                out.tell(&Changed { id, was_otherwise: changed, now: "good" })
            }
            Key::Retire { client, kid, from, .. } => {
                let change = ClientChange::RetireKey { kid: kid.clone(), from: *from };
                let changed = directory.change_client(&named(client), change)?;
                out.tell(&Changed { id: kid.to_string(), was_otherwise: changed, now: retired(*from) })
            }
        }
    }
}

impl Secret {
    /// Where the directory is.
    pub(crate) fn place(&self) -> &Place {
        let (Secret::Add { place, .. } | Secret::Retire { place, .. }) = self;
        place
    }

    /// Does what was asked.
    pub(crate) fn run(&self, directory: &Directory, out: Out) -> anyhow::Result<()> {
        match self {
            Secret::Add { client, .. } => {
                let (number, client_secret) = directory.add_client_secret(&named(client))?;
                out.tell(&SecretAdded { client_id: client.clone(), number, client_secret })
            }
            Secret::Retire { client, number, from, .. } => {
                let change = ClientChange::RetireSecret { number: *number, from: *from };
                let changed = directory.change_client(&named(client), change)?;
                let id = format!("secret {number}");
                out.tell(&Changed { id, was_otherwise: changed, now: retired(*from) })
            }
        }
    }
}

impl Certificate {
    /// Where the directory is.
    pub(crate) fn place(&self) -> &Place {
        let (Certificate::Bind { place, .. } | Certificate::Retire { place, .. }) = self;
        place
    }

    /// Does what was asked.
    pub(crate) fn run(&self, directory: &Directory, out: Out) -> anyhow::Result<()> {
        match self {
            Certificate::Bind { client, certificate, thumbprint, .. } => {
                let thumbprint = match (certificate, thumbprint) {
                    (Some(file), _) => read_thumbprint(&text_of(file)?)
                        .map_err(|fault| usage(format!("{}: {fault}", file.display())))?,
                    (None, Some(thumbprint)) => *thumbprint,
                    (None, None) => return Err(usage("name the certificate with --certificate FILE")),
                };
                let change = ClientChange::BindCertificate { thumbprint };
                let changed = directory.change_client(&named(client), change)?;
                out.tell(&Changed { id: thumbprint.to_string(), was_otherwise: changed, now: "bound" })
            }
            Certificate::Retire { client, thumbprint, from, .. } => {
                let change = ClientChange::RetireCertificate { thumbprint: *thumbprint, from: *from };
                let changed = directory.change_client(&named(client), change)?;
                let id = thumbprint.to_string();
                out.tell(&Changed { id, was_otherwise: changed, now: retired(*from) })
            }
        }
    }
}

fn named(client: &str) -> ClientId {
    ClientId(client.to_owned())
}

fn retired(from: Option<DateTime<Utc>>) -> &'static str {
    if from.is_some() { "to be retired" } else { "retired" }
}

fn text_of(file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}
