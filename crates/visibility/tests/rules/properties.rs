//! Properties over invented worlds: a shield only takes away, sensitivity only takes away, and what is
//! hidden leaves no trace. Every world comes from its number, so that a failure is replayed by it.

use events::child::{
    Event,
    consent::Withdrawn,
    identity::AuthorityAllocated,
    involvement::InError,
    setting::EducationStated,
    shield::{Ground, Requested},
};
use events::supplied::{EducationState, SuppliedAddress, SuppliedChild};
use events::told::Told;
use serde_json::Value;
use visibility::{Column, Onlooker, Outward, Override, Sight};
use vocabulary::{Address, InvolvementId, Role, ServiceType, ShieldId};

use crate::{
    entry::{Entry, Kind},
    matrix::{Eyes, Row, rows},
    observed::{json, list},
    world::{World, ago, ava, described, id, keyed, name, org, today},
};

const WORLDS: u64 = 60;

/// A small generator of its own (splitmix64), so that no crate's change moves the worlds.
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub(crate) fn chance(&mut self) -> bool {
        self.below(2) == 0
    }

    fn entry(&mut self, number: u128, kinds: &[Kind], bodies: &[&str]) -> Entry {
        let kind = kinds[usize::try_from(self.below(kinds.len() as u64)).unwrap()];
        let by = bodies[usize::try_from(self.below(bodies.len() as u64)).unwrap()];
        let days_ago = i64::try_from(self.below(300)).unwrap();
        let plain =
            Entry { id: id(number + u128::from(self.below(1 << 40)) * 256), ..Entry::of(kind).by(by) };
        let plain = Entry { started_on: ago(days_ago), ..plain };
        let visit = Entry { service_type: ServiceType::HospitalEmergency, ..plain.clone() };
        let entry = if kind == Kind::Additional && self.chance() { visit } else { plain };
        let ended_on = (self.below(3) == 0).then(|| ago(days_ago / 2));
        Entry { ended_on, lead: self.chance(), assessed: self.chance(), ..entry }
    }
}

const BODIES: [&str; 4] = ["org:one", "org:two", "org:three", "org:mine"];
const OTHERS: [&str; 3] = ["org:one", "org:two", "org:three"];

fn world(draw: &mut Draw) -> World {
    let mut world = World::described();
    for number in 0..draw.below(6) {
        world = world.entry(&draw.entry(u128::from(number), &Kind::ALL, &BODIES));
    }
    world
}

/// Rows whose eyes are those of people who work with children, not of the team of the record.
fn ordinary(row: &Row) -> bool {
    let Eyes::Staff(viewer, _) = &row.eyes else { return false };
    let working = matches!(
        viewer.role,
        Role::Practitioner | Role::PractitionerOverride | Role::NationalPartner | Role::Mediator
    );
    let elsewhere = row.label.ends_with(", elsewhere");
    working || (elsewhere && matches!(viewer.role, Role::AuthorityTeam | Role::DataManager))
}

/// Everything said in a view, one text a fact or entry, so that views are compared as sets.
fn said(view: &Value) -> Vec<String> {
    let mut said = Vec::new();
    for (field, value) in view.as_object().unwrap() {
        match value.as_array() {
            Some(carers) if field == "carers" => said.extend(carers.iter().flat_map(said_of_carer)),
            Some(each) => said.extend(each.iter().map(|each| format!("{field} {each}"))),
            None if field == "shielded" => (),
            None => said.push(format!("{field} {value}")),
        }
    }
    said
}

fn said_of_carer(carer: &Value) -> Vec<String> {
    let name = &carer["name"];
    let contacts = list(carer, "contacts").iter().map(|contact| format!("{name} {contact}"));
    let parts = carer.as_object().unwrap().iter().filter(|(part, _)| *part != "contacts");
    parts.map(|(part, value)| format!("{name} {part} {value}")).chain(contacts).collect()
}

#[test]
fn a_shield_never_shows_more_than_none() {
    for seed in 0..WORLDS {
        let world = world(&mut Draw(seed));
        for row in rows() {
            let (_, live) = row.eyes.look(world.clone(), Column::Live);
            let live = said(&json(&live));
            for column in [Column::Shielded, Column::OverrideOpen] {
                let (_, shielded) = row.eyes.look(world.clone(), column);
                for each in said(&json(&shielded)) {
                    assert!(live.contains(&each), "world {seed}, {}: {each}", row.label);
                }
            }
        }
    }
}

