//! Invented facts for the specs, told as they are stored.

use events::{
    Fact, access, account, brokering as brokerings, case, child, erasure, intake, organisation, policy,
    rights as rights_events, search,
};
use serde_json::{Value, from_value, json};
use uuid::Uuid;
use vocabulary::{
    AccountId, BrokeringId, CaseId, ChildId, IntakeId, InvolvementId, KeyId, OrganisationId, RightsId,
    Stream, StreamKind,
};

pub(crate) fn ava() -> ChildId {
    ChildId::new(Uuid::from_u128(0xa))
}

pub(crate) fn ben() -> ChildId {
    ChildId::new(Uuid::from_u128(0xb))
}

pub(crate) fn nurse() -> AccountId {
    AccountId::new(Uuid::from_u128(0xc))
}

pub(crate) fn review() -> CaseId {
    CaseId::new(Uuid::from_u128(0xd))
}

pub(crate) fn rights() -> RightsId {
    RightsId::new(Uuid::from_u128(0xbc))
}

pub(crate) fn brokering() -> BrokeringId {
    BrokeringId::new(Uuid::from_u128(0xbb))
}

pub(crate) fn item(number: u128) -> IntakeId {
    IntakeId::new(Uuid::from_u128(0xe00 + number))
}

pub(crate) fn entry(number: u128) -> InvolvementId {
    InvolvementId::new(Uuid::from_u128(0xf00 + number))
}

pub(crate) fn organisation(id: &str) -> OrganisationId {
    id.parse().unwrap()
}

pub(crate) fn stream(kind: StreamKind) -> Stream {
    Stream::new(kind, Uuid::from_u128(0x5))
}

/// The key of an episode.
pub(crate) const EPISODE: KeyId = KeyId { pool: 1, slot: 2 };

pub(crate) const SOURCE: Uuid = Uuid::from_u128(0x1);
const EPISODE_REF: Uuid = Uuid::from_u128(0x2);

pub(crate) fn child(name: &str, data: &Value) -> Fact {
    Fact::Child(from_value::<child::Event>(json!({"type": name, "data": data})).unwrap())
}

pub(crate) fn registered() -> Fact {
    child("child_registered", &json!({"number": "04817263599", "authority": "gss:E09000014"}))
}

pub(crate) fn linked() -> Fact {
    child("local_ref_linked", &json!({"supplier": "org:a", "local_ref": SOURCE, "judgement": "new"}))
}

pub(crate) fn described() -> Fact {
    described_by(SOURCE, "Ava")
}

/// As [`described`], by this source and with this forename.
pub(crate) fn described_by(source: Uuid, forename: &str) -> Fact {
    let told =
        json!({"forename": forename, "surname": "Lowe", "date_of_birth": "2015-04-02", "gender": "female"});
    child("child_described", &json!({"source": source, "supplier": "org:a", "child": told}))
}

pub(crate) fn started(number: u128, organisation: &str, service: &str) -> Fact {
    child("involvement_started", &start(number, organisation, service))
}

/// An entry of a mental health service, in the episode that [`consented`] permits.
pub(crate) fn started_sensitive(number: u128) -> Fact {
    let mut data = start(number, "org:clinic", "mental_health");
    data["episode"] = json!(EPISODE_REF);
    data["basis"] = json!("consent");
    child("involvement_started", &data)
}

fn start(number: u128, organisation: &str, service: &str) -> Value {
    json!({
        "involvement": entry(number), "source": SOURCE, "supplier": "org:a", "organisation": organisation,
        "service_type": service, "team": "Duty", "contacts": [], "started_on": "2026-03-01",
    })
}

pub(crate) fn ended(number: u128) -> Fact {
    child("involvement_ended", &json!({"involvement": entry(number), "ended_on": "2026-05-01"}))
}

pub(crate) fn in_error(number: u128) -> Fact {
    child("involvement_entered_in_error", &json!({"involvement": entry(number)}))
}

pub(crate) fn consented() -> Fact {
    child(
        "consent_given",
        &json!({
            "episode": EPISODE_REF, "supplier": "org:clinic", "given_by": "parent",
            "competence": "assessed_not_competent", "method": "telephone", "notice_version": "2",
            "decided_on": "2026-03-01",
        }),
    )
}

pub(crate) fn withdrawn() -> Fact {
    child("consent_withdrawn", &json!({"episode": EPISODE_REF, "decided_on": "2026-04-01"}))
}

pub(crate) fn educated(state: &str) -> Fact {
    let organisation = (state == "attending").then_some("urn:100000");
    let mut data = json!({"source": SOURCE, "supplier": "org:a", "state": state, "on": "2026-01-05"});
    if let Some(organisation) = organisation {
        data["organisation"] = json!(organisation);
    }
    child("education_stated", &data)
}

pub(crate) fn with_practice() -> Fact {
    let data = json!({"source": SOURCE, "supplier": "org:a", "state": "registered",
        "organisation": "ods:F85000", "on": "2026-01-05"});
    child("primary_care_stated", &data)
}

pub(crate) fn shielded() -> Fact {
    let shield = Uuid::from_u128(0x3);
    child("shield_applied", &json!({"shield": shield, "ground": "domestic_abuse", "review_by": "2026-09-01"}))
}

