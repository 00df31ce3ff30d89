//! Wrong tries lately: who must wait, and who need not because it was somebody else.
//!
//! A lockout of the account would let anyone keep a practitioner out by guessing. So the tries of devices that
//! have never signed in are counted together, those of each known device alone, and the PIN and the enrolment
//! code apart from both: whoever holds a session or a known device works on while strangers guess.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Duration, Utc};
use vocabulary::AccountId;

/// Wrong tries before the source must wait, and how long: slow enough for guessing, short for a slip.
const WRONG_MAX: u32 = 5;
const WAIT_SECONDS: i64 = 60;

/// Sources whose wrong tries are kept at hand, some 10 MB.
const TRIED_MAX: usize = 100_000;

/// Whose tries are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Source {
    /// Of everyone whose device never signed in to the account.
    Strangers,
    /// Of one device that did.
    Device([u8; 16]),
    /// Of the PIN, by someone who is signed in.
    StepUp,
    /// Of the enrolment code.
    Enrolment,
    /// Of codes that mediators say were read out to them.
    ReadOut,
    /// Of identity providers. Nothing is guessed there: it only says how much of it is recorded.
    Identity,
    /// Of passkeys. Nothing is guessed there: it only says how much of it is recorded.
    Passkey,
}

/// How many tries were wrong, and when the last was.
type Wrong = (u32, DateTime<Utc>);

/// Wrong tries lately, by account and source.
#[derive(Debug, Default)]
pub(crate) struct Tries(Mutex<HashMap<(AccountId, Source), Wrong>>);

impl Tries {
    /// Seconds that the source must still wait.
    pub(crate) fn wait(&self, account: AccountId, source: Source, now: DateTime<Utc>) -> Option<i64> {
        let tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (wrong, last) = tries.get(&(account, source)).copied()?;
        let left = (last + Duration::seconds(WAIT_SECONDS) - now).num_seconds();
        (wrong >= WRONG_MAX && left > 0).then_some(left)
    }

    pub(crate) fn wrong(&self, account: AccountId, source: Source, now: DateTime<Utc>) {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() >= TRIED_MAX && !tries.contains_key(&(account, source)) {
            // Those who wait still wait; only what is over or harmless is forgotten.
            tries.retain(|_, (wrong, last)| {
                *wrong >= WRONG_MAX && now - *last <= Duration::seconds(WAIT_SECONDS)
            });
        }
        let entry = tries.entry((account, source)).or_insert((0, now));
        let stale = now - entry.1 > Duration::seconds(WAIT_SECONDS);
        *entry = (if stale && entry.0 >= WRONG_MAX { 1 } else { entry.0 + 1 }, now);
    }

    pub(crate) fn right(&self, account: AccountId, source: Source) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&(account, source));
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn nurse() -> AccountId {
        AccountId::new(Uuid::from_u128(1))
    }

    #[test]
    fn five_wrong_tries_of_strangers_keep_strangers_waiting_and_nobody_else() {
        let tries = Tries::default();
        for _ in 0..WRONG_MAX {
            assert_eq!(tries.wait(nurse(), Source::Strangers, noon()), None);
            tries.wrong(nurse(), Source::Strangers, noon());
        }
        assert_eq!(tries.wait(nurse(), Source::Strangers, noon()), Some(WAIT_SECONDS));
        for other in [Source::Device([7; 16]), Source::StepUp, Source::Enrolment, Source::Passkey] {
            assert_eq!(tries.wait(nurse(), other, noon()), None, "{other:?}");
        }
        let other = AccountId::new(Uuid::from_u128(2));
        assert_eq!(tries.wait(other, Source::Strangers, noon()), None);
        let later = noon() + Duration::seconds(WAIT_SECONDS);
        assert_eq!(tries.wait(nurse(), Source::Strangers, later), None);
    }

    #[test]
    fn a_full_table_forgets_nobody_who_must_wait() {
        let tries = Tries::default();
        for _ in 0..WRONG_MAX {
            tries.wrong(nurse(), Source::Strangers, noon());
        }
        for number in 0..TRIED_MAX {
            let account = AccountId::new(Uuid::from_u128(1_000 + number as u128));
            tries.wrong(account, Source::Strangers, noon());
        }
        assert_eq!(tries.wait(nurse(), Source::Strangers, noon()), Some(WAIT_SECONDS));
    }
}
