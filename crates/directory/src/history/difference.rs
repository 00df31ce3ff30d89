//! The difference of two records, as JSON pointers with what stood and what stands.

use serde::Serialize;
use serde_json::Value;

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// Where, as an RFC 6901 pointer.
    pub pointer: String,
    /// What stood; absent where nothing did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What stands; absent where nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// The entry of a list within which it is, as it was shown; whoever reads the pointers has the list.
    #[serde(skip)]
    pub entry: Option<Value>,
}

/// Everything that differs, in the order of the later record's fields, then what is gone.
///
/// Entries of a list are the same where they have the same id, so that one new agency is one change.
pub(super) fn between(before: &Value, after: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    walk("", (Some(before), Some(after)), None, &mut changes);
    changes
}

fn walk(
    pointer: &str,
    sides: (Option<&Value>, Option<&Value>),
    entry: Option<&Value>,
    changes: &mut Vec<Change>,
) {
    match sides {
        (Some(left), Some(right)) if left == right => (),
        (Some(Value::Object(left)), Some(Value::Object(right))) => {
            for (name, value) in right {
                walk(&format!("{pointer}/{}", escaped(name)), (left.get(name), Some(value)), entry, changes);
            }
            for (name, value) in left.iter().filter(|(name, _)| !right.contains_key(*name)) {
                walk(&format!("{pointer}/{}", escaped(name)), (Some(value), None), entry, changes);
            }
        }
        (Some(Value::Array(left)), Some(Value::Array(right))) => {
            for (at, value) in right.iter().enumerate() {
                let same = left.iter().find(|other| is_same(other, value));
                walk(&format!("{pointer}/{at}"), (same, Some(value)), entry.or(Some(value)), changes);
            }
            for (at, value) in left.iter().enumerate() {
                if !right.iter().any(|other| is_same(value, other)) {
                    walk(&format!("{pointer}/{at}"), (Some(value), None), entry.or(Some(value)), changes);
                }
            }
        }
        (left, right) => {
            changes.push(Change {
                pointer: pointer.to_owned(),
                before: left.cloned(),
                after: right.cloned(),
                entry: entry.cloned(),
            });
        }
    }
}

/// Two entries of a list are one thing where they share an id, or are equal.
fn is_same(left: &Value, right: &Value) -> bool {
    let ids = ["involvement_id", "carer_ref", "scheme", "code"];
    let shared = ids.iter().find_map(|id| left.get(id).zip(right.get(id)));
    shared.map_or_else(|| left == right, |(left, right)| left == right)
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_new_agency_is_one_change() {
        let one = json!({"involvements": [{"involvement_id": "a", "ended_on": null}]});
        let two = json!({"involvements": [{"involvement_id": "b"}, {"involvement_id": "a", "ended_on": "2026-01-01"}]});
        let changes = between(&one, &two);
        let pointers: Vec<&str> = changes.iter().map(|change| change.pointer.as_str()).collect();
        assert_eq!(pointers, ["/involvements/0", "/involvements/1/ended_on"]);
        assert_eq!(changes[1].entry.as_ref(), two.pointer("/involvements/1"));
        assert_eq!(between(&one, &one), []);
    }

    #[test]
    fn what_is_gone_is_told() {
        let changes = between(&json!({"a/b": 1, "c": 2}), &json!({"c": 2}));
        let gone = Change { pointer: "/a~1b".to_owned(), before: Some(json!(1)), after: None, entry: None };
        assert_eq!(changes, [gone]);
    }
}
