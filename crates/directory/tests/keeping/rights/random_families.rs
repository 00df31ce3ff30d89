//! Random families: whatever parents share, tell late or keep apart, a carer's pack holds their own and no other's.

use chrono::Duration;
use directory::{Person, RightsAct, RightsAsk, ShieldAsk};
use events::{
    child::shield::Ground,
    rights::{Asked, ChildsView},
};
use proptest::prelude::*;
use serde_json::{Value, json};
use vocabulary::{ChildNumber, Role, england_day};

use super::{act, ask, carer, enter, pack};
use crate::world::{HERE, SCHOOL, World, ava};

/// Where people live: no two have a word in common.
const HOMES: [[&str; 3]; 4] = [
    ["101 Alder Row", "Aldertown", "N17 1AA"],
    ["202 Birch Walk", "Birchfield", "N17 2BB"],
    ["303 Cedar Close", "Cedarham", "N17 3DD"],
    ["404 Damson Mews", "Damsonbury", "N17 4EE"],
];

const NAMES: [&str; 4] = ["Mary Lowe", "Paul Lowe", "Ruth Lowe", "Omar Lowe"];

/// The line that two of them may share.
const SHARED: &str = "020 7946 0999";

#[derive(Debug, Clone)]
struct Parent {
    /// Telephone, mobile, email, address: which of them suppliers tell.
    tells: [bool; 4],
    home: usize,
    on_shared_line: bool,
}

/// What happens between the judgement of the carer and the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    Nothing,
    Moves(usize),
    ReferencesSwap,
    Shield,
}

#[derive(Debug, Clone)]
struct Family {
    parents: Vec<Parent>,
    home: usize,
    before: Option<usize>,
    /// What a second supplier says: where the child lives, and whether it names the parents the other way round.
    second: Option<(usize, bool)>,
    shielded: bool,
    asks: usize,
    then: Then,
}

fn parent() -> impl Strategy<Value = Parent> {
    (any::<[bool; 4]>(), 0..HOMES.len(), any::<bool>()).prop_map(|(tells, home, on_shared_line)| Parent {
        tells,
        home,
        on_shared_line,
    })
}

fn family() -> impl Strategy<Value = Family> {
    let homes = || 0..HOMES.len();
    let thens = prop_oneof![
        4 => Just(Then::Nothing),
        1 => homes().prop_map(Then::Moves),
        1 => Just(Then::ReferencesSwap),
        1 => Just(Then::Shield),
    ];
    let people = proptest::collection::vec(parent(), 1..=NAMES.len());
    let others = proptest::option::of((homes(), any::<bool>()));
    let told = (people, homes(), proptest::option::of(homes()), others);
    (told, any::<bool>(), any::<usize>(), thens).prop_map(
        |((parents, home, before, second), shielded, asks, then)| {
            let asks = asks % parents.len();
            Family { parents, home, before, second, shielded, asks, then }
        },
    )
}

/// The values by which the parent of this number can be reached.
fn values(number: usize, parent: &Parent) -> Vec<(&'static str, String)> {
    let line = if parent.on_shared_line { SHARED.to_owned() } else { format!("020 7946 01{number}1") };
    let all = [
        ("telephone", line),
        ("mobile", format!("07700 9001{number}1")),
        ("email", format!("parent{number}@invented.example")),
        ("address", HOMES[parent.home][0].to_owned()),
    ];
    all.into_iter().zip(parent.tells).filter_map(|(value, told)| told.then_some(value)).collect()
}

fn address(home: usize) -> Value {
    let [line, town, postcode] = HOMES[home];
    json!({"lines": [line], "town": town, "postcode": postcode})
}

