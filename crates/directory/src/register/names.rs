//! What a view may ask the register: an organisation's name and how to reach it.

use vocabulary::{Contact, OrganisationId};

use super::Register;

impl Register {
    /// An organisation's name.
    pub(crate) fn name_of(&self, id: &OrganisationId) -> Option<String> {
        Some(self.organisation(id)?.details.as_ref()?.name.as_str().to_owned())
    }

    /// An organisation's contacts, from organisations.csv.
    pub(crate) fn contacts_of(&self, id: &OrganisationId) -> Vec<Contact> {
        self.organisation(id)
            .and_then(|organisation| organisation.details.as_ref())
            .map(|details| details.contacts.clone())
            .unwrap_or_default()
    }
}
