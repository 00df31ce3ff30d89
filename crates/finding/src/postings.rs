//! The tables of one index, and which of them lists whom under what.

use std::{hash::Hasher, io};

use chrono::NaiveDate;
use vocabulary::{ChildId, ChildNumber};

use crate::{
    born::filed_birth,
    codes::CodeId,
    facts::{Described, Facts, Lexicons, Signs, body},
    lexicon::Word,
    rows::Rows,
    sieve::Sieve,
    snapshot::{Reader, SnapshotError, Writer},
    table::{Marks, Slot, Span, Table, WHOLE},
};

/// Slots that may wait to be used again, before a table is merged for their sake: an eighth of all.
const WAITING_SHARE: usize = 8;
const WAITING_MIN: usize = if cfg!(test) { 4 } else { 65_536 };

/// Entries of a list that are read in the time in which one child is judged.
const READ_FOR_ONE: usize = 64;

/// Every table. A word is listed under the day of birth as a mark; numbers are listed under a part of their hash.
#[derive(Debug)]
pub(crate) struct Postings {
    tables: [Table; Kind::ALL.len()],
}

/// Which table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Forenames,
    Surnames,
    Streets,
    Days,
    Codes,
    Numbers,
    Identifiers,
    Children,
}

impl Kind {
    const ALL: [Kind; 8] = [
        Kind::Forenames,
        Kind::Surnames,
        Kind::Streets,
        Kind::Days,
        Kind::Codes,
        Kind::Numbers,
        Kind::Identifiers,
        Kind::Children,
    ];

    fn marks(self) -> Marks {
        match self {
            Kind::Forenames | Kind::Surnames | Kind::Streets => Marks::Kept,
            Kind::Days | Kind::Codes | Kind::Numbers | Kind::Identifiers | Kind::Children => Marks::None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Kind::Forenames => "by forename",
            Kind::Surnames => "by surname",
            Kind::Streets => "by street",
            Kind::Days => "by day",
            Kind::Codes => "by postcode",
            Kind::Numbers => "by number",
            Kind::Identifiers => "by identifier",
            Kind::Children => "by id",
        }
    }
}

/// A list of candidates that could be read.
pub(crate) enum List {
    /// Children born within `spans` with one of `words` as forename, surname or street.
    Words { table: Kind, words: Vec<Word>, spans: Vec<(u16, u16)> },
    /// Children born that day.
    Day(NaiveDate),
    /// Children with that postcode; none where nobody has it.
    Postcode(Option<CodeId>),
    /// Children with that number: one, but for a mistake elsewhere.
    Number(ChildNumber),
}

impl Default for Postings {
    fn default() -> Postings {
        Postings { tables: Kind::ALL.map(|kind| Table::new(kind.marks())) }
    }
}

/// How a child is put on the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listing {
    /// To be read at once.
    Now,
    /// To be read after the next merge, with many others.
    Bulk,
}

impl Postings {
    /// Lists a child under everything that is known of it.
    pub(crate) fn insert(
        &mut self,
        slot: Slot,
        child: ChildId,
        facts: &Facts,
        lexicons: &Lexicons,
        how: Listing,
    ) {
        let mut put = |kind: Kind, key: u32, mark: u16| match (self.tables.get_mut(kind as usize), how) {
            (Some(table), Listing::Now) => table.insert(key, mark, slot),
            (Some(table), Listing::Bulk) => table.gather(key, mark, slot),
            (None, _) => (),
        };
        let mut hashed = |kind: Kind, hash: u64| put(kind, key(hash), 0);
        hashed(Kind::Children, hash_of_child(child));
        hashed(Kind::Numbers, mixed(facts.number));
        for (scheme, signs) in facts.described().flat_map(identifiers) {
            hashed(Kind::Identifiers, hash_of_signs(scheme, signs));
        }
        let born = births(facts);
        for (kind, words) in words(facts, lexicons) {
            for word in words {
                for day in &born {
                    put(kind, word.0, *day);
                }
            }
        }
        born.iter()
            .filter(|born| **born != filed_birth(None))
            .for_each(|born| put(Kind::Days, u32::from(*born), 0));
        let listed = facts.listed.iter().flat_map(|listed| &listed.places).map(|(_, spot)| spot);
        let spots = facts.described().flat_map(|described| &described.places).map(|(spot, _)| spot);
        for code in distinct(listed.chain(spots).filter_map(|spot| spot.code)) {
            put(Kind::Codes, code.0, 0);
        }
    }

