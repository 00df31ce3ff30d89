//! How often the staff of each organisation looked: counts by day, role, reason and kind of look.
//!
//! No child and no person stands here. Looks whose month's key was destroyed are not counted by a rebuild.
//! Source: rules.md 6.1 (counts of staff looks are not suppressed).

use chrono::NaiveDate;
use events::{
    access,
    recorded::{Payload, Recorded},
    search,
};
use serde::{Deserialize, Serialize};
use vocabulary::{AccessReason, KeyId, OrganisationId, Role, StreamKind, england_day};

use crate::{
    ReadModel, RowKey, Writing, facts,
    key::{read_word, write_word},
    listings,
};

/// Counts of looks, by organisation and day.
pub enum Usage {}

/// What is counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UsageKey {
    /// Whose staff.
    pub organisation: OrganisationId,
    /// On which civil day.
    pub day: NaiveDate,
    /// In which role.
    pub role: Role,
    /// Why.
    pub reason: AccessReason,
    /// What kind of look.
    pub kind: Kind,
}

/// What kind of look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A page of results was delivered.
    Search,
    /// A child stood on such a page.
    Listed,
    /// A record was opened.
    Open,
    /// A shield was overridden.
    Override,
    /// A history was replayed.
    Replay,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 5] = [Kind::Search, Kind::Listed, Kind::Open, Kind::Override, Kind::Replay];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Search => "search",
            Kind::Listed => "listed",
            Kind::Open => "open",
            Kind::Override => "override",
            Kind::Replay => "replay",
        }
    }
}

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Count {
    /// How often.
    pub count: u64,
}

impl Count {
    /// The same with what a record adds under `key`.
    pub(crate) fn and<K: PartialEq>(self, counted: Vec<(K, u64)>, key: &K) -> Count {
        let more: u64 = counted.into_iter().filter(|(of, _)| of == key).map(|(_, count)| count).sum();
        Count { count: self.count + more }
    }
}

