//! `openapi`, `completions` and `man`: what the program can say of itself.

use clap::CommandFactory;

use crate::{
    cli::Cli,
    exit::Status,
    output::{closed, raw},
};

/// For which shell.
#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// The shell
    shell: clap_complete::Shell,
}

impl Completions {
    /// Prints what makes the shell complete our commands.
    pub(crate) fn run(&self) -> anyhow::Result<Status> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "contactpoint", &mut text);
        raw(&text)?;
        Ok(Status::Done)
    }
}

/// Prints the manual page: the program, then each command.
pub(crate) fn man() -> anyhow::Result<Status> {
    let command = Cli::command();
    let mut text = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut text).map_err(closed)?;
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        let named = sub.clone().display_name(format!("contactpoint-{}", sub.get_name()));
        clap_mangen::Man::new(named).render(&mut text).map_err(closed)?;
    }
    raw(&text)?;
    Ok(Status::Done)
}

/// Prints the description of the API.
pub(crate) fn openapi() -> anyhow::Result<Status> {
    let mut text = api::openapi();
    text.push('\n');
    raw(text.as_bytes())?;
    Ok(Status::Done)
}
