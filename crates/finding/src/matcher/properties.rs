//! Properties of the matcher over invented children: nobody who shares enough is overlooked, and packing is exact.

use std::collections::BTreeMap;

use linkage::{
    keys::{keys, probes},
    pattern::compare,
    person::{Told, ToldPlace},
    rarity::in_a_directory,
};
use proptest::prelude::*;

use super::*;
use crate::{facts::Lexicons, index::invented::child};

const FORENAMES: &[&str] =
    &["Ava", "Eva", "Mohammed", "Muhammad Ali", "Jo", "Baby", "Kate", "Katherine", "Lowe", "Zoë"];
const SURNAMES: &[&str] =
    &["Lowe", "Low", "Khan", "Kahn", "Khan-Smith", "van der Berg", "Ng", "Ava", "Mohammed"];
const DAYS: &[&str] = &["2015-04-02", "2015-02-04", "2015-12-31", "2016-01-01", "1899-01-01"];
const LINES: &[&str] = &["12 Mill Lane", "14 Mill Ln", "12 Hill Road", "Hill Road"];
const CODES: &[&str] = &["N17 6AA", "N17 6AB", "E1 6AN", "E1"];
const NUMBERS: &[&str] = &["9434765919", "0034765919", "H801200001001", "x-7"];

fn one_of(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(words).prop_map(str::to_owned)
}

fn place() -> impl Strategy<Value = Option<ToldPlace>> {
    let parts = (
        prop::option::of(one_of(LINES)),
        prop::option::of(one_of(CODES)),
        prop::option::of(Just("London".to_owned())),
    );
    prop::option::weighted(0.7, parts.prop_map(|(line, postcode, town)| ToldPlace { line, town, postcode }))
}

pub(crate) fn told() -> impl Strategy<Value = Told> {
    let names = (
        prop::option::weighted(0.9, one_of(FORENAMES)),
        prop::option::of(one_of(FORENAMES)),
        prop::option::weighted(0.9, one_of(SURNAMES)),
        prop::option::weighted(0.2, one_of(FORENAMES)),
        prop::option::weighted(0.2, one_of(SURNAMES)),
    );
    let numbers = [(); 3].map(|()| prop::option::weighted(0.2, one_of(NUMBERS)));
    let gender = prop::sample::select(&[vocabulary::Gender::Female, vocabulary::Gender::Male][..]);
    (names, prop::option::weighted(0.9, one_of(DAYS)), prop::option::of(gender), place(), place(), numbers)
        .prop_map(|(names, born, gender, address, previous_address, [nhs_number, upn, identifier])| Told {
            forename: names.0,
            middle_names: names.1,
            surname: names.2,
            known_as: names.3,
            previous_surname: names.4,
            date_of_birth: born.and_then(|day| day.parse().ok()),
            gender,
            address,
            previous_address,
            nhs_number,
            upn,
            identifier,
            ..Told::default()
        })
}

/// A child of one or two sources, some shielded.
pub(crate) fn held() -> impl Strategy<Value = Held> {
    (told(), prop::option::of(told()), prop::option::weighted(0.2, told())).prop_map(|(one, other, shown)| {
        let mut whole = Person::of(&one);
        if let Some(other) = &other {
            whole.learn(other);
        }
        let number = ChildNumber::from_draw(0);
        match shown {
            None => Held { shown: whole, hidden: None, number },
            Some(shown) => {
                whole.learn(&shown);
                Held { shown: Person::of(&shown), hidden: Some(whole), number }
            }
        }
    })
}

fn world() -> impl Strategy<Value = Vec<Held>> {
    prop::collection::vec(held(), 1..40).prop_map(|children| {
        (0..)
            .zip(children)
            .map(|(draw, held)| Held { number: ChildNumber::from_draw(draw), ..held })
            .collect()
    })
}

fn holding(children: &[Held]) -> Index {
    let mut index = Index::new();
    for (number, held) in (0..).zip(children) {
        index.hold(child(number), held);
    }
    index
}

/// Names counted by their texts.
#[derive(Default)]
struct ByText {
    forenames: BTreeMap<String, u64>,
    surnames: BTreeMap<String, u64>,
    people: u64,
}

impl ByText {
    fn of(children: &[Held]) -> ByText {
        let mut counts = ByText { people: children.len() as u64, ..ByText::default() };
        for held in children {
            let tables = [
                (&mut counts.forenames, &held.shown.forenames),
                (&mut counts.surnames, &held.shown.surnames),
            ];
            for (table, names) in tables {
                for name in names.iter().filter(|name| name.form != linkage::person::Form::Other) {
                    *table.entry(name.spelling.text.to_string()).or_default() += 1;
                }
            }
        }
        counts
    }
}

