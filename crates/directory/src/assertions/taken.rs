//! Taken: which assertions for a token were taken before, for as long as they could be taken again.
//!
//! In memory and bounded. What cannot be remembered is refused, never let through: a full memory refuses, and
//! so does a memory that began after the assertion was made, as after a restart.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use events::assertion::{Fault, TokenClaims};
use sha2::{Digest, Sha256};
use vocabulary::ClientId;

/// Most ids of one client that are remembered at once. It needs one in ten minutes; one that goes round and
/// round shuts itself out and nobody else.
const OF_CLIENT_MAX: usize = 1_000;

/// Most ids of all clients, some 10 MB.
const ALL_MAX: usize = 100_000;

/// Ids that were taken, by client, with the second from which each need not be remembered.
#[derive(Debug)]
pub(crate) struct Taken {
    since: i64,
    ids: Mutex<HashMap<ClientId, BTreeMap<[u8; 32], i64>>>,
}

impl Taken {
    /// Remembers from `since` on.
    pub(crate) fn since(since: DateTime<Utc>) -> Taken {
        Taken { since: since.timestamp(), ids: Mutex::default() }
    }

    /// Takes an assertion, once.
    ///
    /// # Errors
    /// `Replayed`: it was taken before. `Unremembered`: it may have been, or there is no room to remember it.
    pub(crate) fn take(
        &self,
        client: &ClientId,
        claims: &TokenClaims,
        now: DateTime<Utc>,
    ) -> Result<(), Fault> {
        if claims.issued_from() < self.since {
            return Err(Fault::Unremembered);
        }
        let now = now.timestamp();
        let mut ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        if ids.values().map(BTreeMap::len).sum::<usize>() >= ALL_MAX {
            ids.retain(|_, held| {
                held.retain(|_, end| *end > now);
                !held.is_empty()
            });
            if ids.values().map(BTreeMap::len).sum::<usize>() >= ALL_MAX {
                return Err(Fault::Unremembered);
            }
        }
        let held = ids.entry(client.clone()).or_default();
        held.retain(|_, end| *end > now);
        let id: [u8; 32] = Sha256::digest(claims.jti.as_bytes()).into();
        if held.contains_key(&id) {
            return Err(Fault::Replayed);
        }
        if held.len() >= OF_CLIENT_MAX {
            return Err(Fault::Unremembered);
        }
        held.insert(id, claims.exp.0);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use events::assertion::{Audience, Seconds};

    use super::*;

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn claims(jti: &str, issued: i64, expires: i64) -> TokenClaims {
        let at = |seconds| Seconds(noon().timestamp() + seconds);
        TokenClaims {
            iss: "c".to_owned(),
            sub: "c".to_owned(),
            aud: Audience::One("a".to_owned()),
            exp: at(expires),
            jti: jti.to_owned(),
            nbf: None,
            iat: Some(at(issued)),
        }
    }

    fn client(number: usize) -> ClientId {
        ClientId(format!("client-{number}"))
    }

    #[test]
    fn an_id_is_taken_once_for_as_long_as_its_assertion_is_good_and_is_each_clients_own() {
        let taken = Taken::since(noon());
        assert_eq!(taken.take(&client(1), &claims("a", 0, 60), noon()), Ok(()));
        assert_eq!(taken.take(&client(1), &claims("a", 0, 60), noon()), Err(Fault::Replayed));
        assert_eq!(taken.take(&client(1), &claims("b", 0, 60), noon()), Ok(()));
        assert_eq!(taken.take(&client(2), &claims("a", 0, 60), noon()), Ok(()));
        let later = noon() + TimeDelta::seconds(59);
        assert_eq!(taken.take(&client(1), &claims("a", 0, 60), later), Err(Fault::Replayed));
        let over = noon() + TimeDelta::seconds(60);
        assert_eq!(taken.take(&client(1), &claims("a", 60, 120), over), Ok(()));
    }

    #[test]
    fn what_may_have_been_taken_before_the_memory_began_is_refused() {
        let taken = Taken::since(noon() + TimeDelta::milliseconds(900));
        assert_eq!(taken.take(&client(1), &claims("a", -1, 60), noon()), Err(Fault::Unremembered));
        assert_eq!(taken.take(&client(1), &claims("a", 0, 60), noon()), Ok(()));
        let unsaid = TokenClaims { iat: None, ..claims("b", 0, 60) };
        assert_eq!(taken.take(&client(1), &unsaid, noon()), Err(Fault::Unremembered));
    }

    #[test]
    fn a_full_memory_refuses_and_forgets_nothing_that_still_counts() {
        let taken = Taken::since(noon());
        for number in 0..OF_CLIENT_MAX {
            assert_eq!(taken.take(&client(1), &claims(&number.to_string(), 0, 60), noon()), Ok(()));
        }
        assert_eq!(taken.take(&client(1), &claims("more", 0, 60), noon()), Err(Fault::Unremembered));
        assert_eq!(taken.take(&client(1), &claims("0", 0, 60), noon()), Err(Fault::Replayed));
        assert_eq!(taken.take(&client(2), &claims("more", 0, 60), noon()), Ok(()));
        let over = noon() + TimeDelta::seconds(60);
        assert_eq!(taken.take(&client(1), &claims("more", 60, 120), over), Ok(()));
    }

    #[test]
    fn all_clients_together_fill_it_until_what_has_expired_makes_room() {
        let taken = Taken::since(noon());
        for number in 0..ALL_MAX {
            assert_eq!(
                taken.take(&client(number % 500), &claims(&number.to_string(), 0, 60), noon()),
                Ok(())
            );
        }
        assert_eq!(taken.take(&client(999), &claims("more", 0, 60), noon()), Err(Fault::Unremembered));
        let over = noon() + TimeDelta::seconds(60);
        assert_eq!(taken.take(&client(999), &claims("more", 60, 120), over), Ok(()));
    }
}
