//! What is read: pure folds of facts into rows, which may be thrown away and folded again.
//!
//! Read in this order: [`model`] (the shape of every read model), [`child_record`] (the one that most reads
//! touch) with its indexes [`caseload`], [`coverage`], [`discrepancies`], [`shielding`], [`transfers`], [`notifications`] and [`upkeep`], then [`access_audit`], [`listings`],
//! [`usage`], [`hours`] [`overrides`] and [`lead_looks`] (who looked), [`reviews`] (which looks a person reviews), [`queue`], [`accounts`], [`organisations`], [`cases`],
//! [`brokerings`], [`rights`] (what people ask about what is held of them), [`policy`], [`counters`] and [`months`].
//! Nothing here knows the present moment, a disk or a key: the shell stores rows, and seals them.
//!
//! ```
//! use projections::{ChildRecord, ReadModel, RowKey};
//! use vocabulary::ChildId;
//!
//! let child = ChildId::new(uuid::Uuid::from_u128(7));
//! assert_eq!(ChildId::decode(&child.encode()), Some(child));
//! assert_eq!(ChildRecord::NAME, "child_record.v10");
//! ```

#![deny(clippy::wildcard_enum_match_arm)]

pub mod access_audit;
pub mod accounts;
pub mod brokerings;
pub mod caseload;
pub mod cases;
pub mod child_record;
pub mod counters;
pub mod coverage;
pub mod discrepancies;
pub mod ended_items;
mod facts;
pub mod feed;
pub mod hours;
pub mod key;
pub mod lead_looks;
pub mod listings;
pub mod model;
pub mod months;
pub mod notices;
pub mod notifications;
pub mod organisations;
pub mod overrides;
pub mod policy;
pub mod queue;
pub mod retention;
pub mod reviews;
pub mod rights;
#[cfg(test)]
mod samples;
pub mod shielding;
#[cfg(any(test, feature = "spec"))]
pub mod spec;
pub mod state_row;
pub mod transfers;
pub mod upkeep;
pub mod usage;

pub use access_audit::{AccessAudit, Look};
pub use accounts::Accounts;
pub use brokerings::Brokerings;
pub use cases::Cases;
pub use child_record::{ChildRecord, ChildRow};
pub use counters::Counters;
pub use ended_items::{EndedItem, EndedItems};
pub use feed::{Feed, FeedEvent};
pub use hours::UsageHours;
pub use key::RowKey;
pub use lead_looks::{LeadLook, LeadLooks};
pub use listings::Listings;
pub use model::{Posting, ReadModel, Remembered, Visitor, Writing, visit_all};
pub use months::{ReportedMonth, ReportedMonths};
pub use organisations::Organisations;
pub use overrides::Overrides;
pub use policy::PolicyInForce;
pub use queue::Queue;
pub use reviews::Reviews;
pub use rights::RightsRequests;
pub use state_row::StateRow;
pub use usage::Usage;
