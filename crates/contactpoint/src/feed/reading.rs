//! Reads the fields of one row, and gathers everything that is wrong with it instead of the first thing.

use chrono::NaiveDate;
use csv::ByteRecord;

use super::{columns::Columns, rejects::Reject};

/// One row as it is read.
pub(super) struct Reading<'r> {
    columns: &'r Columns,
    record: &'r ByteRecord,
    line: u64,
    rejects: Vec<Reject>,
}

impl<'r> Reading<'r> {
    /// Begins to read a row; one that has more or fewer columns than the header is wrong already.
    pub(super) fn of(columns: &'r Columns, record: &'r ByteRecord, line: u64) -> Reading<'r> {
        let mut reading = Reading { columns, record, line, rejects: Vec::new() };
        if record.len() != columns.width() {
            reading.reject("", "column_count");
        }
        reading
    }

    /// Reads a field; absent when blank, and when `parse` does not take it, which is a reject.
    pub(super) fn read<T>(
        &mut self,
        field: &'static str,
        code: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let Ok(value) = self.columns.get(self.record, field) else {
            self.reject(field, "not_utf8");
            return None;
        };
        let parsed = parse(&value?);
        if parsed.is_none() {
            self.reject(field, code);
        }
        parsed
    }

    /// Rejects the row for a field.
    pub(super) fn reject(&mut self, field: &'static str, code: &'static str) {
        self.rejects.push(Reject::new(self.line, field, code));
    }

    /// Rejects the row for a field that must have a value, unless more was said of it already.
    pub(super) fn need(&mut self, field: &'static str, absent: bool) {
        if absent && !self.rejects.iter().any(|reject| reject.field == field) {
            self.reject(field, "value_missing");
        }
    }

    /// What is wrong with the row.
    pub(super) fn rejects(self) -> Vec<Reject> {
        self.rejects
    }
}

/// A day as `2026-11-20` or `20261120`.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    let format = match text.len() {
        8 => "%Y%m%d",
        10 => "%Y-%m-%d",
        _ => return None,
    };
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    NaiveDate::parse_from_str(text, format).ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_with_or_without_hyphens() {
        let born = NaiveDate::from_ymd_opt(2015, 4, 2);
        assert_eq!(day("2015-04-02"), born);
        assert_eq!(day("20150402"), born);
        for text in ["2015-4-2", "02/04/2015", "2015-02-30", "20151", "+2015-4-2", "2015 0402"] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
