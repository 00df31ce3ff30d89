//! The team's list of shields: requests that wait, then shields due for review within thirty days.
//!
//! Read from an index of the children's rows and judged by the child as it stands, so that what was decided a moment
//! ago is on no page. A date that has passed lifts nothing. Source: rules.md 1.4, 2; domain.md 3.4.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Days, NaiveDate, Utc};
use events::{
    Fact,
    child::{Child, shield::Ground},
    search::{self, List},
};
use projections::{ChildRecord, Posting, shielding};
use serde::Serialize;
use visibility::permission::{Action, Relation};
use vocabulary::{ChildId, ChildNumber, NotAWord, OrganisationId, Position, ShieldId, england_day};

use crate::{
    Directory,
    disclose::{Disclosed, LookError},
    people::Person,
    queue::LIST_CHILDREN_MAX,
    rows::Order,
};

/// How long before its day a review is on the list.
pub const REVIEW_WARNED_DAYS: u64 = 30;

/// Postings looked at for one page, so that stale ones make no request walk the whole index.
const JUDGED_MAX: usize = 500;

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ShieldItem {
    /// Somebody asked, and nobody has decided.
    Request {
        /// Which; the shield keeps its id.
        shield_id: ShieldId,
        /// Whose record.
        child_number: ChildNumber,
        /// Whose staff or feed asked.
        asked_by: OrganisationId,
        /// Why.
        ground: Ground,
        /// Since when it waits.
        since: DateTime<Utc>,
        /// Whether new addresses wait with it.
        holds_addresses: bool,
    },
    /// A shield is to be kept or lifted.
    Review {
        /// Which.
        shield_id: ShieldId,
        /// Whose record.
        child_number: ChildNumber,
        /// Why it stands.
        ground: Ground,
        /// By which day.
        review_by: NaiveDate,
        /// Whether that has passed; the shield stands all the same.
        overdue: bool,
    },
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShieldPage {
    /// Requests first, the oldest at the top; then reviews, those due first at the top. At most fifty.
    pub items: Vec<ShieldItem>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<ShieldCursor>,
}

/// Where a page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShieldCursor {
    /// Within the requests.
    Request(Position, ShieldId),
    /// Within the reviews.
    Review(NaiveDate, ShieldId),
}

impl fmt::Display for ShieldCursor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ShieldCursor::Request(position, shield) => write!(out, "request-{position}-{shield}"),
            ShieldCursor::Review(day, shield) => write!(out, "review-{}-{shield}", day.format("%Y%m%d")),
        }
    }
}

impl Serialize for ShieldCursor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for ShieldCursor {
    type Err = NotAWord;

    fn from_str(text: &str) -> Result<ShieldCursor, NotAWord> {
        let malformed = || NotAWord { expected: "the `next` of the page before" };
        let (kind, rest) = text.split_once('-').ok_or_else(malformed)?;
        let (at, shield) = rest.split_once('-').ok_or_else(malformed)?;
        let shield = shield.parse()?;
        match kind {
            "request" => Ok(ShieldCursor::Request(Position(at.parse().map_err(|_| malformed())?), shield)),
            "review" => {
                let day = NaiveDate::parse_from_str(at, "%Y%m%d").map_err(|_| malformed())?;
                Ok(ShieldCursor::Review(day, shield))
            }
            _ => Err(malformed()),
        }
    }
}

/// One index of the two, and where in it a page begins.
struct Within {
    begins: Posting,
    after: Option<Posting>,
}

impl Directory {
    /// Shows what the person's authority has to decide about shields; the page is a fact before it is shown.
    ///
    /// Cost: one child as it stands a line; one append.
    ///
    /// # Errors
    /// `Refused`: not a team or data manager. Others: a machine failed, nothing is shown.
    pub async fn shield_reviews(
        &self,
        person: &Person,
        after: Option<ShieldCursor>,
    ) -> Result<Disclosed<ShieldPage>, LookError> {
        person.may(Action::ReadQueue, Relation::OwnAuthority)?;
        let authority = person.authority.as_ref().ok_or(LookError::Refused {
            code: "not_responsible_authority",
            detail: "a national body answers for no record, so that no shield waits for it".to_owned(),
        })?;
        let (page, children) = self.page_of_shields(person, authority, after)?;
        let fact = Fact::Search(search::Event::ListDelivered { list: List::Shields, children });
        let ticket = self.append_look(person, person.account.search_stream(), vec![fact])?;
        Ok(Disclosed::after(ticket, page).await?)
    }

