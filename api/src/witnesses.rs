//! Witnesses as they are reached: a checkpoint sent, cosignatures told back.
//!
//! Source: C2SP tlog-witness; ADR-0056.

mod answering;

use std::{path::Path, time::Duration};

pub use answering::{Judge, serve_witness};

use crate::providers::{Address, CallFault, Caller, RootsFault};

/// How long one call may take: a witness answers after one wait for its disk.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a witness is sent.
const KIND: &str = "text/plain; charset=utf-8";

/// Where a witness takes checkpoints.
const ADD_CHECKPOINT: &str = "/add-checkpoint";

/// A witness that another body runs: https anywhere, http on this machine alone.
pub struct WitnessCaller {
    address: Address,
    caller: Caller,
}

/// What a witness said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WitnessAnswer {
    /// Lines of cosignatures, of which nothing has been checked.
    Cosigned(String),
    /// It has cosigned a checkpoint of this size last.
    Conflict(u64),
    /// It does not cosign this; the status of its answer.
    Refused(u16),
}

/// Why a witness cannot be called.
#[derive(Debug, thiserror::Error)]
pub enum WitnessSetupError {
    /// Its address is not of a form that is called.
    #[error("its address must be https, or http on this machine")]
    Address,
    /// The roots of its certificate are not taken.
    #[error(transparent)]
    Roots(#[from] RootsFault),
}

impl WitnessCaller {
    /// A witness at this address, below which `/add-checkpoint` lies.
    ///
    /// # Errors
    /// `Address`, `Roots`.
    pub fn new(url: &str, roots: Option<&Path>) -> Result<WitnessCaller, WitnessSetupError> {
        let whole = format!("{}{ADD_CHECKPOINT}", url.trim_end_matches('/'));
        let address = Address::read(&whole).ok_or(WitnessSetupError::Address)?;
        let caller = Caller::new(&address, roots)?;
        Ok(WitnessCaller { address, caller })
    }

    /// Sends a checkpoint with the proof that it goes on from what was cosigned last.
    ///
    /// # Errors
    /// The witness is down, slow, not trusted or broken; ask again later.
    pub async fn add_checkpoint(&self, body: String) -> Result<WitnessAnswer, CallFault> {
        let call = self.caller.send(&self.address, KIND, body);
        let answer = tokio::time::timeout(PATIENCE, call).await;
        let (status, bytes) = answer.map_err(|_| CallFault::TooSlow)??;
        let text = String::from_utf8(bytes).unwrap_or_default();
        Ok(match (status.as_u16(), text.trim().parse()) {
            (200, _) => WitnessAnswer::Cosigned(text),
            (409, Ok(size)) => WitnessAnswer::Conflict(size),
            (other, _) => WitnessAnswer::Refused(other),
        })
    }
}
