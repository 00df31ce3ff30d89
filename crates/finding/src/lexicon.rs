//! The words in use: every distinct name or street once, with tables that find those near another.
//!
//! Fuzzy work is done on words and never on children (house.md 4.7): a few hundred thousand words stand for
//! twelve million children. One table lists words under hashes of their delete-one forms, the first letter included,
//! of their sounds and of their starts; a false friend is looked at and dropped.

mod recent;
mod stored;

use std::{collections::VecDeque, hint::black_box, sync::Arc};

use linkage::{
    nickname,
    resemblance::{Comparer, EDITED_LETTERS_MIN, Resemblance, START_LETTERS_MIN},
    spelling::{Letters, Spelling},
};

use recent::Recent;

use crate::{
    finder::Finder,
    table::{Marks, Slot, Table, WHOLE},
};

/// A word's number. It never orders a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Word(pub(crate) u32);

/// Starts of so many letters are listed; a longer start is looked for under the longest of them.
const STARTS: [usize; 4] = [START_LETTERS_MIN, 5, 8, 12];

/// Gone words that may wait to be used again, before the table is merged for their sake: a sixteenth of all.
const WAITING_SHARE: usize = 16;
const WAITING_MIN: usize = if cfg!(test) { 2 } else { 4_096 };

/// Every distinct word in use.
#[derive(Debug)]
pub(crate) struct Lexicon {
    by_text: Finder,
    words: Vec<Option<Held>>,
    /// The letters of each word, by its number.
    letters: Vec<Letters>,
    /// Words under the hashes of what is near them.
    near: Table,
    /// Words that are gone, oldest first, with how many had gone by then.
    left: VecDeque<(u64, Word)>,
    gone: u64,
    recent: Recent,
}

#[derive(Debug)]
struct Held {
    spelling: Spelling,
    uses: u32,
}

