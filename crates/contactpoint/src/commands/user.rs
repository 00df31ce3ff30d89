//! `user`: add, list, suspend, reinstate and reset users. What they sign in with is shown once.

use std::fmt;

use clap::Subcommand;
use directory::{Cost, Directory, NewUser, ShownOnce};
use serde::Serialize;
use vocabulary::{AccountId, OrganisationId, PersonName, Role, england_day};

use super::organisation::Changed;
use crate::{
    clock,
    exit::{Status, usage},
    opening::{Fresh, open},
    output::Out,
    settings::{Flags, Place, Settings},
};

/// What to do with users.
#[derive(Debug, clap::Args)]
pub(crate) struct User {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Give a person an account, every gate passed for a year; prints what to sign in with
    Add {
        /// The name to sign in with
        username: String,
        /// The person's name
        #[arg(long)]
        name: String,
        /// The organisation
        #[arg(long, value_name = "ORG")]
        organisation: OrganisationId,
        /// The role
        #[arg(long)]
        role: Role,
        #[command(flatten)]
        place: Place,
    },
    /// List every user, one a line
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Suspend a user, from the next request on
    Suspend {
        /// The name to sign in with
        username: String,
        #[command(flatten)]
        place: Place,
    },
    /// End the suspension of a user
    Reinstate {
        /// The name to sign in with
        username: String,
        #[command(flatten)]
        place: Place,
    },
    /// Give a user a new password, authenticator and PIN; prints them
    Reset {
        /// The name to sign in with
        username: String,
        #[command(flatten)]
        place: Place,
    },
}

/// One user as listed.
#[derive(Serialize)]
struct Listed {
    username: String,
    role: &'static str,
    organisation: String,
    standing: &'static str,
}

impl fmt::Display for Listed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}\t{}\t{}\t{}", self.username, self.role, self.organisation, self.standing)
    }
}

/// What a person signs in with, shown once.
#[derive(Serialize)]
struct Secrets {
    username: String,
    password: String,
    totp_secret: String,
    pin: String,
}

impl fmt::Display for Secrets {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "user name    {}\npassword     {}\nTOTP secret  {}\nPIN          {}\nThis is shown once.",
            self.username, self.password, self.totp_secret, self.pin
        )
    }
}

fn secrets(username: &str, shown: ShownOnce) -> Secrets {
    let ShownOnce { password, totp_secret, pin } = shown;
    Secrets { username: username.to_owned(), password, totp_secret, pin }
}

impl What {
    fn place(&self) -> &Place {
        match self {
            What::Add { place, .. }
            | What::List { place }
            | What::Suspend { place, .. }
            | What::Reinstate { place, .. }
            | What::Reset { place, .. } => place,
        }
    }
}

impl User {
    /// Does what was asked.
    pub(crate) fn run(&self, out: Out) -> anyhow::Result<Status> {
        let settings = Settings::read(self.what.place(), &Flags::default())?;
        let directory = open(&settings.folders()?, clock::of(&settings), Fresh::Refuse)?;
        match &self.what {
            What::Add { username, name, organisation, role, .. } => {
                let user = NewUser {
                    username: username.clone(),
                    name: PersonName::new(name).map_err(|error| usage(format!("the name is {error}")))?,
                    organisation: organisation.clone(),
                    role: *role,
                    secrets: None,
                    cost: Cost::Full,
                };
                let (_, shown) = directory.add_user(user)?;
                out.tell(&secrets(username, shown))?;
            }
            What::List { .. } => list(&directory, out)?,
            What::Suspend { username, .. } => {
                let changed = directory.suspend_user(account(&directory, username)?)?;
                out.tell(&Changed { id: username.clone(), was_otherwise: changed, now: "suspended" })?;
            }
            What::Reinstate { username, .. } => {
                let changed = directory.reinstate_user(account(&directory, username)?)?;
                out.tell(&Changed { id: username.clone(), was_otherwise: changed, now: "in good standing" })?;
            }
            What::Reset { username, .. } => {
                let shown = directory.reset_user(account(&directory, username)?)?;
                out.tell(&secrets(username, shown))?;
            }
        }
        Ok(Status::Done)
    }
}

fn account(directory: &Directory, username: &str) -> anyhow::Result<AccountId> {
    directory.account_of_username(username).ok_or_else(|| usage(format!("there is no user {username}")))
}

fn list(directory: &Directory, out: Out) -> anyhow::Result<()> {
    let mut listed: Vec<Listed> = directory
        .list_users()
        .into_iter()
        .filter_map(|(_, held)| {
            let standing = if held.is_closed(england_day(directory.now())) {
                "closed"
            } else if held.suspended.is_some() {
                "suspended"
            } else if held.activated {
                "active"
            } else {
                "not activated"
            };
            let created = held.created?;
            Some(Listed {
                username: created.username.as_str().to_owned(),
                role: created.role.name(),
                organisation: created.organisation.to_string(),
                standing,
            })
        })
        .collect();
    listed.sort_by(|one, other| one.username.cmp(&other.username));
    listed.iter().try_for_each(|user| out.tell(user))
}
