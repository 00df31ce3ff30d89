//! What leaves the program: reports on stdout, everything else on stderr.
//!
//! With `--json` a report is one line of JSON and nothing else is on stdout. A reader that went away, as `head`
//! does, is no failure. Source: contract.md section 1.

use std::{
    fmt,
    io::{self, ErrorKind, IsTerminal, Write},
};

use serde::Serialize;

/// Whoever read stdout has gone: there is nobody left to tell.
#[derive(Debug, thiserror::Error)]
#[error("nobody reads the output any more")]
pub(crate) struct StdoutClosed;

/// How reports are written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Out {
    json: bool,
}

impl Out {
    /// Reports as JSON, or for reading.
    pub(crate) fn new(json: bool) -> Out {
        Out { json }
    }

    /// Writes one report on stdout.
    pub(crate) fn tell<R: Serialize + fmt::Display>(self, report: &R) -> anyhow::Result<()> {
        if self.json {
            let mut line = serde_json::to_vec(report)?;
            line.push(b'\n');
            raw(&line)
        } else {
            raw(format!("{report}\n").as_bytes())
        }
    }
}

/// Writes bytes on stdout as they are.
pub(crate) fn raw(bytes: &[u8]) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(closed)
}

/// Tells a closed stdout from a failure to write.
pub(crate) fn closed(error: io::Error) -> anyhow::Error {
    if error.kind() == ErrorKind::BrokenPipe { StdoutClosed.into() } else { error.into() }
}

/// Writes one line on stderr. Where stderr is gone, there is nobody to say it to.
pub(crate) fn say(text: impl fmt::Display) {
    let _nobody_listens = writeln!(io::stderr().lock(), "{text}");
}

/// Whether somebody looks at stderr as it is written.
pub(crate) fn watched() -> bool {
    io::stderr().is_terminal()
}

/// A value as indented JSON without quotes and brackets that nobody needs.
pub(crate) fn readable(value: &impl Serialize, indent: usize) -> Result<String, fmt::Error> {
    let text = serde_json::to_string_pretty(value).map_err(|_| fmt::Error)?;
    let margin = " ".repeat(indent);
    let lines = text.lines().filter(|line| !line.trim().trim_matches([',', '{', '}', '[', ']']).is_empty());
    let plain = lines.map(|line| line.trim_end_matches([',', '{', '[']).replace('"', ""));
    Ok(plain.collect::<Vec<_>>().join(&format!("\n{margin}")).trim_start().to_owned())
}
