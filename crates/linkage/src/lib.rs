//! Which child is this? What names are made of, and how alike two of them are.
//!
//! Floor 1: no clock, no I/O. Source: matching.md 3, rules.md 2.7.

pub mod birth;
pub mod centibits;
pub mod choose;
pub mod keys;
pub mod learn;
pub mod model;
mod names;
pub mod nickname;
pub mod normal;
pub mod pattern;
pub mod person;
pub mod rarity;
pub mod resemblance;
pub mod spelling;
mod whereabouts;
