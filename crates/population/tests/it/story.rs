//! The story of Child V: twelve agencies, the documented days, valid events, and nothing of the case.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use population::{
    Population,
    child_v::{Act, Agency, Basis, PASSPORT_NAME, Story, TRUE_NAME},
};
use serde_json::Value;
use vocabulary::{OrganisationId, OrganisationKind, day::age_on};

use crate::{
    contract::{check_event, is_drama_number},
    day,
};

/// An event with whose it is and when.
struct Told {
    organisation: &'static str,
    days_before: u32,
    event: Value,
}

fn told() -> Vec<Told> {
    let mut told = Vec::new();
    for step in Story::ending_on(day()).steps {
        for act in step.acts {
            if let Act::Post(event) = act {
                let organisation = step.agency.unwrap().id();
                told.push(Told { organisation, days_before: step.days_before, event });
            }
        }
    }
    told
}

fn kind(event: &Value) -> &str {
    event["type"].as_str().unwrap().trim_start_matches("uk.contactpoint.").trim_end_matches(".v1")
}

#[test]
fn every_event_of_the_story_has_fields_of_the_contract_only() {
    let told = told();
    assert!(told.len() > 30);
    for one in &told {
        check_event(&one.event);
    }
    let ids: BTreeSet<_> =
        told.iter().map(|told| (told.organisation, told.event["id"].to_string())).collect();
    assert_eq!(ids.len(), told.len());
}

#[test]
fn the_story_can_be_told_to_end_on_any_day() {
    for today in ["2024-02-29", "2026-11-20", "2028-03-01"] {
        let story = Story::ending_on(today.parse().unwrap());
        assert_eq!(age_on(story.date_of_birth, story.today), 8);
        let days: Vec<_> = story.steps.iter().map(|step| step.day).collect();
        assert!(days.is_sorted(), "{days:?}");
        assert_eq!(*days.last().unwrap(), story.today);
        assert!(story.steps.last().unwrap().acts.is_empty());
    }
}

#[test]
fn twelve_agencies_are_seen_today_and_neither_school_nor_practice() {
    let mut ended: BTreeMap<String, u32> = BTreeMap::new();
    let mut seen: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for told in told() {
        let data = &told.event["data"];
        match kind(&told.event) {
            "involvement.started" => {
                let reference = data["involvement_ref"].as_str().unwrap().to_owned();
                assert!(data["lead_professional"] == false && data.get("practitioner").is_none());
                if data.get("ended_on").is_some() {
                    ended.insert(reference.clone(), told.days_before);
                }
                seen.entry(told.organisation).or_default().push(reference);
            }
            "involvement.ended" => {
                let reference = data["involvement_ref"].as_str().unwrap().to_owned();
                assert!(seen[told.organisation].contains(&reference), "{reference} was never started");
                ended.insert(reference, told.days_before);
            }
            other => assert_eq!(other, "child.described", "education and primary care stay gaps"),
        }
    }
    assert_eq!(seen.keys().copied().collect::<BTreeSet<_>>(), Agency::ALL.map(Agency::id).into());
    let open: Vec<_> = seen.values().flatten().filter(|reference| !ended.contains_key(*reference)).collect();
    assert_eq!(open, ["DH-702-1"], "all but one have closed");
    assert!(ended.values().all(|days_before| *days_before < 365));
    let mut kinds: BTreeMap<OrganisationKind, usize> = BTreeMap::new();
    for agency in Agency::ALL {
        *kinds.entry(agency.kind()).or_default() += 1;
    }
    let expected = [
        (OrganisationKind::LocalAuthority, 4),
        (OrganisationKind::Hospital, 2),
        (OrganisationKind::Police, 2),
        (OrganisationKind::Housing, 3),
        (OrganisationKind::Voluntary, 1),
    ];
    assert_eq!(kinds, BTreeMap::from(expected));
}

