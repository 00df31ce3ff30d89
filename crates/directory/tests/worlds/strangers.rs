//! The outcome `queued` as a declared exception: the one thing in which two worlds may answer a supplier
//! otherwise, since whoever resembles a shielded child waits for a person (rules.md 2.7).

use directory::Mode;
use serde_json::{Value, json};

use crate::{
    base::{CHILDREN, SCHOOL, WARD, YOUTH, address},
    hidden::FORMER,
    script::{answered, described},
    two_worlds::Pair,
};

/// Descriptions of a child that nobody has described so: by its own names, by former ones, at any address.
fn strangers(child: usize) -> Vec<Value> {
    let mut strangers = Vec::new();
    for surname in [None, Some("Marsh")].into_iter().chain(FORMER.map(Some)) {
        for lives in [None, Some(0), Some(1), Some(2), Some(3)] {
            let mut whom = json!({"local_ref": format!("stranger-{child}")});
            described(&mut whom, child, false);
            if let Some(surname) = surname {
                whom["surname"] = json!(surname);
            }
            if let Some(lives) = lives {
                whom["address"] = address(lives);
            }
            strangers.push(json!({"type": "child.described", "data": {"child": whom}}));
        }
    }
    strangers
}

/// Suppliers who describe somebody new are answered alike, but that one may wait where the other need not.
///
/// Whom a stranger resembles is not only the child it was made after: any record with something behind it will do.
pub(crate) fn are_answered_alike(pair: &Pair) {
    let behind = pair.held.iter().any(|held| held.behind);
    for child in 0..CHILDREN {
        for told in strangers(child) {
            for organisation in [SCHOOL, WARD, YOUTH] {
                let [plain, secret] = [&pair.plain, &pair.secret]
                    .map(|world| answered(&world.send(organisation, "stranger", &told, Mode::DryRun)));
                let waits = |answer: &Value| answer["outcome"] == "queued";
                let declared = behind && waits(&plain) != waits(&secret);
                assert!(plain == secret || declared, "{plain} {secret} {told} {:?}", pair.held[child]);
            }
        }
    }
}
