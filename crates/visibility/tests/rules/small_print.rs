//! The small print of each group: address, identifiers, access requests, and the contract's shape.

use events::{
    child::{Event, involvement::Ended, lifecycle::LeftEngland},
    supplied::{SuppliedAddress, SuppliedChild},
    told::Told,
};
use serde_json::json;
use visibility::{CarerRequest, Column, Home, Override, Sight, Subject, subject_scope, view, view_within};
use vocabulary::{Address, ChildNumber, IntendsReturn, OrganisationKind, Position, Role};

use crate::{
    entry::{Entry, Kind},
    matrix::{request, rows},
    observed::{json, list, practitioner, seen},
    world::{HARINGEY, Register, World, ago, described, keyed, of_kind, org, today, viewer},
};

#[test]
fn departure_goes_with_the_address_and_takes_its_place() {
    let world = World::described().with(Event::ChildLeftEngland(LeftEngland {
        supplier: org("org:feed"),
        on: ago(3),
        intends_return: IntendsReturn::Unknown,
    }));
    let address = &seen(&practitioner(), &world)["address"];
    assert_eq!(*address, json!({"state": "left_england", "on": ago(3), "intends_return": "unknown"}));
    assert_eq!(seen(&practitioner(), &world.clone().shielded()).get("address"), None);
    let unknown = World::registered();
    assert_eq!(seen(&practitioner(), &unknown)["address"], json!({"state": "none_known"}));
}

#[test]
fn a_previous_address_is_never_shown() {
    let previous = Address { lines: vec!["1 Old Street".to_owned()], town: None, postcode: None };
    let child = SuppliedChild { previous_address: Told::Value(previous), ..SuppliedChild::default() };
    let moved = Address { lines: vec!["2 New Street".to_owned()], town: None, postcode: None };
    let moved =
        SuppliedChild { address: Told::Value(SuppliedAddress::Known(moved)), ..SuppliedChild::default() };
    let world = World::full().with(described(child)).with(described(moved));
    for row in rows() {
        for column in Column::ALL {
            let (_, record) = row.eyes.look(world.clone(), column);
            let text = json(&record).to_string();
            assert!(!text.contains("Old Street") && !text.contains("Mill Lane"), "{}", row.label);
        }
    }
}

#[test]
fn an_identifier_is_read_by_the_staff_of_the_body_that_allotted_it() {
    let schemes = |kind| {
        let view = seen(&of_kind(practitioner(), kind), &World::described());
        let each = list(&view, "identifiers").iter().map(|each| each["scheme"].as_str().unwrap().to_owned());
        each.collect::<Vec<_>>()
    };
    for kind in OrganisationKind::ALL {
        let expected: &[&str] = match (kind.is_health(), kind.is_education()) {
            (true, _) => &["nhs_number"],
            (_, true) => &["upn"],
            (false, false) => &[],
        };
        assert_eq!(schemes(kind), expected, "{}", kind.name());
    }
    let team = seen(&viewer(Role::AuthorityTeam), &World::described());
    assert_eq!(list(&team, "identifiers").len(), 2);
}

#[test]
fn a_carer_sees_the_own_contacts_only_and_the_address_only_at_home() {
    let asks = |request: CarerRequest| {
        let world = World::full();
        let sight = Sight::on(today());
        let scope = subject_scope(&Subject::Carer(request), &world.child, &sight);
        json(&view_within(&scope, &world.child, &Register, &sight))
    };
    let apart = asks(request());
    assert_eq!(apart["carers"][0]["carer_ref"], keyed(21).to_string());
    assert!(apart["carers"][0].get("contacts").is_some());
    assert_eq!(apart["carers"][1], json!({"name": "Paul Lowe", "relation": "parental_responsibility"}));
    assert_eq!((apart.get("address"), apart.get("identifiers")), (None, None));
    assert_eq!(apart.get("sensitive_services"), None);
    let home = asks(CarerRequest { home: Home::Shared, ..request() });
    assert_eq!(home["address"]["state"], "known");
}

