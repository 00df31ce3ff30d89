//! `bench prepare`: a client of the national supplier, and practitioners of several authorities, who sign in while
//! it is measured. It goes through the directory's own calls, and is recorded like any administration.

use std::{fmt, path::PathBuf};

use anyhow::Context;
use chrono::NaiveDate;
use directory::{Cost, Directory, NewUser};
use events::organisation::ActingUser;
use serde::Serialize;
use vocabulary::{OrganisationId, OrganisationKind, PersonName, Role, england_day};

use crate::{
    clock,
    exit::{Status, usage},
    measure::credentials::{Credentials, User},
    opening::{Fresh, open},
    output::Out,
    settings::{Flags, Place, Settings},
};

/// Authorities whose practitioners ask: enough that no organisation is everybody's.
const AUTHORITIES_MAX: usize = 40;

/// For which England, with how many users.
#[derive(Debug, clap::Args)]
pub(crate) struct Prepare {
    #[command(flatten)]
    place: Place,
    /// How many children `generate` invents for it
    #[arg(long, value_name = "N")]
    children: u64,
    /// The seed of `generate`
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// The day of `generate` [default: today]
    #[arg(long, value_name = "DAY")]
    as_at: Option<NaiveDate>,
    /// How many users
    #[arg(long, value_name = "N", default_value_t = 400)]
    users: usize,
    /// Where to write what they sign in with
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// What was added.
#[derive(Debug, Serialize)]
struct Prepared {
    client_id: String,
    users: usize,
    organisations: usize,
}

impl fmt::Display for Prepared {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "client {} and {} users of {} organisations",
            self.client_id, self.users, self.organisations
        )
    }
}

impl Prepare {
    /// Adds them and writes the file.
    pub(super) fn run(&self, out: Out) -> anyhow::Result<Status> {
        let settings = Settings::read(&self.place, &Flags::default())?;
        if self.out.exists() {
            return Err(usage(format!("{} is there already", self.out.display())));
        }
        let clock = clock::of(&settings);
        let as_at = self.as_at.unwrap_or_else(|| england_day(clock.now()));
        let directory = open(&settings.folders()?, clock, Fresh::Refuse)?;
        let organisations = authorities(&directory);
        if organisations.is_empty() {
            return Err(usage("the directory has no authority: import organisations first"));
        }
        let supplier: OrganisationId = population::NATIONAL_SUPPLIER.parse()?;
        let (client, client_secret) = directory
            .add_client(&supplier, ActingUser::SignedAssertion)
            .context("the national supplier of `generate` is not there")?;
        let mut users = Vec::with_capacity(self.users);
        for (number, organisation) in (1..=self.users).zip(organisations.iter().cycle()) {
            users.push(employ(&directory, number, organisation)?);
        }
        let prepared = Prepared {
            client_id: client.0.clone(),
            users: users.len(),
            organisations: organisations.len().min(users.len()),
        };
        let client_id = client.0;
        let (seed, children) = (self.seed, self.children);
        Credentials { seed, as_at, children, client_id, client_secret, users }.write(&self.out)?;
        out.tell(&prepared)?;
        Ok(Status::Done)
    }
}

/// The first authorities, in the order of their ids.
fn authorities(directory: &Directory) -> Vec<OrganisationId> {
    let is_authority = |kind: OrganisationKind| kind == OrganisationKind::LocalAuthority;
    let all = directory.list_organisations().into_iter();
    let mut found: Vec<OrganisationId> = all
        .filter(|(_, held)| held.details.as_ref().is_some_and(|details| is_authority(details.kind)))
        .map(|(id, _)| id)
        .collect();
    found.sort();
    found.truncate(AUTHORITIES_MAX);
    found
}

fn employ(directory: &Directory, number: usize, organisation: &OrganisationId) -> anyhow::Result<User> {
    let username = format!("measured.{}.{number}", organisation.as_str().replace(':', "-"));
    let (_, shown) = directory.add_user(NewUser {
        username: username.clone(),
        name: PersonName::new("Invented Practitioner")?,
        organisation: organisation.clone(),
        role: Role::Practitioner,
        secrets: None,
        // How long a password takes to check is no part of what is measured.
        cost: Cost::Demo,
    })?;
    Ok(User { username, password: shown.password, totp_secret: shown.totp_secret })
}
