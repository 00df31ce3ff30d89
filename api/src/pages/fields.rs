//! Values in words: what a record of another day or a setting holds, told whatever it is.

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
            let told =
                fields.iter().filter(|(name, inner)| !UNSAID.contains(&name.as_str()) && !inner.is_null());
            let told = told
                .map(|(name, inner)| line().quiet(format!("{}: ", words::word(name))).and(said(name, inner)));
            told.reduce(|all, one| all.text("; ").and(one)).unwrap_or_default()
        }
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
