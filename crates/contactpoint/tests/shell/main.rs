//! The binary from the outside: exit statuses, what stands on stdout, files that come in, and logs that were harmed.
//!
//! Source: contract.md section 1.

#![cfg(test)]

mod archives;
mod asked;
mod backups;
mod beginning;
mod bench;
mod clients;
mod comparing;
mod demonstrating;
mod encrypting;
mod erasures;
mod evidence;
mod feeds;
mod harm;
mod imports;
mod keeping;
mod killed;
mod linking;
mod providers;
mod running;
mod subject_access;
mod usage;
mod walking;
mod witnessing;
