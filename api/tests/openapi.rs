//! The document against the code: routes, fields, examples, and the committed copy.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::BTreeSet, fs, path::Path};

use api::{
    openapi::event_examples,
    router::routes,
    wire::{
        CloudEvent, administration, between, credentials, decode, field_names, keeping, kinds, notices,
        requests, retention, rights,
    },
};
use serde::de::DeserializeOwned;
use serde_json::Value;

fn document() -> Value {
    serde_json::from_str(&api::openapi()).unwrap()
}

#[test]
fn the_committed_document_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, api::openapi()).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap_or_default(), api::openapi(), "run again with BLESS=1");
}

#[test]
fn every_route_is_documented_and_nothing_else() {
    let routed: BTreeSet<String> = routes()
        .into_iter()
        .map(|(method, path)| format!("{} {}", method.as_str().to_lowercase(), path.replace('*', "")))
        .collect();
    let document = document();
    let documented: BTreeSet<String> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().keys().map(move |method| format!("{method} {path}"))
        })
        .collect();
    assert_eq!(routed, documented);
}

#[test]
fn every_operation_says_what_it_gives_who_may_and_how_it_refuses() {
    let document = document();
    let mut names = BTreeSet::new();
    each_operation(&document, &mut |path, operation| {
        let name = operation["operationId"].as_str().unwrap();
        assert!(names.insert(name.to_owned()), "{name} stands twice");
        assert!(operation["security"].is_array(), "{path}: security");
        assert!(!operation["summary"].as_str().unwrap().is_empty(), "{path}: summary");
        for (status, response) in operation["responses"].as_object().unwrap() {
            assert!(!response["description"].as_str().unwrap().is_empty(), "{path} {status}: description");
            let content = response["content"].as_object().unwrap();
            if status.starts_with('2') || name == "getToken" && matches!(status.as_str(), "400" | "401") {
                let binary = ["application/octet-stream", "application/zip"]
                    .iter()
                    .any(|kind| content.contains_key(*kind));
                assert!(
                    binary || content.values().all(|content| content.get("example").is_some()),
                    "{path} {status}"
                );
            } else {
                assert!(content.contains_key("application/problem+json"), "{path} {status}: a problem");
            }
        }
        for status in ["500", "503"] {
            assert!(operation["responses"].get(status).is_some(), "{path}: {status}");
        }
    });
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(names.len(), routes().len());
}

#[test]
fn every_reference_leads_to_a_schema() {
    let document = document();
    let mut seen = 0;
    walk(&document, &mut |value| {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
            seen += 1;
        }
    });
    assert!(seen > 100, "{seen} references");
}

#[test]
fn every_type_of_event_has_an_example_that_is_read() {
    let examples = event_examples();
    let mut told = Vec::new();
    for example in &examples {
        let bytes = serde_json::to_vec(example).unwrap();
        let read = CloudEvent::read(&bytes);
        assert!(read.is_ok(), "{example}: {read:?}");
        let kind = example["type"].as_str().unwrap();
        told.push(kind.strip_prefix("uk.contactpoint.").unwrap().strip_suffix(".v1").unwrap().to_owned());
    }
    assert_eq!(told, kinds());
}

#[test]
fn the_schema_of_an_events_data_has_the_fields_that_are_read_and_needs_those_that_must_be() {
    let document = document();
    for example in event_examples() {
        let kind = example["type"].as_str().unwrap();
        let name = kind.strip_prefix("uk.contactpoint.").unwrap().strip_suffix(".v1").unwrap();
        let event = &document["components"]["schemas"][format!("Event.{name}")];
        let data = event["properties"]["data"]["$ref"].as_str().unwrap().strip_prefix('#').unwrap();
        let schema = document.pointer(data).unwrap();
        let mut wrong = example.clone();
        wrong["data"]["no_such_field"] = Value::Null;
        let unread = CloudEvent::read(&serde_json::to_vec(&wrong).unwrap()).unwrap_err();
        assert_eq!(unread.fault.code, "field_unknown", "{kind}");
        let known =
            unread.fault.detail.split("are: ").nth(1).unwrap().split(", ").map(str::to_owned).collect();
        assert_eq!(properties(schema), known, "{kind}");
        for field in example["data"].as_object().unwrap().keys() {
            let mut less = example.clone();
            less["data"].as_object_mut().unwrap().remove(field);
            let read = CloudEvent::read(&serde_json::to_vec(&less).unwrap());
            assert_eq!(read.is_err(), required(schema).contains(field), "{kind}: {field}");
        }
    }
}

