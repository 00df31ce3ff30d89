//! What authorities keep: their duty desks, the reviews of their shields, the children they answer for.

#![cfg(test)]

mod brokering;
mod forgetting;
mod retention;
mod replays;
mod shields;
mod transfers;
mod world;