impl Default for Lexicon {
    fn default() -> Lexicon {
        Lexicon {
            by_text: Finder::default(),
            words: Vec::new(),
            letters: Vec::new(),
            near: Table::new(Marks::None),
            left: VecDeque::new(),
            gone: 0,
            recent: Recent::default(),
        }
    }
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
        let word = self.word(text)?;
        self.words.get_mut(word.0 as usize)?.as_mut()?.uses += 1;
        Some(word)
    }

    fn add(&mut self, spelling: Spelling) -> Word {
        let waiting = self.left.front().copied().filter(|(gone, _)| *gone <= self.near.purged());
        let word = if let Some((_, word)) = waiting {
            self.left.pop_front();
            word
        } else {
            self.words.push(None);
            self.letters.push(Letters::of(""));
            Word(u32::try_from(self.words.len() - 1).unwrap_or(u32::MAX))
        };
        for hash in hashes(&spelling) {
            self.near.insert(key(hash), 0, Slot(word.0));
        }
        if let (Some(place), Some(letters)) =
            (self.words.get_mut(word.0 as usize), self.letters.get_mut(word.0 as usize))
        {
            *letters = Letters::of(&spelling.text);
            *place = Some(Held { spelling, uses: 1 });
        }
        let words = &self.words;
        self.by_text.insert(word.0, |number| text_of(words, number));
        self.recent.forget();
        self.merge(false);
        word
    }

    /// Counts one use less, forgetting the word after the last.
    pub(crate) fn release(&mut self, word: Word) {
        let Some(Some(held)) = self.words.get_mut(word.0 as usize) else { return };
        assert!(held.uses > 0, "a word is released as often as it was taken");
        held.uses -= 1;
        if held.uses > 0 {
            return;
        }
        let words = &self.words;
        self.by_text.remove(word.0, |number| text_of(words, number));
        if let Some(place) = self.words.get_mut(word.0 as usize) {
            *place = None;
        }
        self.recent.forget();
        self.gone += 1;
        self.left.push_back((self.gone, word));
        self.merge(false);
    }

    /// Merges the table when it is due, or in any case.
    fn merge(&mut self, anyway: bool) {
        let late = self.left.len() > WAITING_MIN.max(self.words.len() / WAITING_SHARE);
        if anyway || late || self.near.is_due() {
            let words = &self.words;
            self.near.merge(self.gone, |word| words.get(word.0 as usize).is_some_and(Option::is_some));
        }
    }

    /// Packs everything after many words were taken in, and gives spare room back.
    pub(crate) fn loaded(&mut self) {
        self.merge(true);
        self.words.shrink_to_fit();
        self.letters.shrink_to_fit();
    }

    /// How a word is spelt.
    pub(crate) fn spelling(&self, word: Word) -> Option<&Spelling> {
        Some(&self.words.get(word.0 as usize)?.as_ref()?.spelling)
    }

    /// The letters of a word.
    pub(crate) fn letters(&self, word: Word) -> Option<Letters> {
        self.letters.get(word.0 as usize).copied()
    }

    /// The word of exactly this text.
    pub(crate) fn word(&self, text: &str) -> Option<Word> {
        self.by_text.find(text, |number| text_of(&self.words, number) == Some(text)).map(Word)
    }

    /// Every word that sounds like one, itself included.
    pub(crate) fn sounding(&self, spelling: &Spelling) -> Vec<Word> {
        let mut found = Vec::new();
        for sound in sounds(spelling) {
            self.listed(of_sound(sound), &mut found, |held| held.sounds.contains(&sound));
        }
        once(found)
    }

    /// Every word that has a sound.
    pub(crate) fn of_sound(&self, sound: u32) -> Vec<Word> {
        let mut found = Vec::new();
        self.listed(of_sound(sound), &mut found, |held| held.sounds.contains(&sound));
        once(found)
    }

    /// Every word that begins with `start`, of three letters or more.
    pub(crate) fn starting(&self, start: &str) -> Vec<Word> {
        let letters = start.chars().count();
        let mut found = Vec::new();
        if let Some(length) = STARTS.into_iter().rfind(|length| *length <= letters) {
            // Lists of short starts are long: most who begin otherwise are told by their letters.
            let begun = Letters::of(start);
            self.lettered(of_start(start, length), &mut found, |held| begun.may_begin(held));
            found.retain(|word| self.spelling(*word).is_some_and(|held| held.text.starts_with(start)));
        }
        once(found)
    }

    /// Every word near what is asked, with how near: nicknames, one edit, like sound, start of one another, the same.
    ///
    /// Cost: some 20 microseconds; one of what was asked for lately, which common names are.
    pub(crate) fn near(&self, comparer: &Comparer) -> Arc<[(Word, Resemblance)]> {
        self.recent.get_or(&comparer.asked().text, || self.look_near(comparer))
    }

    fn look_near(&self, comparer: &Comparer) -> Vec<(Word, Resemblance)> {
        let asked = comparer.asked();
        let mut found = Vec::new();
        for hash in sounds(asked).map(of_sound).chain(deletions(asked)) {
            self.lettered(hash, &mut found, |held| comparer.may_be_near(held));
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
        let found = once(found);
        // Their texts are brought from memory together.
        let first = found.iter().filter_map(|word| self.spelling(*word)?.text.as_bytes().first());
        black_box(first.fold(0, |sum, letter| sum ^ letter));
        let likeness = |word: Word| Some((word, comparer.compare(self.spelling(word)?)));
        found.into_iter().filter_map(likeness).filter(|(_, found)| found.is_near()).collect()
    }

    /// Adds the words listed under a hash whose letters fit: they lie closer together than the texts.
    fn lettered(&self, hash: u32, found: &mut Vec<Word>, fits: impl Fn(Letters) -> bool) {
        self.near.each(key(hash), WHOLE, &mut |_, slot| {
            let word = Word(slot.0);
            if self.letters(word).is_some_and(&fits) {
                found.push(word);
            }
        });
    }

    /// Adds the words listed under a hash that fit.
    fn listed(&self, hash: u32, found: &mut Vec<Word>, fits: impl Fn(&Spelling) -> bool) {
        self.near.each(key(hash), WHOLE, &mut |_, word| {
            let word = Word(word.0);
            if self.spelling(word).is_some_and(&fits) {
                found.push(word);
            }
        });
    }

    /// The bytes of its texts, by estimate, and of what finds them.
    pub(crate) fn sizes(&self) -> [usize; 2] {
        let texts = self.words.iter().flatten().map(|held| heap(held.spelling.text.len() + COUNTS));
        let each = size_of::<Option<Held>>() + size_of::<Letters>();
        let words = each * self.words.capacity() + texts.sum::<usize>();
        [words, self.by_text.size() + self.near.size()]
    }

    /// Tells whether no word is held.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.by_text.is_empty() && self.words.iter().all(Option::is_none)
    }
}