/// Holds the schema and the example of one call's body to the type that reads it.
fn holds<T: DeserializeOwned>(document: &Value, operation: &str) {
    let mut found = false;
    each_operation(document, &mut |_, call| {
        if call["operationId"] != operation {
            return;
        }
        found = true;
        let content = &call["requestBody"]["content"]["application/json"];
        let schema =
            document.pointer(content["schema"]["$ref"].as_str().unwrap().strip_prefix('#').unwrap()).unwrap();
        let fields: BTreeSet<String> = field_names::<T>().iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(properties(schema), fields, "{operation}");
        assert_eq!(schema["additionalProperties"], false, "{operation}");
        let example = &content["example"];
        let read = |value: &Value| decode::<T>(&serde_json::to_vec(value).unwrap()).map(|_| ());
        assert_eq!(read(example), Ok(()), "{operation}");
        for field in example.as_object().unwrap().keys() {
            let mut less = example.clone();
            less.as_object_mut().unwrap().remove(field);
            assert_eq!(read(&less).is_err(), required(schema).contains(field), "{operation}: {field}");
        }
    });
    assert!(found, "no call is called {operation}");
}

#[test]
fn the_body_of_every_call_has_the_fields_that_are_read_and_an_example_that_is() {
    let document = document();
    holds::<requests::Search>(&document, "search");
    holds::<requests::Access>(&document, "openRecord");
    holds::<requests::NewChild>(&document, "createChild");
    holds::<requests::ChangedChild>(&document, "changeChild");
    holds::<requests::NewInvolvement>(&document, "startInvolvement");
    holds::<requests::ChangedInvolvement>(&document, "changeInvolvement");
    holds::<requests::Ended>(&document, "endInvolvement");
    holds::<requests::InError>(&document, "involvementInError");
    for name in ["nameLead", "relinquishLead"] {
        holds::<requests::Lead>(&document, name);
    }
    for name in ["indicateAssessment", "withdrawAssessment"] {
        holds::<requests::Assessed>(&document, name);
    }
    holds::<administration::NewOrganisation>(&document, "registerOrganisation");
    holds::<administration::ConditionMet>(&document, "recordCondition");
    holds::<administration::ConditionNamed>(&document, "withdrawCondition");
    holds::<administration::Accreditation>(&document, "accreditOrganisation");
    holds::<administration::NewAgreement>(&document, "signAgreement");
    holds::<administration::OrganisationSuspension>(&document, "suspendOrganisation");
    holds::<requests::Nothing>(&document, "reinstateOrganisation");
    holds::<administration::NewUser>(&document, "createUser");
    holds::<administration::GatePassed>(&document, "recordGate");
    holds::<administration::UserSuspension>(&document, "suspendUser");
    holds::<administration::Closure>(&document, "closeUser");
    holds::<administration::NewProposal>(&document, "proposePolicy");
    holds::<credentials::NewKey>(&document, "addClientKey");
    holds::<requests::Nothing>(&document, "addClientSecret");
    holds::<credentials::NewCertificate>(&document, "bindClientCertificate");
    holds::<credentials::Retirement>(&document, "retireClientKey");
    holds::<credentials::Retirement>(&document, "retireClientSecret");
    holds::<credentials::Retirement>(&document, "retireClientCertificate");
    holds::<requests::Consent>(&document, "recordConsent");
    holds::<requests::NewShield>(&document, "askShield");
    holds::<requests::ShieldReview>(&document, "reviewShield");
    holds::<requests::QueueAnswer>(&document, "decideQueue");
    holds::<requests::QueueAnswers>(&document, "decideQueueMany");
    holds::<keeping::NewBrokering>(&document, "askBrokering");
    holds::<between::NewContact>(&document, "recordContact");
    holds::<between::NewWithholding>(&document, "recordWithholding");
    holds::<keeping::NewTransfer>(&document, "proposeTransfer");
    holds::<keeping::TransferDecision>(&document, "decideTransfer");
    holds::<keeping::BrokeringAnswer>(&document, "answerBrokering");
    holds::<keeping::ReviewSaid>(&document, "reviewLook");
    holds::<keeping::CanaryMark>(&document, "markCanary");
    holds::<rights::NewRightsRequest>(&document, "enterRightsRequest");
    holds::<rights::CarerCheck>(&document, "checkCarer");
    holds::<rights::ThreatCheck>(&document, "checkThreat");
    holds::<requests::Nothing>(&document, "extendRightsRequest");
    holds::<rights::RightsStep>(&document, "stepRightsRequest");
    holds::<rights::RightsAnswer>(&document, "answerRightsRequest");
    holds::<notices::NewNotice>(&document, "giveNotice");
    holds::<notices::ParentMark>(&document, "includeParent");
    holds::<notices::NewNoticeVersion>(&document, "publishNotice");
    holds::<requests::Nothing>(&document, "markDisagreement");
    holds::<retention::NewHold>(&document, "placeHold");
    holds::<retention::AgeExtended>(&document, "extendArchiveAge");
    holds::<retention::AgeWithdrawn>(&document, "withdrawArchiveAge");
    holds::<administration::DeclaredRelationship>(&document, "declareRelationship");
    holds::<administration::DeclaredHome>(&document, "declareHome");
    holds::<administration::DeclaredRelationship>(&document, "withdrawRelationship");
    holds::<requests::NewCase>(&document, "openCase");
    holds::<requests::Approval>(&document, "approveCase");
}

