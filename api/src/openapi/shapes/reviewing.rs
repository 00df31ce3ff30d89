//! Shapes of reviews and notices, as they are shown.

#![expect(dead_code, reason = "the fields are read by the derived schemas only")]

use utoipa::ToSchema;

use super::{
    shown::Look,
    words::{Id, Instant, LotWord, ReviewCursor, ReviewOutcomeWord, SignalWord, UrgencyWord},
};

/// Looks that a person reviews.
#[derive(ToSchema)]
pub(in crate::openapi) struct ReviewPage {
    position: i64,
    reviews: Vec<ReviewListed>,
    /// Where the next page begins; absent on the last.
    next: Option<ReviewCursor>,
}

/// One look that a person reviews.
#[derive(ToSchema)]
pub(in crate::openapi) struct ReviewListed {
    /// The look's id, and the reference of its notice.
    review_id: Id,
    urgency: UrgencyWord,
    /// For which lots of the policy's sample it was drawn.
    lots: Option<Vec<LotWord>>,
    /// What was seen beside it.
    signals: Option<Vec<SignalWord>>,
    /// Whether a shield was overridden, which opened an investigation.
    investigation: bool,
    /// The gravest word said of it.
    outcome: Option<ReviewOutcomeWord>,
    reviewed_at: Option<Instant>,
    access: Look,
}

/// Notices.
#[derive(ToSchema)]
pub(in crate::openapi) struct NoticePage {
    notices: Vec<Notice>,
    /// Where the next page begins; absent on the last.
    next: Option<ReviewCursor>,
}

/// A reference, and nothing of anybody.
#[derive(ToSchema)]
pub(in crate::openapi) struct Notice {
    /// The id of the review.
    reference: Id,
    since: Instant,
    /// Absent once it was reviewed.
    urgency: Option<UrgencyWord>,
    /// Absent while it waits.
    outcome: Option<ReviewOutcomeWord>,
}
