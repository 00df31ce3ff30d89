//! The tables of texts on a disk; of a name as written the words it was read as stand in numbers.

use std::io;

use linkage::spelling::Spelling;

use super::{Lexicons, Read, Several};
use crate::{
    codes::Codes,
    labels::Labels,
    lexicon::{Lexicon, Word},
    snapshot::{Reader, Section, SnapshotError, Writer},
};

/// In place of a word: there is none.
const NONE: u32 = u32::MAX;

/// Bits of what stands beside the word of the whole.
const NAMES: u16 = 1;
const SEVERAL: u16 = 2;

impl Lexicons {
    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> io::Result<()> {
        writer.section(Section::Names)?;
        self.names.write(writer)?;
        writer.section(Section::Streets)?;
        self.streets.write(writer)?;
        writer.section(Section::Towns)?;
        self.towns.write(writer)?;
        writer.section(Section::Written)?;
        write_read(&self.written, writer)?;
        self.written.write(writer)?;
        writer.section(Section::Houses)?;
        self.houses.write(writer)?;
        writer.section(Section::Authorities)?;
        self.authorities.write(writer)?;
        writer.section(Section::Codes)?;
        self.codes.write(writer)
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Lexicons, SnapshotError> {
        reader.section(Section::Names)?;
        let names = Lexicon::read(reader, Spelling::name)?;
        reader.section(Section::Streets)?;
        let streets = Lexicon::read(reader, Spelling::place)?;
        reader.section(Section::Towns)?;
        let towns = Lexicon::read(reader, Spelling::place)?;
        reader.section(Section::Written)?;
        let mut words = ReadWords::read(reader, &names)?;
        let written = Labels::read_from(reader, |_| words.next())?;
        reader.check(words.is_over())?;
        reader.section(Section::Houses)?;
        let houses = Labels::read_from(reader, |_| Some(()))?;
        reader.section(Section::Authorities)?;
        let authorities = Labels::read_from(reader, |text| text.parse().ok().map(Some))?;
        reader.section(Section::Codes)?;
        let codes = Codes::read_from(reader)?;
        Ok(Lexicons { names, streets, towns, written, houses, authorities, codes })
    }
}

/// Writes the words of each name as written that is in use: of the whole, and of several their counts and words.
fn write_read(written: &Labels<Read>, writer: &mut Writer<'_>) -> io::Result<()> {
    let in_use: Vec<&Read> = written.each_kept().flatten().collect();
    writer.array(in_use.iter().map(|read| read.whole.map_or(NONE, |word| word.0)))?;
    writer.array(in_use.iter().map(|read| {
        let bit = |is: bool, bit: u16| if is { bit } else { 0 };
        bit(read.names, NAMES) | bit(read.several.is_some(), SEVERAL)
    }))?;
    let several: Vec<&Several> = in_use.iter().filter_map(|read| read.several.as_deref()).collect();
    let lists: Vec<&[Word]> = several.iter().flat_map(|several| [&*several.parts, &*several.words]).collect();
    writer.array(lists.iter().map(|words| u32::try_from(words.len()).unwrap_or(u32::MAX)))?;
    let words: Vec<Word> = lists.into_iter().flatten().copied().collect();
    writer.array(words.into_iter().map(|word| word.0))
}

/// The words of names as written, one name after another.
struct ReadWords {
    wholes: std::vec::IntoIter<u32>,
    bits: std::vec::IntoIter<u16>,
    lengths: std::vec::IntoIter<u32>,
    words: std::vec::IntoIter<Word>,
}

impl ReadWords {
    fn read(reader: &mut Reader<'_>, names: &Lexicon) -> Result<ReadWords, SnapshotError> {
        let wholes: Vec<u32> = reader.array(|word| word)?;
        let bits: Vec<u16> = reader.array_of(wholes.len(), |bits| bits)?;
        let lengths: Vec<u32> = reader.array(|length| length)?;
        let words = reader.array(Word)?;
        let is_word = |word: Word| names.spelling(word).is_some();
        let told = wholes.iter().filter(|word| **word != NONE).all(|word| is_word(Word(*word)));
        reader.check(told && words.iter().all(|word| is_word(*word)))?;
        Ok(ReadWords {
            wholes: wholes.into_iter(),
            bits: bits.into_iter(),
            lengths: lengths.into_iter(),
            words: words.into_iter(),
        })
    }

    fn next(&mut self) -> Option<Read> {
        let (whole, bits) = (self.wholes.next()?, self.bits.next()?);
        let several = if bits & SEVERAL == 0 {
            None
        } else {
            Some(Box::new(Several { parts: self.list()?, words: self.list()? }))
        };
        Some(Read { whole: (whole != NONE).then_some(Word(whole)), several, names: bits & NAMES != 0 })
    }

    fn list(&mut self) -> Option<Box<[Word]>> {
        let length = self.lengths.next()? as usize;
        (length <= self.words.len()).then(|| self.words.by_ref().take(length).collect())
    }

    /// Tells whether every name was told.
    fn is_over(&self) -> bool {
        self.wholes.len() == 0 && self.lengths.len() == 0 && self.words.len() == 0
    }
}
