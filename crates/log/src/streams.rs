//! Where each stream ends, in memory: about 48 bytes a stream while it grows, 36 after opening.

use std::collections::BTreeMap;

use vocabulary::stream::{Revision, Stream};

use crate::frame::Place;

/// The end of one stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StreamEnd {
    /// Address of its last durable record.
    pub(crate) place: Place,
    /// Its revision at that record.
    pub(crate) durable: u32,
    /// Its revision, records in flight included.
    pub(crate) revision: u32,
}

impl StreamEnd {
    /// The end of a stream of which nothing is in flight.
    pub(crate) fn durable(place: Place, revision: u32) -> StreamEnd {
        StreamEnd { place, durable: revision, revision }
    }
}

/// The ends of all streams.
#[derive(Debug, Default)]
pub(crate) struct Streams(BTreeMap<Stream, StreamEnd>);

impl Streams {
    /// Builds the map from runs laid one after another, older first; the last word on a stream holds.
    pub(crate) fn of(mut ends: Vec<(Stream, StreamEnd)>) -> Streams {
        // Each run is sorted, so that this stable sort is a merge.
        ends.sort_by_key(|(stream, _)| *stream);
        Streams(ends.into_iter().collect())
    }

    /// The end of `stream`, if it has begun.
    pub(crate) fn end(&self, stream: Stream) -> Option<StreamEnd> {
        self.0.get(&stream).copied()
    }

    /// The stream's revision, in flight included.
    pub(crate) fn revision(&self, stream: Stream) -> Revision {
        Revision(self.0.get(&stream).map_or(0, |end| end.revision.into()))
    }

    /// Says that records are in flight that bring `stream` to `revision`.
    pub(crate) fn fly(&mut self, stream: Stream, revision: u32) {
        let none = StreamEnd { place: Place::NONE, durable: 0, revision };
        self.0.entry(stream).or_insert(none).revision = revision;
    }

    /// Says that `stream` is durable up to `revision`, which stands at `place`.
    pub(crate) fn land(&mut self, stream: Stream, place: Place, revision: u32) {
        let landed = StreamEnd::durable(place, revision);
        let end = self.0.entry(stream).or_insert(landed);
        *end = StreamEnd { revision: end.revision.max(revision), ..landed };
    }

    /// Forgets what was in flight on `stream`.
    pub(crate) fn fall(&mut self, stream: Stream) {
        if let Some(end) = self.0.get_mut(&stream) {
            end.revision = end.durable;
            if end.durable == 0 {
                self.0.remove(&stream);
            }
        }
    }
}
