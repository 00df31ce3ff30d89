//! The epochs of the keys: when one is over, so that copies of the keys from before it may expire.

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};

/// Days after which an epoch is over, unless the settings say otherwise.
pub(crate) const DAYS: u32 = 30;

/// Since when the keys in a folder are of their present epoch; nothing where that cannot be told.
pub(crate) fn began(folder: &Path) -> Option<DateTime<Utc>> {
    vault::epoch_began(folder).ok().flatten().map(DateTime::from)
}

/// Whether the epoch is over: so many days after it began.
pub(crate) fn is_over(began: DateTime<Utc>, now: DateTime<Utc>, days: u32) -> bool {
    now - began >= TimeDelta::days(days.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_is_over_after_its_days_and_a_new_one_begins_with_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        let vault = vault::Vault::create(&keys).unwrap();
        let first = began(&keys).unwrap();
        assert!(!is_over(first, first + TimeDelta::days(29), 30));
        assert!(is_over(first, first + TimeDelta::days(30), 30));
        vault.rotate_epoch().unwrap();
        assert!(began(&keys).unwrap() >= first);
        assert_eq!(began(folder.path()), None);
    }
}
