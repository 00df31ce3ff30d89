//! Writing: numbers and texts, many at once.

use std::io;

use super::Section;

/// Bytes gathered before they are handed on.
const GATHERED: usize = 1 << 16;

/// A number of fixed length, lowest byte first.
pub(crate) trait Number: Copy + Default {
    /// Its length.
    const BYTES: usize;

    /// Adds it to the end of `bytes`.
    fn write(self, bytes: &mut Vec<u8>);

    /// Reads it from the start of `bytes`.
    fn read(bytes: &[u8]) -> Self;
}

impl Number for u16 {
    const BYTES: usize = 2;

    fn write(self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> u16 {
        bytes.first_chunk().copied().map_or(0, u16::from_le_bytes)
    }
}

impl Number for u32 {
    const BYTES: usize = 4;

    fn write(self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> u32 {
        bytes.first_chunk().copied().map_or(0, u32::from_le_bytes)
    }
}

impl Number for u64 {
    const BYTES: usize = 8;

    fn write(self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> u64 {
        bytes.first_chunk().copied().map_or(0, u64::from_le_bytes)
    }
}

impl Number for u128 {
    const BYTES: usize = 16;

    fn write(self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> u128 {
        bytes.first_chunk().copied().map_or(0, u128::from_le_bytes)
    }
}

/// Writes an index, section by section.
pub(crate) struct Writer<'a> {
    out: &'a mut dyn io::Write,
    gathered: Vec<u8>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(out: &'a mut dyn io::Write) -> Writer<'a> {
        Writer { out, gathered: Vec::with_capacity(GATHERED + 16) }
    }

    /// Begins a section.
    pub(crate) fn section(&mut self, section: Section) -> io::Result<()> {
        self.number(section.mark())
    }

    /// Writes one number.
    pub(crate) fn number(&mut self, number: u64) -> io::Result<()> {
        self.one(number)
    }

    /// Writes how many, then each.
    pub(crate) fn array<N: Number>(&mut self, numbers: impl ExactSizeIterator<Item = N>) -> io::Result<()> {
        self.number(length(numbers.len()))?;
        for number in numbers {
            self.one(number)?;
        }
        Ok(())
    }

    /// Writes how many, then the bytes.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.number(length(bytes.len()))?;
        self.hand_on()?;
        self.out.write_all(bytes)
    }

    /// Writes the lengths of texts, then all of them.
    pub(crate) fn texts<'t>(
        &mut self,
        texts: impl ExactSizeIterator<Item = &'t str> + Clone,
    ) -> io::Result<()> {
        let lengths = texts.clone().map(|text| u32::try_from(text.len()).unwrap_or(u32::MAX));
        let whole: u64 = lengths.clone().map(u64::from).sum();
        self.array(lengths)?;
        self.number(whole)?;
        for text in texts {
            self.gathered.extend_from_slice(text.as_bytes());
            if self.gathered.len() >= GATHERED {
                self.hand_on()?;
            }
        }
        Ok(())
    }

    /// Hands the last bytes on.
    pub(crate) fn end(mut self) -> io::Result<()> {
        self.hand_on()
    }

    fn one(&mut self, number: impl Number) -> io::Result<()> {
        number.write(&mut self.gathered);
        if self.gathered.len() >= GATHERED { self.hand_on() } else { Ok(()) }
    }

    fn hand_on(&mut self) -> io::Result<()> {
        self.out.write_all(&self.gathered)?;
        self.gathered.clear();
        Ok(())
    }
}

fn length(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
