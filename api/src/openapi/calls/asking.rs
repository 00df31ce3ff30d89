//! Calls about one's own organisation: the caseload.

use serde_json::json;

use super::{Call, Who, get};
use crate::openapi::shapes::{shown, words};

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
    ]
}
