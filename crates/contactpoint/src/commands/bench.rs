//! `bench`: the measurements of a running server, and the table that they make.
//!
//! Source: scale.md section 5; contract.md section 1.

mod prepare;
mod run;
mod table;

use clap::Subcommand;

use crate::{exit::Status, output::Out};

/// What to measure.
#[derive(Debug, clap::Args)]
pub(crate) struct Bench {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Add a client and users to a directory, and write what they sign in with to a file
    Prepare(prepare::Prepare),
    /// Ask a running server in closed loops, and print a figure for each workload
    Run(run::Run),
    /// Print what was measured as one table, beside the targets
    Table(table::Table),
}

impl Bench {
    /// Does what was asked.
    pub(crate) fn run(&self, out: Out) -> anyhow::Result<Status> {
        match &self.what {
            What::Prepare(prepare) => prepare.run(out),
            What::Run(run) => run.run(out),
            What::Table(table) => table.run(),
        }
    }
}
