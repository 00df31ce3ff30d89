//! Background work in steps: the read models follow the log when they are ticked, and only then.
//!
//! In production a thread ticks; in a simulation the seed does (house rules, section 6).

use event_log::LogError;
use tracing::warn;
use vault::VaultError;
use vocabulary::Position;

use crate::{
    Directory,
    catch_up::{CatchUpError, Caught, Compared, Rebuilt},
    rows::Digest,
};

impl Directory {
    /// Moves every read model on by at most `budget` records.
    ///
    /// # Errors
    /// The log or the rows could not be read or written; call again.
    pub fn tick(&self, budget: u32) -> Result<Caught, CatchUpError> {
        let caught = self.projector().tick(self.log(), budget)?;
        self.reached(caught.position);
        self.keep_up();
        Ok(caught)
    }

    /// Lets the files of handles follow the log by a step, as every tick does: for who files much without ticks.
    pub fn keep_up(&self) {
        let kept = self.keep_handles();
        let news = self.handles().is_failing(kept.is_err());
        // What is in memory stays there, and the log holds it all: the next step tries again, and says no more of it.
        if let Err(error) = kept
            && news
        {
            warn!(%error, "handles could not be written to their files; trying again");
        }
    }

    /// Writes down all that the files of handles lack, for a quick opening: for who ends without keeping the index.
    pub fn keep_all(&self) {
        if let Err(error) = self.keep_all_handles() {
            warn!(%error, "handles could not be written to their files");
        }
    }

    /// Begins a new epoch of the keys: copies of the keys from before it are noise once the epoch's key that lies in
    /// them is destroyed, whatever becomes of the rest.
    ///
    /// Readers go on. Cost: reads and writes 64 bytes a key.
    ///
    /// # Errors
    /// The keys could not be written; call again.
    pub fn begin_epoch(&self) -> Result<(), VaultError> {
        self.vault().rotate_epoch()
    }

    /// Whether every model has folded everything up to `position`, which is durable.
    ///
    /// # Errors
    /// The log has stopped.
    pub fn has_reached(&self, position: Position) -> Result<bool, LogError> {
        Ok(self.caught_up() >= position && self.head()? >= position)
    }

    /// Folds models from the first record beside their live rows, which go on serving, then changes them over.
    ///
    /// `progress` is told how many records have been read.
    ///
    /// # Errors
    /// No such model, or the machine failed; the live rows stay.
    pub fn rebuild(&self, models: &[&str], progress: &mut dyn FnMut(u64)) -> Result<Rebuilt, CatchUpError> {
        self.projector().rebuild(self.log(), models, progress)
    }

    /// Folds one model from the first record and says whether the live rows are the same.
    ///
    /// # Errors
    /// No such model, or the machine failed.
    pub fn compare(&self, model: &str) -> Result<Compared, CatchUpError> {
        self.projector().compare(self.log(), model)
    }

    /// Folds the rows of one model that are read now to one name: equal before and after a rebuild, or one of the
    /// two is not what the log says.
    ///
    /// # Errors
    /// No such model, or the machine failed.
    pub fn digest(&self, model: &str) -> Result<Digest, CatchUpError> {
        self.projector().digest(model)
    }

    /// The names of the read models.
    pub fn models(&self) -> Vec<&'static str> {
        self.projector().models().collect()
    }
}
