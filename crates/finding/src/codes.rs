//! Postcodes in use, each held once, in twelve bytes.

use std::{collections::HashMap, io, str};

use linkage::person::Code;
use vocabulary::Postcode;

use crate::{
    finder::Finder,
    snapshot::{Reader, SnapshotError, Writer},
};

/// A postcode's number. It never orders a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CodeId(pub(crate) u32);

/// Most signs of a postcode of the United Kingdom.
const SIGNS_MAX: usize = 7;

/// A postcode without its space, with the lengths of outcode and area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Packed {
    signs: [u8; SIGNS_MAX],
    /// Length of the outcode, and of the area letters in the lower half.
    lengths: u8,
}

/// An outcode's number. It never orders a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OutcodeId(pub(crate) u16);

impl OutcodeId {
    /// No postcode is told.
    pub(crate) const NONE: OutcodeId = OutcodeId(0);

    /// Some outcode; there are fewer numbers than this.
    pub(crate) const ANY: OutcodeId = OutcodeId(0xfff);
}

/// Every distinct postcode in use.
#[derive(Debug, Default)]
pub(crate) struct Codes {
    by_code: Finder,
    held: Vec<(Packed, u32)>,
    free: Vec<CodeId>,
    /// Outcodes that were ever in use, some three thousand: they are nobody's in particular.
    outcodes: HashMap<Packed, OutcodeId>,
    /// Each, by its number less one.
    numbered: Vec<Packed>,
}

impl Packed {
    /// Packs signs; none where they are too many for a postcode.
    fn new(text: &str, outcode: usize, area: usize) -> Option<Packed> {
        let mut signs = [0; SIGNS_MAX];
        let mut kept = text.bytes().filter(|sign| *sign != b' ');
        for (place, sign) in signs.iter_mut().zip(&mut kept) {
            *place = sign;
        }
        let lengths = u8::try_from(outcode << 4 | area).ok()?;
        (kept.next().is_none() && text.is_ascii()).then_some(Packed { signs, lengths })
    }

    pub(crate) fn of_postcode(postcode: &Postcode) -> Option<Packed> {
        Packed::new(postcode.as_str(), postcode.outcode().len(), postcode.area().len())
    }

    pub(crate) fn of_code(code: &Code) -> Option<Packed> {
        Packed::new(&code.text, code.outcode, code.area)
    }

    pub(crate) fn text(&self) -> &str {
        let end = self.signs.iter().position(|sign| *sign == 0).unwrap_or(SIGNS_MAX);
        str::from_utf8(self.signs.get(..end).unwrap_or_default()).unwrap_or_default()
    }

    /// The signs of the outcode.
    pub(crate) fn outcode(&self) -> &[u8] {
        self.signs.get(..usize::from(self.lengths >> 4)).unwrap_or_default()
    }

    /// The letters of the area.
    pub(crate) fn area(&self) -> &[u8] {
        self.signs.get(..usize::from(self.lengths & 15)).unwrap_or_default()
    }

    /// The outcode alone.
    fn only_outcode(self) -> Packed {
        let length = usize::from(self.lengths >> 4);
        let mut outcode = self;
        outcode.signs.iter_mut().skip(length).for_each(|sign| *sign = 0);
        outcode
    }

    /// As it is written to a disk.
    fn bits(self) -> u64 {
        let signs = self.signs.iter().rev().fold(0, |bits, sign| bits << 8 | u64::from(*sign));
        u64::from(self.lengths) << 56 | signs
    }

    fn from_bits(bits: u64) -> Packed {
        let [signs @ .., lengths] = bits.to_le_bytes();
        Packed { signs, lengths }
    }

    pub(crate) fn to_code(self) -> Code {
        let (outcode, area) = (usize::from(self.lengths >> 4), usize::from(self.lengths & 15));
        Code { text: self.text().into(), outcode, area }
    }
}

impl Codes {
    /// Counts one more use.
    pub(crate) fn take(&mut self, code: Packed) -> CodeId {
        if let Some(id) = self.id(code) {
            if let Some((_, uses)) = self.held.get_mut(id.0 as usize) {
                *uses += 1;
            }
            return id;
        }
        let id = self.free.pop().unwrap_or_else(|| {
            self.held.push((code, 0));
            CodeId(u32::try_from(self.held.len() - 1).unwrap_or(u32::MAX))
        });
        if let Some(place) = self.held.get_mut(id.0 as usize) {
            *place = (code, 1);
        }
        let all = &self.held;
        self.by_code.insert(id.0, |number| code_of(all, number));
        self.know_outcode(code);
        id
    }

