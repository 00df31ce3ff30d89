//! Likenesses: children who were loaded beside one another are compared afterwards, and a person says who is one.

use chrono::NaiveDate;
use directory::{Compared, HandError, Mode, OutcomeKind, Pending, Person, QueueDecision, QueueItem};
use events::{
    intake::QueueReason,
    organisation::{Details, Row},
};
use serde_json::{Value, json};
use vocabulary::{ChildNumber, IntakeId, Label, OrganisationKind, Position, Role};

use crate::{
    cut::cut_after,
    world::{FEEDS, World, ava, id, now, opened},
};

fn loaded(world: &World, child: &Value) -> ChildNumber {
    world.told(FEEDS[0], child, Mode::FirstLoad).child_number.unwrap()
}

fn ben() -> Value {
    json!({"local_ref": "s-9", "forename": "Ben", "surname": "Quill", "date_of_birth": "2012-01-30",
        "gender": "male"})
}

/// As the directory stands once it was opened again, which finds whom a first load brought.
fn again(world: World) -> World {
    let World { directory: before, log, vault, folder } = world;
    drop(before);
    let directory = opened(&log, &vault, &folder.path().join("rows"));
    World { directory, log, vault, folder }
}

/// Ava under two references of one first load, and Ben.
fn doubled() -> (World, [ChildNumber; 2]) {
    let world = World::new();
    let mut moved = ava("s-2");
    moved["address"]["lines"] = json!(["14 Mill Lane"]);
    let numbers = [loaded(&world, &ava("s-1")), loaded(&world, &moved)];
    loaded(&world, &ben());
    (again(world), numbers)
}

fn compared(world: &World) -> (usize, usize, usize) {
    let Compared { alike, queued, known, .. } = world.directory.compare_all(&|_, _| ()).unwrap();
    (alike, queued, known)
}

fn queue(world: &World, person: &Person) -> Vec<QueueItem> {
    now(world.directory.queue(person)).unwrap().into_view()
}

fn item(world: &World, person: &Person) -> IntakeId {
    queue(world, person).first().unwrap().id
}

fn code(refused: &Result<Pending, HandError>) -> &'static str {
    match refused {
        Err(HandError::Refused { code, .. }) => code,
        Err(HandError::Unknown) => "unknown",
        Err(HandError::Supply(_)) | Ok(_) => "taken",
    }
}

#[test]
fn two_of_a_first_load_who_may_be_one_wait_for_a_person_once() {
    let (world, numbers) = doubled();
    let manager = world.user(Role::DataManager);
    assert_eq!(compared(&world), (1, 1, 0));
    assert_eq!(compared(&world), (1, 0, 1), "they wait already");
    let world = again(world);
    let waiting = queue(&world, &manager);
    let [item] = waiting.as_slice() else { panic!("{waiting:?}") };
    assert_eq!((item.supplier.as_ref(), item.reason), (None, QueueReason::SoundsAlike));
    let mut shown = item.candidates.clone();
    shown.sort_unstable();
    let mut expected = numbers.to_vec();
    expected.sort_unstable();
    assert_eq!(shown, expected);
    let weighed = item.weighings.first().unwrap();
    assert!(weighed.weighing.adds_up() && weighed.probability > 0.5, "{weighed:?}");
    assert_eq!(Some(&weighed.child_number), item.candidates.last(), "the second beside the first");
}

#[test]
fn whose_number_stays_is_said_and_the_two_are_one() {
    let (world, [stays, absorbed]) = doubled();
    let (manager, practitioner) = (world.user(Role::DataManager), world.user(Role::Practitioner));
    compared(&world);
    let ended = world.directory.decide_queue(&manager, item(&world, &manager), QueueDecision::Link(stays));
    let ended = ended.unwrap().wait().unwrap();
    assert_eq!((ended.kind, ended.child_number), (OutcomeKind::Recorded, Some(stays)));
    assert_eq!(world.record(&practitioner, absorbed)["child_number"], json!(stays.to_string()));
    assert_eq!((queue(&world, &manager).len(), compared(&world)), (0, (0, 0, 0)));
    let world = again(world);
    assert_eq!((queue(&world, &manager).len(), compared(&world)), (0, (0, 0, 0)));
}

#[test]
fn two_who_were_told_apart_are_never_asked_about_again() {
    let (world, numbers) = doubled();
    let manager = world.user(Role::DataManager);
    compared(&world);
    let item_id = item(&world, &manager);
    let ended =
        world.directory.decide_queue(&manager, item_id, QueueDecision::Reject).unwrap().wait().unwrap();
    assert_eq!(ended.kind, OutcomeKind::Recorded);
    assert_eq!(
        code(&world.directory.decide_queue(&manager, item_id, QueueDecision::Reject)),
        "already_decided"
    );
    let world = again(world);
    assert_eq!((queue(&world, &manager).len(), compared(&world)), (0, (1, 0, 1)));
    let practitioner = world.user(Role::Practitioner);
    for number in numbers {
        assert_eq!(world.record(&practitioner, number)["child_number"], json!(number.to_string()));
    }
}

