//! One fact of many, read without the rest.

use super::{LISTED, Reader};
use crate::labels::Label;

/// Reads the child number alone.
pub(crate) fn number(bytes: &[u8]) -> u64 {
    let mut reader = Reader(bytes);
    reader.byte();
    reader.number()
}

/// Reads the forenames as written alone, of one who is listed.
pub(crate) fn forenames(bytes: &[u8], forenames: &mut Vec<Label>) {
    forenames.clear();
    let mut reader = Reader(bytes);
    if reader.byte() & LISTED == 0 {
        return;
    }
    reader.number();
    let mut names = Vec::new();
    reader.names(&mut names);
    forenames.extend(names.into_iter().map(|name| name.forename));
}
