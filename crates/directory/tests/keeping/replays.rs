//! Replays: what a case lets its investigator know of the past, and what it keeps from them.

use chrono::Duration;
use directory::{
    CaseRequest, HistoryRequest, Person, ShieldAsk,
    history::{History, Markup, Moment},
};
use events::{
    access::SeenBy,
    case::{Purpose, Reference},
    child::shield::Ground,
};
use serde_json::{Value, json};
use vocabulary::{ChildNumber, Position, Role};

use crate::world::{CLINIC, HERE, NATIONAL, SCHOOL, World, ava, id, involvement, not_shown, now};

/// An investigator with an approved case that names a child.
struct Inquiry {
    investigator: Person,
    case_ref: Reference,
    number: ChildNumber,
}

impl Inquiry {
    fn opened(world: &World, number: ChildNumber, purpose: Purpose, lifts_shields: bool) -> Inquiry {
        let investigator = world.user(Role::Investigator, NATIONAL);
        let approver = world.user(Role::CaseApprover, NATIONAL);
        let case_ref = Reference::new(&format!("SCR-{lifts_shields}-1")).unwrap();
        let expires_on = world.directory.now().date_naive() + Duration::days(60);
        let request =
            CaseRequest { reference: case_ref.clone(), children: vec![number], purpose, expires_on };
        let opened = world.directory.open_case(&investigator, request).unwrap();
        world.directory.approve_case(&approver, opened.id, lifts_shields).unwrap();
        Inquiry { investigator, case_ref, number }
    }

    fn asked(&self, as_of: Option<Moment>, as_seen_by: Option<SeenBy>) -> HistoryRequest {
        HistoryRequest { case_ref: self.case_ref.clone(), as_of, as_seen_by, compare: None }
    }

    fn replay(&self, world: &World, request: HistoryRequest) -> History {
        now(world.directory.history(&self.investigator, self.number, request)).unwrap().into_view()
    }

    fn record(&self, world: &World, as_of: Moment, as_seen_by: Option<SeenBy>) -> Value {
        serde_json::to_value(self.replay(world, self.asked(Some(as_of), as_seen_by))).unwrap()
    }

    fn story(&self, world: &World) -> Vec<Value> {
        let told = serde_json::to_value(self.replay(world, self.asked(None, None))).unwrap();
        told["events"].as_array().cloned().unwrap_or_else(|| panic!("no story is told: {told}"))
    }
}

fn types(story: &[Value]) -> Vec<&str> {
    let facts = story.iter().flat_map(|told| told["facts"].as_array().unwrap());
    facts.map(|fact| fact["type"].as_str().unwrap()).collect()
}

fn clinic() -> SeenBy {
    SeenBy::Organisation(id(CLINIC))
}

#[test]
fn what_was_withdrawn_since_is_gone_from_the_past_too_and_reads_removed() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let mut of_clinic = ava("c-1");
    of_clinic["child_number"] = json!(number);
    world.sensitive(&of_clinic);
    let before = Moment::Instant(world.directory.now());
    let inquiry = Inquiry::opened(&world, number, Purpose::CaseReview, false);
    let own = inquiry.record(&world, before, Some(clinic()));
    assert_eq!(own["record"]["involvements"][0]["service_type"], "mental_health", "{own}");
    assert!(types(&inquiry.story(&world)).contains(&"consent_given"));
    world.pass(Duration::days(1));
    let withdrawn = json!({"child": {"local_ref": "c-1"}, "episode_ref": "ep-1", "decision": "withdrawn",
        "given_by": "child", "competence": "assessed_competent", "method": "face_to_face",
        "notice_version": "v1", "decided_on": "2026-11-22"});
    world.post(CLINIC, "consent.recorded", &withdrawn);
    let later = inquiry.record(&world, before, Some(clinic()));
    assert_eq!(later["record"]["involvements"], json!([]), "{later}");
    let investigators = inquiry.record(&world, before, None);
    assert!(!investigators.to_string().contains("mental_health"), "{investigators}");
    let story = inquiry.story(&world);
    let removed: Vec<&Value> = story.iter().filter(|told| told["removed"] == true).collect();
    assert_eq!(removed.len(), 4, "link, consent, entry, withdrawal: {story:?}");
    for told in removed {
        let fields: Vec<&String> = told.as_object().unwrap().keys().collect();
        assert_eq!(fields, ["facts", "on", "position", "removed"], "{told}");
        assert_eq!(told["facts"], json!([]));
    }
    // That the investigator asked about the clinic is their own look.
    let told: Vec<&Value> = story.iter().filter(|told| told["basis"] != json!(["audit"])).collect();
    assert!(!json!(told).to_string().contains(CLINIC), "{told:?}");
}

