//! Acting on the register: load, decide, seal, append, remember.
//!
//! The register is held from the decision to the submission, so that two deciders of one stream never race.

use chrono::{DateTime, Utc};
use event_log::{AppendError, Expected, Ticket};
use events::{
    Fact,
    account::Account,
    case::Case,
    decider::Decider,
    erasure::{nights::Nights, purge::Purge},
    organisation::Organisation,
    policy::InForce,
    recorded::{Actor, Entry, Payload, Recorded},
};
use vault::VaultError;
use vocabulary::{AccountId, BodyHash, CaseId, EventId, KeyId, OrganisationId, Position, PurgeId, Stream};

use super::{Held, NIGHTS_STREAM, POLICY_STREAM, Register, organisation_stream};
use crate::{
    Directory,
    unseal::{SealError, Sealing, seal},
};

/// Who acts, and when.
#[derive(Debug, Clone)]
pub(crate) struct Acting {
    /// Who.
    pub(crate) by: Actor,
    /// The present moment.
    pub(crate) now: DateTime<Utc>,
}

/// Why nothing came of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ActError<R: std::error::Error + 'static> {
    /// A rule said no; nothing was written.
    #[error(transparent)]
    Refused(R),
    /// The record could not be sealed.
    #[error("the record could not be sealed")]
    Seal(#[source] SealError),
    /// No key could be minted.
    #[error("no key could be minted")]
    Key(#[source] VaultError),
    /// The log did not take it; whether it was written is unknown.
    #[error("the log did not take the record")]
    Append(#[source] AppendError),
}

/// What the register keeps, by the fold it is kept in.
pub(crate) trait Kept: Decider<State = Self> + Clone + Default {
    /// What names one of them.
    type Id: Clone;
    /// Whether it is told in clear: what says which keys are gone must be read without them.
    const IN_CLEAR: bool = false;
    /// Its stream.
    fn stream(id: &Self::Id) -> Stream;
    /// The fact of an event.
    fn fact(event: Self::Event) -> Fact;
    /// How it stands, if it was ever told of.
    fn held(register: &Register, id: &Self::Id) -> Option<Held<Self>>;
}

impl Kept for Organisation {
    type Id = OrganisationId;
    fn stream(id: &OrganisationId) -> Stream {
        organisation_stream(id)
    }
    fn fact(event: Self::Event) -> Fact {
        Fact::Organisation(event)
    }
    fn held(register: &Register, id: &OrganisationId) -> Option<Held<Self>> {
        register.organisations.get(id).cloned()
    }
}

impl Kept for Account {
    type Id = AccountId;
    fn stream(id: &AccountId) -> Stream {
        id.stream()
    }
    fn fact(event: Self::Event) -> Fact {
        Fact::Account(event)
    }
    fn held(register: &Register, id: &AccountId) -> Option<Held<Self>> {
        register.accounts.get(id).cloned()
    }
}

impl Kept for Case {
    type Id = CaseId;
    fn stream(id: &CaseId) -> Stream {
        id.stream()
    }
    fn fact(event: Self::Event) -> Fact {
        Fact::Case(event)
    }
    fn held(register: &Register, id: &CaseId) -> Option<Held<Self>> {
        register.cases.get(id).cloned()
    }
}

impl Kept for InForce {
    type Id = ();
    fn stream(_id: &()) -> Stream {
        POLICY_STREAM
    }
    fn fact(event: Self::Event) -> Fact {
        Fact::Policy(event)
    }
    fn held(register: &Register, _id: &()) -> Option<Held<Self>> {
        Some(register.policy.clone())
    }
}

impl Kept for Purge {
    type Id = PurgeId;
    const IN_CLEAR: bool = true;
    fn stream(id: &PurgeId) -> Stream {
        id.stream()
    }
    fn fact(event: Self::Event) -> Fact {
        Fact::Erasure(event)
    }
    fn held(register: &Register, id: &PurgeId) -> Option<Held<Self>> {
        register.purges.get(id).cloned()
    }
}

impl Kept for Nights {
    type Id = ();
    const IN_CLEAR: bool = true;
    fn stream(_id: &()) -> Stream {
        NIGHTS_STREAM
    }
    fn fact(event: Self::Event) -> Fact {
        Fact::Erasure(event)
    }
    fn held(register: &Register, _id: &()) -> Option<Held<Self>> {
        Some(register.nights.clone())
    }
}

impl Directory {
    /// Decides on something that the register keeps. `None` where it was already so.
    ///
    /// The register knows at once; whoever is answered waits for the ticket.
    pub(crate) fn act<K: Kept>(
        &self,
        acting: &Acting,
        id: &K::Id,
        command: &K::Command,
    ) -> Result<Option<(Position, Ticket)>, ActError<K::Refusal>>
    where
        K::Refusal: 'static,
    {
        self.act_on::<K>(&mut self.register_mut(), acting, id, command)
    }

    /// As [`Directory::act`], upon a register that was asked something first and is still held.
    pub(crate) fn act_on<K: Kept>(
        &self,
        register: &mut Register,
        acting: &Acting,
        id: &K::Id,
        command: &K::Command,
    ) -> Result<Option<(Position, Ticket)>, ActError<K::Refusal>>
    where
        K::Refusal: 'static,
    {
        let held = K::held(register, id).unwrap_or_default();
        let events = K::decide(&held.state, command, acting.now).map_err(ActError::Refused)?;
        if events.is_empty() {
            return Ok(None);
        }
        let key = match held.key {
            Some(key) => key,
            None if K::IN_CLEAR => KeyId::CLEAR,
            None => self.vault().mint().map_err(ActError::Key)?,
        };
        let stream = K::stream(id);
        let event_id = EventId(self.ids().next());
        let entry =
            Entry { by: acting.by.clone(), cause: None, facts: events.into_iter().map(K::fact).collect() };
        let sealing = Sealing {
            stream,
            event_id,
            body: BodyHash::default(),
            key,
            happened_at: acting.now,
            recorded_at: acting.now,
        };
        let proposed = seal(self.vault(), &sealing, &entry).map_err(ActError::Seal)?;
        let ticket = self.log().submit(stream, Expected::At(held.revision), vec![proposed]);
        let (Some(position), Some(revision)) = (ticket.position(), ticket.revision()) else {
            return Err(ActError::Append(ticket.wait().err().unwrap_or(AppendError::Empty)));
        };
        let recorded = Recorded {
            position,
            revision,
            stream,
            id: event_id,
            key,
            happened_at: acting.now,
            recorded_at: acting.now,
            payload: Payload::Open(entry),
        };
        register.remember(self.vault(), &recorded);
        Ok(Some((position, ticket)))
    }
}