#[test]
fn the_archive_and_quarantine_never_show_more_than_the_live_record() {
    for seed in 0..WORLDS {
        let world = world(&mut Draw(seed));
        for row in rows() {
            let (_, live) = row.eyes.look(world.clone(), Column::Live);
            let live = said(&json(&live));
            for column in [Column::ArchivedYear1, Column::ArchivedYears2To6, Column::Quarantined] {
                let (_, later) = row.eyes.look(world.clone(), column);
                for each in said(&json(&later)) {
                    assert!(live.contains(&each), "world {seed}, {}: {each}", row.label);
                }
            }
        }
    }
}

#[test]
fn a_more_sensitive_entry_is_never_shown_more() {
    let rank = |view: &Value| match (list(view, "involvements").is_empty(), view.get("sensitive_services")) {
        (false, _) => 2,
        (true, Some(_)) => 1,
        (true, None) => 0,
    };
    for row in rows() {
        for column in Column::ALL {
            for by in ["org:theirs", "org:mine", "org:callers"] {
                let ranks: Vec<i32> = Kind::ALL
                    .into_iter()
                    .map(|kind| {
                        let world = World::described().entry(&Entry::of(kind).by(by));
                        rank(&json(&row.eyes.look(world, column).1))
                    })
                    .collect();
                assert!(ranks.is_sorted_by(|less, more| less >= more), "{}: {ranks:?}", row.label);
            }
        }
    }
}

/// What ordinary viewers cannot see, told into a world at some point of it.
fn hidden(world: World, draw: &mut Draw, row: &Row) -> World {
    let number = u128::from(200 + draw.below(50));
    let knows_harm = matches!(&row.eyes, Eyes::Staff(viewer, _) if viewer.role == Role::PractitionerOverride);
    let world = match draw.below(if knows_harm { 5 } else { 6 }) {
        0 => world.entry(&draw.entry(number, &[Kind::Protected], &OTHERS)),
        1 => {
            let entry = draw.entry(number, &[Kind::Consented], &OTHERS);
            let withdrawn = Withdrawn { episode: entry.episode(), decided_on: today() };
            world.entry(&entry).with(Event::ConsentWithdrawn(withdrawn))
        }
        2 => {
            let ended = Entry {
                ended_on: Some(today()),
                ..draw.entry(number, &[Kind::Consented, Kind::Suspected], &OTHERS)
            };
            world.entry(&ended)
        }
        3 => {
            let entry = draw.entry(number, &[Kind::Universal, Kind::Additional], &BODIES);
            world.entry(&entry).with(Event::InvolvementEnteredInError(InError { involvement: entry.id }))
        }
        4 => {
            let ahead = draw.entry(number, &[Kind::Universal, Kind::Additional], &BODIES);
            world.entry(&Entry { started_on: ago(-9), ended_on: None, ..ahead })
        }
        _ => world.entry(&draw.entry(number, &[Kind::Suspected], &OTHERS)),
    };
    if draw.chance() {
        return world;
    }
    world.with(Event::ShieldRequested(Requested {
        shield: ShieldId::new(uuid::Uuid::from_u128(8)),
        by: org("org:one"),
        ground: Ground::ProtectedService,
        holds_addresses: true,
    }))
}

/// The same facts recorded at the same moments, with or without what is hidden in between: a hidden fact
/// takes a position and a moment of its own, after which both worlds go on alike.
fn two_worlds(seed: u64, row: &Row) -> (World, World) {
    let mut draw = Draw(seed);
    let (mut without, mut with) = (World::described(), World::described());
    let entries = draw.below(5);
    let at = draw.below(entries + 1);
    for number in 0..=entries {
        if number == at {
            with = hidden(with, &mut draw, row);
            without.wait_for(&with);
        }
        if number < entries {
            let entry = draw.entry(u128::from(number), &Kind::ALL, &BODIES);
            without = without.entry(&entry);
            with = with.entry(&entry);
        }
    }
    (without, with)
}

#[test]
fn two_worlds_that_differ_in_a_hidden_entry_alone_look_alike() {
    for row in rows().into_iter().filter(ordinary) {
        for seed in 0..WORLDS * 2 {
            let (without, with) = two_worlds(seed, &row);
            assert_ne!(without.child, with.child, "world {seed}: nothing is hidden");
            for column in Column::ALL {
                let plain = json(&row.eyes.look(without.clone(), column).1).to_string();
                let secret = json(&row.eyes.look(with.clone(), column).1).to_string();
                assert_eq!(plain, secret, "world {seed}, {}, {}", row.label, column.name());
            }
        }
    }
}

