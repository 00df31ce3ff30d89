//! Installing what tests start, beside what is built.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail};

/// A folder beside what cargo builds, wherever that is: this program itself lies there.
pub(crate) fn beside(name: &str) -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let target = own.ancestors().nth(2).context("this program lies in no target folder")?;
    Ok(target.join(name))
}

/// Installs the packages of a lock file in a folder, unless they are there; none of their scripts is run.
///
/// # Errors
/// What is missing, in a sentence: Node with npm, or a package index.
pub(crate) fn packages(what: &str, folder: &Path, manifest: &str, lock: &str) -> anyhow::Result<()> {
    let stamp = folder.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("── {what} is installed: {}", folder.display());
    fs::create_dir_all(folder)?;
    fs::write(folder.join("package.json"), manifest)?;
    fs::write(folder.join("package-lock.json"), lock)?;
    let place = folder.display().to_string();
    // Scripts would fetch browsers of their own; peers and options are for what we do not use of a package.
    let narrow =
        ["--ignore-scripts", "--omit=peer", "--omit=optional", "--no-audit", "--no-fund", "--silent"];
    run("npm", &[&["ci", "--prefix", &place], narrow.as_slice()].concat())
        .context("Node 20 with npm is needed, and a package index once")?;
    Ok(fs::write(stamp, lock)?)
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
