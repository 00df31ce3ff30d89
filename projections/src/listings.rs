//! On which pages of search results a child was listed: keys only.
//!
//! Listed and opened are different facts, and there are ten times as many of the first; the page itself, with who
//! and why, stands in the log at the position. Source: rules.md 4.2; house rules section 5.

use events::{recorded::Recorded, search::Event};
use vocabulary::{ChildId, KeyId, Position, StreamKind};

use crate::{ReadModel, Writing, facts};

/// Listings, by child and the position of the page.
pub enum Listings {}

impl ReadModel for Listings {
    const NAME: &'static str = "listings.v1";
    const READS: &'static [StreamKind] = &[StreamKind::Search];
    const WRITING: Writing = Writing::Once;

    type Key = (ChildId, Position);
    type Row = ();

    fn keys(recorded: &Recorded) -> Vec<(ChildId, Position)> {
        let mut children: Vec<ChildId> =
            recorded.facts().iter().filter_map(facts::of_search).flat_map(listed).copied().collect();
        children.sort_unstable();
        children.dedup();
        children.into_iter().map(|child| (child, recorded.position)).collect()
    }

    fn evolve(_row: Option<()>, _key: &(ChildId, Position), _recorded: &Recorded) -> Option<()> {
        Some(())
    }

    fn sealed_under(_row: &(), _recorded: &Recorded) -> KeyId {
        KeyId::CLEAR
    }
}

/// The children on a page.
pub(crate) fn listed(event: &Event) -> &[ChildId] {
    match event {
        Event::SearchDelivered(delivered) => &delivered.children,
        Event::ListDelivered { children, .. } => children,
        Event::ReportDelivered { .. } | Event::SearchRefused { .. } => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        samples::{ava, ben, listed, nurse},
        spec::{erased, given, told},
    };

    #[test]
    fn each_child_on_a_page_is_listed_once_at_its_position() {
        let rows = given([
            told(nurse().search_stream(), [listed(&[ben(), ava(), ben()])]),
            told(nurse().search_stream(), [listed(&[ava()])]),
        ])
        .rows::<Listings>();
        let keys: Vec<_> = rows.into_keys().collect();
        assert_eq!(keys, [(ava(), Position(1)), (ava(), Position(2)), (ben(), Position(1))]);
    }

    #[test]
    fn a_forgotten_page_lists_nobody() {
        assert!(given([erased(nurse().search_stream())]).rows::<Listings>().is_empty());
    }
}
