//! What can be read off a view, field by field, from the JSON that leaves the house.

use std::collections::BTreeSet;

use serde_json::Value;
use visibility::{AccessibleRecord, Override, Sight, Viewer, view};
use vocabulary::{FieldGroup, Role};

use crate::{
    entry::Kind,
    world::{Register, World, today, viewer},
};

/// A view of the full record, read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Observed {
    pub(crate) groups: BTreeSet<FieldGroup>,
    pub(crate) nhs_number: bool,
    pub(crate) upn: bool,
    pub(crate) entries: BTreeSet<Kind>,
}

pub(crate) fn json(record: &AccessibleRecord) -> Value {
    serde_json::to_value(record).unwrap()
}

/// Reads which groups of the full record are there. A group comes whole or not at all; half a group
/// is a broken rule, named by `who`.
pub(crate) fn observed(record: &AccessibleRecord, who: &str) -> Observed {
    let json = json(record);
    let kinds: Vec<&str> = list(&json, "names").iter().map(|name| name["kind"].as_str().unwrap()).collect();
    let carers = list(&json, "carers");
    let mut groups = BTreeSet::new();
    let mut grant = |group: FieldGroup, parts: &[bool]| {
        assert!(parts.iter().all(|part| *part == parts[0]), "{who}: half of group {} is shown", group.name());
        if parts[0] {
            groups.insert(group);
        }
    };
    let has = |field: &str| json.get(field).is_some();
    grant(
        FieldGroup::A,
        &[
            has("child_number"),
            has("shielded"),
            kinds.contains(&"current"),
            kinds.contains(&"known_as"),
            has("date_of_birth"),
            has("gender"),
            has("died_on"),
        ],
    );
    grant(FieldGroup::A2, &[kinds.contains(&"former")]);
    grant(FieldGroup::B, &[!carers.is_empty()]);
    let contacts = carers.iter().filter(|carer| carer.get("contacts").is_some()).count();
    let refs = carers.iter().filter(|carer| carer.get("carer_ref").is_some()).count();
    let authority = has("responsible_authority");
    // A carer alone is granted part of C: the own contacts, and the address where it is the own.
    let part = who.starts_with("carer") && contacts == 1 && refs == 1;
    let parts = [contacts == carers.len(), refs == carers.len(), has("address")];
    let parts = if part { [authority; 3] } else { parts.map(|each| each && !carers.is_empty()) };
    grant(FieldGroup::C, &[&[authority][..], &parts].concat());
    assert!(part || authority || (contacts == 0 && refs == 0), "{who}: contacts without C");
    let entries: BTreeSet<Kind> = Kind::ALL
        .into_iter()
        .filter(|kind| {
            list(&json, "involvements")
                .iter()
                .any(|entry| entry["involvement_id"].as_str() == Some(&kind.id().to_string()))
        })
        .collect();
    grant(FieldGroup::D, &[has("education"), has("primary_care"), has("gaps")]);
    grant(FieldGroup::E, &[has("patterns")]);
    grant(FieldGroup::F, &[has("sensitive_services")]);
    grant(FieldGroup::H, &[has("identifiers")]);
    grant(FieldGroup::I, &[has("history")]);
    let schemes: Vec<&str> =
        list(&json, "identifiers").iter().map(|each| each["scheme"].as_str().unwrap()).collect();
    Observed { groups, nhs_number: schemes.contains(&"nhs_number"), upn: schemes.contains(&"upn"), entries }
}

pub(crate) fn list<'a>(json: &'a Value, field: &str) -> &'a [Value] {
    json.get(field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// An ordinary look at a world, as it leaves the house.
pub(crate) fn seen(viewer: &Viewer, world: &World) -> Value {
    json(&view(viewer, &world.child, Override::None, &Register, &Sight::on(today())))
}

/// The viewer that most rules are about.
pub(crate) fn practitioner() -> Viewer {
    viewer(Role::Practitioner)
}

pub(crate) fn entries(view: &Value) -> usize {
    list(view, "involvements").len()
}
