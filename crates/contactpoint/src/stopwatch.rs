//! How long something took.

use std::time::{Duration, Instant};

/// Runs from the moment it is made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    pub(crate) fn start() -> Stopwatch {
        #[expect(clippy::disallowed_methods, reason = "a duration is measured for a report; no rule sees it")]
        let now = Instant::now();
        Stopwatch(now)
    }

    /// The time since.
    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }

    /// How many a second `count` were since.
    pub(crate) fn rate(self, count: u64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a rate for people needs no more than 52 bits")]
        let count = count as f64;
        count / self.0.elapsed().as_secs_f64().max(1e-9)
    }
}
