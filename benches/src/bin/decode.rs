//! Measures how fast records are unsealed and decoded on one core: the inner loop of every rebuild.
//!
//! `cargo run --release -p benches --bin decode -- [RECORDS]`. Payloads are invented involvements of about the
//! size that the log's own benchmark assumes, each child under a key of its own.

#![expect(clippy::print_stdout, reason = "a benchmark tells its figures")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock and draws ids")]

use std::time::Instant;

use anyhow::Context as _;
use chrono::DateTime;
use event_log::Header;
use events::{
    Fact,
    child::{Event, involvement::Started},
    codec,
    recorded::{Actor, Entry},
};
use uuid::Uuid;
use vault::{Opened, Vault};
use vocabulary::{
    BodyHash, ClientId, Contact, ContactKind, ContactUse, EventId, InvolvementId, KeyedRef, Label,
    ServiceType, Stream, StreamKind,
};

/// Children, and so keys, over which the records are spread.
const CHILDREN: usize = 20_000;

struct Sealed {
    header: Header,
    dictionary: u8,
    bytes: Vec<u8>,
}

fn main() -> anyhow::Result<()> {
    let records: usize =
        std::env::args().nth(1).map_or(Ok(400_000), |text| text.parse()).context("RECORDS")?;
    let folder = tempfile::tempdir()?;
    let vault = Vault::create(&folder.path().join("keys"))?;
    let keys = (0..CHILDREN).map(|_| vault.mint()).collect::<Result<Vec<_>, _>>()?;
    let mut sealed = Vec::with_capacity(records);
    let (mut plain_bytes, mut sealed_bytes) = (0, 0);
    for (number, key) in (0..records).zip(keys.iter().cycle()) {
        let payload = codec::encode(&entry(number)?);
        let header = Header {
            salt: *Uuid::new_v4().as_bytes(),
            stream: Stream::new(StreamKind::Child, Uuid::from_u128(u128::from(key.slot))),
            event_id: EventId(Uuid::new_v4()),
            body_hash: BodyHash::default(),
            happened_at: 0,
            recorded_at: 0,
            class: StreamKind::Child as u8,
            key: *key,
            schema: codec::SCHEMA,
        };
        let done = vault.seal(*key, nonce(header.salt), &header.sealing_binds(), &payload)?;
        plain_bytes += payload.len();
        sealed_bytes += done.bytes.len();
        sealed.push(Sealed { header, dictionary: done.dictionary, bytes: done.bytes });
    }
    println!(
        "{records} records, {} bytes of JSON and {} sealed on average",
        plain_bytes / records,
        sealed_bytes / records
    );
    for round in 1..=5 {
        let (mut open, mut whole) = (0.0, 0.0);
        let mut plain = Vec::new();
        let began = Instant::now();
        for record in &sealed {
            unseal(&vault, record, &mut plain)?;
        }
        open += began.elapsed().as_secs_f64();
        let began_again = Instant::now();
        let mut facts = 0;
        for record in &sealed {
            unseal(&vault, record, &mut plain)?;
            facts += codec::decode(record.header.stream.kind, record.header.schema, &plain)?.facts.len();
        }
        whole += began_again.elapsed().as_secs_f64();
        anyhow::ensure!(facts == records, "every record holds one fact");
        let rate = |seconds: f64| f64::from(u32::try_from(records).unwrap_or(u32::MAX)) / seconds / 1e6;
        println!(
            "round {round}: unsealed {:.2} M/s, unsealed and decoded {:.2} M/s",
            rate(open),
            rate(whole)
        );
    }
    Ok(())
}

fn unseal(vault: &Vault, record: &Sealed, plain: &mut Vec<u8>) -> anyhow::Result<()> {
    let opened = vault.open_payload(
        record.header.key,
        nonce(record.header.salt),
        &record.header.sealing_binds(),
        record.dictionary,
        &record.bytes,
        plain,
    )?;
    anyhow::ensure!(opened == Opened::Plain, "the key lives");
    Ok(())
}

fn nonce(salt: [u8; 16]) -> [u8; 12] {
    let [first @ .., _, _, _, _] = salt;
    first
}

fn entry(number: usize) -> anyhow::Result<Entry> {
    let id = |kind: u128| Uuid::from_u128(kind << 64 | number as u128);
    let day = DateTime::from_timestamp(1_770_000_000, 0).context("an instant")?.date_naive();
    Ok(Entry {
        by: Actor::Supplier {
            organisation: "gss:E06900001".parse()?,
            client: Some(ClientId("client-0001".to_owned())),
        },
        cause: None,
        facts: vec![Fact::Child(Event::InvolvementStarted(Started {
            involvement: InvolvementId::new(id(1)),
            source: KeyedRef::new(id(2)),
            supplier: "gss:E06900001".parse()?,
            organisation: "gss:E06900001".parse()?,
            service_type: ServiceType::SocialCare,
            practitioner: None,
            team: Some(Label::new("Assessment")?),
            contacts: vec![Contact {
                kind: ContactKind::Telephone,
                used: Some(ContactUse::Duty),
                value: format!("020 7946 0{:03}", number % 1_000),
                hours: None,
            }],
            started_on: day,
            ended_on: None,
            episode: None,
            basis: None,
            version: None,
        }))],
    })
}
