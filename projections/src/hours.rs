//! At which hours of the day the staff of each organisation looked: counts by month, hour and kind of look.
//!
//! Beside [`usage`](crate::usage) and not in its key, which an hour would make six times as many. By civil hour in
//! England. Source: rules.md 6.1.

use chrono::{Datelike, NaiveDate, Timelike};
use events::recorded::Recorded;
use vocabulary::{KeyId, OrganisationId, StreamKind, england_time};

use crate::{
    ReadModel, RowKey, Writing,
    key::{read_word, write_word},
    usage::{Count, Kind, counted, keys_of},
};

/// Counts of looks, by organisation, month and hour.
pub enum UsageHours {}

/// What is counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HourKey {
    /// Whose staff.
    pub organisation: OrganisationId,
    /// In which month, by its first day.
    pub month: NaiveDate,
    /// At which hour, 0 to 23.
    pub hour: u8,
    /// What kind of look.
    pub kind: Kind,
}

impl ReadModel for UsageHours {
    const NAME: &'static str = "usage_hours.v1";
    const READS: &'static [StreamKind] = &[StreamKind::Access, StreamKind::Search];
    const WRITING: Writing = Writing::Counted;

    type Key = HourKey;
    type Row = Count;

    fn keys(recorded: &Recorded) -> Vec<HourKey> {
        keys_of(by_hour(recorded))
    }

    fn evolve(row: Option<Count>, key: &HourKey, recorded: &Recorded) -> Option<Count> {
        Some(row.unwrap_or_default().and(by_hour(recorded), key))
    }

    fn sealed_under(_row: &Count, _recorded: &Recorded) -> KeyId {
        KeyId::CLEAR
    }
}

fn by_hour(recorded: &Recorded) -> Vec<(HourKey, u64)> {
    let hour = u8::try_from(england_time(recorded.recorded_at).hour()).unwrap_or_default();
    let counted = counted(recorded).into_iter().map(|(key, count)| {
        let month = key.day.with_day(1).unwrap_or(key.day);
        (HourKey { organisation: key.organisation, month, hour, kind: key.kind }, count)
    });
    counted.collect()
}

impl RowKey for HourKey {
    fn write(&self, out: &mut Vec<u8>) {
        self.organisation.write(out);
        self.month.write(out);
        self.hour.write(out);
        write_word(self.kind.name(), out);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let organisation = OrganisationId::read(bytes)?;
        let month = NaiveDate::read(bytes)?;
        let hour = u8::read(bytes)?;
        let word = read_word(bytes)?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == word)?;
        Some(HourKey { organisation, month, hour, kind })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        samples::{ava, ben, listed, nurse, opened, organisation, overridden},
        spec::{counts_in_any_order, given, records, told},
    };
    use events::recorded::{Actor, Person};
    use vocabulary::{Assurance, Channel, Role};

    fn by_nurse() -> Actor {
        Actor::Person(Person {
            account: nurse(),
            organisation: organisation("org:a"),
            role: Role::Practitioner,
            channel: Channel::Web,
            assurance: Assurance::OwnSignIn,
            on_behalf_of: None,
            called_back: false,
            client: None,
            asserted: None,
        })
    }

    fn tellings() -> [crate::spec::Telling; 2] {
        [
            told(nurse().search_stream(), [listed(&[ava(), ben()])]).by(by_nurse()),
            told(ava().access_stream(), [opened("emergency"), overridden()]).by(by_nurse()),
        ]
    }

    #[test]
    fn looks_are_counted_at_their_hour_in_england() {
        let rows = given(tellings()).rows::<UsageHours>();
        let key = rows.keys().next().unwrap().clone();
        assert_eq!(HourKey::decode(&key.encode()), Some(key.clone()));
        assert!(key.encode().starts_with(&(key.organisation.clone(), key.month).encode()));
        assert_eq!(key.month.to_string(), "2026-06-01");
        let counts: Vec<(Kind, u64)> = rows.iter().map(|(of, row)| (of.kind, row.count)).collect();
        assert_eq!(counts, [(Kind::Search, 1), (Kind::Listed, 2), (Kind::Open, 1), (Kind::Override, 1)]);
    }

    #[test]
    fn hours_count_the_same_in_any_order() {
        counts_in_any_order::<UsageHours>(&records(tellings()));
    }
}
