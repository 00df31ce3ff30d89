//! The hash tree in tiles: files of up to 256 hashes, which anybody may fetch and check.
//!
//! Only leaf hashes and hashes over them are kept, never leaf data: a header or a payload cannot be guessed from
//! them. A partial tile goes once a wider one is there; a reader that wants a narrower one takes its first part.
//! Source: C2SP tlog-tiles.

use std::{io, sync::Arc};

use crate::{
    disk::{Disk, Open, read_file, write_all},
    leaf::Hash,
    merkle::{self, Nodes, node_hash},
};

/// Height of a tile in the tree.
const HEIGHT: u32 = 8;
/// Hashes in a full tile.
pub const WIDTH: usize = 256;
/// The folder of all tiles.
pub const FOLDER: &str = "tile";

/// Which tile: its level, its index on that level, and how many hashes it has (1 to 256).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TileName {
    /// 0 for the leaves; each level stands on 8 heights of the tree.
    pub level: u32,
    /// Index from the left.
    pub index: u64,
    /// Number of hashes.
    pub width: u32,
}

impl TileName {
    /// Path of the tile's file: `tile/0/x001/234`, with `.p/12` behind it where it is partial.
    pub fn path(&self) -> String {
        let mut digits = format!("{:03}", self.index % 1000);
        let mut rest = self.index / 1000;
        while rest > 0 {
            digits = format!("x{:03}/{digits}", rest % 1000);
            rest /= 1000;
        }
        let full = format!("{FOLDER}/{}/{digits}", self.level);
        if self.width as usize == WIDTH { full } else { format!("{full}.p/{}", self.width) }
    }
}

/// Told each tile that became full.
pub type Full<'f, E> = dyn FnMut(TileName, &[Hash]) -> Result<(), E> + 'f;

/// The right edge of the tree: all that is needed to make it grow and to know its root.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    /// The hashes of the last tile of each level, fewer than 256.
    levels: Vec<Vec<Hash>>,
}

impl Edge {
    /// The edge of the empty tree.
    pub fn new() -> Edge {
        Edge::default()
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf hash; `full` is told each tile that became full by it.
    ///
    /// # Errors
    /// What `full` answers; the edge is then of no use any more.
    pub fn push<E>(&mut self, leaf: Hash, full: &mut Full<'_, E>) -> Result<(), E> {
        self.size += 1;
        let (mut level, mut hash) = (0, leaf);
        loop {
            if self.levels.len() <= level as usize {
                self.levels.push(Vec::with_capacity(WIDTH));
            }
            let index = (self.size - 1) >> (HEIGHT * (level + 1));
            let Some(tile) = self.levels.get_mut(level as usize) else { return Ok(()) };
            tile.push(hash);
            if tile.len() < WIDTH {
                return Ok(());
            }
            full(TileName { level, index, width: narrow(WIDTH) }, tile)?;
            hash = subtree(tile);
            tile.clear();
            level += 1;
        }
    }

    /// Root of the tree.
    pub fn root(&self) -> Hash {
        let mut root: Option<Hash> = None;
        for tile in &self.levels {
            // Whole subtrees stand left of what is below and right of them, the largest first.
            let mut parts = Vec::new();
            let mut rest = tile.as_slice();
            while !rest.is_empty() {
                let (part, behind) = rest.split_at(1 << rest.len().ilog2());
                parts.push(subtree(part));
                rest = behind;
            }
            for part in parts.iter().rev() {
                root = Some(root.map_or(*part, |right| node_hash(part, &right)));
            }
        }
        root.unwrap_or_else(merkle::empty_root)
    }

    /// The partial tiles, lowest level first.
    pub fn partial(&self) -> impl Iterator<Item = (TileName, &[Hash])> {
        (0..).zip(&self.levels).filter(|(_, tile)| !tile.is_empty()).map(|(level, tile)| {
            let index = self.size >> (HEIGHT * (level + 1));
            (TileName { level, index, width: narrow(tile.len()) }, tile.as_slice())
        })
    }

    /// Reads the edge of the tree of `size` leaves back from its tiles.
    ///
    /// # Errors
    /// A tile is missing or could not be read.
    pub fn load(tiles: &Tiles, size: u64) -> io::Result<Edge> {
        let mut levels = Vec::new();
        let mut count = size;
        while count > 0 {
            let index = count / WIDTH as u64;
            let width = small(count % WIDTH as u64);
            let name = TileName { level: narrow(levels.len()), index, width };
            let mut tile = if width == 0 { Vec::new() } else { tiles.read(name)? };
            tile.reserve(WIDTH - tile.len());
            levels.push(tile);
            count = index;
        }
        Ok(Edge { size, levels })
    }
}

/// Root over a power of two of hashes.
fn subtree(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => merkle::empty_root(),
        [hash] => *hash,
        more => {
            let (left, right) = more.split_at(more.len() / 2);
            node_hash(&subtree(left), &subtree(right))
        }
    }
}

