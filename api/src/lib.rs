//! The door: routes, identification, problems. No rule lives here.
//!
//! Read [`wire`] first (what is read from bodies), then [`problem`] (how a no is told).

pub mod problem;
pub mod wire;
