//! Facts as bytes: about fifty a child.
//!
//! Numbers take as many bytes as they need, seven bits each. What a search and a match share stands once: a place or
//! the day of birth is told the second time by its place among the first, and the words of a name by its text.

mod peeking;

use chrono::{Datelike, NaiveDate};
use linkage::person::Form;
use vocabulary::Gender;

use crate::{
    codes::CodeId,
    entry::{NameKind, PlaceKind},
    facts::{Described, Facts, Lexicons, Listed, Naming, Signs, Spot},
    labels::Label,
    lexicon::Word,
};

pub(crate) use peeking::{forenames, number};

const LISTED: u8 = 1;
const MATCHED: u8 = 2;
const HIDDEN: u8 = 4;
const SHIELDED: u8 = 8;
/// An event archives the record.
const ARCHIVED: u8 = 16;
/// The day of birth is the first that is matched.
const BORN_FIRST: u8 = 32;
const BORN: u8 = 64;
/// The words matched are those of the names as written.
const NAMED: u8 = 128;

/// Days are told from here, 2012-01-01: two bytes hold 22 years about it, three all others.
const DAY_ZERO: i32 = 734_503;

/// A count of so many is told in full elsewhere.
const MANY: u8 = 3;

/// Writes facts at the end of `bytes`.
pub(crate) fn encode(facts: &Facts, lexicons: &Lexicons, bytes: &mut Vec<u8>) {
    let when = |is: bool, bit: u8| if is { bit } else { 0 };
    let listed = facts.listed.as_ref();
    let matched = facts.matched.as_ref();
    let born = listed.and_then(|listed| listed.born);
    let as_first =
        born.is_some() && born == matched.and_then(|matched| matched.shown.births.first().copied());
    let shown = matched.map(|matched| &matched.shown);
    let named = listed.zip(shown).is_some_and(|(entry, shown)| {
        let mut called = Described::default();
        entry.call(lexicons, &mut called);
        shown.is_called_as(&called)
    });
    bytes.push(
        when(named, NAMED)
            | when(listed.is_some(), LISTED)
            | when(matched.is_some(), MATCHED)
            | when(matched.is_some_and(|matched| matched.hidden.is_some()), HIDDEN)
            | when(listed.is_some_and(|listed| listed.shielded), SHIELDED)
            | when(listed.is_some_and(|listed| listed.archived.is_some()), ARCHIVED)
            | when(as_first, BORN_FIRST)
            | when(born.is_some() && !as_first, BORN),
    );
    write(bytes, facts.number);
    if let Some(listed) = listed {
        encode_names(&listed.names, bytes);
    }
    for (place, described) in facts.described().enumerate() {
        encode_described(described, named && place == 0, bytes);
    }
    let Some(listed) = listed else { return };
    let known: &[(Spot, bool)] = shown.map_or(&[], |shown| &shown.places);
    if let Some(born) = born.filter(|_| !as_first) {
        day(bytes, born);
    }
    if let Some(archived) = listed.archived {
        day(bytes, archived);
    }
    write(bytes, u64::from(listed.authority) << 2 | u64::from(gender_code(listed.gender)));
    write(bytes, length(listed.places.len()));
    for (kind, spot) in &listed.places {
        let again = known.iter().position(|(known, _)| known == spot).map_or(0, |place| place + 1);
        write(bytes, length(again) << 1 | u64::from(*kind == PlaceKind::Previous));
        if again == 0 {
            encode_spot(*spot, false, bytes);
        }
    }
}

fn encode_names(names: &[Naming], bytes: &mut Vec<u8>) {
    write(bytes, length(names.len()));
    for name in names {
        let kind = match name.kind {
            NameKind::Current => 0,
            NameKind::KnownAs => 1,
            NameKind::Stated => 2,
            NameKind::Former => 3,
        };
        bytes.push(kind << 1 | u8::from(name.middle.is_some()));
        for label in [Some(name.forename), name.middle, Some(name.surname)].into_iter().flatten() {
            write(bytes, u64::from(label.0));
        }
    }
}

