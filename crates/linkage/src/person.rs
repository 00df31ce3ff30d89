//! A person as descriptions tell of them: every name, day, place and identifier ever told, made comparable.
//!
//! Sets and not single values, since a child is known under several (matching.md 3.1). Prints as `Person(..)`.

use std::fmt;

use chrono::NaiveDate;
use vocabulary::Gender;

use crate::{normal, spelling::Spelling};

/// Forenames that are none: what is written for a child not named yet.
const UNNAMED: &[&str] =
    &["baby", "babyboy", "babygirl", "boy", "girl", "infant", "twin", "unknown", "unnamed", "notknown", "nk"];

/// Words that a forename which is none may be followed by.
const UNNAMED_FOLLOWERS: &[&str] = &["boy", "girl", "of", "one", "two", "1", "2", "a", "b", "i", "ii"];

/// What one source tells of a person, as written; whatever is absent is not known.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// First names.
    pub forename: Option<String>,
    /// Middle names.
    pub middle_names: Option<String>,
    /// Family name.
    pub surname: Option<String>,
    /// What the person is called.
    pub known_as: Option<String>,
    /// A family name of before.
    pub previous_surname: Option<String>,
    /// The day of birth.
    pub date_of_birth: Option<NaiveDate>,
    /// The gender; not specified counts as absent.
    pub gender: Option<Gender>,
    /// Where the person lives.
    pub address: Option<ToldPlace>,
    /// Where the person lived.
    pub previous_address: Option<ToldPlace>,
    /// NHS number, valid.
    pub nhs_number: Option<String>,
    /// Unique pupil number, valid.
    pub upn: Option<String>,
    /// An identifier of any other scheme.
    pub identifier: Option<String>,
    /// What stands for an NHS number and fails its check.
    pub nhs_number_mistyped: Option<String>,
    /// The same for a unique pupil number.
    pub upn_mistyped: Option<String>,
}

/// A place as written.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ToldPlace {
    /// House and street.
    pub line: Option<String>,
    /// Town.
    pub town: Option<String>,
    /// Postcode; one that is not of the United Kingdom is compared as it stands.
    pub postcode: Option<String>,
}

/// A person, comparable. Of two that compare alike the one learnt first counts, so the lists keep their order.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// Every first name.
    pub forenames: Vec<Name>,
    /// Every family name.
    pub surnames: Vec<Name>,
    /// Every middle name, each a word.
    pub middles: Vec<Spelling>,
    /// Every day of birth.
    pub births: Vec<NaiveDate>,
    /// Female or male, where known.
    pub gender: Option<Gender>,
    /// Every place.
    pub places: Vec<Place>,
    /// Every identifier by its scheme, in capitals and digits.
    pub identifiers: [Vec<Box<str>>; Identifier::ALL.len()],
    /// What was written for one and fails its check: nobody is found by it, and it says nothing of anybody but of
    /// whom it is one slip from the number of.
    pub mistyped: [Vec<Box<str>>; Identifier::ALL.len()],
}

/// One name.
#[derive(Clone, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub spelling: Spelling,
    /// Which of the person's it is.
    pub form: Form,
}

/// Which name of a person one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// The name, whole.
    Whole,
    /// One word of a name of several.
    Part,
    /// What the person is called, or a name of before.
    Other,
}

/// Whose identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Identifier {
    /// NHS number.
    Nhs,
    /// Unique pupil number.
    Upn,
    /// Any other.
    Other,
}

impl Identifier {
    /// Every scheme.
    pub const ALL: [Identifier; 3] = [Identifier::Nhs, Identifier::Upn, Identifier::Other];

    /// Tells whether a text that fails the check may be one slip from an identifier, by its length: a sign was
    /// dropped, doubled or changed.
    fn may_be_meant_by(self, mistyped: &str) -> bool {
        let signs: usize = match self {
            Identifier::Nhs => 10,
            Identifier::Upn => 13,
            // It has no check to fail.
            Identifier::Other => return false,
        };
        signs.abs_diff(mistyped.len()) <= 1
    }
}

/// One place.
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    /// The street, in full words.
    pub street: Option<Spelling>,
    /// The house, as in `54b`.
    pub house: Option<Box<str>>,
    /// The town.
    pub town: Option<Spelling>,
    /// The postcode.
    pub postcode: Option<Code>,
    /// The person lives there now.
    pub current: bool,
}

/// A postcode, packed: upper case, no space.
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    /// The signs.
    pub text: Box<str>,
    /// Length of the outcode; 0 when it is not a postcode of the United Kingdom, nor the start of one.
    pub outcode: usize,
    /// Length of the area letters.
    pub area: usize,
}

impl Person {
    /// Reads one description.
    pub fn of(told: &Told) -> Person {
        let mut person = Person::default();
        person.learn(told);
        person
    }

