//! What the vault promises, shown from outside: sealing, forgetting, minting, and keeping the folder whole.
#![expect(clippy::unwrap_used, reason = "what surprises a test's own words fails the test")]
#![expect(clippy::shadow_unrelated, reason = "a vault that is closed and opened anew keeps its name")]

#[path = "keys/folder.rs"]
mod folder;
#[path = "keys/forgetting.rs"]
mod forgetting;
#[path = "keys/hashing.rs"]
mod hashing;
#[path = "keys/minting.rs"]
mod minting;
#[path = "keys/sealing.rs"]
mod sealing;
#[path = "keys/stage.rs"]
mod stage;
