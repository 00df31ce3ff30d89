//! Calls about one's own organisation: the caseload, the inbox, and what came of it.

use serde_json::json;

use super::{Call, Who, get, post};
use crate::openapi::shapes::{asked, between, shown, words};

pub(super) fn calls() -> Vec<Call> {
    vec![
        get("/api/v1/caseload", "listCaseload")
            .says("Own organisation", "List the open entries of one's own organisation", "Staff read names, which is recorded; a client without Acting-User reads none.")
            .by(Who::Either)
            .asks::<words::Id>("after", "Where the page before ended.")
            .gives::<shown::Caseload>(200, "A page of entries; fifty at most.", json!({
                "entries": [{
                    "involvement_id": "0190a3c4d5e67f8091a2b3c4d5e6f70b", "position": 81230, "outcome": "recorded",
                    "child_number": "04817263599", "service_type": "social_care", "started_on": "2026-03-01",
                    "ended_on": null
                }]
            })),
        get("/api/v1/inbox", "listInbox")
            .says("Own organisation", "List what one's own organisation is told", "That another service began to work with a child of the own caseload, or stopped; the newest first, recorded before it is shown. What may no longer be seen is left out.")
            .by(Who::Person)
            .asks::<words::PositionText>("after", "Where the page before ended.")
            .gives::<shown::Inbox>(200, "A page; fifty at most.", json!({
                "notifications": [{
                    "position": 81231, "kind": "involvement.started", "at": "2026-11-20T09:00:00Z",
                    "child_number": "04817263599", "own_involvements": ["0190a3c4d5e67f8091a2b3c4d5e6f70b"],
                    "lead_professional": true
                }]
            })),
        post("/api/v1/inbox/{id}/acknowledgement", "acknowledgeNotification")
            .says("Own organisation", "Say that something was seen", "Once for all staff of the organisation; again it is `unchanged`.")
            .by(Who::Person)
            .part::<words::PositionText>("id", "Its `position`.")
            .takes::<asked::Nothing>(json!({}))
            .gives::<shown::Outcome>(201, "The outcome.", json!({
                "id": "", "outcome": "recorded", "position": 81260, "child_number": "04817263599"
            })),
        answered(post("/api/v1/involvements/{id}/contacts", "recordContact")
            .says("Own organisation", "Say that one got in touch with another service", "Which, and on what day; never what was said. The other is an involvement that the record shows.")
            .by(Who::Person)
            .part::<words::Id>("id", "The own involvement's id.")
            .takes::<between::NewContact>(json!({"with": "0190a3c4d5e67f8091a2b3c4d5e6f70e", "on": "2026-11-20"}))),
        answered(post("/api/v1/involvements/{id}/withholdings", "recordWithholding")
            .says("Own organisation", "Say that one decided not to share", "With whom and on which of four grounds, and no more. Told to nobody; one's own organisation reads it in the caseload, an investigator in the history.")
            .by(Who::Person)
            .part::<words::Id>("id", "The own involvement's id.")
            .takes::<between::NewWithholding>(json!({
                "with": "0190a3c4d5e67f8091a2b3c4d5e6f70e", "because": "consent_refused", "on": "2026-11-20"
            }))),
    ]
}

fn answered(call: Call) -> Call {
    call.gives::<shown::Outcome>(
        201,
        "The outcome.",
        json!({"outcome": "recorded", "position": 81261, "child_number": "04817263599"}),
    )
}
