//! Which shields are to be reviewed, and which requests wait: indexes of [`ChildRecord`](crate::ChildRecord).
//!
//! The shield itself is read from the child's row; a date that has passed lifts nothing.
//! Source: rules.md 1.4, 2; domain.md 3.4 (reviewed every six months).

use chrono::NaiveDate;
use events::child::Child;
use vocabulary::{OrganisationId, Position, ShieldId};

use crate::{Posting, key::RowKey};

/// Number of the index of requests within [`ChildRecord`](crate::ChildRecord).
const REQUESTS: u8 = 3;

/// Number of the index of reviews within [`ChildRecord`](crate::ChildRecord).
const REVIEWS: u8 = 4;

/// The beginning of all postings of an authority's requests, the oldest first.
pub fn requests_of(authority: &OrganisationId) -> Posting {
    Posting::of(REQUESTS).and(authority)
}

/// The posting of one request: where to go on after it.
pub fn request_at(authority: &OrganisationId, position: Position, shield: ShieldId) -> Posting {
    requests_of(authority).and(&position).and(&shield)
}

/// The beginning of all postings of an authority's shields, those due first at the top.
pub fn reviews_of(authority: &OrganisationId) -> Posting {
    Posting::of(REVIEWS).and(authority)
}

/// The posting of one shield: where to go on after it.
pub fn review_at(authority: &OrganisationId, review_by: NaiveDate, shield: ShieldId) -> Posting {
    reviews_of(authority).and(&review_by).and(&shield)
}

/// The position and id of the request that a posting names.
pub fn read_request(posting: &Posting) -> Option<(Position, ShieldId)> {
    let (index, rest) = posting.0.split_first()?;
    let read: (OrganisationId, (Position, ShieldId)) =
        (*index == REQUESTS).then(|| RowKey::decode(rest))??;
    Some(read.1)
}

/// The day and id of the shield that a posting names.
pub fn read_review(posting: &Posting) -> Option<(NaiveDate, ShieldId)> {
    let (index, rest) = posting.0.split_first()?;
    let read: (OrganisationId, (NaiveDate, ShieldId)) =
        (*index == REVIEWS).then(|| RowKey::decode(rest))??;
    Some(read.1)
}

/// One posting a request and one a shield, at the authority that answers for the record.
pub(crate) fn postings(child: &Child) -> Vec<Posting> {
    let Some(authority) = &child.authority else { return Vec::new() };
    let requests = child.shield_requests.iter();
    let requests = requests.map(|(id, request)| request_at(authority, request.position, *id));
    let reviews = child.shields.iter().map(|(id, shield)| review_at(authority, shield.review_by, *id));
    requests.chain(reviews).collect()
}
