//! Organisation: who takes part, on whose accreditation and agreement, and through which clients.
//!
//! Source: domain.md 5.1, 5.6; rules.md 5.1; contract.md section 1 (organisations.csv); invariant I-4.

mod decide;
#[cfg(test)]
mod spec;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{ClientId, Contact, Label, OrganisationId, OrganisationKind, ServiceType};

use crate::{
    decider::{Decider, When},
    secret::Secret,
    standing::{self, Standing},
};

/// What an organisation is, as organisations.csv states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// Its name.
    pub name: Label,
    /// What it is.
    pub kind: OrganisationKind,
    /// The authority it belongs to; absent for national bodies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<OrganisationId>,
    /// What services it gives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub service_types: Vec<ServiceType>,
    /// How to reach it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// The outcodes whose addresses belong to it, for authorities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcodes: Vec<String>,
}

/// A supply agreement: through its last day, and whether others' involvements may be stated under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Its last day.
    pub until: NaiveDate,
    /// Whether it may state involvements of other organisations.
    pub states_others: bool,
}

/// Why an organisation was suspended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuspensionGround {
    /// Misuse was detected, suspected or reported.
    MisuseSuspected,
    /// Conditions of its accreditation are not met.
    ConditionsUnmet,
    /// It asked for it.
    OwnRequest,
    /// It exists no more.
    Dissolved,
}

/// How a client names the acting user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActingUser {
    /// By a signed assertion (rules.md 5.4).
    SignedAssertion,
    /// By a bare user name: demo clients only.
    BareUserName,
}

/// What happened to an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum Event {
    /// An organisation was entered.
    OrganisationRegistered {
        /// Its id.
        id: OrganisationId,
        /// What it is.
        details: Details,
    },
    /// What it is was stated anew.
    OrganisationDescribed(Details),
    /// It was accredited through a day.
    OrganisationAccredited {
        /// The last day.
        until: NaiveDate,
    },
    /// It signed a supply agreement.
    SupplyAgreementSigned(Agreement),
    /// It was suspended; there is no grace.
    OrganisationSuspended {
        /// Why.
        ground: SuspensionGround,
    },
    /// Its suspension ended.
    OrganisationReinstated,
    /// A case management system of it may connect.
    ClientAdded {
        /// Which.
        client: ClientId,
        /// Its secret, hashed.
        secret_hash: Secret,
        /// How it names the acting user.
        acting_user: ActingUser,
    },
    /// A client may connect no more.
    ClientRevoked {
        /// Which.
        client: ClientId,
    },
}

/// What is remembered of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Organisation {
    /// Its id, once registered.
    pub id: Option<OrganisationId>,
    /// What it is, once registered.
    pub details: Option<Details>,
    /// Last day of its accreditation.
    pub accredited_until: Option<NaiveDate>,
    /// Its supply agreement.
    pub agreement: Option<Agreement>,
    /// Why it is suspended, while it is.
    pub suspended: Option<SuspensionGround>,
    /// Its clients that may connect, and those revoked: an id is never used twice.
    pub clients: BTreeMap<ClientId, Client>,
}

/// A client as remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its secret, hashed.
    pub secret_hash: Secret,
    /// How it names the acting user.
    pub acting_user: ActingUser,
    /// May connect no more.
    pub revoked: bool,
}

/// One line of organisations.csv.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its id.
    pub id: OrganisationId,
    /// What it is.
    pub details: Details,
    /// Accredited through this day; absent leaves what is held.
    pub accredited_until: Option<NaiveDate>,
    /// Its supply agreement; absent leaves what is held.
    pub agreement: Option<Agreement>,
}

