//! Sentences 1 to 3 of rules.md 2, each by name: former names, sensitive entries, and what is computed.

use events::{
    child::{
        Event,
        setting::{EducationStated, PrimaryCareStated},
    },
    supplied::{EducationState, PrimaryCareState},
};
use serde_json::{Value, json};
use visibility::{Override, Sight, Viewer, view};
use vocabulary::{Role, ServiceType};

use crate::{
    entry::{Entry, Kind},
    matrix::rows,
    observed::{entries, json, list, practitioner, seen},
    world::{Register, World, ago, ava, described, elsewhere, id, keyed, name, org, source, today, viewer},
};

// Sentence 1.

#[test]
fn a_former_name_is_shown_to_the_team_and_where_a_search_matched_it() {
    let world = World::described();
    let formers = |view: &Value| -> Vec<String> {
        list(view, "names")
            .iter()
            .filter(|name| name["kind"] == "former")
            .map(|name| {
                format!("{} {}", name["forename"].as_str().unwrap(), name["surname"].as_str().unwrap())
            })
            .collect()
    };
    assert_eq!(formers(&seen(&viewer(Role::AuthorityTeam), &world)), ["Ava Lane"]);
    assert!(formers(&seen(&practitioner(), &world)).is_empty());
    assert!(formers(&seen(&elsewhere(viewer(Role::AuthorityTeam)), &world)).is_empty());
    let matched = |surname: &str| Sight {
        matched_former_names: vec![(name("Ava"), name(surname))],
        ..Sight::on(today())
    };
    let look = |sight: &Sight| {
        formers(&json(&view(&practitioner(), &world.child, Override::None, &Register, sight)))
    };
    assert_eq!(look(&matched("Lane")), ["Ava Lane"]);
    assert!(look(&matched("Stone")).is_empty(), "only the name that the search matched");
}

#[test]
fn a_former_name_is_never_shown_on_a_shielded_record_to_anyone() {
    let world = World::full().shielded();
    let sight = Sight { matched_former_names: vec![(name("Ava"), name("Lane"))], ..Sight::on(today()) };
    for row in rows() {
        for opened in [Override::None, Override::Open] {
            let standing = (world.child.clone(), opened, sight.clone());
            let (_, record) = row.eyes.look_at(&standing);
            assert!(!json(&record).to_string().contains("\"surname\":\"Lane\""), "{}", row.label);
        }
    }
}

// Sentence 2.

#[test]
fn the_unspecified_line_is_shown_only_with_consent_and_says_nothing_else() {
    let consented = World::described().entry(&Entry::of(Kind::Consented));
    let suspected = World::described().entry(&Entry::of(Kind::Suspected));
    let line = |viewer: &Viewer, world: &World| seen(viewer, world)["sensitive_services"].clone();
    assert_eq!(line(&practitioner(), &consented), json!("unspecified"));
    assert_eq!(line(&practitioner(), &suspected), Value::Null);
    let text = seen(&practitioner(), &consented).to_string();
    for hidden in ["mental_health", "their-2", "feed-2", "Sam Worker"] {
        assert!(!text.contains(hidden), "{hidden}");
    }
}

#[test]
fn under_significant_harm_alone_only_the_override_right_and_the_team_know() {
    let world = World::described().entry(&Entry::of(Kind::Suspected));
    let override_right = seen(&viewer(Role::PractitionerOverride), &world);
    assert_eq!(override_right["sensitive_services"], "unspecified");
    assert_eq!(entries(&override_right), 0);
    let team = seen(&viewer(Role::AuthorityTeam), &world);
    assert_eq!(team["involvements"][0]["service_type"], "substance_misuse");
    assert_eq!(team.get("sensitive_services"), None);
    for other in [Role::Practitioner, Role::NationalPartner] {
        assert_eq!(seen(&viewer(other), &world), seen(&viewer(other), &World::described()));
    }
    let other_team = elsewhere(viewer(Role::AuthorityTeam));
    assert_eq!(seen(&other_team, &world), seen(&other_team, &World::described()));
}

#[test]
fn an_organisation_always_sees_its_own_entries_and_gets_no_line_for_them() {
    for kind in Kind::ALL {
        let own = Entry::of(kind).by("org:mine");
        let supplied = Entry { supplier: org("org:mine"), ..Entry::of(kind) };
        for entry in [own, supplied] {
            for world in [World::described().entry(&entry), World::described().entry(&entry).shielded()] {
                let view = seen(&practitioner(), &world);
                assert_eq!(entries(&view), 1, "{}", kind.name());
                assert_eq!(view.get("sensitive_services"), None);
            }
        }
    }
}

