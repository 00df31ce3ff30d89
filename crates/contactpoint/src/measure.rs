//! Measuring a running server from the outside: requests in closed loops, and what the machine did meanwhile.
//!
//! Source: scale.md section 5 and its rules of measuring.

pub(crate) mod closed_loop;
pub(crate) mod connection;
pub(crate) mod credentials;
pub(crate) mod figure;
pub(crate) mod machine;
pub(crate) mod numbers;
pub(crate) mod plot;
pub(crate) mod recall;
pub(crate) mod sessions;
pub(crate) mod spread;
pub(crate) mod stream;
pub(crate) mod table;
pub(crate) mod tally;
pub(crate) mod targets;
pub(crate) mod work;
pub(crate) mod year;
