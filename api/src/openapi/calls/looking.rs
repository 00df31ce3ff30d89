//! Calls that look: searches, openings, history, one's own looks and the audit.

use serde_json::json;

use super::{Call, Who, get, post};
use crate::openapi::shapes::{asked, shown, words};

const TAG: &str = "Looking";

pub(super) fn calls() -> Vec<Call> {
    let look = json!({
        "position": 81234, "at": "2026-11-20T09:00:00Z", "kind": "opened",
        "access_id": "0190a3c4d5e67f8091a2b3c4d5e6f708", "child_number": "04817263599",
        "user": "0190a3c4d5e67f8091a2b3c4d5e6f701", "user_name": "Jo Reed",
        "organisation": "gss:E09000014", "role": "practitioner", "channel": "cms",
        "assurance": "asserted_by_cms",
        "asserted": {"signed_in_at": "2026-11-20T08:12:00Z", "methods": ["pwd", "otp"], "kid": "2026-11"}, "reason": "new_referral", "groups": ["A", "B", "C", "D", "E"]
    });
    let looks = json!({"accesses": [look], "next": 81234});
    vec![
        post("/api/v1/searches", "search")
            .says(TAG, "Find a child", "Ten results a page; a later page is the same body with `page`. Every page delivered is recorded first. Enough is the child number; a surname with a date, year, age or full postcode; both names with any of these or a place; a forename or initial with a street and an age, a year or a surname. Less is answered with `refine`.")
            .by(Who::Person)
            .takes::<asked::Search>(json!({
                "criteria": {"forename": "Ava", "surname": "Low*", "birth_year": 2015},
                "reason": "new_referral"
            }))
            .gives::<shown::SearchPage>(200, "A page of results.", json!({
                "search_id": "0190a3c4d5e67f8091a2b3c4d5e6f709", "position": 81233, "outcome": "found", "total": 1,
                "results": [{
                    "child_number": "04817263599",
                    "names": [{"kind": "current", "forename": "Ava", "middle_names": "Rose", "surname": "Lowe"}],
                    "date_of_birth": "2015-04-02", "gender": "female", "outcode": "N17",
                    "local_authority": {"id": "gss:E09000014", "name": "Haringey"},
                    "score": 0.97, "shielded": false
                }]
            })),
        post("/api/v1/children/{n}/accesses", "openRecord")
            .says(TAG, "Open one child's record", "The access is the resource: durable before the record leaves. No other call returns a record. An override opens one shielded record once; an investigation follows it.")
            .by(Who::Person)
            .part::<words::ChildNumber>("n", "The child's number.")
            .takes::<asked::Access>(json!({"search_id": "0190a3c4d5e67f8091a2b3c4d5e6f709"}))
            .gives::<shown::Opened>(201, "The record, as this person may see it.", opened()),
        get("/api/v1/children/{n}/history", "replayHistory")
            .says(TAG, "Replay a child's history", "For an investigator under an approved, unexpired case; recorded before it is shown. What is shown is what was seen then, as far as the case lets it be seen now. With `Accept: text/plain` or `text/markdown` it is told in words.")
            .by(Who::Person)
            .part::<words::ChildNumber>("n", "The child's number.")
            .asks::<words::Reference>("case", "The reference of the case.")
            .must()
            .asks::<words::MomentOfTheLog>("as_of", "As known at this instant, at the end of this day, or once the record at this position stood.")
            .asks::<words::SeenBy>("as_seen_by", "As whom: `role:ROLE` or `organisation:ID`.")
            .asks::<words::MomentOfTheLog>("compare", "The difference to what was known then.")
            .gives::<shown::History>(200, "The history.", json!({
                "position": 81240, "child_number": "04817263599",
                "events": [{
                    "position": 12, "happened_at": "2015-05-01T09:00:00Z",
                    "recorded_at": "2015-05-02T02:00:00Z", "facts": [],
                    "story": ["A service began to work with the child: school, Mill Lane Primary, from 2019-09-03."]
                }]
            })),
        get("/api/v1/accesses", "listOwnAccesses")
            .says(TAG, "List one's own looks", "")
            .by(Who::Person)
            .asks::<words::PositionText>("after", "Where the page before ended.")
            .gives::<shown::Looks>(200, "A page of looks, oldest first.", looks.clone()),
        get("/api/v1/audit/accesses", "auditAccesses")
            .says(TAG, "Read who looked", "For auditors; for user managers their own staff, without children.")
            .by(Who::Person)
            .asks::<words::ChildNumber>("child", "Looks at this child's record.")
            .asks::<words::Id>("user", "Looks by this account.")
            .asks::<words::OrganisationId>("organisation", "Looks by this organisation's staff.")
            .asks::<words::Moment>("from", "At this instant or on this day, or later.")
            .asks::<words::Moment>("to", "Before this instant, or through this day.")
            .asks::<words::PositionText>("after", "Where the page before ended.")
            .gives::<shown::Looks>(200, "A page of looks, oldest first.", looks),
    ]
}

fn opened() -> serde_json::Value {
    let work = json!([{"kind": "telephone", "use": "work", "value": "020 7946 0002"}]);
    json!({
        "access_id": "0190a3c4d5e67f8091a2b3c4d5e6f708", "position": 81234,
        "record": {
            "child_number": "04817263599", "shielded": false, "position": 81234,
            "names": [
                {"kind": "current", "forename": "Ava", "middle_names": "Rose", "surname": "Lowe"},
                {"kind": "known_as", "forename": "Avie", "surname": "Lowe"}
            ],
            "date_of_birth": "2015-04-02", "gender": "female",
            "responsible_authority": {"id": "gss:E09000014", "name": "Haringey"},
            "address": {"state": "known", "lines": ["12 Mill Lane"], "town": "London", "postcode": "N17 6AA"},
            "carers": [{
                "carer_ref": "0190a3c4d5e67f8091a2b3c4d5e6f70a", "name": "Mary Lowe",
                "relation": "parental_responsibility",
                "contacts": [{"kind": "telephone", "use": "home", "value": "020 7946 0000"}]
            }],
            "education": {
                "state": "attending", "since": "2019-09-03", "as_at": "2026-11-20T02:00:00Z",
                "organisation": {"id": "urn:100000", "name": "Mill Lane Primary", "contacts": work}
            },
            "primary_care": {"state": "none_known"},
            "involvements": [{
                "involvement_id": "0190a3c4d5e67f8091a2b3c4d5e6f70b", "service_type": "social_care",
                "class": "additional", "organisation": {"id": "gss:E09000014", "name": "Haringey"},
                "practitioner": {
                    "practitioner_ref": "0190a3c4d5e67f8091a2b3c4d5e6f70c", "name": "Jo Reed", "job": "social worker"
                },
                "team": "Assessment", "contacts": work, "started_on": "2026-03-01", "ended_on": null,
                "lead_professional": true, "common_assessment": {"held": true, "on": "2026-03-20"},
                "as_at": "2026-11-20T02:00:00Z"
            }],
            "identifiers": [], "gaps": ["no_primary_care"],
            "patterns": [{"code": "emergency_departments", "count": 3, "days": 60}]
        }
    })
}
