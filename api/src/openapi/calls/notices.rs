//! Calls of the team that tells families what is held and why.

use serde_json::json;

use super::{Call, Who, get, post};
use crate::openapi::shapes::{notices, shown, words};

const TAG: &str = "Rights";

pub(super) fn calls() -> Vec<Call> {
    let done = || json!({"outcome": "recorded", "position": 81310, "child_number": "04817263599"});
    vec![
        get("/api/v1/privacy_notices", "listDueNotices")
            .says(TAG, "List who is to be told what is held", "For teams and data managers: the families of their own authority that have not had the version published last, those who never had one first. One notice tells a household: one of its children stands for all. No page holds an address. Shielded records stand on a list of their own, are named alone and are told of through the team. Each page is recorded first.")
            .by(Who::Person)
            .asks::<words::NoticeFor>("audience", "The household, the child's own copy, or carers who live elsewhere.")
            .must()
            .asks::<words::YesOrNo>("shielded", "Of shielded records alone; without it, of the others.")
            .asks::<words::NoticeCursor>("after", "The `next` of the page before.")
            .gives::<notices::NoticesDue>(200, "A page; fifty notices at most.", json!({
                "position": 81309, "notice_version": "2026-2",
                "due": [{"child_number": "04817263599", "with": ["04817263602"], "last_version": "2026-1"}]
            })),
        post("/api/v1/privacy_notices", "giveNotice")
            .says(TAG, "Say that a notice was given", "Of the version published last; to a household it tells of all children who live there, to a carer who lives elsewhere of all their children at that home. Of a shielded record it is given through the team alone.")
            .by(Who::Person)
            .takes::<notices::NewNotice>(json!({
                "child_number": "04817263599", "audience": "household", "means": "post"
            }))
            .gives::<shown::Outcome>(201, "The outcome.", done()),
        post("/api/v1/privacy_notices/parents", "includeParent")
            .says(TAG, "Mark that a parent is to receive the child's copy too", "Or that none is any more. The mark stands on the list of copies that are due and on no record.")
            .by(Who::Person)
            .takes::<notices::ParentMark>(json!({"child_number": "04817263599", "parent_too": true}))
            .gives::<shown::Outcome>(201, "The outcome.", done()),
        post("/api/v1/privacy_notices/versions", "publishNotice")
            .says(TAG, "Publish a version of the notice", "By an administrator of a national body, the PIN given. Its words stand elsewhere; consents name its version. Whoever had an older one is due this. The policy shows every version.")
            .by(Who::Person)
            .takes::<notices::NewNoticeVersion>(json!({"notice_version": "2026-2"}))
            .gives::<notices::NoticePublished>(201, "Published.", json!({"changed": true, "position": 81308})),
    ]
}
