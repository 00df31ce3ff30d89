//! The dictionaries that payloads are packed with, by number. A number, once used, keeps its bytes for ever.
//!
//! `dictionaries/child-v1.dict` is trained on invented payloads. To train it anew before the first release, from
//! payloads of the final shape (invented people only; a dictionary holds pieces of its samples in clear):
//!
//! ```text
//! cargo run --release -p vault --example train_dictionary -- payloads.ndjson crates/vault/dictionaries/child-v1.dict
//! ```
//!
//! and renew the checksum in this file's spec. After the first release a new one is a new file and a new number:
//! add it to `prepared`, then make it [`CURRENT`]; older payloads keep theirs.

use std::sync::LazyLock;

use zstd::dict::{DecoderDictionary, EncoderDictionary};

use crate::error::VaultError;

/// The dictionary that payloads are packed with now.
pub const CURRENT: u8 = 1;

/// How hard zstd tries for payloads, which are kept for ever.
const LEVEL: i32 = 3;

/// How hard it tries for rows, which are written again and again: a third of the time for a few bytes more.
const QUICK_LEVEL: i32 = 1;

const CHILD_V1: &[u8] = include_bytes!("../dictionaries/child-v1.dict");

static CHILD_V1_PREPARED: LazyLock<Option<Prepared>> = LazyLock::new(|| Prepared::new(CHILD_V1));

/// A dictionary ready for use by all threads.
pub(crate) struct Prepared {
    /// For packing what is kept for ever.
    pub(crate) encoder: EncoderDictionary<'static>,
    /// For packing what is soon written again.
    pub(crate) quick: EncoderDictionary<'static>,
    /// For expanding.
    pub(crate) decoder: DecoderDictionary<'static>,
}

impl Prepared {
    fn new(bytes: &[u8]) -> Option<Prepared> {
        let encoder = EncoderDictionary::try_copy(bytes, LEVEL).ok()?;
        let quick = EncoderDictionary::try_copy(bytes, QUICK_LEVEL).ok()?;
        let decoder = DecoderDictionary::try_copy(bytes).ok()?;
        Some(Prepared { encoder, quick, decoder })
    }
}

/// The bytes of the dictionary of this number, for whoever expands payloads without us.
pub fn bytes(dictionary: u8) -> Option<&'static [u8]> {
    (dictionary == 1).then_some(CHILD_V1)
}

/// The dictionary of this number, ready for use.
pub(crate) fn prepared(dictionary: u8) -> Result<&'static Prepared, VaultError> {
    match dictionary {
        1 => CHILD_V1_PREPARED.as_ref().ok_or(VaultError::Unpackable { dictionary }),
        _ => Err(VaultError::UnknownDictionary { dictionary }),
    }
}

#[cfg(test)]
mod spec {
    use super::*;

    #[test]
    fn a_dictionary_never_changes_once_payloads_are_packed_with_it() {
        assert_eq!(crc32c::crc32c(CHILD_V1), 0x2AB4_2B7E);
    }

    #[test]
    fn a_number_that_is_not_known_yet_is_named() {
        let unknown = prepared(CURRENT + 1).err().map(|error| error.to_string());
        assert_eq!(unknown.as_deref(), Some("dictionary 2 is not known to this version"));
    }
}
