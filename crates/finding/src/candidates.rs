//! Which rows are judged for a query: for every way to be found, the shortest list that holds all it can find.
//!
//! Nothing is capped and dropped: a long list is given up for a shorter one that must hold the same children, or met
//! with it, and the judgement intersects the rest. Cost: in the children of the shortest list, never in all children.

use crate::{
    codes::Packed,
    facts::Lexicons,
    judge::{Asked, Search},
    naming::AskedName,
    postings::{Kind, List, Postings},
    sight::{Field, FieldSet},
    table::Slot,
};

/// Everything that any viewer could match on.
const ALL: FieldSet = FieldSet::ORDINARY.with(Field::PreviousPlace);

/// Nothing of places.
const NO_PLACES: FieldSet = ALL.without(Field::Place).without(Field::PreviousPlace);

/// The rows to judge, each once, in no order that may show.
pub(crate) fn of(asked: &Asked, lexicons: &Lexicons, postings: &Postings) -> Vec<Slot> {
    let mut found = match asked.search {
        Search::Exact => exact(asked, lexicons, postings),
        Search::Fuzzy => fuzzy(asked, lexicons, postings),
    };
    if asked.thin {
        found.extend(thin(asked, lexicons, postings));
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn exact(asked: &Asked, lexicons: &Lexicons, postings: &Postings) -> Vec<Slot> {
    let mut found = Vec::new();
    if let Some(number) = asked.number {
        postings.shortest(&[List::Number(number)], &mut found);
    }
    // Without the number, for a sight that leaves it out.
    if !asked.is_enough(ALL.without(Field::Number)) {
        return found;
    }
    let spans = asked.born.spans();
    let words = |table, name: Option<&AskedName>| {
        let words = name.and_then(|name| name.exact_words(&lexicons.names))?;
        Some(List::Words { table, words, spans: spans.clone() })
    };
    let mut lists: Vec<List> = Vec::new();
    lists.extend(words(Kind::Surnames, asked.naming.surname.as_ref()));
    lists.extend(words(Kind::Forenames, asked.naming.forename.as_ref()));
    lists.extend(asked.born.day().map(List::Day));
    // A record whose places are hidden may be found too, unless the rest is not enough for it.
    if !asked.is_enough(NO_PLACES.without(Field::Number)) {
        lists.extend(postcode(asked, lexicons));
        lists.extend(asked.whereabouts.street().map(|street| List::Words {
            table: Kind::Streets,
            words: lexicons.streets.word(&street.asked().text).into_iter().collect(),
            spans,
        }));
    }
    postings.met(&lists, &mut found);
    found
}

/// Everybody on any list: criteria that are not enough have no shorter one.
fn thin(asked: &Asked, lexicons: &Lexicons, postings: &Postings) -> Vec<Slot> {
    let spans = asked.born.spans();
    let near = |table, name: Option<&AskedName>| {
        let words = name.and_then(|name| name.near_words(&lexicons.names))?;
        Some(List::Words { table, words, spans: spans.clone() })
    };
    let street = asked.whereabouts.street().map(|street| List::Words {
        table: Kind::Streets,
        words: lexicons.near_streets(street),
        spans: spans.clone(),
    });
    let lists = [
        near(Kind::Surnames, asked.naming.surname.as_ref()),
        near(Kind::Forenames, asked.naming.forename.as_ref()),
        street,
        asked.born.day().map(List::Day),
        postcode(asked, lexicons),
    ];
    let mut found = Vec::new();
    lists.into_iter().flatten().for_each(|list| postings.shortest(&[list], &mut found));
    found
}

/// One list for each line of `judge::may_be_meant`.
fn fuzzy(asked: &Asked, lexicons: &Lexicons, postings: &Postings) -> Vec<Slot> {
    let mut found = Vec::new();
    if let Some(number) = asked.number {
        postings.shortest(&[List::Number(number)], &mut found);
    }
    if !asked.is_enough(ALL.without(Field::Number)) {
        return found;
    }
    let spans = asked.born.spans();
    let near = |name: Option<&AskedName>| name.and_then(|name| name.near_words(&lexicons.names));
    let words = |table, words: &Option<Vec<_>>| {
        words.clone().map(|words| List::Words { table, words, spans: spans.clone() })
    };
    let surname = near(asked.naming.surname.as_ref());
    let forename = near(asked.naming.forename.as_ref());
    let street = asked.whereabouts.street().map(|street| lexicons.near_streets(street));
    let by_surname = || words(Kind::Surnames, &surname);
    let by_forename = || words(Kind::Forenames, &forename);
    let by_street = || words(Kind::Streets, &street);
    let mut read = |lists: [Option<List>; 2]| {
        postings.shortest(&lists.into_iter().flatten().collect::<Vec<_>>(), &mut found);
    };
    if asked.born.possible() == 0 && asked.whereabouts.is_street_alone() {
        // Nothing but the forename or the street can bear the surname out, and each has a list.
        read([by_surname(), by_street()]);
        if forename.is_some() {
            read([by_surname(), by_forename()]);
        }
    } else {
        read([by_surname(), None]);
    }
    if surname.is_some() && forename.is_some() {
        read([words(Kind::Forenames, &surname), words(Kind::Surnames, &forename)]);
    }
    if asked.naming.forename.is_some() && street.is_some() {
        read([by_street(), by_forename()]);
    }
    if let Some(day) = asked.born.day() {
        postings.shortest(&[List::Day(day)], &mut found);
    }
    if let Some(postcode) = postcode(asked, lexicons) {
        postings.shortest(&[postcode], &mut found);
    }
    found
}

/// The list of the postcode asked for.
pub(crate) fn postcode(asked: &Asked, lexicons: &Lexicons) -> Option<List> {
    let code = Packed::of_postcode(asked.whereabouts.postcode()?);
    Some(List::Postcode(code.and_then(|code| lexicons.codes.id(code))))
}