    /// Gives an outcode the next number.
    fn number(&mut self, outcode: Packed) {
        self.numbered.push(outcode);
        let next = u16::try_from(self.numbered.len()).unwrap_or(u16::MAX);
        self.outcodes.insert(outcode, OutcodeId(next.min(OutcodeId::ANY.0)));
    }

    /// Gives the outcode of a postcode a number where it has none.
    fn know_outcode(&mut self, code: Packed) {
        let outcode = code.only_outcode();
        if !self.outcodes.contains_key(&outcode) {
            self.number(outcode);
        }
    }

    /// Writes the postcodes with their uses, and the outcodes in the order of their numbers.
    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> io::Result<()> {
        writer.array(self.held.iter().map(|(_, uses)| *uses))?;
        writer.array(self.held.iter().map(|(code, _)| code.bits()))?;
        writer.array(self.free.iter().map(|code| code.0))?;
        writer.array(self.numbered.iter().map(|outcode| outcode.bits()))
    }

    pub(crate) fn read_from(reader: &mut Reader<'_>) -> Result<Codes, SnapshotError> {
        let counts: Vec<u32> = reader.array(|uses| uses)?;
        let packed = reader.array_of(counts.len(), Packed::from_bits)?;
        let free = reader.free(counts.len(), |place| counts.get(place) == Some(&0), CodeId)?;
        let outcodes = reader.array(Packed::from_bits)?;
        let held: Vec<(Packed, u32)> = packed.into_iter().zip(counts).collect();
        let mut codes = Codes { held, free, ..Codes::default() };
        for outcode in outcodes {
            codes.number(outcode);
        }
        let numbered = codes.outcodes.len();
        reader.check(numbered == codes.numbered.len())?;
        for place in 0..codes.held.len() {
            let Some((code, _)) = codes.held.get(place).copied().filter(|(_, uses)| *uses > 0) else {
                continue;
            };
            let id = CodeId(u32::try_from(place).unwrap_or(u32::MAX));
            let all = &codes.held;
            codes.by_code.insert(id.0, |number| code_of(all, number));
            codes.know_outcode(code);
        }
        // That met no outcode that was not numbered before.
        reader.check(codes.outcodes.len() == numbered)?;
        Ok(codes)
    }

    /// How many numbers of postcodes there are, free ones included.
    pub(crate) fn places(&self) -> usize {
        self.held.len()
    }

    /// The outcode of a postcode; any, where more are in use than have numbers.
    pub(crate) fn outcode_of(&self, id: CodeId) -> OutcodeId {
        self.outcodes.get(&self.code(id).only_outcode()).copied().unwrap_or(OutcodeId::ANY)
    }

    /// The outcode of a number; nothing for that of none or of any.
    pub(crate) fn of_number(&self, number: OutcodeId) -> Packed {
        let place = usize::from(number.0).checked_sub(1);
        place.and_then(|place| self.numbered.get(place)).copied().unwrap_or_default()
    }

    /// Every outcode that has a number of its own, in the order of their numbers from 1 on.
    pub(crate) fn outcodes(&self) -> impl Iterator<Item = Packed> {
        self.numbered.iter().copied().take(usize::from(OutcodeId::ANY.0) - 1)
    }

    /// Counts one use less, forgetting the postcode after the last.
    pub(crate) fn release(&mut self, id: CodeId) {
        let Some((_, uses)) = self.held.get_mut(id.0 as usize) else { return };
        assert!(*uses > 0, "a postcode is released as often as it was taken");
        *uses -= 1;
        if *uses == 0 {
            let all = &self.held;
            self.by_code.remove(id.0, |number| code_of(all, number));
            if let Some(place) = self.held.get_mut(id.0 as usize) {
                *place = (Packed::default(), 0);
            }
            self.free.push(id);
        }
    }

    /// The number of a postcode in use.
    pub(crate) fn id(&self, code: Packed) -> Option<CodeId> {
        self.by_code.find(&code, |number| self.code(CodeId(number)) == code).map(CodeId)
    }

    pub(crate) fn code(&self, id: CodeId) -> Packed {
        self.held.get(id.0 as usize).map(|(code, _)| *code).unwrap_or_default()
    }

    /// Gives spare room back after many postcodes were taken in.
    pub(crate) fn loaded(&mut self) {
        self.held.shrink_to_fit();
    }

    /// Its bytes.
    pub(crate) fn size(&self) -> usize {
        size_of::<(Packed, u32)>() * self.held.capacity() + self.by_code.size()
    }

    /// Tells whether no postcode is in use.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.by_code.is_empty()
    }
}

fn code_of(held: &[(Packed, u32)], number: u32) -> Option<&Packed> {
    held.get(number as usize).map(|(code, _)| code)
}
