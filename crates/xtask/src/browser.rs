//! The browser in which a test opens pages: the machine's Chromium, and two libraries beside what is built, in the
//! versions of a lock file.

use std::path::Path;

use anyhow::Context as _;

use crate::installing::{beside, packages, run};

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
    packages("what opens pages in it", &beside("browser")?, MANIFEST, LOCK)
}
