//! Ceilings against enumeration: a million attempts disclose next to nobody, and the alarm rings first.
//!
//! Source: rules.md 5.1; reliability notes, T3; docs/threats.md T3.

#![cfg(test)]

mod alarm;
mod enumeration;
mod lifting;
mod world;
