//! The demonstration: an invented directory with people of every role, and the story of Child V.
//!
//! Source: contract.md sections 1 and 5.

mod cast;
#[cfg(test)]
mod child_v;
pub(crate) mod credentials;
mod draw;
pub(crate) mod england;
pub(crate) mod making;
mod story;