/// Names that are `told` already are left out.
fn encode_described(described: &Described, told: bool, bytes: &mut Vec<u8>) {
    let [nhs, upn, other] = &described.identifiers;
    let few = |length: usize| u8::try_from(length).unwrap_or(MANY).min(MANY);
    let unless_told = |count: usize| if told { 0 } else { count };
    let counts = [
        unless_told(described.forenames.len()),
        unless_told(described.surnames.len()),
        unless_told(described.middles.len()),
        described.births.len(),
        nhs.len(),
        upn.len(),
        other.len(),
    ];
    let [forenames, surnames, middles, births, first, second, third] = counts;
    bytes.push(few(forenames) | few(surnames) << 2 | few(middles) << 4 | few(births) << 6);
    bytes.push(few(first) | few(second) << 2 | few(third) << 4 | gender_code(described.gender) << 6);
    for count in counts.into_iter().filter(|count| *count >= usize::from(MANY)) {
        write(bytes, length(count));
    }
    let names = if told { None } else { Some(described) };
    encode_words(names, bytes);
    described.births.iter().for_each(|born| day(bytes, *born));
    described.identifiers.iter().flatten().for_each(|signs| encode_signs(signs, bytes));
    write(bytes, length(described.places.len()));
    described.places.iter().for_each(|(spot, current)| encode_spot(*spot, *current, bytes));
}

fn encode_words(described: Option<&Described>, bytes: &mut Vec<u8>) {
    let Some(described) = described else { return };
    for (word, form) in described.forenames.iter().chain(&described.surnames) {
        let form = match form {
            Form::Whole => 0,
            Form::Part => 1,
            Form::Other => 2,
        };
        write(bytes, u64::from(word.0) << 2 | form);
    }
    described.middles.iter().for_each(|word| write(bytes, u64::from(word.0)));
}

fn encode_signs(signs: &Signs, bytes: &mut Vec<u8>) {
    match signs {
        Signs::Number { digits, letter } => {
            bytes.push(*letter);
            write(bytes, *digits);
        }
        Signs::Text(text) => {
            bytes.push(u8::MAX);
            write(bytes, length(text.len()));
            bytes.extend_from_slice(text.as_bytes());
        }
    }
}

fn encode_spot(spot: Spot, current: bool, bytes: &mut Vec<u8>) {
    let told = [
        spot.street.map(|word| word.0),
        spot.house.map(|label| label.0),
        spot.town.map(|word| word.0),
        spot.code.map(|code| code.0),
    ];
    let bits = told.iter().fold(u8::from(current), |bits, told| bits << 1 | u8::from(told.is_some()));
    bytes.push(bits);
    told.into_iter().flatten().for_each(|told| write(bytes, u64::from(told)));
}

fn gender_code(gender: Option<Gender>) -> u8 {
    match gender {
        None => 0,
        Some(Gender::Female) => 1,
        Some(Gender::Male) => 2,
        Some(Gender::NotSpecified) => 3,
    }
}

