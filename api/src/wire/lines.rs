//! Lines of `application/x-ndjson`, cut from chunks as they arrive.
//!
//! Holds at most one event: what is longer is dropped as it comes and told as one line that was too long.

use super::EVENT_BYTES_MAX;

/// One line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<'a> {
    /// Its bytes, without the end of line; never empty.
    Event(&'a [u8]),
    /// It was longer than an event may be.
    TooLong,
}

/// Cuts chunks into lines. Empty lines, and white space around the others, are let go.
#[derive(Debug, Default)]
pub struct Lines {
    begun: Vec<u8>,
    too_long: bool,
}

impl Lines {
    /// Takes the next chunk and calls `each` for every line that it ends, in order.
    pub fn push(&mut self, chunk: &[u8], each: &mut dyn FnMut(Line<'_>)) {
        let mut parts = chunk.split(|byte| *byte == b'\n').peekable();
        while let Some(part) = parts.next() {
            let ends = parts.peek().is_some();
            if ends && self.begun.is_empty() && !self.too_long {
                // The usual case: a line that lies whole in one chunk is not copied.
                give(part, each);
                continue;
            }
            self.keep(part);
            if ends {
                self.finish(each);
            }
        }
    }

    /// Takes what was begun as the last line; for the end of the body.
    pub fn finish(&mut self, each: &mut dyn FnMut(Line<'_>)) {
        if std::mem::take(&mut self.too_long) {
            each(Line::TooLong);
        } else {
            give(&self.begun, each);
        }
        self.begun.clear();
    }

    fn keep(&mut self, part: &[u8]) {
        // Two bytes more than an event, so that a carriage return does not make the longest one too long.
        if self.too_long || self.begun.len() + part.len() > EVENT_BYTES_MAX + 2 {
            self.too_long = true;
            self.begun.clear();
        } else {
            self.begun.extend_from_slice(part);
        }
    }
}

fn give(line: &[u8], each: &mut dyn FnMut(Line<'_>)) {
    let line = line.trim_ascii();
    if line.len() > EVENT_BYTES_MAX {
        each(Line::TooLong);
    } else if !line.is_empty() {
        each(Line::Event(line));
    }
}
