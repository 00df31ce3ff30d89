//! What authorities keep: their duty desks, the reviews of their shields, the children they answer for, their reports.

#![cfg(test)]

mod brokering;
mod discrepancies;
mod forgetting;
mod notices;
mod replays;
mod reports;
mod retention;
mod rights;
mod shields;
mod transfers;
mod worklist;
mod world;
