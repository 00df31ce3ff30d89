//! What clients prove themselves by, kept by the team of their organisation's authority and by administrators.
//!
//! Source: rules.md 5.4; docs/access.md; ADR-0039.

use events::{
    organisation::{
        self, Organisation,
        client::{Client, Command},
    },
    secret::Secret,
};
use visibility::permission::Action;
use vocabulary::{ClientId, OrganisationId};

use super::{Acted, AdminError};
use crate::{Directory, clients::ClientChange, people::Person, sign_in};

impl Directory {
    /// A client with everything it proves itself by, and whose it is.
    ///
    /// # Errors
    /// `Unknown`: no such client, or revoked. `Refused`: not this person's to read.
    pub fn client_of(&self, person: &Person, id: &ClientId) -> Result<(OrganisationId, Client), AdminError> {
        let found = self.client_held(id).ok_or(AdminError::Unknown)?;
        person.may(Action::ReadOrganisation, self.register().relation(person, &found.0))?;
        Ok(found)
    }

    /// Changes what a client proves itself by, from the next request on.
    ///
    /// # Errors
    /// `Unknown`: no such client, or revoked. `Refused`: not this person's, or a rule said no.
    pub fn change_client_of(
        &self,
        person: &Person,
        id: &ClientId,
        change: ClientChange,
    ) -> Result<Acted, AdminError> {
        let action = change.action();
        self.client_acted(person, id, action, change.asks())
    }

    /// Gives a client another secret beside the one it has. Answers its number and the secret, shown once.
    ///
    /// # Errors
    /// As [`Directory::change_client_of`].
    pub fn add_client_secret_of(
        &self,
        person: &Person,
        id: &ClientId,
    ) -> Result<(u32, String, Acted), AdminError> {
        let secret = sign_in::drawn(self.vault());
        let secret_hash = Secret::new(sign_in::hash_secret(self.vault(), &secret));
        let asks = Command::AddSecret { secret_hash: secret_hash.clone() };
        let acted = self.client_acted(person, id, Action::ManageClients, asks)?;
        let number = self.secret_number(id, &secret_hash).ok_or(AdminError::Unknown)?;
        Ok((number, secret, acted))
    }

    fn client_acted(
        &self,
        person: &Person,
        id: &ClientId,
        action: Action,
        asks: Command,
    ) -> Result<Acted, AdminError> {
        let (organisation, _) = self.client_held(id).ok_or(AdminError::Unknown)?;
        person.may(action, self.register().relation(person, &organisation))?;
        let command = organisation::Command::Client { client: id.clone(), asks };
        Acted::of(self.act::<Organisation>(&self.acting(person), &organisation, &command), |refusal| {
            AdminError::Refused { code: refusal.code(), detail: refusal.to_string() }
        })
    }
}
