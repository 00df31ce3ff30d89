//! How far lists of names are read: the vicinity of the area asked for first, then everywhere else.

use super::Ranking;
use crate::{judge::Asked, table::Slot};

/// How far somebody may live from the postcode or area asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// None is asked for, or it tells nobody apart.
    Anywhere,
    /// Where a home may be near.
    Vicinity,
    /// Where none is.
    Elsewhere,
}

impl Ranking<'_> {
    /// How far the lists of names are read, one part after another.
    pub(super) fn reaches(&self) -> &'static [Reach] {
        match (self.far, &self.places.vicinity) {
            (None, Some(_)) => &[Reach::Vicinity, Reach::Elsewhere],
            (Some(_), _) | (_, None) => &[Reach::Anywhere],
        }
    }

    /// Where lists of forenames are met with those of surnames: the vicinity has too few.
    pub(super) fn farthest(&self) -> Reach {
        self.reaches().last().copied().unwrap_or(Reach::Anywhere)
    }

    /// The most that places could score of those whom lists of names tell of.
    pub(super) fn place_most(&self, reach: Reach) -> i32 {
        match (reach, &self.places.vicinity) {
            (Reach::Elsewhere, Some(vicinity)) => vicinity.elsewhere,
            (Reach::Anywhere | Reach::Vicinity | Reach::Elsewhere, _) => self.far.unwrap_or(self.places.most),
        }
    }

    /// Tells whether somebody is within a reach.
    pub(super) fn is_within(&self, reach: Reach, day: u16, slot: Slot) -> bool {
        let near = || self.places.may_be_in_vicinity(day, slot, self.tables.rows);
        match reach {
            Reach::Anywhere => true,
            Reach::Vicinity => near(),
            Reach::Elsewhere => !near(),
        }
    }

    /// Tells whether a surname may mean somebody within a reach who has no forename near: far from every place it does
    /// not, but with a birth.
    pub(super) fn may_mean_without_forename(&self, asked: &Asked, reach: Reach) -> bool {
        let near = match reach {
            Reach::Anywhere => self.far.is_none(),
            Reach::Vicinity => true,
            Reach::Elsewhere => asked.whereabouts.is_by_text(),
        };
        near || asked.born.possible() > 0
    }
}
