//! The table of streams is held to a plain map, whatever comes and in whatever order.

use uuid::Uuid;
use vocabulary::stream::StreamKind;

use super::*;

/// Draws numbers from a seed.
fn draws(mut seed: u64) -> impl FnMut() -> u64 {
    move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed >> 20
    }
}

fn named(number: u64) -> Stream {
    let kind = StreamKind::ALL[usize::try_from(number % 9).unwrap()];
    // Ids of every look: small numbers, first halves alone, and drawn ones; a child and who looked at it share one.
    let id = match number % 4 {
        0 => u128::from(number),
        1 => u128::from(number) << 64,
        _ => u128::from(number / 8).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835),
    };
    Stream::new(kind, Uuid::from_u128(id))
}

#[test]
fn the_table_knows_what_a_map_knows_after_any_sequence() {
    for seed in 0..20 {
        let mut draw = draws(seed);
        let mut streams = Streams::default();
        let (mut landed, mut flying) = (BTreeMap::new(), BTreeMap::<Stream, u32>::new());
        for _ in 0..20_000 {
            let stream = named(draw() % 3_000);
            let (place, revision): (Place, u32) = landed.get(&stream).copied().unwrap_or_default();
            let reached = flying.get(&stream).copied().unwrap_or(revision);
            match draw() % 4 {
                0 => {
                    streams.fly(stream, reached + 1);
                    flying.insert(stream, reached + 1);
                }
                1 => {
                    streams.fall(stream);
                    flying.remove(&stream);
                }
                _ => {
                    let far = if draw().is_multiple_of(50) { 3_000_000 } else { 1 };
                    let more = if draw().is_multiple_of(50) { 1 << 20 } else { 1 };
                    let segment = place.segment.saturating_add(far);
                    let offset = u32::try_from(draw() % (1 << 27)).unwrap() * 8;
                    let (landing, after) = (Place { segment, offset }, revision.saturating_add(more));
                    streams.land(stream, landing, after);
                    landed.insert(stream, (landing, after));
                    if flying.get(&stream).is_some_and(|flying| *flying <= after) {
                        flying.remove(&stream);
                    }
                }
            }
        }
        for number in 0..3_100 {
            let stream = named(number);
            let wanted = match (landed.get(&stream), flying.get(&stream)) {
                (None, None) => None,
                (None, Some(revision)) => {
                    Some(StreamEnd { place: Place::NONE, durable: 0, revision: *revision })
                }
                (Some((place, durable)), flying) => {
                    let revision = *flying.unwrap_or(durable);
                    Some(StreamEnd { place: *place, durable: *durable, revision })
                }
            };
            assert_eq!(streams.end(stream), wanted, "{stream}");
            assert_eq!(streams.revision(stream), Revision(wanted.map_or(0, |end| end.revision.into())));
        }
    }
}

#[test]
fn streams_added_in_their_order_are_those_added_in_any() {
    let mut all: Vec<Stream> = (0..40_000).map(named).collect();
    all.sort_unstable();
    all.dedup();
    let place = |number: u32| Place { segment: number + 1, offset: number * 8 };
    let (mut shuffled, mut ordered) = (Streams::default(), Streams::default());
    for (number, stream) in (0..).zip(&all) {
        shuffled.add(*stream, place(number), number + 1);
    }
    let mut sorted: Vec<(u32, Stream)> = (0..).zip(all.iter().copied()).collect();
    sorted.sort_by_key(|(_, stream)| Order::of(*stream));
    for (number, stream) in sorted {
        ordered.add(stream, place(number), number + 1);
    }
    for (number, stream) in (0..).zip(&all) {
        let wanted = Some(StreamEnd::durable(place(number), number + 1));
        assert_eq!((shuffled.end(*stream), ordered.end(*stream)), (wanted, wanted));
    }
}
