//! `replay`: what was known of a child on any day, under an approved case. Is itself recorded before it is shown.

use std::fmt;

use directory::history::{History, HistoryRequest, Markup, Moment};
use events::{access::SeenBy, case::Reference};
use serde::Serialize;
use vocabulary::{ChildNumber, Position};

use crate::{
    clock,
    exit::{Status, usage},
    opening::{Fresh, open},
    output::Out,
    proof::Proof,
    settings::{Flags, Place, Settings},
};

/// What to replay, and as whom.
#[derive(Debug, clap::Args)]
pub(crate) struct Replay {
    #[command(flatten)]
    place: Place,
    /// The investigator's user name; password and code are asked for, or read from `CONTACTPOINT_PASSWORD` and
    /// `CONTACTPOINT_OTP`
    #[arg(long = "as", value_name = "USER")]
    user: String,
    /// The reference of the approved case
    #[arg(long, value_name = "REF")]
    case: String,
    /// Whose history
    #[arg(long, value_name = "NUMBER")]
    child: ChildNumber,
    /// As known at this instant, on this day, or once the record at this position stood; without it, the whole story
    #[arg(long, value_name = "TIME or POSITION")]
    as_of: Option<Moment>,
    /// The difference to what was known then
    #[arg(long, value_name = "TIME or POSITION")]
    compare: Option<Moment>,
    /// As it would have been shown to a role or to an organisation's staff
    #[arg(long, value_name = "role:R or organisation:ID", value_parser = seen_by)]
    as_seen_by: Option<SeenBy>,
}

fn seen_by(text: &str) -> Result<SeenBy, String> {
    match text.split_once(':') {
        Some(("role", role)) => role.parse().map(SeenBy::Role).map_err(|error| error.to_string()),
        Some(("organisation", id)) => id.parse().map(SeenBy::Organisation).map_err(|error| error.to_string()),
        Some(_) | None => Err("role:ROLE or organisation:ID is needed".to_owned()),
    }
}

/// What is shown, with where its own trace stands.
#[derive(Serialize)]
struct Shown {
    position: u64,
    #[serde(flatten)]
    history: History,
}

impl fmt::Display for Shown {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.history.in_words(Position(self.position), Markup::Plain);
        out.write_str(words.trim_end_matches('\n'))
    }
}

impl Replay {
    /// Signs in, replays, prints.
    pub(crate) fn run(&self, out: Out) -> anyhow::Result<Status> {
        let settings = Settings::read(&self.place, &Flags::default())?;
        let case_ref = Reference::new(&self.case).map_err(|error| usage(format!("--case is {error}")))?;
        let proof = Proof::asked()?;
        let directory = open(&settings.folders()?, clock::of(&settings), Fresh::Refuse)?;
        let person = proof.signed_in(&directory, &self.user)?;
        let request = HistoryRequest {
            case_ref,
            as_of: self.as_of,
            as_seen_by: self.as_seen_by.clone(),
            compare: self.compare,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let shown = runtime.block_on(directory.history(&person, self.child, request))?;
        out.tell(&Shown { position: shown.position().0, history: shown.into_view() })?;
        Ok(Status::Done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_of_a_role_or_of_an_organisation() {
        assert!(matches!(seen_by("role:practitioner"), Ok(SeenBy::Role(_))));
        assert!(matches!(seen_by("organisation:gss:E06990001"), Ok(SeenBy::Organisation(_))));
        for text in ["practitioner", "role:nobody", "organisation:nowhere", "child:1"] {
            assert!(seen_by(text).is_err(), "{text}");
        }
    }
}
