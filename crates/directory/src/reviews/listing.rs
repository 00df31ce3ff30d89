//! The queue of reviews: what waits for a person, the most urgent first, and what was said of the rest.
//!
//! A page names children, so that it is a fact before it is shown. Nobody reads of their own looks there.

use std::{collections::BTreeSet, fmt, str::FromStr};

use chrono::{DateTime, Utc};
use events::{
    Fact,
    search::{self, List},
};
use projections::{
    Posting, Reviews, RowKey as _,
    reviews::{self, Review, Urgency},
};
use serde::Serialize;
use visibility::permission::{Action, Relation};
use vocabulary::{AccessId, ChildId, Lot, NotAWord, OrganisationId, Position, ReviewOutcome, Signal};

use super::Reviewed;
use crate::{
    Directory,
    disclose::{Disclosed, LookError},
    looks::{AuditQuery, LookShownOnce},
    people::Person,
    queue::LIST_CHILDREN_MAX,
    rows::Order,
};

/// What is asked of the queue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReviewQuery {
    /// Those that were reviewed instead of those that wait.
    pub closed: bool,
    /// Where the page before ended.
    pub after: Option<ReviewCursor>,
}

/// Where a page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReviewCursor {
    /// How urgent the last one was, by its number; 0 among those that were reviewed.
    urgency: u8,
    /// Its place.
    position: Position,
}

/// One look that a person reviews.
#[derive(Debug, Clone, Serialize)]
pub struct ReviewItem {
    /// Which; the id of the look, and the reference of its notice.
    pub review_id: AccessId,
    /// How soon a person should ask.
    pub urgency: Urgency,
    /// For which lots of the policy's sample it was drawn.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<Lot>,
    /// What was seen beside it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<Signal>,
    /// Whether a shield was overridden, which opened an investigation; it closes with the review.
    pub investigation: bool,
    /// The gravest word said of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<ReviewOutcome>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewed_at: Option<DateTime<Utc>>,
    /// The look.
    pub access: LookShownOnce,
}

/// One page.
#[derive(Debug, Serialize)]
pub struct ReviewPage {
    /// Those that wait: the most urgent first, then the oldest. Those that were reviewed: in the order in which they
    /// were. At most fifty.
    pub reviews: Vec<ReviewItem>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<ReviewCursor>,
}

/// One review as found in an index.
pub(super) struct Held {
    pub(super) key: Reviewed,
    pub(super) row: Review,
}

impl Directory {
    /// Shows the looks that wait for this person's review, or were reviewed.
    ///
    /// Cost: one index an organisation of the authority, one for a national body; one child and one look a line; one
    /// append.
    ///
    /// # Errors
    /// `Refused`: no reviewer. Others: a machine failed, nothing is shown.
    pub async fn reviews_waiting(
        &self,
        person: &Person,
        query: ReviewQuery,
    ) -> Result<Disclosed<ReviewPage>, LookError> {
        person.may(Action::ReviewLook, Relation::OwnOrganisation)?;
        let (page, children) = self.page_of_reviews(person, query)?;
        let fact = Fact::Search(search::Event::ListDelivered { list: List::Reviews, children });
        let ticket = self.append_look(person, person.account.search_stream(), vec![fact])?;
        Ok(Disclosed::after(ticket, page).await?)
    }

    /// Shows one look that this person reviews, so that whoever decides about it is shown no other.
    ///
    /// # Errors
    /// `Unknown`: no such review, or not this person's. Others: as [`Directory::reviews_waiting`].
    pub async fn review_item(
        &self,
        person: &Person,
        look: AccessId,
    ) -> Result<Disclosed<ReviewItem>, LookError> {
        person.may(Action::ReviewLook, Relation::OwnOrganisation)?;
        let (key, row) = self.review_of(look)?.ok_or(LookError::Unknown)?;
        let related = self.related(&person.viewer())?.contains(&self.kinship().root(key.0));
        let own = row.account == person.account || row.on_behalf_of == Some(person.account);
        if related || own || !self.reviews(person, &row.organisation) {
            return Err(LookError::Unknown);
        }
        let item = self.line_of_review(person, key, row)?.ok_or(LookError::Unknown)?;
        let fact = Fact::Search(search::Event::ListDelivered { list: List::Reviews, children: vec![key.0] });
        let ticket = self.append_look(person, person.account.search_stream(), vec![fact])?;
        Ok(Disclosed::after(ticket, item).await?)
    }

