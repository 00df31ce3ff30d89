//! Requests of children and carers: who answers them, what a pack holds, and what never stands in a carer's.

mod handed_over;
mod random_families;

use chrono::Duration;
use directory::{LookError, Person, RightsAct, RightsAsk, SearchRequest, ShieldAsk, SubjectPack};
use events::{
    child::{details::Field, shield::Ground},
    rights::{
        Answer, Asked, Asker, ChildsView, Complaint, CorrectionRefused, Disputed, Proof, Step, Withheld,
    },
    search::Criteria,
};
use serde_json::{Value, json};
use uuid::Uuid;
use vocabulary::{AccessReason, ChildNumber, Competence, Position, RightsId, Role, england_day};

use crate::world::{
    CLINIC, HERE, REFUGE, SCHOOL, THERE, World, ava, involvement, not_shown, now, refused, zebedee,
};

/// What only the mother, or where the child lives with her, is known by.
const HERS: [&str; 7] = [
    "020 7946 0111",
    "07700 900111",
    "mother@invented.example",
    "77 Secret Row",
    "Hidden Town",
    "N17 9ZZ",
    "5 Old Hiding Place",
];

/// The child with two parents who live apart; the child lives with the mother.
fn of_two_parents(reference: &str, hers: &[&str; 7]) -> Value {
    let mut child = ava(reference);
    child["address"] = json!({"lines": [hers[3]], "town": hers[4], "postcode": hers[5]});
    child["previous_address"] = json!({"lines": [hers[6]], "town": hers[4], "postcode": hers[5]});
    child["carers"] = json!([
        {"carer_ref": "c1", "name": "Mary Lowe", "relation": "parental_responsibility", "contacts": [
            {"kind": "telephone", "value": hers[0]}, {"kind": "mobile", "value": hers[1]},
            {"kind": "email", "value": hers[2]}, {"kind": "address", "value": hers[3]}]},
        {"carer_ref": "c2", "name": "Paul Lowe", "relation": "parental_responsibility", "contacts": [
            {"kind": "telephone", "value": "020 7946 0222"}]}]);
    child
}

fn carer(world: &World, team: &Person, number: ChildNumber, name: &str) -> Asker {
    let record = world.record(team, number);
    let carers = record["carers"].as_array().unwrap();
    let of_name = carers.iter().find(|carer| carer["name"] == name).unwrap();
    serde_json::from_value(json!({"carer": of_name["carer_ref"]})).unwrap()
}

fn ask(world: &World, number: ChildNumber, asked_by: Asker, asked: Asked) -> RightsAsk {
    RightsAsk {
        number,
        asked_by,
        asked,
        competence: Competence::Presumed12OrOver,
        childs_view: (asked_by != Asker::Child).then_some(ChildsView::Agrees),
        proof: Proof::PhotoDocument,
        received_on: england_day(world.directory.now()),
    }
}

fn enter(world: &World, team: &Person, ask: RightsAsk) -> RightsId {
    let taken = world.directory.request_rights(team, ask).unwrap();
    assert!(taken.pending.wait().unwrap().position.is_some());
    world.settle();
    taken.id
}

fn act(world: &World, team: &Person, id: RightsId, act: RightsAct) {
    let done = world.directory.act_on_rights(team, id, act).unwrap().wait().unwrap();
    assert!(done.position.is_some(), "{act:?}");
    world.settle();
}

fn pack(world: &World, team: &Person, id: RightsId) -> Result<Value, LookError> {
    world.settle();
    now(world.directory.subject_pack(team, id, Position::ZERO))
        .map(|pack| serde_json::to_value::<&SubjectPack>(pack.view()).unwrap())
}

fn looks(pack: &Value) -> &[Value] {
    pack["looks"].as_array().unwrap()
}

