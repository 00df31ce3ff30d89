//! Misuse: which looks a person should ask about first.
//!
//! Two layers (domain.md 6.4; reliability.md, "Misuse engine"; Fabbri and `LeFevre` 2011). First [`explain()`] takes away
//! every look that what the directory holds explains; then [`rank()`] puts the rest in order by closed signs, each with
//! a shipped weight and its reason in [`weights`]. Read in this order: [`explain()`], [`signs`], [`weights`], [`rank()`],
//! then how the signs are seen: [`queue()`], [`peers`], [`daily`], [`sweep`], [`hours`].
//!
//! It ranks looks and never a child; the weights are whole hundredths of a bit, so the order is the same on every
//! machine. No clock, no I/O, no name: kin is told by keyed hashes that are equal or not.
//!
//! ```
//! use misuse::{Entry, Facts, Kin, Signs, explain, rank};
//! use vocabulary::{Explanation, Signal};
//!
//! let held = Facts { entry: Entry::Open, ..Facts::default() };
//! assert_eq!(explain(&held), Some(Explanation::OpenEntry));
//!
//! assert_eq!(explain(&Facts::default()), None);
//! let signs = Signs { kin: Kin { household: true, ..Kin::default() }, ..Signs::default() };
//! let ranked = rank(&signs);
//! assert_eq!(ranked.signals().collect::<Vec<_>>(), [Signal::SameHousehold, Signal::NothingAfter]);
//! ```

pub mod daily;
pub mod explain;
pub mod hours;
pub mod peers;
pub mod queue;
pub mod rank;
pub mod signs;
pub mod sweep;
pub mod weights;

pub use explain::{Entry, Facts, explain};
pub use queue::{Line, World, queue};
pub use rank::{Ranked, rank};
pub use signs::{Kin, Order, Rarity, Signs, Sweep};
