//! Calls about what people declare about themselves.

use serde_json::json;

use super::{Call, Who, get, post};
use crate::openapi::shapes::{administration as shape, asked, words};

const DECLARATIONS: &str = "Declarations";

pub(super) fn calls() -> Vec<Call> {
    let done = json!({"changed": true, "position": 81244});
    let related = json!({"child_number": "04817263599"});
    vec![
        get("/api/v1/declarations", "listDeclarations")
            .says(DECLARATIONS, "List what one declared", "Numbers and times; of a home only since when it is known.")
            .by(Who::Person)
            .gives::<shape::Declared>(200, "At most thirty relationships.", json!({
                "relationships": [{"child_number": "04817263599", "declared_at": "2026-11-20T09:00:00Z"}],
                "home_declared_at": "2026-11-20T09:00:00Z"
            })),
        post("/api/v1/declarations/relationships", "declareRelationship")
            .says(DECLARATIONS, "Declare a relationship with a child", "From now on one neither finds, opens, writes about nor decides on the record of the child, whatever the reason (`declared_relationship`): a colleague does. The number is taken whether or not anybody has it. Only whoever keeps the account ends it.")
            .by(Who::Person)
            .takes::<shape::DeclaredRelationship>(related.clone())
            .gives::<shape::Done>(201, "Declared.", done.clone()),
        post("/api/v1/declarations/home", "declareHome")
            .says(DECLARATIONS, "Declare where one lives", "Kept as keyed hashes of house and postcode, which are compared with those of children whom one looked at without a recorded reason; nobody can read them. Another one takes its place.")
            .by(Who::Person)
            .takes::<shape::DeclaredHome>(json!({"address": {"lines": ["12 Mill Lane"], "postcode": "N17 6AA"}}))
            .gives::<shape::Done>(201, "Declared.", done.clone()),
        post("/api/v1/declarations/home/withdrawal", "withdrawHome")
            .says(DECLARATIONS, "Have one's home forgotten", "It is compared no more.")
            .by(Who::Person)
            .takes::<asked::Nothing>(json!({}))
            .gives::<shape::Done>(201, "Forgotten.", done.clone()),
        post("/api/v1/users/{id}/relationships/withdrawal", "withdrawRelationship")
            .says("People", "End a relationship that a person declared", "By whoever keeps the account, with the number that its person names; never one's own.")
            .by(Who::Person)
            .part::<words::Id>("id", "The account.")
            .takes::<shape::DeclaredRelationship>(related)
            .gives::<shape::Done>(201, "It holds no more.", done),
    ]
}
