//! What organisations are told because they work with a child: an index of [`ChildRecord`](crate::ChildRecord).
//!
//! One posting an organisation and notification, while the entry because of which it is told is open. The notification itself is
//! read from the child's row, so that it is sealed and forgotten with the entry. Source: rules.md 2.3; ADR-0057.

use events::child::Child;
use vocabulary::{OrganisationId, Position};

use crate::{Posting, key::RowKey};

/// Number of this index within [`ChildRecord`](crate::ChildRecord).
const INDEX: u8 = 10;

/// The beginning of all postings of one organisation, the oldest first.
pub fn of(organisation: &OrganisationId) -> Posting {
    Posting::of(INDEX).and(organisation)
}

/// The posting of one notification: where to go on after it.
pub fn at(organisation: &OrganisationId, position: Position) -> Posting {
    of(organisation).and(&position)
}

/// The position of the notification that a posting of this index names.
pub fn read(posting: &Posting) -> Option<Position> {
    let (index, rest) = posting.0.split_first()?;
    let read: (OrganisationId, Position) = (*index == INDEX).then(|| RowKey::decode(rest))??;
    Some(read.1)
}

/// One posting each organisation and notification of its open entries.
pub(crate) fn postings(child: &Child) -> Vec<Posting> {
    let open = child.involvements.values().filter(|held| held.ended_on.is_none() && !held.in_error);
    let mut postings: Vec<Posting> = open
        .flat_map(|held| held.notifications.keys().map(|position| at(&held.organisation, *position)))
        .collect();
    postings.sort_unstable();
    postings.dedup();
    postings
}
