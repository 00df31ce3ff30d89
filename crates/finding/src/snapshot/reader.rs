//! Reading: numbers and texts, many at once, never more than there can be.

use std::{collections::VecDeque, io};

use super::{Section, SnapshotError, writer::Number};

/// Bytes read at once: a multiple of every number's length.
const AT_ONCE: usize = 1 << 16;

/// Reads an index, section by section.
pub(crate) struct Reader<'a> {
    from: &'a mut dyn io::Read,
    /// The most bytes that are still to come: a count that needs more cannot be true, and reserves nothing.
    left: u64,
    section: Section,
    read: Vec<u8>,
}

/// Texts that were read together.
pub(crate) struct Texts {
    lengths: Vec<u32>,
    all: String,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(from: &'a mut dyn io::Read, bytes: u64) -> Reader<'a> {
        Reader { from, left: bytes, section: Section::Head, read: vec![0; AT_ONCE] }
    }

    /// Begins a section, which must be the next.
    pub(crate) fn section(&mut self, section: Section) -> Result<(), SnapshotError> {
        let mark = self.number()?;
        self.section = section;
        self.check(mark == section.mark())
    }

    /// What is wrong when something cannot be.
    pub(crate) fn damaged(&self) -> SnapshotError {
        SnapshotError::Damaged(self.section)
    }

    /// Refuses what cannot be.
    pub(crate) fn check(&self, holds: bool) -> Result<(), SnapshotError> {
        if holds { Ok(()) } else { Err(self.damaged()) }
    }

    /// Reads one number.
    pub(crate) fn number(&mut self) -> Result<u64, SnapshotError> {
        let mut bytes = [0; u64::BYTES];
        self.fill(&mut bytes)?;
        Ok(u64::read(&bytes))
    }

    /// Reads a count of what takes `bytes` each.
    pub(crate) fn count(&mut self, bytes: usize) -> Result<usize, SnapshotError> {
        let count = self.number()?;
        let most = self.left / u64::try_from(bytes.max(1)).unwrap_or(u64::MAX);
        self.check(count <= most)?;
        usize::try_from(count).map_err(|_| self.damaged())
    }

    /// Reads an array, with no more room than it needs.
    pub(crate) fn array<N: Number, T>(&mut self, make: impl Fn(N) -> T) -> Result<Vec<T>, SnapshotError> {
        let mut left = self.count(N::BYTES)?;
        let mut all = Vec::with_capacity(left);
        let mut read = std::mem::take(&mut self.read);
        while left > 0 {
            let some = left.min(AT_ONCE / N::BYTES);
            let piece = read.get_mut(..some * N::BYTES).unwrap_or_default();
            self.fill(piece)?;
            all.extend(piece.chunks_exact(N::BYTES).map(|bytes| make(N::read(bytes))));
            left -= some;
        }
        self.read = read;
        Ok(all)
    }

    /// Reads an array that must be as long as others.
    pub(crate) fn array_of<N: Number, T>(
        &mut self,
        length: usize,
        make: impl Fn(N) -> T,
    ) -> Result<Vec<T>, SnapshotError> {
        let all = self.array(make)?;
        self.check(all.len() == length)?;
        Ok(all)
    }

    /// Reads bytes as they are.
    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>, SnapshotError> {
        let mut bytes = vec![0; self.count(1)?];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// Reads texts that must be so many.
    pub(crate) fn texts_of(&mut self, count: usize) -> Result<Texts, SnapshotError> {
        let lengths: Vec<u32> = self.array_of(count, |length| length)?;
        let all = String::from_utf8(self.bytes()?).map_err(|_| self.damaged())?;
        let whole = lengths.iter().map(|length| u64::from(*length)).sum::<u64>();
        self.check(u64::try_from(all.len()) == Ok(whole))?;
        Ok(Texts { lengths, all })
    }

    /// Reads which of `count` places are free; they must be exactly those that are.
    pub(crate) fn free<T>(
        &mut self,
        count: usize,
        is_free: impl Fn(usize) -> bool,
        make: impl Fn(u32) -> T,
    ) -> Result<Vec<T>, SnapshotError> {
        let numbers: Vec<u32> = self.array(|number| number)?;
        let mut free = vec![false; count];
        for number in &numbers {
            let place = free.get_mut(*number as usize).filter(|known| !**known && is_free(*number as usize));
            *place.ok_or_else(|| self.damaged())? = true;
        }
        self.check((0..count).filter(|place| is_free(*place)).count() == numbers.len())?;
        Ok(numbers.into_iter().map(make).collect())
    }

    /// Reads how many had gone and which of `count` places went when; they must be exactly those that are free.
    pub(crate) fn left<T>(
        &mut self,
        count: usize,
        is_free: impl Fn(usize) -> bool,
        make: impl Fn(u32) -> T,
    ) -> Result<(u64, VecDeque<(u64, T)>), SnapshotError> {
        let gone = self.number()?;
        let when: Vec<u64> = self.array(|when| when)?;
        let which = self.free(count, is_free, make)?;
        self.check(when.len() == which.len() && when.is_sorted())?;
        self.check(when.last().is_none_or(|last| *last <= gone))?;
        Ok((gone, when.into_iter().zip(which).collect()))
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), SnapshotError> {
        self.from.read_exact(bytes).map_err(|error| SnapshotError::Read(self.section, error))?;
        self.left = self.left.saturating_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        Ok(())
    }
}

impl Texts {
    /// Each text in its turn; one that is cut within a letter reads as none.
    pub(crate) fn each(&self) -> impl Iterator<Item = Option<&str>> {
        let mut start = 0;
        self.lengths.iter().map(move |length| {
            let end = start + *length as usize;
            let text = self.all.get(start..end);
            start = end;
            text
        })
    }
}