/// What may be asked about an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the events")]
pub enum Command {
    /// State everything of one line; what is so already adds nothing.
    Import(Box<Row>),
    /// Suspend it.
    Suspend { ground: SuspensionGround },
    /// End the suspension.
    Reinstate,
    /// Add a client.
    AddClient { client: ClientId, secret_hash: Secret, acting_user: ActingUser },
    /// Revoke a client.
    RevokeClient { client: ClientId },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such organisation was registered.
    #[error("no such organisation is registered")]
    Unknown,
    /// The stream is another organisation's.
    #[error("this is another organisation's stream")]
    AnotherOrganisation,
    /// Outcodes of something that is no authority.
    #[error("only a local authority has outcodes")]
    OutcodesOfNoAuthority,
    /// An outcode is not of its form.
    #[error("an outcode is not of its form, as in N17")]
    OutcodeMalformed,
    /// A contact is not of its form, or there are too many.
    #[error("a contact is not of its form, or there are more than {max}", max = vocabulary::contact::CONTACTS_MAX)]
    ContactsMalformed,
    /// I-4: it is suspended.
    #[error("the organisation is suspended")]
    Suspended,
    /// I-4: it was never accredited, or its accreditation ran out.
    #[error("the organisation is not accredited")]
    NotAccredited,
    /// I-4: it has no supply agreement, or it ran out.
    #[error("the organisation has no supply agreement in force")]
    AgreementExpired,
    /// A client of this id was added before.
    #[error("a client of this id was added before")]
    ClientKnown,
    /// No such client.
    #[error("no such client")]
    ClientUnknown,
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Unknown => "organisation_unknown",
            Refusal::AnotherOrganisation => "another_organisation",
            Refusal::OutcodesOfNoAuthority => "outcodes_of_no_authority",
            Refusal::OutcodeMalformed => "outcode_malformed",
            Refusal::ContactsMalformed => "contact_malformed",
            Refusal::Suspended => "organisation_suspended",
            Refusal::NotAccredited => "not_accredited",
            Refusal::AgreementExpired => "agreement_expired",
            Refusal::ClientKnown => "client_known",
            Refusal::ClientUnknown => "client_unknown",
        }
    }
}

impl Organisation {
    /// I-4: judges whether it may supply on a civil day, the day of `recorded_at`.
    ///
    /// # Errors
    /// In this order: `Unknown`, `Suspended`, `NotAccredited`, `AgreementExpired`.
    pub fn may_supply(&self, today: NaiveDate) -> Result<(), Refusal> {
        if self.id.is_none() {
            Err(Refusal::Unknown)
        } else if self.suspended.is_some() {
            Err(Refusal::Suspended)
        } else if self.accredited_until.is_none_or(|until| until < today) {
            Err(Refusal::NotAccredited)
        } else if self.agreement.is_none_or(|agreement| agreement.until < today) {
            Err(Refusal::AgreementExpired)
        } else {
            Ok(())
        }
    }

    /// Judges whether its staff may use the directory at `now`.
    ///
    /// An agreement counts where one was ever signed: not every user supplies. `grace_hours` is policy.
    pub fn may_use(&self, now: DateTime<Utc>, grace_hours: u32) -> Standing<Refusal> {
        if self.id.is_none() {
            return Standing::None { because: Refusal::Unknown };
        }
        if self.suspended.is_some() {
            return Standing::None { because: Refusal::Suspended };
        }
        let Some(accredited_until) = self.accredited_until else {
            return Standing::None { because: Refusal::NotAccredited };
        };
        let accreditation = standing::until(accredited_until, now, grace_hours, Refusal::NotAccredited);
        let agreement = self.agreement.map_or(Standing::Good, |agreement| {
            standing::until(agreement.until, now, grace_hours, Refusal::AgreementExpired)
        });
        accreditation.worse(agreement)
    }

    /// Tells whether its agreement in force on this day lets it state others' involvements.
    pub fn states_others(&self, today: NaiveDate) -> bool {
        self.agreement.is_some_and(|agreement| agreement.states_others && today <= agreement.until)
    }

    /// The client of this id, unless revoked.
    pub fn client(&self, client: &ClientId) -> Option<&Client> {
        self.clients.get(client).filter(|client| !client.revoked)
    }
}

impl Decider for Organisation {
    type Event = Event;
    type Command = Command;
    type Refusal = Refusal;
    type State = Organisation;

    fn decide(state: &Organisation, command: &Command, _now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        decide::decide(state, command)
    }

    fn evolve(state: &mut Organisation, event: &Event, _when: When) {
        match event {
            Event::OrganisationRegistered { id, details } => {
                state.id = Some(id.clone());
                state.details = Some(details.clone());
            }
            Event::OrganisationDescribed(details) => state.details = Some(details.clone()),
            Event::OrganisationAccredited { until } => state.accredited_until = Some(*until),
            Event::SupplyAgreementSigned(agreement) => state.agreement = Some(*agreement),
            Event::OrganisationSuspended { ground } => state.suspended = Some(*ground),
            Event::OrganisationReinstated => state.suspended = None,
            Event::ClientAdded { client, secret_hash, acting_user } => {
                let added =
                    Client { secret_hash: secret_hash.clone(), acting_user: *acting_user, revoked: false };
                state.clients.insert(client.clone(), added);
            }
            Event::ClientRevoked { client } => {
                if let Some(client) = state.clients.get_mut(client) {
                    client.revoked = true;
                }
            }
        }
    }
}