    fn page_of_reviews(
        &self,
        person: &Person,
        query: ReviewQuery,
    ) -> Result<(ReviewPage, Vec<ChildId>), LookError> {
        let (held, next) = self.reviews_after(person, Action::ReviewLook, query)?;
        let (mut lines, mut children) = (Vec::new(), Vec::new());
        for Held { key, row, .. } in held {
            if let Some(line) = self.line_of_review(person, key, row)? {
                lines.push(line);
                children.push(key.0);
            }
        }
        children.sort_unstable();
        children.dedup();
        Ok((ReviewPage { reviews: lines, next }, children))
    }

    /// The reviews of one page, of whoever's looks this person may do `action` to; never of their own, nor of one at
    /// a child to whom they declared to be related.
    pub(super) fn reviews_after(
        &self,
        person: &Person,
        action: Action,
        query: ReviewQuery,
    ) -> Result<(Vec<Held>, Option<ReviewCursor>), LookError> {
        let mut found: Vec<(ReviewCursor, Reviewed)> = Vec::new();
        let mut more = false;
        for within in self.indexes_of_reviews(person, action, query.closed) {
            let from = query.after.map(|after| after.within(&within, query.closed));
            let postings = self.rows().postings::<Reviews>(
                &within,
                from.as_ref(),
                Order::Ascending,
                LIST_CHILDREN_MAX + 1,
            )?;
            let read = postings.iter().filter_map(|(posting, key)| {
                let rest = posting.0.strip_prefix(within.0.as_slice())?;
                Some((ReviewCursor::read(rest, query.closed)?, *key))
            });
            found.extend(read.filter(|(cursor, _)| query.after.is_none_or(|after| *cursor > after)));
        }
        found.sort_unstable();
        if found.len() > LIST_CHILDREN_MAX {
            found.truncate(LIST_CHILDREN_MAX);
            more = true;
        }
        let next = found.last().map(|(cursor, _)| *cursor).filter(|_| more);
        let related = self.related(&person.viewer())?;
        let mut held = Vec::new();
        for (_, key) in found {
            if related.contains(&self.kinship().root(key.0)) {
                continue;
            }
            let Some(row) = self.rows().get::<Reviews>(&key)? else { continue };
            if row.account != person.account && row.on_behalf_of != Some(person.account) {
                held.push(Held { key, row });
            }
        }
        Ok((held, next))
    }

    /// The narrowest indexes that hold all that this person may do `action` to.
    fn indexes_of_reviews(&self, person: &Person, action: Action, closed: bool) -> Vec<Posting> {
        if person.may(action, Relation::Elsewhere).is_ok() {
            return vec![if closed { reviews::closed() } else { reviews::waiting() }];
        }
        let register = self.register();
        let mine = |id: &OrganisationId| person.may(action, register.relation(person, id)).is_ok();
        let of = |id: &OrganisationId| if closed { reviews::closed_of(id) } else { reviews::waiting_of(id) };
        let within = person.authority.as_ref().unwrap_or(&person.organisation);
        let own = register.within(within).chain([&person.organisation]);
        let ids: BTreeSet<&OrganisationId> = own.filter(|id| mine(id)).collect();
        ids.into_iter().map(of).collect()
    }

    fn line_of_review(
        &self,
        person: &Person,
        (child, access): Reviewed,
        row: Review,
    ) -> Result<Option<ReviewItem>, LookError> {
        let Some(look) = self.look(person, &AuditQuery::default(), row.position, child)? else {
            return Ok(None);
        };
        Ok(Some(ReviewItem {
            review_id: access,
            urgency: row.urgency(),
            investigation: row.investigation,
            outcome: row.closed.map(|closed| closed.outcome),
            reviewed_at: row.closed.map(|closed| closed.at),
            lots: row.lots,
            signals: row.signals,
            access: look,
        }))
    }
}

impl ReviewCursor {
    /// Reads a place off what follows the beginning of an index.
    fn read(mut rest: &[u8], closed: bool) -> Option<ReviewCursor> {
        let urgency = if closed { 0 } else { u8::read(&mut rest)? };
        Some(ReviewCursor { urgency, position: Position::read(&mut rest)? })
    }

    /// The place in an index from which on to read.
    fn within(self, index: &Posting, closed: bool) -> Posting {
        let index = index.clone();
        if closed { index.and(&self.position) } else { index.and(&self.urgency).and(&self.position) }
    }
}

impl fmt::Display for ReviewCursor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}-{}", self.urgency, self.position)
    }
}

impl Serialize for ReviewCursor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for ReviewCursor {
    type Err = NotAWord;

    fn from_str(text: &str) -> Result<ReviewCursor, NotAWord> {
        let malformed = || NotAWord { expected: "the `next` of the page before" };
        let (urgency, position) = text.split_once('-').ok_or_else(malformed)?;
        Ok(ReviewCursor {
            urgency: urgency.parse().map_err(|_| malformed())?,
            position: Position(position.parse().map_err(|_| malformed())?),
        })
    }
}
