//! Calls of reviewers: looks that a person reviews, what is said of them, notices, and invented records.

use serde_json::json;

use super::{Call, Who, get, post};
use crate::openapi::shapes::{keeping, reviewing, shown, words};

const TAG: &str = "Reviews";

pub(super) fn calls() -> Vec<Call> {
    let look = "0190a3c4d5e67f8091a2b3c4d5e6f708";
    vec![
        get("/api/v1/reviews", "listReviews")
            .says(TAG, "List the looks that a person reviews", "For auditors: looks by the staff of their own authority's organisations, for a national auditor all. Alarms first, then investigations, alerts, the lots that are reviewed for their own sake, and the sample; within each the oldest first. Nobody reads of their own looks here. Each page is recorded first.")
            .by(Who::Person)
            .asks::<words::ReviewState>("state", "Those that wait, which is the default, or those that were reviewed.")
            .asks::<words::ReviewCursor>("after", "The `next` of the page before.")
            .gives::<reviewing::ReviewPage>(200, "A page; fifty looks at most.", json!({
                "position": 81260,
                "reviews": [{
                    "review_id": look, "urgency": "lot", "lots": ["grace"], "investigation": false,
                    "access": {
                        "position": 81234, "at": "2026-11-20T09:00:00Z", "kind": "opened", "access_id": look,
                        "child_number": "04817263599", "user": "0190a3c4d5e67f8091a2b3c4d5e6f701",
                        "user_name": "Jo Reed", "organisation": "urn:100000", "role": "practitioner",
                        "channel": "web", "assurance": "own_sign_in", "reason": "emergency",
                        "groups": ["A", "B", "C", "D", "E"], "record_state": "live", "drawn_for": ["grace"]
                    }
                }],
                "next": "4-81234"
            })),
        post("/api/v1/reviews/{id}/outcome", "reviewLook")
            .says(TAG, "Say what came of a review", "A graver word may follow a milder one and never the other way about. `suspended` suspends the account in the same call. It closes the investigation of an override too. Nobody reviews their own look, or one made for them.")
            .by(Who::Person)
            .part::<words::Id>("id", "The review's id, which is the look's.")
            .takes::<keeping::ReviewSaid>(json!({"outcome": "explained"}))
            .gives::<shown::Outcome>(201, "The outcome.", json!({"outcome": "recorded", "position": 81261})),
        get("/api/v1/notices", "listNotices")
            .says(TAG, "List notices", "A reference and nothing of anybody: for auditors what waits and is more than a sample, for user managers what came of reviews of their own staff's looks. Whoever may know more reads it by the reference.")
            .by(Who::Person)
            .asks::<words::ReviewCursor>("after", "The `next` of the page before.")
            .gives::<reviewing::NoticePage>(200, "A page; fifty notices at most.", json!({
                "notices": [{"reference": look, "since": "2026-11-20T09:00:00Z", "urgency": "alarm"}]
            })),
        post("/api/v1/children/{n}/canary", "markCanary")
            .says(TAG, "Mark an invented record as a canary", "For auditors of the authority that answers for the record, after the PIN was given again. Opening it raises an alarm from then on; nobody is shown which records are marked.")
            .by(Who::Person)
            .part::<words::ChildNumber>("n", "The child number.")
            .takes::<keeping::CanaryMark>(json!({"marked": true}))
            .gives::<shown::Outcome>(201, "The outcome.", json!({
                "outcome": "recorded", "position": 81262, "child_number": "04817263599"
            })),
    ]
}
