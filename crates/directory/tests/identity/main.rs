//! Identity: feeds, merges and splits, and what they may never do to a shielded child.
//!
//! The original's feeds made unshielded doubles of shielded children and were stopped for it (Hansard, 12 May 2009).
//! Source: rules.md 2.7; invariants I-7 to I-9; ADR-0013.
#![cfg(test)]

mod apart;
mod beside;
mod cut;
mod draws;
mod feeds;
mod likeness;
mod merging;
mod sequences;
mod snapshots;
mod world;
