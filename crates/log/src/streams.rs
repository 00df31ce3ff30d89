//! Where each stream ends, in memory: 23 bytes a stream, and at most a sixteenth more as room to grow.
//!
//! Ids are mixed by a rule that can be undone, so that they spread evenly over the shelves whatever they look like,
//! and a shelf need not keep the bits that lead to it. A shelf is one sorted piece of memory of some hundred
//! streams at most, so that a new stream moves a few kilobytes and nobody ever waits for more.

use std::collections::BTreeMap;

use vocabulary::stream::{Revision, Stream};

use crate::frame::Place;

mod order;
mod packed;

pub(crate) use order::Order;
use packed::Shelf;

/// Racks, each of so many shelves; a rack is made when its first stream comes.
const RACKS: usize = 256;

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
#[derive(Debug)]
pub(crate) struct Streams {
    racks: Vec<Vec<Shelf>>,
    /// The ends that are too large to be packed: beyond a million records, or in a segment beyond two million.
    wide: BTreeMap<Stream, (Place, u32)>,
    /// The revisions to which records in flight bring their streams.
    flying: BTreeMap<Stream, u32>,
    /// The shelf that [`Streams::add`] fills.
    filling: (u8, u8),
}

impl Default for Streams {
    fn default() -> Streams {
        Streams {
            racks: vec![Vec::new(); RACKS],
            wide: BTreeMap::new(),
            flying: BTreeMap::new(),
            filling: (0, 0),
        }
    }
}

impl Streams {
    /// The end of `stream`, if it has begun.
    ///
    /// Cost: two or three cache misses, however many streams there are.
    pub(crate) fn end(&self, stream: Stream) -> Option<StreamEnd> {
        let durable = self.landed(stream).map(|(place, revision)| StreamEnd::durable(place, revision));
        match (durable, self.flying.get(&stream)) {
            (end, None) => end,
            (None, Some(revision)) => Some(StreamEnd { place: Place::NONE, durable: 0, revision: *revision }),
            (Some(end), Some(revision)) => Some(StreamEnd { revision: *revision, ..end }),
        }
    }

    /// The stream's revision, in flight included.
    pub(crate) fn revision(&self, stream: Stream) -> Revision {
        let flying = self.flying.get(&stream).copied();
        let revision = flying.or_else(|| self.landed(stream).map(|(_, revision)| revision));
        Revision(revision.unwrap_or(0).into())
    }

    /// Says that records are in flight that bring `stream` to `revision`.
    pub(crate) fn fly(&mut self, stream: Stream, revision: u32) {
        self.flying.insert(stream, revision);
    }

    /// Says that `stream` is durable up to `revision`, which stands at `place`.
    pub(crate) fn land(&mut self, stream: Stream, place: Place, revision: u32) {
        let order = Order::of(stream);
        let fits = self.shelf(order).put(order, place, revision);
        if !fits {
            self.wide.insert(stream, (place, revision));
        }
        if self.flying.get(&stream).is_some_and(|flying| *flying <= revision) {
            self.flying.remove(&stream);
        }
    }

    /// As [`Streams::land`] for a stream of which nothing is in flight; quick where streams come in their order.
    pub(crate) fn add(&mut self, stream: Stream, place: Place, revision: u32) {
        let order = Order::of(stream);
        if self.filling != order.shelf() {
            let filled = Order::at(self.filling);
            self.shelf(filled).fit();
            self.filling = order.shelf();
        }
        if !self.shelf(order).push(order, place, revision) {
            self.land(stream, place, revision);
        }
    }

    /// Forgets what was in flight on `stream`.
    pub(crate) fn fall(&mut self, stream: Stream) {
        self.flying.remove(&stream);
    }

    /// Address and revision of the last durable record of `stream`.
    fn landed(&self, stream: Stream) -> Option<(Place, u32)> {
        let order = Order::of(stream);
        let (rack, at) = order.shelf();
        let board = self.racks.get(usize::from(rack))?.get(usize::from(at))?;
        match board.get(order)? {
            (_, 0) => self.wide.get(&stream).copied(),
            packed => Some(packed),
        }
    }

    fn shelf(&mut self, order: Order) -> &mut Shelf {
        let (rack, at) = order.shelf();
        let mut rack = self.racks.get_mut(usize::from(rack));
        if let Some(rack) = rack.as_mut().filter(|rack| rack.is_empty()) {
            rack.resize_with(RACKS, Shelf::default);
        }
        match rack.and_then(|rack| rack.get_mut(usize::from(at))) {
            Some(board) => board,
            None => unreachable!("there is a shelf for each pair of bytes"),
        }
    }
}

#[cfg(test)]
mod spec;
