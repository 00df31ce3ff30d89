//! The value itself: what a directory is made of, and how its parts reach one another.

use std::sync::{
    Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use event_log::{EventLog, LogError};
use finding::{Index, matcher::Matcher};
use vault::Vault;
use vocabulary::{AccessId, ChildId, Position};

use crate::{
    assertions::Taken,
    catch_up::Projector,
    ceilings::Tallies,
    children::{Children, Known, LoadError, Own},
    desk::Desk,
    handles::Handles,
    kinship::Kinship,
    lately::Lately,
    months::Months,
    passkeys::Challenges,
    ports::{Clock, Ids},
    providers::Beginnings,
    register::Register,
    rows::Rows,
    sign_in::Tries,
    snapshots::{IndexFrom, Snapshots},
    turns::Turns,
};

/// The whole directory: log, keys, rows, index and everyone who may act.
///
/// Shared between threads. The desk is taken first, then a turn of an event and one of a child, then the register,
/// then the index; nothing else is taken while one of these is held, but the kinship, while which nothing is taken.
pub struct Directory {
    log: Arc<dyn EventLog>,
    vault: Arc<Vault>,
    rows: Arc<Rows>,
    clock: Box<dyn Clock>,
    ids: Box<dyn Ids>,
    desk: RwLock<Desk>,
    handles: Handles,
    turns: Turns,
    /// The index is left as it is until the next opening.
    index_rests: AtomicBool,
    /// Looks that raised an alarm or an alert since the process began.
    alarms: AtomicU64,
    register: RwLock<Register>,
    index: RwLock<Index>,
    matcher: Matcher,
    kinship: RwLock<Kinship>,
    months: Months,
    projector: Projector,
    reached: AtomicU64,
    /// The newest record of a child that was filed, durable or not: what the index knows of.
    filed: AtomicU64,
    snapshots: Snapshots,
    /// No key was told to be destroyed up to here since all was compacted last.
    quiet: AtomicU64,
    from: IndexFrom,
    lately: Lately,
    tries: Tries,
    challenges: Challenges,
    beginnings: Beginnings,
    taken: Taken,
    tallies: Tallies,
}

/// What a directory is assembled from, once everything in it was read.
pub(crate) struct Parts {
    pub(crate) log: Arc<dyn EventLog>,
    pub(crate) vault: Arc<Vault>,
    pub(crate) rows: Arc<Rows>,
    pub(crate) clock: Box<dyn Clock>,
    pub(crate) ids: Box<dyn Ids>,
    pub(crate) desk: Desk,
    pub(crate) handles: Handles,
    pub(crate) register: Register,
    pub(crate) index: Index,
    pub(crate) matcher: Matcher,
    pub(crate) kinship: Kinship,
    pub(crate) months: Months,
    pub(crate) projector: Projector,
    pub(crate) snapshots: Snapshots,
    pub(crate) from: IndexFrom,
}

impl Directory {
    pub(crate) fn assemble(parts: Parts) -> Directory {
        let Parts {
            log,
            vault,
            rows,
            clock,
            ids,
            desk,
            handles,
            register,
            index,
            matcher,
            kinship,
            months,
            projector,
            snapshots,
            from,
        } = parts;
        Directory {
            taken: Taken::since(clock.now()),
            tallies: Tallies::since(clock.now()),
            log,
            vault,
            rows,
            clock,
            ids,
            desk: RwLock::new(desk),
            handles,
            turns: Turns::new(),
            index_rests: AtomicBool::new(false),
            alarms: AtomicU64::new(0),
            register: RwLock::new(register),
            index: RwLock::new(index),
            matcher,
            kinship: RwLock::new(kinship),
            months,
            projector,
            reached: AtomicU64::new(0),
            filed: AtomicU64::new(0),
            snapshots,
            quiet: AtomicU64::new(0),
            from,
            lately: Lately::default(),
            tries: Tries::default(),
            challenges: Challenges::default(),
            beginnings: Beginnings::default(),
        }
    }

    pub(crate) fn log(&self) -> &dyn EventLog {
        self.log.as_ref()
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }

    pub(crate) fn rows(&self) -> &Rows {
        &self.rows
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    pub(crate) fn ids(&self) -> &dyn Ids {
        self.ids.as_ref()
    }

    pub(crate) fn children(&self) -> &Children {
        self.rows.children()
    }

    pub(crate) fn months(&self) -> &Months {
        &self.months
    }

    pub(crate) fn lately(&self) -> &Lately {
        &self.lately
    }

    pub(crate) fn tries(&self) -> &Tries {
        &self.tries
    }

    pub(crate) fn challenges(&self) -> &Challenges {
        &self.challenges
    }

    pub(crate) fn beginnings(&self) -> &Beginnings {
        &self.beginnings
    }

    pub(crate) fn taken(&self) -> &Taken {
        &self.taken
    }

    pub(crate) fn tallies(&self) -> &Tallies {
        &self.tallies
    }

    pub(crate) fn projector(&self) -> &Projector {
        &self.projector
    }

    pub(crate) fn desk(&self) -> RwLockReadGuard<'_, Desk> {
        self.desk.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn desk_mut(&self) -> RwLockWriteGuard<'_, Desk> {
        self.desk.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks that raised an alarm or an alert since the process began.
    pub fn alarms(&self) -> u64 {
        self.alarms.load(Ordering::Relaxed)
    }

    /// Counts it, and says so where an operator's own alarm can hear it: by its reference, and nothing of anybody.
    pub(crate) fn alarm(&self, look: AccessId, urgency: &'static str) {
        self.alarms.fetch_add(1, Ordering::Relaxed);
        tracing::warn!(review.reference = %look, review.urgency = urgency, "a look waits for a review");
    }

    /// Leaves the index as it is from now on: what is filed is found once the directory was opened again.
    pub(crate) fn rest_index(&self) {
        self.index_rests.store(true, Ordering::Release);
    }

    pub(crate) fn index_rests(&self) -> bool {
        self.index_rests.load(Ordering::Acquire)
    }

    pub(crate) fn turns(&self) -> &Turns {
        &self.turns
    }

    pub(crate) fn handles(&self) -> &Handles {
        &self.handles
    }

    pub(crate) fn register(&self) -> RwLockReadGuard<'_, Register> {
        self.register.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn register_mut(&self) -> RwLockWriteGuard<'_, Register> {
        self.register.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn index(&self) -> RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn index_mut(&self) -> RwLockWriteGuard<'_, Index> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    pub(crate) fn kinship(&self) -> RwLockReadGuard<'_, Kinship> {
        self.kinship.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn kinship_mut(&self) -> RwLockWriteGuard<'_, Kinship> {
        self.kinship.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// A child as it stands this moment, in flight included, by any of its records.
    pub(crate) fn load(&self, id: ChildId) -> Result<Known, LoadError> {
        let own = self.load_own(id)?;
        let records = {
            let kinship = self.kinship();
            if kinship.is_merged(id) { kinship.records(id) } else { Vec::new() }
        };
        if records.is_empty() {
            return Ok(Known { child: Arc::clone(&own.child), own, others: Vec::new() });
        }
        let mut held = Vec::with_capacity(records.len());
        for record in records {
            let child = if record == id { &own.child } else { &self.load_own(record)?.child };
            held.push((record, Arc::clone(child)));
        }
        let mut parts = held.iter().map(|(_, child)| child.as_ref());
        let whole = parts.next().map_or_else(Default::default, |answers| answers.joined(parts));
        held.retain(|(record, _)| *record != id);
        Ok(Known { child: Arc::new(whole), own, others: held })
    }

    /// A child as a look sees it: for nearly all of them one record as it is held, untouched.
    pub(crate) fn load_whole(&self, id: ChildId) -> Result<Arc<Own>, LoadError> {
        if !self.kinship().is_merged(id) {
            return self.load_own(id);
        }
        let Known { child, own, .. } = self.load(id)?;
        Ok(Arc::new(own.becoming(child, own.revision, own.key)))
    }

    /// One record of a child as its own stream tells it.
    pub(crate) fn load_own(&self, id: ChildId) -> Result<Arc<Own>, LoadError> {
        self.children().load(id, self.log(), self.vault(), self.rows())
    }

    /// The position up to which every read model has folded the log.
    pub fn caught_up(&self) -> Position {
        Position(self.reached.load(Ordering::Acquire))
    }

    pub(crate) fn snapshots(&self) -> &Snapshots {
        &self.snapshots
    }

    pub(crate) fn opened_from(&self) -> &IndexFrom {
        &self.from
    }

    /// The position up to which the index knows of children, durable or not.
    pub(crate) fn filed(&self) -> Position {
        Position(self.filed.load(Ordering::Acquire))
    }

    pub(crate) fn is_filed(&self, position: Position) {
        self.filed.fetch_max(position.0, Ordering::AcqRel);
    }

    /// How far the log was read since all was compacted last, if nothing was told to be destroyed.
    pub(crate) fn quiet_to(&self) -> Position {
        Position(self.quiet.load(Ordering::Acquire))
    }

    pub(crate) fn is_quiet_to(&self, position: Position) {
        self.quiet.fetch_max(position.0, Ordering::AcqRel);
    }

    pub(crate) fn reached(&self, position: Position) {
        self.reached.store(position.0, Ordering::Release);
    }

    /// The newest durable position.
    ///
    /// # Errors
    /// The log has stopped.
    pub fn head(&self) -> Result<Position, LogError> {
        self.log.head()
    }

    /// The present moment, by the directory's own clock.
    pub fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.clock.now()
    }
}
