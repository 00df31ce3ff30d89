//! One child as the tables hold it: the entry, and its texts as words of the lexicons.

use chrono::NaiveDate;
use linkage::{normal, spelling::Spelling};
use vocabulary::ChildId;

use crate::{
    entry::{Entry, NameKind, PlaceKind},
    lexicon::{Lexicon, Word},
    sight::{Field, FieldSet},
};

/// The three tables of words.
#[derive(Debug, Default)]
pub(crate) struct Lexicons {
    pub(crate) names: Lexicon,
    pub(crate) streets: Lexicon,
    pub(crate) towns: Lexicon,
}

#[cfg(test)]
impl Lexicons {
    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty() && self.streets.is_empty() && self.towns.is_empty()
    }
}

/// One child's row.
pub(crate) struct Row {
    pub(crate) child: ChildId,
    pub(crate) entry: Entry,
    pub(crate) names: Box<[HeldName]>,
    pub(crate) places: Box<[HeldPlace]>,
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

/// One place of a child, in the order of the entry's places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeldPlace {
    pub(crate) kind: PlaceKind,
    pub(crate) street: Option<Word>,
    pub(crate) house: Option<Box<str>>,
    pub(crate) town: Option<Word>,
}

impl Row {
    /// Takes the entry's texts into the lexicons.
    pub(crate) fn take(lexicons: &mut Lexicons, child: ChildId, entry: Entry) -> Row {
        let names = names(&mut lexicons.names, &entry);
        let places = entry.places.iter().map(|place| {
            let (street, house) = place.street.as_deref().map(normal::street).unwrap_or_default();
            let town = place.town.as_deref().map(normal::town).unwrap_or_default();
            HeldPlace {
                kind: place.kind,
                street: word(&mut lexicons.streets, &street),
                house: house.map(String::into_boxed_str),
                town: word(&mut lexicons.towns, &town),
            }
        });
        let places = places.collect();
        Row { child, entry, names, places }
    }

    /// Gives the words back.
    pub(crate) fn release(&self, lexicons: &mut Lexicons) {
        for name in &self.names {
            lexicons.names.release(name.word);
        }
        for place in &self.places {
            if let Some(street) = place.street {
                lexicons.streets.release(street);
            }
            if let Some(town) = place.town {
                lexicons.towns.release(town);
            }
        }
    }

    pub(crate) fn born(&self) -> Option<NaiveDate> {
        self.entry.date_of_birth
    }
}

fn word(lexicon: &mut Lexicon, text: &str) -> Option<Word> {
    if text.is_empty() { None } else { Some(lexicon.take(text, Spelling::place)) }
}

/// Every word of every name, each once for its role, with the kinds of name that it is in.
fn names(lexicon: &mut Lexicon, entry: &Entry) -> Box<[HeldName]> {
    let mut told: Vec<(NameRole, bool, String, Kinds)> = Vec::new();
    let mut tell = |role, part, text: String, kinds: Kinds| {
        let known = told.iter_mut().find(|known| (known.0, known.1, &known.2) == (role, part, &text));
        match known {
            Some(known) => known.3 = Kinds(known.3.0 | kinds.0),
            None if text.is_empty() => (),
            None => told.push((role, part, text, kinds)),
        }
    };
    for name in &entry.names {
        let kinds = Kinds::one(name.kind);
        for (role, text) in [(NameRole::Forename, &name.forename), (NameRole::Surname, &name.surname)] {
            let (whole, parts) = normal::name(text);
            tell(role, false, whole, kinds);
            for part in parts {
                tell(role, true, part, kinds);
            }
        }
        for middle in name.middle.as_deref().map(normal::words).unwrap_or_default() {
            tell(NameRole::Middle, true, middle, kinds);
        }
    }
    told.into_iter()
        .map(|(role, part, text, kinds)| HeldName {
            word: lexicon.take(&text, Spelling::name),
            role,
            part,
            kinds,
        })
        .collect()
}
