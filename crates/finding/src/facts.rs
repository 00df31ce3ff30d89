//! What is known of one child, in numbers: every text is a word, a label or a postcode of the lexicons.
//!
//! Two halves, either of which may be missing: what the child is found by in a search, and what descriptions are
//! matched with. Each half says for itself which field a fact comes from; what they share is stored once.

mod called;
mod signs;
mod stored;

use chrono::NaiveDate;
use linkage::{
    normal,
    person::{Form, Identifier, Name, Person, Place as Lived, Told},
    resemblance::Comparer,
    spelling::Spelling,
};
use vocabulary::{ChildNumber, Gender, OrganisationId};

use crate::{
    codes::{CodeId, Codes, Packed},
    entry::{Entry, NameKind, Place, PlaceKind, Stands},
    labels::{Label, Labels},
    lexicon::{Lexicon, Word, heap},
    matcher::Held,
};

pub(crate) use signs::Signs;

/// The tables of texts.
#[derive(Debug, Default)]
pub(crate) struct Lexicons {
    pub(crate) names: Lexicon,
    pub(crate) streets: Lexicon,
    pub(crate) towns: Lexicon,
    /// Names as written, each with the words it is read as.
    pub(crate) written: Labels<Read>,
    pub(crate) houses: Labels<()>,
    pub(crate) authorities: Labels<Option<OrganisationId>>,
    pub(crate) codes: Codes,
}

/// The words of a name as written.
#[derive(Debug)]
pub(crate) struct Read {
    /// The whole as one word.
    pub(crate) whole: Option<Word>,
    /// What is told of a name of several words.
    several: Option<Box<Several>>,
    /// As a forename it names somebody, and is not what is written for a child without a name.
    pub(crate) names: bool,
}

/// The words of a name of several.
#[derive(Debug)]
struct Several {
    parts: Box<[Word]>,
    words: Box<[Word]>,
}

/// One child.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// The child number without its check digit.
    pub(crate) number: u64,
    /// The names matched are still to be read off those as written.
    pub(crate) named_as_listed: bool,
    pub(crate) listed: Option<Listed>,
    pub(crate) matched: Option<Matched>,
}

/// What a child is found by in a search.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) born: Option<NaiveDate>,
    pub(crate) gender: Option<Gender>,
    pub(crate) shielded: bool,
    pub(crate) archived: Option<NaiveDate>,
    pub(crate) authority: u32,
    pub(crate) names: Vec<Naming>,
    pub(crate) places: Vec<(PlaceKind, Spot)>,
}

/// One name as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Naming {
    pub(crate) kind: NameKind,
    pub(crate) forename: Label,
    pub(crate) middle: Option<Label>,
    pub(crate) surname: Label,
}

/// One place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) street: Option<Word>,
    pub(crate) house: Option<Label>,
    pub(crate) town: Option<Word>,
    pub(crate) code: Option<CodeId>,
}

/// What descriptions are matched with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Matched {
    pub(crate) shown: Described,
    pub(crate) hidden: Option<Described>,
}

/// A [`Person`] in numbers, its lists in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Described {
    pub(crate) forenames: Vec<(Word, Form)>,
    pub(crate) surnames: Vec<(Word, Form)>,
    pub(crate) middles: Vec<Word>,
    pub(crate) births: Vec<NaiveDate>,
    pub(crate) gender: Option<Gender>,
    pub(crate) places: Vec<(Spot, bool)>,
    pub(crate) identifiers: [Vec<Signs>; Identifier::ALL.len()],
}

/// A child number without its check digit.
pub(crate) fn body(number: ChildNumber) -> u64 {
    number.as_u64() / 10
}

impl Read {
    /// Those that can stand alone.
    pub(crate) fn parts(&self) -> &[Word] {
        self.several.as_ref().map_or(&[], |several| &several.parts)
    }

    /// Every one, for a middle name.
    pub(crate) fn words(&self) -> &[Word] {
        self.several.as_ref().map_or(self.whole.as_slice(), |several| &several.words)
    }
}

impl Facts {
    pub(crate) fn child_number(&self) -> ChildNumber {
        ChildNumber::from_draw(self.number)
    }

    /// Reads the names matched off those as written, where they are told so.
    pub(crate) fn name(&mut self, lexicons: &Lexicons) {
        if let (true, Some(listed), Some(matched)) = (self.named_as_listed, &self.listed, &mut self.matched) {
            listed.call(lexicons, &mut matched.shown);
        }
        self.named_as_listed = false;
    }

    /// Every description that is matched, the shown one first.
    pub(crate) fn described(&self) -> impl Iterator<Item = &Described> {
        self.matched.iter().flat_map(|matched| [Some(&matched.shown), matched.hidden.as_ref()]).flatten()
    }
}

