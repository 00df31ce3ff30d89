//! The index: children put in and taken out one at a time, searched by what a viewer may match on.
//!
//! One set of packed columns for the search and for the [`matcher`](crate::matcher) (ADR-0023). Source: rules.md
//! 2.4 and 4; house.md 4.7. What a viewer may not see is taken away before anything is counted, weighed, ordered
//! or cut.

use std::cmp::Reverse;

use chrono::NaiveDate;
use vocabulary::{ChildId, ChildNumber, OrganisationId};

use crate::{
    bearers::Bearers,
    candidates,
    entry::{Entry, NamedAs, PageRow, PlaceKind, Standing},
    facts::{Facts, Lexicons, Listed, Matched, body},
    judge::{Asked, Search, Verdict, WHOLE},
    matcher::Held,
    postings::{Listing, Postings},
    query::Query,
    ranking::{self, Tables},
    row::Row,
    rows::Rows,
    sight::{FieldSet, Sight},
    table::Slot,
};

/// Most children that one search finds (rules.md 4.2).
pub const FOUND_MAX: usize = 50;

/// How much of what is found is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    /// So many of the best, in their order.
    pub(crate) best: usize,
    /// Whether so many there are; no fewer than the best.
    pub(crate) counted: usize,
}

/// Every child that may be found or matched, in memory. Cost: 108 bytes a child of twelve million,
/// the texts apart.
#[derive(Default)]
pub struct Index {
    pub(crate) lexicons: Lexicons,
    pub(crate) postings: Postings,
    pub(crate) rows: Rows,
    pub(crate) bearers: Bearers,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// Nobody whom this viewer may find so.
    None,
    /// Over [`FOUND_MAX`] children fit exactly; only an exact or wildcard search answers this.
    TooMany,
    /// 1 to [`FOUND_MAX`] children.
    Found {
        /// The best of them, as many as were wanted: exact ones first, then by score, then the youngest first, then by
        /// child number.
        best: Vec<Hit>,
        /// How many they are in all.
        total: usize,
    },
}

/// One child found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The child.
    pub child: ChildId,
    /// How well it fits, 0 to 1: a share of what the criteria that count could weigh, in millionths.
    pub score: f64,
    /// Every criterion that counts is met exactly.
    pub exact: bool,
    /// It fits by a former name.
    pub matched_former: bool,
}

/// What is to become of one half of a child's facts.
enum Half<'a, T> {
    Kept,
    Gone,
    New(&'a T),
}

impl Index {
    /// Makes an empty index.
    pub fn new() -> Index {
        Index::default()
    }

    /// Puts in what a child is found by, in place of what was known of it.
    ///
    /// Cost: some microseconds, of its own words alone; once in a while a table is packed anew, 10 ns a child.
    /// Holds fewer than 2^32.
    pub fn put(&mut self, child: ChildId, entry: &Entry) {
        self.change(child, entry.number, &Half::New(entry), &Half::Kept);
    }

    /// Takes out what a child is found by; nothing happens when it is not in.
    pub fn remove(&mut self, child: ChildId) {
        self.change(child, ChildNumber::from_draw(0), &Half::Gone, &Half::Kept);
    }

    /// Puts in what a child is matched with, in place of what was known of it. Cost: as [`Index::put`].
    pub fn hold(&mut self, child: ChildId, held: &Held) {
        self.change(child, held.number, &Half::Kept, &Half::New(held));
    }

    /// Takes out what a child is matched with; nothing happens when it is not in.
    pub fn let_go(&mut self, child: ChildId) {
        self.change(child, ChildNumber::from_draw(0), &Half::Kept, &Half::Gone);
    }

    fn change(
        &mut self,
        child: ChildId,
        number: ChildNumber,
        entry: &Half<'_, Entry>,
        held: &Half<'_, Held>,
    ) {
        let mut before = Facts::default();
        let slot = self.slot_of(child, &mut before);
        let after = Facts {
            number: if let (Half::New(_), _) | (_, Half::New(_)) = (entry, held) {
                body(number)
            } else {
                before.number
            },
            named_as_listed: false,
            listed: match entry {
                Half::Kept => before.listed.clone(),
                Half::Gone => None,
                Half::New(entry) => Some(Listed::take(&mut self.lexicons, entry)),
            },
            matched: match held {
                Half::Kept => before.matched.clone(),
                Half::Gone => None,
                Half::New(held) => Some(Matched::take(&mut self.lexicons, held)),
            },
        };
        let same = before == after;
        // What is new was taken once more; what it stands in place of, or the same of before, is given back.
        if let (Half::New(_) | Half::Gone, Some(listed)) = (entry, &before.listed) {
            listed.release(&mut self.lexicons);
        }
        if let (Half::New(_) | Half::Gone, Some(matched)) = (held, &before.matched) {
            matched.release(&mut self.lexicons);
        }
        if same {
            return;
        }
        if let Some(slot) = slot {
            self.bearers.discount(&before);
            self.rows.remove(slot);
        }
        if after.listed.is_some() || after.matched.is_some() {
            self.insert(child, &after, Listing::Now);
        }
    }

