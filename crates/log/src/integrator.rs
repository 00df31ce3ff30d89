//! The integrator: follows the log, grows the tree in the order of positions, publishes signed checkpoints.
//!
//! It is derived and may be thrown away: from nothing it makes the same tiles again. It works on any adapter of
//! the port. Source: house rules, section 9; C2SP tlog-tiles and tlog-checkpoint.

use std::{collections::BTreeSet, io, sync::Arc};

use vocabulary::stream::Position;

use crate::{
    EventLog, LogError,
    checkpoint::{Checkpoint, CheckpointError},
    disk::{Disk, read_file, replace},
    leaf,
    note::SigningKey,
    tiles::{Edge, TileName, Tiles},
};

/// Name of the file that holds the newest checkpoint.
pub const CHECKPOINT: &str = "checkpoint";

/// Name of the file that holds the newest checkpoint that a witness cosigned.
pub const WITNESSED: &str = "checkpoint.witnessed";

/// Grows the tree beside the log.
#[derive(Debug)]
pub struct Integrator {
    disk: Arc<dyn Disk>,
    key: SigningKey,
    tiles: Tiles,
    edge: Edge,
    /// The partial tiles of the newest checkpoint.
    partial: Vec<TileName>,
    /// Folders with names that are not durable yet.
    folders: BTreeSet<String>,
}

/// Why the tree could not be grown or published.
#[derive(Debug, thiserror::Error)]
pub enum IntegrateError {
    /// The log could not be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The tiles could not be read or written.
    #[error("the tiles could not be read or written")]
    Tiles(#[from] io::Error),
    /// The checkpoint kept beside the tiles is not this key's.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The tiles do not have the root that was signed: throw them away, verify the log, and start again.
    #[error("the tiles of {0} records do not have the root that was signed")]
    Tree(u64),
    /// More was signed than the log has: records are lost, and nothing may be signed over it.
    #[error("{signed} records were signed and the log has {head}")]
    Lost {
        /// Size of the newest checkpoint.
        signed: u64,
        /// Position of the log's newest record.
        head: Position,
    },
}

impl Integrator {
    /// Goes on from the newest checkpoint on `disk`, or begins at nothing.
    ///
    /// # Errors
    /// `Tiles`, `Checkpoint`, `Tree`.
    pub fn open(disk: Arc<dyn Disk>, key: SigningKey) -> Result<Integrator, IntegrateError> {
        let tiles = Tiles::new(Arc::clone(&disk));
        let edge = match read_file(&*disk, CHECKPOINT)? {
            None => Edge::new(),
            Some(note) => {
                let note = String::from_utf8(note).map_err(|_| CheckpointError::Form)?;
                let checkpoint = Checkpoint::open(&note, key.verifier())?;
                let edge = Edge::load(&tiles, checkpoint.size)?;
                if edge.root() != checkpoint.root {
                    return Err(IntegrateError::Tree(checkpoint.size));
                }
                edge
            }
        };
        let partial = edge.partial().map(|(name, _)| name).collect();
        Ok(Integrator { disk, key, tiles, edge, partial, folders: BTreeSet::new() })
    }

    /// Takes at most `budget` more records into the tree; answers the position reached.
    ///
    /// Cost: one leaf hash a record, one synced file each 256.
    ///
    /// # Errors
    /// `Log`, `Tiles`; `Lost` where the log is shorter than what was signed. Open again after an error.
    pub fn follow(&mut self, log: &dyn EventLog, budget: u32) -> Result<Position, IntegrateError> {
        let (head, signed) = (log.head()?, self.edge.size());
        if head.0 < signed {
            return Err(IntegrateError::Lost { signed, head });
        }
        let (edge, tiles, folders) = (&mut self.edge, &self.tiles, &mut self.folders);
        let mut failed = None;
        let reached = log.read_all(Position(edge.size()), budget, &mut |record| {
            if failed.is_some() {
                return;
            }
            let leaf = leaf::hash(&record.header.pack(), record.payload);
            let pushed = edge.push(leaf, &mut |name, hashes| {
                remember(folders, name);
                tiles.write(name, hashes)
            });
            failed = pushed.err();
        })?;
        match failed {
            Some(error) => Err(error.into()),
            None => Ok(reached),
        }
    }

    /// Signs a checkpoint over what is in the tree and puts it in place; answers it.
    ///
    /// # Errors
    /// `Tiles`; the checkpoint before stays in place.
    pub fn publish(&mut self) -> Result<Checkpoint, IntegrateError> {
        let mut partial = Vec::new();
        for (name, hashes) in self.edge.partial() {
            if !self.partial.contains(&name) {
                remember(&mut self.folders, name);
                self.tiles.write(name, hashes)?;
            }
            partial.push(name);
        }
        for folder in &self.folders {
            self.disk.sync_dir(folder)?;
        }
        self.folders.clear();
        let checkpoint = self.checkpoint();
        replace(&*self.disk, CHECKPOINT, checkpoint.sign(&self.key).as_bytes())?;
        self.disk.sync_dir("")?;
        // Only now does nobody need the narrower tiles: those in place before reach as far as the new checkpoint.
        for name in self.partial.iter().filter(|name| !partial.contains(name)) {
            self.tiles.remove(*name)?;
        }
        self.partial = partial;
        Ok(checkpoint)
    }

    /// What a checkpoint over the tree would say now.
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            origin: self.key.verifier().name().to_owned(),
            size: self.edge.size(),
            root: self.edge.root(),
        }
    }

    /// The tiles, for proofs.
    pub fn tiles(&self) -> &Tiles {
        &self.tiles
    }
}

/// Remembers the folders in which a tile's name, or the name of one of them, is new.
fn remember(folders: &mut BTreeSet<String>, name: TileName) {
    let path = name.path();
    let mut rest = path.as_str();
    while let Some((folder, _)) = rest.rsplit_once('/') {
        folders.insert(folder.to_owned());
        rest = folder;
    }
}