/// The father's pack, judged as somebody who lives elsewhere.
fn fathers(world: &World, team: &Person, number: ChildNumber, view: ChildsView) -> Value {
    let asker = carer(world, team, number, "Paul Lowe");
    let asks = RightsAsk { childs_view: Some(view), ..ask(world, number, asker, Asked::Access) };
    let id = enter(world, team, asks);
    act(world, team, id, RightsAct::CheckCarer { lives_with_child: false });
    pack(world, team, id).unwrap()
}

fn search(world: &World, person: &Person, reason: AccessReason) {
    let criteria = Criteria {
        surname: Some("Lowe".to_owned()),
        birth_year: Some(2013),
        fuzzy: Some(false),
        ..Criteria::default()
    };
    let request =
        SearchRequest { criteria, reason: Some(reason), page: 1, on_behalf_of: None, case_ref: None };
    assert_eq!(now(world.directory.search(person, request)).unwrap().view().results.len(), 1);
}

fn open(world: &World, person: &Person, number: ChildNumber, reason: AccessReason) {
    let request = directory::OpenRequest {
        number,
        reason: Some(reason),
        search_id: None,
        on_behalf_of: None,
        case_ref: None,
        override_ground: None,
    };
    now(world.directory.open_record(person, request)).unwrap();
}

#[test]
fn a_competent_child_has_the_whole_record_and_who_looked_by_name() {
    let world = World::new();
    let number = world.child(SCHOOL, &of_two_parents("s-1", &HERS));
    world.sensitive(&json!({"child_number": number, "local_ref": "c-1"}));
    let (nurse, team) = (world.user(Role::Practitioner, SCHOOL), world.user(Role::AuthorityTeam, HERE));
    world.settle();
    search(&world, &nurse, AccessReason::NewReferral);
    open(&world, &nurse, number, AccessReason::Emergency);
    let clinician = world.user(Role::Practitioner, CLINIC);
    open(&world, &clinician, number, AccessReason::NewReferral);
    world.settle();
    let id = enter(&world, &team, ask(&world, number, Asker::Child, Asked::Access));
    let pack = pack(&world, &team, id).unwrap();
    assert_eq!(pack["asked_by"], "child");
    assert_eq!(pack["record"]["address"]["postcode"], "N17 9ZZ");
    assert_eq!(pack["record"]["involvements"][0]["service_type"], "mental_health");
    let looks = pack["looks"].as_array().unwrap();
    assert_eq!(looks.len(), 2, "{looks:?}");
    assert_eq!(looks[0]["organisation"], SCHOOL);
    assert_eq!((&looks[0]["reason"], &looks[0]["user_name"]), (&json!("emergency"), &json!("Noor")));
    assert_eq!(looks[1]["organisation"], CLINIC);
    let listings = pack["listings"].as_array().unwrap();
    let school = listings.iter().find(|listed| listed["organisation_kind"] == "school").unwrap();
    assert_eq!((&school["month"], &school["count"]), (&json!("2026-11"), &json!(1)));
}