/// What is looked at in the place of the whole, so that a hidden entry takes no time of those it is hidden from.
#[test]
fn the_outward_record_is_to_whoever_it_is_given_as_the_whole_is() {
    let (mut given, mut kept) = (0, 0);
    for row in rows() {
        let Eyes::Staff(viewer, _) = &row.eyes else { continue };
        for seed in 0..WORLDS * 2 {
            let (_, secret) = two_worlds(seed, &row);
            for column in Column::ALL {
                let (whole, opened, sight) = secret.clone().in_column(column);
                let Some(outward) = Outward::of(&whole) else { continue };
                let seen = (outward.child().clone(), opened, sight.clone());
                let (scope, record) = row.eyes.look_at(&(whole, opened, sight));
                let at = format!("world {seed}, {}, {}", row.label, column.name());
                assert_eq!(row.eyes.look_at(&seen).0, scope, "{at}");
                if outward.suffices(Onlooker::of(&scope, &viewer.organisation)).is_none() {
                    kept += 1;
                    continue;
                }
                given += 1;
                assert_eq!(json(&row.eyes.look_at(&seen).1), json(&record), "{at}");
            }
        }
    }
    assert!(given > 1_000 && kept > 1_000, "{given} looks at the outward record, {kept} at the whole");
}

/// What a shield hides, one by one.
fn behind_the_shield() -> Vec<(&'static str, World)> {
    let elsewhere = Address { lines: vec!["7 Far Road".to_owned()], town: None, postcode: None };
    let carers = ava().carers.value().cloned().unwrap().into_iter().map(|mut carer| {
        carer.contacts.clear();
        carer.carer_ref = crate::world::carer_ref(99);
        carer
    });
    let told = |child: SuppliedChild| World::described().with(described(child));
    let bare = SuppliedChild::default;
    vec![
        (
            "address",
            told(SuppliedChild { address: Told::Value(SuppliedAddress::Known(elsewhere)), ..bare() }),
        ),
        (
            "contacts and references of carers",
            told(SuppliedChild { carers: Told::Value(carers.collect()), ..bare() }),
        ),
        ("identifiers", told(SuppliedChild { nhs_number: Told::TakenBack, upn: Told::TakenBack, ..bare() })),
        ("former name", told(SuppliedChild { previous_surname: Told::Value(name("Stone")), ..bare() })),
        (
            "authority",
            World::described()
                .with(Event::AuthorityAllocated(AuthorityAllocated { authority: org("gss:E09000005") })),
        ),
        (
            "education",
            World::described().with(Event::EducationStated(EducationStated {
                source: keyed(2),
                supplier: org("org:feed"),
                state: EducationState::NoneKnown,
                organisation: None,
                on: ago(1),
            })),
        ),
        (
            "entries",
            Kind::ALL.into_iter().fold(World::described(), |world, kind| world.entry(&Entry::of(kind))),
        ),
    ]
}

#[test]
fn what_a_shield_hides_leaves_no_trace_for_those_it_is_hidden_from() {
    let plain = World::described();
    for row in rows().into_iter().filter(ordinary) {
        for (what, other) in behind_the_shield() {
            let shown = |world: &World| json(&row.eyes.look(world.clone(), Column::Shielded).1).to_string();
            assert_eq!(shown(&plain), shown(&other), "{}: {what}", row.label);
        }
    }
}

#[test]
fn the_groups_named_in_a_look_tell_nothing_of_what_the_record_holds() {
    for row in rows() {
        for column in Column::ALL {
            let groups = |world: World| row.eyes.look(world, column).1.groups();
            assert_eq!(groups(World::described()), groups(World::full()), "{}", row.label);
        }
    }
}

#[test]
fn entries_are_in_the_order_of_their_start_and_of_nothing_hidden() {
    let sight = Sight::on(today());
    for seed in 0..WORLDS {
        let child = world(&mut Draw(seed)).child;
        let viewer = crate::world::viewer(Role::AuthorityTeam);
        let view = visibility::view(&viewer, &child, Override::None, &crate::world::Register, &sight);
        let order: Vec<_> = view
            .involvements
            .unwrap()
            .iter()
            .map(|entry| (std::cmp::Reverse(entry.started_on), entry.involvement_id))
            .collect::<Vec<(_, InvolvementId)>>();
        assert!(order.is_sorted(), "world {seed}");
    }
}
