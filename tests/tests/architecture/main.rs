//! The architecture, held: floors, files and words, documents, what browsers are given. Reads the tree, builds nothing.
//!
//! Source: house rules, sections 3 and 11; docs/ARCHITECTURE.md.

#[cfg(test)]
mod documents;
#[cfg(test)]
mod files;
#[cfg(test)]
mod floors;
#[cfg(test)]
mod invariants;
#[cfg(test)]
mod lints;
#[cfg(test)]
mod manifest;
#[cfg(test)]
mod served;
#[cfg(test)]
mod tree;
