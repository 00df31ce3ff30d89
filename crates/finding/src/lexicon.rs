//! The words in use: every distinct name or street once, with tables that find those near another.
//!
//! Fuzzy work is done on words and never on children (house.md 4.7): a few hundred thousand words stand for
//! twelve million children. One edit is found through a table of delete-one forms, the first letter included;
//! sounds through their keys; starts through the order of the words.

use linkage::{
    nickname,
    resemblance::{EDITED_LETTERS_MIN, START_LETTERS_MIN, compare},
    spelling::Spelling,
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Bound,
    sync::Arc,
};

/// A word's number. It never orders a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Word(pub(crate) u32);

/// Every distinct word in use.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    by_text: HashMap<Arc<str>, Word>,
    /// The same in the order of the texts.
    in_order: BTreeMap<Arc<str>, Word>,
    words: Vec<Held>,
    free: Vec<Word>,
    /// Hash of a word with one letter left out, or of the whole word. A false friend is compared and dropped.
    deletions: BTreeSet<(u32, Word)>,
    sounds: BTreeSet<(u32, Word)>,
}

#[derive(Debug)]
struct Held {
    spelling: Spelling,
    uses: u32,
}

impl Lexicon {
    /// Counts one more use of a word, taking it in when it is new.
    pub(crate) fn take(&mut self, text: &str, read: fn(&str) -> Spelling) -> Word {
        self.used(text).unwrap_or_else(|| self.add(read(text)))
    }

    /// The same for a word that is spelt already.
    pub(crate) fn take_spelt(&mut self, spelling: &Spelling) -> Word {
        self.used(&spelling.text).unwrap_or_else(|| self.add(spelling.clone()))
    }

    fn used(&mut self, text: &str) -> Option<Word> {
        let word = self.by_text.get(text).copied()?;
        self.held_mut(word)?.uses += 1;
        Some(word)
    }

    fn add(&mut self, spelling: Spelling) -> Word {
        let held = Held { spelling, uses: 1 };
        let word =
            self.free.pop().unwrap_or_else(|| Word(u32::try_from(self.words.len()).unwrap_or(u32::MAX)));
        self.by_text.insert(Arc::clone(&held.spelling.text), word);
        self.in_order.insert(Arc::clone(&held.spelling.text), word);
        self.deletions.extend(deletions(&held.spelling).map(|key| (key, word)));
        self.sounds.extend(keys(&held.spelling).map(|key| (key, word)));
        match self.held_mut(word) {
            Some(place) => *place = held,
            None => self.words.push(held),
        }
        word
    }

    /// Counts one use less, forgetting the word after the last.
    pub(crate) fn release(&mut self, word: Word) {
        let Some(held) = self.held_mut(word) else { return };
        assert!(held.uses > 0, "a word is released as often as it was taken");
        held.uses -= 1;
        if held.uses > 0 {
            return;
        }
        let spelling = held.spelling.clone();
        self.by_text.remove(&spelling.text);
        self.in_order.remove(&spelling.text);
        for key in deletions(&spelling) {
            self.deletions.remove(&(key, word));
        }
        for key in keys(&spelling) {
            self.sounds.remove(&(key, word));
        }
        self.free.push(word);
    }

    /// How a word is spelt.
    pub(crate) fn spelling(&self, word: Word) -> Option<&Spelling> {
        self.words.get(word.0 as usize).map(|held| &held.spelling)
    }

    /// The word of exactly this text.
    pub(crate) fn word(&self, text: &str) -> Option<Word> {
        self.by_text.get(text).copied()
    }

    /// Every word that sounds like one, itself included.
    pub(crate) fn sounding<'a>(&'a self, spelling: &'a Spelling) -> impl Iterator<Item = Word> + 'a {
        keys(spelling).flat_map(|key| of_key(&self.sounds, key))
    }

    /// Every word that has a sound.
    pub(crate) fn of_sound(&self, sound: u32) -> impl Iterator<Item = Word> {
        of_key(&self.sounds, sound)
    }

    /// Every word that begins with `start`, in the order of their texts.
    pub(crate) fn starting<'a>(&'a self, start: &'a str) -> impl Iterator<Item = Word> + 'a {
        self.in_order
            .range::<str, _>((Bound::Included(start), Bound::Unbounded))
            .take_while(move |(text, _)| text.starts_with(start))
            .map(|(_, word)| *word)
    }

