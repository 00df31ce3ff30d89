//! Administration: organisations, clients, accounts and policy; here from the shell of the machine, in the folder
//! by people who signed in.
//!
//! Each call answers once it is durable. Secrets are shown once and kept as hashes. Source: contract.md
//! section 1; rules.md 5.

mod accounts;
mod acted;
mod credentials;
pub(crate) mod expiring;
mod organisations;
mod policies;

use chrono::{DateTime, Months, Utc};
use events::{
    account::Gate,
    account::{self, Account, Created, Username},
    organisation::{self, ActingUser, Organisation, Row},
    policy::Conditions,
    recorded::Actor,
    secret::Secret,
};
use vocabulary::{AccountId, ClientId, OrganisationId, PersonName, Role, england_day};

use crate::{
    Directory,
    register::{ActError, Acting},
    sign_in::{self, Cost, ShownOnce},
};

pub use accounts::{AccountAct, Enrolment, NewAccount};
pub use acted::Acted;
pub use expiring::{Ending, Expiring, Warning};
pub use organisations::{ADMIN_PAGE, OrganisationAct};

/// How long the dated gates of a new account hold before they must be renewed.
const GATE_MONTHS: u32 = 12;

/// A person to be given an account.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The name to sign in with.
    pub username: String,
    /// The person's name.
    pub name: PersonName,
    /// In which organisation.
    pub organisation: OrganisationId,
    /// In which role.
    pub role: Role,
    /// What to sign in with; drawn at random where nothing is given.
    pub secrets: Option<ShownOnce>,
    /// How much work the hash of the password costs.
    pub cost: Cost,
}

