//! One `CloudEvent`: from the bytes as sent to what they say.
//!
//! Source: `CloudEvents` 1.0.2 and its JSON format; contract.md section 3.

use chrono::{DateTime, Utc};
use events::supplied::Supplied;
use serde::{
    Deserialize, Deserializer, de,
    de::{IntoDeserializer, value::StrDeserializer},
    forward_to_deserialize_any,
};
use serde_json::{Value, value::RawValue};

use super::decode::{Fault, fault, text, tree, unsaid};
use super::strict::Strict;
use super::trace::Walk;

/// Largest event, in bytes: `CloudEvents` asks receivers to take 64 KiB and senders to stay below.
pub const EVENT_BYTES_MAX: usize = 64 * 1024;

/// Longest id of an event.
pub const ID_CHARACTERS_MAX: usize = 200;

const PREFIX: &str = "uk.contactpoint.";
const SUFFIX: &str = ".v1";

/// One event of a case management system, read and not judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudEvent {
    /// The client's id for it.
    pub id: String,
    /// When it happened, if it says.
    pub happened_at: Option<DateTime<Utc>>,
    /// What it says.
    pub told: Supplied,
}

/// An event that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The client's id for it, where that could be read.
    pub id: Option<String>,
    /// What is wrong.
    pub fault: Fault,
}

/// The attributes that we read; the others, extensions among them, are let through unread.
#[derive(Deserialize)]
struct Envelope<'a> {
    specversion: Option<String>,
    id: Option<String>,
    source: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    time: Option<String>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(default)]
    data_base64: Option<de::IgnoredAny>,
}

/// The types of events without prefix and suffix, in the order of the contract.
pub fn kinds() -> &'static [&'static str] {
    /// Asks the type itself for its words.
    #[derive(Debug)]
    struct Asked(&'static [&'static str]);
    impl std::fmt::Display for Asked {
        fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            out.write_str("asked")
        }
    }
    impl std::error::Error for Asked {}
    impl de::Error for Asked {
        fn custom<T: std::fmt::Display>(_message: T) -> Asked {
            Asked(&[])
        }
        fn unknown_variant(_sent: &str, words: &'static [&'static str]) -> Asked {
            Asked(words)
        }
    }
    let nothing: Tagged<'_, StrDeserializer<'_, Asked>> = Tagged { kind: "", data: None, said: false };
    Supplied::deserialize(nothing).err().map_or(&[], |asked| asked.0)
}

impl CloudEvent {
    /// Reads one event from its bytes, exactly as sent.
    ///
    /// Cost: one pass over the bytes, no tree.
    ///
    /// # Errors
    /// `Unread` with the first thing that is wrong, in this order: size, UTF-8, JSON, attributes, data.
    pub fn read(bytes: &[u8]) -> Result<CloudEvent, Unread> {
        let whole = |fault: Fault| Unread { id: None, fault };
        if bytes.len() > EVENT_BYTES_MAX {
            return Err(whole(too_large()));
        }
        let text = text(bytes).map_err(whole)?;
        if text.trim_ascii_start().starts_with('[') {
            return Err(whole(tree(text).err().unwrap_or_else(no_object)));
        }
        let envelope: Envelope<'_> = match serde_json::from_str(text) {
            Ok(envelope) => envelope,
            Err(error) => return Err(tree(text).map_or_else(whole, |tree| no_envelope(&tree, &error))),
        };
        let Envelope { specversion, id, source, kind, time, data, data_base64 } = envelope;
        let id = id.ok_or_else(|| whole(missing("id_missing", "id")))?;
        if let Some(fault) = id_fault(&id) {
            return Err(whole(fault));
        }
        let unread = |fault: Fault| Unread { id: Some(id.clone()), fault };
        match specversion.as_deref() {
            Some("1.0") => (),
            Some(_) => {
                return Err(unread(Fault::new("specversion_unknown", "/specversion", "this must be 1.0")));
            }
            None => return Err(unread(missing("field_missing", "specversion"))),
        }
        if source.is_none_or(|source| source.is_empty()) {
            return Err(unread(missing("source_missing", "source")));
        }
        let kind = kind.ok_or_else(|| unread(missing("field_missing", "type")))?;
        let kind = known_kind(&kind).ok_or_else(|| {
            let asked = "this must be uk.contactpoint.NAME.v1 with a NAME of the contract";
            unread(Fault::new("type_unknown", "/type", asked))
        })?;
        let happened_at = match time.as_deref().map(DateTime::parse_from_rfc3339) {
            None => None,
            Some(Ok(instant)) => Some(instant.with_timezone(&Utc)),
            Some(Err(_)) => {
                let asked = "this must be an instant of RFC 3339, as in 2026-11-20T09:00:00Z";
                return Err(unread(Fault::new("time_invalid", "/time", asked)));
            }
        };
        let Some(data) = data else {
            return Err(unread(match data_base64 {
                None => missing("field_missing", "data"),
                Some(_) => Fault::new("data_encoding", "/data_base64", "give the data as JSON in data"),
            }));
        };
        let told = told(kind, data.get()).map_err(unread)?;
        Ok(CloudEvent { id, happened_at, told })
    }
}

