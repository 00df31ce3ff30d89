//! Likenesses: which of all children held may be one child with another.
//!
//! The comparison and the model are a feed's; whoever is compared is read list by list in place of child by child.
//! Those born on one day or living at one postcode lie together, and of them whoever shares a name, as written or by
//! its sound, is compared; of those of one surname whoever shares a forename and may have been born on one day; and
//! whoever shares an identifier. Source: matching.md 3.2; ADR-0036.

use std::cell::OnceCell;

use chrono::NaiveDate;
use linkage::{
    birth::{self, BirthLevel},
    centibits::{Centibits, log2, of_share},
    choose::ASK_SHIELDED,
    person::Person,
};
use vocabulary::{ChildId, ChildNumber};

use crate::{
    born::filed_birth,
    facts::{Described, Facts, Lexicons, Matched},
    index::Index,
    lexicon::Word,
    matcher::{Candidate, Known, Matcher, POPULATION_MIN, Weighing},
    postings::Kind,
    probing::{
        SINGLE_MAX,
        shared::{self, once},
    },
    table::{Slot, WHOLE},
};

/// How many children in a hundred are believed to be held twice, when nothing else is known.
const HELD_TWICE_SHARE: f64 = 0.01;

/// From this probability on two children are told: one child is likelier than two.
pub const LIKELIER_ONE: f64 = 0.5;

/// Two children who may be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// The one whose id is the lesser.
    pub child: ChildId,
    /// The other, weighed beside the first; shielded where either is.
    pub with: Candidate,
}

/// Every list of an index, each of which can be read alone.
pub struct Likenesses<'a> {
    weighing: Weighing<'a>,
}

/// The lists that are read, in this order.
const READ: [Kind; 4] = [Kind::Days, Kind::Codes, Kind::Surnames, Kind::Identifiers];

/// One child of a list.
struct Member {
    child: ChildId,
    number: ChildNumber,
    matched: Matched,
    /// Made where it is compared.
    persons: OnceCell<Persons>,
}

/// One child, by what shows and by everything where that is more.
struct Persons {
    shown: Person,
    hidden: Option<Person>,
}

/// An identifier, and its scheme.
type Identified = (usize, Box<str>);

impl Likeness {
    /// The two, the lesser id first.
    pub fn children(&self) -> (ChildId, ChildId) {
        (self.child, self.with.child)
    }
}

impl Matcher {
    /// The lists by which all children of an index are compared with one another.
    pub fn likenesses<'a>(&'a self, index: &'a Index) -> Likenesses<'a> {
        let population = index.bearers.people().max(POPULATION_MIN);
        let prior: Centibits =
            of_share(HELD_TWICE_SHARE) - of_share(1.0 - HELD_TWICE_SHARE) - log2(population);
        Likenesses { weighing: Weighing { scales: &self.scales, index, prior, population } }
    }
}

