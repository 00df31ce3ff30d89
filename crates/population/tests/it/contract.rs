//! The closed list of fields, written out from contract.md section 3, and the check against it.

use std::collections::BTreeSet;

use serde_json::Value;
use vocabulary::{
    Address, Competence, ConsentDecision, Contact, Gender, GivenBy, Label, Method, NhsNumber, OrganisationId,
    PersonName, ServiceClass, ServiceType, Upn,
};

/// Type, fields that must be there, fields that may be.
const TYPES: [(&str, &str, &str); 10] = [
    ("child.described", "child", "version"),
    ("education.stated", "child state on", "organisation"),
    ("primary_care.stated", "child state on", "organisation"),
    (
        "involvement.started",
        "child involvement_ref service_type contacts started_on lead_professional",
        "organisation practitioner team ended_on episode_ref",
    ),
    ("involvement.updated", "involvement_ref", "practitioner team contacts"),
    ("involvement.ended", "involvement_ref ended_on", ""),
    (
        "consent.recorded",
        "child episode_ref decision given_by competence method notice_version decided_on",
        "",
    ),
    ("child.left_england", "child on intends_return", ""),
    ("lead_professional.named", "involvement_ref", ""),
    ("lead_professional.relinquished", "involvement_ref", ""),
];
const ENVELOPE: (&str, &str) = ("specversion id source type time data", "datacontenttype");
const CHILD: (&str, &str) = (
    "local_ref forename surname date_of_birth gender",
    "middle_names known_as previous_surname address previous_address nhs_number upn carers",
);

fn fields(what: &str, value: &Value, (must, may): (&str, &str)) {
    let given: BTreeSet<&str> =
        value.as_object().unwrap_or_else(|| panic!("{what}: no object")).keys().map(String::as_str).collect();
    for field in must.split_whitespace() {
        assert!(given.contains(field), "{what}: {field} is missing");
    }
    let known: BTreeSet<&str> = must.split_whitespace().chain(may.split_whitespace()).collect();
    let unknown: Vec<_> = given.difference(&known).collect();
    assert!(unknown.is_empty(), "{what}: {unknown:?} stands in no contract");
}

fn word<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{value}: {error}"))
}

/// Fails unless the value is an event with fields of the contract only, each of its form.
pub(crate) fn check_event(event: &Value) {
    fields("event", event, ENVELOPE);
    assert_eq!(event["specversion"], "1.0");
    let kind = event["type"].as_str().unwrap();
    let kind = kind.strip_prefix("uk.contactpoint.").and_then(|rest| rest.strip_suffix(".v1")).unwrap();
    let time = event["time"].as_str().unwrap();
    assert!(chrono::DateTime::parse_from_rfc3339(time).is_ok() && time.ends_with('Z'), "{time}");
    check_data(kind, &event["data"]);
}

/// Fails unless the data are those of the type.
pub(crate) fn check_data(kind: &str, data: &Value) {
    let (_, must, may) =
        TYPES.iter().find(|(known, _, _)| *known == kind).unwrap_or_else(|| panic!("type {kind}"));
    fields(kind, data, (must, may));
    if let Some(child) = data.get("child") {
        if child.get("forename").is_some() {
            check_child(child);
        } else {
            fields("known child", child, ("local_ref", ""));
        }
        assert!(kind != "child.described" || child.get("forename").is_some(), "a description describes");
    }
    if let Some(organisation) = data.get("organisation") {
        word::<OrganisationId>(organisation);
    }
    match kind {
        "education.stated" => {
            let state = data["state"].as_str().unwrap();
            assert!(["attending", "educated_otherwise", "none_known"].contains(&state));
            assert_eq!(state == "attending", data.get("organisation").is_some());
        }
        "primary_care.stated" => assert_eq!(data["state"], "registered"),
        "involvement.started" => check_involvement(data),
        "consent.recorded" => {
            word::<ConsentDecision>(&data["decision"]);
            word::<GivenBy>(&data["given_by"]);
            word::<Competence>(&data["competence"]);
            word::<Method>(&data["method"]);
        }
        _ => (),
    }
    for on in ["on", "started_on", "ended_on", "decided_on"] {
        if let Some(on) = data.get(on) {
            word::<chrono::NaiveDate>(on);
        }
    }
}

fn check_child(child: &Value) {
    fields("child", child, CHILD);
    for name in ["forename", "middle_names", "surname", "known_as", "previous_surname"] {
        if let Some(name) = child.get(name) {
            word::<PersonName>(name);
        }
    }
    word::<chrono::NaiveDate>(&child["date_of_birth"]);
    word::<Gender>(&child["gender"]);
    for address in ["address", "previous_address"] {
        if let Some(address) = child.get(address).filter(|address| **address != "none_known") {
            fields("address", address, ("lines", "town postcode"));
            word::<Address>(address).checked().unwrap();
        }
    }
    if let Some(number) = child.get("nhs_number") {
        assert!(word::<NhsNumber>(number).as_str().starts_with('9'), "a number that was never issued");
    }
    if let Some(upn) = child.get("upn") {
        word::<Upn>(upn);
    }
    for carer in child.get("carers").and_then(Value::as_array).into_iter().flatten() {
        fields("carer", carer, ("carer_ref name relation contacts", ""));
        assert!(["parental_responsibility", "care"].contains(&carer["relation"].as_str().unwrap()));
        word::<PersonName>(&carer["name"]);
        carer["contacts"].as_array().unwrap().iter().for_each(check_contact);
    }
}

fn check_involvement(data: &Value) {
    let service: ServiceType = word(&data["service_type"]);
    assert_eq!(service.class() == ServiceClass::Sensitive, data.get("episode_ref").is_some());
    let contacts = data["contacts"].as_array().unwrap();
    assert!(!contacts.is_empty());
    contacts.iter().for_each(check_contact);
    assert!(data.get("team").is_some() || data.get("practitioner").is_some());
    if let Some(team) = data.get("team") {
        word::<Label>(team);
    }
    if let Some(practitioner) = data.get("practitioner") {
        fields("practitioner", practitioner, ("practitioner_ref name job", ""));
        word::<PersonName>(&practitioner["name"]);
        word::<Label>(&practitioner["job"]);
    }
    if let Some(ended_on) = data.get("ended_on") {
        assert!(ended_on.as_str().unwrap() >= data["started_on"].as_str().unwrap());
    }
}

fn check_contact(contact: &Value) {
    fields("contact", contact, ("kind value", "use hours"));
    let checked = word::<Contact>(contact).checked().unwrap();
    let value = checked.value.as_str();
    match contact["kind"].as_str().unwrap() {
        "telephone" | "mobile" => assert!(is_drama_number(value), "{value} may be somebody's"),
        "email" => assert!(value.ends_with(".example.org"), "{value}"),
        kind => assert_eq!(kind, "address"),
    }
}

/// Whether the number lies in a range that Ofcom keeps free for drama.
pub(crate) fn is_drama_number(number: &str) -> bool {
    let ranges = population::numbers::DRAMA_LANDLINES.iter().chain([&population::numbers::DRAMA_MOBILES]);
    let mut rests = ranges.filter_map(|range| number.strip_prefix(range));
    rests.any(|rest| rest.len() == 3 && rest.bytes().all(|byte| byte.is_ascii_digit()))
}
