//! Weighing: how a description compared with a child, as the model of the day weighed it.
//!
//! Kept with each decision on identity, so that a person can follow it and a machine can make it again, bit for
//! bit: whole hundredths of a bit throughout (matching.md 3.5). It says which fields agreed and never what they
//! hold.

use serde::{Deserialize, Serialize};

use crate::refused::Code;

/// One description beside one child. The odds are prior + weights - kin - rivals, to the last centibit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighing {
    /// Which model weighed.
    pub model: Code,
    /// Logarithm of the odds before anything was compared.
    pub prior: i32,
    /// What each field that both sides tell of said.
    pub fields: Vec<Weighed>,
    /// What is taken because siblings and twins agree on much.
    pub kin: i32,
    /// What is taken because others could be meant too.
    pub rivals: i32,
    /// Logarithm of the odds that the description is of this child.
    pub odds: i32,
}

/// One field, compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighed {
    /// Which field.
    pub field: Code,
    /// How the two sides compare.
    pub level: Code,
    /// What that says: for one person above 0, for two below.
    pub weight: i32,
}

impl Weighing {
    /// Tells whether the sum is what its parts make.
    pub fn adds_up(&self) -> bool {
        let weights: i32 = self.fields.iter().map(|field| field.weight).sum();
        self.prior + weights - self.kin - self.rivals == self.odds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_odds_are_what_their_parts_make() {
        let said = |field: &str, weight| Weighed {
            field: Code::new(field).unwrap(),
            level: Code::new("same").unwrap(),
            weight,
        };
        let fields = vec![said("surname", 1_120), said("date_of_birth", 1_255)];
        let model = Code::new("children_1").unwrap();
        let weighing = Weighing { model, prior: -1_461, fields, kin: 31, rivals: 4, odds: 879 };
        assert!(weighing.adds_up());
        assert!(!Weighing { odds: 880, ..weighing }.adds_up());
    }
}
