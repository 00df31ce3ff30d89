//! `organisation`: list, suspend and reinstate organisations. They come in by `import organisations`.

use std::fmt;

use clap::Subcommand;
use serde::Serialize;
use vocabulary::{OrganisationId, england_day};

use crate::{
    clock,
    exit::Status,
    opening::{Fresh, open},
    output::Out,
    settings::{Flags, Place, Settings},
};

/// What to do with organisations.
#[derive(Debug, clap::Args)]
pub(crate) struct Organisation {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List every organisation, one a line
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Suspend an organisation, its users and its clients, from the next request on
    Suspend {
        /// Its id, as in gss:E06000001
        organisation: OrganisationId,
        #[command(flatten)]
        place: Place,
    },
    /// End the suspension of an organisation
    Reinstate {
        /// Its id
        organisation: OrganisationId,
        #[command(flatten)]
        place: Place,
    },
}

/// One organisation as listed.
#[derive(Debug, Serialize)]
struct Listed {
    id: String,
    name: String,
    kind: &'static str,
    suspended: bool,
    may_supply: bool,
    clients: usize,
}

impl fmt::Display for Listed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}\t{}\t{}", self.id, self.kind, self.name)?;
        if self.suspended { out.write_str("\tsuspended") } else { Ok(()) }
    }
}

/// What became of something that was asked to change.
#[derive(Debug, Serialize)]
pub(crate) struct Changed {
    /// What it is called.
    pub(crate) id: String,
    /// Whether it was otherwise before.
    #[serde(rename = "changed")]
    pub(crate) was_otherwise: bool,
    /// What it is now.
    pub(crate) now: &'static str,
}

impl fmt::Display for Changed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let already = if self.was_otherwise { "" } else { " already" };
        write!(out, "{} is{already} {}", self.id, self.now)
    }
}

impl Organisation {
    /// Does what was asked.
    pub(crate) fn run(&self, out: Out) -> anyhow::Result<Status> {
        let (What::List { place } | What::Suspend { place, .. } | What::Reinstate { place, .. }) = &self.what;
        let settings = Settings::read(place, &Flags::default())?;
        let directory = open(&settings.folders()?, clock::of(&settings), Fresh::Refuse)?;
        match &self.what {
            What::List { .. } => {
                let today = england_day(directory.now());
                let conditions = directory.conditions();
                for (id, held) in directory.list_organisations() {
                    let may_supply = held.may_supply(today, &conditions).is_ok();
                    let Some(details) = held.details else { continue };
                    out.tell(&Listed {
                        id: id.to_string(),
                        name: details.name.as_str().to_owned(),
                        kind: details.kind.name(),
                        suspended: held.suspended.is_some(),
                        may_supply,
                        clients: held.clients.values().filter(|client| !client.revoked).count(),
                    })?;
                }
            }
            What::Suspend { organisation, .. } => {
                let changed = directory.suspend_organisation(organisation)?;
                out.tell(&Changed {
                    id: organisation.to_string(),
                    was_otherwise: changed,
                    now: "suspended",
                })?;
            }
            What::Reinstate { organisation, .. } => {
                let changed = directory.reinstate_organisation(organisation)?;
                out.tell(&Changed {
                    id: organisation.to_string(),
                    was_otherwise: changed,
                    now: "in good standing",
                })?;
            }
        }
        Ok(Status::Done)
    }
}