pub(crate) fn too_large() -> Fault {
    Fault::new("event_too_large", "", "an event is at most 64 KiB; send less in it")
}

fn missing(code: &'static str, name: &'static str) -> Fault {
    Fault::new(code, format!("/{name}"), format!("the attribute {name} must be given"))
}

fn no_object() -> Fault {
    Fault::new("field_invalid", "", "an event is a JSON object")
}

fn id_fault(id: &str) -> Option<Fault> {
    if id.is_empty() {
        return Some(missing("id_missing", "id"));
    }
    let fits = id.chars().count() <= ID_CHARACTERS_MAX && !id.chars().any(char::is_control);
    let asked = "this must be a text of 1 to 200 characters without controls";
    (!fits).then(|| Fault::new("id_invalid", "/id", asked))
}

fn known_kind(kind: &str) -> Option<&'static str> {
    let name = kind.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?;
    kinds().iter().copied().find(|known| *known == name)
}

/// Reads `data` as the event type says.
fn told(kind: &'static str, data: &str) -> Result<Supplied, Fault> {
    let mut fast = serde_json::Deserializer::from_str(data);
    let error = match Supplied::deserialize(Tagged { kind, data: Some(Strict::new(&mut fast)), said: false })
    {
        Ok(told) => return Ok(told),
        Err(error) => error,
    };
    let tree = tree(data)?;
    let slow = Supplied::deserialize(Tagged { kind, data: Some(Strict::new(Walk(&tree))), said: false });
    let mut found = slow.err().map_or_else(|| unsaid(&error), |traced| fault(traced, &tree));
    found.pointer.insert_str(0, "/data");
    Err(found)
}

/// Says which attribute of an envelope is of another form than a text.
fn no_envelope(tree: &Value, error: &serde_json::Error) -> Unread {
    let id = tree.get("id").and_then(Value::as_str).filter(|id| id_fault(id).is_none()).map(str::to_owned);
    let texts = ["id", "specversion", "source", "type", "time"];
    let wrong =
        texts.iter().find(|name| tree.get(name).is_some_and(|value| !value.is_string() && !value.is_null()));
    let fault = match wrong {
        _ if !tree.is_object() => no_object(),
        Some(&"id") => Fault::new("id_invalid", "/id", "this must be a text"),
        Some(name) => Fault::new("field_invalid", format!("/{name}"), "this must be a text"),
        None => unsaid(error),
    };
    Unread { id, fault }
}

/// The type beside its data, read as if they stood so in one object, without copying them into one.
struct Tagged<'a, D> {
    kind: &'a str,
    data: Option<D>,
    said: bool,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Tagged<'_, D> {
    type Error = D::Error;

    fn deserialize_any<V: de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        visitor.visit_map(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, D: Deserializer<'de>> de::MapAccess<'de> for Tagged<'_, D> {
    type Error = D::Error;

    fn next_key_seed<S: de::DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, D::Error> {
        let name = match (self.said, self.data.is_some()) {
            (false, _) => "type",
            (true, true) => "data",
            (true, false) => return Ok(None),
        };
        let name: StrDeserializer<'_, D::Error> = name.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<S: de::DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, D::Error> {
        if !self.said {
            self.said = true;
            let kind: StrDeserializer<'_, D::Error> = self.kind.into_deserializer();
            return seed.deserialize(kind);
        }
        match self.data.take() {
            Some(data) => seed.deserialize(data),
            None => Err(de::Error::custom("no data is left")),
        }
    }
}