#[test]
fn a_child_that_took_in_one_who_was_told_apart_is_not_asked_about() {
    let (world, [one, other]) = doubled();
    let manager = world.user(Role::DataManager);
    compared(&world);
    let item_id = item(&world, &manager);
    world.directory.decide_queue(&manager, item_id, QueueDecision::Reject).unwrap().wait().unwrap();
    let third = loaded(&world, &ava("s-3"));
    let world = again(world);
    world.merge(&manager, third, one);
    assert_ne!(third, other);
    assert_eq!(compared(&world), (1, 0, 1), "told apart as the record that it took in");
}

#[test]
fn what_is_not_offered_is_refused_and_the_item_waits_on() {
    let (world, numbers) = doubled();
    let manager = world.user(Role::DataManager);
    compared(&world);
    let item_id = item(&world, &manager);
    let stranger = ChildNumber::from_draw(7);
    let mut elsewhere = manager.clone();
    elsewhere.authority = Some("gss:E08000035".parse().unwrap());
    for (person, decision, refused) in [
        (&manager, QueueDecision::New, "merge_not_offered"),
        (&manager, QueueDecision::Link(stranger), "link_not_offered"),
        (&elsewhere, QueueDecision::Link(numbers[0]), "unknown"),
        (&world.user(Role::AuthorityTeam), QueueDecision::Link(numbers[0]), "role_may_not_decide"),
        (&world.user(Role::Practitioner), QueueDecision::Reject, "role_may_not_decide"),
    ] {
        assert_eq!(code(&world.directory.decide_queue(person, item_id, decision)), refused, "{decision:?}");
    }
    world.merge(&manager, numbers[0], numbers[1]);
    assert_eq!(
        code(&world.directory.decide_queue(&manager, item_id, QueueDecision::Reject)),
        "merge_not_offered"
    );
    let ended = world.directory.decide_queue(&manager, item_id, QueueDecision::Link(numbers[0])).unwrap();
    assert_eq!(ended.wait().unwrap().kind, OutcomeKind::Recorded, "merged since, and only its end was left");
    assert_eq!(queue(&world, &manager).len(), 0);
}

#[test]
fn a_likeness_to_a_shielded_child_is_its_own_authoritys_and_says_so() {
    let world = World::new();
    let (team, manager) = (world.user(Role::AuthorityTeam), world.user(Role::DataManager));
    let number = loaded(&world, &ava("s-1"));
    world.shield(&team, number);
    loaded(&world, &ava("s-2"));
    let world = again(world);
    assert_eq!(compared(&world), (1, 1, 0));
    let waiting = queue(&world, &manager);
    assert_eq!(waiting.first().map(|item| item.reason), Some(QueueReason::PossiblyShielded));
}

#[test]
fn a_decision_that_was_cut_short_anywhere_is_ended_by_the_same_decision() {
    for merges in [true, false] {
        let (world, [stays, other]) = doubled();
        let (manager, practitioner) = (world.user(Role::DataManager), world.user(Role::Practitioner));
        compared(&world);
        let decision = if merges { QueueDecision::Link(stays) } else { QueueDecision::Reject };
        let before = world.directory.head().unwrap();
        let decided = world.directory.decide_queue(&manager, item(&world, &manager), decision).unwrap();
        assert_eq!(decided.wait().unwrap().kind, OutcomeKind::Recorded);
        for cut in before.0 + 1..=world.directory.head().unwrap().0 {
            let left = cut_after(&world, Position(cut));
            for waiting in queue(&left, &manager) {
                let again = left.directory.decide_queue(&manager, waiting.id, decision).unwrap();
                assert_eq!(again.wait().unwrap().kind, OutcomeKind::Recorded, "cut after {cut}");
            }
            let (answers, alike) = if merges { (stays, (0, 0, 0)) } else { (other, (1, 0, 1)) };
            let record = left.record(&practitioner, other);
            assert_eq!(record["child_number"], json!(answers.to_string()), "cut after {cut}");
            assert_eq!((queue(&left, &manager).len(), compared(&left)), (0, alike), "cut after {cut}");
        }
    }
}

#[test]
fn how_two_of_two_authorities_compare_is_told_to_neither() {
    let other = "gss:E08000035";
    let world = World::new();
    let until = NaiveDate::from_ymd_opt(2027, 12, 31).unwrap();
    let details = Details {
        name: Label::new("Invented other authority").unwrap(),
        kind: OrganisationKind::LocalAuthority,
        authority: Some(id(other)),
        service_types: vec![],
        contacts: vec![],
        outcodes: vec!["LS1".to_owned()],
    };
    let row = Row { id: id(other), details, accredited_until: Some(until), agreement: None };
    assert!(world.directory.import_organisation(row).unwrap());
    let (mut here, mut there) = (ava("s-1"), ava("s-2"));
    there["address"] = json!({"lines": ["9 High Road"], "town": "Leeds", "postcode": "LS1 4AP"});
    for told in [&mut here, &mut there] {
        told["nhs_number"] = json!("9434765919");
        loaded(&world, told);
    }
    let world = again(world);
    assert_eq!(compared(&world), (1, 1, 0));
    let manager = world.user(Role::DataManager);
    let mut elsewhere = manager.clone();
    elsewhere.authority = Some(id(other));
    for person in [&manager, &elsewhere] {
        let waiting = queue(&world, person);
        let [item] = waiting.as_slice() else { panic!("{waiting:?}") };
        assert_eq!((item.candidates.len(), item.weighings.len()), (2, 0));
    }
}
