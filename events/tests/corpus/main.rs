//! The corpus: one sample of every type of fact, as stored; no sample ever written may stop being read.
//!
//! `BLESS=1 cargo test -p events --test corpus` rewrites the samples of today's versions and docs/events.md.
//! A sample of an older version is never rewritten. Source: house rules section 8; invariants I-24, I-28.

#[cfg(test)]
mod around;
#[cfg(test)]
mod bases;
#[cfg(test)]
mod child;
#[cfg(test)]
mod document;
#[cfg(test)]
mod involvement;
#[cfg(test)]
mod people;
#[cfg(test)]
mod prose;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod words;
