//! Which children a description is compared with: those who share two keys with it, or an identifier.
//!
//! The keys are those of matching.md 3.2, read off the lists of the index in place of lists of their own: a name and
//! the day, both names and the year, the postcode, house and street. A list that is too long is not dropped but met
//! with another one, and whoever is read is counted by [`shared`].

pub(crate) mod shared;

use chrono::{Datelike, NaiveDate};
use linkage::person::{Form, Identifier, Name, Person};

use crate::{
    born::filed_birth,
    facts::{Described, Facts, Signs},
    index::Index,
    lexicon::Word,
    postings::Kind,
    table::{Slot, Span, WHOLE},
};
use shared::{Known, Rare, once};

/// Longest list that is read where another can be met with it.
const READ_MAX: usize = 2_000;

/// Longest list of one fact that makes the fact a key by itself.
pub(crate) const SINGLE_MAX: usize = 60;

/// Longest list of a name, the rarer of two, that is met with the other's whatever the year: of two names that are
/// commoner both, their agreement alone is no wonder, and home or day have lists of their own.
const NAME_MAX: usize = 20_000;

/// The children to compare, each once, in the order of their slots.
pub(crate) fn slots(index: &Index, described: &Person) -> Vec<Slot> {
    let known = Known::of(index, described);
    let sounding = |of: &[Name]| {
        let names = &index.lexicons.names;
        let alike = of.iter().flat_map(|name: &Name| names.sounding(&name.spelling));
        once(alike.chain(of.iter().filter_map(|name| names.word(&name.spelling.text))).collect())
    };
    let mut probe = Probe {
        index,
        surname_sounds: sounding(&described.surnames),
        forename_sounds: sounding(&described.forenames),
        known,
        rare: Rare::default(),
        read: Vec::new(),
    };
    for born in &described.births {
        probe.day(*born);
        probe.year(*born);
    }
    probe.places();
    probe.single(&described.surnames);
    probe.names();
    let mut found = probe.chosen();
    found.extend(identified(index, described));
    once(found)
}

/// Who bears an identifier. A number that so many bear is a placeholder and nobody's.
fn identified(index: &Index, described: &Person) -> Vec<Slot> {
    let (mut found, mut facts) = (Vec::new(), Facts::default());
    for scheme in Identifier::ALL {
        for text in described.identifiers.get(scheme as usize).into_iter().flatten() {
            let mut bearers = Vec::new();
            index.postings.of_identifier(scheme as usize, text, &mut bearers);
            let signs = Signs::of(text);
            let bears = |held: &Described| {
                held.identifiers.get(scheme as usize).is_some_and(|held| held.contains(&signs))
            };
            bearers.retain(|slot| index.read(*slot, &mut facts).is_some() && facts.described().any(bears));
            if bearers.len() <= READ_MAX {
                found.extend(bearers);
            }
        }
    }
    found
}

/// What is looked for, and who was read.
struct Probe<'a> {
    index: &'a Index,
    known: Known<'a>,
    rare: Rare,
    /// Words of like sound, themselves included.
    surname_sounds: Vec<Word>,
    forename_sounds: Vec<Word>,
    read: Vec<Slot>,
}

