//! What can be asked: the commands and their flags.
//!
//! Source: contract.md section 1.

use clap::{Parser, Subcommand};

use crate::commands;

/// A directory of children and of who works with them: who else is involved, and who looked.
#[derive(Debug, Parser)]
#[command(name = "contactpoint", version, about, disable_help_subcommand = true)]
#[command(
    after_help = "Exit status: 0 done, 1 a check failed, 2 usage, 3 the data folder is in use, 4 integrity failure.\n\
    Settings: defaults, then config.toml in the data folder, then CONTACTPOINT_*, then flags."
)]
pub(crate) struct Cli {
    /// Print one JSON object, or one a line, on stdout and nothing else there
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// One command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the API and the pages
    Serve(commands::serve::Serve),
    /// Make a directory with invented people and the story of Child V, and serve it
    Demo(commands::demo::Demo),
    /// Make a directory with invented people to practise on, and serve it: every page says that it is for training
    Sandbox(commands::demo::Sandbox),
    /// Print the present one-time code of a demo user
    #[command(hide = true)]
    DemoCode(commands::demo_code::DemoCode),
    /// Invent an England: organisations.csv, children.csv, events.ndjson
    Generate(commands::generate::Generate),
    /// Bring in organisations, children or events
    Import(commands::import::Import),
    /// Link the people of two files, or of one within itself, without a directory
    Link(commands::link::Link),
    /// Compare all children held with one another; pairs that may be one child wait for a person
    Compare(commands::compare::Compare),
    /// Search the people of a file by a file of queries, without a directory
    Search(commands::search::Search),
    /// Prove the log whole, or name the first bad position
    Verify(commands::verify::Verify),
    /// Cosign the checkpoints of logs that others run, and refuse one that shows another history
    Witness(commands::witness::Witness),
    /// Throw read models away and fold them again from the log
    Rebuild(commands::rebuild::Rebuild),
    /// Show what was known of a child, under an approved case; is itself recorded
    Replay(commands::replay::Replay),
    /// Hand out what is held of a child, and who looked, upon a request; is itself recorded
    SubjectAccess(commands::subject_access::SubjectAccess),
    /// Copy log and keys, while serving
    Backup(commands::backup::Backup),
    /// Make a directory from a backup
    Restore(commands::restore::Restore),
    /// Carry the log's oldest months to a second folder, while serving; the log needs that folder from then on
    Archive(commands::archive::Archive),
    /// Do tonight's work on what is to be kept: the archive, what was withdrawn, lists to be purged; a server does it by itself
    Retention(commands::retention::Retention),
    /// Check what an operator would otherwise find out at night
    Doctor(commands::doctor::Doctor),
    /// Measure a running server
    Bench(commands::bench::Bench),
    /// Print the OpenAPI description of the API
    Openapi,
    /// Print completions for a shell
    Completions(commands::prints::Completions),
    /// Print the manual page
    Man,
    /// Add, list, suspend or reinstate organisations
    Organisation(commands::organisation::Organisation),
    /// Add, list, suspend, reinstate or reset users
    User(commands::user::User),
    /// Add, list or revoke clients
    Client(commands::client::Client),
}
