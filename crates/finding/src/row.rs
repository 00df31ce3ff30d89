//! One child as a search judges it: its facts, with each name read as words.

use chrono::NaiveDate;
use vocabulary::{ChildNumber, Gender};

use crate::{
    entry::{NameKind, PlaceKind},
    facts::{Facts, Lexicons, Read, Spot, body},
    lexicon::Word,
    sight::{Field, FieldSet},
};

/// One child's row. Its lists are filled again for the next.
#[derive(Debug, Default)]
pub(crate) struct Row {
    number: u64,
    pub(crate) born: Option<NaiveDate>,
    pub(crate) gender: Option<Gender>,
    pub(crate) names: Vec<HeldName>,
    pub(crate) places: Vec<(PlaceKind, Spot)>,
}

/// One word of a child's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct HeldName {
    pub(crate) word: Word,
    pub(crate) role: NameRole,
    /// Only one part of a compound name.
    pub(crate) part: bool,
    /// Where it comes from.
    pub(crate) kinds: Kinds,
}

/// Which part a word plays in a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NameRole {
    Forename,
    Surname,
    Middle,
}

/// A set of [`NameKind`]s: one word may be in the current name and in a former one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Kinds(u8);

impl Kinds {
    /// Current and known-as.
    pub(crate) const BORNE: Kinds = Kinds(0b011);

    fn one(kind: NameKind) -> Kinds {
        match kind {
            NameKind::Current => Kinds(0b001),
            NameKind::KnownAs => Kinds(0b010),
            NameKind::Former => Kinds(0b100),
            NameKind::Stated => Kinds(0b1000),
        }
    }

    /// The kinds that `fields` make visible.
    pub(crate) fn visible(fields: FieldSet) -> Kinds {
        let when = |field, kind| if fields.has(field) { Kinds::one(kind).0 } else { 0 };
        Kinds(
            when(Field::Name, NameKind::Current)
                | when(Field::KnownAs, NameKind::KnownAs)
                | when(Field::FormerName, NameKind::Former)
                | when(Field::FormerName, NameKind::Stated),
        )
    }

    /// Tells whether the two sets share a kind.
    pub(crate) fn meet(self, other: Kinds) -> bool {
        self.0 & other.0 != 0
    }

    /// Tells whether, of what `visible` shows, only a name that is not borne has it.
    pub(crate) fn only_former(self, visible: Kinds) -> bool {
        self.0 & visible.0 & Kinds::BORNE.0 == 0
    }
}

impl Row {
    /// Reads a child's facts; nobody's where it is not listed.
    pub(crate) fn fill(&mut self, facts: &Facts, lexicons: &Lexicons) {
        self.number = facts.number;
        self.names.clear();
        self.places.clear();
        let Some(listed) = &facts.listed else { return };
        self.born = listed.born;
        self.gender = listed.gender;
        self.places.extend_from_slice(&listed.places);
        for name in &listed.names {
            let kinds = Kinds::one(name.kind);
            for (role, label) in [(NameRole::Forename, name.forename), (NameRole::Surname, name.surname)] {
                let Some(read) = lexicons.written.kept(label) else { continue };
                if let Some(whole) = read.whole {
                    self.tell(HeldName { word: whole, role, part: false, kinds });
                }
                for part in read.parts() {
                    self.tell(HeldName { word: *part, role, part: true, kinds });
                }
            }
            let middle = name.middle.and_then(|middle| lexicons.written.kept(middle));
            for word in middle.into_iter().flat_map(Read::words) {
                self.tell(HeldName { word: *word, role: NameRole::Middle, part: true, kinds });
            }
        }
    }

    /// Every word stands once for its role, with the kinds of name that it is in.
    fn tell(&mut self, told: HeldName) {
        let same =
            |known: &&mut HeldName| (known.word, known.role, known.part) == (told.word, told.role, told.part);
        match self.names.iter_mut().find(same) {
            Some(known) => known.kinds = Kinds(known.kinds.0 | told.kinds.0),
            None => self.names.push(told),
        }
    }

    pub(crate) fn is_number(&self, number: ChildNumber) -> bool {
        self.number == body(number)
    }
}
