//! Which moves between authorities wait: an index of [`ChildRecord`](crate::ChildRecord), a posting for each of the two.
//!
//! The proposal itself is read from the child's row. Source: rules.md 1.3; domain.md 4.5.

use events::child::Child;
use vocabulary::{OrganisationId, Position, TransferId};

use crate::{Posting, key::RowKey};

/// Number of this index within [`ChildRecord`](crate::ChildRecord).
const INDEX: u8 = 5;

/// The beginning of all postings of what waits for an authority or from it, the oldest first.
pub fn of(authority: &OrganisationId) -> Posting {
    Posting::of(INDEX).and(authority)
}

/// The position and id of the proposal that a posting names.
pub fn read(posting: &Posting) -> Option<(Position, TransferId)> {
    let (index, rest) = posting.0.split_first()?;
    let read: (OrganisationId, (Position, TransferId)) =
        (*index == INDEX).then(|| RowKey::decode(rest))??;
    Some(read.1)
}

/// Two postings a proposal: at who answers, and at who would.
pub(crate) fn postings(child: &Child) -> Vec<Posting> {
    let waiting = child.transfers.iter();
    waiting
        .flat_map(|(transfer, waiting)| {
            let parties = child.authority.iter().chain([&waiting.to]);
            parties.map(|party| of(party).and(&waiting.position).and(transfer)).collect::<Vec<_>>()
        })
        .collect()
}