#[test]
fn nothing_of_the_other_parent_stands_in_a_parents_pack_whoever_told_what() {
    let views = [ChildsView::Agrees, ChildsView::WithoutSensitive];
    for (shielded, view) in [false, true].into_iter().flat_map(|shielded| views.map(|view| (shielded, view)))
    {
        let world = World::new();
        let number = world.child(SCHOOL, &of_two_parents("s-1", &HERS));
        let child = json!({"child_number": number, "local_ref": "c-1"});
        world.sensitive(&child);
        // A second supplier says the same, the mother last; a refuge records that it works with them.
        let mut other = of_two_parents("t-1", &HERS);
        other["child_number"] = json!(number);
        other["carers"].as_array_mut().unwrap().reverse();
        world.post(HERE, "child.described", &json!({"child": other}));
        let sheltered = json!({"child_number": number, "local_ref": "r-1"});
        world.post(REFUGE, "involvement.started", &involvement(&sheltered, "i-r", "refuge"));
        let team = world.user(Role::AuthorityTeam, HERE);
        let (colleague, far) = (world.user(Role::DataManager, HERE), world.user(Role::Practitioner, THERE));
        let shelter = world.user(Role::Practitioner, REFUGE);
        world.settle();
        for person in [&far, &shelter] {
            search(&world, person, AccessReason::NewReferral);
            open(&world, person, number, AccessReason::NewReferral);
        }
        if shielded {
            let review_by = england_day(world.directory.now()) + Duration::days(90);
            let shield = ShieldAsk::Shield { ground: Ground::DomesticAbuse, review_by: Some(review_by) };
            world.directory.shield(&team, number, shield).unwrap().1.wait().unwrap();
            world.settle();
        }
        let asker = carer(&world, &team, number, "Paul Lowe");
        let asks = RightsAsk { childs_view: Some(view), ..ask(&world, number, asker, Asked::Access) };
        let id = enter(&world, &team, asks);
        act(&world, &team, id, RightsAct::CheckCarer { lives_with_child: false });
        if shielded {
            assert_eq!(not_shown(pack(&world, &team, id)), "threat_unchecked");
            act(&world, &colleague, id, RightsAct::CheckThreat { cleared: true });
        }
        let pack = pack(&world, &team, id).unwrap();
        let text = pack.to_string();
        for hers in HERS {
            assert!(!text.contains(hers), "{hers} in {text}");
        }
        for door in ["refuge", REFUGE, THERE, "responsible_authority", "user_name", "Noor"] {
            assert!(!text.contains(door), "{door} in {text}");
        }
        assert!(text.contains("020 7946 0222") && text.contains("Mary Lowe"), "{text}");
        assert_eq!(pack["record"].get("address"), None);
        // Sensitive services with the competent child's agreement alone.
        assert_eq!(text.contains("mental_health"), view == ChildsView::Agrees, "{text}");
        let kinds: Vec<&Value> = looks(&pack).iter().map(|look| &look["organisation_kind"]).collect();
        assert!(kinds.contains(&&json!("local_authority")) && !kinds.contains(&&json!("refuge")), "{text}");
    }
}

