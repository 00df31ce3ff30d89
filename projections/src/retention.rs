//! On which day somebody is to look at what becomes of a record: an index of [`ChildRecord`](crate::ChildRecord).
//!
//! One posting a record at most, of days past and to come, so that a night reads those that are due and no others.
//! Source: domain.md 4.6; rules.md 3.3; ADR-0050.

use chrono::NaiveDate;
use events::child::Child;
use vocabulary::ChildId;

use crate::{Posting, key::RowKey};

/// Number of this index within [`ChildRecord`](crate::ChildRecord).
const INDEX: u8 = 6;

/// The beginning of all postings, the earliest day first.
pub fn all() -> Posting {
    Posting::of(INDEX)
}

/// The posting of one record: where to go on after it.
pub fn at(day: NaiveDate, child: ChildId) -> Posting {
    all().and(&day).and(&child)
}

/// The day that a posting names.
pub fn read(posting: &Posting) -> Option<NaiveDate> {
    let (index, rest) = posting.0.split_first()?;
    let read: (NaiveDate, ChildId) = (*index == INDEX).then(|| RowKey::decode(rest))??;
    Some(read.0)
}

/// One posting, where there is a day.
pub(crate) fn postings(id: ChildId, child: &Child) -> Option<Posting> {
    child.retention_due().map(|day| at(day, id))
}
