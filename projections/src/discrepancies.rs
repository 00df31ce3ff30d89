//! Whose word differs from the one that stands: an index of [`ChildRecord`](crate::ChildRecord).
//!
//! In which fields, and which of them the supplier was told of, is read from the child's row. Source: rules.md 2.3;
//! domain.md 4.3.

use events::child::Child;
use vocabulary::{KeyedRef, OrganisationId, Position};

use crate::{Posting, key::RowKey};

/// Number of this index within [`ChildRecord`](crate::ChildRecord).
const INDEX: u8 = 12;

/// The beginning of all postings of the children that an authority answers for, the oldest first.
pub fn of(authority: &OrganisationId) -> Posting {
    Posting::of(INDEX).and(authority)
}

/// The position of the discrepancy that a posting names, and under which reference the source speaks.
pub fn read(posting: &Posting) -> Option<(Position, KeyedRef)> {
    let (index, rest) = posting.0.split_first()?;
    let read: (OrganisationId, (Position, KeyedRef)) = (*index == INDEX).then(|| RowKey::decode(rest))??;
    Some(read.1)
}

/// One posting each source of whom one stands.
pub(crate) fn postings(child: &Child) -> Vec<Posting> {
    let Some(authority) = &child.authority else { return Vec::new() };
    let standing = child.discrepancies();
    standing.map(|(source, _, told)| of(authority).and(&told.position).and(source)).collect()
}
