//! The style sheet of the pages: compiled from `api/styles` by Sass, and committed as `api/static/site.css` (ADR-0060).

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail};

use crate::installing::{beside, packages};

const MANIFEST: &str = include_str!("../../../api/styles/package.json");
const LOCK: &str = include_str!("../../../api/styles/package-lock.json");

/// Writes the sheet anew.
///
/// # Errors
/// What is missing, or what the compiler says is wrong.
pub(crate) fn write() -> anyhow::Result<()> {
    let sheet = compiled()?;
    Ok(fs::write(committed(), sheet)?)
}

/// Holds the sheet that is committed to what its sources give.
///
/// # Errors
/// It differs; or what is missing, or what the compiler says is wrong.
pub(crate) fn check() -> anyhow::Result<()> {
    let kept = fs::read_to_string(committed()).context("api/static/site.css cannot be read")?;
    if kept != compiled()? {
        bail!("api/static/site.css is not what api/styles gives: run `cargo xtask styles` and commit it");
    }
    println!("── the style sheet is what its sources give");
    Ok(())
}

/// What the sources give.
fn compiled() -> anyhow::Result<String> {
    let folder = beside("styles")?;
    packages("what compiles the style sheet", &folder, MANIFEST, LOCK)?;
    let sass = folder.join("node_modules/.bin/sass");
    let output = Command::new(&sass)
        .args(["--style=compressed", "--no-source-map", "--load-path"])
        .args([&folder, &api().join("styles/site.scss")])
        .output()
        .with_context(|| format!("{} could not be started", sass.display()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    // A warning is a name that the next version of a library no longer knows.
    if !output.status.success() || !said.is_empty() {
        bail!("the style sheet does not compile: {said}");
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn committed() -> PathBuf {
    api().join("static/site.css")
}

fn api() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../api")
}
