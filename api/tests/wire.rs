//! What is read from bodies: every wrong form has its code, its place, and no word of what was sent.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use api::wire::{
    CloudEvent, EVENT_BYTES_MAX, Unread, batch, kinds,
    lines::{Line, Lines},
};
use events::supplied::Supplied;

const SECRET: &str = "Quillfeather";

fn event(kind: &str, data: &str) -> String {
    format!(
        r#"{{"specversion":"1.0","id":"e1","source":"/test","type":"uk.contactpoint.{kind}.v1","data":{data}}}"#
    )
}

fn read(text: &str) -> Result<CloudEvent, Unread> {
    CloudEvent::read(text.as_bytes())
}

fn fault(text: &str) -> (&'static str, String) {
    let unread = read(text).unwrap_err();
    let told = format!("{unread:?}");
    assert!(!told.contains(SECRET), "what was sent is repeated: {told}");
    (unread.fault.code, unread.fault.pointer)
}

const CHILD: &str = r#""child":{"local_ref":"r1"}"#;

#[test]
fn every_type_of_the_contract_is_known_and_no_other() {
    assert_eq!(kinds().len(), 20);
    assert_eq!(kinds().first(), Some(&"child.described"));
    let (code, pointer) = fault(&event("child.adopted", "{}"));
    assert_eq!((code, pointer.as_str()), ("type_unknown", "/type"));
    let version =
        r#"{"specversion":"1.0","id":"e","source":"s","type":"uk.contactpoint.child.died.v2","data":{}}"#;
    assert_eq!(fault(version).0, "type_unknown");
}

#[test]
fn an_event_is_read_into_what_it_says() {
    let text = format!(
        r#"{{"specversion":"1.0","id":"e1","source":"/cms","type":"uk.contactpoint.child.died.v1","time":"2026-11-20T10:00:00+01:00","subject":"x","traceparent":"00-ab","datacontenttype":"application/json","data":{{{CHILD},"on":"2026-11-19"}}}}"#
    );
    let event = read(&text).unwrap();
    assert_eq!(event.id, "e1");
    assert_eq!(event.happened_at.unwrap().to_rfc3339(), "2026-11-20T09:00:00+00:00");
    assert!(matches!(event.told, Supplied::ChildDied { .. }));
}

