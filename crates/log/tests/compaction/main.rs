//! Payloads that are forgotten give way to their hash in place: every leaf, link, root and proof stays what it was,
//! whatever is forgotten, whoever reads or writes meanwhile, and wherever it is cut short.

#![cfg(test)]

mod beside;
mod crashes;
mod proofs;
mod world;
