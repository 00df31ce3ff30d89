//! Who opened which record, when and why: one row a record of the log, found by child, by user, by organisation.
//!
//! Sealed under the key of its month, so that who looked outlives the child's record.
//! Source: contract.md section 2, `GET /api/v1/audit/accesses`; rules.md 2 (group J), 4.2.

use chrono::{DateTime, Utc};
use events::{
    access::Event,
    recorded::{Actor, Payload, Recorded},
};
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, ChildId, KeyId, OrganisationId, Position, StreamKind};

use crate::{Posting, ReadModel, Writing, facts};

/// Looks at records, by child and position.
pub enum AccessAudit {}

/// What one record of the log tells of a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// When.
    pub at: DateTime<Utc>,
    /// Who looked.
    pub by: Actor,
    /// What happened: opened, overridden, investigated, refused, replayed.
    pub events: Vec<Event>,
}

/// Number of the index of a user's looks.
const BY_ACCOUNT: u8 = 1;

/// Number of the index of an organisation's looks.
const BY_ORGANISATION: u8 = 2;

/// Number of the index of overrides.
const OVERRIDES: u8 = 3;

impl ReadModel for AccessAudit {
    const NAME: &'static str = "access_audit.v1";
    const READS: &'static [StreamKind] = &[StreamKind::Access];
    const WRITING: Writing = Writing::Once;

    type Key = (ChildId, Position);
    type Row = Look;

    fn keys(recorded: &Recorded) -> Vec<(ChildId, Position)> {
        vec![(ChildId::new(recorded.stream.id), recorded.position)]
    }

    fn evolve(_row: Option<Look>, _key: &(ChildId, Position), recorded: &Recorded) -> Option<Look> {
        match &recorded.payload {
            Payload::Erased => None,
            Payload::Open(entry) => {
                let events: Vec<Event> = entry.facts.iter().filter_map(facts::of_access).cloned().collect();
                (!events.is_empty()).then(|| Look { at: recorded.recorded_at, by: entry.by.clone(), events })
            }
        }
    }

    fn sealed_under(_row: &Look, recorded: &Recorded) -> KeyId {
        recorded.key
    }

    fn postings((_, position): &(ChildId, Position), row: &Look) -> Vec<Posting> {
        let mut postings = Vec::new();
        match &row.by {
            Actor::Person(person) => {
                postings.push(by_account(person.account).and(position));
                // What a mediator looked up for a colleague is the colleague's look as well.
                postings.extend(person.on_behalf_of.map(|caller| by_account(caller).and(position)));
                postings.push(by_organisation(&person.organisation).and(position));
            }
            Actor::Supplier { organisation, .. } => {
                postings.push(by_organisation(organisation).and(position));
            }
            Actor::System | Actor::Shell => (),
        }
        if row.events.iter().any(|event| matches!(event, Event::ShieldOverridden { .. })) {
            postings.push(overrides().and(position));
        }
        postings
    }
}

/// The beginning of all postings of a user's looks, the oldest first.
pub fn by_account(account: AccountId) -> Posting {
    Posting::of(BY_ACCOUNT).and(&account)
}

/// The beginning of all postings of an organisation's looks, the oldest first.
pub fn by_organisation(organisation: &OrganisationId) -> Posting {
    Posting::of(BY_ORGANISATION).and(organisation)
}

/// The beginning of all postings of overrides, the oldest first.
pub fn overrides() -> Posting {
    Posting::of(OVERRIDES)
}
