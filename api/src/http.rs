//! What each address does, one file a noun. No rule lives here: each asks the directory and writes its answer.

pub(crate) mod accesses;
pub(crate) mod audit;
pub(crate) mod brokering;
pub(crate) mod caseload;
pub(crate) mod cases;
pub(crate) mod children;
pub(crate) mod clients;
pub(crate) mod consents;
pub(crate) mod events;
pub(crate) mod feed;
pub(crate) mod health;
pub(crate) mod history;
pub(crate) mod involvements;
pub(crate) mod ledger;
pub(crate) mod merging;
pub(crate) mod ndjson;
pub(crate) mod organisations;
pub(crate) mod passkeys;
pub(crate) mod policy;
pub(crate) mod queue;
pub(crate) mod reports;
pub(crate) mod searches;
pub(crate) mod shields;
pub(crate) mod start;
pub(crate) mod transfers;
pub(crate) mod users;
mod when;
