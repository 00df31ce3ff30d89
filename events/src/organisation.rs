//! Organisation: who takes part, on whose accreditation and agreement, and through which clients.
//!
//! Source: domain.md 5.1, 5.6; rules.md 5.1; contract.md section 1 (organisations.csv); invariant I-4.

mod accreditation;
pub mod client;
mod decide;
pub mod month;
mod refusal;
#[cfg(test)]
mod spec;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{
    ClientId, Contact, KeyName, Label, OrganisationId, OrganisationKind, ServiceType, Thumbprint, england_day,
};

use crate::{
    decider::{Decider, When},
    policy::{Conditions, Participation},
    refused::Code,
    secret::Secret,
};

pub use accreditation::{ConditionMet, Dated, Sharing};
pub use client::{ActingUser, Client};
pub use month::MonthReported;
pub use refusal::Refusal;

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
    /// Which version of its text, where one was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
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
    /// It was found to meet a condition of accreditation.
    ConditionMet(ConditionMet),
    /// It was found to meet a condition no more.
    ConditionWithdrawn {
        /// Which.
        condition: Code,
    },
    /// It was accredited through a day.
    OrganisationAccredited {
        /// The last day.
        until: NaiveDate,
        /// What for.
        #[serde(default, skip_serializing_if = "is_both")]
        participation: Participation,
    },
    /// It signed a supply agreement.
    SupplyAgreementSigned(Agreement),
    /// It signed an information sharing agreement.
    SharingAgreementSigned(Sharing),
    /// It was suspended; there is no grace.
    OrganisationSuspended {
        /// Why.
        ground: SuspensionGround,
    },
    /// Its suspension ended.
    OrganisationReinstated,
    /// The directory counted an authority's users, looks and children for the month that ended.
    MonthReported(MonthReported),
    /// A case management system of it may connect.
    ClientAdded {
        /// Which.
        client: ClientId,
        /// Its first secret, hashed; absent where it signs by a key.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        secret_hash: Option<Secret>,
        /// How it names the acting user.
        acting_user: ActingUser,
    },
    /// A client may connect no more.
    ClientRevoked {
        /// Which.
        client: ClientId,
    },
    /// A client may prove itself by another secret as well.
    ClientSecretAdded {
        /// Which client.
        client: ClientId,
        /// The how manieth secret of it, from 1 for the one it was added with.
        number: u32,
        /// The secret, hashed.
        secret_hash: Secret,
    },
    /// A secret of a client is good until an instant, and never again.
    ClientSecretRetired {
        /// Which client.
        client: ClientId,
        /// The how manieth secret of it.
        number: u32,
        /// From when on it is good no more.
        from: DateTime<Utc>,
    },
    /// A client may sign by a key.
    ClientKeyAdded {
        /// Which client.
        client: ClientId,
        /// The key.
        key: client::Key,
    },
    /// A key of a client is good until an instant, and never again.
    ClientKeyRetired {
        /// Which client.
        client: ClientId,
        /// Which key.
        kid: KeyName,
        /// From when on it is good no more.
        from: DateTime<Utc>,
    },
    /// A client connects with a certificate, and its tokens are good beside one only.
    ClientCertificateBound {
        /// Which client.
        client: ClientId,
        /// The certificate.
        thumbprint: Thumbprint,
    },
    /// A certificate of a client is good until an instant, and never again.
    ClientCertificateRetired {
        /// Which client.
        client: ClientId,
        /// Which certificate.
        thumbprint: Thumbprint,
        /// From when on it is good no more.
        from: DateTime<Utc>,
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
    /// What it was accredited for.
    pub accredited_for: Participation,
    /// The conditions it was found to meet, by name.
    pub conditions: BTreeMap<Code, ConditionMet>,
    /// Its supply agreement.
    pub agreement: Option<Agreement>,
    /// Its information sharing agreement.
    pub sharing: Option<Sharing>,
    /// Why it is suspended, while it is.
    pub suspended: Option<SuspensionGround>,
    /// The day on which it was entered.
    pub registered_on: Option<NaiveDate>,
    /// The last month that was reported of it, for an authority.
    pub month: Option<MonthReported>,
    /// Its clients that may connect, and those revoked: an id is never used twice.
    pub clients: BTreeMap<ClientId, Client>,
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
    /// Record that a condition of the policy is met.
    RecordCondition { met: ConditionMet, conditions: Conditions },
    /// Record that a condition is met no more.
    WithdrawCondition { condition: Code },
    /// Accredit it, its key conditions being met.
    Accredit { until: NaiveDate, participation: Participation, conditions: Conditions },
    /// Sign a supply agreement.
    SignSupply(Agreement),
    /// Sign an information sharing agreement.
    SignSharing(Sharing),
    /// Suspend it.
    Suspend { ground: SuspensionGround },
    /// End the suspension.
    Reinstate,
    /// Report a month of an authority, with what was counted; a month reported already adds nothing.
    ReportMonth(Box<MonthReported>),
    /// Add a client, with a secret, a key or both.
    AddClient {
        client: ClientId,
        secret_hash: Option<Secret>,
        key: Option<client::Key>,
        acting_user: ActingUser,
    },
    /// Revoke a client.
    RevokeClient { client: ClientId },
    /// Change what a client proves itself by.
    Client { client: ClientId, asks: client::Command },
}

impl Organisation {
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

    fn decide(state: &Organisation, command: &Command, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        decide::decide(state, command, now)
    }

    fn evolve(state: &mut Organisation, event: &Event, when: When) {
        match event {
            Event::OrganisationRegistered { id, details } => {
                state.id = Some(id.clone());
                state.details = Some(details.clone());
                state.registered_on = Some(england_day(when.recorded_at));
            }
            Event::OrganisationDescribed(details) => state.details = Some(details.clone()),
            Event::ConditionMet(met) => {
                state.conditions.insert(met.condition.clone(), met.clone());
            }
            Event::ConditionWithdrawn { condition } => {
                // Kept as run out, so that a key condition costs the standing at once and without grace.
                if let Some(met) = state.conditions.get_mut(condition) {
                    met.valid_until = NaiveDate::MIN;
                }
            }
            Event::OrganisationAccredited { until, participation } => {
                state.accredited_until = Some(*until);
                state.accredited_for = *participation;
            }
            Event::SharingAgreementSigned(sharing) => state.sharing = Some(*sharing),
            Event::SupplyAgreementSigned(agreement) => state.agreement = Some(*agreement),
            Event::OrganisationSuspended { ground } => state.suspended = Some(*ground),
            Event::OrganisationReinstated => state.suspended = None,
            Event::MonthReported(month) => state.month = Some(month.clone()),
            Event::ClientAdded { client, .. }
            | Event::ClientRevoked { client }
            | Event::ClientSecretAdded { client, .. }
            | Event::ClientSecretRetired { client, .. }
            | Event::ClientKeyAdded { client, .. }
            | Event::ClientKeyRetired { client, .. }
            | Event::ClientCertificateBound { client, .. }
            | Event::ClientCertificateRetired { client, .. } => {
                client::evolve(state.clients.entry(client.clone()), event);
            }
        }
    }
}

/// Serde's way of asking whether taking part in both ways goes without saying.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_both(participation: &Participation) -> bool {
    *participation == Participation::Both
}
