//! Which children might it be? The index of the live search, the matcher of feeds, and the linkage of lists, in memory.
//!
//! Reading order: [`Entry`] is what is known of a child, [`Query`] what is asked, [`Sight`] what this viewer may
//! match on, [`Index`] holds the children and [`Found`] is the answer; [`matcher::Matcher`] asks the same index
//! whom a description means; [`snapshot`] is an index on a disk. Inside: `lexicon` finds words near a word, `facts`
//! is a child in numbers, `rows` and `table` hold them packed, `candidates` and `probing` choose who is looked at,
//! `judge` weighs on visible fields alone.
//!
//! Floor 2: no clock, no file, no rule of who may see what; the caller's `sight` says that. Source: rules.md 2.4
//! and 4, matching.md 3, house.md 4.7.
//!
//! ```
//! use finding::{Entry, FieldSet, Found, Index, NameKind, NamedAs, Query, Sight, Stands};
//! use vocabulary::ChildId;
//!
//! let day = "2015-04-02".parse().unwrap();
//! let ava = NamedAs {
//!     kind: NameKind::Current,
//!     forename: "Ava".to_owned(),
//!     middle: None,
//!     surname: "Lowe".to_owned(),
//! };
//! let entry = Entry {
//!     names: vec![ava],
//!     date_of_birth: Some(day),
//!     gender: None,
//!     number: "04817263599".parse().unwrap(),
//!     places: vec![],
//!     stands: Stands { shielded: false, archived: None, authority: "gss:E09000014".parse().unwrap() },
//! };
//! let child: ChildId = "00000000000000000000000000000001".parse().unwrap();
//! let mut index = Index::new();
//! index.put(child, &entry);
//!
//! let query =
//!     Query { surname: Some("Bowe".to_owned()), date_of_birth: Some(day), fuzzy: true, ..Query::default() };
//! let today = "2026-11-20".parse().unwrap();
//! let found = index.search(&query, 10, today, &|_| Sight::Fields(FieldSet::ORDINARY));
//! assert!(matches!(found, Found::Found { best, total: 1 } if best[0].child == child && !best[0].exact));
//! assert_eq!(index.search(&query, 10, today, &|_| Sight::Nothing), Found::None);
//! ```

mod areas;
mod bearers;
mod born;
mod candidates;
mod codes;
mod coding;
mod entry;
mod facts;
mod finder;
mod index;
mod judge;
mod labels;
mod lexicon;
pub mod likenesses;
pub mod lists;
pub mod matcher;
mod naming;
mod numbered;
mod outline;
mod postings;
mod probing;
mod query;
mod ranking;
mod row;
mod rows;
mod sieve;
mod sight;
mod slots;
pub mod snapshot;
mod table;
mod weight;
mod whereabouts;

pub use entry::{Entry, NameKind, NamedAs, PageRow, Place, PlaceKind, Standing, Stands};
pub use index::{FOUND_MAX, Found, Hit, Index, Loading};
pub use query::{BIRTH_SPAN_DAYS_MAX, Query, QueryRefusal, WILDCARD_LETTERS_MIN};
pub use sight::{Field, FieldSet, Sight};
