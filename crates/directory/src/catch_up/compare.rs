//! Comparing: are the live rows what the log says?
//!
//! Source: promise P5, rows equal a fold from the first record.

use std::sync::PoisonError;

use event_log::EventLog;
use vocabulary::Position;

use super::{
    CatchUpError, Projector,
    lane::{Lane, Model},
    whole::{self, Plan},
};
use crate::rows::Digest;

/// The live rows of a model beside a fold from the first record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// Which model.
    pub model: &'static str,
    /// Both are as of this position.
    pub position: Position,
    /// The live rows.
    pub live: Digest,
    /// The rows folded anew.
    pub folded: Digest,
}

impl Compared {
    /// Whether rows and postings are the same, byte for byte.
    pub fn is_identical(&self) -> bool {
        self.live == self.folded
    }
}

impl Projector {
    /// Folds the rows of a model that are read now to one name.
    ///
    /// Cost: reads the model once.
    ///
    /// # Errors
    /// `UnknownModel`, `Rows`.
    pub fn digest(&self, name: &str) -> Result<Digest, CatchUpError> {
        let model = self.model(name)?;
        Ok(model.digest(&self.rows, &model.live(&self.rows)?.generation)?)
    }

    /// Folds a model anew up to where its live rows stand and compares the two; the live rows stay as they are.
    ///
    /// Reads and ticks go on meanwhile. Keys destroyed meanwhile may show as a difference: compare again.
    /// Cost: folds the whole log once and reads the model twice.
    ///
    /// # Errors
    /// `Stopped`: a record before that position cannot be read. `UnknownModel`, `Log`, `Rows`.
    pub fn compare(&self, log: &dyn EventLog, name: &str) -> Result<Compared, CatchUpError> {
        let _beside = self.beside.lock().unwrap_or_else(PoisonError::into_inner);
        let model = self.model(name)?;
        let live = model.digest(&self.rows, &model.live(&self.rows)?.generation)?;
        let mut lanes = [model.begin(&self.rows)?];
        let folded = self.fold_beside(log, model, &mut lanes, live.position);
        let [lane] = lanes;
        self.rows.discard(&lane.generation)?;
        Ok(Compared { model: model.name(), position: live.position, live, folded: folded? })
    }

    fn fold_beside(
        &self,
        log: &dyn EventLog,
        model: &dyn Model,
        lanes: &mut [Lane<'_>; 1],
        end: Position,
    ) -> Result<Digest, CatchUpError> {
        whole::fold((&self.rows, log), lanes, end, &Plan::default(), &mut |_| ())?;
        let [lane] = lanes;
        Ok(model.digest(&self.rows, &lane.generation)?)
    }
}