#[test]
fn the_parts_of_bodies_have_the_fields_that_are_read() {
    let document = document();
    let same = |name: &str, fields: &[&str]| {
        let schema = &document["components"]["schemas"][name];
        let fields: BTreeSet<String> = fields.iter().map(|field| (*field).to_owned()).collect();
        assert_eq!(properties(schema), fields, "{name}");
        assert_eq!(schema["additionalProperties"], false, "{name}");
    };
    same("Child", field_names::<events::supplied::SuppliedChild>());
    same("Carer", field_names::<events::supplied::SuppliedCarer>());
    same("Practitioner", field_names::<events::supplied::SuppliedPractitioner>());
    same("Address", field_names::<vocabulary::Address>());
    same("Contact", field_names::<vocabulary::Contact>());
    same("Criteria", field_names::<events::search::Criteria>());
    same("OnBehalfOf", field_names::<requests::OnBehalfOf>());
    same("Override", field_names::<requests::Override>());
    same("QueueAnswerTo", field_names::<requests::QueueAnswerTo>());
}

/// Holds a closed list of the document to the type that reads it.
fn words<T: DeserializeOwned>(document: &Value, name: &str) {
    let words = document["components"]["schemas"][name]["enum"].as_array().unwrap();
    for word in words {
        assert!(serde_json::from_value::<T>(word.clone()).is_ok(), "{name}: {word}");
    }
    let unknown = decode::<T>(b"\"no_such_word\"").map(|_| ()).unwrap_err().detail.into_owned();
    let known: Vec<&str> = unknown.split("one of: ").nth(1).unwrap().split(", ").collect();
    assert_eq!(words.iter().map(|word| word.as_str().unwrap()).collect::<Vec<_>>(), known, "{name}");
}

#[test]
fn every_closed_list_is_the_one_that_is_read() {
    let document = document();
    words::<vocabulary::ServiceType>(&document, "Service");
    words::<vocabulary::AccessReason>(&document, "Reason");
    words::<vocabulary::Gender>(&document, "Gender");
    words::<vocabulary::ContactKind>(&document, "ContactKind");
    words::<vocabulary::ContactUse>(&document, "ContactUse");
    words::<vocabulary::IntendsReturn>(&document, "IntendsReturn");
    words::<vocabulary::ConsentDecision>(&document, "Decision");
    words::<vocabulary::GivenBy>(&document, "GivenBy");
    words::<vocabulary::Competence>(&document, "Competence");
    words::<vocabulary::Method>(&document, "Method");
    words::<vocabulary::HarmGround>(&document, "HarmGround");
    words::<events::supplied::Relation>(&document, "Relation");
    words::<events::supplied::EducationState>(&document, "EducationState");
    words::<events::supplied::PrimaryCareState>(&document, "PrimaryCareState");
    words::<events::access::OverrideGround>(&document, "OverrideGround");
    words::<events::child::shield::Ground>(&document, "ShieldGround");
    words::<events::case::Purpose>(&document, "Purpose");
    words::<requests::QueueWord>(&document, "QueueWord");
    words::<events::child::responsibility::Decision>(&document, "TransferDecided");
    words::<events::child::involvement::Withholding>(&document, "WithholdingGround");
    words::<events::brokering::About>(&document, "BrokeringAbout");
    words::<events::brokering::Outcome>(&document, "BrokeringOutcome");
    words::<events::rights::Proof>(&document, "RightsProof");
    words::<events::rights::ChildsView>(&document, "RightsView");
    words::<events::rights::Step>(&document, "RightsStepWord");
    words::<events::child::notices::Means>(&document, "NoticeMeans");
    words::<directory::NoticeFor>(&document, "NoticeFor");
    words::<requests::ShieldDecision>(&document, "ShieldDecision");
}

fn properties(schema: &Value) -> BTreeSet<String> {
    schema
        .get("properties")
        .and_then(Value::as_object)
        .map(|fields| fields.keys().cloned().collect())
        .unwrap_or_default()
}

fn required(schema: &Value) -> BTreeSet<String> {
    let names = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    names.iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

fn each_operation(document: &Value, each: &mut dyn FnMut(&str, &Value)) {
    for (path, item) in document["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values() {
            each(path, operation);
        }
    }
}

fn walk(value: &Value, each: &mut dyn FnMut(&Value)) {
    each(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, each)),
        Value::Object(fields) => fields.values().for_each(|field| walk(field, each)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => (),
    }
}
