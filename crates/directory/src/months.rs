//! Keys by month: looks and counts are sealed so that who looked outlives the child's record, and a month of
//! them can be forgotten together (house rules, section 4.4).

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Datelike, Utc};
use vault::{Vault, VaultError};
use vocabulary::KeyId;

/// Year and month, by UTC.
type Month = (i32, u32);

/// The key of each month seen or begun.
#[derive(Debug, Default)]
pub(crate) struct Months(Mutex<BTreeMap<Month, KeyId>>);

impl Months {
    /// Remembers a key found in the log.
    pub(crate) fn seen(&self, at: DateTime<Utc>, key: KeyId) {
        let mut months = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        months.entry((at.year(), at.month())).or_insert(key);
    }

    /// Remembers a key that was kept with its month.
    pub(crate) fn kept(&self, year: i32, month: u32, key: KeyId) {
        let mut months = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        months.entry((year, month)).or_insert(key);
    }

    /// The key of the month of `at`, minted when the month begins.
    pub(crate) fn key(&self, at: DateTime<Utc>, vault: &Vault) -> Result<KeyId, VaultError> {
        let mut months = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let month = (at.year(), at.month());
        if let Some(key) = months.get(&month) {
            return Ok(*key);
        }
        let key = vault.mint()?;
        months.insert(month, key);
        Ok(key)
    }
}
