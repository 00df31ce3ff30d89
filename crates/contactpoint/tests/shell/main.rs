//! The binary from the outside: exit statuses, what stands on stdout, files that come in, and logs that were harmed.
//!
//! Source: contract.md section 1.

#![cfg(test)]

mod asked;
mod backups;
mod bench;
mod feeds;
mod harm;
mod imports;
mod linking;
mod usage;