#[test]
fn a_record_shielded_today_shows_of_its_past_the_least_unless_the_approver_lifted_shields() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let before = Moment::Position(world.directory.head().unwrap());
    let team = world.user(Role::AuthorityTeam, HERE);
    let respecting = Inquiry::opened(&world, number, Purpose::CaseReview, false);
    let lives = |told: &Value| told["record"]["address"]["postcode"].clone();
    assert_eq!(lives(&respecting.record(&world, before, None)), "N17 6AA");
    world.pass(Duration::days(1));
    let ask = ShieldAsk::Shield { ground: Ground::DomesticAbuse, review_by: None };
    let (_, pending) = world.directory.shield(&team, number, ask).unwrap();
    pending.wait().unwrap();
    for seen_by in [None, Some(SeenBy::Role(Role::Practitioner)), Some(SeenBy::Role(Role::AuthorityTeam))] {
        let past = respecting.record(&world, before, seen_by.clone());
        assert_eq!(lives(&past), Value::Null, "{seen_by:?} {past}");
        assert_eq!(past["record"]["names"][0]["forename"], "Ava");
    }
    let told = respecting.replay(&world, respecting.asked(None, None));
    assert!(matches!(told, History::Record(_)), "no story of a shielded record: {told:?}");
    let lifting = Inquiry::opened(&world, number, Purpose::CaseReview, true);
    let seen = Some(SeenBy::Role(Role::Practitioner));
    assert_eq!(lives(&lifting.record(&world, before, seen.clone())), "N17 6AA");
    let shielded = Moment::Instant(world.directory.now());
    assert_eq!(lives(&lifting.record(&world, shielded, seen)), Value::Null, "the shield of that day stands");
    assert!(types(&lifting.story(&world)).contains(&"shield_applied"));
}

#[test]
fn what_was_told_under_a_shield_is_told_under_it_still() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let team = world.user(Role::AuthorityTeam, HERE);
    let ask = ShieldAsk::Shield { ground: Ground::DomesticAbuse, review_by: None };
    let (shield, pending) = world.directory.shield(&team, number, ask).unwrap();
    pending.wait().unwrap();
    let mut moved = ava("s-1");
    moved["address"] = json!({"lines": ["9 Hidden Row"], "town": "London", "postcode": "N17 9ZZ"});
    moved["previous_address"] = json!({"lines": ["1 Older Row"], "town": "London", "postcode": "N17 8ZZ"});
    world.post(SCHOOL, "child.described", &json!({"child": moved}));
    let (_, lifting) = world.directory.shield(&team, number, ShieldAsk::Lift(shield)).unwrap();
    lifting.wait().unwrap();
    moved["address"] = json!("none_known");
    world.post(SCHOOL, "child.described", &json!({"child": moved}));
    let respecting = Inquiry::opened(&world, number, Purpose::CaseReview, false).story(&world);
    let unshielded = Inquiry::opened(&world, number, Purpose::CaseReview, true).story(&world);
    assert!(!json!(respecting).to_string().contains("9 Hidden Row"), "{respecting:?}");
    assert!(json!(unshielded).to_string().contains("9 Hidden Row"), "{unshielded:?}");
    for story in [&respecting, &unshielded] {
        let told = types(story);
        assert!(told.contains(&"shield_applied") && told.contains(&"shield_lifted"), "{told:?}");
        assert!(!json!(story).to_string().contains("1 Older Row"), "a previous address is shown to nobody");
    }
}

#[test]
fn who_looked_is_told_but_for_services_that_a_look_gives_away() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    for organisation in [SCHOOL, CLINIC] {
        world.record(&world.user(Role::Practitioner, organisation), number);
    }
    let inquiry = Inquiry::opened(&world, number, Purpose::CaseReview, true);
    let story = inquiry.story(&world);
    let openings: Vec<&Value> =
        story.iter().filter(|told| told["facts"][0]["type"] == "record_opened").collect();
    assert_eq!(openings.len(), 1, "{story:?}");
    assert_eq!(openings[0]["by"]["person"]["organisation"], SCHOOL);
    assert_eq!(openings[0]["basis"], json!(["audit"]));
    assert!(!json!(story).to_string().contains(CLINIC), "{story:?}");
    let again = inquiry.story(&world);
    assert!(types(&again).contains(&"history_replayed"), "each replay is an event: {again:?}");
}

