//! Proof: a person at the shell says who they are, with password and one-time code.

use std::{
    env,
    io::{self, BufRead, IsTerminal},
    process::Command,
};

use anyhow::Context;
use directory::{Directory, Person};
use events::looker::StepUp;
use vocabulary::{Assurance, Channel};

use crate::{exit::usage, output::say};

/// What a person proves themself by.
pub(crate) struct Proof {
    password: String,
    code: String,
}

impl Proof {
    /// Reads both from the environment, else from the terminal.
    ///
    /// # Errors
    /// Neither is there.
    pub(crate) fn asked() -> anyhow::Result<Proof> {
        Ok(Proof {
            password: secret("CONTACTPOINT_PASSWORD", "password: ")?,
            code: secret("CONTACTPOINT_OTP", "one-time code: ")?,
        })
    }

    /// Signs in.
    ///
    /// # Errors
    /// It is not proof, or the account may not act.
    pub(crate) fn signed_in(&self, directory: &Directory, user: &str) -> anyhow::Result<Person> {
        let signed_in = directory.sign_in(user, &self.password, &self.code, None)?;
        directory
            .person(signed_in.account, Channel::Shell, Assurance::OwnSignIn, None, StepUp::Absent)
            .context("the account may not act")
    }
}

/// A secret from the environment, else from the terminal.
fn secret(name: &str, prompt: &str) -> anyhow::Result<String> {
    if let Ok(secret) = env::var(name) {
        return Ok(secret);
    }
    if !io::stdin().is_terminal() {
        return Err(usage(format!("set {name}, or run this on a terminal")));
    }
    say(prompt);
    let mut line = String::new();
    echo("-echo");
    let read = io::stdin().lock().read_line(&mut line);
    echo("echo");
    read?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Lets the terminal show what is typed, or not. Where there is no `stty`, it is shown.
fn echo(how: &str) {
    let _shown = Command::new("stty").arg(how).status();
}
