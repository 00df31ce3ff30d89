//! Sorting: entries put in order beyond what memory holds, by runs that are sorted and merged.
//!
//! An entry is a key and a value, each with its length before it: 2 and 4 bytes, big end first.

#[cfg(test)]
mod spec;

use std::{
    borrow::Cow,
    cmp::Ordering,
    collections::{BinaryHeap, binary_heap::PeekMut},
    path::PathBuf,
};

use super::{RowsError, aside::Aside};

/// Bytes of a run held while runs are merged: some hundred runs then take some ten megabytes.
const HELD_BYTES: usize = 64 << 10;

/// Entries one after the other.
#[derive(Default)]
pub(crate) struct Entries {
    bytes: Vec<u8>,
}

impl Entries {
    /// Adds one at the end.
    pub(crate) fn put(&mut self, key: &[u8], value: &[u8]) {
        // Keys are ids and words, values at most a megabyte: neither length is ever cut.
        let key_length = u16::try_from(key.len()).unwrap_or(u16::MAX);
        let value_length = u32::try_from(value.len()).unwrap_or(u32::MAX);
        self.bytes.extend_from_slice(&key_length.to_be_bytes());
        self.bytes.extend_from_slice(&value_length.to_be_bytes());
        self.bytes.extend_from_slice(key);
        self.bytes.extend_from_slice(value);
    }

    /// Tells all of them in the order in which they stand.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let mut rest = self.bytes.as_slice();
        std::iter::from_fn(move || {
            let (key, value, after) = entry(rest)?;
            rest = after;
            Some((key, value))
        })
    }

    /// How many bytes they take.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.len()
    }
}

/// Key, value, and the bytes after them; `None` where no whole entry stands.
fn entry(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (key_length, rest) = bytes.split_first_chunk()?;
    let (value_length, rest) = rest.split_first_chunk()?;
    let (key, rest) = rest.split_at_checked(u16::from_be_bytes(*key_length).into())?;
    let (value, rest) = rest.split_at_checked(u32::from_be_bytes(*value_length) as usize)?;
    Some((key, value, rest))
}

fn key_of(bytes: &[u8], at: u32) -> &[u8] {
    bytes.get(at as usize..).and_then(entry).map(|(key, _, _)| key).unwrap_or_default()
}

/// Takes entries in any order.
pub(crate) struct Sorter {
    folder: PathBuf,
    held_max: usize,
    held: Entries,
    places: Vec<u32>,
    aside: Option<Aside>,
    runs: Vec<(u64, u64)>,
}

impl Sorter {
    /// Begins with none; more than `held_max` bytes of them are kept aside in `folder`.
    pub(crate) fn new(folder: PathBuf, held_max: usize) -> Sorter {
        Sorter {
            folder,
            held_max,
            held: Entries::default(),
            places: Vec::new(),
            aside: None,
            runs: Vec::new(),
        }
    }

    /// Takes one.
    pub(crate) fn put(&mut self, key: &[u8], value: &[u8]) -> Result<(), RowsError> {
        if self.held.bytes() > self.held_max {
            self.put_aside()?;
        }
        self.places.push(u32::try_from(self.held.bytes()).unwrap_or(u32::MAX));
        self.held.put(key, value);
        Ok(())
    }

    /// No more come.
    pub(crate) fn finish(mut self) -> Runs {
        let last = self.sorted();
        Runs { aside: self.aside, kept: self.runs, last }
    }

    fn put_aside(&mut self) -> Result<(), RowsError> {
        let run = self.sorted();
        let mut aside = match self.aside.take() {
            Some(aside) => aside,
            None => Aside::make(&self.folder)?,
        };
        let begins = aside.append(&run)?;
        self.aside = Some(aside);
        self.runs.push((begins, begins + run.len() as u64));
        Ok(())
    }

