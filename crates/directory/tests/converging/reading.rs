//! The log read by hand: the test's own way from a sealed record to its facts, apart from the shell's.

use std::collections::BTreeMap;

use event_log::{EventLog, Payload};
use events::{Fact, access, child, search};
use vault::Vault;
use vocabulary::{ChildId, ChildNumber, Position, Stream};

/// One record with its facts.
pub(crate) struct Read {
    pub(crate) position: Position,
    pub(crate) stream: Stream,
    pub(crate) facts: Vec<Fact>,
}

/// Every record of a log.
pub(crate) fn whole(log: &dyn EventLog, vault: &Vault) -> Vec<Read> {
    let mut records = Vec::new();
    log.read_all(Position::ZERO, u32::MAX, &mut |record| {
        let Payload::Kept(sealed) = record.payload else { panic!("nothing was erased") };
        let header = record.header;
        let nonce = *header.salt.first_chunk::<12>().unwrap();
        let mut plain = Vec::new();
        let dictionary = record.dictionary;
        vault
            .open_payload(header.key, nonce, &header.sealing_binds(), dictionary, sealed, &mut plain)
            .unwrap();
        let entry = events::codec::decode(header.stream.kind, header.schema, &plain).unwrap();
        records.push(Read { position: record.position, stream: header.stream, facts: entry.facts });
    })
    .unwrap();
    records
}

/// The children that were registered, by number.
pub(crate) fn children(records: &[Read]) -> BTreeMap<ChildNumber, ChildId> {
    let mut children = BTreeMap::new();
    for record in records {
        for fact in &record.facts {
            if let Fact::Child(child::Event::ChildRegistered(registered)) = fact {
                children.insert(registered.number, ChildId::new(record.stream.id));
            }
        }
    }
    children
}

/// The openings told by one record.
pub(crate) fn openings(record: &Read) -> Vec<&access::RecordOpened> {
    let mut openings = Vec::new();
    for fact in &record.facts {
        if let Fact::Access(access::Event::RecordOpened(opened)) = fact {
            openings.push(&**opened);
        }
    }
    openings
}

/// The pages of searches told by one record.
pub(crate) fn pages(record: &Read) -> Vec<&search::Delivered> {
    let mut pages = Vec::new();
    for fact in &record.facts {
        if let Fact::Search(search::Event::SearchDelivered(delivered)) = fact {
            pages.push(delivered);
        }
    }
    pages
}
