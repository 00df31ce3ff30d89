//! The order of truth: log, then answer, then rows. Whatever was done, a directory that is opened anew on the
//! same log says the same, and what a disk refuses was never told or shown.
//!
//! Source: house rules section 6; promises P1 (log before show), P4 (a repeated command adds nothing) and P5
//! (rows equal a fold); reliability notes, section 5.

#![cfg(test)]

mod acts;
mod disclosures;
mod order;
mod reading;
mod refusing;
mod world;
