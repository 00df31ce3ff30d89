//! Which rows are judged for a query: for every way to be found, the shortest list that holds all it can find.
//!
//! Nothing is capped and dropped: a long list is given up for a shorter one that must hold the same children,
//! and the judgement intersects the rest. Cost: in the children of the shortest list, never in all children.

use crate::{
    judge::{Asked, Search},
    naming::AskedName,
    postings::{List, Postings, Slot, Table, packed},
    row::Lexicons,
    sight::{Field, FieldSet},
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
        found.extend(postings.shortest(&[List::Number(number)]));
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
    lists.extend(words(Table::Surnames, asked.naming.surname.as_ref()));
    lists.extend(words(Table::Forenames, asked.naming.forename.as_ref()));
    lists.extend(asked.born.day().map(List::Day));
    // A record whose places are hidden may be found too, unless the rest is not enough for it.
    if !asked.is_enough(NO_PLACES.without(Field::Number)) {
        lists.extend(asked.whereabouts.postcode().map(|postcode| List::Postcode(packed(postcode))));
        lists.extend(asked.whereabouts.street().map(|street| List::Words {
            table: Table::Streets,
            words: lexicons.streets.word(&street.text).into_iter().collect(),
            spans,
        }));
    }
    found.extend(postings.shortest(&lists));
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
        table: Table::Streets,
        words: lexicons.streets.near(street),
        spans: spans.clone(),
    });
    let lists = [
        near(Table::Surnames, asked.naming.surname.as_ref()),
        near(Table::Forenames, asked.naming.forename.as_ref()),
        street,
        asked.born.day().map(List::Day),
        asked.whereabouts.postcode().map(|postcode| List::Postcode(packed(postcode))),
    ];
    lists.into_iter().flatten().flat_map(|list| postings.shortest(&[list])).collect()
}

/// One list for each line of `judge::may_be_meant`.
fn fuzzy(asked: &Asked, lexicons: &Lexicons, postings: &Postings) -> Vec<Slot> {
    let mut found = Vec::new();
    if let Some(number) = asked.number {
        found.extend(postings.shortest(&[List::Number(number)]));
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
    let street = asked.whereabouts.street().map(|street| lexicons.streets.near(street));
    let by_surname = || words(Table::Surnames, &surname);
    let by_forename = || words(Table::Forenames, &forename);
    let by_street = || words(Table::Streets, &street);
    let mut read = |lists: [Option<List>; 2]| {
        found.extend(postings.shortest(&lists.into_iter().flatten().collect::<Vec<_>>()));
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
        read([words(Table::Forenames, &surname), words(Table::Surnames, &forename)]);
    }
    if asked.naming.forename.is_some() && street.is_some() {
        read([by_street(), by_forename()]);
    }
    if let Some(day) = asked.born.day() {
        found.extend(postings.shortest(&[List::Day(day)]));
    }
    if let Some(postcode) = asked.whereabouts.postcode() {
        found.extend(postings.shortest(&[List::Postcode(packed(postcode))]));
    }
    found
}
