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
                events.iter().any(is_look).then(|| Look {
                    at: recorded.recorded_at,
                    by: entry.by.clone(),
                    events,
                })
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

/// Whether a fact is a look; what is said of one later is not.
fn is_look(event: &Event) -> bool {
    match event {
        Event::RecordOpened(_)
        | Event::ShieldOverridden { .. }
        | Event::OpeningRefused { .. }
        | Event::HistoryReplayed(_)
        | Event::SubjectAccessGiven(_) => true,
        Event::InvestigationOpened { .. }
        | Event::ReviewDrawn { .. }
        | Event::AlertRaised { .. }
        | Event::ReviewClosed { .. } => false,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        samples::{ava, nurse, opened, organisation, overridden},
        spec::{FIRST, KEY, erased, given, records, told},
    };
    use events::recorded::Person;
    use uuid::Uuid;
    use vocabulary::{Assurance, Channel, Role};

    fn mediator() -> AccountId {
        AccountId::new(Uuid::from_u128(0xcc))
    }

    fn by_mediator_for_nurse() -> Actor {
        Actor::Person(Person {
            account: mediator(),
            organisation: organisation("org:a"),
            role: Role::Mediator,
            channel: Channel::Mediated,
            assurance: Assurance::OwnSignIn,
            on_behalf_of: Some(nurse()),
            called_back: false,
            client: None,
            asserted: None,
        })
    }

    #[test]
    fn an_opening_is_one_row_with_who_when_and_why() {
        let look = told(ava().access_stream(), [opened("assessment")]).by(by_mediator_for_nurse());
        let given = given([look]);
        let found = given.row::<AccessAudit>(&(ava(), Position(1)));
        assert_eq!((found.get().at, &found.get().by), (FIRST, &by_mediator_for_nurse()));
        assert!(matches!(found.get().events.as_slice(), [Event::RecordOpened(_)]));
    }

    #[test]
    fn a_mediated_look_is_found_by_both_people_and_the_organisation() {
        let given = given([told(ava().access_stream(), [opened("assessment")]).by(by_mediator_for_nurse())]);
        let expected = [by_account(nurse()), by_account(mediator()), by_organisation(&organisation("org:a"))];
        let expected: Vec<Posting> = expected.into_iter().map(|posting| posting.and(&Position(1))).collect();
        assert_eq!(given.postings::<AccessAudit>().into_iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn an_override_is_found_among_the_overrides() {
        let given = given([told(ava().access_stream(), [opened("emergency"), overridden()])]);
        assert!(given.postings::<AccessAudit>().contains(&overrides().and(&Position(1))));
    }

    #[test]
    fn a_look_is_sealed_under_the_key_of_its_record_and_goes_with_it() {
        let records = records([told(ava().access_stream(), [opened("assessment")])]);
        let row = AccessAudit::evolve(None, &(ava(), Position(1)), &records[0]).unwrap();
        assert_eq!(AccessAudit::sealed_under(&row, &records[0]), KEY);
        given([erased(ava().access_stream())]).row::<AccessAudit>(&(ava(), Position(1))).is_none();
    }
}