impl Listed {
    /// Takes an entry's texts into the lexicons.
    pub(crate) fn take(lexicons: &mut Lexicons, entry: &Entry) -> Listed {
        let authority = entry.stands.authority.as_str();
        Listed {
            born: entry.date_of_birth,
            gender: entry.gender,
            shielded: entry.stands.shielded,
            archived: entry.stands.archived,
            authority: lexicons.authorities.take(authority, || Some(entry.stands.authority.clone())).0,
            names: entry
                .names
                .iter()
                .map(|name| Naming {
                    kind: name.kind,
                    forename: written(lexicons, &name.forename),
                    middle: name.middle.as_deref().map(|middle| written(lexicons, middle)),
                    surname: written(lexicons, &name.surname),
                })
                .collect(),
            places: entry.places.iter().map(|place| (place.kind, spot(lexicons, place))).collect(),
        }
    }

    /// Gives the texts back.
    pub(crate) fn release(&self, lexicons: &mut Lexicons) {
        lexicons.authorities.release(Label(self.authority));
        for name in &self.names {
            for label in [Some(name.forename), name.middle, Some(name.surname)].into_iter().flatten() {
                let Some(read) = lexicons.written.release(label) else { continue };
                for word in read.whole.iter().chain(read.parts()).chain(read.words()) {
                    lexicons.names.release(*word);
                }
            }
        }
        self.places.iter().for_each(|(_, spot)| spot.release(lexicons));
    }

    pub(crate) fn stands(&self, lexicons: &Lexicons) -> Stands {
        Stands {
            shielded: self.shielded,
            archived: self.archived,
            authority: self.authority(lexicons).clone(),
        }
    }

    pub(crate) fn authority<'a>(&self, lexicons: &'a Lexicons) -> &'a OrganisationId {
        let kept = lexicons.authorities.kept(Label(self.authority)).and_then(Option::as_ref);
        kept.unwrap_or(&OrganisationId::NATIONAL_POOL)
    }
}

fn written(lexicons: &mut Lexicons, text: &str) -> Label {
    let names = &mut lexicons.names;
    lexicons.written.take(text, || {
        let (whole, parts) = normal::name(text);
        let mut word = |read: &str| names.take(read, Spelling::name);
        let words = normal::words(text);
        let whole_word = (!whole.is_empty()).then(|| word(&whole));
        let several = (words != [whole.as_str()]).then(|| {
            let parts = parts.iter().map(|part| word(part)).collect();
            Box::new(Several { parts, words: words.iter().map(|part| word(part)).collect() })
        });
        if several.is_none() {
            // Its one word is the whole once more, and is given back as often.
            word(&whole);
        }
        Read {
            whole: whole_word,
            several,
            names: !Person::of(&Told { forename: Some(text.to_owned()), ..Told::default() })
                .forenames
                .is_empty(),
        }
    })
}

fn spot(lexicons: &mut Lexicons, place: &Place) -> Spot {
    let (street, house) = place.street.as_deref().map(normal::street).unwrap_or_default();
    let town = place.town.as_deref().map(normal::town).unwrap_or_default();
    let code = place.postcode.as_ref().and_then(Packed::of_postcode);
    Spot {
        street: word(&mut lexicons.streets, &street),
        house: house.map(|house| lexicons.houses.take(&house, || ())),
        town: word(&mut lexicons.towns, &town),
        code: code.map(|code| lexicons.codes.take(code)),
    }
}

fn word(lexicon: &mut Lexicon, text: &str) -> Option<Word> {
    if text.is_empty() { None } else { Some(lexicon.take(text, Spelling::place)) }
}

impl Spot {
    fn release(self, lexicons: &mut Lexicons) {
        if let Some(street) = self.street {
            lexicons.streets.release(street);
        }
        if let Some(house) = self.house {
            lexicons.houses.release(house);
        }
        if let Some(town) = self.town {
            lexicons.towns.release(town);
        }
        if let Some(code) = self.code {
            lexicons.codes.release(code);
        }
    }
}

impl Matched {
    pub(crate) fn take(lexicons: &mut Lexicons, held: &Held) -> Matched {
        Matched {
            shown: Described::take(lexicons, &held.shown),
            hidden: held.hidden.as_ref().map(|hidden| Described::take(lexicons, hidden)),
        }
    }

    pub(crate) fn release(&self, lexicons: &mut Lexicons) {
        for described in [Some(&self.shown), self.hidden.as_ref()].into_iter().flatten() {
            described.release(lexicons);
        }
    }
}

