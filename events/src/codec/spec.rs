//! Specs of what is stored: what comes back, and what stops the reader.

use vocabulary::{EventId, StreamKind};

use super::*;
use crate::case;

fn closed() -> Entry {
    Entry {
        by: Actor::Shell,
        cause: Some(EventId(uuid::Uuid::from_u128(7))),
        facts: vec![Fact::Case(case::Event::CaseClosed)],
    }
}

#[test]
fn what_was_written_is_read_back() {
    let bytes = encode(&closed());
    assert_eq!(decode(StreamKind::Case, SCHEMA, &bytes), Ok(closed()));
    assert_eq!(
        String::from_utf8(bytes).unwrap(),
        r#"{"by":"shell","cause":"00000000-0000-0000-0000-000000000007","facts":[{"type":"case_closed"}]}"#,
        "compact, who and why first, the type before its content",
    );
}

#[test]
fn an_absent_cause_takes_no_room() {
    let entry = Entry { cause: None, ..closed() };
    let bytes = encode(&entry);
    assert!(!String::from_utf8(bytes.clone()).unwrap().contains("cause"));
    assert_eq!(decode(StreamKind::Case, SCHEMA, &bytes), Ok(entry));
}

#[test]
fn an_unknown_type_stops_the_reader_and_is_named_with_its_schema() {
    let bytes = br#"{"by":"shell","facts":[{"type":"case_closed"},{"type":"case_reopened","data":{"on":"2026-01-01"}}]}"#;
    let refused = decode(StreamKind::Case, SCHEMA, bytes).unwrap_err();
    let unknown =
        DecodeError::UnknownType { name: "case_reopened".into(), schema: SCHEMA, kind: StreamKind::Case };
    assert_eq!(refused, unknown);
    assert_eq!(refused.to_string(), "unknown event type case_reopened of schema 1 in a stream of kind case");
}

#[test]
fn a_type_of_another_family_is_unknown_in_this_one() {
    let refused = decode(StreamKind::Account, SCHEMA, &encode(&closed()));
    assert!(matches!(refused, Err(DecodeError::UnknownType { name, .. }) if name == "case_closed"));
}

#[test]
fn a_schema_of_the_future_stops_the_reader_and_names_the_type() {
    for schema in [0, SCHEMA + 1, u16::MAX] {
        let refused = decode(StreamKind::Case, schema, &encode(&closed()));
        assert_eq!(refused, Err(DecodeError::FutureSchema { schema, name: Some("case_closed".to_owned()) }));
    }
}

#[test]
fn a_malformed_payload_is_told_without_what_it_says() {
    let bytes =
        br#"{"by":"shell","facts":[{"type":"case_approved","data":{"by":"Ava Lowe","lifts_shields":true}}]}"#;
    let refused = decode(StreamKind::Case, SCHEMA, bytes).unwrap_err();
    assert!(matches!(refused, DecodeError::Malformed { kind: StreamKind::Case, line: 1, .. }));
    assert!(!format!("{refused} {refused:?}").contains("Ava"));
}

#[test]
fn bytes_that_are_no_payload_are_refused() {
    for bytes in [&b""[..], b"{", b"[]", b"null", b"\xff\xfe", b"{\"by\":\"shell\"}"] {
        assert!(decode(StreamKind::Case, SCHEMA, bytes).is_err());
    }
    let none = decode(StreamKind::Case, SCHEMA, br#"{"by":"shell","facts":[]}"#);
    assert_eq!(none, Err(DecodeError::Empty { kind: StreamKind::Case }));
}

#[test]
fn the_class_in_clear_tells_the_family_and_nothing_finer() {
    for kind in StreamKind::ALL {
        assert_eq!(StreamKind::from_number(class(kind)), Some(kind));
    }
}
