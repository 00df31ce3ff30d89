//! What can go wrong with rows: the store, the keys, or a row that does not read.

use vault::VaultError;

/// Why rows could not be read or written. Never holds what a row says.
#[derive(Debug, thiserror::Error)]
pub enum RowsError {
    /// Another process has the folder.
    #[error("the folder of the rows is in use by another process")]
    InUse,
    /// The store failed; after a failed write it takes no more until it is opened anew.
    #[error("the row store could not {doing}")]
    Store {
        /// What was tried.
        doing: &'static str,
        /// How it failed.
        #[source]
        source: Box<fjall::Error>,
    },
    /// A row could not be sealed or opened.
    #[error("a row of {model} could not be sealed or opened")]
    Vault {
        /// The model.
        model: &'static str,
        /// Why.
        #[source]
        source: Box<VaultError>,
    },
    /// A stored row is not one of this model: rebuild the model.
    #[error("a stored row of {model} does not read; rebuild the model")]
    Unreadable {
        /// The model.
        model: &'static str,
    },
    /// A row does not write as JSON: a fault of ours.
    #[error("a row of {model} could not be written as JSON")]
    Unwritable {
        /// The model.
        model: &'static str,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// No model of this name.
    #[error("there is no read model of this name")]
    UnknownModel,
}

impl RowsError {
    /// The stable name of the error, for logs and callers.
    pub fn code(&self) -> &'static str {
        match self {
            RowsError::InUse => "rows_in_use",
            RowsError::Store { .. } => "rows_store",
            RowsError::Vault { .. } => "rows_vault",
            RowsError::Unreadable { .. } => "row_unreadable",
            RowsError::Unwritable { .. } => "row_unwritable",
            RowsError::UnknownModel => "model_unknown",
        }
    }

    /// Tells that the store failed at `doing`; for `map_err`.
    pub(crate) fn store(doing: &'static str) -> impl FnOnce(fjall::Error) -> RowsError {
        move |source| {
            if matches!(source, fjall::Error::Locked) {
                return RowsError::InUse;
            }
            RowsError::Store { doing, source: Box::new(source) }
        }
    }
}
