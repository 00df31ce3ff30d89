//! Lines: a file whose lines end as on one system reads like one whose lines end as on another.
//!
//! The reader of tables counts a line at its line feed, which it leaves standing after a carriage return: every line
//! of a file from Windows would be told one too low.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

/// Bytes read at once.
const BUFFER_BYTES: usize = 64 * 1024;

/// A file without the carriage returns that stand before its line feeds.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    inner: BufReader<R>,
    /// The last byte was a carriage return, and what follows is not known yet.
    returned: bool,
}

/// Opens a table, each of whose rows may be longer or shorter than its header.
///
/// # Errors
/// The file cannot be opened.
pub(crate) fn table(path: &Path) -> io::Result<csv::Reader<Lines<File>>> {
    Ok(csv::ReaderBuilder::new().flexible(true).from_reader(Lines::of(File::open(path)?)))
}

impl<R: Read> Lines<R> {
    fn of(file: R) -> Lines<R> {
        Lines { inner: BufReader::with_capacity(BUFFER_BYTES, file), returned: false }
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while let Some(place) = into.get_mut(filled) {
            let Some(byte) = self.inner.fill_buf()?.first().copied() else {
                // A carriage return at the very end stands for itself.
                if std::mem::take(&mut self.returned) {
                    *place = b'\r';
                    filled += 1;
                }
                break;
            };
            if self.returned && byte != b'\n' {
                *place = b'\r';
                filled += 1;
                self.returned = false;
                continue;
            }
            self.inner.consume(1);
            self.returned = byte == b'\r';
            if !self.returned {
                *place = byte;
                filled += 1;
            }
        }
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8], at_once: usize) -> Vec<u8> {
        let mut lines = Lines { inner: BufReader::with_capacity(at_once, text), returned: false };
        let mut found = Vec::new();
        lines.read_to_end(&mut found).unwrap();
        found
    }

    #[test]
    fn a_carriage_return_before_a_line_feed_is_left_out_and_no_other() {
        for at_once in 1..8 {
            assert_eq!(read(b"a\r\nb\r\n", at_once), b"a\nb\n");
            assert_eq!(read(b"a\rb\r\r\nc\n\r", at_once), b"a\rb\r\nc\n\r");
        }
    }

    #[test]
    fn a_row_has_the_line_that_it_stands_on_whatever_ends_the_lines() {
        for end in ["\n", "\r\n"] {
            let text = ["id", "1", "\"2", "3\"", "4", ""].join(end);
            let mut table = csv::Reader::from_reader(Lines::of(text.as_bytes()));
            let lines: Vec<u64> =
                table.byte_records().map(|row| row.unwrap().position().unwrap().line()).collect();
            assert_eq!(lines, [2, 3, 5], "{end:?}");
        }
    }
}