#[test]
fn an_own_entry_on_a_shielded_record_brings_nothing_else_with_it() {
    let world = World::full().entry(&Entry { id: id(9), ..Entry::of(Kind::Additional).by("org:mine") });
    let view = seen(&practitioner(), &world.shielded());
    let fields: Vec<&String> = view.as_object().unwrap().keys().collect();
    let least =
        ["carers", "child_number", "date_of_birth", "died_on", "gender", "involvements", "names", "shielded"];
    assert_eq!(fields, least);
    assert_eq!(view["involvements"][0]["involvement_id"], id(9).to_string());
    assert_eq!(entries(&view), 1);
}

#[test]
fn a_sensitive_entry_ends_for_others_the_day_it_ends() {
    let world = World::described().entry(&Entry::of(Kind::Consented).ended(0));
    assert_eq!(seen(&practitioner(), &world), seen(&practitioner(), &World::described()));
    assert_eq!(entries(&seen(&viewer(Role::AuthorityTeam), &world)), 0);
    let own = World::described().entry(&Entry::of(Kind::Consented).by("org:mine").ended(0));
    assert_eq!(entries(&seen(&practitioner(), &own)), 1, "it ends at once for others only");
    assert_eq!(seen(&practitioner(), &own).get("sensitive_services"), None);
}

#[test]
fn other_entries_stay_visible_365_days_after_their_end_or_as_long_as_the_policy_says() {
    for (days_ago, policy, shown) in [(365, 365, 1), (366, 365, 0), (30, 30, 1), (31, 30, 0)] {
        for (kind, by) in
            [(Kind::Additional, "org:theirs"), (Kind::Additional, "org:mine"), (Kind::Consented, "org:mine")]
        {
            let world = World::described().entry(&Entry::of(kind).by(by).ended(days_ago));
            let sight = Sight { ended_visible_days: policy, ..Sight::on(today()) };
            let view = view(&practitioner(), &world.child, Override::None, &Register, &sight);
            assert_eq!(entries(&json(&view)), shown, "{days_ago} of {policy} days, {by}");
        }
    }
}

#[test]
fn an_entry_told_ahead_shows_from_its_day() {
    for by in ["org:theirs", "org:mine"] {
        for (days_ago, shown) in [(-1, 0), (0, 1)] {
            let entry = Entry { started_on: ago(days_ago), ..Entry::of(Kind::Additional).by(by) };
            assert_eq!(entries(&seen(&practitioner(), &World::described().entry(&entry))), shown);
        }
    }
}

#[test]
fn lead_and_common_assessment_follow_the_entry_they_hang_on() {
    let led = |kind| Entry { lead: true, assessed: true, ..Entry::of(kind) };
    let world = World::described().entry(&led(Kind::Additional)).entry(&led(Kind::Protected));
    let plain = World::described().entry(&led(Kind::Additional));
    let practitioners = seen(&practitioner(), &world);
    assert_eq!(practitioners["involvements"], seen(&practitioner(), &plain)["involvements"]);
    assert_eq!(practitioners["involvements"][0]["lead_professional"], true);
    assert_eq!(practitioners["involvements"][0]["common_assessment"], json!({"held": true, "on": ago(30)}));
    let team = seen(&viewer(Role::AuthorityTeam), &world);
    let leads = list(&team, "involvements").iter().filter(|entry| entry["lead_professional"] == true);
    assert_eq!(leads.count(), 2, "each viewer sees the leads they may see, the team both");
}

#[test]
fn an_ended_entry_shows_no_lead_however_its_end_was_told() {
    let entry = Entry { lead: true, ..Entry::of(Kind::Additional).ended(3) };
    let view = seen(&practitioner(), &World::described().entry(&entry));
    assert_eq!(view["involvements"][0]["lead_professional"], false);
    assert_eq!(view["involvements"][0]["common_assessment"], json!({"held": false, "on": null}));
}

// Sentence 3.

#[test]
fn freshness_is_that_of_the_entry_shown_whatever_else_was_told_since() {
    let entry = Entry::of(Kind::Additional);
    let before = World::described().entry(&entry);
    let after = before.clone().entry(&Entry::of(Kind::Protected)).entry(&Entry::of(Kind::Suspected));
    assert_eq!(seen(&practitioner(), &before), seen(&practitioner(), &after));
    assert_ne!(before.child.as_at, after.child.as_at);
}