#[test]
fn an_organisation_sees_as_it_stood_then_and_nothing_while_it_was_suspended() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    world.post(SCHOOL, "involvement.started", &involvement(&json!({"local_ref": "s-1"}), "i-1", "school"));
    let school = || Some(SeenBy::Organisation(id(SCHOOL)));
    let inquiry = Inquiry::opened(&world, number, Purpose::CaseReview, false);
    let first = Moment::Instant(world.directory.now());
    world.pass(Duration::days(1));
    world.directory.suspend_organisation(&id(SCHOOL)).unwrap();
    let second = Moment::Instant(world.directory.now());
    world.pass(Duration::days(1));
    world.directory.reinstate_organisation(&id(SCHOOL)).unwrap();
    assert_eq!(
        inquiry.record(&world, first, school())["record"]["involvements"][0]["service_type"],
        "school"
    );
    let suspended = inquiry.record(&world, second, school());
    assert_eq!((&suspended["refused"], &suspended["record"]), (&json!("organisation_suspended"), &json!({})));
    let third = Moment::Instant(world.directory.now());
    assert_eq!(inquiry.record(&world, third, school()).get("refused"), None);
    let nobodys = inquiry.asked(Some(first), Some(SeenBy::Organisation(id("urn:999999"))));
    let answer = now(world.directory.history(&inquiry.investigator, number, nobodys));
    assert_eq!(not_shown(answer), "unknown");
}

#[test]
fn a_case_about_misuse_does_not_reach_the_later_years_of_the_archive_as_anybody() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let before = Moment::Position(world.directory.head().unwrap());
    world.post(SCHOOL, "child.died", &json!({"child": {"local_ref": "s-1"}, "on": "2024-10-02"}));
    let misuse = Inquiry::opened(&world, number, Purpose::Misuse, true);
    for seen_by in [None, Some(SeenBy::Role(Role::Practitioner))] {
        let asked = misuse.asked(Some(before), seen_by);
        assert_eq!(not_shown(now(world.directory.history(&misuse.investigator, number, asked))), "unknown");
    }
}

#[test]
fn a_story_is_told_a_line_an_event_with_both_its_times() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    world.post(SCHOOL, "involvement.started", &involvement(&json!({"local_ref": "s-1"}), "i-1", "school"));
    world.record(&world.user(Role::Practitioner, SCHOOL), number);
    let inquiry = Inquiry::opened(&world, number, Purpose::CaseReview, false);
    let story = inquiry.replay(&world, inquiry.asked(None, None));
    let plain = story.in_words(Position(7), Markup::Plain);
    let lines: Vec<&str> = plain.lines().collect();
    assert!(lines[0].ends_with("this replay stands at 7"), "{plain}");
    let began = "A service began to work with the child: school, Invented school, from 2026-10-01. By Invented school.";
    assert!(
        lines.iter().any(|line| line.starts_with("2026-11-21 12:00 ") && line.contains(began)),
        "{plain}"
    );
    let looked = "A record was opened: for new referral; groups A B C D E F H of a record that was live. By Noor, practitioner, Invented school.";
    assert!(plain.contains(looked), "{plain}");
    for value in ["Ava", "Lowe", "Mill Lane", "N17"] {
        assert!(!plain.contains(value), "{value}: {plain}");
    }
    let marked = story.in_words(Position(7), Markup::Markdown);
    assert!(marked.starts_with("# ") && marked.lines().filter(|line| line.starts_with("- ")).count() == 3);
}

#[test]
fn a_day_is_known_to_its_end_and_a_position_to_the_record() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let described = world.directory.head().unwrap();
    world.post(SCHOOL, "involvement.started", &involvement(&json!({"local_ref": "s-1"}), "i-1", "school"));
    world.pass(Duration::days(1));
    let inquiry = Inquiry::opened(&world, number, Purpose::CaseReview, false);
    let entries = |as_of: &str| {
        let told = inquiry.record(&world, as_of.parse().unwrap(), None);
        told["record"]["involvements"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(entries("2026-11-20"), 0);
    assert_eq!(entries("2026-11-21"), 1);
    assert_eq!(entries(&described.to_string()), 0);
    assert_eq!(entries(&Position(described.0 + 1).to_string()), 1);
    assert_eq!(entries("2099-01-01"), 1, "what lies ahead is what is known now");
    let asked = HistoryRequest {
        compare: Some(Moment::Position(described)),
        ..inquiry.asked(Some("2026-11-21".parse().unwrap()), None)
    };
    let told = serde_json::to_value(inquiry.replay(&world, asked)).unwrap();
    assert_eq!(told["changes"][0]["pointer"], "/involvements/0", "{told}");
}
