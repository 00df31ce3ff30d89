//! Opening: from folders on disk to a directory that serves.
//!
//! Register and queue are read from the log, the rows caught up; handles and index are taken from the disk and
//! brought up to the rows, or made of these anew. Cost: what changed since they were kept; where they were not, one
//! pass over the log's headers and one over the children's rows.

mod found;
mod scan;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use event_log::{EventLog, LogError, OpenError, Opened, Segments};
use events::{
    policy::{Command, InForce, Published},
    recorded::Actor,
    refused::Code,
};
use finding::matcher::Matcher;
use found::{Found, found};
use linkage::model::Model;
use scan::{Scan, Scanned};
use sha2::{Digest, Sha256};
use vault::{Vault, VaultError};

use crate::{
    Directory,
    catch_up::{CatchUpError, Projector},
    core::Parts,
    disclose::LookError,
    handles::HandlesError,
    months::Months,
    ports::{Clock, Ids, RandomIds},
    register::Acting,
    rows::{self, Rows, RowsError},
    snapshots::Snapshots,
    supply::SupplyError,
    unseal::UnsealError,
};

/// Records read at once while opening.
const READ_BUDGET: u32 = 10_000;

/// Where a directory keeps itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// The data folder: log, rows, tiles.
    pub data: PathBuf,
    /// The keys, never inside the data folder.
    pub keys: PathBuf,
}

impl Folders {
    /// The data folder, with the keys beside it as `NAME-keys`.
    pub fn beside(data: &Path) -> Folders {
        let name = data.file_name().map_or_else(|| "directory".into(), std::ffi::OsStr::to_os_string);
        let mut keys_name = name;
        keys_name.push("-keys");
        Folders { data: data.to_owned(), keys: data.with_file_name(keys_name) }
    }

    /// The folder of the log.
    pub fn log(&self) -> PathBuf {
        self.data.join("log")
    }

    /// The folder of the rows.
    pub fn rows(&self) -> PathBuf {
        self.data.join("rows")
    }

    /// The folder of the index, as it was when the directory was last closed.
    pub fn index(&self) -> PathBuf {
        self.data.join("index")
    }

    /// The folder of the tree's tiles.
    pub fn tiles(&self) -> PathBuf {
        self.data.join("tiles")
    }
}