/// A number of hashes in a tile.
fn small(number: u64) -> u32 {
    match u32::try_from(number) {
        Ok(number) => number,
        Err(_) => unreachable!("a tile has at most 256 hashes"),
    }
}

fn narrow(number: usize) -> u32 {
    crate::frame::narrow(number)
}

/// The folder in which the tiles are kept.
#[derive(Debug, Clone)]
pub struct Tiles {
    disk: Arc<dyn Disk>,
}

impl Tiles {
    /// Keeps tiles on this disk, in the folder [`FOLDER`].
    pub fn new(disk: Arc<dyn Disk>) -> Tiles {
        Tiles { disk }
    }

    /// Writes a tile and makes its content durable; its name is durable once its folders are synced.
    ///
    /// # Errors
    /// As the disk fails.
    pub fn write(&self, name: TileName, hashes: &[Hash]) -> io::Result<()> {
        let file = self.disk.open(&name.path(), Open::Create)?;
        write_all(&*file, 0, hashes.as_flattened())?;
        file.sync_data()
    }

    /// Removes a partial tile that a wider one replaces, if it is there.
    ///
    /// # Errors
    /// As the disk fails.
    pub fn remove(&self, name: TileName) -> io::Result<()> {
        match self.disk.remove(&name.path()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Reads the first `name.width` hashes of a tile, from whatever wider tile there is.
    ///
    /// # Errors
    /// `NotFound` where there is none; else as the disk fails.
    pub fn read(&self, name: TileName) -> io::Result<Vec<Hash>> {
        let full = TileName { width: narrow(WIDTH), ..name };
        let mut paths = vec![full.path(), name.path()];
        let folder = format!("{}.p", full.path());
        let wider = self.disk.list(&folder)?.into_iter();
        let wider = wider.filter(|width| width.parse().is_ok_and(|width: u32| width > name.width));
        paths.extend(wider.map(|width| format!("{folder}/{width}")));
        for path in paths {
            let Some(bytes) = read_file(&*self.disk, &path)? else { continue };
            let (hashes, _) = bytes.as_chunks::<32>();
            if let Some(hashes) = hashes.get(..name.width as usize) {
                return Ok(hashes.to_vec());
            }
        }
        Err(io::ErrorKind::NotFound.into())
    }

    /// The tree of `size` leaves as these tiles tell it.
    pub fn tree(&self, size: u64) -> Tree<'_> {
        Tree { tiles: self, size }
    }
}

/// A tree of some size, read from tiles; makes proofs by [`merkle::inclusion_proof`] and its like.
#[derive(Debug, Clone, Copy)]
pub struct Tree<'t> {
    tiles: &'t Tiles,
    size: u64,
}

impl Nodes for Tree<'_> {
    type Error = io::Error;

    fn node(&self, height: u32, index: u64) -> io::Result<Hash> {
        let (level, within) = (height / HEIGHT, height % HEIGHT);
        let first = index << within;
        let tile = first / WIDTH as u64;
        let on_level = self.size >> (HEIGHT * level);
        let width = on_level.saturating_sub(tile * WIDTH as u64).min(WIDTH as u64);
        let hashes = self.tiles.read(TileName { level, index: tile, width: small(width) })?;
        let start = small(first % WIDTH as u64) as usize;
        let part = hashes.get(start..start + (1 << within));
        part.map(subtree).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

#[cfg(test)]
mod spec;
