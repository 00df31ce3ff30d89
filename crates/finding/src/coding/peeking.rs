//! One fact of many, read without the rest.

use super::Reader;
use crate::labels::Label;

/// Reads the child number alone.
pub(crate) fn number(bytes: &[u8]) -> u64 {
    let mut reader = Reader(bytes);
    reader.byte();
    reader.number()
}

/// Reads the surname of the first name as written alone, of one who is listed.
pub(crate) fn surname(bytes: &[u8]) -> Option<Label> {
    let mut reader = Reader(bytes);
    reader.byte();
    reader.number();
    reader.number().checked_sub(1)?;
    let middle = reader.byte() & 1;
    for _ in 0..=middle {
        reader.number();
    }
    Some(Label(reader.small()))
}