/// Why a directory could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenDirectoryError {
    /// The keys lie inside the data folder, where a backup would take them along.
    #[error("the keys folder must not lie inside the data folder")]
    KeysInside,
    /// The log could not be opened.
    #[error("the log could not be opened")]
    Log(#[from] OpenError),
    /// The log could not be read.
    #[error("the log could not be read")]
    Read(#[from] LogError),
    /// The keys could not be opened.
    #[error("the keys could not be opened")]
    Keys(#[from] VaultError),
    /// The rows could not be opened.
    #[error("the read models could not be opened")]
    Rows(#[from] RowsError),
    /// The rows could not be caught up.
    #[error("the read models could not be caught up")]
    CatchUp(#[from] CatchUpError),
    /// The files of handles could not be read or made.
    #[error("the files of handles could not be read or made")]
    Handles(#[from] HandlesError),
    /// A record could not be opened.
    #[error("a record could not be opened")]
    Unseal(#[from] UnsealError),
    /// A folder could not be made.
    #[error("a folder could not be made")]
    Io(#[from] std::io::Error),
    /// The model could not be published.
    #[error("the model that weighs descriptions could not be published")]
    Model(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A decision on the queue that was cut short could not be carried out.
    #[error("a decision on the queue could not be carried out")]
    Decided(#[from] SupplyError),
    /// Keys that were ordered to be destroyed could not be, or it could not be told.
    #[error("an erasure that was cut short could not be carried out")]
    Erased(#[from] LookError),
}

/// A directory, with what opening its log had to say.
pub struct OpenedDirectory {
    /// The directory.
    pub directory: Directory,
    /// What was cut and kept of the log's tail.
    pub log: Opened,
}

/// Where what is made of the log is kept.
struct Kept<'a> {
    rows: &'a Path,
    /// `None`: the index is not kept.
    index: Option<&'a Path>,
}

impl Directory {
    /// Opens the directory in `folders`, making it when there is none.
    ///
    /// # Errors
    /// Another process uses it, its log or keys are damaged, or the disk failed.
    pub fn open(folders: &Folders, clock: Box<dyn Clock>) -> Result<OpenedDirectory, OpenDirectoryError> {
        Directory::open_drawing(folders, clock, None)
    }

    /// As [`Directory::open`], with ids from elsewhere than the vault's randomness: for demo and tests only.
    ///
    /// # Errors
    /// As [`Directory::open`].
    pub fn open_drawing(
        folders: &Folders,
        clock: Box<dyn Clock>,
        ids: Option<Box<dyn Ids>>,
    ) -> Result<OpenedDirectory, OpenDirectoryError> {
        if folders.keys.starts_with(&folders.data) {
            return Err(OpenDirectoryError::KeysInside);
        }
        std::fs::create_dir_all(&folders.data)?;
        let (segments, opened) = Segments::open(folders.log(), event_log::Options::default())?;
        let vault =
            if folders.keys.exists() { Vault::open(&folders.keys)? } else { Vault::create(&folders.keys)? };
        let index = folders.index();
        let kept = &Kept { rows: &folders.rows(), index: Some(&index) };
        let directory = Directory::assembled(Arc::new(segments), Arc::new(vault), kept, clock, ids)?;
        Ok(OpenedDirectory { directory, log: opened })
    }

    /// A directory on a log and keys that are open already, its rows in `rows`.
    ///
    /// # Errors
    /// As [`Directory::open`].
    pub fn on(
        log: Arc<dyn EventLog>,
        vault: Arc<Vault>,
        rows: &Path,
        clock: Box<dyn Clock>,
    ) -> Result<Directory, OpenDirectoryError> {
        Directory::assembled(log, vault, &Kept { rows, index: None }, clock, None)
    }

    /// As [`Directory::on`], with its index kept in `index`.
    ///
    /// # Errors
    /// As [`Directory::open`].
    pub fn on_keeping(
        log: Arc<dyn EventLog>,
        vault: Arc<Vault>,
        rows: &Path,
        index: &Path,
        clock: Box<dyn Clock>,
    ) -> Result<Directory, OpenDirectoryError> {
        Directory::assembled(log, vault, &Kept { rows, index: Some(index) }, clock, None)
    }

    fn assembled(
        log: Arc<dyn EventLog>,
        vault: Arc<Vault>,
        kept: &Kept<'_>,
        clock: Box<dyn Clock>,
        ids: Option<Box<dyn Ids>>,
    ) -> Result<Directory, OpenDirectoryError> {
        let rows = Arc::new(Rows::open(kept.rows, Arc::clone(&vault), rows::CACHE_BYTES)?);
        let snapshots = Snapshots::find(kept.index, &vault);
        let projector = Projector::new(Arc::clone(&rows));
        let months = Months::default();
        let Scanned { desk, register, unfinished, handles, since_handles, since_index } =
            Scan::over(log.as_ref(), &vault, &months, kept.index, &snapshots)?;
        vault.mint_ahead()?;
        let caught = loop {
            let caught = projector.tick(log.as_ref(), READ_BUDGET)?;
            if caught.at_head {
                break caught;
            }
        };
        let Found { index, from, kinship, tied } = found(
            (&handles, &since_handles),
            since_index.as_ref(),
            &rows,
            &snapshots,
            (log.as_ref(), &vault),
        )?;
        let ids = ids.unwrap_or_else(|| Box::new(RandomIds(Arc::clone(&vault))));
        let directory = Directory::assemble(Parts {
            log,
            vault,
            rows,
            clock,
            ids,
            desk,
            handles,
            register,
            index,
            matcher: Matcher::new(Model::children()),
            kinship,
            months,
            projector,
            snapshots,
            from,
        });
        directory.reached(caught.position);
        // Handles and index know of all that is durable.
        directory.is_filed(directory.head()?);
        for record in tied {
            directory.found_anew(record);
        }
        directory.publish_model()?;
        directory.finish_merging()?;
        directory.finish(unfinished)?;
        directory.finish_forgetting()?;
        Ok(directory)
    }
}

impl Directory {
    /// Publishes the model that weighs descriptions, where another one or none was published before.
    fn publish_model(&self) -> Result<(), OpenDirectoryError> {
        let failed = |error: Box<dyn std::error::Error + Send + Sync>| OpenDirectoryError::Model(error);
        let hash: [u8; 32] = Sha256::digest(Model::children_file().as_bytes()).into();
        let half = hash.first_chunk().copied().unwrap_or_default();
        let digest = uuid::Uuid::from_bytes(half).simple().to_string();
        let model = Published {
            model: crate::judge::model_code(self.matcher().version()),
            digest: Code::new(&digest).map_err(|error| failed(error.into()))?,
        };
        let acting = Acting { by: Actor::System, now: self.clock().now() };
        let acted = self.act::<InForce>(&acting, &(), &Command::Publish(model));
        match acted.map_err(|error| failed(error.into()))? {
            Some((_, ticket)) => ticket.wait().map(drop).map_err(|error| failed(error.into())),
            None => Ok(()),
        }
    }
}
