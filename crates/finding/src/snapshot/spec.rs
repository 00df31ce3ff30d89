//! What is written and read is the same index, and goes on being it; what is not whole is refused.

use linkage::{
    model::Model,
    person::{Person, Told, ToldPlace},
};
use proptest::prelude::*;
use vocabulary::ChildNumber;

use vocabulary::ChildId;

use super::*;
use crate::{
    Entry, FOUND_MAX, Loading, NameKind, PlaceKind,
    index::invented::{ava, child, entry, living, named, on, practitioner, query, shielded, today},
    matcher::{
        Held, Matcher,
        properties::{held, told},
    },
};

/// What may happen to a child of an index.
#[derive(Debug, Clone)]
enum Step {
    Put(Box<Entry>),
    Remove,
    Hold(Box<Held>),
    LetGo,
    Pack,
}

/// A history of twenty children at most.
fn history() -> impl Strategy<Value = Vec<(u64, Step)>> {
    let step = prop_oneof![
        4 => entry().prop_map(|entry| Step::Put(Box::new(entry))),
        1 => Just(Step::Remove),
        4 => held().prop_map(|held| Step::Hold(Box::new(held))),
        1 => Just(Step::LetGo),
        1 => Just(Step::Pack),
    ];
    prop::collection::vec((0..20_u64, step), 0..60)
}

fn follow(index: &mut Index, history: &[(u64, Step)]) {
    for (number, step) in history {
        let own = ChildNumber::from_draw(number + 1);
        match step {
            Step::Put(entry) => index.put(child(*number), &Entry { number: own, ..Entry::clone(entry) }),
            Step::Remove => index.remove(child(*number)),
            Step::Hold(held) => index.hold(child(*number), &Held { number: own, ..Held::clone(held) }),
            Step::LetGo => index.let_go(child(*number)),
            Step::Pack => index.pack(),
        }
    }
}

fn written(index: &Index) -> Vec<u8> {
    let mut bytes = Vec::new();
    index.write_to(&mut bytes).unwrap();
    bytes
}

fn read(bytes: &[u8]) -> Result<Index, SnapshotError> {
    Index::read_from(&mut { bytes }, bytes.len() as u64)
}

/// Forty children whose names and streets are read in every way there is: the same on every machine.
fn fixed() -> Index {
    let names =
        ["Ava", "Mary-Jane", "Muhammad Ali", "Zoë", "O'Neil", "Phoebe", "van der Berg", "Unknown", "李"];
    let streets = ["12 Mill Lane", "Flat 2, 9 Hill Rd", "King's Road", "St. John’s Cl."];
    let mut loading = Loading::new();
    for (number, name) in (0..40_u64).zip(names.iter().cycle()) {
        let street = streets[usize::try_from(number).unwrap() % streets.len()];
        let surname = names[usize::try_from(number * 7).unwrap() % names.len()];
        let mut entry = ava(number + 1);
        entry.names = vec![named(NameKind::Current, name, surname), named(NameKind::Former, name, "Smith")];
        entry.names[0].middle = Some("Ann Marie".to_owned());
        entry.places = vec![
            living(PlaceKind::Current, street, "N17 6AA"),
            living(PlaceKind::Previous, street, "E1 6AN"),
        ];
        let told = Told {
            forename: Some((*name).to_owned()),
            surname: Some(surname.to_owned()),
            known_as: Some("Kate".to_owned()),
            date_of_birth: Some(on("2015-04-02")),
            address: Some(ToldPlace {
                line: Some(street.to_owned()),
                town: Some("St Ives".to_owned()),
                postcode: Some("N17 6AB".to_owned()),
            }),
            nhs_number: Some("9434765919".to_owned()),
            ..Told::default()
        };
        let shown = Person::of(&told);
        let entry = if number % 5 == 0 { shielded(entry) } else { entry };
        loading.put(child(number), Some(&entry), Some(&Held { shown, hidden: None, number: entry.number }));
    }
    let mut index = loading.done();
    index.remove(child(3));
    index.let_go(child(3));
    index
}

