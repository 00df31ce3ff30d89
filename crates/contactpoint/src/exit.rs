//! How the program ends: one status for each kind of end, whatever command ran.
//!
//! Source: contract.md section 1.

use std::process::ExitCode;

use directory::OpenDirectoryError;
use event_log::{LogError, OpenError, archive::ArchiveError, verify::VerifyError};
use vault::VaultError;

use crate::output::StdoutClosed;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// It did what was asked.
    Done,
    /// A check failed, or rows were rejected.
    CheckFailed,
    /// The command, its files or its settings cannot be used as given.
    Usage,
    /// The data folder or the keys are in use by another process.
    InUse,
    /// The log or the keys are not what was written.
    Integrity,
}

impl Status {
    fn number(self) -> u8 {
        match self {
            Status::Done => 0,
            Status::CheckFailed => 1,
            Status::Usage => 2,
            Status::InUse => 3,
            Status::Integrity => 4,
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(status.number())
    }
}

/// What was asked for cannot be done as it was asked: exit status 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Usage(pub(crate) String);

/// An error that says: what was asked for cannot be done as it was asked.
pub(crate) fn usage(text: impl Into<String>) -> anyhow::Error {
    anyhow::Error::new(Usage(text.into()))
}

/// The status that an error means.
pub(crate) fn status_of(error: &anyhow::Error) -> Status {
    error.chain().find_map(status_of_one).unwrap_or(Status::CheckFailed)
}

fn status_of_one(error: &(dyn std::error::Error + 'static)) -> Option<Status> {
    if error.is::<Usage>() || error.is::<figment::Error>() {
        return Some(Status::Usage);
    }
    if error.is::<StdoutClosed>() {
        return Some(Status::Done);
    }
    if let Some(OpenDirectoryError::KeysInside) = error.downcast_ref() {
        return Some(Status::Usage);
    }
    if let Some(error) = error.downcast_ref::<OpenError>() {
        return match error {
            OpenError::InUse => Some(Status::InUse),
            OpenError::Log(error) => of_log(error),
            OpenError::SegmentBytes(_) | OpenError::Threads(_) => None,
        };
    }
    if let Some(error) = error.downcast_ref::<LogError>() {
        return of_log(error);
    }
    if let Some(error) = error.downcast_ref::<VerifyError>() {
        return match error {
            VerifyError::Log(error) => of_log(error),
            VerifyError::Tiles(_) => None,
            VerifyError::NoLog
            | VerifyError::Checkpoint(_)
            | VerifyError::Rewritten(_)
            | VerifyError::Shortened { .. } => Some(Status::Integrity),
        };
    }
    if let Some(error) = error.downcast_ref::<ArchiveError>() {
        return match error {
            ArchiveError::InUse => Some(Status::InUse),
            ArchiveError::NoLog | ArchiveError::Elsewhere { .. } => Some(Status::Usage),
            ArchiveError::Differs { .. } => Some(Status::Integrity),
            ArchiveError::Log(error) => of_log(error),
        };
    }
    of_vault(error.downcast_ref()?)
}

fn of_vault(error: &VaultError) -> Option<Status> {
    match error {
        VaultError::InUse { .. } => Some(Status::InUse),
        VaultError::DamagedFile { .. }
        | VaultError::EpochMissing { .. }
        | VaultError::DamagedKey { .. }
        | VaultError::Altered { .. } => Some(Status::Integrity),
        VaultError::NoKeys { .. } | VaultError::AlreadyThere { .. } | VaultError::Exposed { .. } => {
            Some(Status::Usage)
        }
        VaultError::UnknownKey { .. }
        | VaultError::DestroyedKey { .. }
        | VaultError::UnknownDictionary { .. }
        | VaultError::Unpackable { .. }
        | VaultError::TooLong { .. }
        | VaultError::BindsTooLong { .. }
        | VaultError::Stopped
        | VaultError::Cipher
        | VaultError::Io { .. } => None,
    }
}

fn of_log(error: &LogError) -> Option<Status> {
    match error {
        LogError::Damaged(_) => Some(Status::Integrity),
        LogError::Stopped | LogError::Io { .. } => None,
    }
}
