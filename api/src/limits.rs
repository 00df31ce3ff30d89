//! Limits: how often one client or person may ask, so that one runaway program does not crowd out the rest.
//!
//! Whoever is nobody yet shares a lane with all others of that kind, and none with who is known: a flood of sign-ins
//! keeps waiting whoever signs in on a new device, and nobody else (rules.md 5.2, lockout without a denial of
//! service).

use std::{
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use governor::{
    DefaultDirectRateLimiter, DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use tokio::sync::{Semaphore, SemaphorePermit};
use vocabulary::{AccountId, ClientId};

use crate::{
    problem::Problem,
    settings::{Settings, nonzero},
};

/// Requests between two sweeps that forget whoever has been quiet, so that memory follows who is there.
const SWEEP_EVERY: u32 = 10_000;

/// Sign-ins that one device may send at once, and as many more each minute.
const OF_A_DEVICE: NonZeroU32 = nonzero(10);

/// Sign-ins at once that hash nothing; each waits for the disk.
const SIGNATURES_AT_ONCE: usize = 32;

/// Longest wait for a turn.
const WAIT: Duration = Duration::from_secs(5);

/// Whose requests are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    /// A case management system's.
    Client(ClientId),
    /// A person's.
    Account(AccountId),
}

/// Who comes to sign in, as far as it is known before anything is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comer {
    /// A device that signed in before.
    Device([u8; 16]),
    /// A person who is signed in and gives the PIN again; counted with their other requests.
    Person,
    /// Anybody, with a password or an enrolment code: each costs a hash.
    Stranger,
    /// Anybody, with what a passkey signed or a provider vouched for.
    Vouched,
}

/// The limits of a door.
pub(crate) struct Limits {
    subjects: DefaultKeyedRateLimiter<Subject>,
    devices: DefaultKeyedRateLimiter<[u8; 16]>,
    strangers: DefaultDirectRateLimiter,
    vouched: DefaultDirectRateLimiter,
    challenges: DefaultDirectRateLimiter,
    unproven: DefaultDirectRateLimiter,
    turns_of_the_known: Semaphore,
    turns_of_strangers: Semaphore,
    turns_of_signatures: Semaphore,
    clock: DefaultClock,
    since_sweep: AtomicU32,
}

impl Limits {
    pub(crate) fn new(settings: &Settings) -> Limits {
        let quota = |rate: NonZeroU32, burst: NonZeroU32| Quota::per_second(rate).allow_burst(burst);
        let lane = || RateLimiter::direct(quota(settings.sign_ins_per_second, settings.sign_ins_per_second));
        Limits {
            subjects: RateLimiter::keyed(quota(settings.requests_per_second, settings.requests_burst)),
            devices: RateLimiter::keyed(Quota::per_minute(OF_A_DEVICE)),
            strangers: lane(),
            vouched: lane(),
            challenges: lane(),
            unproven: lane(),
            turns_of_the_known: Semaphore::new(settings.sign_ins_at_once),
            turns_of_strangers: Semaphore::new(settings.sign_ins_at_once),
            turns_of_signatures: Semaphore::new(SIGNATURES_AT_ONCE),
            clock: DefaultClock::default(),
            since_sweep: AtomicU32::new(0),
        }
    }

    /// Counts one request of a client or person.
    pub(crate) fn request(&self, subject: &Subject) -> Result<(), Problem> {
        if self.since_sweep.fetch_add(1, Ordering::Relaxed) >= SWEEP_EVERY {
            self.since_sweep.store(0, Ordering::Relaxed);
            self.subjects.retain_recent();
            self.devices.retain_recent();
        }
        self.subjects.check_key(subject).map_err(|not_until| self.limited(&not_until))
    }

    /// Counts one sign-in.
    pub(crate) fn sign_in(&self, comer: Comer) -> Result<(), Problem> {
        let counted = match comer {
            Comer::Device(number) => self.devices.check_key(&number),
            Comer::Person => Ok(()),
            Comer::Stranger => self.strangers.check(),
            Comer::Vouched => self.vouched.check(),
        };
        counted.map_err(|not_until| self.limited(&not_until))
    }

    /// Counts one challenge that is drawn for whomever.
    pub(crate) fn challenge(&self) -> Result<(), Problem> {
        self.challenges.check().map_err(|not_until| self.limited(&not_until))
    }

    /// Counts one machine that could not prove which it is. Whoever can is counted by its own requests alone.
    pub(crate) fn unproven(&self) -> Result<(), Problem> {
        self.unproven.check().map_err(|not_until| self.limited(&not_until))
    }

    /// Waits for a turn at what a sign-in costs.
    pub(crate) async fn turn(&self, comer: Comer) -> Result<SemaphorePermit<'_>, Problem> {
        let turns = match comer {
            Comer::Device(_) | Comer::Person => &self.turns_of_the_known,
            Comer::Stranger => &self.turns_of_strangers,
            Comer::Vouched => &self.turns_of_signatures,
        };
        let turn = tokio::time::timeout(WAIT, turns.acquire()).await;
        turn.ok().and_then(Result::ok).ok_or_else(|| Problem::new("overloaded"))
    }

    fn limited(&self, not_until: &NotUntil<<DefaultClock as Clock>::Instant>) -> Problem {
        let wait = not_until.wait_time_from(self.clock.now());
        Problem::new("rate_limited").retry_after(wait.as_secs() + 1)
    }
}
