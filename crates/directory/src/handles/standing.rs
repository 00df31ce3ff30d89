//! What an opening must know of the records that it does not read again: the few that the register and the queue
//! are made of, the keys of months, and the last key handed out of each pool.

use event_log::{EventLog, RecordRef};
use events::{Fact, erasure, intake};
use vault::Vault;
use vocabulary::{Position, StreamKind};

use super::{HandlesError, STANDS, manifest::Manifest};
use crate::unseal::unseal;

/// Records read at once.
const READ_BUDGET: u32 = 10_000;

/// Looks at the records after those that the manifest knows, up to `end`: keeps the keys, answers the positions of
/// what the register and the queue are made of.
pub(super) fn told_between(
    manifest: &mut Manifest,
    end: Position,
    log: &dyn EventLog,
    vault: &Vault,
) -> Result<Vec<[u8; STANDS]>, HandlesError> {
    let mut standing = Vec::new();
    let mut after = manifest.position;
    while after < end {
        let budget = u32::try_from(end.0 - after.0).unwrap_or(READ_BUDGET).min(READ_BUDGET);
        let reached = log.read_all(after, budget, &mut |record| {
            let header = record.header;
            manifest.hand_out(header.key);
            match weight(vault, record) {
                Weight::Stands => standing.push(record.position.0.to_be_bytes()),
                Weight::OfMonth => manifest.of_month(header.recorded_at, header.key),
                Weight::Forgets => manifest.forgets = true,
                Weight::None => (),
            }
        })?;
        if reached == after {
            break;
        }
        after = reached;
    }
    Ok(standing)
}

/// What a record means for an opening that does not read it again.
enum Weight {
    /// The register or the queue is made of it.
    Stands,
    /// Its key is that of its month.
    OfMonth,
    /// Somebody was to be forgotten.
    Forgets,
    None,
}

fn weight(vault: &Vault, record: RecordRef<'_>) -> Weight {
    match record.header.stream.kind {
        StreamKind::Account | StreamKind::Organisation | StreamKind::Case | StreamKind::Policy => {
            Weight::Stands
        }
        StreamKind::Access | StreamKind::Search | StreamKind::Brokering | StreamKind::Rights => {
            Weight::OfMonth
        }
        // What cannot be read may be anything.
        StreamKind::Intake => match unseal(vault, record) {
            Ok(recorded) if recorded.facts().iter().all(is_counted_only) => Weight::OfMonth,
            Ok(_) | Err(_) => Weight::Stands,
        },
        StreamKind::Erasure => match unseal(vault, record) {
            Ok(recorded) if !recorded.facts().iter().any(is_of_keys) => Weight::Stands,
            Ok(_) | Err(_) => Weight::Forgets,
        },
        StreamKind::Child => Weight::None,
    }
}

/// Tells whether a fact says what becomes of keys.
fn is_of_keys(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Erasure(erasure::Event::ErasureOrdered { .. } | erasure::Event::KeysDestroyed { .. })
    )
}

/// Tells whether a fact of an item leaves nothing to be remembered.
fn is_counted_only(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Intake(intake::Event::StatementRepeated { .. } | intake::Event::ConsentRefusalCounted { .. })
    )
}
