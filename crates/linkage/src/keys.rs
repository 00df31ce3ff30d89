//! Blocking keys: what two descriptions of one person very likely share, as numbers.
//!
//! Source: matching.md 3.2. A *sure* key joins two facts, and few people share one; a *single* key is one fact,
//! of use only where it is rare.

use chrono::Datelike;

use crate::{
    nickname,
    person::{Code, Form, Identifier, Person},
    spelling::Spelling,
};

/// The keys of one person; each list sorted, each key once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys {
    /// Of two or more facts, or an identifier.
    pub sure: Vec<u64>,
    /// Of one fact.
    pub single: Vec<u64>,
}

/// Which facts a key is made of: two kinds never meet.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Identifier,
    SurnameBirth,
    SoundBirth,
    ForenameBirth,
    NamesYear,
    SoundsYear,
    Names,
    ForenameCode,
    SurnameCode,
    BirthCode,
    BirthOutcode,
    HouseCode,
    HouseStreet,
    BirthStreet,
    NamesOutcode,
    Surname,
    SurnameSound,
    Forename,
    Birth,
    Code,
}

/// The keys under which a person is listed. Cost: some forty hashes.
pub fn keys(person: &Person) -> Keys {
    make(person, false)
}

/// The keys by which a person is looked for: also under the other names that a forename stands for.
///
/// A list of names in each place would make every index several times as long (matching.md 3.2, key 14).
pub fn probes(person: &Person) -> Keys {
    make(person, true)
}

fn make(person: &Person, nicknames: bool) -> Keys {
    let facts = Facts::of(person, nicknames);
    let mut keys = Keys::default();
    for scheme in Identifier::ALL {
        for value in person.identifiers.get(scheme as usize).into_iter().flatten() {
            keys.sure(Kind::Identifier, &[&[scheme as u8], value.as_bytes()]);
        }
    }
    facts.births(&mut keys);
    facts.names(&mut keys);
    facts.places(&mut keys);
    for list in [&mut keys.sure, &mut keys.single] {
        list.sort_unstable();
        list.dedup();
    }
    keys
}

/// What is joined to keys.
struct Facts<'a> {
    person: &'a Person,
    /// Everything the person may be called: a middle name may be what another source takes for the first.
    called: Vec<&'a str>,
    outcodes: Vec<&'a str>,
}

impl<'a> Facts<'a> {
    fn of(person: &'a Person, nicknames: bool) -> Facts<'a> {
        let mut called: Vec<&str> = Vec::new();
        called.extend(person.forenames.iter().map(|name| &*name.spelling.text));
        called.extend(person.middles.iter().map(|name| &*name.text));
        if nicknames {
            for other in person.forenames.iter().flat_map(|name| nickname::others(&name.spelling.text)) {
                called.push(other);
            }
        }
        let codes = person.places.iter().filter_map(|place| place.postcode.as_ref());
        let outcodes = codes.map(Code::outcode).filter(|outcode| !outcode.is_empty()).collect();
        Facts { person, called, outcodes }
    }

    fn births(&self, keys: &mut Keys) {
        for day in self.person.births.iter().map(|day| day.num_days_from_ce().to_le_bytes()) {
            for surname in &self.person.surnames {
                keys.sure(Kind::SurnameBirth, &[surname.spelling.text.as_bytes(), &day]);
            }
            for name in self.person.surnames.iter().chain(&self.person.forenames) {
                for sound in sounds(&name.spelling) {
                    keys.sure(Kind::SoundBirth, &[&sound, &day]);
                }
            }
            for name in &self.called {
                keys.sure(Kind::ForenameBirth, &[name.as_bytes(), &day]);
            }
            for outcode in &self.outcodes {
                keys.sure(Kind::BirthOutcode, &[outcode.as_bytes(), &day]);
            }
            for place in &self.person.places {
                if let Some(code) = &place.postcode {
                    keys.sure(Kind::BirthCode, &[code.text.as_bytes(), &day]);
                }
                if let Some(street) = &place.street {
                    keys.sure(Kind::BirthStreet, &[street.text.as_bytes(), &day]);
                }
            }
            keys.single(Kind::Birth, &[&day]);
        }
    }

    fn names(&self, keys: &mut Keys) {
        for forename in self.person.forenames.iter().map(|name| &name.spelling) {
            for surname in self.person.surnames.iter().map(|name| &name.spelling) {
                // In one order, whichever stood as the forename.
                let (first, second) = ordered(&forename.text, &surname.text);
                keys.sure(Kind::Names, &[first.as_bytes(), second.as_bytes()]);
                for year in self.person.births.iter().map(|day| day.year().to_le_bytes()) {
                    keys.sure(Kind::NamesYear, &[first.as_bytes(), second.as_bytes(), &year]);
                    for (one, other) in sounds(forename).zip(sounds(surname)) {
                        let (one, other) = if one < other { (one, other) } else { (other, one) };
                        keys.sure(Kind::SoundsYear, &[&one, &other, &year]);
                    }
                }
                for outcode in &self.outcodes {
                    keys.sure(Kind::NamesOutcode, &[first.as_bytes(), second.as_bytes(), outcode.as_bytes()]);
                }
            }
        }
        for name in self.person.surnames.iter().filter(|name| name.form != Form::Part) {
            keys.single(Kind::Surname, &[name.spelling.text.as_bytes()]);
            for sound in sounds(&name.spelling) {
                keys.single(Kind::SurnameSound, &[&sound]);
            }
        }
        for name in &self.person.forenames {
            keys.single(Kind::Forename, &[name.spelling.text.as_bytes()]);
        }
    }

    fn places(&self, keys: &mut Keys) {
        for place in &self.person.places {
            if let Some(code) = &place.postcode {
                for name in &self.called {
                    keys.sure(Kind::ForenameCode, &[name.as_bytes(), code.text.as_bytes()]);
                }
                for surname in &self.person.surnames {
                    keys.sure(Kind::SurnameCode, &[surname.spelling.text.as_bytes(), code.text.as_bytes()]);
                }
                if !code.is_partial() {
                    keys.single(Kind::Code, &[code.text.as_bytes()]);
                }
            }
            let Some(house) = place.house.as_deref() else { continue };
            if let Some(code) = &place.postcode {
                keys.sure(Kind::HouseCode, &[house.as_bytes(), code.text.as_bytes()]);
            }
            if let Some(street) = &place.street {
                keys.sure(Kind::HouseStreet, &[house.as_bytes(), street.text.as_bytes()]);
            }
        }
    }
}

fn ordered<'a>(one: &'a str, other: &'a str) -> (&'a str, &'a str) {
    if one <= other { (one, other) } else { (other, one) }
}

fn sounds(name: &Spelling) -> impl Iterator<Item = [u8; 4]> {
    name.sounds.into_iter().filter(|sound| *sound != 0).map(u32::to_le_bytes)
}

impl Keys {
    fn sure(&mut self, kind: Kind, facts: &[&[u8]]) {
        self.sure.push(hash(kind, facts));
    }

    fn single(&mut self, kind: Kind, facts: &[&[u8]]) {
        self.single.push(hash(kind, facts));
    }
}

/// FNV-1a, then mixed: the same on every machine. Two that collide cost one comparison.
fn hash(kind: Kind, facts: &[&[u8]]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ kind as u64;
    for fact in facts {
        for byte in fact.iter().chain(&[0xff]) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ (hash >> 33)
}
