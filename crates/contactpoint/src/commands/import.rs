//! `import`: brings in children, organisations or events; again is free, and an import cut short is run again.

mod children;
mod events;
mod lanes;
mod mark;
mod organisations;
mod parts;

use std::fmt;

use clap::Subcommand;

use crate::{exit::Status, output::Out};

/// What to bring in.
#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    #[command(subcommand)]
    what: What,
}

/// One kind of file.
#[derive(Debug, Subcommand)]
enum What {
    /// Children of one supplier, as rows of children.csv
    Children(children::Children),
    /// Organisations, as rows of organisations.csv
    Organisations(organisations::Organisations),
    /// Events of a client, as CloudEvents one a line
    Events(events::Events),
}

impl Import {
    /// Brings it in.
    pub(crate) fn run(&self, out: Out) -> anyhow::Result<Status> {
        match &self.what {
            What::Children(children) => children.run(out),
            What::Organisations(organisations) => organisations.run(out),
            What::Events(events) => events.run(out),
        }
    }
}

/// Where the rejects of a file went, for the last line of a report.
fn rejects_line(out: &mut fmt::Formatter<'_>, rejects: Option<&std::path::PathBuf>) -> fmt::Result {
    match rejects {
        Some(path) => write!(out, "\nwhat was rejected, by line, field and code: {}", path.display()),
        None => Ok(()),
    }
}

/// The status of an import: done, unless something was rejected.
fn status(rejected: u64) -> Status {
    if rejected == 0 { Status::Done } else { Status::CheckFailed }
}
