//! `demo-credentials.json`: whom to sign in as, which client to send as, and what to try.
//!
//! Source: contract.md section 5.

use std::{fs, io::Write, path::Path};

use anyhow::Context;
use directory::ShownOnce;
use population::sandbox::Examples;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use vocabulary::{ChildNumber, Role};

/// Name of the file, in the data folder.
pub(crate) const FILE: &str = "demo-credentials.json";

/// The whole file.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Credentials {
    /// Where it is served.
    pub(crate) url: String,
    /// Clients, one for each service.
    pub(crate) clients: Vec<DemoClient>,
    /// Users, at least one for each role.
    pub(crate) users: Vec<DemoUser>,
    /// The child of the story.
    pub(crate) child_v: ChildV,
    /// Children to send, by the outcome that they lead to.
    pub(crate) examples: Sandbox,
}

/// A client that sends.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct DemoClient {
    /// Its id.
    pub(crate) client_id: String,
    /// Its secret.
    pub(crate) client_secret: String,
    /// The name of its organisation.
    pub(crate) organisation: String,
    /// What it stands for.
    pub(crate) service: String,
}

/// A user who signs in.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct DemoUser {
    /// The name to sign in with.
    pub(crate) username: String,
    /// The password.
    pub(crate) password: String,
    /// The seed of the one-time codes, in base 32.
    pub(crate) totp_secret: String,
    /// The PIN.
    pub(crate) pin: String,
    /// The role.
    pub(crate) role: Role,
    /// The name of the organisation.
    pub(crate) organisation: String,
}

impl DemoUser {
    /// A user with what was shown once.
    pub(crate) fn new(username: &str, role: Role, organisation: &str, shown: ShownOnce) -> DemoUser {
        let ShownOnce { password, totp_secret, pin } = shown;
        let (username, organisation) = (username.to_owned(), organisation.to_owned());
        DemoUser { username, password, totp_secret, pin, role, organisation }
    }
}

/// The child of the story.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(crate) struct ChildV {
    /// Its number.
    pub(crate) child_number: ChildNumber,
}

/// The vendor's sandbox: the `child` of a `child.described` for each outcome.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Sandbox {
    recorded: Value,
    queued: Value,
    twin: Value,
    shielded: Value,
    refused: Value,
}

impl From<&Examples> for Sandbox {
    fn from(examples: &Examples) -> Sandbox {
        let child = |data: &Value| data.get("child").cloned().unwrap_or_default();
        Sandbox {
            recorded: child(&examples.recorded),
            queued: child(&examples.queued),
            twin: child(&examples.twin),
            shielded: child(&examples.shielded),
            refused: child(&examples.refused),
        }
    }
}

impl Credentials {
    /// Reads the file in a data folder; `None` where there is none.
    ///
    /// # Errors
    /// It cannot be read.
    pub(crate) fn read(file: &Path) -> anyhow::Result<Option<Credentials>> {
        match fs::read(file) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("{} cannot be read", file.display())),
            Ok(bytes) => {
                let read = serde_json::from_slice(&bytes);
                read.map(Some).with_context(|| format!("{} is no demo's", file.display()))
            }
        }
    }

    /// Writes the file whole or not at all.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn write(&self, file: &Path) -> anyhow::Result<()> {
        let write = || -> anyhow::Result<()> {
            let folder = file.parent().unwrap_or(Path::new("."));
            let mut whole = tempfile::NamedTempFile::new_in(folder)?;
            serde_json::to_writer_pretty(&mut whole, self)?;
            whole.write_all(b"\n")?;
            whole.as_file().sync_all()?;
            whole.persist(file)?;
            Ok(())
        };
        write().with_context(|| format!("{} cannot be written", file.display()))
    }
}
