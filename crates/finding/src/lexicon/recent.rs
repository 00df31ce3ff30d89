//! What was asked for lately, with the words near it: a few names are asked for again and again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use linkage::resemblance::Resemblance;

use crate::lexicon::Word;

/// Most texts that are kept; then all are forgotten. With thirty words near each, a megabyte.
const TEXTS_MAX: usize = 4_096;

/// Words near one another, with how near.
pub(super) type Near = Arc<[(Word, Resemblance)]>;

/// Texts asked for, with the words near them, while no word comes or goes.
#[derive(Debug, Default)]
pub(super) struct Recent(Mutex<HashMap<Arc<str>, Near>>);

impl Recent {
    /// The words near a text, looked for where they are not known.
    pub(super) fn get_or(&self, text: &Arc<str>, look: impl FnOnce() -> Vec<(Word, Resemblance)>) -> Near {
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().get(text) {
            return known.clone();
        }
        let found: Near = look().into();
        let mut texts = kept();
        if texts.len() >= TEXTS_MAX {
            texts.clear();
        }
        texts.insert(text.clone(), found.clone());
        found
    }

    /// Forgets everything: a word came or went.
    pub(super) fn forget(&mut self) {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
