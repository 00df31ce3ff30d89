//! Proofs that need more than one package: one test binary a theme, in `tests/tests`.
//!
//! This library is empty on purpose: what a proof needs, it makes itself, so that each theme reads alone.