#[test]
fn documented_days_keep_their_distance() {
    // The last day stands for the one before row 23 of the chronology.
    let end: NaiveDate = "2000-02-23".parse().unwrap();
    let days: BTreeMap<u8, &str> = BTreeMap::from([
        (4, "1999-04-26"),
        (7, "1999-07-14"),
        (8, "1999-07-14"),
        (9, "1999-07-15"),
        (10, "1999-07-15"),
        (11, "1999-07-24"),
        (16, "1999-08-05"),
        (17, "1999-08-06"),
        (19, "1999-08-23"),
        (21, "1999-11-02"),
    ]);
    let mut checked = BTreeSet::new();
    for step in Story::ending_on(day()).steps {
        if step.evidence.day != Basis::Documented {
            continue;
        }
        let [row] = step.evidence.rows else { panic!("one row a documented day: {}", step.note) };
        let documented: NaiveDate = days[row].parse().unwrap();
        assert_eq!(i64::from(step.days_before), (end - documented).num_days(), "{}", step.note);
        checked.insert(*row);
    }
    assert_eq!(checked, days.keys().copied().collect());
}

#[test]
fn every_new_ref_meets_a_record_with_its_name_birth_and_postcode_or_waits() {
    // The weakest registrar links an exact name with the same birth and postcode; the story must not need more.
    let mut known: BTreeSet<(String, String, String)> = BTreeSet::new();
    let mut refs: BTreeSet<(&str, String)> = BTreeSet::new();
    let mut waiting = Vec::new();
    for told in told() {
        let child = &told.event["data"]["child"];
        if kind(&told.event) != "child.described" {
            continue;
        }
        let text = |field: &str| child[field].as_str().unwrap().to_owned();
        let name =
            (text("forename"), text("surname"), child["address"]["postcode"].as_str().unwrap().to_owned());
        let new = refs.insert((told.organisation, text("local_ref")));
        if new && !known.is_empty() && !known.contains(&name) {
            waiting.push(told.event["id"].as_str().unwrap().to_owned());
            continue;
        }
        known.insert(name);
    }
    let decided: Vec<_> = Story::ending_on(day()).steps.into_iter().flat_map(|step| step.acts).collect();
    let decided = decided.into_iter().filter_map(|act| match act {
        Act::SameChild { event_id, .. } => Some(event_id),
        Act::Post(_) => None,
    });
    assert_eq!(waiting, decided.collect::<Vec<_>>());
    let names: BTreeSet<_> =
        known.iter().map(|(forename, surname, _)| [forename.as_str(), surname]).collect();
    assert_eq!(names, BTreeSet::from([PASSPORT_NAME, TRUE_NAME]));
}

#[test]
fn the_invented_child_bears_nobody_elses_name() {
    let story = Story::ending_on(day());
    let mut everything: String = told().iter().map(|told| told.event.to_string()).collect();
    everything.extend(story.steps.iter().map(|step| step.note));
    everything.extend(Agency::ALL.map(Agency::name));
    let everything = everything.to_lowercase();
    for name in ["victoria", "anna", "climbi", "kouao", "manning", "ealing", "brent", "enfield", "haringey"] {
        assert!(!everything.contains(name), "{name} has no place in the story");
    }
}

#[test]
fn the_storys_organisations_are_like_no_other() {
    let population = Population::new(7, day());
    let others: Vec<_> = population.organisations().collect();
    let ids: BTreeSet<_> = others.iter().map(|organisation| &organisation.id).collect();
    let names: BTreeSet<_> = others.iter().map(|organisation| &organisation.name).collect();
    let outcodes: BTreeSet<_> =
        others.iter().flat_map(|organisation| organisation.outcodes.split_whitespace()).collect();
    let own = Story::ending_on(day()).organisations();
    assert_eq!(own.len(), Agency::ALL.len() + 4);
    for organisation in &own {
        organisation.id.parse::<OrganisationId>().unwrap();
        assert!(!ids.contains(&organisation.id) && !names.contains(&organisation.name));
        assert!(is_drama_number(&organisation.telephone));
        assert!(organisation.outcodes.is_empty() || !outcodes.contains(organisation.outcodes.as_str()));
        let authority = organisation.authority.as_ref().unwrap();
        assert!(own.iter().any(|other| other.id == *authority && !other.outcodes.is_empty()));
    }
}
