//! What suppliers sent, and when they last did: counts by supplier and month.
//!
//! Of a refused consent nothing but a count is kept; of a repetition only that it was one. What a supplier told of
//! sensitive or protected services is not counted, so that no count tells of it. A refused event leaves no record.
//! Source: rules.md 2.3, 3.3, 6.1; contract.md section 3 (`unchanged`).

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use events::{
    child,
    intake::Event,
    recorded::{Actor, Payload, Recorded},
};
use serde::{Deserialize, Serialize};
use vocabulary::{KeyId, OrganisationId, ServiceClass, StreamKind, england_day};

use crate::{
    ReadModel, RowKey, Writing, facts,
    key::{read_word, write_word},
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
    /// A child's details were described anew.
    Described,
    /// Education or primary care was stated.
    Stated,
    /// An entry of a universal or additional service began.
    Started,
    /// An older version came after a newer one.
    Late,
    /// What it said differs from what stands.
    Discrepancy,
    /// A link was disputed, or a child was entered in error.
    Mistaken,
}

/// How often, and when last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// How often.
    pub count: u64,
    /// When last.
    pub last: DateTime<Utc>,
}

impl Counted {
    /// Everything that is counted.
    pub const ALL: [Counted; 10] = [
        Counted::Queued,
        Counted::Waited,
        Counted::Repeated,
        Counted::ConsentRefused,
        Counted::Described,
        Counted::Stated,
        Counted::Started,
        Counted::Late,
        Counted::Discrepancy,
        Counted::Mistaken,
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Counted::Queued => "queued",
            Counted::Waited => "waited",
            Counted::Repeated => "repeated",
            Counted::ConsentRefused => "consent_refused",
            Counted::Described => "described",
            Counted::Stated => "stated",
            Counted::Started => "started",
            Counted::Late => "late",
            Counted::Discrepancy => "discrepancy",
            Counted::Mistaken => "mistaken",
        }
    }
}

impl ReadModel for Counters {
    const NAME: &'static str = "counters.v2";
    const READS: &'static [StreamKind] = &[StreamKind::Child, StreamKind::Intake];
    const WRITING: Writing = Writing::Counted;

    type Key = CounterKey;
    type Row = Sent;

    fn keys(recorded: &Recorded) -> Vec<CounterKey> {
        let mut keys = counted(recorded);
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    fn evolve(row: Option<Sent>, key: &CounterKey, recorded: &Recorded) -> Option<Sent> {
        let more = counted(recorded).iter().filter(|of| *of == key).count() as u64;
        let (before, last) = row.map_or((0, recorded.recorded_at), |row| (row.count, row.last));
        Some(Sent { count: before + more, last: last.max(recorded.recorded_at) })
    }

    fn sealed_under(_row: &Sent, _recorded: &Recorded) -> KeyId {
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
    let mut keys: Vec<CounterKey> = keys.collect();
    if let Actor::Supplier { organisation, .. } = &entry.by {
        let told = entry.facts.iter().filter_map(facts::of_child).filter_map(said);
        keys.extend(told.filter_map(|counted| of(organisation, counted)));
    }
    keys
}

/// What a supplier's fact about a child counts as.
fn said(event: &child::Event) -> Option<Counted> {
    match event {
        child::Event::ChildDescribed(_) => Some(Counted::Described),
        child::Event::EducationStated(_) | child::Event::PrimaryCareStated(_) => Some(Counted::Stated),
        child::Event::InvolvementStarted(started) => match started.service_type.class() {
            ServiceClass::Universal | ServiceClass::Additional => Some(Counted::Started),
            ServiceClass::Sensitive | ServiceClass::Protected => None,
        },
        child::Event::OlderVersionReceived(older) => older.episode.is_none().then_some(Counted::Late),
        child::Event::DiscrepancyRaised(raised) => {
            (!raised.fields.is_empty()).then_some(Counted::Discrepancy)
        }
        child::Event::LinkDisputed(_) | child::Event::ChildEnteredInError(_) => Some(Counted::Mistaken),
        child::Event::ChildRegistered(_)
        | child::Event::LocalRefLinked(_)
        | child::Event::LocalRefsMerged(_)
        | child::Event::SamePerson(_)
        | child::Event::NotSamePerson(_)
        | child::Event::AuthorityAllocated(_)
        | child::Event::ResponsibilityTransferProposed(_)
        | child::Event::ResponsibilityTransferAgreed(_)
        | child::Event::ResponsibilityTransferAccepted(_)
        | child::Event::ResponsibilityTransferDeclined(_)
        | child::Event::DiscrepancySettled(_)
        | child::Event::InvolvementUpdated(_)
        | child::Event::InvolvementEnded(_)
        | child::Event::InvolvementEnteredInError(_)
        | child::Event::PractitionerContactsChanged(_)
        | child::Event::CommonAssessmentIndicated(_)
        | child::Event::CommonAssessmentWithdrawn(_)
        | child::Event::LeadProfessionalNamed(_)
        | child::Event::LeadProfessionalRelinquished(_)
        | child::Event::LeadProfessionalClashed(_)
        | child::Event::InvolvementNotified(_)
        | child::Event::NotificationAcknowledged(_)
        | child::Event::ContactMade(_)
        | child::Event::SharingDeclined(_)
        | child::Event::ConsentGiven(_)
        | child::Event::ConsentWithdrawn(_)
        | child::Event::SignificantHarmRecorded(_)
        | child::Event::SignificantHarmReviewed(_)
        | child::Event::ShieldRequested(_)
        | child::Event::ShieldApplied(_)
        | child::Event::ShieldRefused(_)
        | child::Event::ShieldReviewed(_)
        | child::Event::ShieldLifted(_)
        | child::Event::ChildDied(_)
        | child::Event::ChildLeftEngland(_)
        | child::Event::RecordArchived(_)
        | child::Event::RecordRestored(_)
        | child::Event::ArchiveAgeExtended(_)
        | child::Event::ArchiveAgeWithdrawn(_)
        | child::Event::LegalHoldPlaced(_)
        | child::Event::LegalHoldLifted(_)
        | child::Event::RecordClosed(_)
        | child::Event::RecordReopened(_)
        | child::Event::CanaryMarked(_)
        | child::Event::CanaryUnmarked(_)
        | child::Event::NoticeGiven(_)
        | child::Event::ParentIncluded(_)
        | child::Event::ParentLeftOut(_) => None,
    }
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
        samples::{
            ava, consented, described, educated, intake, item, linked, organisation, queued, registered,
            started, started_sensitive, waiting,
        },
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
        let counts = Counted::ALL.map(|counted| rows.get(&key(counted)).map_or(0, |row| row.count));
        assert_eq!(counts, [1, 1, 1, 2, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn what_a_supplier_tells_of_children_is_counted_and_of_sensitive_services_nothing_is() {
        let supplier = || Actor::Supplier { organisation: organisation("org:a"), client: None };
        let facts =
            [registered(), linked(), described(), educated("attending"), started(1, "org:b", "school")];
        let hidden = [consented(), started_sensitive(2), started(3, "org:c", "refuge")];
        let rows = given([
            told(ava().stream(), facts).by(supplier()),
            told(ava().stream(), hidden).by(supplier()),
            told(ava().stream(), [described()]),
        ])
        .rows::<Counters>();
        let counts: Vec<(Counted, u64)> = rows.iter().map(|(key, row)| (key.counted, row.count)).collect();
        assert_eq!(counts, [(Counted::Described, 1), (Counted::Stated, 1), (Counted::Started, 1)]);
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
