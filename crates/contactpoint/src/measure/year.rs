//! The changes of a year, made before the clock starts and sent as often as there is time for them.
//!
//! Every pass tells of the same children and services under a tag of its own, so that each event is news: making
//! an event takes longer than reading its bytes, and would be measured along.

use population::Population;

/// Letters of a tag.
const TAG: usize = 12;

/// Changes, each with the places where its tag stands.
pub(crate) struct Year {
    bytes: Vec<u8>,
    changes: Vec<Change>,
    sent: u64,
    first_tag: u64,
}

struct Change {
    begins: usize,
    length: usize,
    tags: [usize; 2],
}

impl Year {
    /// Makes the first `count` changes about `children`; tags count from `first_tag`.
    ///
    /// # Errors
    /// None but those of a writer into memory, which has none.
    pub(crate) fn make(
        england: &Population,
        children: u64,
        count: u64,
        first_tag: u64,
    ) -> anyhow::Result<Year> {
        let marker = "#".repeat(TAG);
        let mut year = Year { bytes: Vec::new(), changes: Vec::new(), sent: 0, first_tag };
        for number in 0..count.max(1) {
            let begins = year.bytes.len();
            england.write_change(number, children, &marker, &mut year.bytes)?;
            let line = year.bytes.get(begins..).unwrap_or_default();
            let mut found = line.windows(TAG).enumerate().filter(|(_, window)| *window == marker.as_bytes());
            let mut next = || found.next().map(|(at, _)| at).unwrap_or_default();
            let tags = [next(), next()];
            year.changes.push(Change { begins, length: line.len(), tags });
        }
        Ok(year)
    }

    /// Appends the next event.
    pub(crate) fn next(&mut self, into: &mut Vec<u8>) {
        let count = self.changes.len() as u64;
        let (pass, place) = (self.sent / count, self.sent % count);
        self.sent += 1;
        let Some(change) = self.changes.get(usize::try_from(place).unwrap_or(0)) else { return };
        let line = self.bytes.get(change.begins..change.begins + change.length).unwrap_or_default();
        let from = into.len();
        into.extend_from_slice(line);
        let tag = tag(self.first_tag + pass);
        for at in change.tags {
            if let Some(marker) = into.get_mut(from + at..from + at + TAG) {
                marker.copy_from_slice(&tag);
            }
        }
    }
}

/// A number as a tag: its last twelve hexadecimal digits.
fn tag(number: u64) -> [u8; TAG] {
    let mut tag = [b'0'; TAG];
    for (place, letter) in tag.iter_mut().rev().enumerate() {
        let digit = u8::try_from(number >> (4 * place) & 15).unwrap_or(0);
        *letter = if digit < 10 { b'0' + digit } else { b'a' + digit - 10 };
    }
    tag
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn what_is_sent_is_what_the_population_writes_and_each_pass_is_news() {
        let england = Population::sized(7, NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(), 500);
        let mut year = Year::make(&england, 500, 3, 0xabc).unwrap();
        for sent in 0..9 {
            let mut line = Vec::new();
            year.next(&mut line);
            let mut expected = Vec::new();
            let tag = format!("{:012x}", 0xabc + sent / 3);
            england.write_change(sent % 3, 500, &tag, &mut expected).unwrap();
            assert_eq!(String::from_utf8(line).unwrap(), String::from_utf8(expected).unwrap());
        }
    }
}
