//! What can happen, and when it may. Pure: no clock, no ids, no I/O.
//!
//! Read in this order: [`decider`] (the shape of every decision), [`child`] (the boundary that most of the
//! directory is about) and its topics, [`supplied`] (what the wire may say), [`access`] (looks),
//! [`account`] and [`organisation`] (who may act), [`codec`] (how facts are stored).

pub mod child;
pub mod decider;
pub mod recorded;
pub mod supplied;
pub mod told;

/// Placeholder of the sum until the other streams stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// A child's.
    Child(child::Event),
}
