//! The commands, one file each.

pub(crate) mod archive;
pub(crate) mod backup;
pub(crate) mod bench;
pub(crate) mod client;
pub(crate) mod compare;
pub(crate) mod demo;
pub(crate) mod demo_code;
pub(crate) mod doctor;
pub(crate) mod generate;
pub(crate) mod import;
pub(crate) mod link;
pub(crate) mod organisation;
pub(crate) mod prints;
pub(crate) mod rebuild;
pub(crate) mod replay;
pub(crate) mod restore;
pub(crate) mod retention;
pub(crate) mod search;
pub(crate) mod serve;
pub(crate) mod subject_access;
pub(crate) mod user;
pub(crate) mod verify;
pub(crate) mod witness;

use crate::{
    cli::{Cli, Command},
    exit::Status,
    output::Out,
};

/// Does what was asked.
///
/// # Errors
/// Why it could not be done; `exit::status_of` says what that means.
pub(crate) fn run(asked: Cli) -> anyhow::Result<Status> {
    let out = Out::new(asked.json);
    match asked.command {
        Command::Serve(serve) => serve.run(),
        Command::Demo(demo) => demo.run(),
        Command::Sandbox(sandbox) => sandbox.run(),
        Command::DemoCode(code) => code.run(),
        Command::Generate(generate) => generate.run(out),
        Command::Import(import) => import.run(out),
        Command::Link(link) => link.run(out),
        Command::Compare(compare) => compare.run(out),
        Command::Search(search) => search.run(out),
        Command::Verify(verify) => verify.run(out),
        Command::Witness(witness) => witness.run(),
        Command::Rebuild(rebuild) => rebuild.run(out),
        Command::Replay(replay) => replay.run(out),
        Command::SubjectAccess(asked) => asked.run(out),
        Command::Backup(backup) => backup.run(out),
        Command::Restore(restore) => restore.run(out),
        Command::Archive(archive) => archive.run(out),
        Command::Retention(retention) => retention.run(out),
        Command::Doctor(doctor) => doctor.run(out),
        Command::Bench(bench) => bench.run(out),
        Command::Openapi => prints::openapi(),
        Command::Completions(shell) => shell.run(),
        Command::Man => prints::man(),
        Command::Organisation(organisation) => organisation.run(out),
        Command::User(user) => user.run(out),
        Command::Client(client) => client.run(out),
    }
}
