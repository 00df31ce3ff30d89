//! The identity provider that a test starts: installed once, beside what is built, in versions that are written down.
//!
//! It is Python's, `oidc-provider-mock` over Authlib, so that sign-in is proven against what others wrote.

use std::{fs, path::Path};

use anyhow::Context as _;

use crate::installing::{beside, run};

const REQUIREMENTS: &str = include_str!("../provider-requirements.txt");

/// Installs the provider, unless these very versions are there.
///
/// # Errors
/// What is missing, in a sentence: Python, its venv, or a package index.
pub(crate) fn install() -> anyhow::Result<()> {
    let folder = beside("oidc-provider")?;
    let stamp = folder.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == REQUIREMENTS) {
        return Ok(());
    }
    println!("── the identity provider of the tests is installed: {}", folder.display());
    let text = |path: &Path| path.display().to_string();
    run("python3", &["-m", "venv", "--clear", &text(&folder)])
        .context("Python 3 with its module venv is needed (Debian: python3-venv)")?;
    let requirements = folder.join("requirements.txt");
    fs::write(&requirements, REQUIREMENTS)?;
    let python = text(&folder.join("bin/python"));
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    run(&python, &[pip.as_slice(), &[text(&requirements).as_str()]].concat())
        .context("a Python package index must be reachable once")?;
    Ok(fs::write(stamp, REQUIREMENTS)?)
}
