//! The clock that a command runs by: the machine's, unless a told one is asked for.

use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use directory::ports::{Clock, ShiftedClock, SystemClock, ToldClock};

use crate::settings::Settings;

/// The clock that the settings ask for.
pub(crate) fn of(settings: &Settings) -> Box<dyn Clock> {
    match settings.clock {
        Some(instant) => Box::new(ShiftedClock::starting_at(instant)),
        None => Box::new(SystemClock::default()),
    }
}

/// A clock that is told each moment of a story, and from then on runs by another.
///
/// One directory is opened once and lives through both: what was recorded in the story stays earlier than what
/// is recorded afterwards.
#[derive(Clone)]
pub(crate) struct StoryClock(Arc<Parts>);

struct Parts {
    told: ToldClock,
    real: Box<dyn Clock>,
    over: OnceLock<()>,
}

impl StoryClock {
    /// Starts a story at `begin`, to go on by `real` once it is over.
    pub(crate) fn new(begin: DateTime<Utc>, real: Box<dyn Clock>) -> StoryClock {
        StoryClock(Arc::new(Parts { told: ToldClock::new(begin), real, over: OnceLock::new() }))
    }

    /// Moves the story on to `instant`, or to the present moment where that is earlier: a day that has begun and
    /// is not over must not be told to its end. An earlier instant changes nothing.
    pub(crate) fn tell(&self, instant: DateTime<Utc>) {
        self.0.told.set(instant.min(self.0.real.now()));
    }

    /// Ends the story: from now on the other clock runs.
    pub(crate) fn end(&self) {
        self.0.over.get_or_init(|| ());
    }
}

impl Clock for StoryClock {
    fn now(&self) -> DateTime<Utc> {
        let told = self.0.told.now();
        if self.0.over.get().is_some() { self.0.real.now().max(told) } else { told }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_story_is_told_and_then_time_goes_on() {
        let begin = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let later = begin + TimeDelta::days(300);
        let clock = StoryClock::new(begin, Box::new(ToldClock::new(later)));
        clock.tell(begin + TimeDelta::days(1));
        assert_eq!(clock.now(), begin + TimeDelta::days(1));
        clock.tell(later + TimeDelta::hours(9));
        assert_eq!(clock.now(), later, "told beyond the present");
        clock.end();
        assert_eq!(clock.now(), later);
    }
}
