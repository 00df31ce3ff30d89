//! What a batch must be before any adapter takes it.

use vocabulary::stream::Stream;

use crate::{AppendError, Proposed, record::PAYLOAD_BYTES_MAX};

/// Most records in one batch: what one request of the door may carry, many times over.
pub const BATCH_RECORDS_MAX: usize = 65_536;

/// Checks that `batch` may be appended to `stream`, whatever its revision.
///
/// # Errors
/// `Empty`, `ForeignRecord` or `TooLarge`; nothing was written.
pub fn check(stream: Stream, batch: &[Proposed]) -> Result<(), AppendError> {
    if batch.is_empty() {
        return Err(AppendError::Empty);
    }
    if batch.len() > BATCH_RECORDS_MAX {
        let bytes = batch.iter().map(|proposed| proposed.payload.len()).sum();
        return Err(AppendError::TooLarge { bytes, bytes_max: BATCH_RECORDS_MAX });
    }
    for proposed in batch {
        if proposed.header.stream != stream {
            return Err(AppendError::ForeignRecord);
        }
        if proposed.payload.len() > PAYLOAD_BYTES_MAX {
            return Err(AppendError::TooLarge {
                bytes: proposed.payload.len(),
                bytes_max: PAYLOAD_BYTES_MAX,
            });
        }
    }
    Ok(())
}