    /// Adds what another source, or the same one later, tells of the same person.
    pub fn learn(&mut self, told: &Told) {
        if let Some(text) = told.forename.as_deref() {
            self.learn_forename(text);
        }
        for word in told.middle_names.as_deref().map(normal::words).unwrap_or_default() {
            add(&mut self.middles, Spelling::name(&word));
        }
        if let Some(text) = told.known_as.as_deref() {
            for word in [normal::name(text).0].into_iter().filter(|word| !word.is_empty()) {
                learn_name(&mut self.forenames, &word, Form::Other);
            }
        }
        for (text, form) in [(&told.surname, Form::Whole), (&told.previous_surname, Form::Other)] {
            let Some(text) = text else { continue };
            let (whole, parts) = normal::name(text);
            learn_name(&mut self.surnames, &whole, form);
            for part in parts {
                learn_name(&mut self.surnames, &part, Form::Part);
            }
        }
        if let Some(day) = told.date_of_birth {
            add(&mut self.births, day);
        }
        self.gender = told.gender.filter(|gender| *gender != Gender::NotSpecified).or(self.gender);
        for (place, current) in [(&told.address, true), (&told.previous_address, false)] {
            if let Some(place) = place.as_ref().and_then(|place| Place::of(place, current)) {
                add(&mut self.places, place);
            }
        }
        let identifiers = [&told.nhs_number, &told.upn, &told.identifier];
        for (held, identifier) in self.identifiers.iter_mut().zip(identifiers) {
            if let Some(packed) = identifier.as_deref().map(packed).filter(|packed| !packed.is_empty()) {
                add(held, packed.into_boxed_str());
            }
        }
        for (scheme, text) in
            [(Identifier::Nhs, &told.nhs_number_mistyped), (Identifier::Upn, &told.upn_mistyped)]
        {
            let near = text.as_deref().map(packed).filter(|packed| scheme.may_be_meant_by(packed));
            if let (Some(packed), Some(held)) = (near, self.mistyped.get_mut(scheme as usize)) {
                add(held, packed.into_boxed_str());
            }
        }
    }

    fn learn_forename(&mut self, text: &str) {
        let mut words = normal::words(text);
        if is_unnamed(&words) {
            return;
        }
        learn_name(&mut self.forenames, &words.concat(), Form::Whole);
        if words.len() < 2 {
            return;
        }
        let first = words.remove(0);
        learn_name(&mut self.forenames, &first, Form::Part);
        for word in words {
            add(&mut self.middles, Spelling::name(&word));
        }
    }
}

/// Tells whether a forename as written is none, as in `Baby Girl` or `unknown`.
pub fn is_placeholder(forename: &str) -> bool {
    is_unnamed(&normal::words(forename))
}

/// Tells whether a forename is a placeholder.
fn is_unnamed(words: &[String]) -> bool {
    match words {
        [] => true,
        [first, rest @ ..] => {
            UNNAMED.contains(&words.concat().as_str())
                || UNNAMED.contains(&first.as_str())
                    && rest.iter().all(|word| UNNAMED_FOLLOWERS.contains(&word.as_str()))
        }
    }
}

/// Capitals and digits alone.
fn packed(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|sign| sign.to_ascii_uppercase()).collect()
}

fn learn_name(names: &mut Vec<Name>, text: &str, form: Form) {
    if text.is_empty() {
        return;
    }
    match names.iter_mut().find(|name| *name.spelling.text == *text) {
        Some(known) => known.form = known.form.min(form),
        None => names.push(Name { spelling: Spelling::name(text), form }),
    }
}

fn add<T: PartialEq>(set: &mut Vec<T>, one: T) {
    if !set.contains(&one) {
        set.push(one);
    }
}

impl Place {
    fn of(told: &ToldPlace, current: bool) -> Option<Place> {
        let (street, house) = told.line.as_deref().map(normal::street).unwrap_or_default();
        let town = told.town.as_deref().map(normal::town).unwrap_or_default();
        let spelt = |text: String| (!text.is_empty()).then(|| Spelling::place(&text));
        let place = Place {
            street: spelt(street),
            house: house.map(String::into_boxed_str),
            town: spelt(town),
            postcode: told.postcode.as_deref().and_then(Code::of),
            current,
        };
        let something = place.street.is_some()
            || place.house.is_some()
            || place.town.is_some()
            || place.postcode.is_some();
        something.then_some(place)
    }
}

impl Code {
    /// Reads a postcode as written; one that is not of the United Kingdom stands as it is.
    pub fn of(text: &str) -> Option<Code> {
        let packed = packed(text);
        if packed.is_empty() {
            return None;
        }
        let letters = packed.bytes().take_while(u8::is_ascii_uppercase).count();
        let outcode = match packed.parse::<vocabulary::Postcode>() {
            Ok(whole) => whole.outcode().len(),
            Err(_) if vocabulary::place::is_outcode(&packed) => packed.len(),
            Err(_) => 0,
        };
        let area = if outcode == 0 { 0 } else { letters };
        Some(Code { text: packed.into_boxed_str(), outcode, area })
    }

    /// The outcode, as in `N17`; empty where it is none.
    pub fn outcode(&self) -> &str {
        self.text.get(..self.outcode).unwrap_or_default()
    }

    pub(crate) fn area(&self) -> &str {
        self.text.get(..self.area).unwrap_or_default()
    }

    /// Only the outcode was told.
    pub(crate) fn is_partial(&self) -> bool {
        self.outcode == self.text.len()
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Name(..)")
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Place(..)")
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Code(..)")
    }
}

impl fmt::Debug for Told {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Told(..)")
    }
}

impl fmt::Debug for ToldPlace {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("ToldPlace(..)")
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Person(..)")
    }
}