impl Probe<'_> {
    fn count(&self, kind: Kind, key: u32) -> usize {
        self.index.postings.table(kind).count(key, WHOLE)
    }

    fn all(&self, kind: Kind, words: &[Word], span: Span) -> Vec<Slot> {
        let mut found = Vec::new();
        for word in words {
            self.index.postings.table(kind).read(word.0, span, &mut found);
        }
        found
    }

    /// The day of birth, and a name or the street beside it.
    fn day(&mut self, born: NaiveDate) {
        let day = filed_birth(Some(born));
        let sounding = self.surname_sounds.iter().chain(&self.forename_sounds).copied();
        let surnames = once(sounding.clone().collect());
        let forenames = once(sounding.chain(self.known.called.iter().copied()).collect());
        let streets: Vec<Word> = self.known.places.iter().filter_map(|spot| spot.street).collect();
        for (kind, words) in
            [(Kind::Surnames, surnames), (Kind::Forenames, forenames), (Kind::Streets, streets)]
        {
            let born_then = self.all(kind, &words, (day, day));
            self.read.extend(born_then);
        }
        if self.count(Kind::Days, u32::from(day)) <= SINGLE_MAX {
            self.rare.births.push(born);
            self.index.postings.table(Kind::Days).read(u32::from(day), WHOLE, &mut self.read);
        }
    }

    /// Both names, straight or changed about, in the year of birth.
    fn year(&mut self, born: NaiveDate) {
        let first = |year: i32| NaiveDate::from_ymd_opt(year, 1, 1);
        let to = first(born.year() + 1).and_then(|next| next.pred_opt());
        let (Some(from), Some(to)) = (first(born.year()), to) else { return };
        let span = (filed_birth(Some(from)), filed_birth(Some(to)));
        for (one, other) in [(Kind::Forenames, Kind::Surnames), (Kind::Surnames, Kind::Forenames)] {
            let both =
                meet(self.all(one, &self.forename_sounds, span), self.all(other, &self.surname_sounds, span));
            self.read.extend(both);
        }
    }

    /// The home: everyone of the postcode, and of the house in the street.
    fn places(&mut self) {
        for code in self.known.places.iter().filter_map(|spot| spot.code) {
            let codes = self.index.postings.table(Kind::Codes);
            codes.read(code.0, WHOLE, &mut self.read);
            if codes.count(code.0, WHOLE) <= SINGLE_MAX {
                self.rare.codes.push(code);
            }
        }
        let houses = self.known.places.iter().filter(|spot| spot.house.is_some());
        for street in once(houses.filter_map(|spot| spot.street).collect()) {
            let streets = self.index.postings.table(Kind::Streets);
            if streets.count(street.0, WHOLE) <= READ_MAX {
                streets.read(street.0, WHOLE, &mut self.read);
                continue;
            }
            let living = streets.marked(street.0);
            let names = [(Kind::Surnames, &self.known.surnames), (Kind::Forenames, &self.known.forenames)];
            for (kind, words) in names {
                for (word, _) in words {
                    in_both(&living, &self.index.postings.table(kind).marked(word.0), &mut self.read);
                }
            }
        }
    }

    /// Names that are keys by themselves, being rare.
    fn single(&mut self, surnames: &[Name]) {
        let whole = |(word, form): &(Word, Form)| (*form != Form::Part).then_some(*word);
        for word in self.known.surnames.iter().filter_map(whole).collect::<Vec<_>>() {
            if self.count(Kind::Surnames, word.0) <= SINGLE_MAX {
                self.rare.surnames.push(word);
                self.read.extend(self.all(Kind::Surnames, &[word], WHOLE));
            }
        }
        for word in self.known.forenames.iter().map(|(word, _)| *word).collect::<Vec<_>>() {
            if self.count(Kind::Forenames, word.0) <= SINGLE_MAX {
                self.rare.forenames.push(word);
                self.read.extend(self.all(Kind::Forenames, &[word], WHOLE));
            }
        }
        let spelt = surnames.iter().filter(|name| name.form != Form::Part).map(|name| &name.spelling);
        let told: Vec<u32> = once(spelt.flat_map(shared::sounds).collect());
        for sound in told {
            let words: Vec<Word> = self.index.lexicons.names.of_sound(sound);
            if words.iter().map(|word| self.count(Kind::Surnames, word.0)).sum::<usize>() <= SINGLE_MAX {
                self.rare.sounds.push(sound);
                self.read.extend(self.all(Kind::Surnames, &words, WHOLE));
            }
        }
    }

    /// Both names in whatever year.
    fn names(&mut self) {
        for (one, other) in [(Kind::Forenames, Kind::Surnames), (Kind::Surnames, Kind::Forenames)] {
            for (forename, _) in &self.known.forenames {
                for (surname, _) in &self.known.surnames {
                    let bearers = [self.count(one, forename.0), self.count(other, surname.0)];
                    if bearers.iter().all(|bearers| *bearers > NAME_MAX) {
                        continue;
                    }
                    let [one, other] = [(one, forename), (other, surname)]
                        .map(|(kind, word)| self.index.postings.table(kind).marked(word.0));
                    in_both(&one, &other, &mut self.read);
                }
            }
        }
    }

    /// Everyone read who shares enough.
    fn chosen(&mut self) -> Vec<Slot> {
        let mut read = once(std::mem::take(&mut self.read));
        let mut facts = Facts::default();
        let enough = |held: &Described| self.known.shares_enough(&self.rare, held, &self.index.lexicons);
        // What a shielded child hides contains what it shows, but for identifiers.
        read.retain(|slot| self.index.read(*slot, &mut facts).is_some() && facts.described().any(enough));
        read
    }
}

/// Marks of a sieve: 128 KB, which a core's own cache holds.
const SIEVE_BITS: usize = 1 << 20;

/// Who is on both lists. Cost: a nanosecond or two for each of either list; who passes the sieve is sorted.
fn meet(one: Vec<Slot>, other: Vec<Slot>) -> Vec<Slot> {
    if one.is_empty() || other.is_empty() {
        return Vec::new();
    }
    let one = sifted(one, &other);
    let other = once(sifted(other, &one));
    once(one).into_iter().filter(|slot| other.binary_search(slot).is_ok()).collect()
}

/// Those of one list whose mark is one of the other's.
fn sifted(mut one: Vec<Slot>, other: &[Slot]) -> Vec<Slot> {
    let place = |slot: Slot| {
        let bit = slot.0 as usize % SIEVE_BITS;
        (bit / 64, 1_u64 << (bit % 64))
    };
    let mut sieve = vec![0_u64; SIEVE_BITS / 64];
    for slot in other {
        let (at, bit) = place(*slot);
        if let Some(word) = sieve.get_mut(at) {
            *word |= bit;
        }
    }
    one.retain(|slot| {
        let (at, bit) = place(*slot);
        sieve.get(at).is_some_and(|word| word & bit != 0)
    });
    one
}

/// Adds who is on both of two lists in order, by the lower half of each number.
fn in_both(one: &[u64], other: &[u64], found: &mut Vec<Slot>) {
    let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
    while let (Some(left), Some(right)) = (one.peek(), other.peek()) {
        match left.cmp(right) {
            std::cmp::Ordering::Less => drop(one.next()),
            std::cmp::Ordering::Greater => drop(other.next()),
            std::cmp::Ordering::Equal => {
                found.extend(u32::try_from(**left & u64::from(u32::MAX)).map(Slot));
                one.next();
                other.next();
            }
        }
    }
}
