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
use serde::Serialize;
use visibility::permission::Action;
use vocabulary::{ClientId, KeyName, OrganisationId, SignatureAlgorithm, Thumbprint};

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

impl ClientChange {
    /// What it takes to ask for it: to take away is open to more people than to give.
    pub(crate) fn action(&self) -> Action {
        match self {
            ClientChange::AddKey(_) | ClientChange::BindCertificate { .. } => Action::ManageClients,
            ClientChange::RetireKey { .. }
            | ClientChange::RetireSecret { .. }
            | ClientChange::RetireCertificate { .. } => Action::RevokeClient,
        }
    }

    /// The change as the organisation's stream is asked for it.
    pub(crate) fn asks(self) -> Command {
        match self {
            ClientChange::AddKey(key) => Command::AddKey(key),
            ClientChange::RetireKey { kid, from } => Command::RetireKey { kid, from },
            ClientChange::RetireSecret { number, from } => Command::RetireSecret { number, from },
            ClientChange::BindCertificate { thumbprint } => Command::BindCertificate { thumbprint },
            ClientChange::RetireCertificate { thumbprint, from } => {
                Command::RetireCertificate { thumbprint, from }
            }
        }
    }
}

/// One thing that a client proves itself by, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Credential {
    /// `secret`, `key` or `certificate`.
    pub kind: &'static str,
    /// A secret's number, a key's name, a certificate's SHA-256.
    pub id: String,
    /// Of a key, the one algorithm it is used with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<SignatureAlgorithm>,
    /// `good`, `ending` or `retired`.
    pub state: &'static str,
    /// From when on it is good no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired_from: Option<DateTime<Utc>>,
}

/// Everything that a client proves itself by, as it stands at `now`.
pub fn credentials(client: &Client, now: DateTime<Utc>) -> Vec<Credential> {
    let credential = |kind, id, algorithm, retired_from: Option<DateTime<Utc>>| Credential {
        kind,
        id,
        algorithm,
        state: match retired_from {
            None => "good",
            Some(from) if now < from => "ending",
            Some(_) => "retired",
        },
        retired_from,
    };
    let secrets = client
        .secrets
        .iter()
        .map(|(number, held)| credential("secret", number.to_string(), None, held.retired_from));
    let keys = client
        .keys
        .iter()
        .map(|(kid, held)| credential("key", kid.to_string(), Some(held.algorithm), held.retired_from));
    let certificates = client
        .certificates
        .iter()
        .map(|(thumbprint, held)| credential("certificate", thumbprint.to_string(), None, held.retired_from));
    secrets.chain(keys).chain(certificates).collect()
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
        let number = self.secret_number(client, &secret_hash).ok_or(AdminError::Unknown)?;
        Ok((number, secret))
    }

    /// Which secret of a client this is, by its hash.
    pub(crate) fn secret_number(&self, client: &ClientId, hash: &Secret) -> Option<u32> {
        let register = self.register();
        let (_, _, held) = register.client(client)?;
        held.secrets.iter().find(|(_, held)| held.hash == *hash).map(|(number, _)| *number)
    }

    /// Changes what a client proves itself by. Answers whether that was news.
    ///
    /// # Errors
    /// `Unknown`: no such client. `Refused`: a rule said no.
    pub fn change_client(&self, client: &ClientId, change: ClientChange) -> Result<bool, AdminError> {
        self.ask_of_client(client, change.asks())
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
