//! What every page has of scripts and styles, in a browser that others wrote: it adds, keeps nobody out, and obeys the
//! policy of content.

use std::{path::Path, process::Command};

use crate::in_chromium::modules;

#[test]
fn scripts_and_styles_help_in_a_browser_and_keep_nobody_out() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("node")
        .args([root.join("../tests/browser/scripts.mjs"), modules(), root.join("static")])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
