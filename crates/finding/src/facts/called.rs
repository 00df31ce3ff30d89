//! The names of a description, read off the names as written: most children are told of so, and need no second list.

use linkage::person::Form;

use super::{Described, Lexicons, Listed, Read};
use crate::{entry::NameKind, lexicon::Word};

impl Listed {
    /// Gives a description the names that it would have, had one source told of these all.
    pub(crate) fn call(&self, lexicons: &Lexicons, called: &mut Described) {
        called.forenames.clear();
        called.surnames.clear();
        called.middles.clear();
        let read = |label| lexicons.written.kept(label);
        for name in &self.names {
            let (forename, middle) = (read(name.forename), name.middle.and_then(read));
            match (name.kind, forename) {
                (NameKind::Current, Some(forename)) if forename.names => {
                    forename.whole.iter().for_each(|whole| learn(&mut called.forenames, *whole, Form::Whole));
                    if let [first, _, ..] = *forename.words() {
                        learn(&mut called.forenames, first, Form::Part);
                    }
                    forename.words().iter().skip(1).for_each(|word| learn_middle(&mut called.middles, *word));
                }
                (NameKind::KnownAs, Some(known_as)) => {
                    known_as.whole.iter().for_each(|whole| learn(&mut called.forenames, *whole, Form::Other));
                }
                (NameKind::Current | NameKind::KnownAs | NameKind::Stated | NameKind::Former, _) => (),
            }
            let words = middle.into_iter().flat_map(Read::words);
            words.for_each(|word| learn_middle(&mut called.middles, *word));
            let form = match name.kind {
                NameKind::Current | NameKind::KnownAs => Form::Whole,
                NameKind::Stated | NameKind::Former => Form::Other,
            };
            let Some(surname) = read(name.surname) else { continue };
            surname.whole.iter().for_each(|whole| learn(&mut called.surnames, *whole, form));
            surname.parts().iter().for_each(|part| learn(&mut called.surnames, *part, Form::Part));
        }
    }
}

impl Described {
    /// Tells whether another has the same names, in the same order.
    pub(crate) fn is_called_as(&self, other: &Described) -> bool {
        (&self.forenames, &self.surnames, &self.middles)
            == (&other.forenames, &other.surnames, &other.middles)
    }
}

fn learn(names: &mut Vec<(Word, Form)>, word: Word, form: Form) {
    match names.iter_mut().find(|(known, _)| *known == word) {
        Some((_, known)) => *known = (*known).min(form),
        None => names.push((word, form)),
    }
}

fn learn_middle(middles: &mut Vec<Word>, word: Word) {
    if !middles.contains(&word) {
        middles.push(word);
    }
}
