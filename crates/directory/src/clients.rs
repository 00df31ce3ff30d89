//! Clients: what they prove themselves by, added and retired one beside another.
//!
//! Each call answers once it is durable, and bites on the next request. Source: rules.md 5.4; ADR-0039.

use chrono::{DateTime, Utc};
use events::{
    organisation::{
        self,
        client::{ActingUser, Client, Command, Key},
    },
    secret::Secret,
};
use vocabulary::{ClientId, KeyName, OrganisationId, Thumbprint};

use crate::{AdminError, Directory, sign_in};

/// What is to change about what a client proves itself by. `from` absent is now.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the events")]
pub enum ClientChange {
    /// Add a key.
    AddKey(Key),
    /// Retire a key.
    RetireKey { kid: KeyName, from: Option<DateTime<Utc>> },
    /// Retire a secret.
    RetireSecret { number: u32, from: Option<DateTime<Utc>> },
    /// Bind it to a certificate.
    BindCertificate { thumbprint: Thumbprint },
    /// Retire a certificate.
    RetireCertificate { thumbprint: Thumbprint, from: Option<DateTime<Utc>> },
}

impl Directory {
    /// Lets a case management system connect that signs by a key and has no secret.
    ///
    /// # Errors
    /// `Refused`: no such organisation.
    pub fn add_signing_client(
        &self,
        organisation: &OrganisationId,
        key: Key,
        acting_user: ActingUser,
    ) -> Result<ClientId, AdminError> {
        let client = self.client_id();
        let added = client.clone();
        let command = organisation::Command::AddClient {
            client: added,
            secret_hash: None,
            key: Some(key),
            acting_user,
        };
        self.organised(organisation, &command)?;
        Ok(client)
    }

    /// Gives a client another secret beside the one it has. Answers its number and the secret, shown once.
    ///
    /// # Errors
    /// `Unknown`: no such client. `Refused`: it has two already, or was revoked.
    pub fn add_client_secret(&self, client: &ClientId) -> Result<(u32, String), AdminError> {
        let secret = sign_in::drawn(self.vault());
        let secret_hash = Secret::new(sign_in::hash_secret(self.vault(), &secret));
        self.ask_of_client(client, Command::AddSecret { secret_hash: secret_hash.clone() })?;
        let register = self.register();
        let (_, _, held) = register.client(client).ok_or(AdminError::Unknown)?;
        let number =
            held.secrets.iter().find(|(_, held)| held.hash == secret_hash).map(|(number, _)| *number);
        number.map(|number| (number, secret)).ok_or(AdminError::Unknown)
    }

    /// Changes what a client proves itself by. Answers whether that was news.
    ///
    /// # Errors
    /// `Unknown`: no such client. `Refused`: a rule said no.
    pub fn change_client(&self, client: &ClientId, change: ClientChange) -> Result<bool, AdminError> {
        let asks = match change {
            ClientChange::AddKey(key) => Command::AddKey(key),
            ClientChange::RetireKey { kid, from } => Command::RetireKey { kid, from },
            ClientChange::RetireSecret { number, from } => Command::RetireSecret { number, from },
            ClientChange::BindCertificate { thumbprint } => Command::BindCertificate { thumbprint },
            ClientChange::RetireCertificate { thumbprint, from } => {
                Command::RetireCertificate { thumbprint, from }
            }
        };
        self.ask_of_client(client, asks)
    }

    /// A client with everything it proves itself by, and whose it is; `None` when unknown or revoked.
    pub fn client_held(&self, id: &ClientId) -> Option<(OrganisationId, Client)> {
        self.register().client(id).map(|(organisation, _, client)| (organisation.clone(), client.clone()))
    }

    fn ask_of_client(&self, id: &ClientId, asks: Command) -> Result<bool, AdminError> {
        let organisation = {
            let register = self.register();
            register.client(id).map(|(organisation, _, _)| organisation.clone()).ok_or(AdminError::Unknown)?
        };
        self.organised(&organisation, &organisation::Command::Client { client: id.clone(), asks })
    }

    /// An id that no client has.
    pub(crate) fn client_id(&self) -> ClientId {
        let mut number = self.ids().next().simple().to_string();
        number.truncate(16);
        ClientId(format!("client-{number}"))
    }
}