/// The keys of what a record adds, each once.
pub(crate) fn keys_of<K: Ord>(counted: Vec<(K, u64)>) -> Vec<K> {
    let mut keys: Vec<K> = counted.into_iter().map(|(key, _)| key).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

impl ReadModel for Usage {
    const NAME: &'static str = "usage.v1";
    const READS: &'static [StreamKind] = &[StreamKind::Access, StreamKind::Search];
    const WRITING: Writing = Writing::Counted;

    type Key = UsageKey;
    type Row = Count;

    fn keys(recorded: &Recorded) -> Vec<UsageKey> {
        keys_of(counted(recorded))
    }

    fn evolve(row: Option<Count>, key: &UsageKey, recorded: &Recorded) -> Option<Count> {
        Some(row.unwrap_or_default().and(counted(recorded), key))
    }

    fn sealed_under(_row: &Count, _recorded: &Recorded) -> KeyId {
        KeyId::CLEAR
    }
}

/// What a record adds to which counts.
pub(crate) fn counted(recorded: &Recorded) -> Vec<(UsageKey, u64)> {
    let Payload::Open(entry) = &recorded.payload else { return Vec::new() };
    let events::recorded::Actor::Person(person) = &entry.by else { return Vec::new() };
    let key = |reason: AccessReason, kind: Kind| UsageKey {
        organisation: person.organisation.clone(),
        day: england_day(recorded.recorded_at),
        role: person.role,
        reason,
        kind,
    };
    let mut counted = Vec::new();
    for event in entry.facts.iter().filter_map(facts::of_search) {
        match event {
            search::Event::SearchDelivered(delivered) => {
                counted.push((key(delivered.reason, Kind::Search), 1));
                let listed = listings::listed(event).len();
                if listed > 0 {
                    counted.push((key(delivered.reason, Kind::Listed), listed as u64));
                }
            }
            // A list or a report is no search: usage counts what people look for.
            search::Event::ListDelivered { .. }
            | search::Event::ReportDelivered { .. }
            | search::Event::SearchRefused { .. } => (),
        }
    }
    // An override stands in one record with the opening that it was for, and takes its reason from it.
    let mut reason = None;
    for event in entry.facts.iter().filter_map(facts::of_access) {
        match event {
            access::Event::RecordOpened(opened) => {
                reason = Some(opened.reason);
                counted.push((key(opened.reason, Kind::Open), 1));
            }
            access::Event::HistoryReplayed(_) => {
                counted.push((key(AccessReason::CaseReview, Kind::Replay), 1));
            }
            access::Event::SubjectAccessGiven(_) => {
                counted.push((key(AccessReason::SubjectAccess, Kind::Open), 1));
            }
            access::Event::ShieldOverridden { .. }
            | access::Event::InvestigationOpened { .. }
            | access::Event::AlertRaised { .. }
            | access::Event::ReviewClosed { .. }
            | access::Event::ReviewDrawn { .. }
            | access::Event::OpeningRefused { .. } => (),
        }
    }
    let overridden = entry.facts.iter().filter_map(facts::of_access);
    let overrides =
        overridden.filter(|event| matches!(event, access::Event::ShieldOverridden { .. })).count();
    if let (Some(reason), 1..) = (reason, overrides) {
        counted.push((key(reason, Kind::Override), overrides as u64));
    }
    counted
}

impl UsageKey {
    /// The beginning of all keys of one organisation, by day.
    pub fn of(organisation: &OrganisationId) -> Vec<u8> {
        organisation.encode()
    }

    /// The beginning of all keys of one organisation on one day.
    pub fn on(organisation: &OrganisationId, day: NaiveDate) -> Vec<u8> {
        (organisation.clone(), day).encode()
    }
}

impl RowKey for UsageKey {
    fn write(&self, out: &mut Vec<u8>) {
        self.organisation.write(out);
        self.day.write(out);
        // Words and not numbers: a list that is put in another order must not change what is stored.
        write_word(self.role.name(), out);
        write_word(self.reason.name(), out);
        write_word(self.kind.name(), out);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let organisation = OrganisationId::read(bytes)?;
        let day = NaiveDate::read(bytes)?;
        let role = read_word(bytes)?.parse().ok()?;
        let reason = read_word(bytes)?.parse().ok()?;
        let word = read_word(bytes)?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == word)?;
        Some(UsageKey { organisation, day, role, reason, kind })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        samples::{ava, ben, listed, nurse, opened, organisation, overridden},
        spec::{counts_in_any_order, erased, given, told},
    };
    use events::recorded::{Actor, Person};
    use vocabulary::{Assurance, Channel};

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

    fn key(reason: AccessReason, kind: Kind) -> UsageKey {
        UsageKey {
            organisation: organisation("org:a"),
            day: "2026-06-01".parse().unwrap(),
            role: Role::Practitioner,
            reason,
            kind,
        }
    }

    #[test]
    fn a_page_counts_once_and_each_child_on_it_counts_as_listed() {
        let rows = given([
            told(nurse().search_stream(), [listed(&[ava(), ben()])]).by(by_nurse()),
            told(nurse().search_stream(), [listed(&[ava()])]).by(by_nurse()),
        ])
        .rows::<Usage>();
        assert_eq!(rows[&key(AccessReason::Assessment, Kind::Search)], Count { count: 2 });
        assert_eq!(rows[&key(AccessReason::Assessment, Kind::Listed)], Count { count: 3 });
        assert_eq!(rows.len(), 2);
    }

    #[test]
    fn an_override_counts_beside_the_opening_that_it_was_for() {
        let rows = given([told(ava().access_stream(), [opened("emergency"), overridden()]).by(by_nurse())])
            .rows::<Usage>();
        assert_eq!(rows[&key(AccessReason::Emergency, Kind::Open)], Count { count: 1 });
        assert_eq!(rows[&key(AccessReason::Emergency, Kind::Override)], Count { count: 1 });
    }

    #[test]
    fn looks_count_the_same_in_any_order() {
        let tellings = || {
            [
                told(nurse().search_stream(), [listed(&[ava(), ben()])]).by(by_nurse()),
                told(ava().access_stream(), [opened("emergency"), overridden()]).by(by_nurse()),
                told(nurse().search_stream(), [listed(&[ava()])]).by(by_nurse()),
                erased(ben().access_stream()),
            ]
        };
        counts_in_any_order::<Usage>(&crate::spec::records(tellings()));
    }

    #[test]
    fn a_forgotten_look_counts_nothing() {
        assert_eq!(given([erased(ava().access_stream())]).rows::<Usage>().len(), 0);
    }

    #[test]
    fn a_key_survives_being_written_and_sorts_by_organisation_and_day() {
        let key = key(AccessReason::Emergency, Kind::Open);
        assert_eq!(UsageKey::decode(&key.encode()), Some(key.clone()));
        assert!(key.encode().starts_with(&UsageKey::on(&key.organisation, key.day)));
        assert!(UsageKey::on(&key.organisation, key.day).starts_with(&UsageKey::of(&key.organisation)));
    }
}
