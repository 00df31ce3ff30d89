//! Which children a described one might be: what the registrar judges on.
//!
//! Source: issue of the registrar and rules.md 2.7: an exact name with date of birth and postcode; else names
//! that sound alike with the same date of birth. Twins share all but the forename, and are not alike unless
//! their forenames are.

use std::fmt;

use chrono::NaiveDate;
use linkage::{normal, resemblance::compare, spelling::Spelling};
use vocabulary::{ChildId, ChildNumber, Postcode};

use crate::{
    postings::{List, Postings, Slot},
    row::{HeldName, Kinds, Lexicons, NameRole, Row},
};

/// A child as a supplier describes it. Prints as `Described(..)`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Described {
    /// The forename.
    pub forename: Option<String>,
    /// What the child is called.
    pub known_as: Option<String>,
    /// The surname.
    pub surname: Option<String>,
    /// A surname of before.
    pub previous_surname: Option<String>,
    /// The date of birth; nobody is alike without.
    pub date_of_birth: Option<NaiveDate>,
    /// The postcode of the address.
    pub postcode: Option<Postcode>,
}

/// One child that the described one might be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// The child.
    pub child: ChildId,
    /// How close.
    pub kind: LikenessKind,
    /// Its record is shielded: a likeness never links to it unseen.
    pub shielded: bool,
}

/// How close a likeness is; closest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LikenessKind {
    /// Forename or known-as, surname, date of birth and a postcode, all equal. Never of a shielded record, whose
    /// postcode may not serve to link (rules.md 2.7).
    ExactNameBirthPostcode,
    /// Forename or known-as, surname and date of birth equal.
    ExactNameBirth,
    /// The same date of birth, and names that sound alike, are one edit apart, changed about, or former.
    SoundsAlikeSameBirth,
}

/// The spellings told of forename or surname: whole names, and the parts of compound ones.
#[derive(Default)]
struct Spellings {
    whole: Vec<Spelling>,
    parts: Vec<Spelling>,
}

pub(crate) fn like<'a>(
    described: &Described,
    lexicons: &Lexicons,
    postings: &Postings,
    row_at: impl Fn(Slot) -> Option<&'a Row>,
) -> Vec<Likeness> {
    let Some(day) = described.date_of_birth else { return Vec::new() };
    let forenames = Spellings::of(&[&described.forename, &described.known_as]);
    let surnames = Spellings::of(&[&described.surname]);
    let former = Spellings::of(&[&described.previous_surname]);
    let told = Told { forenames, surnames, former, postcode: described.postcode.as_ref() };
    let mut found: Vec<(LikenessKind, ChildNumber, Likeness)> = Vec::new();
    for row in postings.shortest(&[List::Day(day)]).into_iter().filter_map(row_at) {
        if let Some(kind) = told.kind(row, lexicons) {
            let shielded = row.entry.stands.shielded;
            found.push((kind, row.entry.number, Likeness { child: row.child, kind, shielded }));
        }
    }
    found.sort_unstable_by_key(|(kind, number, likeness)| (*kind, *number, likeness.child));
    found.into_iter().map(|(_, _, likeness)| likeness).collect()
}

/// What is told, ready to be compared.
struct Told<'a> {
    forenames: Spellings,
    surnames: Spellings,
    former: Spellings,
    postcode: Option<&'a Postcode>,
}

impl Told<'_> {
    fn kind(&self, row: &Row, lexicons: &Lexicons) -> Option<LikenessKind> {
        let same = |asked: &Spellings, role| {
            words(row, role, Kinds::TOLD).filter(|name| !name.part).any(|name| {
                let held = lexicons.names.spelling(name.word);
                held.is_some_and(|held| asked.whole.iter().any(|asked| asked.text == held.text))
            })
        };
        if same(&self.forenames, NameRole::Forename) && same(&self.surnames, NameRole::Surname) {
            let shielded = row.entry.stands.shielded;
            return Some(if !shielded && self.shares_postcode(row) {
                LikenessKind::ExactNameBirthPostcode
            } else {
                LikenessKind::ExactNameBirth
            });
        }
        // A former name of a shielded record counts too: the row waits, and nobody learns why (rules.md 2.7).
        let alike = |asked: &Spellings, role| {
            words(row, role, Kinds::ANY).any(|name| {
                let held = lexicons.names.spelling(name.word);
                held.is_some_and(|held| asked.are_like(held, name.part))
            })
        };
        let straight = alike(&self.forenames, NameRole::Forename)
            && (alike(&self.surnames, NameRole::Surname) || alike(&self.former, NameRole::Surname));
        let about = alike(&self.forenames, NameRole::Surname) && alike(&self.surnames, NameRole::Forename);
        (straight || about).then_some(LikenessKind::SoundsAlikeSameBirth)
    }

    fn shares_postcode(&self, row: &Row) -> bool {
        let Some(asked) = self.postcode else { return false };
        row.entry.places.iter().any(|place| place.postcode.as_ref() == Some(asked))
    }
}

fn words(row: &Row, role: NameRole, kinds: Kinds) -> impl Iterator<Item = &HeldName> {
    row.names.iter().filter(move |name| name.role == role && name.kinds.meet(kinds))
}

impl Spellings {
    fn of(texts: &[&Option<String>]) -> Spellings {
        let mut spellings = Spellings::default();
        for text in texts.iter().copied().flatten() {
            let (whole, parts) = normal::name(text);
            if !whole.is_empty() {
                spellings.whole.push(Spelling::name(&whole));
            }
            spellings.parts.extend(parts.iter().map(|part| Spelling::name(part)));
        }
        spellings
    }

    /// Two whole names may sound alike; a part must be the whole of the other: brothers share parts.
    fn are_like(&self, held: &Spelling, held_is_part: bool) -> bool {
        let same = |asked: &Spelling| asked.text == held.text;
        if held_is_part {
            return self.whole.iter().any(same);
        }
        self.whole.iter().any(|asked| compare(asked, held).is_alike()) || self.parts.iter().any(same)
    }
}

impl fmt::Debug for Described {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Described(..)")
    }
}

#[cfg(test)]
mod spec;
