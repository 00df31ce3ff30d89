//! Lately: the searches that each user made in the last hours, which an opening may cite.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use vocabulary::{AccountId, SearchId};

use crate::search::Searched;

/// The searches of each user in the last hours.
#[derive(Debug, Default)]
pub(crate) struct Lately(Mutex<HashMap<AccountId, Recent>>);

/// The searches of one user.
#[derive(Debug, Default)]
struct Recent {
    made: HashMap<SearchId, Arc<Searched>>,
    /// In the order they were made; one whose pages were turned stands there once a page.
    order: VecDeque<SearchId>,
}

/// Most users whose searches are kept at hand; beyond it they are read from the log again.
const USERS_MAX: usize = 20_000;

/// Most pages of one user that are kept at hand, far more than anyone turns in a day.
const PAGES_MAX: usize = 2_000;

impl Lately {
    pub(crate) fn remember(&self, account: AccountId, search: SearchId, searched: Searched) {
        let mut users = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if users.len() >= USERS_MAX && !users.contains_key(&account) {
            users.clear();
        }
        let oldest = searched.made.at - chrono::Duration::hours(events::search::SEARCH_HOURS_KEPT);
        users.entry(account).or_default().remember(search, searched, oldest);
    }

    /// Lets go of all: a search names children. Whoever cites one has it read from the log.
    pub(crate) fn let_go(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub(crate) fn get(&self, account: AccountId, search: SearchId) -> Option<Arc<Searched>> {
        let users = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        users.get(&account)?.made.get(&search).cloned()
    }
}

impl Recent {
    /// Keeps a search, and lets go of those before `oldest`. Cost: as many steps as it lets go.
    fn remember(&mut self, search: SearchId, searched: Searched, oldest: DateTime<Utc>) {
        self.made.insert(search, Arc::new(searched));
        self.order.push_back(search);
        while let Some(first) = self.order.front() {
            let is_old = self.made.get(first).is_none_or(|kept| kept.made.at < oldest);
            if !is_old && self.order.len() <= PAGES_MAX {
                break;
            }
            self.made.remove(first);
            self.order.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::Duration;
    use events::search::{Made, Outcome};
    use vocabulary::AccessReason;

    use super::*;

    fn searched(minute: i64) -> Searched {
        let at = DateTime::<Utc>::UNIX_EPOCH + Duration::minutes(minute);
        let (reason, outcome) = (AccessReason::Assessment, Outcome::Found);
        Searched {
            made: Made { at, reason, outcome, shown: 1, case_ref: None },
            former_names: BTreeMap::new(),
        }
    }

    #[test]
    fn a_search_is_kept_for_its_hours_and_no_user_keeps_more_than_a_day_of_pages() {
        let (lately, user) = (Lately::default(), AccountId::from_u128(1));
        let hours = 60 * i64::from(u8::try_from(events::search::SEARCH_HOURS_KEPT).unwrap());
        for minute in 0..=hours + 10 {
            lately.remember(user, SearchId::from_u128(u128::try_from(minute).unwrap()), searched(minute));
        }
        let kept =
            |minute: i64| lately.get(user, SearchId::from_u128(u128::try_from(minute).unwrap())).is_some();
        assert!(!kept(9) && kept(10) && kept(hours + 10));
        for number in 10_000..10_000 + u128::try_from(PAGES_MAX).unwrap() {
            lately.remember(user, SearchId::from_u128(number), searched(hours + 10));
        }
        assert!(!kept(hours + 10) && lately.get(user, SearchId::from_u128(10_000)).is_some());
        assert!(lately.get(AccountId::from_u128(2), SearchId::from_u128(10_000)).is_none());
    }
}