#[test]
fn freshness_of_the_school_is_that_of_the_word_shown_whoever_else_told_of_one() {
    let before = World::described();
    let told = |since: i64| {
        Event::EducationStated(EducationStated {
            source: keyed(99),
            supplier: org("org:another"),
            state: EducationState::EducatedOtherwise,
            organisation: None,
            on: ago(since),
        })
    };
    let older = before.clone().with(told(900));
    let shown = seen(&practitioner(), &before)["education"].clone();
    assert!(shown["as_at"].is_string(), "{shown}");
    assert_eq!(seen(&practitioner(), &older)["education"], shown);
    let newer = seen(&practitioner(), &before.clone().with(told(1)))["education"].clone();
    assert_eq!(newer["state"], "educated_otherwise");
    assert_ne!(newer["as_at"], shown["as_at"]);
}

fn visit(number: u128, organisation: &str, days_ago: i64) -> Entry {
    Entry {
        id: id(number),
        service_type: ServiceType::HospitalEmergency,
        started_on: ago(days_ago),
        ended_on: Some(ago(days_ago)),
        ..Entry::of(Kind::Additional).by(organisation)
    }
}

#[test]
fn three_emergency_departments_in_sixty_days_are_told_as_a_fact() {
    let two = World::described().entry(&visit(1, "ods:RA1", 60)).entry(&visit(2, "ods:RA2", 20));
    assert_eq!(seen(&practitioner(), &two)["patterns"], json!([]));
    let again = two.clone().entry(&visit(3, "ods:RA2", 3));
    assert_eq!(seen(&practitioner(), &again)["patterns"], json!([]), "departments, not visits");
    let three = two.clone().entry(&visit(4, "ods:RA3", 0));
    let pattern = json!([{"code": "emergency_departments", "count": 3, "days": 60}]);
    assert_eq!(seen(&practitioner(), &three)["patterns"], pattern);
    let late = two.entry(&visit(5, "ods:RA3", 61));
    assert_eq!(seen(&practitioner(), &late)["patterns"], json!([]));
}

#[test]
fn two_authorities_that_closed_the_case_are_told_as_a_fact() {
    let closed = |number, by: &str| Entry { id: id(number), ..Entry::of(Kind::Additional).by(by).ended(40) };
    let world = World::described().entry(&closed(1, "gss:E1")).entry(&closed(2, "gss:E2"));
    let pattern = json!([{"code": "closed_by_authorities", "count": 2, "days": 365}]);
    assert_eq!(seen(&practitioner(), &world)["patterns"], pattern);
}

#[test]
fn no_pattern_counts_what_the_viewer_cannot_see() {
    let world = World::described()
        .entry(&visit(1, "org:mine", 1))
        .entry(&visit(2, "ods:RA2", 2))
        .entry(&visit(3, "ods:RA3", 3));
    assert_eq!(list(&seen(&practitioner(), &world), "patterns").len(), 1);
    let shielded = seen(&practitioner(), &world.clone().shielded());
    assert_eq!((entries(&shielded), shielded.get("patterns")), (1, None));
    let sight = Sight { ended_visible_days: 1, ..Sight::on(today()) };
    let view = json(&view(&practitioner(), &world.child, Override::None, &Register, &sight));
    assert_eq!((entries(&view), list(&view, "patterns").len()), (1, 0));
}

#[test]
fn gaps_stand_until_a_statement_closes_them_and_go_with_the_settings() {
    let bare = World::registered().with(described(ava()));
    assert_eq!(seen(&practitioner(), &bare)["gaps"], json!(["no_education", "no_primary_care"]));
    assert_eq!(seen(&practitioner(), &bare)["education"], json!({"state": "none_known"}));
    let school = Entry { service_type: ServiceType::School, ..Entry::of(Kind::Universal) };
    let with_entry = bare.clone().entry(&school);
    assert_eq!(list(&seen(&practitioner(), &with_entry), "gaps").len(), 2, "only a statement closes one");
    assert_eq!(seen(&practitioner(), &bare.clone().shielded()).get("gaps"), None);
    let otherwise = bare
        .with(Event::EducationStated(EducationStated {
            source: source(),
            supplier: org("org:feed"),
            state: EducationState::EducatedOtherwise,
            organisation: None,
            on: ago(9),
        }))
        .with(Event::PrimaryCareStated(PrimaryCareStated {
            source: source(),
            supplier: org("org:feed"),
            state: PrimaryCareState::NoneKnown,
            organisation: None,
            on: ago(9),
        }));
    assert_eq!(seen(&practitioner(), &otherwise)["gaps"], json!(["no_primary_care"]));
}
