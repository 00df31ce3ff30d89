//! Requests of children and carers about what is held: what each authority has to answer, and what was asked of a child.
//!
//! Sealed under the key of the month, as looks are. Source: UK GDPR article 12; domain.md 6.6, 7.

use chrono::NaiveDate;
use events::{
    decider::Decider,
    recorded::{Payload, Recorded},
    rights::Rights,
};
use serde::{Deserialize, Serialize};
use vocabulary::{ChildId, KeyId, OrganisationId, Position, RightsId, StreamKind};

use crate::{Posting, ReadModel, RowKey, Writing, facts};

/// What was asked, by [`RightsId`].
pub enum RightsRequests {}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Where it was entered.
    pub position: Position,
    /// The key that seals it.
    pub key: KeyId,
    /// What was asked, and what became of it.
    pub rights: Rights,
}

/// Number of the index of what an authority has to answer.
const DUE: u8 = 1;

/// Number of the index of what was asked about a child.
const ABOUT: u8 = 2;

impl ReadModel for RightsRequests {
    const NAME: &'static str = "rights.v1";
    const READS: &'static [StreamKind] = &[StreamKind::Rights, StreamKind::Erasure];
    const WRITING: Writing = Writing::OfStream(StreamKind::Rights);

    type Key = RightsId;
    type Row = Row;

    fn keys(recorded: &Recorded) -> Vec<RightsId> {
        let touched = facts::touched(recorded, StreamKind::Rights);
        touched.into_iter().map(|stream| RightsId::new(stream.id)).collect()
    }

    fn evolve(row: Option<Row>, id: &RightsId, recorded: &Recorded) -> Option<Row> {
        let forgotten = facts::keys_destroyed(recorded, id.stream());
        if !forgotten.is_empty() {
            return row.filter(|row| !forgotten.contains(&row.key));
        }
        if recorded.stream != id.stream() {
            return row;
        }
        let Payload::Open(entry) = &recorded.payload else { return None };
        let mut row = row.unwrap_or_else(|| Row {
            position: recorded.position,
            key: recorded.key,
            rights: Rights::default(),
        });
        for event in entry.facts.iter().filter_map(facts::of_rights) {
            Rights::evolve(&mut row.rights, event, recorded.when());
        }
        // Of a request whose beginning was forgotten nothing is left to show.
        row.rights.requested.is_some().then_some(row)
    }

    fn sealed_under(row: &Row, _recorded: &Recorded) -> KeyId {
        row.key
    }

    fn postings(id: &RightsId, row: &Row) -> Vec<Posting> {
        let Some(requested) = &row.rights.requested else { return Vec::new() };
        let mut postings = vec![about(requested.child).and(&row.position).and(id)];
        if let (None, Some(due_by)) = (row.rights.answered, row.rights.due_by()) {
            postings.extend(row.rights.desk().map(|desk| due(desk).and(&due_by).and(id)));
        }
        postings
    }
}

/// The beginning of all postings of what any authority has to answer.
pub fn waiting() -> Posting {
    Posting::of(DUE)
}

/// The beginning of all postings of what an authority has to answer, those due first at the top.
pub fn due(desk: &OrganisationId) -> Posting {
    Posting::of(DUE).and(desk)
}

/// The beginning of all postings of what was asked about one record, the oldest first.
pub fn about(child: ChildId) -> Posting {
    Posting::of(ABOUT).and(&child)
}

/// The day on which what a posting of [`due`] names is due, and which request that is.
pub fn read_due(posting: &Posting) -> Option<(NaiveDate, RightsId)> {
    let (index, rest) = posting.0.split_first()?;
    let read: (OrganisationId, (NaiveDate, RightsId)) = (*index == DUE).then(|| RowKey::decode(rest))??;
    Some(read.1)
}

#[cfg(test)]
mod tests {
    use events::Fact;

    use super::*;
    use crate::{
        samples::{ava, destroyed, organisation, rights, rights_answered, rights_requested, stream},
        spec::{Given, KEY, erased, given, told},
    };

    fn places(given: &Given, within: &Posting) -> usize {
        let postings = given.postings::<RightsRequests>();
        postings.iter().filter(|posting| posting.0.starts_with(&within.0)).count()
    }

    #[test]
    fn a_request_is_due_at_its_desk_until_it_is_answered_and_stays_with_its_child() {
        let desk = organisation("gss:E09000014");
        let asked = told(rights().stream(), [rights_requested()]);
        let waiting = given([asked.clone()]);
        assert_eq!((places(&waiting, &due(&desk)), places(&waiting, &about(ava()))), (1, 1));
        assert_eq!(places(&waiting, &due(&organisation("gss:E08000003"))), 0);
        let ended = given([asked, told(rights().stream(), [rights_answered()])]);
        assert_eq!((places(&ended, &due(&desk)), places(&ended, &about(ava()))), (0, 1));
        assert!(ended.row::<RightsRequests>(&rights()).get().rights.answered.is_some());
    }

    #[test]
    fn a_request_that_was_handed_over_is_due_at_its_new_desk_alone() {
        let to = organisation("gss:E08000003");
        let handed = Fact::Rights(events::rights::Event::RightsHandedOver { to: to.clone() });
        let moved = given([told(rights().stream(), [rights_requested()]), told(rights().stream(), [handed])]);
        let here = due(&organisation("gss:E09000014"));
        assert_eq!((places(&moved, &due(&to)), places(&moved, &here), places(&moved, &waiting())), (1, 0, 1));
    }

    #[test]
    fn a_posting_tells_the_day_and_the_request() {
        let given = given([told(rights().stream(), [rights_requested()])]);
        let read: Vec<_> = given.postings::<RightsRequests>().iter().filter_map(read_due).collect();
        assert_eq!(read, [("2026-07-01".parse().unwrap(), rights())]);
    }

    #[test]
    fn a_forgotten_request_leaves_no_row_whenever_it_was_read() {
        let erasure = told(stream(StreamKind::Erasure), [destroyed(rights().stream(), &[KEY])]);
        let asked = told(rights().stream(), [rights_requested()]);
        given([asked, erasure]).row::<RightsRequests>(&rights()).is_none();
        given([erased(rights().stream()), told(rights().stream(), [rights_answered()])])
            .row::<RightsRequests>(&rights())
            .is_none();
    }
}
