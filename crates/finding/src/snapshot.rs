//! The index as bytes: every table as it stands, so that opening it is reading and not building (ADR-0024).
//!
//! Little-endian, in sections, each structure written and read in its own file. What can be made again quickly is
//! left out: how words sound, and what finds a text. The same history of changes gives the same bytes. Reading
//! checks whatever could make it run wild, and trusts the rest: whoever keeps the bytes seals them.

mod reader;
#[cfg(test)]
mod spec;
mod writer;

use std::io;

use crate::{
    bearers::Bearers, facts::Lexicons, index::Index, lexicon, postings, postings::Postings, rows::Rows,
};

pub(crate) use reader::Reader;
pub(crate) use writer::Writer;

/// What the bytes mean. To be raised with every change of their order, of how names, streets and towns are read
/// (`linkage`) or of where a list is filed: what is stored was read the old way.
const FORMAT: u32 = 2;

const MAGIC: u64 = u64::from_le_bytes(*b"cp-index");

/// A part of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// What they are, and of which format.
    Head,
    /// Words of names.
    Names,
    /// Words of streets.
    Streets,
    /// Towns.
    Towns,
    /// Names as written.
    Written,
    /// Houses.
    Houses,
    /// Authorities.
    Authorities,
    /// Postcodes.
    Codes,
    /// The facts of each child.
    Rows,
    /// The lists of children by what they have.
    Postings,
    /// How many bear a name.
    Bearers,
    /// The end.
    End,
}

impl Section {
    /// The number that stands before a section.
    fn mark(self) -> u64 {
        match self {
            Section::Head => 0,
            Section::Names => 1,
            Section::Streets => 2,
            Section::Towns => 3,
            Section::Written => 4,
            Section::Houses => 5,
            Section::Authorities => 6,
            Section::Codes => 7,
            Section::Rows => 8,
            Section::Postings => 9,
            Section::Bearers => 10,
            Section::End => 11,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Section::Head => "head",
            Section::Names => "names",
            Section::Streets => "streets",
            Section::Towns => "towns",
            Section::Written => "names as written",
            Section::Houses => "houses",
            Section::Authorities => "authorities",
            Section::Codes => "postcodes",
            Section::Rows => "facts",
            Section::Postings => "lists",
            Section::Bearers => "bearers",
            Section::End => "end",
        }
    }
}

/// Why bytes are no index. Make it anew from the children.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// These are not the bytes of an index.
    #[error("these are not the bytes of an index")]
    Foreign,
    /// Another version wrote them.
    #[error("the format {found} is not this version's {FORMAT}")]
    Format {
        /// Which format they have.
        found: u32,
    },
    /// They cannot be what was written.
    #[error("the {} cannot be what was written", .0.name())]
    Damaged(Section),
    /// They could not be read, or end too early.
    #[error("the {} could not be read", .0.name())]
    Read(Section, #[source] io::Error),
}

impl Index {
    /// Leaves whoever has gone out of every list, so that no trace of them is written.
    ///
    /// Cost: one pass over the lists of which somebody went, some tenths of a second of twelve million children.
    pub fn pack(&mut self) {
        self.postings.loaded(&self.rows);
        self.lexicons.loaded();
    }

    /// Writes everything, some 125 bytes a child of twelve million; in clear, so whoever takes the bytes seals them.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_to(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let mut writer = Writer::new(out);
        writer.number(MAGIC)?;
        writer.number(u64::from(FORMAT))?;
        writer.number(u64::from(lexicon::KEY_BITS))?;
        writer.number(u64::from(postings::KEY_BITS))?;
        self.lexicons.write(&mut writer)?;
        writer.section(Section::Rows)?;
        self.rows.write(&mut writer)?;
        writer.section(Section::Postings)?;
        self.postings.write(&mut writer)?;
        writer.section(Section::Bearers)?;
        self.bearers.write(&mut writer)?;
        writer.section(Section::End)?;
        writer.end()
    }

    /// Reads what [`Index::write_to`] wrote; `bytes` is the most that there can be, and bounds what is reserved.
    ///
    /// Cost: half a microsecond a child to a whole one, most of it moving bytes and reading texts anew.
    ///
    /// # Errors
    /// `Foreign`, `Format`, `Damaged`, `Read`: as they say.
    pub fn read_from(from: &mut dyn io::Read, bytes: u64) -> Result<Index, SnapshotError> {
        let mut reader = Reader::new(from, bytes);
        if reader.number()? != MAGIC {
            return Err(SnapshotError::Foreign);
        }
        let format = u32::try_from(reader.number()?).unwrap_or(u32::MAX);
        if format != FORMAT {
            return Err(SnapshotError::Format { found: format });
        }
        let own = [u64::from(lexicon::KEY_BITS), u64::from(postings::KEY_BITS)];
        if [reader.number()?, reader.number()?] != own {
            return Err(reader.damaged());
        }
        let lexicons = Lexicons::read(&mut reader)?;
        reader.section(Section::Rows)?;
        let mut rows = Rows::read_from(&mut reader)?;
        rows.know_areas(&lexicons.codes);
        reader.section(Section::Postings)?;
        let postings = Postings::read_from(&mut reader, &lexicons, &rows)?;
        reader.section(Section::Bearers)?;
        let bearers = Bearers::read(&mut reader, &lexicons.names)?;
        reader.section(Section::End)?;
        Ok(Index { lexicons, postings, rows, bearers })
    }
}
