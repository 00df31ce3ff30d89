//! A small log, some of whose records are to go, in one folder or in two.

use std::sync::Arc;

use event_log::{
    EventLog, Expected, Header, Options, Payload, Proposed, Segments,
    archive::{Archivist, Spanning},
    conformance::{invented, stream},
    disk::{Disk, MemoryDisk, Open},
    integrator::CHECKPOINT,
    note::SigningKey,
    verify::{VerifyOptions, verify_on},
};
use vocabulary::stream::{Position, Revision};

pub(crate) const SMALL: Options = Options { segment_bytes: 4 << 10 };
pub(crate) const RECORDS: u64 = 120;
pub(crate) const STREAMS: u64 = 7;
/// What nothing may hold once it is forgotten.
pub(crate) const CANARY: &str = "canary";
/// The slot of the key that is destroyed.
pub(crate) const GONE: u32 = 9;

pub(crate) fn key() -> SigningKey {
    SigningKey::from_seed("invented.example/log", [7; 32]).unwrap()
}

/// The record with this number; of every third the key is destroyed, and some are longer than a sector.
pub(crate) fn written(number: u64) -> Proposed {
    let named = stream(number % STREAMS);
    let mut proposed = invented(named, number);
    proposed.header.key.slot = if number.is_multiple_of(3) { GONE } else { 2 };
    let long = if number.is_multiple_of(10) { 60 } else { 1 };
    let word = if number.is_multiple_of(3) { CANARY } else { "other" };
    proposed.payload = format!("{word} {number:03} ").repeat(long).into_bytes();
    proposed
}

pub(crate) fn gone(header: &Header) -> bool {
    header.key.slot == GONE
}

/// A folder and its archive.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pair {
    pub(crate) here: MemoryDisk,
    pub(crate) there: MemoryDisk,
}

impl Pair {
    pub(crate) fn filled() -> Pair {
        let pair = Pair::default();
        let log = pair.open();
        (0..RECORDS).for_each(|number| append(&log, number));
        log.close();
        pair
    }

    /// The same, with all closed segments but two in the archive.
    pub(crate) fn archived() -> Pair {
        let pair = Pair::filled();
        let mut archivist = pair.archivist();
        let planned = archivist.plan(i64::MAX, &mut |_| ()).unwrap();
        assert!(planned.len() > 4, "{} closed segments", planned.len());
        planned.iter().take(planned.len() - 2).for_each(|segment| archivist.carry(segment).unwrap());
        pair
    }

    pub(crate) fn archivist(&self) -> Archivist {
        let (here, there) = (Arc::new(self.here.clone()), Arc::new(self.there.clone()));
        let mut archivist = Archivist::new(here, there, "archive").unwrap();
        archivist.settle().unwrap();
        archivist
    }

    pub(crate) fn over(here: Arc<dyn Disk>, there: Arc<dyn Disk>) -> Spanning {
        Spanning::new(here, Box::new(move |_| Arc::clone(&there))).believing()
    }

    pub(crate) fn spanning(&self) -> Spanning {
        Pair::over(Arc::new(self.here.clone()), Arc::new(self.there.clone()))
    }

    pub(crate) fn open(&self) -> Segments {
        Segments::open_on(Arc::new(self.spanning()), SMALL).unwrap().0
    }

    pub(crate) fn crashed(&self, survives: &mut dyn FnMut() -> bool) -> Pair {
        Pair { here: self.here.crashed(survives), there: self.there.crashed(survives) }
    }

    /// How often the canary stands in any file of either folder, whatever the file.
    pub(crate) fn canaries(&self) -> usize {
        [&self.here, &self.there]
            .into_iter()
            .flat_map(|disk| {
                disk.list("").unwrap().into_iter().map(move |name| {
                    let file = disk.open(&name, Open::Read).unwrap();
                    let mut bytes = vec![0; usize::try_from(file.len().unwrap()).unwrap()];
                    file.pread(0, &mut bytes).unwrap();
                    bytes.windows(CANARY.len()).filter(|part| *part == CANARY.as_bytes()).count()
                })
            })
            .sum()
    }

    /// Holds the log to all that was written, each payload kept or erased, and to what vouches for it; answers how
    /// many payloads are erased.
    pub(crate) fn holds_all(&self, checkpoint: Option<&str>) -> u64 {
        let log = self.open();
        let unfinished = [&self.here, &self.there].into_iter().flat_map(|disk| disk.list("").unwrap());
        let unfinished: Vec<String> = unfinished.filter(|name| name.contains(".compact")).collect();
        assert!(unfinished.is_empty(), "{unfinished:?} is taken away at opening");
        let erased = read(&log);
        drop(log);
        let signing = key();
        let options = VerifyOptions { verifier: Some(signing.verifier()), checkpoint, tiles: None };
        let verified = verify_on(&self.spanning(), None, options, &mut |_| ()).unwrap();
        assert_eq!((verified.records, verified.torn_bytes), (RECORDS, 0));
        // Carrying over goes on from whatever is there.
        drop(self.archivist());
        erased
    }
}

pub(crate) fn append(log: &dyn EventLog, number: u64) {
    let proposed = written(number);
    log.submit(proposed.header.stream, Expected::Any, vec![proposed]).wait().unwrap();
}

/// Reads everything, forwards and by streams; answers how many payloads are erased.
pub(crate) fn read(log: &dyn EventLog) -> u64 {
    let (mut erased, mut seen) = (0, 0);
    let mut same = |record: event_log::RecordRef<'_>, number: u64| {
        let proposed = written(number);
        assert_eq!(record.header, proposed.header);
        let kept = Payload::Kept(&proposed.payload);
        assert_eq!(record.payload.digest(), kept.digest());
        let is_erased = record.payload != kept;
        assert!(!is_erased || gone(&record.header), "record {number} was not to go");
        erased += u64::from(is_erased);
        seen += 1;
    };
    log.read_all(Position::ZERO, u32::MAX, &mut |record| same(record, record.position.0 - 1)).unwrap();
    for name in 0..STREAMS {
        log.read_stream(stream(name), Revision::NONE, &mut |record| {
            same(record, name + (record.revision.0 - 1) * STREAMS);
        })
        .unwrap();
    }
    assert!(seen >= 2 * RECORDS);
    erased / 2
}

pub(crate) fn note(tiles: &MemoryDisk) -> String {
    let file = tiles.open(CHECKPOINT, Open::Read).unwrap();
    let mut bytes = vec![0; usize::try_from(file.len().unwrap()).unwrap()];
    file.pread(0, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

pub(crate) fn doomed_of(records: u64) -> u64 {
    records.div_ceil(3)
}

/// Draws the choices of a crash from a number.
pub(crate) fn choices(mut seed: u64) -> impl FnMut() -> bool {
    seed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed >> 63 == 1
    }
}