impl Likenesses<'_> {
    /// How many lists there are.
    pub fn lists(&self) -> u32 {
        READ.iter().map(|kind| self.index().postings.table(*kind).keys()).sum()
    }

    /// How many entries all lists have together.
    pub fn entries(&self) -> u64 {
        READ.iter().map(|kind| self.index().postings.table(*kind).len() as u64).sum()
    }

    /// Adds those of one list, counted from 0, who may be one child; answers how many entries it has.
    ///
    /// Two may be told again by another list. Cost: a microsecond for each on the list and two for each pair that
    /// shares a name; some 1 KB a child of the list.
    pub fn of_list(&self, list: u32, found: &mut Vec<Likeness>) -> u64 {
        let mut key = list;
        for kind in READ {
            let keys = self.index().postings.table(kind).keys();
            if key < keys {
                return self.of_key(kind, key, found);
            }
            key -= keys;
        }
        0
    }

    fn index(&self) -> &Index {
        self.weighing.index
    }

    fn of_key(&self, kind: Kind, key: u32, found: &mut Vec<Likeness>) -> u64 {
        let table = self.index().postings.table(kind);
        let listed = table.count(key, WHOLE);
        if listed > 1 {
            let mut slots = Vec::with_capacity(listed);
            table.read(key, WHOLE, &mut slots);
            slots.sort_unstable();
            slots.dedup();
            match kind {
                Kind::Days => self.named(&slots, |_, _| true, found),
                // Whoever was born on one day is compared by that list.
                Kind::Codes => self.named(&slots, |one, other| !one.born_with(other), found),
                Kind::Surnames => self.called(Word(key), &slots, found),
                Kind::Identifiers => self.identified(&slots, found),
                // Not read.
                Kind::Forenames | Kind::Streets | Kind::Numbers | Kind::Children => (),
            }
        }
        listed as u64
    }

    fn member(&self, slot: Slot) -> Option<Member> {
        let mut facts = Facts::default();
        let child = self.index().read(slot, &mut facts)?;
        let number = facts.child_number();
        Some(Member { child, number, matched: facts.matched?, persons: OnceCell::new() })
    }

    /// Compares whoever shares a name, or how it sounds.
    fn named(&self, slots: &[Slot], wanted: impl Fn(&Member, &Member) -> bool, found: &mut Vec<Likeness>) {
        let lexicons = &self.index().lexicons;
        let members: Vec<(Member, Vec<u64>)> = slots
            .iter()
            .filter_map(|slot| self.member(*slot))
            .map(|member| {
                let names = once(member.described().flat_map(|told| names_of(told, lexicons)).collect());
                (member, names)
            })
            .collect();
        let mut bearers: Vec<(u64, usize)> = Vec::new();
        for (at, (_, names)) in members.iter().enumerate() {
            bearers.extend(names.iter().map(|name| (*name, at)));
        }
        bearers.sort_unstable();
        for same in bearers.chunk_by(|(one, _), (other, _)| one == other) {
            for (at, (name, first)) in same.iter().enumerate() {
                for (_, second) in same.iter().skip(at + 1) {
                    let (Some((one, names)), Some((other, others))) =
                        (members.get(*first), members.get(*second))
                    else {
                        continue;
                    };
                    // Once for all the names that they share.
                    if first_common(names, others) == Some(*name) && wanted(one, other) {
                        self.compare(one, other, found);
                    }
                }
            }
        }
    }

    /// Compares whoever has a forename beside the surname of the list, and a day of birth that one may have written
    /// for the other's; of a rare surname whatever the day.
    fn called(&self, surname: Word, slots: &[Slot], found: &mut Vec<Likeness>) {
        let mut called: Vec<(Word, Slot, NaiveDate)> = Vec::new();
        let mut facts = Facts::default();
        for slot in slots {
            if self.index().read(*slot, &mut facts).is_none() {
                continue;
            }
            for told in
                facts.described().filter(|told| told.surnames.iter().any(|(word, _)| *word == surname))
            {
                let born = told.births.first().copied().unwrap_or_default();
                called.extend(told.forenames.iter().map(|(word, _)| (*word, *slot, born)));
            }
        }
        let is_rare = slots.len() <= SINGLE_MAX;
        called.sort_unstable();
        let mut pairs = Vec::new();
        for same in called.chunk_by(|(one, ..), (other, ..)| one == other) {
            for (at, (_, one, born)) in same.iter().enumerate() {
                for (_, other, day) in same.iter().skip(at + 1).filter(|(_, other, _)| other != one) {
                    let level = birth::compare(*born, *day);
                    if is_rare || BirthLevel::Same < level && level <= BirthLevel::NearDays {
                        pairs.push((*one, *other));
                    }
                }
            }
        }
        for (one, other) in once(pairs) {
            if let (Some(one), Some(other)) = (self.member(one), self.member(other))
                && !one.born_with(&other)
            {
                self.compare(&one, &other, found);
            }
        }
    }

    /// Compares whoever shares an identifier. A number that so many bear is a placeholder and nobody's.
    fn identified(&self, slots: &[Slot], found: &mut Vec<Likeness>) {
        let members: Vec<Member> = slots.iter().filter_map(|slot| self.member(*slot)).collect();
        let mut borne: Vec<(Identified, &Member)> = members
            .iter()
            .flat_map(|member| {
                once(member.described().flat_map(identifiers_of).collect())
                    .into_iter()
                    .map(move |told| (told, member))
            })
            .collect();
        borne.sort_by(|(one, _), (other, _)| one.cmp(other));
        for same in
            borne.chunk_by(|(one, _), (other, _)| one == other).filter(|same| same.len() <= SINGLE_MAX)
        {
            for (at, (_, one)) in same.iter().enumerate() {
                for (_, other) in same.iter().skip(at + 1) {
                    self.compare(one, other, found);
                }
            }
        }
    }

    fn compare(&self, one: &Member, other: &Member, found: &mut Vec<Likeness>) {
        let lexicons = &self.index().lexicons;
        let (one, other) = if one.child < other.child { (one, other) } else { (other, one) };
        let mut with =
            self.weighing.weighed(one.known(lexicons), (other.child, other.number), other.known(lexicons));
        let bar = if with.shielded { ASK_SHIELDED } else { LIKELIER_ONE };
        if with.likeness() >= bar || with.pattern.shares_identifier() {
            with.lines = self.weighing.scales.lines(&with.pattern);
            found.push(Likeness { child: one.child, with });
        }
    }
}

