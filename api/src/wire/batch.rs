//! A batch: a JSON array taken apart into its events without reading them.
//!
//! Each event is then read alone, so that one that is no JSON or no UTF-8 spoils nothing but itself.

use super::Fault;

/// Most events of one batch (contract.md section 3); more go as ndjson.
pub const EVENTS_MAX: usize = 1_000;

/// Takes an array apart: the bytes of each element, without the white space around it.
///
/// Cost: one pass over the bytes. Only brackets, strings and commas are looked at.
///
/// # Errors
/// `json_invalid` when this is no array with its brackets closed; `batch_too_large` for over 1,000 elements.
pub fn split(body: &[u8]) -> Result<Vec<&[u8]>, Fault> {
    let broken = || Fault::new("json_invalid", "", "a batch is a JSON array of events");
    let inner = body.trim_ascii().strip_prefix(b"[").ok_or_else(broken)?;
    let mut elements = Vec::new();
    let mut scan = Scan::default();
    let mut from = 0;
    for (at, byte) in inner.iter().enumerate() {
        let ends = match scan.step(*byte) {
            Step::Within => continue,
            Step::Comma => false,
            Step::Closed => true,
        };
        let element = inner.get(from..at).unwrap_or_default().trim_ascii();
        from = at + 1;
        if ends && element.is_empty() && elements.is_empty() {
            return after(inner, from).then(Vec::new).ok_or_else(broken);
        }
        if element.is_empty() {
            return Err(broken());
        }
        if elements.len() == EVENTS_MAX {
            let asked = "a batch holds at most 1,000 events; use application/x-ndjson for more";
            return Err(Fault::new("batch_too_large", "", asked));
        }
        elements.push(element);
        if ends {
            return if after(inner, from) { Ok(elements) } else { Err(broken()) };
        }
    }
    Err(broken())
}

/// Tells whether nothing stands after the array.
fn after(inner: &[u8], from: usize) -> bool {
    inner.get(from..).is_none_or(|rest| rest.trim_ascii().is_empty())
}

#[derive(Default)]
struct Scan {
    depth: usize,
    in_text: bool,
    escaped: bool,
}

enum Step {
    Within,
    Comma,
    Closed,
}

impl Scan {
    fn step(&mut self, byte: u8) -> Step {
        if self.in_text {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_text = false,
                _ => (),
            }
            return Step::Within;
        }
        match byte {
            b'"' => self.in_text = true,
            b'[' | b'{' => self.depth += 1,
            b']' if self.depth == 0 => return Step::Closed,
            b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            b',' if self.depth == 0 => return Step::Comma,
            _ => (),
        }
        Step::Within
    }
}
