//! Reading a body: straight into its type, and once more with a pointer where that fails.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde_json::Value;
use vocabulary::Address;

use super::strict::Strict;
use super::trace::{Traced, Walk, Wrong, object_with};

/// What is wrong with a body, and where. Holds nothing that was sent but names of fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The stable name.
    pub code: &'static str,
    /// JSON pointer to the place; empty for the whole.
    pub pointer: String,
    /// What is asked for there.
    pub detail: Cow<'static, str>,
}

impl Fault {
    pub(super) fn new(
        code: &'static str,
        pointer: impl Into<String>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Fault {
        Fault { code, pointer: pointer.into(), detail: detail.into() }
    }
}

/// Reads one JSON value of type `T`.
///
/// Cost: one pass without a tree; a second one, over a tree, for what cannot be read.
///
/// # Errors
/// A [`Fault`] with the first place that is wrong.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    let text = text(bytes)?;
    let mut fast = serde_json::Deserializer::from_str(text);
    let read = T::deserialize(Strict::new(&mut fast)).and_then(|value| fast.end().map(|()| value));
    read.map_err(|error| match tree(text) {
        Err(fault) => fault,
        Ok(tree) => T::deserialize(Strict::new(Walk(&tree)))
            .err()
            .map_or_else(|| unsaid(&error), |traced| fault(traced, &tree)),
    })
}

/// The fields that an object of type `T` may have, as the type itself says; empty when it takes any.
pub fn field_names<T: DeserializeOwned>() -> &'static [&'static str] {
    match T::deserialize(Walk(&object_with("no_such_field"))).err().map(|traced| traced.wrong) {
        Some(Wrong::Unknown(names)) => names,
        Some(Wrong::Missing(_) | Wrong::NoneOf(_) | Wrong::Form(_)) | None => &[],
    }
}

pub(super) fn text(bytes: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(bytes).map_err(|_| Fault::new("utf8_invalid", "", "this is not UTF-8; send UTF-8"))
}

/// The tree of what the fast path refused; a fault where it is no JSON at all.
///
/// The fast path's own word for it is not asked: it calls a number where a word is due a broken syntax.
pub(super) fn tree(text: &str) -> Result<Value, Fault> {
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Fault::new("json_invalid", "", format!("this stops being JSON at line {line}, column {column}"))
    })
}

/// What a tree no longer shows: a name that stood twice in one object.
pub(super) fn unsaid(error: &serde_json::Error) -> Fault {
    if error.to_string().starts_with("duplicate field") {
        Fault::new("field_repeated", "", "a field stands twice in one object; give it once")
    } else {
        Fault::new("field_invalid", "", "this is not of the form that the documentation gives")
    }
}

/// Turns an error of the walk over `tree` into a fault.
pub(super) fn fault(traced: Traced, tree: &Value) -> Fault {
    let traced = within_address(traced, tree);
    let field = traced.pointer.rsplit('/').find(|step| !step.bytes().all(|byte| byte.is_ascii_digit()));
    let form = form_of(field.unwrap_or_default());
    match traced.wrong {
        Wrong::Unknown(known) => {
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            let detail = format!("this field is not known here; the fields are: {known}");
            Fault::new("field_unknown", traced.pointer, detail)
        }
        Wrong::Missing(name) => {
            let pointer = format!("{}/{name}", traced.pointer);
            Fault::new("field_missing", pointer, format!("the field {name} must be given"))
        }
        Wrong::NoneOf(words) => {
            let code = form.map_or("field_invalid", |(code, _)| code);
            Fault::new(code, traced.pointer, format!("this must be one of: {}", words.join(", ")))
        }
        Wrong::Form(said) => match (form, said.strip_prefix("not ")) {
            (Some((code, asked)), _) => Fault::new(code, traced.pointer, format!("this must be {asked}")),
            (None, Some(asked)) => {
                Fault::new("field_invalid", traced.pointer, format!("this must be {asked}"))
            }
            // Wording of others could quote what was sent, so it is not passed on.
            (None, None) => Fault::new("field_invalid", traced.pointer, "this is not of its form"),
        },
    }
}

/// An address is an object or one word, which hides what is wrong inside the object: asks again, as object.
fn within_address(traced: Traced, tree: &Value) -> Traced {
    let place = tree.pointer(&traced.pointer);
    match place.filter(|_| traced.pointer.ends_with("/address") && matches!(traced.wrong, Wrong::Form(_))) {
        Some(address) if address.is_object() => {
            let inner = <Address as serde::Deserialize>::deserialize(Walk(address)).err();
            inner.map_or(traced.clone(), |inner| Traced {
                pointer: format!("{}{}", traced.pointer, inner.pointer),
                wrong: inner.wrong,
            })
        }
        Some(_) | None => traced,
    }
}

/// The code and the form of fields that have a code of their own, by name.
fn form_of(field: &str) -> Option<(&'static str, &'static str)> {
    Some(match field {
        "date_of_birth" | "on" | "started_on" | "ended_on" | "decided_on" | "review_by" | "expires_on"
        | "birth_from" | "birth_to" => ("date_invalid", "a day that there is, as YYYY-MM-DD"),
        "child_number" => ("child_number_invalid", "a child number: eleven digits, the last a check digit"),
        "nhs_number" => ("nhs_number_invalid", "an NHS number: ten digits, the last a check digit"),
        "upn" => ("upn_invalid", "a unique pupil number: a check letter, eleven digits, a digit or letter"),
        "gender" => ("gender_invalid", "one of: female, male, not_specified"),
        "postcode" => ("postcode_invalid", "a United Kingdom postcode, as in N17 6AA"),
        "service_type" => ("service_type_unknown", "a service type of the closed list"),
        "reason" => ("reason_unknown", "an access reason of the closed list"),
        "retired_from" => ("time_invalid", "an instant of RFC 3339, as in 2026-12-01T00:00:00Z"),
        "address" => ("field_invalid", "an address object, or the word none_known"),
        _ => return None,
    })
}