impl Member {
    fn described(&self) -> impl Iterator<Item = &Described> {
        [Some(&self.matched.shown), self.matched.hidden.as_ref()].into_iter().flatten()
    }

    /// Tells whether both are on the list of a day.
    fn born_with(&self, other: &Member) -> bool {
        let days = |of: &Described| of.births.iter().map(|born| filed_birth(Some(*born))).collect::<Vec<_>>();
        let others: Vec<u16> = other.described().flat_map(days).collect();
        self.described().flat_map(days).any(|day| others.contains(&day))
    }

    fn known(&self, lexicons: &Lexicons) -> Known<'_> {
        let persons = self.persons.get_or_init(|| Persons {
            shown: self.matched.shown.person(lexicons),
            hidden: self.matched.hidden.as_ref().map(|hidden| hidden.person(lexicons)),
        });
        Known { shown: &persons.shown, hidden: persons.hidden.as_ref() }
    }
}

/// A sound is told from a word by this.
const SOUND: u64 = 1 << 32;

/// Its names and how they sound, as numbers of which no two kinds meet.
fn names_of(described: &Described, lexicons: &Lexicons) -> Vec<u64> {
    let mut names = Vec::new();
    for word in described.forenames.iter().chain(&described.surnames).map(|(word, _)| *word) {
        names.push(u64::from(word.0));
        let spelling = lexicons.names.spelling(word);
        names.extend(spelling.into_iter().flat_map(shared::sounds).map(|sound| SOUND | u64::from(sound)));
    }
    // What one source takes for the first name may be the middle name of another.
    names.extend(described.middles.iter().map(|word| u64::from(word.0)));
    names
}

fn identifiers_of(described: &Described) -> impl Iterator<Item = Identified> {
    let told = described.identifiers.iter().enumerate();
    told.flat_map(|(scheme, told)| told.iter().map(move |signs| (scheme, signs.text())))
}

/// The least that is on both of two lists in order.
fn first_common(one: &[u64], other: &[u64]) -> Option<u64> {
    let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
    loop {
        let (left, right) = (one.peek()?, other.peek()?);
        match left.cmp(right) {
            std::cmp::Ordering::Less => drop(one.next()),
            std::cmp::Ordering::Greater => drop(other.next()),
            std::cmp::Ordering::Equal => return Some(**left),
        }
    }
}

#[cfg(test)]
mod spec;
