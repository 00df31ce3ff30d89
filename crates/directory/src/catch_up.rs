//! Catching up: the one loop that folds the log into rows, a batch a tick.
//!
//! Each model has its own checkpoint. A record that this version cannot read stops the models that read its family
//! of streams, and only these: they keep their checkpoints and say where they stand; nothing is ever skipped.
//! Source: house rules sections 6 and 8; promises P5 and P7.

mod batch;
mod compare;
mod error;
mod lane;
mod rebuild;
#[cfg(test)]
mod spec;
#[cfg(test)]
pub(crate) mod story;
mod whole;

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use event_log::EventLog;
use projections::{ReadModel, Visitor, visit_all};
use vocabulary::{Position, StreamKind};

use crate::rows::Rows;
use batch::Taken;

pub use compare::Compared;
pub use error::{CatchUpError, Stopped, StoppedBy};
use lane::{Lane, Model, Of};
pub use rebuild::Rebuilt;
use whole::Plan;

/// Most records read, opened and folded before rows are written: some 8 MB of decoded records.
pub const BATCH_RECORDS: u32 = 4_096;

/// Fewest records for which an empty model is folded by parts: below that the plain loop takes a second.
const WHOLE_RECORDS_MIN: u64 = 65_536;

/// How far the models have come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caught {
    /// Every model has folded the records up to here, stopped ones included.
    pub position: Position,
    /// Whether every model that is not stopped has folded everything that is durable.
    pub at_head: bool,
    /// The models that met a record they cannot read.
    pub stopped: Vec<Stopped>,
}

/// Folds the log into the rows of every model.
pub struct Projector {
    rows: Arc<Rows>,
    models: Vec<Box<dyn Model>>,
    /// Held while live rows are folded or generations change places, so that each record is folded once.
    serial: Mutex<BTreeMap<&'static str, Stopped>>,
    /// Held while a generation is folded beside the live ones: there is room for one of each model.
    beside: Mutex<()>,
    /// Whether empty models were folded whole, or it was tried.
    begun: AtomicBool,
}

impl Projector {
    /// Makes a projector of every model over `rows`. At most one folds into the same rows.
    pub fn new(rows: Arc<Rows>) -> Projector {
        let mut all = All(Vec::new());
        visit_all(&mut all);
        let (serial, beside) = (Mutex::new(BTreeMap::new()), Mutex::new(()));
        Projector { rows, models: all.0, serial, beside, begun: AtomicBool::new(false) }
    }

    /// Folds at most `budget` records a model, in batches of at most [`BATCH_RECORDS`].
    ///
    /// Rows that know of more than the log does, as after a restore, are thrown away and folded from the first
    /// record. A model that is stopped is not tried again until it is rebuilt or the directory is opened anew.
    /// The first tick of all folds models that are empty beside a long log by parts, as a rebuild does, whatever its
    /// budget: a directory whose rows were lost, or are of an older version, serves nobody before that.
    ///
    /// # Errors
    /// `Log`, `Rows`: the machine failed; what was folded before is kept, call again.
    pub fn tick(&self, log: &dyn EventLog, budget: u32) -> Result<Caught, CatchUpError> {
        self.begin_empty(log, &Plan::default(), WHOLE_RECORDS_MIN)?;
        let mut stopped = self.serial.lock().unwrap_or_else(PoisonError::into_inner);
        let head = log.head()?;
        let mut lanes = Vec::with_capacity(self.models.len());
        for model in &self.models {
            let mut lane = model.live(&self.rows)?;
            if lane.checkpoint > head {
                model.clear(&self.rows)?;
                lane = model.live(&self.rows)?;
            }
            lane.stopped = stopped.get(model.name()).cloned();
            lanes.push(lane);
        }
        let mut left = budget;
        while left > 0 {
            let read = advance(&self.rows, log, &mut lanes, left.min(BATCH_RECORDS), head)?;
            if read == 0 {
                break;
            }
            left = left.saturating_sub(read);
        }
        for lane in &lanes {
            if let Some(met) = &lane.stopped {
                stopped.entry(met.model).or_insert_with(|| met.clone());
            }
        }
        Ok(Caught {
            position: lanes.iter().map(|lane| lane.checkpoint).min().unwrap_or(head),
            at_head: running(&lanes).all(|lane| lane.checkpoint >= head),
            stopped: stopped.values().cloned().collect(),
        })
    }

