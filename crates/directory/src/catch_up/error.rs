//! What can go wrong with catching up: a record that cannot be read, or a machine that failed.

use event_log::LogError;
use events::codec::DecodeError;
use vocabulary::{Position, StreamKind};

use crate::{rows::RowsError, unseal::UnsealError};

/// A model that met a record it cannot read. It keeps its rows as of the record before.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{model} stopped before the record at position {position}: {by}")]
pub struct Stopped {
    /// Which model.
    pub model: &'static str,
    /// The record that it did not fold.
    pub position: Position,
    /// The family of the record's stream, where the record itself was not read.
    pub kind: Option<StreamKind>,
    /// Why.
    pub by: StoppedBy,
}

/// Why a model stopped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoppedBy {
    /// A newer directory wrote it: run that version. Or it was not written by us.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The record does not open: look after the keys, or restore them.
    #[error("it does not open ({code})")]
    Seal {
        /// The name of the fault.
        code: &'static str,
    },
    /// A row that it or a record soon after it touches does not read or seal: look after the keys, or rebuild.
    #[error("a row does not read or seal ({code})")]
    Row {
        /// The name of the fault.
        code: &'static str,
    },
}

impl StoppedBy {
    /// The type of the fact that is not known, where one was read.
    pub fn type_name(&self) -> Option<&str> {
        match self {
            StoppedBy::Decode(DecodeError::UnknownType { name, .. }) => Some(name),
            StoppedBy::Decode(DecodeError::FutureSchema { name, .. }) => name.as_deref(),
            StoppedBy::Decode(
                DecodeError::Malformed { .. } | DecodeError::Empty { .. } | DecodeError::Upcast(_),
            )
            | StoppedBy::Seal { .. }
            | StoppedBy::Row { .. } => None,
        }
    }
}

impl From<&UnsealError> for StoppedBy {
    fn from(error: &UnsealError) -> StoppedBy {
        match error {
            UnsealError::Decode { source, .. } => StoppedBy::Decode(source.clone()),
            UnsealError::Vault { .. } | UnsealError::Time { .. } => StoppedBy::Seal { code: error.code() },
        }
    }
}

/// Why the models did not catch up.
#[derive(Debug, thiserror::Error)]
pub enum CatchUpError {
    /// The log could not be read.
    #[error("the log could not be read")]
    Log(#[from] LogError),
    /// The rows could not be read or written.
    #[error("the rows could not be read or written")]
    Rows(#[from] RowsError),
    /// A rebuild or a comparison met a record that it cannot read; the live rows stay as they are.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// No model of this name.
    #[error("there is no read model of this name")]
    UnknownModel,
}

impl CatchUpError {
    /// The stable name of the error, for logs and callers.
    pub fn code(&self) -> &'static str {
        match self {
            CatchUpError::Log(error) => error.code(),
            CatchUpError::Rows(error) => error.code(),
            CatchUpError::Stopped(_) => "model_stopped",
            CatchUpError::UnknownModel => "model_unknown",
        }
    }
}