    /// Every word near `asked`: nicknames, one edit, like sound, start of one another, the same.
    pub(crate) fn near(&self, asked: &Spelling) -> Vec<Word> {
        let mut found: Vec<Word> = Vec::new();
        for key in deletions(asked) {
            found.extend(of_key(&self.deletions, key));
        }
        for key in keys(asked) {
            found.extend(of_key(&self.sounds, key));
        }
        found.extend(self.word(&asked.text));
        found.extend(nickname::others(&asked.text).filter_map(|name| self.word(name)));
        if asked.letters >= START_LETTERS_MIN {
            found.extend(self.starting(&asked.text));
        }
        // The starts of what is asked: a name cut short, or an initial held for a forename.
        for (letters, (end, letter)) in asked.text.char_indices().enumerate() {
            let start = asked.text.get(..end + letter.len_utf8()).unwrap_or_default();
            if letters == 0 || letters + 1 >= START_LETTERS_MIN {
                found.extend(self.word(start));
            }
        }
        found.sort_unstable();
        found.dedup();
        found.retain(|word| self.spelling(*word).is_some_and(|held| compare(asked, held).is_near()));
        found
    }

    /// Tells whether no word is held in any table.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.by_text.is_empty() && self.deletions.is_empty() && self.sounds.is_empty()
    }

    fn held_mut(&mut self, word: Word) -> Option<&mut Held> {
        self.words.get_mut(word.0 as usize)
    }
}

fn of_key(table: &BTreeSet<(u32, Word)>, key: u32) -> impl Iterator<Item = Word> {
    table.range((key, Word(0))..=(key, Word(u32::MAX))).map(|(_, word)| *word)
}

fn keys(spelling: &Spelling) -> impl Iterator<Item = u32> {
    spelling.sounds.into_iter().filter(|key| *key != 0)
}

/// Hashes of the word whole and with each letter left out; none for a word too short to be edited.
fn deletions(spelling: &Spelling) -> impl Iterator<Item = u32> {
    let left_out = if spelling.letters < EDITED_LETTERS_MIN { 0 } else { spelling.letters + 1 };
    let text = &spelling.text;
    (0..left_out).map(move |out| {
        text.chars()
            .enumerate()
            .filter(|(place, _)| *place != out)
            .fold(FNV_BASIS, |hash, (_, letter)| (hash ^ u32::from(letter)).wrapping_mul(FNV_PRIME))
    })
}

// FNV-1a over letters: quick, the same on every machine, and a collision costs one comparison.
const FNV_BASIS: u32 = 0x811c_9dc5;
const FNV_PRIME: u32 = 0x0100_0193;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lexicon(names: &[&str]) -> Lexicon {
        let mut lexicon = Lexicon::default();
        for name in names {
            lexicon.take(name, Spelling::name);
        }
        lexicon
    }

    #[test]
    fn a_word_is_forgotten_with_its_last_use_and_its_place_is_used_again() {
        let mut lexicon = lexicon(&["ava", "ava", "lowe"]);
        let ava = lexicon.word("ava").unwrap();
        lexicon.release(ava);
        assert_eq!(lexicon.word("ava"), Some(ava));
        lexicon.release(ava);
        assert_eq!(lexicon.word("ava"), None);
        assert!(lexicon.near(&Spelling::name("ava")).is_empty());
        assert_eq!(lexicon.take("moyo", Spelling::name), ava);
        assert_eq!(lexicon.near(&Spelling::name("mayo")), [ava]);
        lexicon.release(ava);
        lexicon.release(lexicon.word("lowe").unwrap());
        assert!(lexicon.is_empty());
    }

    #[test]
    fn a_start_finds_every_word_that_begins_with_it() {
        let lexicon = lexicon(&["smith", "smithson", "smyth", "tan"]);
        assert_eq!(lexicon.starting("smi").count(), 2);
        assert_eq!(lexicon.starting("zz").count(), 0);
    }

    proptest! {
        #[test]
        fn the_tables_find_exactly_the_words_that_comparing_all_would_find(
            names in prop::collection::btree_set("[abhmostj]{1,6}", 1..60),
            asked in "[abhmostj]{1,6}",
        ) {
            let mut lexicon = Lexicon::default();
            for name in &names {
                lexicon.take(name, Spelling::name);
            }
            let asked = Spelling::name(&asked);
            let mut by_hand: Vec<Word> = names
                .iter()
                .filter(|name| compare(&asked, &Spelling::name(name)).is_near())
                .filter_map(|name| lexicon.word(name))
                .collect();
            by_hand.sort_unstable();
            prop_assert_eq!(lexicon.near(&asked), by_hand);
        }
    }
}