    /// What is held, in order; nothing is held afterwards.
    fn sorted(&mut self) -> Vec<u8> {
        let bytes = std::mem::take(&mut self.held.bytes);
        let mut places = std::mem::take(&mut self.places);
        places.sort_unstable_by(|one, other| key_of(&bytes, *one).cmp(key_of(&bytes, *other)));
        let mut run = Vec::with_capacity(bytes.len());
        for at in places {
            let rest = bytes.get(at as usize..).unwrap_or_default();
            let length = entry(rest).map_or(0, |(_, _, after)| rest.len() - after.len());
            run.extend_from_slice(rest.get(..length).unwrap_or_default());
        }
        run
    }
}

/// Sorted runs of entries.
pub(crate) struct Runs {
    aside: Option<Aside>,
    /// From where to where each lies aside.
    kept: Vec<(u64, u64)>,
    /// The last one.
    last: Vec<u8>,
}

impl Runs {
    fn sources(&self) -> impl Iterator<Item = Source<'_>> {
        let kept = self.aside.iter().flat_map(|aside| {
            self.kept.iter().map(move |(begins, ends)| Source {
                kept: Some((aside, *begins, *ends)),
                held: Cow::Owned(Vec::new()),
                told: 0,
            })
        });
        kept.chain([Source { kept: None, held: Cow::Borrowed(&self.last), told: 0 }])
    }
}

/// Whoever is told a key and its value.
pub(super) type Told<'a> = dyn FnMut(&[u8], &[u8]) -> Result<(), RowsError> + 'a;

/// Tells the entries of all runs in the order of their keys; of several with one key the first.
pub(super) fn merge(runs: &[Runs], each: &mut Told<'_>) -> Result<(), RowsError> {
    let mut sources: Vec<Source<'_>> = runs.iter().flat_map(Runs::sources).collect();
    let mut heads = BinaryHeap::with_capacity(sources.len());
    for (number, source) in sources.iter_mut().enumerate() {
        let mut head = Head { key: Vec::new(), value: Vec::new(), source: number };
        if source.next(&mut head)? {
            heads.push(head);
        }
    }
    let mut last: Option<Vec<u8>> = None;
    while let Some(mut head) = heads.peek_mut() {
        if last.as_ref() != Some(&head.key) {
            each(&head.key, &head.value)?;
            let kept = last.get_or_insert_default();
            kept.clear();
            kept.extend_from_slice(&head.key);
        }
        let Some(source) = sources.get_mut(head.source) else { break };
        if !source.next(&mut head)? {
            PeekMut::pop(head);
        }
    }
    Ok(())
}

/// The next entry of one run; the greatest of all is that with the least key.
struct Head {
    key: Vec<u8>,
    value: Vec<u8>,
    source: usize,
}

impl Ord for Head {
    fn cmp(&self, other: &Head) -> Ordering {
        other.key.cmp(&self.key).then(other.source.cmp(&self.source))
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Head) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Head) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Head {}

/// One run that is being read.
struct Source<'a> {
    /// What is still to be read, from where to where.
    kept: Option<(&'a Aside, u64, u64)>,
    held: Cow<'a, [u8]>,
    /// How much of what is held was told.
    told: usize,
}

impl Source<'_> {
    /// Puts the next entry into `head`; `false` when there is none.
    fn next(&mut self, head: &mut Head) -> Result<bool, RowsError> {
        loop {
            let rest = self.held.get(self.told..).unwrap_or_default();
            if let Some((key, value, after)) = entry(rest) {
                head.key.clear();
                head.key.extend_from_slice(key);
                head.value.clear();
                head.value.extend_from_slice(value);
                self.told = self.held.len() - after.len();
                return Ok(true);
            }
            if !self.read_on()? {
                return Ok(false);
            }
        }
    }

    /// Holds more of the run; `false` at its end.
    fn read_on(&mut self) -> Result<bool, RowsError> {
        let Some((aside, begins, ends)) = self.kept.filter(|(_, begins, ends)| begins < ends) else {
            return Ok(false);
        };
        let more = usize::try_from(ends - begins).unwrap_or(HELD_BYTES).min(HELD_BYTES);
        let held = self.held.to_mut();
        held.drain(..self.told);
        self.told = 0;
        let had = held.len();
        held.resize(had + more, 0);
        aside.read(begins, held.get_mut(had..).unwrap_or_default())?;
        self.kept = Some((aside, begins + more as u64, ends));
        Ok(true)
    }
}
