//! Words on a disk: their texts and uses, and the table of what is near; how they sound is heard again.

use std::io;

use linkage::spelling::{Letters, Spelling};

use super::{Held, KEY_BITS, Lexicon, Recent, Word, text_of};
use crate::{
    finder::Finder,
    snapshot::{Reader, SnapshotError, Writer},
    table::{Marks, Table},
};

impl Lexicon {
    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> io::Result<()> {
        writer.array(self.words.iter().map(|held| held.as_ref().map_or(0, |held| held.uses)))?;
        writer.texts(self.words.iter().map(|held| held.as_ref().map_or("", |held| &held.spelling.text)))?;
        writer.number(self.gone)?;
        writer.array(self.left.iter().map(|(gone, _)| *gone))?;
        writer.array(self.left.iter().map(|(_, word)| word.0))?;
        self.near.write(writer)
    }

    /// Reads the words, each spelt by `spell`. Cost: a microsecond a name, most of it hearing it.
    pub(crate) fn read(
        reader: &mut Reader<'_>,
        spell: fn(&str) -> Spelling,
    ) -> Result<Lexicon, SnapshotError> {
        let counts: Vec<u32> = reader.array(|uses| uses)?;
        let texts = reader.texts_of(counts.len())?;
        let mut words = Vec::with_capacity(counts.len());
        for (uses, text) in counts.into_iter().zip(texts.each()) {
            let text = text.ok_or_else(|| reader.damaged())?;
            words.push((uses > 0).then(|| Held { spelling: spell(text), uses }));
        }
        let is_gone = |place: usize| words.get(place).is_some_and(Option::is_none);
        let (gone, left) = reader.left(words.len(), is_gone, Word)?;
        let near = Table::read_from(reader, Marks::None, 1 << KEY_BITS, words.len())?;
        reader.check(near.purged() <= gone || near.purged() == u64::MAX)?;
        let mut by_text = Finder::default();
        for (number, held) in (0..).zip(&words) {
            if held.is_some() {
                by_text.insert(number, |number| text_of(&words, number));
            }
        }
        let letters = texts.each().map(|text| Letters::of(text.unwrap_or_default())).collect();
        Ok(Lexicon { by_text, words, letters, near, left, gone, recent: Recent::default() })
    }

    /// How many words there are, gone ones included.
    pub(crate) fn places(&self) -> usize {
        self.words.len()
    }
}
