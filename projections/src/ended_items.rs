//! Items of the identity queue that came to their end, until the key of what was sent is destroyed.
//!
//! A row holds no more than which key and since when; an index lets a night find what is due. Source: rules.md 3.3 (what
//! nothing permits to hold any longer); domain.md I-28; ADR-0050.

use chrono::NaiveDate;
use events::{
    intake::Event,
    recorded::{Payload, Recorded},
};
use serde::{Deserialize, Serialize};
use vocabulary::{IntakeId, KeyId, StreamKind, england_day};

use crate::{Posting, ReadModel, Writing, facts, key::RowKey};

/// Items by [`IntakeId`], from the first that was told of them.
pub enum EndedItems {}

/// One item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedItem {
    /// The key that seals what was sent.
    pub key: KeyId,
    /// The day on which it came to its end; `None` while it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<NaiveDate>,
}

/// Number of the index of ended items by day.
const BY_DAY: u8 = 1;

impl ReadModel for EndedItems {
    const NAME: &'static str = "ended_items.v1";
    const READS: &'static [StreamKind] = &[StreamKind::Intake, StreamKind::Erasure];
    const WRITING: Writing = Writing::OfStream(StreamKind::Intake);

    type Key = IntakeId;
    type Row = EndedItem;

    fn keys(recorded: &Recorded) -> Vec<IntakeId> {
        if facts::is_only_counted(recorded) {
            return Vec::new();
        }
        let streams = facts::touched(recorded, StreamKind::Intake);
        streams.into_iter().map(|stream| IntakeId::new(stream.id)).collect()
    }

    fn evolve(row: Option<EndedItem>, item: &IntakeId, recorded: &Recorded) -> Option<EndedItem> {
        let forgotten = facts::keys_destroyed(recorded, item.stream());
        if !forgotten.is_empty() {
            return row.filter(|row| !forgotten.contains(&row.key));
        }
        if recorded.stream != item.stream() {
            return row;
        }
        let Payload::Open(entry) = &recorded.payload else { return None };
        entry.facts.iter().filter_map(facts::of_intake).fold(row, |row, event| match event {
            Event::EventQueued(_) | Event::EventWaiting(_) | Event::LikenessFound(_) => {
                Some(EndedItem { key: recorded.key, ended_on: None })
            }
            Event::EventResolved(_) => {
                row.map(|row| EndedItem { ended_on: Some(england_day(recorded.recorded_at)), ..row })
            }
            Event::QueueDecided { .. }
            | Event::StatementRepeated { .. }
            | Event::ConsentRefusalCounted { .. } => row,
        })
    }

    fn sealed_under(_row: &EndedItem, _recorded: &Recorded) -> KeyId {
        KeyId::CLEAR
    }

    fn postings(item: &IntakeId, row: &EndedItem) -> Vec<Posting> {
        row.ended_on.map(|day| by_day().and(&day).and(item)).into_iter().collect()
    }
}

/// The beginning of all postings, the earliest day first.
pub fn by_day() -> Posting {
    Posting::of(BY_DAY)
}

/// The day that a posting names.
pub fn read(posting: &Posting) -> Option<NaiveDate> {
    let (index, rest) = posting.0.split_first()?;
    let read: (NaiveDate, IntakeId) = (*index == BY_DAY).then(|| RowKey::decode(rest))??;
    Some(read.0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;
    use vocabulary::Stream;

    use super::*;
    use crate::{
        samples::{destroyed, intake, item, queued},
        spec::{KEY, erased, given, told},
    };

    fn resolved() -> events::Fact {
        intake("event_resolved", &json!({"outcome": "recorded", "position": 3}))
    }

    #[test]
    fn an_item_is_due_from_its_end_on_and_gone_with_its_key() {
        let stream = item(1).stream();
        let waits = given([told(stream, [queued(&[])])]);
        assert_eq!(waits.row::<EndedItems>(&item(1)).get(), &EndedItem { key: KEY, ended_on: None });
        assert_eq!(waits.postings::<EndedItems>().len(), 0);
        let over = given([told(stream, [queued(&[])]), told(stream, [resolved()])]);
        let postings = over.postings::<EndedItems>();
        let days: Vec<_> = postings.iter().filter_map(read).collect();
        assert_eq!(days, [over.row::<EndedItems>(&item(1)).get().ended_on.unwrap()]);
        let erasure = Stream::new(StreamKind::Erasure, Uuid::from_u128(1));
        given([
            told(stream, [queued(&[])]),
            told(stream, [resolved()]),
            told(erasure, [destroyed(stream, &[KEY])]),
        ])
        .row::<EndedItems>(&item(1))
        .is_none();
        given([erased(stream), told(stream, [resolved()])]).row::<EndedItems>(&item(1)).is_none();
    }

    #[test]
    fn a_repetition_touches_no_row() {
        let repeated = intake("statement_repeated", &json!({"supplier": "org:a"}));
        let records = crate::spec::records([told(item(1).stream(), [repeated])]);
        assert_eq!(EndedItems::keys(&records[0]), []);
    }
}