/// Ids, numbers and references are drawn anew in each world.
fn without_ids(value: &mut Value) {
    match value {
        Value::String(text) => {
            let drawn = text.len() == 11 && text.bytes().all(|byte| byte.is_ascii_digit());
            if drawn || Uuid::parse_str(text).is_ok() {
                "drawn".clone_into(text);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(without_ids),
        Value::Object(fields) => fields.values_mut().for_each(without_ids),
        Value::Null | Value::Bool(_) | Value::Number(_) => (),
    }
}

#[test]
fn two_worlds_that_differ_in_the_other_parents_address_give_a_parent_the_same_bytes() {
    let elsewhere = [
        "0161 496 0333",
        "07700 900333",
        "other@invented.example",
        "1 Far Street",
        "Far Town",
        "N17 1AA",
        "2 Farther Street",
    ];
    let told = |hers: &[&str; 7], moves: bool| {
        let world = World::new();
        let number = world.child(SCHOOL, &of_two_parents("s-1", hers));
        if moves {
            // A later word on where they live is one record more in the other world too.
            world.post(SCHOOL, "child.described", &json!({"child": of_two_parents("s-1", hers)}));
        }
        let team = world.user(Role::AuthorityTeam, HERE);
        world.settle();
        let mut pack = fathers(&world, &team, number, ChildsView::Agrees);
        without_ids(&mut pack);
        pack.to_string()
    };
    for moves in [false, true] {
        assert_eq!(told(&HERS, moves), told(&elsewhere, moves));
    }
}

#[test]
fn a_carer_who_was_checked_is_checked_again_once_the_record_says_otherwise() {
    let world = World::new();
    let number = world.child(SCHOOL, &of_two_parents("s-1", &HERS));
    let team = world.user(Role::AuthorityTeam, HERE);
    world.settle();
    let asker = carer(&world, &team, number, "Paul Lowe");
    let id = enter(&world, &team, ask(&world, number, asker, Asked::Access));
    assert_eq!(not_shown(pack(&world, &team, id)), "carer_unchecked");
    act(&world, &team, id, RightsAct::CheckCarer { lives_with_child: true });
    assert!(pack(&world, &team, id).unwrap()["record"]["address"].is_object());
    // The supplier's reference means the mother from here on, and they moved: neither leads to her.
    let mut other = of_two_parents("s-1", &HERS);
    other["carers"] = json!([
        {"carer_ref": "c2", "name": "Mary Lowe", "relation": "parental_responsibility", "contacts": [
            {"kind": "telephone", "value": HERS[0]}]}]);
    other["address"]["lines"] = json!(["78 Secret Row"]);
    world.post(SCHOOL, "child.described", &json!({"child": other}));
    assert_eq!(not_shown(pack(&world, &team, id)), "carer_check_outdated");
}

#[test]
fn a_look_of_a_running_enquiry_is_told_when_its_time_is_over() {
    let world = World::new();
    let number = world.child(SCHOOL, &of_two_parents("s-1", &HERS));
    let (nurse, team) = (world.user(Role::Practitioner, SCHOOL), world.user(Role::AuthorityTeam, HERE));
    world.settle();
    search(&world, &nurse, AccessReason::ChildProtectionEnquiry);
    open(&world, &nurse, number, AccessReason::ChildProtectionEnquiry);
    let id = enter(&world, &team, ask(&world, number, Asker::Child, Asked::Access));
    let school = |pack: &Value| {
        let listings = pack["listings"].as_array().unwrap();
        listings.iter().any(|listed| listed["organisation_kind"] == "school")
    };
    let running = pack(&world, &team, id).unwrap();
    assert!(running["looks"].as_array().unwrap().is_empty() && !school(&running), "{running}");
    world.pass(Duration::days(91));
    let over = pack(&world, &team, id).unwrap();
    assert_eq!(over["looks"][0]["reason"], "child_protection_enquiry");
    assert_eq!(over["looks"][1]["kind"], "given", "the first pack is a look too: {over}");
    assert!(school(&over), "{over}");
}

#[test]
fn a_request_is_for_the_team_that_answers_for_the_child_and_for_nobody_related() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let nobodys = ChildNumber::from_draw(7);
    let (nurse, team) = (world.user(Role::Practitioner, SCHOOL), world.user(Role::AuthorityTeam, HERE));
    let there = world.user(Role::AuthorityTeam, THERE);
    world.settle();
    let asks = |about| ask(&world, about, Asker::Child, Asked::Complaint(Complaint::Look));
    let enter_as = |person: &Person, about| refused(world.directory.request_rights(person, asks(about)));
    assert_eq!(enter_as(&nurse, number), "not_responsible_authority");
    assert_eq!(enter_as(&there, number), "unknown");
    assert_eq!(enter_as(&team, nobodys), "unknown");
    let id = enter(&world, &team, asks(number));
    let upheld = RightsAct::Answer(Answer::Upheld);
    assert_eq!(refused(world.directory.act_on_rights(&there, id, upheld)), "unknown");
    assert_eq!(refused(world.directory.act_on_rights(&team, RightsId::from_u128(1), upheld)), "unknown");
    let aunt = world.user(Role::AuthorityTeam, HERE);
    world.directory.declare_relationship(&aunt, number).unwrap();
    assert_eq!(refused(world.directory.act_on_rights(&aunt, id, upheld)), "declared_relationship");
    let listed = now(world.directory.rights_due(&aunt, None, None)).unwrap().into_view();
    assert!(listed.requests.is_empty());
    act(&world, &team, id, upheld);
}

#[test]
fn what_is_due_stands_first_and_an_answered_request_waits_no_longer() {
    let world = World::new();
    let (one, two) = (world.child(SCHOOL, &ava("s-1")), world.child(SCHOOL, &zebedee("s-2")));
    let (team, there) = (world.user(Role::AuthorityTeam, HERE), world.user(Role::AuthorityTeam, THERE));
    let complaint = Asked::Complaint(Complaint::Holding);
    let today = england_day(world.directory.now());
    let late =
        RightsAsk { received_on: today - Duration::days(20), ..ask(&world, one, Asker::Child, complaint) };
    let newer = enter(&world, &team, ask(&world, one, Asker::Child, complaint));
    let older = enter(&world, &team, late);
    let due = |person: &Person| {
        world.settle();
        let page = now(world.directory.rights_due(person, None, None)).unwrap().into_view();
        page.requests.iter().map(|item| (item.rights_request_id, item.overdue)).collect::<Vec<_>>()
    };
    assert_eq!(due(&team), [(older, false), (newer, false)]);
    assert!(due(&there).is_empty());
    world.pass(Duration::days(15));
    assert_eq!(due(&team), [(older, true), (newer, false)]);
    act(&world, &team, older, RightsAct::Step(Step::Acknowledged));
    act(&world, &team, older, RightsAct::Answer(Answer::NotUpheld));
    assert_eq!(due(&team), [(newer, false)]);
    let about = now(world.directory.rights_due(&team, Some(one), None)).unwrap().into_view();
    assert_eq!(about.requests.len(), 2);
    assert_eq!(refused_list(&world, &team, two), "unknown");
}

fn refused_list(world: &World, person: &Person, number: ChildNumber) -> String {
    not_shown(now(world.directory.rights_due(person, Some(number), None)))
}

#[test]
fn a_refused_correction_is_marked_as_disputed_in_every_pack_after_of_whoever_may_know() {
    let world = World::new();
    let number = world.child(SCHOOL, &of_two_parents("s-1", &HERS));
    let team = world.user(Role::AuthorityTeam, HERE);
    world.settle();
    let mother = carer(&world, &team, number, "Mary Lowe");
    let disputes = Asked::Correction(Disputed::Field(Field::Address));
    let id = enter(&world, &team, ask(&world, number, mother, disputes));
    let maintained = Answer::CorrectionRefused(CorrectionRefused::SupplierMaintains);
    act(&world, &team, id, RightsAct::Step(Step::SupplierAsked));
    act(&world, &team, id, RightsAct::Answer(maintained));
    act(&world, &team, id, RightsAct::Disagree);
    let asked = enter(&world, &team, ask(&world, number, Asker::Child, Asked::Access));
    let childs = pack(&world, &team, asked).unwrap();
    assert_eq!(childs["corrections"][0]["disputed"], json!({"field": "address"}));
    assert_eq!(childs["corrections"][0]["disagrees"], json!(true));
    // What the mother disputes is hers to tell the father.
    assert_eq!(fathers(&world, &team, number, ChildsView::Agrees)["corrections"], json!([]));
    let listed = now(world.directory.rights_due(&team, Some(number), None)).unwrap().into_view();
    assert!(listed.requests.iter().any(|item| item.rights_request_id == id && item.disagrees));
}

#[test]
fn a_withheld_pack_is_never_made_and_a_pack_is_told_in_the_audit() {
    let world = World::new();
    let number = world.child(SCHOOL, &of_two_parents("s-1", &HERS));
    let (team, auditor) = (world.user(Role::AuthorityTeam, HERE), world.user(Role::Auditor, HERE));
    world.settle();
    let id = enter(&world, &team, ask(&world, number, Asker::Child, Asked::Access));
    act(&world, &team, id, RightsAct::Answer(Answer::Withheld(Withheld::SeriousHarm)));
    assert_eq!(not_shown(pack(&world, &team, id)), "rights_request_answered");
    let other = enter(&world, &team, ask(&world, number, Asker::Child, Asked::Access));
    pack(&world, &team, other).unwrap();
    world.settle();
    let query = directory::AuditQuery { child: Some(number), ..directory::AuditQuery::default() };
    let page = now(world.directory.audit_accesses(&auditor, query)).unwrap().into_view();
    assert!(page.accesses.iter().any(|look| look.kind == "given"), "{page:?}");
}
