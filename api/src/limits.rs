//! Limits: how often one client or person may ask, so that one runaway program does not crowd out the rest.

use std::{
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
};

use governor::{
    DefaultDirectRateLimiter, DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use vocabulary::{AccountId, ClientId};

use crate::{problem::Problem, settings::Settings};

/// Requests between two sweeps that forget whoever has been quiet, so that memory follows who is there.
const SWEEP_EVERY: u32 = 10_000;

/// Whose requests are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    /// A case management system's.
    Client(ClientId),
    /// A person's.
    Account(AccountId),
}

/// The limits of a door.
pub(crate) struct Limits {
    subjects: DefaultKeyedRateLimiter<Subject>,
    sign_ins: DefaultDirectRateLimiter,
    clock: DefaultClock,
    since_sweep: AtomicU32,
}

impl Limits {
    pub(crate) fn new(settings: &Settings) -> Limits {
        let quota = |rate: NonZeroU32, burst: NonZeroU32| Quota::per_second(rate).allow_burst(burst);
        Limits {
            subjects: RateLimiter::keyed(quota(settings.requests_per_second, settings.requests_burst)),
            sign_ins: RateLimiter::direct(quota(settings.sign_ins_per_second, settings.sign_ins_per_second)),
            clock: DefaultClock::default(),
            since_sweep: AtomicU32::new(0),
        }
    }

    /// Counts one request of a client or person.
    pub(crate) fn request(&self, subject: &Subject) -> Result<(), Problem> {
        if self.since_sweep.fetch_add(1, Ordering::Relaxed) >= SWEEP_EVERY {
            self.since_sweep.store(0, Ordering::Relaxed);
            self.subjects.retain_recent();
        }
        self.subjects.check_key(subject).map_err(|not_until| self.limited(&not_until))
    }

    /// Counts one sign-in, of whomever.
    pub(crate) fn sign_in(&self) -> Result<(), Problem> {
        self.sign_ins.check().map_err(|not_until| self.limited(&not_until))
    }

    fn limited(&self, not_until: &NotUntil<<DefaultClock as Clock>::Instant>) -> Problem {
        let wait = not_until.wait_time_from(self.clock.now());
        Problem::new("rate_limited").retry_after(wait.as_secs() + 1)
    }
}
