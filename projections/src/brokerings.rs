//! Requests to duty desks: what each desk has to answer, and what each asker asked.
//!
//! Sealed under the key of the month, as looks are. Source: rules.md 2.6; contract.md section 2 (`/brokering`).

use chrono::{DateTime, Utc};
use events::{
    brokering::{Answered, Event, Requested},
    recorded::{Payload, Recorded},
};
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, BrokeringId, KeyId, OrganisationId, Position, StreamKind};

use crate::{Posting, ReadModel, Writing, facts};

/// What was asked, by [`BrokeringId`].
pub enum Brokerings {}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Where it was asked.
    pub position: Position,
    /// When.
    pub at: DateTime<Utc>,
    /// The key that seals it.
    pub key: KeyId,
    /// What was asked.
    pub requested: Requested,
    /// How it was answered, once it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Answered>,
}

/// Number of the index of what a desk has to answer.
const FOR_DESK: u8 = 1;

/// Number of the index of what somebody asked.
const BY_ASKER: u8 = 2;

impl ReadModel for Brokerings {
    const NAME: &'static str = "brokerings.v1";
    const READS: &'static [StreamKind] = &[StreamKind::Brokering, StreamKind::Erasure];
    const WRITING: Writing = Writing::OfStream(StreamKind::Brokering);

    type Key = BrokeringId;
    type Row = Row;

    fn keys(recorded: &Recorded) -> Vec<BrokeringId> {
        facts::touched(recorded, StreamKind::Brokering)
            .into_iter()
            .map(|stream| BrokeringId::new(stream.id))
            .collect()
    }

    fn evolve(row: Option<Row>, id: &BrokeringId, recorded: &Recorded) -> Option<Row> {
        let forgotten = facts::keys_destroyed(recorded, id.stream());
        if !forgotten.is_empty() {
            return row.filter(|row| !forgotten.contains(&row.key));
        }
        if recorded.stream != id.stream() {
            return row;
        }
        match &recorded.payload {
            Payload::Erased => None,
            Payload::Open(entry) => {
                let events = entry.facts.iter().filter_map(facts::of_brokering);
                events.fold(row, |row, event| step(row, event, recorded))
            }
        }
    }

    fn sealed_under(row: &Row, _recorded: &Recorded) -> KeyId {
        row.key
    }

    fn postings(id: &BrokeringId, row: &Row) -> Vec<Posting> {
        let mut postings = vec![asked_by(row.requested.by).and(&row.position).and(id)];
        if row.answered.is_none() {
            postings.push(for_desk(&row.requested.desk).and(&row.position).and(id));
        }
        postings
    }
}

fn step(row: Option<Row>, event: &Event, recorded: &Recorded) -> Option<Row> {
    match event {
        Event::BrokeringRequested(requested) => Some(Row {
            position: recorded.position,
            at: recorded.recorded_at,
            key: recorded.key,
            requested: Requested::clone(requested),
            answered: None,
        }),
        Event::BrokeringAnswered { outcome } => {
            let answered = Answered { outcome: *outcome, at: recorded.recorded_at };
            row.map(|row| Row { answered: Some(answered), ..row })
        }
    }
}

/// The beginning of all postings of what a desk has to answer, the oldest first.
pub fn for_desk(desk: &OrganisationId) -> Posting {
    Posting::of(FOR_DESK).and(desk)
}

/// The beginning of all postings of what somebody asked, the oldest first.
pub fn asked_by(account: AccountId) -> Posting {
    Posting::of(BY_ASKER).and(&account)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        samples::{answered, ava, brokering, destroyed, nurse, organisation, requested, stream},
        spec::{Given, KEY, erased, given, told},
    };
    use events::brokering::Outcome;

    fn places(given: &Given, within: &Posting) -> usize {
        given.postings::<Brokerings>().iter().filter(|posting| posting.0.starts_with(&within.0)).count()
    }

    #[test]
    fn a_request_waits_at_its_desk_until_it_is_answered_and_stays_with_its_asker() {
        let desk = organisation("gss:E09000014");
        let asked = told(brokering().stream(), [requested()]);
        let waiting = given([asked.clone()]);
        assert_eq!((places(&waiting, &for_desk(&desk)), places(&waiting, &asked_by(nurse()))), (1, 1));
        assert_eq!(places(&waiting, &for_desk(&organisation("gss:E08000003"))), 0);
        assert_eq!(waiting.row::<Brokerings>(&brokering()).get().requested.child, ava());
        let ended = given([asked, told(brokering().stream(), [answered()])]);
        assert_eq!((places(&ended, &for_desk(&desk)), places(&ended, &asked_by(nurse()))), (0, 1));
        let outcome = ended.row::<Brokerings>(&brokering()).get().answered.map(|answered| answered.outcome);
        assert_eq!(outcome, Some(Outcome::ContactMade));
    }

    #[test]
    fn a_forgotten_request_leaves_no_row_whenever_it_was_read() {
        let erasure = told(stream(StreamKind::Erasure), [destroyed(brokering().stream(), &[KEY])]);
        given([told(brokering().stream(), [requested()]), erasure]).row::<Brokerings>(&brokering()).is_none();
        given([erased(brokering().stream()), told(brokering().stream(), [answered()])])
            .row::<Brokerings>(&brokering())
            .is_none();
    }
}
