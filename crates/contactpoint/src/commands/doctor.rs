//! `doctor`: checks what an operator would otherwise find out at night. A line a check: ok, warn or fail.
//!
//! What needs the directory open is looked at only where no server has it; the rest is looked at beside a server.

mod checks;

use std::fmt;

use serde::Serialize;

use crate::{
    exit::Status,
    output::Out,
    settings::{Flags, Place, Settings},
};

/// Which directory.
#[derive(Debug, clap::Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    place: Place,
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Ok,
    Warn,
    Fail,
}

/// One check.
#[derive(Debug, Serialize)]
struct Check {
    #[serde(rename = "check")]
    name: &'static str,
    verdict: Verdict,
    detail: String,
}

impl Check {
    fn new(name: &'static str, verdict: Verdict, detail: impl Into<String>) -> Check {
        Check { name, verdict, detail: detail.into() }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            Verdict::Ok => "ok",
            Verdict::Warn => "warn",
            Verdict::Fail => "fail",
        };
        write!(out, "{verdict:4}  {:14} {}", self.name, self.detail)
    }
}

impl Doctor {
    /// Makes every check, worst news last to decide the status.
    pub(crate) fn run(&self, out: Out) -> anyhow::Result<Status> {
        let settings = match Settings::read(&self.place, &Flags::default()) {
            Ok(settings) => settings,
            Err(error) => {
                out.tell(&Check::new("settings", Verdict::Fail, format!("{error:#}")))?;
                return Ok(Status::CheckFailed);
            }
        };
        let folders = settings.folders()?;
        let mut worst = Verdict::Ok;
        let mut tell = |check: Check| -> anyhow::Result<()> {
            worst = worst.max(check.verdict);
            out.tell(&check)
        };
        tell(checks::settings(&settings))?;
        for check in checks::folders(&folders) {
            tell(check)?;
        }
        if let Some(check) = checks::epoch(&settings, &folders) {
            tell(check)?;
        }
        if folders.log().is_dir() {
            tell(checks::backup(&settings, &folders))?;
            for check in checks::whole(&settings, &folders) {
                tell(check)?;
            }
        }
        Ok(if worst == Verdict::Fail { Status::CheckFailed } else { Status::Done })
    }
}
