//! The wire: what is read from bodies and what is written into them, before anyone asks a rule.
//!
//! Read with [`decode`] and [`CloudEvent::read`]; whatever is wrong becomes a [`Fault`], which names a place
//! and what is asked for there, and never repeats what was sent. Source: contract.md sections 2 and 3.

pub mod administration;
pub mod batch;
pub mod between;
mod cloud_event;
pub mod credentials;
mod decode;
pub mod keeping;
pub mod lines;
pub mod notices;
mod outcome;
pub mod requests;
pub mod retention;
pub mod rights;
mod strict;
mod trace;
pub(crate) mod waterfall;

pub(crate) use cloud_event::too_large;
pub use cloud_event::{CloudEvent, EVENT_BYTES_MAX, ID_CHARACTERS_MAX, Unread, kinds};
pub use decode::{Fault, decode, field_names};
pub use outcome::OutcomeWritten;
