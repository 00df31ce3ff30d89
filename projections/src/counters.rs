//! What suppliers sent and nothing else is kept of: counts by supplier and month.
//!
//! Of a refused consent nothing but a count is kept; of a repetition only that it was one.
//! Source: rules.md 3.3; contract.md section 3 (`unchanged`).

use chrono::{Datelike, NaiveDate};
use events::{
    intake::Event,
    recorded::{Payload, Recorded},
};
use vocabulary::{KeyId, OrganisationId, StreamKind, england_day};

use crate::{
    ReadModel, RowKey, Writing, facts,
    key::{read_word, write_word},
    usage::Count,
};

/// Counts by supplier, month and what is counted.
pub enum Counters {}

/// What is counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CounterKey {
    /// Whose.
    pub supplier: OrganisationId,
    /// In which month, by its first day.
    pub month: NaiveDate,
    /// What.
    pub counted: Counted,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counted {
    /// An event waited for a person.
    Queued,
    /// An event waited behind another.
    Waited,
    /// An event said what was so already.
    Repeated,
    /// Consent was refused.
    ConsentRefused,
}

impl Counted {
    /// Everything that is counted.
    pub const ALL: [Counted; 4] =
        [Counted::Queued, Counted::Waited, Counted::Repeated, Counted::ConsentRefused];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Counted::Queued => "queued",
            Counted::Waited => "waited",
            Counted::Repeated => "repeated",
            Counted::ConsentRefused => "consent_refused",
        }
    }
}

impl ReadModel for Counters {
    const NAME: &'static str = "counters.v1";
    const READS: &'static [StreamKind] = &[StreamKind::Intake];
    const WRITING: Writing = Writing::Counted;

    type Key = CounterKey;
    type Row = Count;

    fn keys(recorded: &Recorded) -> Vec<CounterKey> {
        let mut keys = counted(recorded);
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    fn evolve(row: Option<Count>, key: &CounterKey, recorded: &Recorded) -> Option<Count> {
        let more = counted(recorded).iter().filter(|of| *of == key).count();
        Some(Count { count: row.unwrap_or_default().count + more as u64 })
    }

    fn sealed_under(_row: &Count, _recorded: &Recorded) -> KeyId {
        KeyId::CLEAR
    }
}

/// What a record is counted under, once each time.
fn counted(recorded: &Recorded) -> Vec<CounterKey> {
    let Payload::Open(entry) = &recorded.payload else { return Vec::new() };
    let day = england_day(recorded.recorded_at);
    let month = day.with_day(1).unwrap_or(day);
    let of =
        |supplier: &OrganisationId, counted| Some(CounterKey { supplier: supplier.clone(), month, counted });
    let keys = entry.facts.iter().filter_map(facts::of_intake).filter_map(|event| match event {
        Event::EventQueued(queued) => of(&queued.supplier, Counted::Queued),
        Event::EventWaiting(waiting) => of(&waiting.supplier, Counted::Waited),
        Event::StatementRepeated { supplier, .. } => of(supplier, Counted::Repeated),
        Event::ConsentRefusalCounted { supplier } => of(supplier, Counted::ConsentRefused),
        Event::LikenessFound(_) | Event::QueueDecided { .. } | Event::EventResolved(_) => None,
    });
    keys.collect()
}

impl RowKey for CounterKey {
    fn write(&self, out: &mut Vec<u8>) {
        self.supplier.write(out);
        self.month.write(out);
        write_word(self.counted.name(), out);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let supplier = OrganisationId::read(bytes)?;
        let month = NaiveDate::read(bytes)?;
        let word = read_word(bytes)?;
        let counted = Counted::ALL.into_iter().find(|counted| counted.name() == word)?;
        Some(CounterKey { supplier, month, counted })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        samples::{intake, item, organisation, queued, waiting},
        spec::{counts_in_any_order, erased, given, told},
    };
    use serde_json::json;

    fn key(counted: Counted) -> CounterKey {
        CounterKey { supplier: organisation("org:a"), month: "2026-06-01".parse().unwrap(), counted }
    }

    #[test]
    fn what_a_supplier_sent_is_counted_by_month() {
        let refused = || intake("consent_refusal_counted", &json!({"supplier": "org:a"}));
        let repeated = intake("statement_repeated", &json!({"supplier": "org:a"}));
        let rows = given([
            told(item(1).stream(), [refused()]),
            told(item(2).stream(), [refused()]),
            told(item(3).stream(), [repeated]),
            told(item(4).stream(), [queued(&[])]),
            told(item(5).stream(), [waiting(item(4))]),
        ])
        .rows::<Counters>();
        let counts = Counted::ALL.map(|counted| rows[&key(counted)].count);
        assert_eq!(counts, [1, 1, 1, 2]);
    }

    #[test]
    fn events_count_the_same_in_any_order() {
        let refused = || intake("consent_refusal_counted", &json!({"supplier": "org:a"}));
        let tellings = [
            told(item(1).stream(), [refused()]),
            told(item(4).stream(), [queued(&[])]),
            told(item(5).stream(), [waiting(item(4))]),
            told(item(2).stream(), [refused()]),
        ];
        counts_in_any_order::<Counters>(&crate::spec::records(tellings));
    }

    #[test]
    fn a_forgotten_item_counts_nothing() {
        assert!(given([erased(item(1).stream())]).rows::<Counters>().is_empty());
    }

    #[test]
    fn a_key_survives_being_written() {
        for counted in Counted::ALL {
            assert_eq!(CounterKey::decode(&key(counted).encode()), Some(key(counted)));
        }
    }
}