    /// Merges the tables that are due, or, of `every` one, all.
    pub(crate) fn merge(&mut self, rows: &Rows, every: bool) {
        let late = rows.waiting() > WAITING_MIN.max(rows.live() / WAITING_SHARE);
        let latest = self.purged();
        let is_due = |table: &&mut Table| every || table.is_due() || late && table.purged() == latest;
        let mut due: Vec<&mut Table> = self.tables.iter_mut().filter(is_due).collect();
        each_on_two(&mut due, |table| table.merge(rows.gone(), |slot| rows.is_live(slot)));
    }

    /// Gives every slot its new number, after every merge and while none has gone.
    pub(crate) fn renumber(&mut self, to: &[u32]) {
        each_on_two(&mut self.tables.iter_mut().collect::<Vec<_>>(), |table| table.renumber(to));
    }

    /// Merges every table after many children were loaded.
    pub(crate) fn loaded(&mut self, rows: &Rows) {
        self.merge(rows, true);
        self.tables.iter_mut().for_each(Table::loaded);
    }

    /// How many children had gone that no list names any more.
    pub(crate) fn purged(&self) -> u64 {
        self.tables.iter().map(Table::purged).min().unwrap_or(u64::MAX)
    }

    /// One table.
    pub(crate) fn table(&self, kind: Kind) -> &Table {
        let [first, ..] = &self.tables;
        self.tables.get(kind as usize).unwrap_or(first)
    }

    /// Whoever may be this child.
    pub(crate) fn of_child(&self, child: ChildId, found: &mut Vec<Slot>) {
        self.of_hash(Kind::Children, hash_of_child(child), found);
    }

    /// Whoever may bear an identifier.
    pub(crate) fn of_identifier(&self, scheme: usize, text: &str, found: &mut Vec<Slot>) {
        self.of_hash(Kind::Identifiers, hash_of_signs(scheme, &Signs::of(text)), found);
    }

    fn of_hash(&self, kind: Kind, hash: u64, found: &mut Vec<Slot>) {
        self.table(kind).read(key(hash), WHOLE, found);
    }

    /// Adds the shortest of several lists, of which any would do. Gone children may be among them.
    pub(crate) fn shortest(&self, lists: &[List], found: &mut Vec<Slot>) {
        let counted = lists.iter().map(|list| (if lists.len() > 1 { self.count(list) } else { 0 }, list));
        if let Some((_, list)) = counted.min_by_key(|(count, _)| *count) {
            self.each_part(list, &mut |table, key, span| table.read(key, span, found));
        }
    }

    /// Adds whoever is on the shortest of several lists and, but for one in some hundreds, on all of them that are
    /// read sooner than those on the shortest are judged. Gone children may be among them.
    pub(crate) fn met(&self, lists: &[List], found: &mut Vec<Slot>) {
        let mut counted: Vec<(usize, &List)> = lists.iter().map(|list| (self.count(list), list)).collect();
        counted.sort_unstable_by_key(|(count, _)| *count);
        let Some(((_, shortest), others)) = counted.split_first() else { return };
        let mut met = Vec::new();
        self.each_part(shortest, &mut |table, key, span| table.read(key, span, &mut met));
        for (count, other) in others {
            if *count > met.len().saturating_mul(READ_FOR_ONE) {
                break;
            }
            let here = Sieve::of(met.iter().copied());
            let mut there = Sieve::new(met.len());
            self.each_part(other, &mut |table, key, span| {
                table.each(key, span, &mut |_, slot| {
                    if here.may_hold(slot) {
                        there.put(slot);
                    }
                });
            });
            met.retain(|slot| there.may_hold(*slot));
        }
        found.append(&mut met);
    }

    fn count(&self, list: &List) -> usize {
        let mut count = 0;
        self.each_part(list, &mut |table, key, span| count += table.count(key, span));
        count
    }

    fn each_part(&self, list: &List, read: &mut dyn FnMut(&Table, u32, Span)) {
        match list {
            List::Words { table, words, spans } => {
                let table = self.table(*table);
                for word in words {
                    for span in spans {
                        read(table, word.0, *span);
                    }
                }
            }
            List::Day(day) => read(self.table(Kind::Days), u32::from(filed_birth(Some(*day))), WHOLE),
            List::Postcode(Some(code)) => read(self.table(Kind::Codes), code.0, WHOLE),
            List::Postcode(None) => (),
            List::Number(number) => {
                read(self.table(Kind::Numbers), key(mixed(body(*number))), WHOLE);
            }
        }
    }