fn length(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn day(bytes: &mut Vec<u8>, day: NaiveDate) {
    let days = day.num_days_from_ce().wrapping_sub(DAY_ZERO);
    // The sign goes to the lowest bit, so that days before are as short as days after.
    write(bytes, u64::from((days << 1 ^ days >> 31).cast_unsigned()));
}

fn write(bytes: &mut Vec<u8>, mut left: u64) {
    loop {
        let low = u8::try_from(left & 0x7f).unwrap_or_default();
        left >>= 7;
        if left == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

/// Reads facts from the start of `bytes` into `facts`, whose lists are used again; answers how many bytes they took.
///
/// Names that are told by those as written are left to [`Facts::name`]: a search does without them.
/// Bytes that end too early read as zeros: rows are written here and checked where they come from a disk.
pub(crate) fn decode(bytes: &[u8], facts: &mut Facts) -> usize {
    let mut reader = Reader(bytes);
    let head = reader.byte();
    facts.number = reader.number();
    facts.named_as_listed = head & NAMED != 0;
    if head & LISTED == 0 {
        facts.listed = None;
    } else {
        reader.names(&mut facts.listed.get_or_insert_default().names);
    }
    if head & MATCHED == 0 {
        facts.matched = None;
    } else {
        let matched = facts.matched.get_or_insert_default();
        reader.described(&mut matched.shown);
        if head & HIDDEN == 0 {
            matched.hidden = None;
        } else {
            reader.described(matched.hidden.get_or_insert_default());
        }
    }
    let Facts { listed, matched, .. } = facts;
    let Some(listed) = listed else { return bytes.len() - reader.0.len() };
    let shown = matched.as_ref().map(|matched| &matched.shown);
    listed.shielded = head & SHIELDED != 0;
    listed.born = match (head & BORN_FIRST, head & BORN) {
        (0, 0) => None,
        (0, _) => reader.day(),
        (_, _) => shown.and_then(|shown| shown.births.first().copied()),
    };
    listed.archived = if head & ARCHIVED == 0 { None } else { reader.day() };
    reader.listed(listed, shown.map_or(&[], |shown| &shown.places));
    bytes.len() - reader.0.len()
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    fn number(&mut self) -> u64 {
        let mut whole = 0_u64;
        for place in 0..10 {
            let byte = self.byte();
            whole |= u64::from(byte & 0x7f).checked_shl(7 * place).unwrap_or_default();
            if byte & 0x80 == 0 {
                break;
            }
        }
        whole
    }

    fn small(&mut self) -> u32 {
        u32::try_from(self.number()).unwrap_or(u32::MAX)
    }

    fn day(&mut self) -> Option<NaiveDate> {
        let coded = self.small();
        let days = (coded >> 1).cast_signed() ^ -(coded & 1).cast_signed();
        NaiveDate::from_num_days_from_ce_opt(days.wrapping_add(DAY_ZERO))
    }

    /// A count: of many, as it stands; never more than the bytes that are left.
    fn count(&mut self, few: u8) -> usize {
        if few < MANY {
            return usize::from(few);
        }
        self.length()
    }

    fn length(&mut self) -> usize {
        usize::try_from(self.number()).unwrap_or(usize::MAX).min(self.0.len())
    }

    fn listed(&mut self, listed: &mut Listed, known: &[(Spot, bool)]) {
        let authority = self.number();
        listed.gender = gender(u8::try_from(authority & 3).unwrap_or_default());
        listed.authority = u32::try_from(authority >> 2).unwrap_or(u32::MAX);
        listed.places.clear();
        for _ in 0..self.length() {
            let bits = self.number();
            let kind = if bits & 1 == 0 { PlaceKind::Current } else { PlaceKind::Previous };
            let again = usize::try_from(bits >> 1).unwrap_or(usize::MAX);
            let spot = match again.checked_sub(1) {
                None => self.spot().0,
                Some(place) => known.get(place).map(|(spot, _)| *spot).unwrap_or_default(),
            };
            listed.places.push((kind, spot));
        }
    }

    fn names(&mut self, names: &mut Vec<Naming>) {
        names.clear();
        for _ in 0..self.length() {
            let bits = self.byte();
            let kind = match bits >> 1 {
                0 => NameKind::Current,
                1 => NameKind::KnownAs,
                2 => NameKind::Stated,
                _ => NameKind::Former,
            };
            names.push(Naming {
                kind,
                forename: Label(self.small()),
                middle: (bits & 1 != 0).then(|| Label(self.small())),
                surname: Label(self.small()),
            });
        }
    }

    fn described(&mut self, into: &mut Described) {
        let (names, rest) = (self.byte(), self.byte());
        let few = |bits: u8, place: u8| bits >> (2 * place) & 3;
        let forenames = self.count(few(names, 0));
        let surnames = self.count(few(names, 1));
        let middles = self.count(few(names, 2));
        let births = self.count(few(names, 3));
        let told = [0, 1, 2].map(|scheme| self.count(few(rest, scheme)));
        into.gender = gender(few(rest, 3));
        into.forenames.clear();
        into.forenames.extend((0..forenames).map(|_| self.named()));
        into.surnames.clear();
        into.surnames.extend((0..surnames).map(|_| self.named()));
        into.middles.clear();
        into.middles.extend((0..middles).map(|_| Word(self.small())));
        into.births.clear();
        into.births.extend((0..births).filter_map(|_| self.day()));
        for (count, held) in told.into_iter().zip(&mut into.identifiers) {
            held.clear();
            held.extend((0..count).map(|_| self.signs()));
        }
        into.places.clear();
        let places = self.length();
        into.places.extend((0..places).map(|_| self.spot()));
    }

    fn named(&mut self) -> (Word, Form) {
        let bits = self.number();
        let form = match bits & 3 {
            0 => Form::Whole,
            1 => Form::Part,
            _ => Form::Other,
        };
        (Word(u32::try_from(bits >> 2).unwrap_or(u32::MAX)), form)
    }

    fn signs(&mut self) -> Signs {
        let letter = self.byte();
        if letter != u8::MAX {
            return Signs::Number { digits: self.number(), letter };
        }
        let length = self.length();
        let (text, rest) = self.0.split_at_checked(length).unwrap_or_default();
        self.0 = rest;
        Signs::Text(String::from_utf8_lossy(text).into())
    }

    fn spot(&mut self) -> (Spot, bool) {
        let bits = self.byte();
        let mut told = |bit: u8| (bits & bit != 0).then(|| self.small());
        let (street, house, town, code) = (told(8), told(4), told(2), told(1));
        let spot = Spot {
            street: street.map(Word),
            house: house.map(Label),
            town: town.map(Word),
            code: code.map(CodeId),
        };
        (spot, bits & 16 != 0)
    }
}

fn gender(code: u8) -> Option<Gender> {
    match code {
        1 => Some(Gender::Female),
        2 => Some(Gender::Male),
        3 => Some(Gender::NotSpecified),
        _ => None,
    }
}
