//! Values in words: what a record of another day or a setting holds, told whatever it is.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use super::{
    kit::{Line, line},
    words,
};

/// Fields whose values are words of closed lists.
const CLOSED: &[&str] = &[
    "kind",
    "use",
    "gender",
    "state",
    "service_type",
    "class",
    "relation",
    "scheme",
    "code",
    "sensitive_services",
    "gaps",
    "intends_return",
];

/// Fields that tell nobody anything.
pub(crate) const UNSAID: &[&str] = &["involvement_id", "carer_ref", "practitioner_ref", "position", "id"];

/// A place of the record in words: `/involvements/0/ended_on` is 'Involvements 1, ended on'.
pub(crate) fn place(steps: &[&str]) -> Line {
    line().text(words::word(steps_in_words(steps).trim_start_matches(", ")))
}

/// A place within what is named: 'School, Whitworth Academy, ended on'.
pub(crate) fn place_within(named: Line, steps: &[&str]) -> Line {
    named.text(steps_in_words(steps))
}

fn steps_in_words(steps: &[&str]) -> String {
    let told = steps.iter().map(|step| match step.parse::<usize>() {
        Ok(index) => format!(" {}", index + 1),
        Err(_) => format!(", {}", words::lower(step)),
    });
    told.collect()
}

/// A value in words.
pub(crate) fn said(field: &str, value: &Value) -> Line {
    match value {
        Value::Null => line().text("Nothing"),
        Value::Bool(true) => line().text("Yes"),
        Value::Bool(false) => line().text("No"),
        Value::Number(number) => line().text(number.to_string()),
        Value::String(text) => written(field, text),
        Value::Array(values) => {
            let lines = values.iter().map(|one| said(field, one));
            lines.reduce(|all, one| all.line_break().and(one)).unwrap_or_else(|| line().text("None"))
        }
        Value::Object(fields) => {
            let told: Fields<'_> = fields
                .iter()
                .filter(|(name, inner)| !UNSAID.contains(&name.as_str()) && !inner.is_null())
                .map(|(name, inner)| (name.as_str(), inner))
                .collect();
            whole(&told).unwrap_or_else(|| each(&told))
        }
    }
}

/// What is said of something that has several fields.
type Fields<'a> = BTreeMap<&'a str, &'a Value>;

/// Field by field.
fn each(fields: &Fields<'_>) -> Line {
    let told = fields
        .iter()
        .map(|(name, inner)| line().quiet(format!("{}: ", words::word(name))).and(said(name, inner)));
    told.reduce(|all, one| all.text("; ").and(one)).unwrap_or_default()
}

/// What people say in one breath: a name, a number, an address, a pattern, an organisation; and nothing where a field is
/// there that would be left out.
fn whole(fields: &Fields<'_>) -> Option<Line> {
    let names: Vec<&str> = fields.keys().copied().collect();
    let only = |known: &[&str]| names.iter().all(|name| known.contains(name));
    let text = |name: &str| fields.get(name).and_then(|value| value.as_str());
    let texts = |wanted: &[&str]| wanted.iter().filter_map(|name| text(name)).collect::<Vec<_>>();
    if let Some(value) = text("value").filter(|_| only(&["value", "kind", "use", "hours"])) {
        let kind = texts(&["use", "kind"]).join(" ").replace('_', " ");
        let about = [kind.as_str(), text("hours").unwrap_or_default()];
        let about: Vec<&str> = about.into_iter().filter(|part| !part.is_empty()).collect();
        return Some(line().text(value).text(" ").quiet(format!("({})", about.join(", "))));
    }
    if text("surname").is_some() && only(&["forename", "middle", "surname", "kind"]) {
        let name = line().text(texts(&["forename", "middle", "surname"]).join(" "));
        let kind = text("kind").map(|kind| line().text(" ").quiet(format!("({})", words::lower(kind))));
        return Some(name.and(kind.unwrap_or_default()));
    }
    if let Some(lines) = fields.get("lines").and_then(|lines| lines.as_array())
        && only(&["state", "lines", "town", "postcode"])
    {
        let parts = lines.iter().filter_map(Value::as_str).chain(texts(&["town", "postcode"]));
        return Some(line().text(parts.collect::<Vec<_>>().join(", ")));
    }
    let number = |name: &str| fields.get(name).and_then(|value| value.as_u64());
    if let (Some(count), Some(days), ["code", "count", "days"]) = (number("count"), number("days"), &*names) {
        let what = words::lower(text("code")?);
        return Some(line().text(format!("{count} {what} within {days} days")));
    }
    match &*names {
        [name @ ("name" | "held" | "state")] => fields.get(name).map(|value| said(name, value)),
        _ => None,
    }
}

fn written(field: &str, text: &str) -> Line {
    if CLOSED.contains(&field) {
        return line().text(words::word(text));
    }
    if let Ok(day) = text.parse::<NaiveDate>() {
        return line().on(day);
    }
    match DateTime::parse_from_rfc3339(text) {
        Ok(at) => line().at(at.with_timezone(&Utc)),
        Err(_) => line().text(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_people_say_in_one_breath_is_told_so_and_nothing_is_left_out() {
        let told = |value: Value| said("", &value).to_string();
        let name = json!({"forename": "Vianne", "surname": "Lorel", "kind": "known_as"});
        assert_eq!(told(name), "Vianne Lorel <span class=\"cp-quiet\">(known as)</span>");
        let address = json!({"state": "known", "lines": ["1 The Row"], "town": "Elm", "postcode": "N1 1AA"});
        assert_eq!(told(address), "1 The Row, Elm, N1 1AA");
        let duty = json!({"value": "020 7946 0409", "kind": "telephone", "use": "duty", "hours": "24 h"});
        assert_eq!(told(duty), "020 7946 0409 <span class=\"cp-quiet\">(duty telephone, 24 h)</span>");
        let pattern = json!({"code": "closed_by_authorities", "count": 4, "days": 365});
        let said = "4 different social services departments ended their work within 365 days";
        assert_eq!(told(pattern), said);
        assert_eq!(told(json!({"id": "org:1", "name": "Elm School"})), "Elm School");
        let more = told(json!({"forename": "A", "surname": "B", "kind": "current", "since": "2026-03-01"}));
        assert!(
            more.contains("Since") && more.contains("1 March 2026") && more.contains("Surname"),
            "{more}"
        );
    }
}
