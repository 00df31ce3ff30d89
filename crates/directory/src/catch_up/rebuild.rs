//! Rebuilding while serving: fold from the first record beside the live rows, then change places.
//!
//! Readers see the old rows until the new ones know at least as much, and never none. Source: reliability notes
//! (blue/green, no failed reads, a short pause); contract.md section 1, `rebuild`.

use std::sync::PoisonError;

use event_log::EventLog;
use vocabulary::Position;

use super::{
    BATCH_RECORDS, CatchUpError, Projector, advance,
    lane::Lane,
    whole::{self, Plan},
};

/// How near the head a rebuild comes before the loop is held up for the rest: one batch, some tens of milliseconds.
const LAG_RECORDS_MAX: u64 = BATCH_RECORDS as u64;

/// What a rebuild did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// Which models.
    pub models: Vec<&'static str>,
    /// How many records were read, for all models together.
    pub records: u64,
    /// The rows know of everything up to here.
    pub position: Position,
}

impl Projector {
    /// Folds models anew from the first record and puts the new rows in place of the old; one pass for all named.
    ///
    /// `told` hears after each batch how many records were read. Reads and ticks go on meanwhile, but for the last
    /// batch. Memory is bounded by the batch. A model that was stopped goes on when it succeeds.
    ///
    /// # Errors
    /// `Stopped`: a record cannot be read; the live rows stay. `UnknownModel`, `Log`, `Rows`.
    pub fn rebuild(
        &self,
        log: &dyn EventLog,
        names: &[&str],
        told: &mut dyn FnMut(u64),
    ) -> Result<Rebuilt, CatchUpError> {
        self.rebuild_by(log, names, &Plan::default(), told)
    }

    /// As [`Projector::rebuild`], in parts as the plan says.
    pub(super) fn rebuild_by(
        &self,
        log: &dyn EventLog,
        names: &[&str],
        plan: &Plan,
        told: &mut dyn FnMut(u64),
    ) -> Result<Rebuilt, CatchUpError> {
        let _beside = self.beside.lock().unwrap_or_else(PoisonError::into_inner);
        let mut models = names.iter().map(|name| self.model(name)).collect::<Result<Vec<_>, _>>()?;
        models.sort_unstable_by_key(|model| model.name());
        models.dedup_by_key(|model| model.name());
        let mut lanes = Vec::with_capacity(models.len());
        for model in models {
            lanes.push(model.begin(&self.rows)?);
        }
        let folded = self.fold_and_switch(log, &mut lanes, plan, told);
        if folded.is_err() {
            for lane in lanes {
                self.rows.discard(&lane.generation)?;
            }
        }
        folded
    }

    fn fold_and_switch(
        &self,
        log: &dyn EventLog,
        lanes: &mut [Lane<'_>],
        plan: &Plan,
        told: &mut dyn FnMut(u64),
    ) -> Result<Rebuilt, CatchUpError> {
        let mut records = log.head()?.0;
        whole::fold((&self.rows, log), lanes, Position(records), plan, told)?;
        told(records);
        loop {
            let head = log.head()?;
            let read = self.step(log, lanes, head)?;
            records += u64::from(read);
            told(records);
            if lanes.iter().all(|lane| lane.checkpoint.0 + LAG_RECORDS_MAX >= head.0) {
                break;
            }
        }
        // From here on no tick folds, so that neither generation knows more than the other when they change.
        let mut stopped = self.serial.lock().unwrap_or_else(PoisonError::into_inner);
        let head = log.head()?;
        loop {
            let read = self.step(log, lanes, head)?;
            records += u64::from(read);
            if read == 0 {
                break;
            }
        }
        for lane in lanes.iter() {
            lane.model.switch_to(&self.rows, lane.generation.clone())?;
            stopped.remove(lane.model.name());
        }
        let models = lanes.iter().map(|lane| lane.model.name()).collect();
        Ok(Rebuilt { models, records, position: head })
    }

    /// Folds one batch into lanes that may not stop.
    pub(super) fn step(
        &self,
        log: &dyn EventLog,
        lanes: &mut [Lane<'_>],
        end: Position,
    ) -> Result<u32, CatchUpError> {
        let read = advance(&self.rows, log, lanes, BATCH_RECORDS, end)?;
        match lanes.iter().find_map(|lane| lane.stopped.clone()) {
            Some(stopped) => Err(stopped.into()),
            None => Ok(read),
        }
    }
}