    fn insert(&mut self, child: ChildId, facts: &Facts, how: Listing) {
        self.bearers.count(facts);
        let slot = self.rows.insert(child, facts, &self.lexicons, self.postings.purged());
        self.postings.insert(slot, child, facts, &self.lexicons, how);
        self.postings.merge(&self.rows, false);
    }

    /// Reads what is known of the child in a slot.
    pub(crate) fn read(&self, slot: Slot, facts: &mut Facts) -> Option<ChildId> {
        let child = self.rows.read(slot, facts)?;
        facts.name(&self.lexicons);
        Some(child)
    }

    /// The slot of a child, and what is known of it.
    fn slot_of(&self, child: ChildId, facts: &mut Facts) -> Option<Slot> {
        let mut slots = Vec::new();
        self.postings.of_child(child, &mut slots);
        let slot = slots.into_iter().find(|slot| self.rows.child(*slot) == Some(child))?;
        self.read(slot, facts).map(|_| slot)
    }

    /// What a page shows of a child.
    pub fn get(&self, child: ChildId) -> Option<PageRow> {
        let mut facts = Facts::default();
        self.slot_of(child, &mut facts)?;
        let number = facts.child_number();
        let listed = facts.listed?;
        let written = |label| self.lexicons.written.text(label).to_owned();
        let names = listed.names.iter().map(|name| NamedAs {
            kind: name.kind,
            forename: written(name.forename),
            middle: name.middle.map(written),
            surname: written(name.surname),
        });
        let lives = listed.places.iter().find(|(kind, _)| *kind == PlaceKind::Current);
        let code = lives.and_then(|(_, spot)| spot.code).map(|code| self.lexicons.codes.code(code));
        Some(PageRow {
            names: names.collect(),
            date_of_birth: listed.born,
            gender: listed.gender,
            number,
            postcode: code.and_then(|code| code.text().parse().ok()),
            stands: listed.stands(&self.lexicons),
        })
    }

    /// The bytes of each part, those of texts by estimate: for whoever must state memory.
    pub fn sizes(&self) -> Vec<(&'static str, u64)> {
        let mut sizes = self.rows.sizes();
        sizes.extend(self.postings.sizes());
        sizes.extend(self.lexicons.sizes());
        sizes.into_iter().map(|(part, bytes)| (part, u64::try_from(bytes).unwrap_or(u64::MAX))).collect()
    }

    /// Every child that is in, in no order that means anything.
    pub fn children(&self) -> impl Iterator<Item = ChildId> {
        self.rows.children()
    }

    /// How many children are in.
    pub fn len(&self) -> usize {
        self.rows.live()
    }

    /// Tells whether nobody is in.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many children bear a surname by what their records show, in the comparable form of one word, and how many
    /// are counted.
    pub fn surname_bearers(&self, surname: &str) -> (u64, u64) {
        let word = self.lexicons.names.word(surname);
        (word.map_or(0, |word| u64::from(self.bearers.of_surname(word))), self.bearers.people())
    }

