//! The log of the program itself: on stderr, never a person's data (house rules 11.6).

use std::io::{self, IsTerminal};

use anyhow::Context;
use tracing_subscriber::EnvFilter;

use crate::settings::Settings;

/// Starts logging on stderr: for reading where somebody watches, as JSON where a machine does.
///
/// # Errors
/// The filter cannot be read.
pub(crate) fn start(settings: &Settings) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.log)
        .with_context(|| format!("the setting log = {:?} is no filter", settings.log))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    // A second start, as in tests within one process, changes nothing.
    let _started_before = if io::stderr().is_terminal() {
        lines.with_target(false).try_init()
    } else {
        lines.json().try_init()
    };
    Ok(())
}
