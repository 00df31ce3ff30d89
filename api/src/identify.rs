//! Identification: who asks, by a bearer token, as they stand at that moment.
//!
//! A token only says whose it is; what its owner may do is asked of the directory at every request, so that a
//! suspension bites on the next one. Source: contract.md section 2; rules.md 5.4.

mod asking;
mod connection;
pub(crate) mod enrolments;
pub(crate) mod oauth;
pub(crate) mod passkeys;
pub(crate) mod providers;
pub(crate) mod sessions;
mod tokens;

pub(crate) use asking::{Asker, SignedIn, Staff, Supplier, Viewer, person_of};
pub(crate) use connection::{Shown, shown};
pub(crate) use tokens::{Began, Holder, IDLE_SECONDS, Owner, Token, Tokens};