    fn page_of_shields(
        &self,
        person: &Person,
        authority: &OrganisationId,
        after: Option<ShieldCursor>,
    ) -> Result<(ShieldPage, Vec<ChildId>), LookError> {
        let mut page = ShieldPage { items: Vec::new(), next: None };
        let mut children = Vec::new();
        let mut judged = 0;
        let warned = self.warned_until();
        let related = self.related(&person.viewer())?;
        for within in indexes(authority, after) {
            let postings = self.rows().postings::<ChildRecord>(
                &within.begins,
                within.after.as_ref(),
                Order::Ascending,
                JUDGED_MAX,
            )?;
            for (posting, child) in postings {
                let Some(cursor) = cursor_of(&posting) else { continue };
                if matches!(cursor, ShieldCursor::Review(day, _) if day > warned) {
                    break;
                }
                if page.items.len() == LIST_CHILDREN_MAX || judged == JUDGED_MAX {
                    return Ok((page, named(children)));
                }
                judged += 1;
                page.next = Some(cursor);
                let root = self.kinship().root(child);
                let known = self.load(root)?.child;
                let own = known.authority.as_ref() == Some(authority)
                    && !self.is_concealed(person, &known)
                    && !related.contains(&root);
                let Some(item) = self.line(&known, cursor).filter(|_| own) else { continue };
                page.items.push(item);
                children.push(root);
            }
        }
        page.next = None;
        Ok((page, named(children)))
    }

    /// The last day of a review that is on the list today.
    fn warned_until(&self) -> NaiveDate {
        let today = england_day(self.clock().now());
        today.checked_add_days(Days::new(REVIEW_WARNED_DAYS)).unwrap_or(today)
    }

    /// The line of what stands still; none once it was decided, or while its review is far away.
    fn line(&self, child: &Child, cursor: ShieldCursor) -> Option<ShieldItem> {
        let child_number = child.number?;
        let today = england_day(self.clock().now());
        match cursor {
            ShieldCursor::Request(_, shield_id) => {
                let request = child.shield_requests.get(&shield_id)?;
                Some(ShieldItem::Request {
                    shield_id,
                    child_number,
                    asked_by: request.by.clone(),
                    ground: request.ground,
                    since: request.since,
                    holds_addresses: request.holds_addresses,
                })
            }
            ShieldCursor::Review(_, shield_id) => {
                let shield = child.shields.get(&shield_id)?;
                (shield.review_by <= self.warned_until()).then_some(ShieldItem::Review {
                    shield_id,
                    child_number,
                    ground: shield.ground,
                    review_by: shield.review_by,
                    overdue: shield.review_by < today,
                })
            }
        }
    }
}

/// What is left to read of both indexes after a cursor.
fn indexes(authority: &OrganisationId, after: Option<ShieldCursor>) -> Vec<Within> {
    let requests = Within {
        begins: shielding::requests_of(authority),
        after: match after {
            Some(ShieldCursor::Request(at, shield)) => Some(shielding::request_at(authority, at, shield)),
            Some(ShieldCursor::Review(..)) | None => None,
        },
    };
    let reviews = Within {
        begins: shielding::reviews_of(authority),
        after: match after {
            Some(ShieldCursor::Review(day, shield)) => Some(shielding::review_at(authority, day, shield)),
            Some(ShieldCursor::Request(..)) | None => None,
        },
    };
    match after {
        Some(ShieldCursor::Review(..)) => vec![reviews],
        Some(ShieldCursor::Request(..)) | None => vec![requests, reviews],
    }
}

fn cursor_of(posting: &Posting) -> Option<ShieldCursor> {
    let request = shielding::read_request(posting).map(|(at, shield)| ShieldCursor::Request(at, shield));
    request.or_else(|| shielding::read_review(posting).map(|(day, shield)| ShieldCursor::Review(day, shield)))
}

fn named(mut children: Vec<ChildId>) -> Vec<ChildId> {
    children.sort_unstable();
    children.dedup();
    children
}
