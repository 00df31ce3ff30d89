//! Codec: how a record's inside is stored, and read back.
//!
//! JSON `{"by":…,"cause":…,"facts":[{"type":…,"data":…}]}`, read straight into the enum of its stream's
//! family (ADR-0004). An unknown type or a schema of the future stops the reader; nothing is skipped.

#[cfg(test)]
mod spec;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use vocabulary::{EventId, StreamKind};

use crate::{
    Fact, catalogue,
    recorded::{Actor, Entry},
    upcast::{self, UpcastError},
};

/// The schema that is written today. It rises by one whenever the meaning or shape of any type changes;
/// an optional field that is added changes neither.
pub const SCHEMA: u16 = 1;

/// Why a record's inside could not be read. Never holds anything of what it says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Written by a newer directory than this one.
    #[error("schema {schema} of {name:?} is none of 1 to {SCHEMA}, which this directory reads")]
    FutureSchema {
        /// The schema it was written in.
        schema: u16,
        /// The type of its first fact, where it can be read.
        name: Option<String>,
    },
    /// A type that this directory does not know, or not in that family of streams.
    #[error("unknown event type {name} of schema {schema} in a stream of kind {kind}", kind = kind.name())]
    UnknownType {
        /// The type's name as stored, at most 64 characters of it.
        name: String,
        /// The schema it was written in.
        schema: u16,
        /// The family of its stream.
        kind: StreamKind,
    },
    /// A known type whose content is not what it should be.
    #[error("malformed payload of schema {schema} in a stream of kind {kind}, at line {line}, column {column}", kind = kind.name())]
    Malformed {
        /// The schema it was written in.
        schema: u16,
        /// The family of its stream.
        kind: StreamKind,
        /// Where, from 1.
        line: usize,
        /// Where, from 1.
        column: usize,
    },
    /// No fact at all.
    #[error("a record of a stream of kind {kind} holds no fact", kind = kind.name())]
    Empty {
        /// The family of its stream.
        kind: StreamKind,
    },
    /// An older shape that could not be brought to today's.
    #[error(transparent)]
    Upcast(#[from] UpcastError),
}

/// Longest name of a type that an error repeats: every name of ours is shorter.
const NAME_CHARACTERS_MAX: usize = 64;

#[derive(Serialize)]
struct Written<'entry> {
    by: &'entry Actor,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<EventId>,
    facts: &'entry [Fact],
}

#[derive(Deserialize)]
struct Read<E> {
    by: Actor,
    #[serde(default)]
    cause: Option<EventId>,
    facts: Vec<E>,
}

/// What is read of a payload that would not be read whole, to say which type is unknown.
#[derive(Deserialize)]
struct Names {
    facts: Vec<Name>,
}

#[derive(Deserialize)]
struct Name {
    #[serde(rename = "type")]
    name: String,
}

/// Writes the inside of a record, compact, in schema [`SCHEMA`].
///
/// # Panics
/// When the entry holds no fact, or facts of two families: one record stands in one stream.
pub fn encode(entry: &Entry) -> Vec<u8> {
    let kind = entry.facts.first().map(Fact::kind);
    assert!(kind.is_some(), "a record holds at least one fact");
    assert!(entry.facts.iter().all(|fact| Some(fact.kind()) == kind), "a record stands in one stream");
    let written = Written { by: &entry.by, cause: entry.cause, facts: &entry.facts };
    let encoded = serde_json::to_vec(&written);
    // Only a map with keys that are no text could fail here, and no event holds one: the corpus proves it.
    assert!(encoded.is_ok(), "every event can be written as JSON");
    encoded.unwrap_or_default()
}

/// The class that a record's header tells in clear: the family of its stream and nothing finer, since
/// that a consent was recorded is itself something about a child.
pub fn class(kind: StreamKind) -> u8 {
    kind as u8
}

/// Reads the inside of a record of a stream of `kind`, written in `schema`.
///
/// # Errors
/// `FutureSchema`, `UnknownType`: a newer directory wrote it; stop. `Malformed`, `Empty`, `Upcast`: it was
/// not written by us, or was damaged; stop.
pub fn decode(kind: StreamKind, schema: u16, bytes: &[u8]) -> Result<Entry, DecodeError> {
    match kind {
        StreamKind::Child => read(kind, schema, bytes, Fact::Child),
        StreamKind::Intake => read(kind, schema, bytes, Fact::Intake),
        StreamKind::Access => read(kind, schema, bytes, Fact::Access),
        StreamKind::Search => read(kind, schema, bytes, Fact::Search),
        StreamKind::Account => read(kind, schema, bytes, Fact::Account),
        StreamKind::Organisation => read(kind, schema, bytes, Fact::Organisation),
        StreamKind::Case => read(kind, schema, bytes, Fact::Case),
        StreamKind::Policy => read(kind, schema, bytes, Fact::Policy),
        StreamKind::Erasure => read(kind, schema, bytes, Fact::Erasure),
        StreamKind::Brokering => read(kind, schema, bytes, Fact::Brokering),
        StreamKind::Rights => read(kind, schema, bytes, Fact::Rights),
    }
}

fn read<E: DeserializeOwned>(
    kind: StreamKind,
    schema: u16,
    bytes: &[u8],
    fact: fn(E) -> Fact,
) -> Result<Entry, DecodeError> {
    if schema == 0 || schema > SCHEMA {
        let name = names(bytes).into_iter().next();
        return Err(DecodeError::FutureSchema { schema, name });
    }
    let read: Result<Read<E>, serde_json::Error> = if schema == SCHEMA {
        // Checked as text once here: reading from bytes would check each of its forty texts anew.
        match str::from_utf8(bytes) {
            Ok(text) => serde_json::from_str(text),
            Err(_) => serde_json::from_slice(bytes),
        }
    } else {
        serde_json::from_slice(bytes)
            .map_err(|error| explain(kind, schema, bytes, &error))
            .and_then(|payload| Ok(upcast::bring(upcast::UPCASTERS, schema, SCHEMA, payload)?))
            .map(serde_json::from_value)?
    };
    let read = read.map_err(|error| explain(kind, schema, bytes, &error))?;
    if read.facts.is_empty() {
        return Err(DecodeError::Empty { kind });
    }
    Ok(Entry { by: read.by, cause: read.cause, facts: read.facts.into_iter().map(fact).collect() })
}

/// Says what was wrong without repeating any of it but the name of a type.
fn explain(kind: StreamKind, schema: u16, bytes: &[u8], error: &serde_json::Error) -> DecodeError {
    let unknown = names(bytes).into_iter().find(|name| !catalogue::knows(kind, name));
    match unknown {
        Some(name) => DecodeError::UnknownType { name, schema, kind },
        None => DecodeError::Malformed { schema, kind, line: error.line(), column: error.column() },
    }
}

/// The types of a payload's facts, as far as they can be read; only the signs that our names have.
fn names(bytes: &[u8]) -> Vec<String> {
    let read: Result<Names, serde_json::Error> = serde_json::from_slice(bytes);
    let facts = read.map(|names| names.facts).unwrap_or_default();
    let plain = |name: Name| {
        let signs = |sign: &char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || *sign == '_';
        name.name.chars().filter(signs).take(NAME_CHARACTERS_MAX).collect()
    };
    facts.into_iter().map(plain).collect()
}
