//! Calls of the team that answers what children and carers ask about what is held.

use serde_json::{Value, json};

use super::{Call, Who, get, post};
use crate::openapi::shapes::{asked, rights, shown, words};

const TAG: &str = "Rights";

const ID: &str = "0190a3c4d5e67f8091a2b3c4d5e6f715";

pub(super) fn calls() -> Vec<Call> {
    let done = || json!({"outcome": "recorded", "position": 81301, "child_number": "04817263599"});
    let of_request =
        |path, name| post(path, name).by(Who::Person).part::<words::Id>("id", "The request's id.");
    vec![
        post("/api/v1/rights_requests", "enterRightsRequest")
            .says(TAG, "Enter a request about what is held", "For the team and data managers of the authority that answers for the child: what a child or a carer asks, access, a correction or an answer to a complaint. The clock of a month runs from the day of receipt. A child who was judged not yet able to decide does not ask for access alone; a competent child is asked first what they say of a carer's request.")
            .by(Who::Person)
            .takes::<rights::NewRightsRequest>(json!({
                "child_number": "04817263599", "asked_by": "child", "asked": "access",
                "competence": "assessed_competent", "proof": "photo_document"
            }))
            .gives::<rights::RightsTaken>(201, "The request, with the last day of its clock.", json!({
                "rights_request_id": ID, "due_by": "2026-12-20", "position": 81300
            })),
        get("/api/v1/rights_requests", "listRightsRequests")
            .says(TAG, "List the requests that wait", "For teams and data managers: what their authority has to answer, what is due first at the top; with `child`, all that was asked about that child, the newest first. Each page is recorded first.")
            .by(Who::Person)
            .asks::<words::ChildNumber>("child", "All that was asked about this child.")
            .asks::<words::RightsCursor>("after", "The `next` of the page before.")
            .gives::<rights::RightsPage>(200, "A page; fifty requests at most.", json!({
                "position": 81302,
                "requests": [{
                    "rights_request_id": ID, "child_number": "04817263599", "asked_by": "child",
                    "asked": {"correction": {"field": "date_of_birth"}}, "competence": "presumed_12_or_over",
                    "received_on": "2026-11-20", "due_by": "2026-12-20", "overdue": false, "extended": false,
                    "carer_checked": false, "steps": [{"step": "acknowledged", "at": "2026-11-20T09:00:00Z"}],
                    "disagrees": false
                }]
            })),
        of_request("/api/v1/rights_requests/{id}/carer", "checkCarer")
            .says(TAG, "Say what was judged of a carer who asks", "Whether they live where the child lives. Judged upon what the record says of carers and address: once that changes, it is judged again before a pack is made.")
            .takes::<rights::CarerCheck>(json!({"lives_with_child": false}))
            .gives::<shown::Outcome>(201, "The outcome.", done()),
        of_request("/api/v1/rights_requests/{id}/threat", "checkThreat")
            .says(TAG, "Say what the threat check came to", "Of a carer's request about a shielded record; by another person than the one who entered the request or checked the carer. A shield that comes later asks anew.")
            .takes::<rights::ThreatCheck>(json!({"cleared": true}))
            .gives::<shown::Outcome>(201, "The outcome.", done()),
        of_request("/api/v1/rights_requests/{id}/extension", "extendRightsRequest")
            .says(TAG, "Let the clock run two months longer", "Once, while it runs, where the request is complex or one of many.")
            .takes::<asked::Nothing>(json!({}))
            .gives::<shown::Outcome>(201, "The outcome.", done()),
        of_request("/api/v1/rights_requests/{id}/steps", "stepRightsRequest")
            .says(TAG, "Say that a step was taken", "Each step towards an answer is a fact.")
            .takes::<rights::RightsStep>(json!({"step": "acknowledged"}))
            .gives::<shown::Outcome>(201, "The outcome.", done()),
        of_request("/api/v1/rights_requests/{id}/answer", "answerRightsRequest")
            .says(TAG, "Answer a request", "In closed words, those of its kind. Access is answered by the pack itself, or withheld with a ground.")
            .takes::<rights::RightsAnswer>(json!({"answer": {"correction_refused": "documented"}}))
            .gives::<shown::Outcome>(201, "The outcome.", done()),
        of_request("/api/v1/rights_requests/{id}/disagreement", "markDisagreement")
            .says(TAG, "Mark that whoever asked disagrees", "With a refused correction. What they dispute is marked as disputed, for the team and in every pack after; no words are kept.")
            .takes::<asked::Nothing>(json!({}))
            .gives::<shown::Outcome>(201, "The outcome.", done()),
        get("/api/v1/rights_requests/{id}/pack", "getSubjectPack")
            .says(TAG, "Make the pack", "What is held and who looked, as the child or the carer who asked may have it; recorded with the request and among the looks at the record before it leaves. A carer's pack holds no other carer's contacts or address, no address where they do not live, no refuge, and no organisation that looked unless the record in the pack names it. Looks of a running case or enquiry are told once it has ended.")
            .by(Who::Person)
            .part::<words::Id>("id", "The request's id.")
            .asks::<words::PositionText>("after", "Where the page before ended.")
            .gives::<rights::SubjectPack>(200, "A page of the pack.", pack()),
    ]
}

fn pack() -> Value {
    json!({
        "position": 81303, "rights_request_id": ID, "access_id": "0190a3c4d5e67f8091a2b3c4d5e6f716",
        "asked_by": "carer", "made_at": "2026-11-24T10:00:00Z",
        "record": {
            "child_number": "04817263599", "shielded": false, "position": 81303,
            "names": [{"kind": "current", "forename": "Ava", "surname": "Lowe"}],
            "date_of_birth": "2015-04-02", "gender": "female",
            "carers": [{"name": "Mary Lowe", "relation": "parental_responsibility"}],
            "education": {"state": "none_known"}, "primary_care": {"state": "none_known"},
            "involvements": [], "gaps": ["no_education", "no_primary_care"], "patterns": []
        },
        "looks": [{
            "at": "2026-11-20T09:00:00Z", "kind": "opened", "organisation_kind": "hospital",
            "reason": "emergency", "groups": ["A", "B", "C", "D", "E"]
        }],
        "listings": [{"month": "2026-11", "organisation_kind": "hospital", "count": 2}],
        "corrections": []
    })
}
