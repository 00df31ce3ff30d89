//! Calls of authorities: their duty desks, and what waits there.

use serde_json::json;

use super::{Call, Who, get, post};
use crate::openapi::shapes::{keeping, shown, words};

const DESK: &str = "Duty desk";
const MOVES: &str = "Authorities";

pub(super) fn calls() -> Vec<Call> {
    let id = "0190a3c4d5e67f8091a2b3c4d5e6f711";
    let moving = "0190a3c4d5e67f8091a2b3c4d5e6f713";
    vec![
        post("/api/v1/brokering", "askBrokering")
            .says(DESK, "Ask to be put in touch", "For whoever may look at this child and was not shown who works with it, or anything of a shielded record. Taken alike whether anything is hidden or not; routed without naming the authority; answered round the clock within the minutes of the policy. The desk answers by telephone; only its word is kept.")
            .by(Who::Person)
            .takes::<keeping::NewBrokering>(json!({
                "child_number": "04817263599", "about": "sensitive", "reason": "assessment",
                "contacts": [{"kind": "telephone", "value": "020 7946 0003"}]
            }))
            .gives::<keeping::BrokeringTaken>(201, "The request, with the time by which it is answered.", json!({
                "brokering_id": id, "due_by": "2026-11-20T09:30:00Z", "position": 81250
            })),
        get("/api/v1/brokering", "listBrokering")
            .says(DESK, "List what was asked of a duty desk", "For teams and data managers: what waits at their desk, what is due first at the top; each page is recorded first. For others, and with `own`: what they asked, the oldest first. That nothing can be passed on is told when the time is over, never sooner.")
            .by(Who::Person)
            .asks::<words::YesOrNo>("own", "One's own requests, for whoever has a desk as well.")
            .asks::<words::PositionText>("after", "Where the page before ended.")
            .gives::<keeping::BrokeringPage>(200, "A page of requests; fifty at most.", json!({
                "requests": [{
                    "brokering_id": id, "child_number": "04817263599", "about": "sensitive",
                    "asked_at": "2026-11-20T09:00:00Z", "due_by": "2026-11-20T09:30:00Z", "state": "answered",
                    "outcome": "callback_arranged", "answered_at": "2026-11-20T09:12:00Z"
                }]
            })),
        post("/api/v1/brokering/{id}/answer", "answerBrokering")
            .says(DESK, "Answer a request", "For the desk's own authority: its team and data managers. A service that declines and one that is not there are one word.")
            .by(Who::Person)
            .part::<words::Id>("id", "The request's id.")
            .takes::<keeping::BrokeringAnswer>(json!({"outcome": "contact_made"}))
            .gives::<shown::Outcome>(201, "The outcome.", json!({
                "outcome": "recorded", "position": 81251, "child_number": "04817263599"
            })),
        get("/api/v1/shields", "listShields")
            .says("Shields", "List what is to be decided about shields", "For teams and data managers of the responsible authority: requests that wait, the oldest first; then shields due for review within thirty days, those due first at the top. A shield whose day has passed stands until a person lifts it. Each page is recorded first.")
            .by(Who::Person)
            .asks::<words::ShieldCursor>("after", "The `next` of the page before.")
            .gives::<keeping::ShieldPage>(200, "A page; fifty lines at most.", json!({
                "position": 81252,
                "items": [{
                    "kind": "request", "shield_id": "0190a3c4d5e67f8091a2b3c4d5e6f70d",
                    "child_number": "04817263599", "asked_by": "org:refuge", "ground": "protected_service",
                    "since": "2026-11-19T16:00:00Z", "holds_addresses": true
                }, {
                    "kind": "review", "shield_id": "0190a3c4d5e67f8091a2b3c4d5e6f712",
                    "child_number": "05938172648", "ground": "domestic_abuse", "review_by": "2026-12-01",
                    "overdue": false
                }]
            })),
        get("/api/v1/discrepancies", "listDiscrepancies")
            .says(MOVES, "List whose word differs from the one that stands", "For teams and data managers: on the children that their own authority answers for, the oldest first, shielded ones too. Fields are named, and what they hold is a look at the record. Whoever sent it was told of `fields`; `for_team` they may not see, so that the team asks them, or sets the record right by hand. It goes from the list when that source or another comes to say the same. Each page is recorded first.")
            .by(Who::Person)
            .asks::<words::PositionText>("after", "Where the page before ended.")
            .gives::<keeping::DiscrepancyPage>(200, "A page; fifty sources at most.", json!({
                "position": 81255,
                "discrepancies": [{
                    "child_number": "04817263599", "supplier": "urn:100000", "fields": ["surname"],
                    "for_team": ["nhs_number"], "since": "2026-11-20T09:00:00Z", "raised_at": 81229
                }]
            })),
        post("/api/v1/transfers", "proposeTransfer")
            .says(MOVES, "Propose that another authority answer for a child", "For teams and data managers of the authority that answers, and of the one that would. It moves once both have said so, and never by itself; a child of the national pool is taken at once. A new address in another authority's area proposes the same to both.")
            .by(Who::Person)
            .takes::<keeping::NewTransfer>(json!({"child_number": "04817263599", "to": "gss:E08000003"}))
            .gives::<keeping::TransferOutcome>(201, "The outcome, with the transfer's id.", json!({
                "transfer_id": moving, "outcome": "recorded", "position": 81253, "child_number": "04817263599"
            })),
        get("/api/v1/transfers", "listTransfers")
            .says(MOVES, "List the moves that wait", "For teams and data managers: from and to their own authority, the oldest first. What is overdue waits all the same. Each page is recorded first.")
            .by(Who::Person)
            .asks::<words::PositionText>("after", "Where the page before ended.")
            .gives::<keeping::TransferPage>(200, "A page; fifty moves at most.", json!({
                "position": 81254,
                "transfers": [{
                    "transfer_id": moving, "child_number": "04817263599", "from": "gss:E09000014",
                    "to": "gss:E08000003", "proposed_by": "gss:E09000014", "since": "2026-11-20T09:00:00Z",
                    "due_by": "2026-11-27T09:00:00Z", "overdue": false, "awaits_you": true
                }]
            })),
        post("/api/v1/transfers/{id}/decision", "decideTransfer")
            .says(MOVES, "Accept or decline a move", "For the other authority; whoever proposed it takes it back by declining.")
            .by(Who::Person)
            .part::<words::Id>("id", "The transfer's id.")
            .takes::<keeping::TransferDecision>(json!({"decision": "accept"}))
            .gives::<shown::Outcome>(201, "The outcome.", json!({
                "outcome": "recorded", "position": 81255, "child_number": "04817263599"
            })),
    ]
}