    /// Searches on `today`, a civil day in England, by what `sight` lets this viewer match on.
    ///
    /// A criterion on a field that is not in a child's sight counts as not stated for that child, and the rest
    /// must be enough (rules.md 4.1). A query with a bad wildcard finds nobody; see [`Query::check`].
    /// Where `sight` lets the places of a child of no authority's be matched on, born today and neither shielded nor
    /// archived, it does so of every such child under 18 that it shows.
    /// Tells the best `wanted`, [`FOUND_MAX`] at most: whoever shows a page wants no more than it and those before.
    /// Cost: in the children that share the rarest criterion; `sight` is asked once for each of them.
    pub fn search(
        &self,
        query: &Query,
        wanted: usize,
        today: NaiveDate,
        sight: &dyn Fn(&Standing<'_>) -> Sight,
    ) -> Found {
        self.search_for(Wanted { best: wanted.min(FOUND_MAX), counted: FOUND_MAX }, query, today, sight)
    }

    /// What a viewer may match on of every child under 18 that is neither shielded nor archived.
    fn search_for(
        &self,
        wanted: Wanted,
        query: &Query,
        today: NaiveDate,
        sight: &dyn Fn(&Standing<'_>) -> Sight,
    ) -> Found {
        if query.check().is_err() {
            return Found::None;
        }
        let mut asked = Asked::of(query, today);
        let plain = plain(today, sight);
        let mut verdicts: Vec<(Verdict, ChildNumber, ChildId)> = Vec::new();
        let (mut facts, mut row) = (Facts::default(), Row::default());
        let mut judge = |by: &mut Asked, slot: Slot| -> Option<(Verdict, u64)> {
            let child = self.rows.read(slot, &mut facts)?;
            if query.except.contains(&child) {
                return None;
            }
            let listed = facts.listed.as_ref()?;
            let standing = Standing {
                shielded: listed.shielded,
                archived: listed.archived,
                authority: listed.authority(&self.lexicons),
                date_of_birth: listed.born,
            };
            let Sight::Fields(fields) = sight(&standing) else { return None };
            row.fill(&facts, &self.lexicons);
            let verdict = by.judge(&row, fields, &self.lexicons)?;
            verdicts.push((verdict, facts.child_number(), child));
            Some((verdict, facts.number))
        };
        if asked.is_ranked() {
            let tables = Tables { lexicons: &self.lexicons, postings: &self.postings, rows: &self.rows };
            ranking::judge_best(&mut asked, tables, (wanted, plain), &mut judge);
        } else {
            for slot in candidates::of(&asked, &self.lexicons, &self.postings) {
                judge(&mut asked, slot);
            }
        }
        if asked.search == Search::Exact && verdicts.len() > wanted.counted {
            return Found::TooMany;
        }
        verdicts.sort_unstable_by_key(|(verdict, number, child)| {
            (Reverse(verdict.exact), Reverse(verdict.share), Reverse(verdict.born), *number, *child)
        });
        if verdicts.iter().any(|(verdict, ..)| !verdict.widely) {
            verdicts.retain(|(verdict, ..)| !verdict.widely);
        }
        if verdicts.is_empty() {
            return Found::None;
        }
        let total = verdicts.len().min(wanted.counted);
        let best = verdicts.into_iter().take(wanted.best).map(|(verdict, _, child)| hit(verdict, child));
        Found::Found { best: best.collect(), total }
    }
}

/// An index that is filled with many children at once, and answers only then.
#[derive(Default)]
pub struct Loading(Index);

impl Loading {
    /// Begins with nobody.
    pub fn new() -> Loading {
        Loading::default()
    }

    /// Puts one child in, each only once. Cost: a few microseconds.
    pub fn put(&mut self, child: ChildId, entry: Option<&Entry>, held: Option<&Held>) {
        let Some(number) = entry.map(|entry| entry.number).or(held.map(|held| held.number)) else { return };
        let lexicons = &mut self.0.lexicons;
        let facts = Facts {
            named_as_listed: false,
            number: body(number),
            listed: entry.map(|entry| Listed::take(lexicons, entry)),
            matched: held.map(|held| Matched::take(lexicons, held)),
        };
        self.0.insert(child, &facts, Listing::Bulk);
    }

    /// Packs everything, in the order of homes: the index.
    pub fn done(mut self) -> Index {
        self.0.postings.loaded(&self.0.rows);
        let to = self.0.rows.order(&self.0.lexicons.codes);
        self.0.postings.renumber(&to);
        self.0.rows.renumber(to, &self.0.lexicons.codes);
        self.0.rows.loaded();
        self.0.lexicons.loaded();
        self.0
    }
}

/// What a viewer may match on of a child born today that is neither shielded nor archived.
fn plain(today: NaiveDate, sight: &dyn Fn(&Standing<'_>) -> Sight) -> FieldSet {
    let authority = &OrganisationId::NATIONAL_POOL;
    let one = Standing { shielded: false, archived: None, authority, date_of_birth: Some(today) };
    match sight(&one) {
        Sight::Fields(fields) => fields,
        Sight::Nothing => FieldSet::NONE,
    }
}

fn hit(verdict: Verdict, child: ChildId) -> Hit {
    Hit {
        child,
        score: f64::from(verdict.share) / f64::from(WHOLE),
        exact: verdict.exact,
        matched_former: verdict.former,
    }
}

#[cfg(test)]
pub(crate) mod invented;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod spec;
