//! Whom a measurement signs in as, and which England it asks about. The file is for its owner's eyes alone.

use std::{fs, io::Write, os::unix::fs::OpenOptionsExt, path::Path};

use anyhow::Context;
use chrono::NaiveDate;
use population::Population;
use serde::{Deserialize, Serialize};

/// The whole file.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Credentials {
    /// The seed of the England that is loaded.
    pub(crate) seed: u64,
    /// Its day.
    pub(crate) as_at: NaiveDate,
    /// How many children of it.
    pub(crate) children: u64,
    /// The client that loads and sends.
    pub(crate) client_id: String,
    /// Its secret.
    pub(crate) client_secret: String,
    /// Practitioners of several authorities.
    pub(crate) users: Vec<User>,
}

/// A practitioner who signs in.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct User {
    /// The name to sign in with.
    pub(crate) username: String,
    /// The password.
    pub(crate) password: String,
    /// The seed of the one-time codes, in base 32.
    pub(crate) totp_secret: String,
}

impl Credentials {
    /// The England that is asked about.
    pub(crate) fn england(&self) -> Population {
        Population::sized(self.seed, self.as_at, self.children)
    }

    /// Reads the file.
    ///
    /// # Errors
    /// It is not there, or is no such file.
    pub(crate) fn read(file: &Path) -> anyhow::Result<Credentials> {
        let bytes = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
        serde_json::from_slice(&bytes).with_context(|| format!("{} holds no credentials", file.display()))
    }

    /// Writes the file, readable by nobody else.
    ///
    /// # Errors
    /// It is there already, or cannot be written.
    pub(crate) fn write(&self, file: &Path) -> anyhow::Result<()> {
        let write = || -> anyhow::Result<()> {
            let mut opened = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
            serde_json::to_writer(&mut opened, self)?;
            opened.write_all(b"\n")?;
            Ok(())
        };
        write().with_context(|| format!("{} cannot be written", file.display()))
    }
}
