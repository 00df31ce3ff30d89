//! How often a shield was overridden: counts by organisation, day, role and ground.
//!
//! No child and no person stands here. Source: rules.md 2.5, 6.1.

use chrono::NaiveDate;
use events::{
    access::{Event, OverrideGround},
    recorded::{Actor, Payload, Recorded},
};
use vocabulary::{KeyId, OrganisationId, Role, StreamKind, england_day};

use crate::{
    ReadModel, RowKey, Writing, facts,
    key::{read_word, write_word},
    usage::Count,
};

/// Counts of overrides, by organisation and day.
pub enum Overrides {}

/// What is counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OverrideKey {
    /// Whose staff.
    pub organisation: OrganisationId,
    /// On which civil day.
    pub day: NaiveDate,
    /// In which role.
    pub role: Role,
    /// On what ground.
    pub ground: OverrideGround,
}

impl ReadModel for Overrides {
    const NAME: &'static str = "overrides.v1";
    const READS: &'static [StreamKind] = &[StreamKind::Access];
    const WRITING: Writing = Writing::Counted;

    type Key = OverrideKey;
    type Row = Count;

    fn keys(recorded: &Recorded) -> Vec<OverrideKey> {
        let mut keys = counted(recorded);
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    fn evolve(row: Option<Count>, key: &OverrideKey, recorded: &Recorded) -> Option<Count> {
        let more = counted(recorded).iter().filter(|of| *of == key).count();
        Some(Count { count: row.unwrap_or_default().count + more as u64 })
    }

    fn sealed_under(_row: &Count, _recorded: &Recorded) -> KeyId {
        KeyId::CLEAR
    }
}

fn counted(recorded: &Recorded) -> Vec<OverrideKey> {
    let Payload::Open(entry) = &recorded.payload else { return Vec::new() };
    let Actor::Person(person) = &entry.by else { return Vec::new() };
    let keys = entry.facts.iter().filter_map(facts::of_access).filter_map(|event| {
        let Event::ShieldOverridden { ground, .. } = event else { return None };
        Some(OverrideKey {
            organisation: person.organisation.clone(),
            day: england_day(recorded.recorded_at),
            role: person.role,
            ground: *ground,
        })
    });
    keys.collect()
}

impl RowKey for OverrideKey {
    fn write(&self, out: &mut Vec<u8>) {
        self.organisation.write(out);
        self.day.write(out);
        write_word(self.role.name(), out);
        write_word(self.ground.name(), out);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let organisation = OrganisationId::read(bytes)?;
        let day = NaiveDate::read(bytes)?;
        let role = read_word(bytes)?.parse().ok()?;
        let word = read_word(bytes)?;
        let ground = OverrideGround::ALL.into_iter().find(|ground| ground.name() == word)?;
        Some(OverrideKey { organisation, day, role, ground })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        samples::{ava, nurse, opened, organisation, overridden},
        spec::{counts_in_any_order, given, records, told},
    };
    use events::recorded::Person;
    use vocabulary::{Assurance, Channel};

    fn telling() -> crate::spec::Telling {
        let by = Actor::Person(Person {
            account: nurse(),
            organisation: organisation("org:a"),
            role: Role::PractitionerOverride,
            channel: Channel::Web,
            assurance: Assurance::OwnSignIn,
            on_behalf_of: None,
            called_back: false,
            client: None,
            asserted: None,
        });
        told(ava().access_stream(), [opened("emergency"), overridden()]).by(by)
    }

    #[test]
    fn an_override_counts_by_its_ground_and_an_opening_alone_does_not() {
        let rows = given([telling(), telling()]).rows::<Overrides>();
        let (key, row) = rows.first_key_value().unwrap();
        assert_eq!((rows.len(), row.count, key.role), (1, 2, Role::PractitionerOverride));
        assert_eq!(OverrideKey::decode(&key.encode()).as_ref(), Some(key));
        let plain = told(ava().access_stream(), [opened("emergency")]);
        assert_eq!(given([plain]).rows::<Overrides>().len(), 0);
    }

    #[test]
    fn overrides_count_the_same_in_any_order() {
        counts_in_any_order::<Overrides>(&records([telling(), telling()]));
    }
}
