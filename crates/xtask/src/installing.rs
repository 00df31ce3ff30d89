//! Installing what tests start, beside what is built.

use std::{path::PathBuf, process::Command};

use anyhow::{Context as _, bail};

/// A folder beside what cargo builds, wherever that is: this program itself lies there.
pub(crate) fn beside(name: &str) -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let target = own.ancestors().nth(2).context("this program lies in no target folder")?;
    Ok(target.join(name))
}

/// Runs a program to its end; nobody is there to answer what it asks.
pub(crate) fn run(program: &str, arguments: &[&str]) -> anyhow::Result<()> {
    let status = Command::new(program)
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .status()
        .with_context(|| format!("{program} could not be started; is it installed?"))?;
    if !status.success() {
        bail!("failed: {program} {}", arguments.join(" "));
    }
    Ok(())
}
