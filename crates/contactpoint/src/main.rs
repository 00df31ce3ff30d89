//! `contactpoint`: the one binary. A file a command, and no rule in any of them.
//!
//! Reading order: `cli` (what can be asked), `commands` (who does it), `settings` (where it is asked of),
//! `exit` (how it ends). Source: contract.md section 1.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod background;
mod cli;
mod clock;
mod commands;
mod copying;
mod demo;
mod epochs;
mod exit;
mod feed;
mod loading;
mod logging;
mod measure;
mod memory;
mod moment;
mod opening;
mod output;
mod progress;
mod proof;
mod results;
mod serving;
mod settings;
mod stopwatch;

use std::process::ExitCode;

use clap::Parser;

use crate::exit::Status;

fn main() -> ExitCode {
    let asked = cli::Cli::parse();
    let status = commands::run(asked).unwrap_or_else(|error| {
        let status = exit::status_of(&error);
        if status != Status::Done {
            output::say(format_args!("contactpoint: {error:#}"));
        }
        status
    });
    status.into()
}