/// The request that [`shielded`] grants.
pub(crate) fn shield_requested() -> Fact {
    let shield = Uuid::from_u128(0x3);
    child("shield_requested", &json!({"shield": shield, "by": "org:a", "ground": "domestic_abuse"}))
}

pub(crate) fn transfer_proposed() -> Fact {
    let (transfer, there) = (Uuid::from_u128(0x4), "gss:E08000003");
    child(
        "responsibility_transfer_proposed",
        &json!({"transfer": transfer, "from": "gss:E09000014", "to": there, "by": there}),
    )
}

pub(crate) fn transfer_accepted() -> Fact {
    let (transfer, there) = (Uuid::from_u128(0x4), "gss:E08000003");
    child("responsibility_transfer_accepted", &json!({"transfer": transfer, "to": there}))
}

pub(crate) fn destroyed(stream: Stream, keys: &[KeyId]) -> Fact {
    Fact::Erasure(erasure::Event::KeysDestroyed { stream, keys: keys.to_vec() })
}

pub(crate) fn access(name: &str, data: &Value) -> Fact {
    Fact::Access(from_value::<access::Event>(json!({"type": name, "data": data})).unwrap())
}

pub(crate) fn opened(reason: &str) -> Fact {
    access(
        "record_opened",
        &json!({
            "access": Uuid::from_u128(0x4), "number": "04817263599", "reason": reason,
            "relation": "none_held", "groups": ["A", "B"], "record_state": "live", "policy_version": 0,
        }),
    )
}

pub(crate) fn overridden() -> Fact {
    access("shield_overridden", &json!({"access": Uuid::from_u128(0x4), "ground": "missing_child"}))
}

pub(crate) fn listed(children: &[ChildId]) -> Fact {
    let data = json!({
        "search": Uuid::from_u128(0x6), "page": 1, "reason": "assessment", "outcome": "found",
        "children": children, "criteria": {"surname": "Lowe"}, "policy_version": 0,
    });
    Fact::Search(from_value::<search::Event>(json!({"type": "search_delivered", "data": data})).unwrap())
}

pub(crate) fn account(name: &str, data: &Value) -> Fact {
    Fact::Account(from_value::<account::Event>(json!({"type": name, "data": data})).unwrap())
}

pub(crate) fn of_organisation(name: &str, data: &Value) -> Fact {
    Fact::Organisation(from_value::<organisation::Event>(json!({"type": name, "data": data})).unwrap())
}

pub(crate) fn of_case(name: &str, data: &Value) -> Fact {
    Fact::Case(from_value::<case::Event>(json!({"type": name, "data": data})).unwrap())
}

pub(crate) fn of_policy(data: &Value) -> Fact {
    Fact::Policy(from_value::<policy::Event>(json!({"type": "policy_changed", "data": data})).unwrap())
}

pub(crate) fn intake(name: &str, data: &Value) -> Fact {
    Fact::Intake(from_value::<intake::Event>(json!({"type": name, "data": data})).unwrap())
}

/// An item of `org:a` that may mean these children.
pub(crate) fn queued(candidates: &[ChildId]) -> Fact {
    intake(
        "event_queued",
        &json!({
            "supplier": "org:a", "told": died(), "candidates": candidates, "reason": "sounds_alike",
            "happened_at": "2026-06-01T08:00:00Z",
        }),
    )
}

/// An item of `org:a` that waits behind another.
pub(crate) fn waiting(behind: IntakeId) -> Fact {
    let data =
        json!({"behind": behind, "supplier": "org:a", "told": died(), "happened_at": "2026-06-01T08:00:00Z"});
    intake("event_waiting", &data)
}

fn died() -> Value {
    json!({"type": "child.died", "data": {"child": {"local_ref": "r1"}, "on": "2026-05-31"}})
}

fn of_brokering(name: &str, data: &Value) -> Fact {
    Fact::Brokering(from_value::<brokerings::Event>(json!({"type": name, "data": data})).unwrap())
}

/// The nurse asks the desk of Haringey about Ava.
pub(crate) fn requested() -> Fact {
    of_brokering(
        "brokering_requested",
        &json!({"brokering": brokering(), "child": ava(), "number": "04817263599", "about": "sensitive",
            "reason": "assessment", "relation": "none_held", "by": nurse(), "desk": "gss:E09000014",
            "contacts": [{"kind": "telephone", "value": "020 7946 0001"}],
            "due_by": "2026-06-01T09:30:00Z", "policy_version": 0}),
    )
}

pub(crate) fn answered() -> Fact {
    of_brokering("brokering_answered", &json!({"outcome": "contact_made"}))
}

fn of_rights(name: &str, data: &Value) -> Fact {
    Fact::Rights(from_value::<rights_events::Event>(json!({"type": name, "data": data})).unwrap())
}

/// Ava asks at Haringey for what is held of her.
pub(crate) fn rights_requested() -> Fact {
    of_rights(
        "rights_requested",
        &json!({"request": rights(), "child": ava(), "number": "04817263599", "asked_by": "child",
                "asked": "access", "competence": "assessed_competent", "proof": "photo_document",
                "received_on": "2026-06-01", "due_by": "2026-07-01", "desk": "gss:E09000014", "by": nurse()}),
    )
}

/// It was taken back.
pub(crate) fn rights_answered() -> Fact {
    of_rights("rights_answered", &json!({"answer": "taken_back", "by": nurse()}))
}
