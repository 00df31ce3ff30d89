//! Files that bring in data: which column is which field, and what each row says.
//!
//! Source: contract.md section 1.

pub(crate) mod children;
pub(crate) mod columns;
pub(crate) mod lines;
pub(crate) mod organisations;
pub(crate) mod people;
pub(crate) mod quality;
pub(crate) mod queries;
mod reading;
pub(crate) mod rejects;
