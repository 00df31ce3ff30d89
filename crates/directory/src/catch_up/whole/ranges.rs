//! Ranges: which ids of streams go into which part, so that parts are about as long as they shall be.
//!
//! Ids may be drawn at random or in the order of time, so the cuts are those of a sample of the log's own records.

use event_log::{EventLog, LogError, Payload};
use uuid::Uuid;
use vocabulary::{Position, StreamKind};

use super::parts::OVERHEAD;

/// Stretches of the log that are looked at for each part, by a guess of how many there will be: parts then differ by
/// a quarter.
const STRETCHES_A_PART: u64 = 16;

/// What a record is guessed to take, before any is looked at.
const RECORD_BYTES: u64 = 256;

/// Most stretches, each of which costs a read of the disk.
const STRETCHES_MAX: u64 = 8_192;

/// Records of each stretch: a few children, where what is told of one stands together.
const STRETCH_RECORDS: u32 = 16;

/// The first id of each part but the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ranges(Vec<Uuid>);

impl Ranges {
    /// Cuts so that each part is about `part_bytes` long.
    pub(super) fn sampled(
        log: &dyn EventLog,
        end: Position,
        kinds: &[StreamKind],
        part_bytes: u64,
    ) -> Result<Ranges, LogError> {
        let guessed = (end.0 * RECORD_BYTES).div_ceil(part_bytes.max(1)) + 1;
        let stretches = guessed.saturating_mul(STRETCHES_A_PART).min(STRETCHES_MAX);
        let stride = (end.0 / stretches).max(u64::from(STRETCH_RECORDS));
        let (mut seen, mut met) = (0_u64, Vec::new());
        for begins in (0..end.0).step_by(usize::try_from(stride).unwrap_or(usize::MAX)) {
            let budget = u32::try_from(end.0 - begins).unwrap_or(u32::MAX).min(STRETCH_RECORDS);
            log.read_all(Position(begins), budget, &mut |record| {
                seen += 1;
                if kinds.contains(&record.header.stream.kind) {
                    let payload = match record.payload {
                        Payload::Kept(bytes) => bytes.len(),
                        Payload::Erased(digest) => digest.len(),
                    };
                    met.push((record.header.stream.id, (OVERHEAD + payload) as u64));
                }
            })?;
        }
        Ok(Ranges::cut(met, end.0.div_ceil(seen.max(1)), part_bytes))
    }

    /// Cuts where a part is full; each of the sample stands for `times` records of its length.
    fn cut(mut met: Vec<(Uuid, u64)>, times: u64, part_bytes: u64) -> Ranges {
        met.sort_unstable();
        let all: u64 = met.iter().map(|(_, bytes)| bytes * times).sum();
        let parts = all.div_ceil(part_bytes.max(1)).max(1);
        let (each, mut held, mut last, mut cuts) = (all.div_ceil(parts), 0, None, Vec::new());
        for (id, bytes) in met {
            if held >= each && last != Some(id) {
                cuts.push(id);
                held = 0;
            }
            held += bytes * times;
            last = Some(id);
        }
        Ranges(cuts)
    }

    /// The part that a stream of this id goes to, from 0.
    pub(super) fn part(&self, id: Uuid) -> usize {
        self.0.partition_point(|first| *first <= id)
    }

    /// How many parts there are.
    pub(super) fn parts(&self) -> usize {
        self.0.len() + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(ids: impl Iterator<Item = u128>, part_bytes: u64) -> Vec<usize> {
        let ids: Vec<Uuid> = ids.map(Uuid::from_u128).collect();
        let ranges = Ranges::cut(ids.iter().map(|id| (*id, 10)).collect(), 1, part_bytes);
        let mut parts = vec![0; ranges.parts()];
        for id in ids {
            parts[ranges.part(id)] += 1;
        }
        parts
    }

    #[test]
    fn parts_are_even_though_ids_lie_close_together() {
        // As ids drawn in the order of time do: the first 48 bits are nearly the same.
        let parts = spread((0..1_000).map(|number| (0x0190_u128 << 112) + number), 1_000);
        assert_eq!(parts, vec![100; 10]);
    }

    #[test]
    fn a_stream_is_never_parted_from_itself() {
        assert_eq!(spread(std::iter::repeat_n(7, 1_000), 1_000), [1_000]);
        assert_eq!(spread(std::iter::empty(), 1_000), [0]);
    }

    #[test]
    fn ranges_go_up_with_the_ids() {
        let ranges = Ranges::cut((0..100).map(|id| (Uuid::from_u128(id), 1)).collect(), 1, 7);
        let parts: Vec<usize> = (0..100).map(|id| ranges.part(Uuid::from_u128(id))).collect();
        assert!(parts.is_sorted() && parts.last() == Some(&(ranges.parts() - 1)));
    }
}
