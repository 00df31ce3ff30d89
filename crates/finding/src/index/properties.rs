//! Properties over invented worlds: the tables lose nobody, and what is hidden changes nothing.

use proptest::prelude::*;

use super::{
    invented::{child, entry, holding, name, place, practitioner, query, shielded, today, world},
    *,
};
use crate::{
    entry::{NameKind, PlaceKind, Stands},
    facts::body,
    sight::{Field, FieldSet},
};

/// What is left of a child when everything that is not in sight is struck out.
fn struck_out(entry: &Entry, fields: FieldSet) -> Entry {
    let mut left = entry.clone();
    left.names.retain(|name| match name.kind {
        NameKind::Current => fields.has(Field::Name),
        NameKind::KnownAs => fields.has(Field::KnownAs),
        NameKind::Former | NameKind::Stated => fields.has(Field::FormerName),
    });
    left.places.retain(|place| match place.kind {
        PlaceKind::Current => fields.has(Field::Place),
        PlaceKind::Previous => fields.has(Field::PreviousPlace),
    });
    left
}

fn standing(entry: &Entry) -> Standing<'_> {
    let Stands { shielded, archived, authority } = &entry.stands;
    Standing { shielded: *shielded, archived: *archived, authority, date_of_birth: entry.date_of_birth }
}

/// What is left of the criteria when those on places count as not stated.
fn without_places(query: &Query) -> Query {
    Query { postcode: None, postcode_area: None, street: None, town: None, ..query.clone() }
}

/// Every child looked at, one by one, with nothing left of it but what is in sight.
fn by_hand(wanted: Wanted, entries: &[Entry], query: &Query) -> Found {
    let everything = FieldSet::ORDINARY.with(Field::PreviousPlace);
    let mut found = Vec::new();
    for (number, entry) in (0_u64..).zip(entries) {
        let Sight::Fields(fields) = practitioner(&standing(entry)) else { continue };
        if query.except.contains(&child(number)) {
            continue;
        }
        let counted = if fields.has(Field::Place) { query.clone() } else { without_places(query) };
        let mut lexicons = Lexicons::default();
        let listed = Some(Listed::take(&mut lexicons, &struck_out(entry, fields)));
        let facts = Facts { number: body(entry.number), named_as_listed: false, listed, matched: None };
        let mut row = Row::default();
        row.fill(&facts, &lexicons);
        if let Some(verdict) = Asked::of(&counted, today()).judge(&row, everything, &lexicons) {
            found.push((hit(verdict, child(number)), (Reverse(verdict.born), entry.number), verdict.widely));
        }
    }
    if found.iter().any(|(.., widely)| !widely) {
        found.retain(|(.., widely)| !widely);
    }
    if found.is_empty() {
        return Found::None;
    }
    if found.len() > wanted.counted && (!query.fuzzy || query.has_wildcard()) {
        return Found::TooMany;
    }
    found.sort_by(|(left, left_number, _), (right, right_number, _)| {
        right
            .exact
            .cmp(&left.exact)
            .then(right.score.total_cmp(&left.score))
            .then(left_number.cmp(right_number))
    });
    let total = found.len().min(wanted.counted);
    Found::Found { best: found.into_iter().map(|(hit, ..)| hit).take(wanted.best).collect(), total }
}

/// The same child with other hidden things; of one that may not be found, with everything else.
fn otherwise_hidden(entry: &Entry, other: &Entry) -> Entry {
    if entry.stands.archived.is_some() {
        return Entry { stands: entry.stands.clone(), number: entry.number, ..other.clone() };
    }
    let keep = |kind| {
        let shielded = entry.stands.shielded;
        match kind {
            NameKind::Current | NameKind::KnownAs => true,
            NameKind::Former | NameKind::Stated => !shielded,
        }
    };
    let mut changed = entry.clone();
    changed.names.retain(|name| keep(name.kind));
    changed.names.extend(other.names.iter().filter(|name| !keep(name.kind)).cloned());
    let shown = |place: &&crate::Place| !entry.stands.shielded && place.kind == PlaceKind::Current;
    changed.places.retain(|place| shown(&place));
    changed.places.extend(other.places.iter().filter(|place| !shown(place)).cloned().map(|mut place| {
        // A live record keeps its one current address; only the previous one is another.
        if !entry.stands.shielded {
            place.kind = PlaceKind::Previous;
        }
        place
    }));
    changed
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_search_answers_as_if_every_visible_field_of_every_child_were_read(
        entries in world(40), query in query(),
    ) {
        let found = holding(&entries).search(&query, FOUND_MAX, today(), &practitioner);
        prop_assert_eq!(found, by_hand(Wanted { best: FOUND_MAX, counted: FOUND_MAX }, &entries, &query));
    }

    #[test]
    fn who_is_passed_over_could_not_have_been_among_the_best(
        entries in world(60), query in query(), best in 1..6_usize, more in 0..6_usize,
    ) {
        let wanted = Wanted { best, counted: best + more };
        let found = holding(&entries).search_for(wanted, &query, today(), &practitioner);
        prop_assert_eq!(found, by_hand(wanted, &entries, &query));
    }

    #[test]
    fn two_worlds_that_differ_in_hidden_things_answer_alike(
        entries in world(30), others in prop::collection::vec(entry(), 30), query in query(),
    ) {
        let other_world: Vec<Entry> =
            entries.iter().zip(&others).map(|(entry, other)| otherwise_hidden(entry, other)).collect();
        let found = holding(&entries).search(&query, FOUND_MAX, today(), &practitioner);
        prop_assert_eq!(found, holding(&other_world).search(&query, FOUND_MAX, today(), &practitioner));
    }

    #[test]
    fn children_put_and_taken_one_by_one_are_as_if_put_at_once(
        before in world(30), after in world(30), queries in prop::collection::vec(query(), 4),
    ) {
        let mut index = holding(&before);
        for number in (0_u64..).take(before.len()).filter(|number| number % 3 == 0) {
            index.remove(child(number));
        }
        for (number, entry) in (0_u64..).zip(&after) {
            index.put(child(number), entry);
        }
        for number in (0_u64..).take(before.len()).skip(after.len()) {
            index.remove(child(number));
        }
        let fresh = holding(&after);
        prop_assert_eq!(index.len(), fresh.len());
        for query in &queries {
            prop_assert_eq!(
                index.search(query, FOUND_MAX, today(), &practitioner),
                fresh.search(query, FOUND_MAX, today(), &practitioner)
            );
        }
        for number in (0_u64..).take(after.len()) {
            index.remove(child(number));
        }
        index.postings.merge(&index.rows, true);
        prop_assert!(index.is_empty() && index.postings.is_empty() && index.lexicons.is_empty());
    }

    #[test]
    fn a_name_or_place_of_a_shielded_child_that_is_hidden_finds_nobody(
        entries in world(2), former in name(NameKind::Former), lived in place(PlaceKind::Current), query in query(),
    ) {
        let mut plain = shielded(entries[0].clone());
        plain.names.retain(|name| name.kind != NameKind::Former);
        plain.places.clear();
        let mut hiding = plain.clone();
        hiding.names.push(former);
        hiding.places.push(lived);
        let found = holding(&[hiding]).search(&query, FOUND_MAX, today(), &practitioner);
        prop_assert_eq!(found, holding(&[plain]).search(&query, FOUND_MAX, today(), &practitioner));
    }
}