#[test]
fn a_shielded_childs_own_answer_masks_the_addresses_of_others() {
    let world = World::full().shielded();
    let sight = Sight::on(today());
    let scope = subject_scope(&Subject::CompetentChild, &world.child, &sight);
    let view = json(&view_within(&scope, &world.child, &Register, &sight));
    assert_eq!(view["address"]["postcode"], "N17 6AA");
    assert!(!view.to_string().contains("Elsewhere Road"));
    assert!(view.to_string().contains("020 7946 0001"));
}

#[test]
fn the_record_has_the_contracts_shape() {
    let entry = Entry { lead: true, assessed: true, ..Entry::of(Kind::Additional) };
    let world = World::described().entry(&entry).entry(&Entry::of(Kind::Consented));
    let gp = of_kind(practitioner(), OrganisationKind::GpPractice);
    let view = view(&gp, &world.child, Override::None, &Register, &Sight::on(today())).at(Position(81_234));
    assert!(!format!("{view:?}").contains("2015"), "no date of birth is printed");
    let telephone = |value: &str| json!({"kind": "telephone", "value": value});
    let reachable =
        |id: &str| json!({"id": id, "name": format!("The {id}"), "contacts": [telephone("020 7946 0000")]});
    let address = json!({"kind": "address", "value": "9 Elsewhere Road, Hove BN3 1AA"});
    let carer = |number, name: &str| {
        json!({"carer_ref": keyed(number).to_string(), "name": name, "relation": "parental_responsibility",
            "contacts": [telephone("020 7946 0001"), address]})
    };
    let as_at = world.child.involvements[&entry.id].as_at;
    assert_eq!(
        json(&view),
        json!({
            "child_number": ChildNumber::from_draw(7).to_string(), "shielded": false, "position": 81_234,
            "names": [
                {"kind": "current", "forename": "Ava", "middle_names": "Rose", "surname": "Lowe"},
                {"kind": "known_as", "forename": "Avie", "surname": "Lowe"}
            ],
            "date_of_birth": "2015-04-02", "gender": "female",
            "responsible_authority": {"id": HARINGEY, "name": format!("The {HARINGEY}")},
            "address": {"state": "known", "lines": ["12 Mill Lane"], "town": "London", "postcode": "N17 6AA"},
            "carers": [carer(21, "Mary Lowe"), carer(22, "Paul Lowe")],
            "education": {"state": "attending", "organisation": reachable("urn:100000"), "since": ago(800),
                "as_at": world.child.current_education().unwrap().as_at},
            "primary_care": {"state": "registered", "organisation": reachable("ods:F85000"), "since": ago(900),
                "as_at": world.child.current_primary_care().unwrap().as_at},
            "involvements": [{
                "involvement_id": entry.id.to_string(), "service_type": "social_care", "class": "additional",
                "organisation": {"id": "org:their-1", "name": "The org:their-1"},
                "practitioner": {"practitioner_ref": keyed(77).to_string(), "name": "Sam Worker",
                    "job": "social worker"},
                "contacts": [telephone("020 7946 0002")], "started_on": ago(30), "ended_on": null,
                "lead_professional": true, "common_assessment": {"held": true, "on": ago(30)}, "as_at": as_at
            }],
            "identifiers": [{"scheme": "nhs_number", "value": "9434765919"}],
            "sensitive_services": "unspecified", "gaps": [], "patterns": []
        })
    );
}

#[test]
fn an_end_told_later_ends_the_entry_in_view() {
    let entry = Entry::of(Kind::Additional);
    let world = World::described().entry(&entry).with(Event::InvolvementEnded(Ended {
        involvement: entry.id,
        ended_on: ago(2),
        version: None,
    }));
    assert_eq!(seen(&practitioner(), &world)["involvements"][0]["ended_on"], json!(ago(2)));
}