impl linkage::pattern::Rarity for ByText {
    fn forename(&self, name: &str) -> i32 {
        in_a_directory(self.forenames.get(name).copied().unwrap_or_default(), self.people)
    }

    fn surname(&self, name: &str) -> i32 {
        in_a_directory(self.surnames.get(name).copied().unwrap_or_default(), self.people)
    }
}

/// Every child compared that shares two keys, or an identifier, as `linkage` has them: by texts alone.
fn by_hand(children: &[Held], described: &Person) -> Vec<Candidate> {
    let model = Model::children();
    let scales = model.scales();
    let counts = ByText::of(children);
    let population = counts.people.max(POPULATION_MIN);
    let prior = of_share(HELD_SHARE) - of_share(1.0 - HELD_SHARE) - log2(population);
    let probes = probes(described);
    let mut found = Vec::new();
    for (number, held) in (0..).zip(children) {
        let own = keys(held.hidden.as_ref().unwrap_or(&held.shown));
        let common = |one: &[u64], other: &[u64]| one.iter().filter(|key| other.contains(key)).count();
        let identified = described
            .identifiers
            .iter()
            .zip(held.hidden.as_ref().unwrap_or(&held.shown).identifiers.iter())
            .any(|(one, other)| one.iter().any(|text| other.contains(text)));
        if common(&probes.sure, &own.sure) + common(&probes.single, &own.single) < 2 && !identified {
            continue;
        }
        let pattern = compare(described, &held.shown, &counts);
        let weight = scales.weigh(&pattern, population);
        let likeness = held.hidden.as_ref().map_or(weight.likelihood, |hidden| {
            scales.weigh(&compare(described, hidden, &counts), population).likelihood
        });
        found.push(Candidate {
            child: child(number),
            number: held.number,
            shielded: held.hidden.is_some(),
            pattern,
            prior,
            kin: weight.kin,
            rivals: 0,
            odds: prior + weight.likelihood,
            likeness: prior + likeness,
            lines: scales.lines(&pattern),
        });
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whoever_shares_two_keys_is_weighed_to_the_same_hundredth(children in world(), told in told()) {
        let (index, described) = (holding(&children), Person::of(&told));
        let by_hand = by_hand(&children, &described);
        let found = Matcher::new(Model::children()).weighed(&index, &described, By::Everything);
        for one in &by_hand {
            let same = found.iter().find(|found| found.child == one.child);
            prop_assert!(same.is_some(), "{:?} of {:?}", one.child, found);
            let same = Candidate { lines: one.lines.clone(), ..same.unwrap().clone() };
            prop_assert_eq!(&same, one);
        }
    }

    #[test]
    fn a_child_packed_is_the_same_person(held in held()) {
        let index = holding(std::slice::from_ref(&held));
        let mut facts = Facts::default();
        for slot in 0..1 {
            prop_assert!(index.read(crate::table::Slot(slot), &mut facts).is_some());
        }
        let matched = facts.matched.as_ref().unwrap();
        prop_assert!(matched.shown.person(&index.lexicons) == held.shown);
        prop_assert!(matched.hidden.as_ref().map(|hidden| hidden.person(&index.lexicons)) == held.hidden);
    }

    #[test]
    fn children_changed_one_by_one_are_matched_as_if_put_at_once(before in world(), after in world(), told in told()) {
        let mut index = holding(&before);
        for number in 0..before.len() as u64 {
            index.let_go(child(number * 3));
        }
        for (number, held) in (0..).zip(&after) {
            index.hold(child(number), held);
        }
        for number in after.len()..before.len() {
            index.let_go(child(number as u64));
        }
        let (matcher, described) = (Matcher::new(Model::children()), Person::of(&told));
        prop_assert_eq!(matcher.candidates(&index, &described), matcher.candidates(&holding(&after), &described));
        let mut loading = crate::Loading::new();
        for (number, held) in (0..).zip(&after) {
            loading.put(child(number), None, Some(held));
        }
        prop_assert_eq!(matcher.candidates(&index, &described), matcher.candidates(&loading.done(), &described));
        for number in 0..after.len() as u64 {
            index.let_go(child(number));
        }
        index.postings.merge(&index.rows, true);
        prop_assert!(index.is_empty() && index.postings.is_empty() && Lexicons::is_empty(&index.lexicons));
    }
}