    /// The bytes of each table.
    pub(crate) fn sizes(&self) -> Vec<(&'static str, usize)> {
        Kind::ALL.into_iter().map(|kind| (kind.name(), self.table(kind).size())).collect()
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> io::Result<()> {
        self.tables.iter().try_for_each(|table| table.write(writer))
    }

    /// Reads the tables over children and words that were read before.
    pub(crate) fn read_from(
        reader: &mut Reader<'_>,
        lexicons: &Lexicons,
        rows: &Rows,
    ) -> Result<Postings, SnapshotError> {
        let mut postings = Postings::default();
        for (kind, table) in Kind::ALL.into_iter().zip(&mut postings.tables) {
            let keys = match kind {
                Kind::Forenames | Kind::Surnames => lexicons.names.places(),
                Kind::Streets => lexicons.streets.places(),
                Kind::Days => usize::from(u16::MAX) + 1,
                Kind::Codes => lexicons.codes.places(),
                Kind::Numbers | Kind::Identifiers | Kind::Children => 1 << KEY_BITS,
            };
            *table = Table::read_from(reader, kind.marks(), keys, rows.places())?;
            reader.check(table.purged() <= rows.gone() || table.purged() == u64::MAX)?;
        }
        Ok(postings)
    }

    /// Tells whether nobody is listed anywhere.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.tables.iter().all(Table::is_empty)
    }
}

/// Does something to each table, on two threads where there are several: no table knows of another.
fn each_on_two(tables: &mut [&mut Table], act: impl Fn(&mut Table) + Sync) {
    let each = |half: &mut [&mut Table]| half.iter_mut().for_each(|table| act(table));
    let (some, others) = tables.split_at_mut(tables.len() / 2);
    if some.is_empty() {
        return each(others);
    }
    std::thread::scope(|scope| {
        scope.spawn(|| each(some));
        each(others);
    });
}

/// The days under which a child's words are listed: one, but where sources differ; that of nobody where none is told.
pub(crate) fn births(facts: &Facts) -> Vec<u16> {
    let listed = facts.listed.iter().map(|listed| filed_birth(listed.born));
    let matched = facts.described().flat_map(|described| {
        let unknown = described.births.is_empty().then(|| filed_birth(None));
        described.births.iter().map(|born| filed_birth(Some(*born))).chain(unknown)
    });
    distinct(listed.chain(matched))
}

/// The words that list a child, by table, each once.
fn words(facts: &Facts, lexicons: &Lexicons) -> [(Kind, Vec<Word>); 3] {
    let read = |label| {
        let read = lexicons.written.kept(label);
        read.into_iter().flat_map(|read| read.whole.iter().chain(read.parts())).copied()
    };
    let listed = || facts.listed.iter().flat_map(|listed| &listed.names);
    let spots = facts.described().flat_map(|described| &described.places).map(|(spot, _)| spot);
    let homes = facts.listed.iter().flat_map(|entry| &entry.places).map(|(_, spot)| spot);
    let of = |described: fn(&Described) -> &[(Word, linkage::person::Form)]| {
        facts.described().flat_map(described).map(|(word, _)| *word)
    };
    [
        (
            Kind::Forenames,
            distinct(
                listed().flat_map(|name| read(name.forename)).chain(of(|described| &described.forenames)),
            ),
        ),
        (
            Kind::Surnames,
            distinct(listed().flat_map(|name| read(name.surname)).chain(of(|described| &described.surnames))),
        ),
        (Kind::Streets, distinct(homes.chain(spots).filter_map(|spot| spot.street))),
    ]
}

/// Each once. There are a handful.
fn distinct<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut once = Vec::new();
    for one in all {
        if !once.contains(&one) {
            once.push(one);
        }
    }
    once
}

fn identifiers(described: &Described) -> impl Iterator<Item = (usize, &Signs)> {
    described
        .identifiers
        .iter()
        .enumerate()
        .flat_map(|(scheme, told)| told.iter().map(move |signs| (scheme, signs)))
}

/// Numbers are listed by so much of a hash: a million lists, of which each names a dozen of twelve million children.
pub(crate) const KEY_BITS: u32 = if cfg!(test) { 4 } else { 20 };

/// The list of a hash. Whose number it is is read off the rows.
fn key(hash: u64) -> u32 {
    u32::try_from(hash >> (u64::BITS - KEY_BITS)).unwrap_or_default()
}

fn hash_of_child(child: ChildId) -> u64 {
    let (high, low) = child.0.as_u64_pair();
    mixed(high ^ low.rotate_left(32))
}

fn hash_of_signs(scheme: usize, signs: &Signs) -> u64 {
    let scheme = u64::try_from(scheme).unwrap_or_default();
    match signs {
        Signs::Number { digits, letter } => mixed(digits ^ u64::from(*letter) << 56 ^ scheme << 62),
        Signs::Text(text) => {
            let mut hasher = Fnv(scheme);
            hasher.write(text.as_bytes());
            mixed(hasher.finish())
        }
    }
}

/// FNV-1a: the same on every machine.
struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// The last step of `SplitMix64`: numbers that lie together part.
fn mixed(mut number: u64) -> u64 {
    number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