#[test]
fn a_null_takes_back_and_an_absent_field_says_nothing() {
    let text = event("child.described", r#"{"child":{"local_ref":"r","forename":"Ava","known_as":null}}"#);
    let Supplied::ChildDescribed { child, .. } = read(&text).unwrap().told else { panic!("another type") };
    assert_eq!(child.known_as, events::told::Told::TakenBack);
    assert!(child.middle_names.is_unsaid());
}

#[test]
fn every_wrong_attribute_of_the_envelope_has_its_code() {
    let with = |from: &str, to: &str| {
        event("child.died", &format!(r#"{{{CHILD},"on":"2026-11-19"}}"#)).replace(from, to)
    };
    let table = [
        (with(r#""specversion":"1.0","#, ""), "field_missing", "/specversion"),
        (with(r#""1.0""#, r#""0.3""#), "specversion_unknown", "/specversion"),
        (with(r#""id":"e1","#, ""), "id_missing", "/id"),
        (with(r#""e1""#, r#""""#), "id_missing", "/id"),
        (with(r#""e1""#, "null"), "id_missing", "/id"),
        (with(r#""e1""#, "7"), "id_invalid", "/id"),
        (with("e1", &"x".repeat(201)), "id_invalid", "/id"),
        (with("e1", r"a\nb"), "id_invalid", "/id"),
        (with(r#""source":"/test","#, ""), "source_missing", "/source"),
        (with(r#""type":"uk.contactpoint.child.died.v1","#, ""), "field_missing", "/type"),
        (with(r#""/test""#, r#"["Quillfeather"]"#), "field_invalid", "/source"),
        (with(r#""data""#, r#""time":"yesterday","data""#), "time_invalid", "/time"),
        (with(r#""data""#, r#""time":"2026-02-30T00:00:00Z","data""#), "time_invalid", "/time"),
        (with(r#""data":{"#, r#""data_base64":"e30=","x":{"#), "data_encoding", "/data_base64"),
        (with(r#""data":{"#, r#""x":{"#), "field_missing", "/data"),
        (with(r#""data""#, r#""id":"e2","data""#), "field_repeated", ""),
        ("7".to_owned(), "field_invalid", ""),
        ("[]".to_owned(), "field_invalid", ""),
        (r#"{"id":"#.to_owned(), "json_invalid", ""),
        (r#"{"id":"a"} x"#.to_owned(), "json_invalid", ""),
        (String::new(), "json_invalid", ""),
    ];
    for (text, code, pointer) in table {
        assert_eq!(fault(&text), (code, pointer.to_owned()), "{text}");
    }
}

#[test]
fn every_wrong_field_of_the_data_has_its_code_and_its_place() {
    let described =
        |fields: &str| event("child.described", &format!(r#"{{"child":{{"local_ref":"r",{fields}}}}}"#));
    let started = |fields: &str| {
        event(
            "involvement.started",
            &format!(
                r#"{{{CHILD},"involvement_ref":"i","contacts":[{{"kind":"telephone","value":"020 7946 0000"}}],{fields}}}"#
            ),
        )
    };
    let table = [
        (described(r#""note":"Quillfeather""#), "field_unknown", "/data/child/note"),
        (described(r#""Quillfeather was seen":1"#), "field_unknown", "/data/child"),
        (described(r#""forename":"Quillfeather 7""#), "field_invalid", "/data/child/forename"),
        (described(r#""forename":7"#), "field_invalid", "/data/child/forename"),
        (described(r#""date_of_birth":"2015-02-30""#), "date_invalid", "/data/child/date_of_birth"),
        (described(r#""date_of_birth":"Quillfeather""#), "date_invalid", "/data/child/date_of_birth"),
        (described(r#""date_of_birth":20150401"#), "date_invalid", "/data/child/date_of_birth"),
        (described(r#""gender":"Quillfeather""#), "gender_invalid", "/data/child/gender"),
        (described(r#""gender":1"#), "gender_invalid", "/data/child/gender"),
        (described(r#""nhs_number":"9434765918""#), "nhs_number_invalid", "/data/child/nhs_number"),
        (described(r#""upn":"A228235821866""#), "upn_invalid", "/data/child/upn"),
        (described(r#""child_number":"04817263590""#), "child_number_invalid", "/data/child/child_number"),
        (described(r#""address":"Quillfeather""#), "field_invalid", "/data/child/address"),
        (
            described(r#""address":{"postcode":"Quillfeather"}"#),
            "postcode_invalid",
            "/data/child/address/postcode",
        ),
        (described(r#""address":{"county":"Quillfeather"}"#), "field_unknown", "/data/child/address/county"),
        (
            described(r#""previous_address":{"lines":"Quillfeather"}"#),
            "field_invalid",
            "/data/child/previous_address/lines",
        ),
        (
            described(r#""carers":[{"carer_ref":"c","relation":"care"}]"#),
            "field_missing",
            "/data/child/carers/0/name",
        ),
        (
            described(
                r#""carers":[{"carer_ref":"c","name":"A B","relation":"care"},{"carer_ref":"d","name":"A B","relation":"Quillfeather"}]"#,
            ),
            "field_invalid",
            "/data/child/carers/1/relation",
        ),
        (described(r#""forename":"Ava","forename":"Quillfeather""#), "field_repeated", "/data"),
        (event("child.described", r#"{"version":1}"#), "field_missing", "/data/child"),
        (event("child.described", r#"{"child":7}"#), "field_invalid", "/data/child"),
        (
            event("child.described", r#"{"child":{},"version":"Quillfeather"}"#),
            "field_invalid",
            "/data/version",
        ),
        (event("child.described", r#"{"child":{},"version":1.5}"#), "field_invalid", "/data/version"),
        (
            event("child.described", r#"{"child":{},"comment":"Quillfeather"}"#),
            "field_unknown",
            "/data/comment",
        ),
        (event("child.described", r#""Quillfeather""#), "field_invalid", "/data"),
        (event("child.link_disputed", r#"{"local_ref":""}"#), "field_invalid", "/data/local_ref"),
        (
            started(r#""service_type":"Quillfeather","started_on":"2026-03-01""#),
            "service_type_unknown",
            "/data/service_type",
        ),
        (started(r#""service_type":"school","started_on":"1 March""#), "date_invalid", "/data/started_on"),
        (started(r#""service_type":"school""#), "field_missing", "/data/started_on"),
        (
            started(r#""service_type":"school","started_on":"2026-03-01","organisation":"Quillfeather""#),
            "field_invalid",
            "/data/organisation",
        ),
        (
            started(
                r#""service_type":"school","started_on":"2026-03-01","team":"He was seen. Quillfeather again.""#,
            ),
            "field_invalid",
            "/data/team",
        ),
        (
            event(
                "significant_harm.recorded",
                &format!(
                    r#"{{{CHILD},"episode_ref":"e","ground":"neglect","decided_by":"A B","review_by":"soon"}}"#
                ),
            ),
            "date_invalid",
            "/data/review_by",
        ),
    ];
    for (text, code, pointer) in table {
        assert_eq!(fault(&text), (code, pointer.to_owned()), "{text}");
    }
}

#[test]
fn a_list_is_never_taken_for_an_object_by_the_order_of_its_fields() {
    let whole = r#"["1.0","e1","/test","uk.contactpoint.child.died.v1",null,{"child":{},"on":"2026-11-19"}]"#;
    assert_eq!(fault(whole), ("field_invalid", String::new()));
    let table = [
        (event("child.died", r#"[{"local_ref":"r"},"2026-11-19"]"#), "/data"),
        (event("child.described", r#"{"child":["r"]}"#), "/data/child"),
        (
            event("child.described", r#"{"child":{"local_ref":"r","address":[["1 Mill Lane"],"London"]}}"#),
            "/data/child/address",
        ),
        (
            event("child.described", r#"{"child":{"local_ref":"r","previous_address":[[],"London"]}}"#),
            "/data/child/previous_address",
        ),
        (
            event(
                "practitioner.contacts_changed",
                r#"{"practitioner_ref":"p","contacts":[["email",null,"a@b.example",null]]}"#,
            ),
            "/data/contacts/0",
        ),
    ];
    for (text, pointer) in table {
        let (code, told) = fault(&text);
        assert_eq!((code, told.as_str()), ("field_invalid", pointer), "{text}");
    }
    let known =
        event("child.described", r#"{"child":{"local_ref":"r","address":{"lines":["1 Mill Lane"]}}}"#);
    assert!(read(&known).is_ok());
    let none = event("child.described", r#"{"child":{"local_ref":"r","address":"none_known"}}"#);
    assert!(read(&none).is_ok());
}

#[test]
fn the_id_is_told_with_what_was_wrong_once_it_could_be_read() {
    let unread = read(&event("child.died", "{}")).unwrap_err();
    assert_eq!(unread.id.as_deref(), Some("e1"));
    let unversioned = read(r#"{"id":"e9","specversion":1}"#).unwrap_err();
    assert_eq!(unversioned.id.as_deref(), Some("e9"));
}

#[test]
fn an_event_is_at_most_64_kib_and_utf8_and_not_nested_without_end() {
    let long = event("child.described", &format!(r#"{{"child":{{"x":"{}"}}}}"#, "a".repeat(EVENT_BYTES_MAX)));
    assert_eq!(fault(&long).0, "event_too_large");
    let broken = CloudEvent::read(b"{\"id\":\"\xff\"}").unwrap_err();
    assert_eq!(broken.fault.code, "utf8_invalid");
    let deep = event("child.described", &format!("{}{}", "[".repeat(5_000), "]".repeat(5_000)));
    assert_eq!(fault(&deep).0, "json_invalid");
}

#[test]
fn a_batch_is_taken_apart_without_being_read() {
    let parts = |text: &'static str| -> Vec<&'static str> {
        batch::split(text.as_bytes())
            .unwrap()
            .into_iter()
            .map(|part| std::str::from_utf8(part).unwrap())
            .collect()
    };
    assert_eq!(parts(" [ ] "), Vec::<&str>::new());
    assert_eq!(parts(r#"[{"a":[1,2]}, {"b":"],\"["} ,7]"#), [r#"{"a":[1,2]}"#, r#"{"b":"],\"["}"#, "7"]);
    assert_eq!(parts(r#"[{"a":nonsense}]"#), [r#"{"a":nonsense}"#]);
    assert_eq!(batch::split(b"[{\"a\":\"\xff\"},1]").unwrap().len(), 2);
    for text in ["", "{}", "[", "[1", "[1,]", "[,1]", "[1] 2", "[1]]", r#"["a]"#] {
        assert_eq!(batch::split(text.as_bytes()).unwrap_err().code, "json_invalid", "{text}");
    }
}

#[test]
fn a_batch_holds_at_most_a_thousand_events() {
    let array = |count: usize| format!("[{}]", vec!["1"; count].join(","));
    assert_eq!(batch::split(array(1_000).as_bytes()).unwrap().len(), 1_000);
    assert_eq!(batch::split(array(1_001).as_bytes()).unwrap_err().code, "batch_too_large");
}

/// Cuts `body` in chunks of `size` and tells each line, `-` for one that was too long.
fn cut(body: &[u8], size: usize) -> Vec<String> {
    let mut told = Vec::new();
    let mut each = |line: Line<'_>| {
        told.push(match line {
            Line::Event(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
            Line::TooLong => "-".to_owned(),
        });
    };
    let mut lines = Lines::default();
    for chunk in body.chunks(size) {
        lines.push(chunk, &mut each);
    }
    lines.finish(&mut each);
    told
}

#[test]
fn lines_are_the_same_however_the_chunks_fall() {
    let body = b"{\"a\":1}\r\n\n  {\"b\":2}\n{\"c\":3}";
    let whole = [r#"{"a":1}"#, r#"{"b":2}"#, r#"{"c":3}"#];
    for size in 1..=body.len() {
        assert_eq!(cut(body, size), whole, "chunks of {size}");
    }
}

#[test]
fn a_line_too_long_is_one_line_and_the_next_is_read() {
    let long = "x".repeat(EVENT_BYTES_MAX + 1);
    let fits = "y".repeat(EVENT_BYTES_MAX);
    let body = format!("1\n{long}\n{fits}\r\n2\n{long}{long}");
    for size in [7, 4_096, 65_536, body.len()] {
        let told = cut(body.as_bytes(), size);
        assert_eq!(told.len(), 5, "chunks of {size}");
        assert_eq!(
            (told[0].as_str(), told[1].as_str(), told[3].as_str(), told[4].as_str()),
            ("1", "-", "2", "-")
        );
        assert_eq!(told[2].len(), EVENT_BYTES_MAX);
    }
}
