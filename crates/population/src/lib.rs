//! Invented England: children, households and organisations of nobody, as many as are asked for.
//!
//! Every child is a function of (seed, day, index), so any slice can be made alone, in parallel or again,
//! and the same seed gives the same bytes. No clock, no file: output goes to the writer that is given.
//! Shape and shares: scale.md section 2. Nothing here reaches a real person: see [`numbers`].
//!
//! ```
//! use chrono::NaiveDate;
//! use population::Population;
//!
//! let day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
//! let england = Population::sized(7, day, 2_000);
//! let mut csv = Vec::new();
//! england.write_children(0..3, &mut csv).unwrap();
//! assert_eq!(csv.iter().filter(|byte| **byte == b'\n').count(), 4);
//! assert_eq!(england.child(1_999).local_ref, "E000002000");
//! ```

pub mod child_v;
mod children;
mod desks;
mod events;
mod feeds;
mod households;
mod involvements;
mod names;
pub mod numbers;
mod organisations;
mod places;
mod queries;
mod relations;
mod rng;
pub mod sandbox;
mod tables;
mod wire;
mod year;

use chrono::NaiveDate;

pub use children::{Carer, Child};
pub use feeds::Feed;
pub use involvements::{Consent, Involvement};
pub use organisations::{NATIONAL_BODY, NATIONAL_SUPPLIER, Organisation, service_types};
pub use places::Home;
pub use queries::Asked;
pub use relations::Relation;
pub use tables::{CHILDREN_COLUMNS, ORGANISATIONS_COLUMNS};
pub use year::Change;

use households::Births;
use names::Names;
use organisations::Estate;
use places::Places;

/// As many children as the whole of England is laid out for.
pub const CHILDREN_OF_ENGLAND: u64 = organisations::CHILDREN_OF_ENGLAND;

/// One invented England: its seed, its day, and the tables that every child is drawn from.
///
/// Cost: about 300 kB, whatever the number of children.
pub struct Population {
    seed: u64,
    as_at: NaiveDate,
    names: Names,
    places: Places,
    births: Births,
    estates: Vec<Estate>,
}

impl Population {
    /// Lays out the whole of England: 153 authorities and about 54,000 organisations.
    ///
    /// Ages are told on `as_at`, and everything that happened happened before it.
    pub fn new(seed: u64, as_at: NaiveDate) -> Population {
        Population::sized(seed, as_at, CHILDREN_OF_ENGLAND)
    }

    /// Lays out an England with organisations for this many children; every kind is there in the smallest.
    ///
    /// The number changes authorities and organisations only: names, births and homes stay the same.
    pub fn sized(seed: u64, as_at: NaiveDate, children: u64) -> Population {
        let places = Places::new(seed, organisations::authorities_for(children));
        let estates = organisations::estates(places.shares(), children);
        Population { seed, as_at, names: Names::new(), places, births: Births::new(as_at), estates }
    }

    /// The day on which ages are told.
    pub fn as_at(&self) -> NaiveDate {
        self.as_at
    }

    /// Every organisation, the national ones first, then each authority before those it accredits.
    pub fn organisations(&self) -> impl Iterator<Item = Organisation> + '_ {
        organisations::all(self.seed, self.as_at, &self.places, &self.estates)
    }

    pub(crate) fn estate(&self, authority: u32) -> Estate {
        let place = usize::try_from(authority).unwrap_or(0);
        self.estates.get(place).copied().unwrap_or_default()
    }
}
