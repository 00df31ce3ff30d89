//! The browser in which a test opens pages: the machine's Chromium, and two libraries beside what is built, in the
//! versions of a lock file.

use std::{fs, path::Path};

use anyhow::Context as _;

use crate::installing::{beside, run};

const MANIFEST: &str = include_str!("../../../tests/browser/package.json");
const LOCK: &str = include_str!("../../../tests/browser/package-lock.json");

/// Where Debian puts it, and where the test looks.
const CHROMIUM: &str = "/usr/bin/chromium";

/// Installs what the test needs, unless it is there.
///
/// # Errors
/// What is missing, in a sentence: Chromium, Node with npm, or a package index.
pub(crate) fn install() -> anyhow::Result<()> {
    if !Path::new(CHROMIUM).exists() {
        println!("── the browser of the tests is installed: {CHROMIUM}");
        let packages = ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"];
        run("apt-get", &["update", "-qq"]).and_then(|()| run("apt-get", &packages)).with_context(|| {
            format!("Chromium is needed at {CHROMIUM} (Debian: apt-get install chromium)")
        })?;
    }
    let folder = beside("browser")?;
    let stamp = folder.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == LOCK) {
        return Ok(());
    }
    println!("── what opens pages in it is installed: {}", folder.display());
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("package.json"), MANIFEST)?;
    fs::write(folder.join("package-lock.json"), LOCK)?;
    let place = folder.display().to_string();
    // Their scripts would fetch browsers of their own.
    run("npm", &["ci", "--prefix", &place, "--ignore-scripts", "--no-audit", "--no-fund", "--silent"])
        .context("Node 20 with npm is needed, and a package index once")?;
    Ok(fs::write(stamp, LOCK)?)
}