/// Why an administrative act failed.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// A rule said no.
    #[error("{detail}")]
    Refused {
        /// The stable name.
        code: &'static str,
        /// The sentence.
        detail: String,
    },
    /// No such account, client or organisation.
    #[error("no such account, client or organisation")]
    Unknown,
    /// A word is not of its form.
    #[error("{0}")]
    Malformed(#[from] vocabulary::NotAWord),
    /// The user name belongs to someone.
    #[error("this user name is taken")]
    UsernameTaken,
    /// The password could not be hashed.
    #[error("the password could not be hashed")]
    Hash,
    /// A machine failed; whether it was recorded is unknown.
    #[error("the act could not be recorded")]
    Machine(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Directory {
    /// Takes one line of organisations.csv. Answers whether it was news.
    ///
    /// # Errors
    /// `Refused`: the line contradicts the rules. `Machine`: ask again.
    pub fn import_organisation(&self, row: Row) -> Result<bool, AdminError> {
        let id = row.id.clone();
        self.organised(&id, &organisation::Command::Import(Box::new(row)))
    }

    /// Lets a case management system of an organisation connect. Answers id and secret, shown once.
    ///
    /// # Errors
    /// `Refused`: no such organisation.
    pub fn add_client(
        &self,
        organisation: &OrganisationId,
        acting_user: ActingUser,
    ) -> Result<(ClientId, String), AdminError> {
        let (client, secret) = (self.client_id(), sign_in::drawn(self.vault()));
        self.add_client_with(organisation, client.clone(), &secret, acting_user)?;
        Ok((client, secret))
    }

    /// As [`Directory::add_client`], with an id and a secret that are told.
    ///
    /// # Errors
    /// As [`Directory::add_client`]; also an id that was used before.
    pub fn add_client_with(
        &self,
        organisation: &OrganisationId,
        client: ClientId,
        secret: &str,
        acting_user: ActingUser,
    ) -> Result<(), AdminError> {
        let secret_hash = Some(Secret::new(sign_in::hash_secret(self.vault(), secret)));
        let command = organisation::Command::AddClient { client, secret_hash, key: None, acting_user };
        self.organised(organisation, &command).map(|_| ())
    }

    /// Lets a client connect no more, from the next request on.
    ///
    /// # Errors
    /// `Unknown`: no such client.
    pub fn revoke_client(&self, client: &ClientId) -> Result<bool, AdminError> {
        let organisation =
            self.register().client(client).map(|(id, _, _)| id.clone()).ok_or(AdminError::Unknown)?;
        self.organised(&organisation, &organisation::Command::RevokeClient { client: client.clone() })
    }

    /// Suspends an organisation, from the next request on.
    ///
    /// # Errors
    /// `Refused`: no such organisation.
    pub fn suspend_organisation(&self, id: &OrganisationId) -> Result<bool, AdminError> {
        let ground = organisation::SuspensionGround::MisuseSuspected;
        self.organised(id, &organisation::Command::Suspend { ground })
    }

    /// Ends the suspension of an organisation.
    ///
    /// # Errors
    /// `Refused`: no such organisation.
    pub fn reinstate_organisation(&self, id: &OrganisationId) -> Result<bool, AdminError> {
        self.organised(id, &organisation::Command::Reinstate)
    }

    /// Gives a person an account, every gate passed for a year, and activates it.
    ///
    /// # Errors
    /// `UsernameTaken`; `Unknown`: no such organisation; `Malformed`: the user name.
    pub fn add_user(&self, user: NewUser) -> Result<(AccountId, ShownOnce), AdminError> {
        if !self.register().knows(&user.organisation) {
            return Err(AdminError::Unknown);
        }
        if self.account_of_username(&user.username).is_some() {
            return Err(AdminError::UsernameTaken);
        }
        let shown = user.secrets.unwrap_or_else(|| self.draw());
        let credentials = sign_in::hashed(self.vault(), &shown, user.cost).map_err(|_| AdminError::Hash)?;
        let id = AccountId::new(self.ids().next());
        let today = england_day(self.clock().now());
        let year = today.checked_add_months(Months::new(GATE_MONTHS)).unwrap_or(today);
        let created = Created {
            account: id,
            username: Username::new(&user.username)?,
            name: user.name,
            organisation: user.organisation,
            role: user.role,
        };
        let gates = Gate::REQUIRED.into_iter().map(|gate| account::Command::RecordGate {
            gate,
            by: None,
            valid_until: gate.runs_out().then_some(year),
        });
        let asks = [account::Command::Create(created), account::Command::SetCredentials(credentials)]
            .into_iter()
            .chain(gates)
            .chain([account::Command::Activate { by: None }]);
        let mut last = None;
        for ask in asks {
            last = self.act::<Account>(&self.shell(), &id, &ask).map_err(account_error)?.or(last);
        }
        if let Some((_, ticket)) = last {
            ticket.wait().map_err(|error| AdminError::Machine(Box::new(error)))?;
        }
        Ok((id, shown))
    }

    /// Gives a person new secrets, shown once.
    ///
    /// # Errors
    /// `Unknown`: no such account.
    pub fn reset_user(&self, id: AccountId) -> Result<ShownOnce, AdminError> {
        let shown = self.draw();
        let credentials = sign_in::hashed(self.vault(), &shown, Cost::Full).map_err(|_| AdminError::Hash)?;
        self.accounted(id, &account::Command::SetCredentials(credentials))?;
        Ok(shown)
    }

    /// Suspends an account, from the next request on.
    ///
    /// # Errors
    /// `Refused`: no such account, or closed.
    pub fn suspend_user(&self, id: AccountId) -> Result<bool, AdminError> {
        self.accounted(id, &account::Command::Suspend { ground: account::SuspensionGround::MisuseSuspected })
    }

    /// Ends the suspension of an account.
    ///
    /// # Errors
    /// `Refused`: no such account, or closed.
    pub fn reinstate_user(&self, id: AccountId) -> Result<bool, AdminError> {
        self.accounted(id, &account::Command::Reinstate { by: None })
    }

    /// Every organisation: id, name and state, in the order of the ids.
    pub fn list_organisations(&self) -> Vec<(OrganisationId, Organisation)> {
        self.register().organisations().map(|(id, held)| (id.clone(), held.clone())).collect()
    }

    /// Every account, in the order of the ids.
    pub fn list_users(&self) -> Vec<(AccountId, Account)> {
        let mut users: Vec<_> = self.register().accounts().map(|(id, held)| (id, held.clone())).collect();
        users.sort_by_key(|(id, _)| *id);
        users
    }

    /// The conditions of accreditation in force.
    pub fn conditions(&self) -> Conditions {
        self.register().policy().conditions.clone()
    }

    /// After how many months without an own sign-in an account is dormant, by the policy in force.
    pub fn dormant_months(&self) -> u32 {
        self.register().policy().dormant_months
    }

    fn draw(&self) -> ShownOnce {
        let (digits, _) = self.ids().next().as_u64_pair();
        ShownOnce {
            password: sign_in::drawn(self.vault()),
            totp_secret: sign_in::drawn(self.vault()).to_uppercase(),
            pin: format!("{:06}", digits % 1_000_000),
        }
    }

    fn shell(&self) -> Acting {
        let now: DateTime<Utc> = self.clock().now();
        Acting { by: Actor::Shell, now }
    }

    pub(crate) fn organised(
        &self,
        id: &OrganisationId,
        command: &organisation::Command,
    ) -> Result<bool, AdminError> {
        match self.act::<Organisation>(&self.shell(), id, command) {
            Ok(None) => Ok(false),
            Ok(Some((_, ticket))) => {
                ticket.wait().map_err(|error| AdminError::Machine(Box::new(error)))?;
                Ok(true)
            }
            Err(ActError::Refused(refusal)) => {
                Err(AdminError::Refused { code: refusal.code(), detail: refusal.to_string() })
            }
            Err(other) => Err(AdminError::Machine(Box::new(other))),
        }
    }

    fn accounted(&self, id: AccountId, command: &account::Command) -> Result<bool, AdminError> {
        match self.act::<Account>(&self.shell(), &id, command).map_err(account_error)? {
            None => Ok(false),
            Some((_, ticket)) => {
                ticket.wait().map_err(|error| AdminError::Machine(Box::new(error)))?;
                Ok(true)
            }
        }
    }
}

fn account_error(error: ActError<account::Refusal>) -> AdminError {
    match error {
        ActError::Refused(refusal) => {
            AdminError::Refused { code: refusal.code(), detail: refusal.to_string() }
        }
        other @ (ActError::Seal(_) | ActError::Key(_) | ActError::Append(_)) => {
            AdminError::Machine(Box::new(other))
        }
    }
}
