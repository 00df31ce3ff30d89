//! A filter: says of most prefixes that a run does not have that it does not, without a read of the disk.
//!
//! A blocked Bloom filter: one prefix sets seven bits of one line of 64 bytes, ten bits a prefix in all, so that one
//! in sixty of those asked for in vain is looked for. Cost: one line of memory. Source: Putze, Sanders, Singler,
//! "Cache-, Hash- and Space-Efficient Bloom Filters" (2007).

use super::run::PREFIX;

/// Words of a line.
const LINE: usize = 8;

/// Bytes of a line.
pub(super) const LINE_BYTES: usize = LINE * 8;

/// Prefixes for which a line has room: 512 bits, ten each.
const PER_LINE: u64 = 51;

/// Bits that a prefix sets.
const BITS: u32 = 7;

/// Which prefixes a run may have.
#[derive(Debug, Default)]
pub(super) struct Filter(Vec<[u64; LINE]>);

impl Filter {
    /// A filter with room for so many prefixes.
    pub(super) fn with_room(prefixes: u64) -> Filter {
        let lines = usize::try_from(prefixes / PER_LINE + 1).unwrap_or(usize::MAX);
        Filter(vec![[0; LINE]; lines])
    }

    /// Lets a prefix be known.
    pub(super) fn put(&mut self, prefix: [u8; PREFIX]) {
        let (line, mut bits) = self.place(prefix);
        if let Some(line) = self.0.get_mut(line) {
            for _ in 0..BITS {
                let bit = bits & 511;
                bits >>= 9;
                if let Some(word) = line.get_mut(usize::try_from(bit / 64).unwrap_or(0)) {
                    *word |= 1 << (bit % 64);
                }
            }
        }
    }

    /// Tells whether a prefix may be known.
    pub(super) fn may_have(&self, prefix: [u8; PREFIX]) -> bool {
        let (line, bits) = self.place(prefix);
        let Some(line) = self.0.get(line) else { return true };
        (0..BITS).all(|number| {
            let bit = bits >> (9 * number) & 511;
            line.get(usize::try_from(bit / 64).unwrap_or(0)).is_none_or(|word| word >> (bit % 64) & 1 == 1)
        })
    }

    /// The line of a prefix, and 63 bits that choose within it.
    fn place(&self, prefix: [u8; PREFIX]) -> (usize, u64) {
        let mut bytes = [0; 8];
        let (_, last) = bytes.split_at_mut(1);
        last.copy_from_slice(&prefix);
        // Hashes differ in all their bits; numbers that were multiplied differ least in their last.
        let mixed = u64::from_be_bytes(bytes).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let (mixed, lines) = (mixed ^ mixed >> 32, u128::try_from(self.0.len()).unwrap_or(1));
        let line = (u128::from(mixed.wrapping_mul(0xd6e8_feb8_6659_fd93)) * lines) >> 64;
        (usize::try_from(line).unwrap_or(0), mixed.wrapping_mul(0xff51_afd7_ed55_8ccd) >> 1)
    }

    /// How many lines there are.
    pub(super) fn lines(&self) -> usize {
        self.0.len()
    }

    /// Its lines as bytes.
    pub(super) fn write(&self, each: &mut dyn FnMut(&[u8]) -> std::io::Result<()>) -> std::io::Result<()> {
        let mut bytes = Vec::with_capacity(1_024 * LINE_BYTES);
        for lines in self.0.chunks(1_024) {
            bytes.clear();
            bytes.extend(lines.iter().flatten().flat_map(|word| word.to_le_bytes()));
            each(&bytes)?;
        }
        Ok(())
    }

    /// Adds lines that were written.
    pub(super) fn read(&mut self, bytes: &[u8]) {
        let (lines, _) = bytes.as_chunks::<LINE_BYTES>();
        self.0.extend(lines.iter().map(|line| {
            let (words, _) = line.as_chunks::<8>();
            let mut told = [0; LINE];
            told.iter_mut().zip(words).for_each(|(word, eight)| *word = u64::from_le_bytes(*eight));
            told
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefix(number: u64) -> [u8; PREFIX] {
        *number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes().first_chunk().unwrap()
    }

    #[test]
    fn what_was_put_may_be_there_and_little_else() {
        let mut filter = Filter::with_room(100_000);
        (0..100_000).for_each(|number| filter.put(prefix(number)));
        assert!((0..100_000).all(|number| filter.may_have(prefix(number))));
        let others = (100_000..200_000).filter(|number| filter.may_have(prefix(*number))).count();
        assert!(others < 2_500, "{others} of 100,000 that were never put");
        let mut again = Filter::default();
        filter
            .write(&mut |bytes| {
                again.read(bytes);
                Ok(())
            })
            .unwrap();
        assert!(again.lines() == filter.lines() && (0..100_000).all(|number| again.may_have(prefix(number))));
    }
}
