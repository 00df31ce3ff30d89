//! Over which streams the events of a whole log are spread.

use benches::Draws;
use vocabulary::stream::{Stream, StreamKind};

use crate::append::{PAYLOAD, stream_of};

/// Events a stream where all are of children: a child's record has a handful.
const EVENTS_A_STREAM: u64 = 4;
/// Of a hundred events of ten years, those told of children, and those and openings of records; the rest are
/// searches. So few are told of children in truth, that here each of them has a stream though the log is short.
const OF_CHILDREN: u64 = 25;
const OF_CHILDREN_AND_OPENINGS: u64 = 60;
/// Of ten thousand events so many are a child's first, and so many a user's, at 100 million events.
const CHILDREN: u64 = 1_200;
const USERS: u64 = 33;
/// Bytes of a sealed look.
const LOOK: usize = 80;

/// What the events are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Told of children, four of each.
    Children,
    /// Ten years of looks: of each child, who opened its record, and the searches of each user.
    Looks,
}

impl Shape {
    /// Number of streams that so many events have.
    pub(crate) fn streams(self, events: u64) -> u64 {
        match self {
            Shape::Children => events / EVENTS_A_STREAM,
            Shape::Looks => 2 * children(events) + users(events),
        }
    }

    /// The stream of one event, and the bytes of its payload.
    pub(crate) fn event(self, draws: &mut Draws, number: u64, events: u64) -> (Stream, usize) {
        let any = draws.next_bits() >> 8;
        match self {
            Shape::Children => {
                (stream_of(StreamKind::Child, any % (events / EVENTS_A_STREAM).max(1)), PAYLOAD)
            }
            Shape::Looks => {
                // Taken in turn first, so that each stream begins.
                let turn = number / 100 * OF_CHILDREN + number % 100;
                match number % 100 {
                    ..OF_CHILDREN => (stream_of(StreamKind::Child, turn % children(events)), LOOK),
                    OF_CHILDREN..OF_CHILDREN_AND_OPENINGS => {
                        let opened = number / 100 * (OF_CHILDREN_AND_OPENINGS - OF_CHILDREN) + number % 100;
                        let child = if opened < children(events) { opened } else { any % children(events) };
                        (stream_of(StreamKind::Access, child), LOOK)
                    }
                    OF_CHILDREN_AND_OPENINGS.. => (stream_of(StreamKind::Search, any % users(events)), LOOK),
                }
            }
        }
    }

    /// Some streams that are there, drawn.
    pub(crate) fn known(self, count: usize, events: u64) -> Vec<Stream> {
        let mut source = Draws(11);
        let mut any = |of: u64| (source.next_bits() >> 8) % of.max(1);
        (0..count)
            .map(|number| match self {
                Shape::Children => stream_of(StreamKind::Child, any(events / EVENTS_A_STREAM)),
                Shape::Looks if number % 2 == 0 => stream_of(StreamKind::Access, any(children(events))),
                Shape::Looks => stream_of(StreamKind::Child, any(children(events))),
            })
            .collect()
    }
}

fn children(events: u64) -> u64 {
    (events / 10_000 * CHILDREN).max(1)
}

fn users(events: u64) -> u64 {
    (events / 10_000 * USERS).max(1)
}
