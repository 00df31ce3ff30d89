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

/// At which position which record was merged into which, or into none any more.
pub(crate) type Mergers = Vec<(Position, ChildId, Option<ChildId>)>;

/// Which record was merged into which, or is one of its own again, in the order in which it was decided.
pub(crate) fn mergers(records: &[Read]) -> Mergers {
    use child::{
        Event::{NotSamePerson, SamePerson},
        merging::{self, Other},
    };
    let mut mergers: Mergers = Vec::new();
    for record in records {
        let own = ChildId::new(record.stream.id);
        let at = record.position;
        for fact in &record.facts {
            if let Fact::Child(SamePerson(merging::SamePerson { other, stays: false, .. })) = fact {
                mergers.push((at, own, Some(*other)));
            }
            if let Fact::Child(NotSamePerson(merging::NotSamePerson { other: Other::Child(other), .. })) =
                fact
                && mergers
                    .iter()
                    .rev()
                    .find(|(_, merged, _)| *merged == own)
                    .is_some_and(|last| last.2 == Some(*other))
            {
                mergers.push((at, own, None));
            }
        }
    }
    mergers
}

/// The record that answered for a child at a position: its own, or what that was merged into by then.
pub(crate) fn answering(mergers: &Mergers, child: ChildId, at: Position) -> ChildId {
    let last = mergers.iter().rev().find(|(decided, own, _)| *own == child && *decided <= at);
    match last.and_then(|(_, _, into)| *into) {
        Some(into) => answering(mergers, into, at),
        None => child,
    }
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
