//! What authorities keep: their duty desks, the reviews of their shields, the children they answer for.

#![cfg(test)]

mod brokering;
mod forgetting;
mod replays;
mod retention;
mod shields;
mod transfers;
mod world;
