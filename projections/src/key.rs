//! Keys of rows as bytes that sort as the keys do.

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;
use vocabulary::{OrganisationId, Position, id::Id};

/// A key of rows, or a part of one.
///
/// Reading gives back what was written, and bytes sort as keys do wherever order is promised.
pub trait RowKey: Ord + Clone + std::fmt::Debug + Send {
    /// Writes the key onto the end of `out`.
    fn write(&self, out: &mut Vec<u8>);

    /// Reads the key off the front of `bytes`; `None` when it does not stand there.
    fn read(bytes: &mut &[u8]) -> Option<Self>;

    /// The whole key as bytes.
    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    /// The key that these bytes are, all of them.
    fn decode(mut bytes: &[u8]) -> Option<Self> {
        let key = Self::read(&mut bytes)?;
        bytes.is_empty().then_some(key)
    }
}

/// Takes the first `N` bytes.
fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*first)
}

impl<T: 'static> RowKey for Id<T> {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.0.as_bytes());
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        take(bytes).map(Uuid::from_bytes).map(Id::new)
    }
}

impl RowKey for Uuid {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.as_bytes());
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        take(bytes).map(Uuid::from_bytes)
    }
}

impl RowKey for Position {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0.to_be_bytes());
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        take(bytes).map(u64::from_be_bytes).map(Position)
    }
}

impl RowKey for u8 {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(*self);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        take(bytes).map(u8::from_be_bytes)
    }
}

impl RowKey for u32 {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_be_bytes());
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        take(bytes).map(u32::from_be_bytes)
    }
}

impl RowKey for NaiveDate {
    fn write(&self, out: &mut Vec<u8>) {
        // The sign is turned over, so that days before the common era sort first.
        out.extend_from_slice(&(self.num_days_from_ce() ^ i32::MIN).to_be_bytes());
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        take(bytes).and_then(|days| NaiveDate::from_num_days_from_ce_opt(i32::from_be_bytes(days) ^ i32::MIN))
    }
}

impl RowKey for OrganisationId {
    fn write(&self, out: &mut Vec<u8>) {
        write_word(self.as_str(), out);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        read_word(bytes)?.parse().ok()
    }
}

/// Writes a word and a zero after it, so that no word is the beginning of another.
pub(crate) fn write_word(word: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(word.as_bytes());
    out.push(0);
}

/// Reads what [`write_word`] wrote.
pub(crate) fn read_word<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    let end = bytes.iter().position(|byte| *byte == 0)?;
    let (word, rest) = bytes.split_at_checked(end)?;
    *bytes = rest.get(1..)?;
    std::str::from_utf8(word).ok()
}

impl<A: RowKey, B: RowKey> RowKey for (A, B) {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
        self.1.write(out);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        Some((A::read(bytes)?, B::read(bytes)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::ChildId;

    fn survives<K: RowKey>(key: &K) {
        assert_eq!(K::decode(&key.encode()).as_ref(), Some(key));
    }

    #[test]
    fn a_key_survives_being_written_and_read() {
        survives(&ChildId::new(Uuid::from_u128(7)));
        survives(&(ChildId::new(Uuid::from_u128(7)), Position(300)));
        survives(&("urn:100000".parse::<OrganisationId>().unwrap(), Position(1)));
        survives(&NaiveDate::from_ymd_opt(2026, 11, 21).unwrap());
        survives(&Uuid::from_u128(7));
    }

    #[test]
    fn a_key_with_bytes_left_over_is_no_key() {
        let mut bytes = Position(1).encode();
        bytes.push(0);
        assert_eq!(Position::decode(&bytes), None);
        assert_eq!(ChildId::decode(&[0; 15]), None);
    }

    #[test]
    fn bytes_sort_as_their_keys_do() {
        let days = ["-0004-01-01", "0001-01-01", "1999-12-31", "2000-01-01"];
        let days: Vec<_> = days.iter().map(|day| day.parse::<NaiveDate>().unwrap().encode()).collect();
        assert!(days.is_sorted());
        assert!(Position(255).encode() < Position(256).encode());
    }

    #[test]
    fn no_organisation_is_the_beginning_of_another() {
        let short = "org:a".parse::<OrganisationId>().unwrap().encode();
        let long = "org:ab".parse::<OrganisationId>().unwrap().encode();
        assert!(!long.starts_with(&short));
    }
}