#[test]
fn the_bytes_of_invented_children_are_those_of_this_format() {
    let fnv = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let digest = written(&fixed()).iter().fold(0xcbf2_9ce4_8422_2325, fnv);
    assert_eq!(
        (FORMAT, digest),
        (2, 2_990_598_176_844_944_547),
        "children are read or written in another way than before: raise FORMAT in snapshot.rs, so that what \
         was written the old way is made anew, and tell both numbers here"
    );
}

#[test]
fn another_format_other_bytes_and_none_are_refused() {
    let mut bytes = written(&fixed());
    bytes[8] += 1;
    assert!(matches!(read(&bytes), Err(SnapshotError::Format { found }) if found == FORMAT + 1));
    bytes[0] += 1;
    assert!(matches!(read(&bytes), Err(SnapshotError::Foreign)));
    assert!(matches!(read(&[]), Err(SnapshotError::Read(Section::Head, _))));
}

#[test]
fn whoever_has_gone_leaves_nothing_in_what_is_written_once_it_is_packed() {
    let mut index = fixed();
    let mut gone = ava(99);
    gone.names = vec![named(NameKind::Current, "Quetzalina", "Xanthopoulou")];
    let id = ChildId::from_u128(0x5eed_5eed_5eed_5eed_5eed_5eed_5eed_5eed);
    index.put(id, &gone);
    let has = |bytes: &[u8], sought: &[u8]| bytes.windows(sought.len()).any(|window| window == sought);
    let before = written(&index);
    assert!(has(&before, b"Quetzalina") && has(&before, &[0xed, 0x5e, 0xed, 0x5e]));
    index.remove(id);
    index.pack();
    let after = written(&index);
    assert!(
        !has(&after, b"Quetzalina")
            && !has(&after, b"xanthopoulou")
            && !has(&after, &[0xed, 0x5e, 0xed, 0x5e])
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_index_that_was_written_and_read_answers_and_goes_on_as_the_other(
        before in history(),
        after in history(),
        queries in prop::collection::vec(query(), 4),
        described in prop::collection::vec(told(), 3),
    ) {
        let mut own = Index::new();
        follow(&mut own, &before);
        let bytes = written(&own);
        let mut read = read(&bytes).unwrap();
        prop_assert!(written(&read) == bytes, "the same index, the same bytes");
        let matcher = Matcher::new(Model::children());
        for step in 0..2 {
            if step == 1 {
                follow(&mut own, &after);
                follow(&mut read, &after);
            }
            prop_assert_eq!(own.len(), read.len());
            prop_assert!(own.children().eq(read.children()));
            for query in &queries {
                prop_assert_eq!(
                    own.search(query, FOUND_MAX, today(), &practitioner),
                    read.search(query, FOUND_MAX, today(), &practitioner)
                );
            }
            for told in &described {
                let person = Person::of(told);
                prop_assert_eq!(matcher.candidates(&own, &person), matcher.candidates(&read, &person));
            }
            for number in 0..20 {
                prop_assert_eq!(own.get(child(number)).is_some(), read.get(child(number)).is_some());
            }
        }
        prop_assert!(written(&own) == written(&read), "the same changes, the same bytes");
    }

    #[test]
    fn bytes_that_end_early_or_were_altered_are_refused_and_do_no_harm(
        before in history(), cut in any::<prop::sample::Index>(), flipped in any::<prop::sample::Index>(), bit in 0..8_u8,
    ) {
        let mut own = Index::new();
        follow(&mut own, &before);
        let mut bytes = written(&own);
        prop_assert!(read(&bytes[..cut.index(bytes.len())]).is_err());
        // What is altered and still reads is for the seal to notice; it must not be a panic.
        let place = flipped.index(bytes.len());
        bytes[place] ^= 1 << bit;
        let _may_be_refused = read(&bytes);
    }
}
