//! Invented histories for the specs of rows and of catching up, sealed into a log in memory.

use std::{path::Path, sync::Arc};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use event_log::{EventLog, Expected, Header, MemoryLog, Proposed};
use events::{
    Fact, erasure,
    recorded::{Actor, Entry, Person},
};
use serde_json::{Value, from_value, json};
use uuid::Uuid;
use vault::Vault;
use vocabulary::{
    AccountId, Assurance, BodyHash, Channel, ChildId, EventId, IntakeId, KeyId, Role, Stream, StreamKind,
};

use crate::{
    rows::Rows,
    unseal::{Sealing, seal},
};

/// A log, its keys, and room for rows; gone when dropped.
pub(crate) struct Story {
    pub(crate) log: MemoryLog,
    pub(crate) vault: Arc<Vault>,
    pub(crate) folder: tempfile::TempDir,
    told: u128,
}

pub(crate) fn child(number: u128) -> ChildId {
    ChildId::new(Uuid::from_u128(0xa000 + number))
}

pub(crate) fn nurse() -> AccountId {
    AccountId::new(Uuid::from_u128(0xc))
}

pub(crate) fn item(number: u128) -> IntakeId {
    IntakeId::new(Uuid::from_u128(0xe000 + number))
}

pub(crate) fn fact<E: serde::de::DeserializeOwned>(family: fn(E) -> Fact, name: &str, data: &Value) -> Fact {
    family(from_value(json!({"type": name, "data": data})).unwrap())
}

/// The facts by which every child of a story begins.
pub(crate) fn beginning(number: u128) -> Vec<Fact> {
    let source = Uuid::from_u128(number);
    let told = json!({"forename": "Zebedee", "surname": "Quillfeather", "date_of_birth": "2015-04-02", "gender": "male"});
    vec![
        fact(
            Fact::Child,
            "child_registered",
            &json!({"number": "04817263599", "authority": "gss:E09000014"}),
        ),
        fact(
            Fact::Child,
            "local_ref_linked",
            &json!({"supplier": "org:a", "local_ref": source, "judgement": "new"}),
        ),
        fact(Fact::Child, "child_described", &json!({"source": source, "supplier": "org:a", "child": told})),
    ]
}

pub(crate) fn started(number: u128, involvement: u128) -> Fact {
    let data = json!({
        "involvement": Uuid::from_u128(involvement), "source": Uuid::from_u128(number), "supplier": "org:a",
        "organisation": "org:b", "service_type": "social_care", "team": "Duty", "contacts": [],
        "started_on": "2026-03-01",
    });
    fact(Fact::Child, "involvement_started", &data)
}

pub(crate) fn opened() -> Fact {
    let data = json!({
        "access": Uuid::from_u128(4), "number": "04817263599", "reason": "assessment", "relation": "none_held",
        "groups": ["A", "B"], "record_state": "live", "policy_version": 0,
    });
    fact(Fact::Access, "record_opened", &data)
}

/// One of several looks at a child that are reviewed, each a row of its own.
pub(crate) fn alerted(look: u128) -> Fact {
    let data = json!({
        "access": Uuid::from_u128(look), "signals": ["burst"],
        "looked": {"position": 1, "at": "2026-06-01T08:00:00Z", "account": Uuid::from_u128(9), "organisation": "org:a"},
    });
    fact(Fact::Access, "alert_raised", &data)
}

pub(crate) fn listed(children: &[ChildId]) -> Fact {
    let data = json!({
        "search": Uuid::from_u128(6), "page": 1, "reason": "assessment", "outcome": "found", "children": children,
        "criteria": {"surname": "Quillfeather"}, "policy_version": 0,
    });
    fact(Fact::Search, "search_delivered", &data)
}

pub(crate) fn queued(candidates: &[ChildId]) -> Fact {
    let told = json!({"type": "child.died", "data": {"child": {"local_ref": "r1"}, "on": "2026-05-31"}});
    let data = json!({
        "supplier": "org:a", "told": told, "candidates": candidates, "reason": "sounds_alike",
        "happened_at": "2026-06-01T08:00:00Z",
    });
    fact(Fact::Intake, "event_queued", &data)
}

pub(crate) fn resolved() -> Fact {
    fact(Fact::Intake, "event_resolved", &json!({"outcome": "unchanged"}))
}

impl Story {
    pub(crate) fn begin() -> Story {
        let folder = tempfile::tempdir().unwrap();
        let vault = Arc::new(Vault::create(&folder.path().join("keys")).unwrap());
        Story { log: MemoryLog::new(), vault, folder, told: 0 }
    }

    /// Opens the rows in the folder of this name.
    pub(crate) fn rows(&self, name: &str) -> Arc<Rows> {
        Arc::new(self.open(&self.folder.path().join(name)))
    }

    pub(crate) fn open(&self, folder: &Path) -> Rows {
        Rows::open(folder, Arc::clone(&self.vault), 1 << 20).unwrap()
    }

