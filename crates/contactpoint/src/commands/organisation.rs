//! `organisation`: add, list, suspend and reinstate organisations. Many at once come in by `import organisations`.

use std::fmt;

use chrono::{Months, NaiveDate};
use clap::Subcommand;
use directory::Directory;
use events::organisation::{Details, Row};
use serde::Serialize;
use vocabulary::{Label, OrganisationId, OrganisationKind, england_day};

use crate::{
    clock,
    exit::{Status, usage},
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
    /// Add one organisation, accredited, and make the directory where there is none: how the first one begins
    Add(Box<Add>),
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

/// The organisation to be added.
#[derive(Debug, clap::Args)]
struct Add {
    /// Its id, as in gss:E06000001
    organisation: OrganisationId,
    /// Its name
    #[arg(long)]
    name: String,
    /// What it is, as in `local_authority`
    #[arg(long)]
    kind: OrganisationKind,
    /// The authority it belongs to; none for authorities themselves and for national bodies
    #[arg(long, value_name = "ORG")]
    authority: Option<OrganisationId>,
    /// An outcode whose addresses belong to it, for authorities; as often as there are any
    #[arg(long = "outcode", value_name = "OUTCODE")]
    outcodes: Vec<String>,
    /// The last day of its accreditation, decided elsewhere [default: a year ahead]
    #[arg(long, value_name = "DAY")]
    accredited_until: Option<NaiveDate>,
    #[command(flatten)]
    place: Place,
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
        let (place, fresh) = match &self.what {
            What::Add(add) => (&add.place, Fresh::Make),
            What::List { place } | What::Suspend { place, .. } | What::Reinstate { place, .. } => {
                (place, Fresh::Refuse)
            }
        };
        let settings = Settings::read(place, &Flags::default())?;
        let directory = open(&settings.folders()?, clock::of(&settings), fresh)?;
        match &self.what {
            What::Add(asked) => add(&directory, asked, out)?,
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

fn add(directory: &Directory, asked: &Add, out: Out) -> anyhow::Result<()> {
    let id = &asked.organisation;
    if directory.list_organisations().iter().any(|(known, _)| known == id) {
        return Err(usage(format!("{id} is registered already")));
    }
    let today = england_day(directory.now());
    let year = today.checked_add_months(Months::new(12));
    let itself = asked.kind == OrganisationKind::LocalAuthority;
    let row = Row {
        id: id.clone(),
        details: Details {
            name: Label::new(&asked.name).map_err(|error| usage(format!("the name is no {error}")))?,
            kind: asked.kind,
            authority: asked.authority.clone().or_else(|| itself.then(|| id.clone())),
            service_types: Vec::new(),
            contacts: Vec::new(),
            outcodes: asked.outcodes.clone(),
        },
        accredited_until: asked.accredited_until.or(year),
        agreement: None,
    };
    let changed = directory.import_organisation(row)?;
    out.tell(&Changed { id: id.to_string(), was_otherwise: changed, now: "accredited" })
}
