//! The envelope: what is known of every record beside its facts.
//!
//! Two times in each: when it happened, as told, and when it was recorded, by our clock. Replay asks
//! what was known (domain.md 12.1).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{
    AccountId, Assurance, Channel, ClientId, EventId, KeyId, KeyName, OrganisationId, Position, Revision,
    Role, SignInMethod, Stream,
};

use crate::{Fact, decider::When};

/// Who caused a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A case management system, for its organisation.
    Supplier {
        /// The organisation whose references these are.
        organisation: OrganisationId,
        /// Which of its clients posted; absent for a file.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client: Option<ClientId>,
    },
    /// A person with an account.
    Person(Person),
    /// The directory itself: a date that came, a queue that moved.
    System,
    /// Someone at the shell of the machine.
    Shell,
}

/// A person who acts, as they stood at that moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Whose account.
    pub account: AccountId,
    /// In which organisation.
    pub organisation: OrganisationId,
    /// In which role.
    pub role: Role,
    /// By which way in.
    pub channel: Channel,
    /// How sure we are of the person.
    pub assurance: Assurance,
    /// For which colleague, when mediated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<AccountId>,
    /// The colleague read out no code and was called back; reviewed (rules.md 5.3).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub called_back: bool,
    /// Through which client, when by a case management system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// What that client signed about the person; absent where they signed in here or were named bare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asserted: Option<Asserted>,
}

/// How a person signed in at a case management system, as it states over its signature (rules.md 5.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asserted {
    /// When they signed in there.
    pub signed_in_at: DateTime<Utc>,
    /// By what they signed in there.
    pub methods: Vec<SignInMethod>,
    /// By which key of the client this is signed.
    pub kid: KeyName,
}

/// What a record holds when its key still lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Who caused it.
    pub by: Actor,
    /// The record that this one follows from, in another stream.
    pub cause: Option<EventId>,
    /// What happened, in order; at least one.
    pub facts: Vec<Fact>,
}

/// The inside of a record: readable, or forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// Its key lives.
    Open(Entry),
    /// Its key was destroyed; that there was a record is all that is left.
    Erased,
}

/// One record as read back: where it stands, its two times, and what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Place in the whole log.
    pub position: Position,
    /// Place in its stream, from 1.
    pub revision: Revision,
    /// Its stream.
    pub stream: Stream,
    /// Its id.
    pub id: EventId,
    /// The key that seals it.
    pub key: KeyId,
    /// When it happened, as its source told.
    pub happened_at: DateTime<Utc>,
    /// When we recorded it.
    pub recorded_at: DateTime<Utc>,
    /// What it holds.
    pub payload: Payload,
}

impl Recorded {
    /// What an evolve step may know of this record.
    pub fn when(&self) -> When {
        When {
            happened_at: self.happened_at,
            recorded_at: self.recorded_at,
            position: self.position,
            key: self.key,
        }
    }

    /// The facts, none when erased.
    pub fn facts(&self) -> &[Fact] {
        match &self.payload {
            Payload::Open(entry) => &entry.facts,
            Payload::Erased => &[],
        }
    }

    /// Who caused it; `None` when erased.
    pub fn by(&self) -> Option<&Actor> {
        match &self.payload {
            Payload::Open(entry) => Some(&entry.by),
            Payload::Erased => None,
        }
    }
}