    /// Records facts in one record of a stream.
    pub(crate) fn tell(&mut self, stream: Stream, key: KeyId, facts: Vec<Fact>) {
        let by = Actor::Person(Person {
            account: nurse(),
            organisation: "org:a".parse().unwrap(),
            role: Role::Practitioner,
            channel: Channel::Web,
            assurance: Assurance::OwnSignIn,
            on_behalf_of: None,
            called_back: false,
            client: None,
            asserted: None,
        });
        let sealing = self.sealing(stream, key);
        let proposed = seal(&self.vault, &sealing, &Entry { by, cause: None, facts }).unwrap();
        self.log.submit(stream, Expected::Any, vec![proposed]).wait().unwrap();
    }

    /// Records a fact of a type that no version knows yet.
    pub(crate) fn tell_the_unknown(&mut self, stream: Stream, key: KeyId) {
        let Sealing { event_id, body, happened_at, recorded_at, .. } = self.sealing(stream, key);
        let header = Header {
            salt: [9; 16],
            stream,
            event_id,
            body_hash: body,
            happened_at: happened_at.timestamp_micros(),
            recorded_at: recorded_at.timestamp_micros(),
            class: 0,
            key,
            schema: events::codec::SCHEMA,
        };
        let plain = br#"{"by":"system","facts":[{"type":"child_levitated","data":{}}]}"#;
        let sealed = self.vault.seal(key, [9; 12], &header.sealing_binds(), plain).unwrap();
        let proposed = Proposed { header, payload: sealed.bytes, dictionary: sealed.dictionary };
        self.log.submit(stream, Expected::Any, vec![proposed]).wait().unwrap();
    }

    /// Destroys a key of a stream and tells it.
    pub(crate) fn forget(&mut self, stream: Stream, key: KeyId) {
        self.vault.destroy(key).unwrap();
        let fact = Fact::Erasure(erasure::Event::KeysDestroyed { stream, keys: vec![key] });
        self.tell(Stream::new(StreamKind::Erasure, stream.id), KeyId::CLEAR, vec![fact]);
    }

    pub(crate) fn mint(&self) -> KeyId {
        self.vault.mint().unwrap()
    }

    fn sealing(&mut self, stream: Stream, key: KeyId) -> Sealing {
        self.told += 1;
        let first = NaiveDate::from_ymd_opt(2026, 6, 1).unwrap().and_hms_opt(9, 0, 0).unwrap().and_utc();
        let at: DateTime<Utc> = first + Duration::minutes(i64::try_from(self.told).unwrap());
        Sealing {
            stream,
            event_id: EventId(Uuid::from_u128(self.told)),
            body: BodyHash::default(),
            key,
            happened_at: at,
            recorded_at: at,
        }
    }

    /// Tells a history of this seed: children that begin, change, are looked up, and now and then are forgotten.
    pub(crate) fn ramble(&mut self, seed: u64, records: u32) {
        let mut dice = Dice(seed);
        let month = self.mint();
        let mut keys: Vec<(u128, KeyId, bool)> = Vec::new();
        for step in 0..records {
            let number = u128::from(step);
            let living: Vec<_> =
                keys.iter().filter(|(_, _, lives)| *lives).map(|(of, key, _)| (*of, *key)).collect();
            let Some((of, key)) =
                living.get(dice.below(living.len().max(1))).copied().filter(|_| dice.below(6) > 0)
            else {
                let key = self.mint();
                keys.push((number, key, true));
                self.tell(child(number).stream(), key, beginning(number));
                continue;
            };
            match dice.below(8) {
                0 | 1 => self.tell(child(of).stream(), key, vec![started(of, number)]),
                2 => {
                    let ended = json!({"involvement": Uuid::from_u128(u128::from(step / 2)), "ended_on": "2026-05-01"});
                    self.tell(child(of).stream(), key, vec![fact(Fact::Child, "involvement_ended", &ended)]);
                }
                3 => {
                    let shield = json!({"shield": Uuid::from_u128(number), "ground": "domestic_abuse", "review_by": "2026-09-01"});
                    self.tell(child(of).stream(), key, vec![fact(Fact::Child, "shield_applied", &shield)]);
                }
                4 => self.tell(child(of).access_stream(), month, vec![opened(), alerted(number)]),
                5 => self.tell(nurse().search_stream(), month, vec![listed(&[child(of), child(0)])]),
                6 => {
                    self.tell(item(number).stream(), month, vec![queued(&[child(of)])]);
                    if dice.below(2) == 0 {
                        self.tell(item(number).stream(), month, vec![resolved()]);
                    }
                }
                _ => {
                    if dice.below(3) == 0 {
                        self.forget(child(of).stream(), key);
                        keys.retain(|(_, known, _)| *known != key);
                    }
                }
            }
        }
    }
}

/// Numbers that look random and are the same for a seed (xorshift, Marsaglia 2003).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let Dice(state) = self;
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        usize::try_from(*state >> 11).unwrap() % end
    }
}