/// The two counts that stand before a shared text.
const COUNTS: usize = 16;

/// What the allocator keeps for so many bytes: pieces of sixteen, with eight of its own, two at least.
pub(crate) fn heap(bytes: usize) -> usize {
    (bytes + 8).next_multiple_of(16).max(32)
}

fn text_of(words: &[Option<Held>], number: u32) -> Option<&str> {
    Some(&words.get(number as usize)?.as_ref()?.spelling.text)
}

fn once(mut words: Vec<Word>) -> Vec<Word> {
    words.sort_unstable();
    words.dedup();
    words
}

fn sounds(spelling: &Spelling) -> impl Iterator<Item = u32> {
    spelling.sounds.into_iter().filter(|sound| *sound != 0)
}

/// Everything under which a word is listed.
fn hashes(spelling: &Spelling) -> impl Iterator<Item = u32> {
    let starts = STARTS.into_iter().filter(|length| *length <= spelling.letters);
    let starts = starts.map(|length| of_start(&spelling.text, length));
    deletions(spelling).chain(sounds(spelling).map(of_sound)).chain(starts)
}

/// Words are listed by so much of a hash: a million lists.
pub(crate) const KEY_BITS: u32 = if cfg!(test) { 4 } else { 20 };

/// The list of a hash.
fn key(hash: u32) -> u32 {
    // The lowest bits of the hash see the last letter alone.
    hash.wrapping_mul(0x9e37_79b1) >> (u32::BITS - KEY_BITS)
}

/// Hashes of the word whole and with each letter left out; none for a word too short to be edited.
fn deletions(spelling: &Spelling) -> impl Iterator<Item = u32> {
    let left_out = if spelling.letters < EDITED_LETTERS_MIN { 0 } else { spelling.letters + 1 };
    let text = &spelling.text;
    (0..left_out).map(move |out| {
        let kept = text.chars().enumerate().filter(|(place, _)| *place != out);
        kept.fold(FNV_BASIS, |hash, (_, letter)| fnv(hash, u32::from(letter)))
    })
}

fn of_sound(sound: u32) -> u32 {
    fnv(!FNV_BASIS, sound)
}

fn of_start(text: &str, letters: usize) -> u32 {
    let seed = u32::try_from(letters).unwrap_or_default();
    text.chars().take(letters).fold(seed, |hash, letter| fnv(hash, u32::from(letter)))
}

fn fnv(hash: u32, letter: u32) -> u32 {
    (hash ^ letter).wrapping_mul(FNV_PRIME)
}

// FNV-1a over letters: quick, the same on every machine, and a collision costs one look.
const FNV_BASIS: u32 = 0x811c_9dc5;
const FNV_PRIME: u32 = 0x0100_0193;

#[cfg(test)]
mod tests {
    use linkage::resemblance::compare;
    use proptest::prelude::*;

    use super::*;

    fn near(lexicon: &Lexicon, asked: &str) -> Vec<Word> {
        lexicon.near(&Comparer::new(Spelling::name(asked))).iter().map(|(word, _)| *word).collect()
    }

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
        assert!(near(&lexicon, "ava").is_empty());
        lexicon.merge(true);
        assert_eq!(lexicon.take("moyo", Spelling::name), ava);
        assert_eq!(near(&lexicon, "mayo"), [ava]);
        lexicon.release(ava);
        lexicon.release(lexicon.word("lowe").unwrap());
        assert!(lexicon.is_empty());
    }

    #[test]
    fn a_start_finds_every_word_that_begins_with_it() {
        let lexicon = lexicon(&["smith", "smithson", "smyth", "tan"]);
        assert_eq!(lexicon.starting("smi").len(), 2);
        assert_eq!(lexicon.starting("smiths").len(), 1);
        assert_eq!(lexicon.starting("zzz").len(), 0);
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
            let found = near(&lexicon, &asked);
            let asked = Spelling::name(&asked);
            let mut by_hand: Vec<Word> = names
                .iter()
                .filter(|name| compare(&asked, &Spelling::name(name)).is_near())
                .filter_map(|name| lexicon.word(name))
                .collect();
            by_hand.sort_unstable();
            prop_assert_eq!(found, by_hand);
        }
    }
}
