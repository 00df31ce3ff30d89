//! What every request reaches: the directory, and what the door itself keeps.

use std::sync::{Arc, Mutex, PoisonError};

use directory::{Counters, Directory, Ledger, disclose::LookError};
use serde::Serialize;
use tokio::{
    sync::{Semaphore, watch},
    time::{Duration, Instant},
};
use vocabulary::Position;

use crate::{
    feeds::Feeds, identify::Tokens, limits::Limits, metrics::Metrics, pages::Kept, problem::Problem,
    settings::Settings,
};

/// Longest wait for a position that was asked for (contract.md section 2).
const WAIT: Duration = Duration::from_secs(2);

/// Time between two looks at a position: a tick of the read models takes about as long.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// Time between two looks whether a witness has answered: it takes a round trip and a write to its disk.
const WITNESS_EVERY: Duration = Duration::from_millis(50);

/// How long what anybody may ask for is answered from memory, however often it is asked.
const COUNTERS_KEPT: Duration = Duration::from_mins(10);

/// The public counters, as they are answered.
#[derive(Debug, Serialize)]
pub(crate) struct PublicCounters {
    counters: Vec<Counters>,
}

impl PublicCounters {
    /// The counters, of each authority and month.
    pub(crate) fn list(&self) -> &[Counters] {
        &self.counters
    }
}

/// The door: one directory, its ledger, and everybody who is signed in.
pub struct Door {
    pub(crate) directory: Arc<Directory>,
    pub(crate) ledger: Option<Arc<Ledger>>,
    pub(crate) settings: Settings,
    pub(crate) tokens: Tokens,
    pub(crate) limits: Limits,
    pub(crate) metrics: Metrics,
    pub(crate) requests: Semaphore,
    pub(crate) feeds: Feeds,
    /// What was typed in sessions that had ended.
    pub(crate) kept: Kept,
    counters: Mutex<Option<(Instant, Arc<PublicCounters>)>>,
    /// Whether the server was told to stop: what would go on for ever ends then.
    pub(crate) ending: watch::Sender<bool>,
}

impl Door {
    /// A door to `directory`, with nobody signed in. Without a ledger, its two addresses answer 404.
    pub fn new(directory: Arc<Directory>, ledger: Option<Arc<Ledger>>, settings: Settings) -> Arc<Door> {
        Arc::new(Door {
            directory,
            ledger,
            tokens: Tokens::default(),
            limits: Limits::new(&settings),
            metrics: Metrics::default(),
            requests: Semaphore::new(settings.requests_at_once),
            feeds: Feeds::default(),
            kept: Kept::default(),
            counters: Mutex::new(None),
            ending: watch::Sender::new(false),
            settings,
        })
    }

    /// The public counters, read at most once in ten minutes.
    ///
    /// # Errors
    /// They could not be read.
    pub(crate) fn counters(&self) -> Result<Arc<PublicCounters>, LookError> {
        // Whoever asks meanwhile waits for the one who reads: nobody makes the rows be read twice at once.
        let mut kept = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = kept.as_ref().filter(|(read_at, _)| read_at.elapsed() < COUNTERS_KEPT);
        if let Some((_, counters)) = fresh {
            return Ok(Arc::clone(counters));
        }
        let counters = Arc::new(PublicCounters { counters: self.directory.public_counters()? });
        *kept = Some((Instant::now(), Arc::clone(&counters)));
        Ok(counters)
    }

    /// Waits until every read model has folded the log up to `position`, at most two seconds.
    pub(crate) async fn caught_up(&self, position: Position) -> Result<(), Problem> {
        self.reached(position, || Some(self.directory.caught_up())).await
    }

    /// Waits until `position` is durable, at most two seconds.
    pub(crate) async fn durable(&self, position: Position) -> Result<(), Problem> {
        self.reached(position, || self.directory.head().ok()).await
    }

    /// Waits a moment until a witness has cosigned what stands up to `position`; goes on without if none does.
    pub(crate) async fn witnessed(&self, ledger: &Ledger, position: Position) {
        let begun = Instant::now();
        while !ledger.is_witnessed(position).unwrap_or(true) && begun.elapsed() < WAIT {
            tokio::time::sleep(WITNESS_EVERY).await;
        }
    }

    async fn reached(
        &self,
        position: Position,
        stands: impl Fn() -> Option<Position>,
    ) -> Result<(), Problem> {
        let begun = Instant::now();
        loop {
            let now = stands();
            if now.is_some_and(|now| now >= position) {
                return Ok(());
            }
            if begun.elapsed() >= WAIT {
                let problem = Problem::new("position_not_reached");
                return Err(now.map_or(problem.clone(), |now| problem.at(now)));
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}
