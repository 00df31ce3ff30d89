//! One row an investigation: whose history, what for, who approved it, until when.
//!
//! Source: rules.md 2 (investigator, approved case).

use events::{
    case::{Case, Opened},
    recorded::Recorded,
};
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, CaseId, ChildId, KeyId, StreamKind};

use crate::{
    Posting, ReadModel, Writing, facts,
    state_row::{self, Kept, StateRow},
};

/// What is held of each case, by [`CaseId`].
pub enum Cases {}

/// Number of the index of the cases that someone opened.
const BY_OPENER: u8 = 1;

/// Number of the index of the cases that name a child.
const BY_CHILD: u8 = 2;

/// Number of the index of the cases that nobody has approved.
const UNAPPROVED: u8 = 3;

impl ReadModel for Cases {
    const NAME: &'static str = "cases.v1";
    const READS: &'static [StreamKind] = &[StreamKind::Case, StreamKind::Erasure];
    const WRITING: Writing = Writing::OfStream(StreamKind::Case);

    type Key = CaseId;
    type Row = StateRow<Case>;

    fn keys(recorded: &Recorded) -> Vec<CaseId> {
        facts::touched(recorded, StreamKind::Case).into_iter().map(|stream| CaseId::new(stream.id)).collect()
    }

    fn evolve(row: Option<StateRow<Case>>, case: &CaseId, recorded: &Recorded) -> Option<StateRow<Case>> {
        state_row::evolve::<Case>(row, case.stream(), recorded, facts::of_case)
    }

    fn sealed_under(row: &StateRow<Case>, _recorded: &Recorded) -> KeyId {
        row.key
    }

    fn postings(case: &CaseId, row: &StateRow<Case>) -> Vec<Posting> {
        let Some(opened) = &row.state.opened else { return Vec::new() };
        let mut postings = vec![opened_by(opened.by).and(case)];
        postings.extend(opened.children.iter().map(|child| naming(*child).and(case)));
        if row.state.approved_by.is_none() && !row.state.closed {
            postings.push(unapproved().and(case));
        }
        postings
    }
}

/// The beginning of all postings of the cases that someone opened.
pub fn opened_by(account: AccountId) -> Posting {
    Posting::of(BY_OPENER).and(&account)
}

/// The beginning of all postings of the cases that name a child.
pub fn naming(child: ChildId) -> Posting {
    Posting::of(BY_CHILD).and(&child)
}

/// The beginning of all postings of the open cases that nobody has approved.
pub fn unapproved() -> Posting {
    Posting::of(UNAPPROVED)
}

/// A case as rows keep it; the words are those of [`Case`].
#[derive(Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of Case")]
pub struct Shape {
    pub opened: Option<Opened>,
    pub approved_by: Option<AccountId>,
    pub lifts_shields: bool,
    pub closed: bool,
}

impl Kept for Case {
    type Shape = Shape;

    fn shape(&self) -> Shape {
        let Case { opened, approved_by, lifts_shields, closed } = self.clone();
        Shape { opened, approved_by, lifts_shields, closed }
    }

    fn from_shape(shape: Shape) -> Case {
        let Shape { opened, approved_by, lifts_shields, closed } = shape;
        Case { opened, approved_by, lifts_shields, closed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        samples::{ava, ben, nurse, of_case, review},
        spec::{Telling, erased, given, told},
    };
    use serde_json::json;

    fn opening() -> Telling {
        let opened = json!({"case": review(), "reference": "CR-7", "children": [ava(), ben()],
            "purpose": "case_review", "expires_on": "2026-12-01", "by": nurse()});
        told(review().stream(), [of_case("case_opened", &opened)])
    }

    fn approval() -> Telling {
        let approved = json!({"by": AccountId::new(uuid::Uuid::from_u128(1)), "lifts_shields": true});
        told(review().stream(), [of_case("case_approved", &approved)])
    }

    #[test]
    fn a_case_is_found_by_its_opener_its_children_and_until_approved_by_approvers() {
        let postings = given([opening()]).postings::<Cases>();
        let expected = [opened_by(nurse()), naming(ava()), naming(ben()), unapproved()];
        assert_eq!(
            postings.into_iter().collect::<Vec<_>>(),
            expected.map(|posting| posting.and(&review())).to_vec()
        );
        let approved = given([opening(), approval()]).postings::<Cases>();
        assert!(!approved.contains(&unapproved().and(&review())));
    }

    #[test]
    fn a_row_survives_being_stored() {
        let found = given([opening(), approval()]).row::<Cases>(&review());
        let stored = serde_json::to_vec(found.get()).unwrap();
        assert_eq!(&serde_json::from_slice::<StateRow<Case>>(&stored).unwrap(), found.get());
    }

    #[test]
    fn a_forgotten_case_leaves_no_row() {
        given([erased(review().stream()), approval()]).row::<Cases>(&review()).is_none();
    }
}
