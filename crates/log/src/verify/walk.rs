//! The walk over all records: links of streams, the tree, its tiles, and the roots that were signed.

use std::{io, sync::Arc};

use vocabulary::stream::Position;

use super::{Checkpoint, Disk, Hash, Scanned, SegmentHead, VerifyError, scan};
use crate::{
    Damage, Harm,
    disk::DiskFile,
    frame::Place,
    scan::Entry,
    streams::Streams,
    tiles::{Edge, TileName, Tiles, WIDTH},
};

/// Every how many records the progress is told.
const PROGRESS: u64 = 1 << 16;

/// What has been walked so far.
pub(super) struct Walk<'p> {
    progress: &'p mut dyn FnMut(u64),
    /// Address and revision of the last record of each stream.
    ends: Streams,
    edge: Edge,
    tiles: Option<Tiles>,
    /// Number of records that the tiles must tell of.
    published: u64,
    /// Roots that were signed, by size.
    signed: Vec<(u64, Hash)>,
    failed: Option<VerifyError>,
}

impl<'p> Walk<'p> {
    pub(super) fn new<'c>(
        tiles: Option<Arc<dyn Disk>>,
        published: Option<&'c Checkpoint>,
        others: impl Iterator<Item = &'c Checkpoint>,
        progress: &'p mut dyn FnMut(u64),
    ) -> Walk<'p> {
        let signed = published.into_iter().chain(others);
        let mut walk = Walk {
            progress,
            ends: Streams::default(),
            edge: Edge::new(),
            tiles: tiles.map(Tiles::new),
            published: published.map_or(0, |checkpoint| checkpoint.size),
            signed: signed.map(|checkpoint| (checkpoint.size, checkpoint.root)).collect(),
            failed: None,
        };
        walk.failed = walk.check_roots().err();
        walk
    }

    /// Position of the last record walked.
    pub(super) fn position(&self) -> Position {
        Position(self.edge.size())
    }

    /// Walks the records of one segment.
    pub(super) fn segment(
        &mut self,
        file: &dyn DiskFile,
        head: &SegmentHead,
    ) -> Result<Scanned, VerifyError> {
        let scanned = scan::scan(file, head, head.bytes, &mut |entry| self.record(entry));
        match self.failed.take() {
            Some(failed) => Err(failed),
            None => Ok(scanned?),
        }
    }

    /// Ends the walk; answers the tree over all records.
    pub(super) fn finish(self) -> Result<Edge, VerifyError> {
        let head = Position(self.edge.size());
        match self.signed.iter().find(|(size, _)| *size > head.0) {
            Some((signed, _)) => Err(VerifyError::Shortened { signed: *signed, head }),
            None => Ok(self.edge),
        }
    }

    fn record(&mut self, entry: &Entry) -> Result<(), Harm> {
        let before = self.ends.end(entry.stream);
        let (place, revision) = before.map_or((Place::NONE, 0), |end| (end.place, end.durable));
        if entry.previous != place || entry.revision != revision + 1 {
            return Err(Harm::StreamLink);
        }
        self.ends.land(entry.stream, entry.place, entry.revision);
        let (tiles, published) = (&self.tiles, self.published);
        let pushed = self.edge.push(entry.leaf, &mut |name, hashes| {
            let covered = (name.index + 1) << (8 * (name.level + 1));
            match tiles {
                Some(tiles) if covered <= published => same(tiles, name, hashes, entry.place),
                Some(_) | None => Ok(()),
            }
        });
        if let Err(error) = pushed.and_then(|()| self.check_roots()) {
            self.failed = Some(error);
            return Err(Harm::Tree);
        }
        if entry.position.0.is_multiple_of(PROGRESS) {
            (self.progress)(entry.position.0);
        }
        Ok(())
    }

    /// Compares the tree with what was signed at this size.
    fn check_roots(&self) -> Result<(), VerifyError> {
        let size = self.edge.size();
        if size == self.published
            && let Some(tiles) = &self.tiles
        {
            for (name, hashes) in self.edge.partial() {
                same(tiles, name, hashes, Place::NONE)?;
            }
        }
        match self.signed.iter().find(|(signed, root)| *signed == size && *root != self.edge.root()) {
            Some(_) => Err(VerifyError::Rewritten(Position(size))),
            None => Ok(()),
        }
    }
}

/// Compares a tile with the one that is kept; names the first record under a hash that differs.
fn same(tiles: &Tiles, name: TileName, hashes: &[Hash], place: Place) -> Result<(), VerifyError> {
    let kept = match tiles.read(name) {
        Ok(kept) => kept,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(VerifyError::Tiles(error)),
    };
    let differs = (0..).zip(hashes).find(|(at, hash)| kept.get(*at) != Some(hash));
    let Some((at, _)) = differs else { return Ok(()) };
    let index = name.index * WIDTH as u64 + at as u64;
    let position = Position((index << (8 * name.level)) + 1);
    Err(Damage { position, segment: place.segment, offset: place.offset, what: Harm::Tree }.into())
}
