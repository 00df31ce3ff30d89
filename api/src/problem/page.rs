//! The table as docs/problems.md, and one entry of it as the page that a problem's `type` names.

use std::fmt::Write;

use super::{Meaning, codes};

/// Writes docs/problems.md.
pub fn document() -> String {
    let mut page = String::from(
        "# Problems\n\n\
         Every refusal and failure is RFC 9457 `application/problem+json` with a stable `code`; \
         its `type` is `/problems/CODE`.\n\
         Within the outcome of an event, `problem.code` is one of these too.\n\
         `retry` says whether the same is worth sending again: *never*, *after mending* what was sent or \
         what it rests on, or *later*, unchanged, after the seconds of `Retry-After`.\n\
         This page is generated from the table in `api/src/problem/codes.rs`.\n",
    );
    for (topic, meanings) in codes::topics() {
        // Writing to a String cannot fail.
        let _ = write!(page, "\n## {topic}\n\n| code | status | retry | meaning |\n|---|---|---|---|\n");
        for meaning in meanings {
            let Meaning { code, status, retry, title } = meaning;
            let _ = writeln!(page, "| `{code}` | {status} | {} | {title} |", retry.name());
        }
    }
    page
}

/// Writes what one code means, as plain text.
pub fn entry(meaning: &Meaning) -> String {
    let Meaning { code, status, retry, title } = meaning;
    format!("{code}\n\n{title}\n\nStatus: {status}\nWorth sending again: {}\n", retry.name())
}
