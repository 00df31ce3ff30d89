//! Sending each new checkpoint to a witness, and keeping what it says of it.

use std::{slice, sync::mpsc::Receiver, time::Duration};

use api::{CallFault, WitnessAnswer};
use directory::{LedgerError, ledger::Ledger};
use event_log::cosignature::cosigned_note;
use tokio::runtime::{Builder, Runtime};
use tracing::{error, info, warn};

use super::rested;
use crate::settings::Reached;

/// How often it is asked whether there is a new checkpoint: as often as one is signed.
const ASKED_EVERY: Duration = Duration::from_millis(500);
/// How long a witness that does not cosign is left alone.
const AFTER_REFUSAL: Duration = Duration::from_secs(5);

/// How it stands with a witness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It was not asked yet.
    New,
    Cosigns,
    Fails,
}

/// What came of one question.
enum Asked {
    /// It cosigned a checkpoint of this size.
    Cosigned(u64),
    /// It has cosigned another history, or more of this one than the log has now; up to this size.
    Otherwise(u64),
    /// The status of its answer.
    Refused(u16),
    /// It answered with something else than its own cosignature.
    Nonsense,
    Silent(CallFault),
    /// What it is to be sent, or what it said, could not be read or kept here.
    Disk(LedgerError),
}

/// Sends checkpoints to one witness until told to stop.
///
/// A thread a witness: one that does not answer keeps no other waiting.
pub(super) fn submit(ledger: &Ledger, witness: Reached, stop: &Receiver<()>) {
    let name = witness.key.name().to_owned();
    let runtime = match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(failure) => {
            error!(witness = name, error = %failure, "no checkpoint is sent to a witness");
            return;
        }
    };
    let mut submitter = Submitter { ledger, witness, runtime, last: 0, kept: None };
    let mut standing = Standing::New;
    let mut rest = ASKED_EVERY;
    while rested(stop, rest) {
        let Some(asked) = submitter.round().unwrap_or_else(|failure| Some(Asked::Disk(failure))) else {
            continue;
        };
        let now = if matches!(asked, Asked::Cosigned(_)) { Standing::Cosigns } else { Standing::Fails };
        // Once, and not at every checkpoint.
        if now != standing {
            say(&name, &asked);
        }
        standing = now;
        rest = if now == Standing::Fails { AFTER_REFUSAL } else { ASKED_EVERY };
    }
}

fn say(witness: &str, asked: &Asked) {
    match asked {
        Asked::Cosigned(size) => info!(witness, size, "a witness cosigns"),
        Asked::Otherwise(size) => {
            error!(witness, size, "a witness has cosigned another history of this log, or more of it");
        }
        Asked::Refused(status) => {
            error!(witness, status, "a witness refuses to cosign this log; trying again");
        }
        Asked::Nonsense => {
            error!(witness, "a witness answers without a cosignature of its key; trying again");
        }
        Asked::Silent(failure) => {
            warn!(witness, error = %failure, "a witness does not answer; trying again");
        }
        Asked::Disk(failure) => {
            error!(witness, error = %failure, "what a witness is sent could not be read or kept; trying again");
        }
    }
}

struct Submitter<'l> {
    ledger: &'l Ledger,
    witness: Reached,
    runtime: Runtime,
    /// Size of the newest checkpoint that the witness has cosigned, as far as is known.
    last: u64,
    /// Size of the newest of which its cosignature is kept.
    kept: Option<u64>,
}

impl Submitter<'_> {
    /// Sends the newest checkpoint where the witness lacks it, and keeps its cosignature. `None`: there is no news.
    fn round(&mut self) -> Result<Option<Asked>, LedgerError> {
        let Some((size, note)) = self.ledger.newest()? else { return Ok(None) };
        if self.kept == Some(size) {
            return Ok(None);
        }
        let mut answer = self.ask(&note)?;
        if let Ok(WitnessAnswer::Conflict(last)) = answer
            && last <= size
            && last != self.last
        {
            // It tells what it has cosigned, as after a start, when that is not known here.
            self.last = last;
            answer = self.ask(&note)?;
        }
        Ok(Some(match answer {
            Ok(WitnessAnswer::Cosigned(lines)) => {
                if cosigned_note(&note, &lines, slice::from_ref(&self.witness.key)) == note {
                    return Ok(Some(Asked::Nonsense));
                }
                self.ledger.keep_cosignatures(&note, &lines)?;
                (self.last, self.kept) = (size, Some(size));
                Asked::Cosigned(size)
            }
            Ok(WitnessAnswer::Conflict(last)) => Asked::Otherwise(last),
            Ok(WitnessAnswer::Refused(status)) => Asked::Refused(status),
            Err(failure) => Asked::Silent(failure),
        }))
    }

    fn ask(&self, note: &str) -> Result<Result<WitnessAnswer, CallFault>, LedgerError> {
        let body = self.ledger.submission(self.last, note)?;
        Ok(self.runtime.block_on(self.witness.caller.add_checkpoint(body)))
    }
}
