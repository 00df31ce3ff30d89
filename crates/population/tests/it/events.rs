//! What the national supplier tells: valid, in order, and silent where consent is missing.

use std::collections::{BTreeMap, BTreeSet};

use population::{Consent, Population};
use serde_json::Value;
use vocabulary::ServiceType;

use crate::{contract::check_event, day};

const CHILDREN: u64 = 3_000;

fn england() -> Population {
    Population::sized(7, day(), CHILDREN)
}

fn told(children: std::ops::Range<u64>) -> String {
    let mut out = Vec::new();
    england().write_events(children, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn events() -> Vec<Value> {
    told(0..CHILDREN).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_line_is_an_event_with_fields_of_the_contract_only() {
    events().iter().for_each(check_event);
}

#[test]
fn the_same_children_are_told_in_the_same_bytes() {
    assert_eq!(told(0..300), told(0..300));
    assert_eq!(told(0..300), [told(0..100), told(100..300)].concat());
}

#[test]
fn a_child_is_described_before_anything_is_told_of_it_and_no_id_comes_twice() {
    let mut described = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for event in events() {
        assert!(ids.insert(event["id"].as_str().unwrap().to_owned()));
        let local_ref = event["data"]["child"]["local_ref"].as_str().unwrap().to_owned();
        let first = described.insert(local_ref);
        assert_eq!(first, event["type"] == "uk.contactpoint.child.described.v1");
    }
    assert_eq!(described.len() as u64, CHILDREN);
}

#[test]
fn a_child_has_four_or_five_events_on_average() {
    let events = events().len() as u64;
    assert!((CHILDREN * 43 / 10..CHILDREN * 49 / 10).contains(&events), "{events}");
}

#[test]
fn nothing_lies_in_the_future() {
    for event in events() {
        assert!(event["time"].as_str().unwrap() < "2026-11-20");
    }
}

#[test]
fn a_sensitive_entry_is_told_only_with_consent_for_its_episode() {
    let mut given = BTreeSet::new();
    let mut refused = BTreeSet::new();
    let mut entries = BTreeSet::new();
    for event in events() {
        let data = &event["data"];
        let episode = data["episode_ref"].as_str().map(str::to_owned);
        match event["type"].as_str().unwrap() {
            "uk.contactpoint.consent.recorded.v1" => {
                let decided = if data["decision"] == "given" { &mut given } else { &mut refused };
                assert!(decided.insert(episode.unwrap()));
            }
            "uk.contactpoint.involvement.started.v1" => entries.extend(episode),
            _ => (),
        }
    }
    assert!(entries.len() > 30 && refused.len() > 30);
    assert_eq!(entries, given);
    assert!(entries.is_disjoint(&refused));
}

#[test]
fn consent_is_given_refused_and_not_asked_for_alike() {
    let england = england();
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for index in 0..20_000 {
        for involvement in england.involvements(index) {
            assert_eq!(involvement.consent.is_some(), involvement.service_type == ServiceType::MentalHealth);
            let name = match involvement.consent {
                Some(Consent::Given) => "given",
                Some(Consent::Refused) => "refused",
                Some(Consent::NotAsked) => "not asked",
                None => continue,
            };
            *counts.entry(name).or_default() += 1;
        }
    }
    let all: u32 = counts.values().sum();
    assert_eq!(counts.len(), 3);
    assert!(counts.values().all(|count| (all / 4..all * 2 / 5).contains(count)), "{counts:?}");
}