impl Family {
    /// What a supplier says of all of them; `turned`, its references mean each other's parents.
    fn described(&self, reference: &str, home: usize, turned: bool) -> Value {
        let mut child = ava(reference);
        child["address"] = address(home);
        if let Some(before) = self.before {
            child["previous_address"] = address(before);
        }
        let carers = self.parents.iter().enumerate().map(|(number, parent)| {
            let contacts = values(number, parent);
            let contacts: Vec<Value> =
                contacts.into_iter().map(|(kind, value)| json!({"kind": kind, "value": value})).collect();
            let place = if turned { self.parents.len() - 1 - number } else { number };
            json!({"carer_ref": format!("c{place}"), "name": NAMES[number],
                   "relation": "parental_responsibility", "contacts": contacts})
        });
        child["carers"] = carers.collect();
        child
    }

    /// What no pack of the parent who asks may hold, of a child that lives in `home`.
    fn forbidden(&self, home: &str) -> Vec<String> {
        let asks = &self.parents[self.asks];
        let mut own: Vec<String> = values(self.asks, asks).into_iter().map(|(_, value)| value).collect();
        if HOMES[asks.home][0] == home {
            own.extend(HOMES[asks.home].map(str::to_owned));
        }
        let others = self.parents.iter().enumerate().filter(|(number, _)| *number != self.asks);
        let reached = others.flat_map(|(number, parent)| values(number, parent)).map(|(_, value)| value);
        let places = HOMES.iter().flatten().map(|word| (*word).to_owned());
        reached.chain(places).filter(|value| !own.contains(value)).collect()
    }
}

fn shield(world: &World, team: &Person, number: ChildNumber) {
    let review_by = Some(england_day(world.directory.now()) + Duration::days(90));
    let asked = ShieldAsk::Shield { ground: Ground::DomesticAbuse, review_by };
    world.directory.shield(team, number, asked).unwrap().1.wait().unwrap();
    world.settle();
}

/// Plays it out; the pack, where one was made, and where the child lived then.
fn played(family: &Family) -> Option<(String, String)> {
    let world = World::new();
    let number = world.child(SCHOOL, &family.described("s-1", family.home, false));
    if let Some((home, turned)) = family.second {
        let mut child = family.described("t-1", home, turned);
        child["child_number"] = json!(number);
        world.post(HERE, "child.described", &json!({"child": child}));
    }
    let (team, colleague) = (world.user(Role::AuthorityTeam, HERE), world.user(Role::DataManager, HERE));
    world.settle();
    if family.shielded {
        shield(&world, &team, number);
    }
    let lives_in = || world.record(&team, number)["address"]["lines"][0].as_str().unwrap().to_owned();
    let asker = carer(&world, &team, number, NAMES[family.asks]);
    let lives_with_child = HOMES[family.parents[family.asks].home][0] == lives_in();
    let view = Some(ChildsView::Agrees);
    let id =
        enter(&world, &team, RightsAsk { childs_view: view, ..ask(&world, number, asker, Asked::Access) });
    act(&world, &team, id, RightsAct::CheckCarer { lives_with_child });
    if family.shielded {
        act(&world, &colleague, id, RightsAct::CheckThreat { cleared: true });
    }
    match family.then {
        Then::Nothing => (),
        Then::Moves(home) => {
            let moved = family.described("s-1", home, false);
            world.post(SCHOOL, "child.described", &json!({"child": moved}));
        }
        Then::ReferencesSwap => {
            let turned = family.described("s-1", family.home, true);
            world.post(SCHOOL, "child.described", &json!({"child": turned}));
        }
        Then::Shield => shield(&world, &team, number),
    }
    world.settle();
    let made = pack(&world, &team, id);
    assert!(made.is_ok() || family.then != Then::Nothing, "{made:?}");
    made.ok().map(|pack| (pack.to_string(), lives_in()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn no_carers_pack_holds_what_reaches_another_carer_or_an_address_where_they_do_not_live(family in family()) {
        if let Some((pack, home)) = played(&family) {
            for word in family.forbidden(&home) {
                prop_assert!(!pack.contains(&word), "{word} in {pack}");
            }
        }
    }
}