impl Described {
    fn take(lexicons: &mut Lexicons, person: &Person) -> Described {
        let names = &mut lexicons.names;
        let mut word = |spelling: &Spelling| names.take_spelt(spelling);
        let mut borne = |of: &[Name]| of.iter().map(|name| (word(&name.spelling), name.form)).collect();
        let (forenames, surnames) = (borne(&person.forenames), borne(&person.surnames));
        let middles = person.middles.iter().map(&mut word).collect();
        let mut lived = |place: &Lived| Spot {
            street: place.street.as_ref().map(|street| lexicons.streets.take_spelt(street)),
            house: place.house.as_ref().map(|house| lexicons.houses.take(house, || ())),
            town: place.town.as_ref().map(|town| lexicons.towns.take_spelt(town)),
            code: place.postcode.as_ref().and_then(Packed::of_code).map(|code| lexicons.codes.take(code)),
        };
        Described {
            forenames,
            surnames,
            middles,
            births: person.births.clone(),
            gender: person.gender,
            places: person.places.iter().map(|place| (lived(place), place.current)).collect(),
            identifiers: person
                .identifiers
                .each_ref()
                .map(|told| told.iter().map(|text| Signs::of(text)).collect()),
        }
    }

    fn release(&self, lexicons: &mut Lexicons) {
        let named = self.forenames.iter().chain(&self.surnames).map(|(word, _)| word);
        for word in named.chain(&self.middles) {
            lexicons.names.release(*word);
        }
        self.places.iter().for_each(|(spot, _)| spot.release(lexicons));
    }

    /// The person again, as it was taken. Cost: a dozen small allocations; no text is read anew.
    pub(crate) fn person(&self, lexicons: &Lexicons) -> Person {
        let spelt = |lexicon: &Lexicon, word: Word| lexicon.spelling(word).cloned();
        let named = |of: &[(Word, Form)]| {
            let spelt = of.iter().map(|(word, form)| Some((spelt(&lexicons.names, *word)?, *form)));
            spelt.flatten().map(|(spelling, form)| Name { spelling, form }).collect()
        };
        Person {
            forenames: named(&self.forenames),
            surnames: named(&self.surnames),
            middles: self.middles.iter().filter_map(|word| spelt(&lexicons.names, *word)).collect(),
            births: self.births.clone(),
            gender: self.gender,
            places: self
                .places
                .iter()
                .map(|(spot, current)| Lived {
                    street: spot.street.and_then(|word| spelt(&lexicons.streets, word)),
                    house: spot.house.map(|house| lexicons.houses.text(house).into()),
                    town: spot.town.and_then(|word| spelt(&lexicons.towns, word)),
                    postcode: spot.code.map(|code| lexicons.codes.code(code).to_code()),
                    current: *current,
                })
                .collect(),
            identifiers: self.identifiers.each_ref().map(|told| told.iter().map(Signs::text).collect()),
            // A directory takes no row with a number that fails its check.
            mistyped: Default::default(),
        }
    }
}

impl Lexicons {
    /// The streets near one.
    pub(crate) fn near_streets(&self, street: &Comparer) -> Vec<Word> {
        self.streets.near(street).iter().map(|(word, _)| *word).collect()
    }

    /// Packs everything after many children were put in.
    pub(crate) fn loaded(&mut self) {
        for lexicon in [&mut self.names, &mut self.streets, &mut self.towns] {
            lexicon.loaded();
        }
        self.written.loaded();
        self.houses.loaded();
        self.codes.loaded();
    }

    /// The bytes of each table, by estimate.
    pub(crate) fn sizes(&self) -> Vec<(&'static str, usize)> {
        let of_words = |words: &[Word]| if words.is_empty() { 0 } else { heap(size_of_val(words)) };
        let of_several = |several: &Several| {
            heap(size_of::<Several>()) + of_words(&several.parts) + of_words(&several.words)
        };
        let of_read = |read: &Read| read.several.as_deref().map_or(0, of_several);
        let [names, near_names] = self.names.sizes();
        let [streets, near_streets] = self.streets.sizes();
        vec![
            ("words of names", names),
            ("near names", near_names),
            ("words of streets", streets),
            ("near streets", near_streets),
            ("towns", self.towns.sizes().into_iter().sum()),
            ("names as written", self.written.size(of_read)),
            ("houses", self.houses.size(|()| 0)),
            ("postcodes", self.codes.size()),
        ]
    }
}

#[cfg(test)]
impl Lexicons {
    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty()
            && self.streets.is_empty()
            && self.towns.is_empty()
            && self.written.is_empty()
            && self.houses.is_empty()
            && self.authorities.is_empty()
            && self.codes.is_empty()
    }
}
