//! Calls about how long records are kept.

use serde_json::json;

use super::{Call, Who, get, post};
use crate::openapi::shapes::{asked, retention, shown, words};

const KEPT: &str = "Retention";

pub(super) fn calls() -> Vec<Call> {
    let hold = "0190a3c4d5e67f8091a2b3c4d5e6f721";
    let purge = "0190a3c4d5e67f8091a2b3c4d5e6f722";
    let recorded = json!({"outcome": "recorded", "position": 81261, "child_number": "04817263599"});
    vec![
        post("/api/v1/children/{n}/holds", "placeHold")
            .says(KEPT, "Hold a record from being purged", "For teams and data managers of the responsible authority, also where the record lies in an archive that nobody reads. Nothing of the record is shown; another authority's reads as one that nobody has. The same again is the same hold.")
            .by(Who::Person)
            .part::<words::ChildNumber>("n", "The child's number.")
            .takes::<retention::NewHold>(json!({"ground": "legal_claim", "reference": "HC-2026-17"}))
            .gives::<retention::HoldOutcome>(201, "The outcome, with the hold's id.", json!({
                "hold_id": hold, "outcome": "recorded", "position": 81260, "child_number": "04817263599"
            })),
        post("/api/v1/children/{n}/holds/{id}/lifting", "liftHold")
            .says(KEPT, "Lift a hold", "For another person than who placed it.")
            .by(Who::Person)
            .part::<words::ChildNumber>("n", "The child's number.")
            .part::<words::Id>("id", "The hold's id.")
            .takes::<asked::Nothing>(json!({}))
            .gives::<shown::Outcome>(201, "The outcome.", recorded.clone()),
        post("/api/v1/children/{n}/archive_age", "extendArchiveAge")
            .says(KEPT, "Keep a record to twenty-five", "For teams and data managers of the responsible authority, when a young person of sixteen or over who left care or has a learning difficulty agrees to it before the record goes to the archive.")
            .by(Who::Person)
            .part::<words::ChildNumber>("n", "The child's number.")
            .takes::<retention::AgeExtended>(json!({
                "basis": "care_leaver", "method": "face_to_face", "notice_version": "2026-1",
                "decided_on": "2026-11-19"
            }))
            .gives::<shown::Outcome>(201, "The outcome.", recorded.clone()),
        post("/api/v1/children/{n}/archive_age/withdrawal", "withdrawArchiveAge")
            .says(KEPT, "Keep a record to twenty-five no more", "When the young person agrees no more: the record goes to the archive at eighteen, or the night after.")
            .by(Who::Person)
            .part::<words::ChildNumber>("n", "The child's number.")
            .takes::<retention::AgeWithdrawn>(json!({"decided_on": "2026-11-20"}))
            .gives::<shown::Outcome>(201, "The outcome.", recorded),
        get("/api/v1/purges", "listPurges")
            .says(KEPT, "List the records to be purged", "For data managers about their own authority and administrators of a national body about all: lists that wait for an approval or their time, those that wait for one's own side first, the oldest before the others, fifty at most. A list says how many records it has, unless they are fewer than five, and never whose.")
            .by(Who::Person)
            .gives::<retention::PurgeLists>(200, "The lists.", json!({
                "purges": [{
                    "purge_id": purge, "authority": "gss:E09000014", "records": 412,
                    "proposed_at": "2026-11-20T02:04:00Z", "approved": ["authority"]
                }]
            })),
        post("/api/v1/purges/{id}/approval", "approvePurge")
            .says(KEPT, "Approve a list to be purged", "After the PIN. It takes a data manager of the authority and an administrator, two people; the second approval begins a time of waiting in which either side may still stop it.")
            .by(Who::Person)
            .part::<words::Id>("id", "The list's id.")
            .takes::<asked::Nothing>(json!({}))
            .gives::<retention::PurgeSaid>(201, "Approved.", json!({"position": 81262})),
        post("/api/v1/purges/{id}/cancellation", "cancelPurge")
            .says(KEPT, "Stop a list to be purged", "Its records stay, and are proposed again another night unless something holds them.")
            .by(Who::Person)
            .part::<words::Id>("id", "The list's id.")
            .takes::<asked::Nothing>(json!({}))
            .gives::<retention::PurgeSaid>(201, "Stopped.", json!({"position": 81263})),
    ]
}