    /// The names of all models.
    pub fn models(&self) -> impl Iterator<Item = &'static str> {
        self.models.iter().map(|model| model.name())
    }

    /// Folds those models whole that are empty beside a log of `records_min` or more; once, whatever comes of it.
    fn begin_empty(&self, log: &dyn EventLog, plan: &Plan, records_min: u64) -> Result<(), CatchUpError> {
        if self.begun.swap(true, Ordering::AcqRel) || log.head()?.0 < records_min {
            return Ok(());
        }
        let mut empty = Vec::new();
        for model in &self.models {
            if model.live(&self.rows)?.checkpoint == Position::ZERO {
                empty.push(model.name());
            }
        }
        if empty.is_empty() {
            return Ok(());
        }
        match self.rebuild_by(log, &empty, plan, &mut |_| ()) {
            // The plain loop comes to the same record: there it stops those alone that read it.
            Ok(_) | Err(CatchUpError::Stopped(_)) => Ok(()),
            Err(error @ (CatchUpError::Log(_) | CatchUpError::Rows(_) | CatchUpError::UnknownModel)) => {
                Err(error)
            }
        }
    }

    fn model(&self, name: &str) -> Result<&dyn Model, CatchUpError> {
        let known = self.models.iter().find(|model| model.name() == name);
        known.map(AsRef::as_ref).ok_or(CatchUpError::UnknownModel)
    }
}

impl fmt::Debug for Projector {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Projector").field("models", &self.models.len()).finish_non_exhaustive()
    }
}

/// Collects every model.
struct All(Vec<Box<dyn Model>>);

impl Visitor for All {
    fn visit<M: ReadModel>(&mut self) {
        self.0.push(Box::new(Of::<M>::new()));
    }
}

fn running<'a>(lanes: &'a [Lane<'_>]) -> impl Iterator<Item = &'a Lane<'a>> {
    lanes.iter().filter(|lane| lane.stopped.is_none())
}

/// Reads one batch after the hindmost running lane and folds it into all lanes that have not folded it yet.
///
/// Answers how many records were read; 0 when every running lane stands at `end`.
fn advance(
    rows: &Rows,
    log: &dyn EventLog,
    lanes: &mut [Lane<'_>],
    budget: u32,
    end: Position,
) -> Result<u32, CatchUpError> {
    let Some(from) = running(lanes).map(|lane| lane.checkpoint).min().filter(|from| *from < end) else {
        return Ok(0);
    };
    let budget = budget.min(u32::try_from(end.0 - from.0).unwrap_or(u32::MAX));
    let kinds: Vec<StreamKind> = StreamKind::ALL
        .into_iter()
        .filter(|kind| running(lanes).any(|lane| lane.model.reads().contains(kind)))
        .collect();
    let mut taken = Taken::default();
    let last = log.read_all(from, budget, &mut |record| taken.take(&kinds, record))?;
    let batch = taken.opened(rows);
    let behind = |lane: &Lane<'_>| lane.stopped.is_none() && lane.checkpoint < last;
    let (idle, busy): (Vec<_>, Vec<_>) =
        lanes.iter_mut().filter(|lane| behind(lane)).partition(|lane| !batch.concerns(lane));
    if !idle.is_empty() {
        let generations: Vec<_> = idle.iter().map(|lane| &lane.generation).collect();
        rows.pass(&generations, last)?;
    }
    for lane in idle {
        lane.checkpoint = last;
    }
    for lane in busy {
        lane.fold(rows, &batch.records, &batch.unread, last)?;
    }
    Ok(taken.read)
}
