//! What places could score at most, told by outlines and by which areas lie where.

use crate::{
    areas::AreaSet,
    codes::{Codes, OutcodeId},
    judge::Asked,
    outline::Outline,
    rows::Rows,
    sieve::Sieve,
    sight::{Field, FieldSet},
    table::Slot,
    weight,
};

/// Where somebody must live to be near by postcode or area.
pub(super) struct Vicinity {
    areas: AreaSet,
    /// The most that places could score of whoever lives elsewhere.
    pub(super) elsewhere: i32,
}

/// What places could score in one search.
pub(super) struct Places {
    /// Of anybody.
    pub(super) most: i32,
    by_code: i32,
    street: i32,
    town: i32,
    /// Places bound somebody.
    pub(super) bound: bool,
    /// Previous places may be matched on too.
    earlier: bool,
    /// Whoever has no place that may be matched on can be meant all the same.
    pub(super) unplaced: bool,
    /// The first day of birth, as filed, of those who are certainly no adults.
    minors: u16,
    /// Whoever lives in a street near, and some more; none where no street is asked for.
    pub(super) living: Option<Sieve>,
    /// None where no area is asked for, or it tells nobody apart.
    pub(super) vicinity: Option<Vicinity>,
}

/// Everything that any viewer could match on, but for places.
const NO_PLACES: FieldSet = FieldSet::SHIELDED.with(Field::FormerName);

/// From this age on a record is in the archive, and viewers differ in what they may match on.
const ADULT_AGE: u32 = 18;

impl Places {
    /// `plain` is what may be matched on of a child that is neither shielded nor archived.
    pub(super) fn of(asked: &Asked, plain: FieldSet) -> Places {
        let most = asked.whereabouts.possible();
        let unplaced = asked.is_enough(NO_PLACES);
        let bound = most > 0 && (plain.places() || !unplaced);
        let earlier = plain.has(Field::PreviousPlace);
        let street = asked.whereabouts.street().map_or(0, |_| weight::STREET);
        let town = asked.whereabouts.most_by_town();
        let vicinity = asked.whereabouts.areas().filter(|_| bound && !earlier);
        let vicinity =
            vicinity.map(|(areas, elsewhere)| Vicinity { areas, elsewhere: elsewhere + street + town });
        Places {
            most,
            by_code: asked.whereabouts.most_by_code(),
            street,
            town,
            bound,
            earlier,
            unplaced,
            minors: asked.born.under(ADULT_AGE),
            living: None,
            vicinity,
        }
    }

    /// Tells whether one filed under a day may be meant though no place may be matched on.
    fn may_be_unplaced(&self, day: u16) -> bool {
        self.unplaced && (day < self.minors || day == u16::MAX)
    }

    /// Tells whether a child filed under a day may be near by postcode or area.
    pub(super) fn may_be_in_vicinity(&self, day: u16, slot: Slot, rows: &Rows) -> bool {
        let vicinity = self.vicinity.as_ref();
        vicinity.is_none_or(|vicinity| rows.may_hold(slot, vicinity.areas) || self.may_be_unplaced(day))
    }

    /// Tells whether a child may live in a street near.
    pub(super) fn may_live(&self, slot: Slot) -> bool {
        self.living.as_ref().is_some_and(|living| living.may_hold(slot))
    }

    /// What the places of a child filed under a day could score, and whether one may be near. Who is not `living` in a
    /// street near is on no list of one.
    pub(super) fn most_of(
        &self,
        (asked, codes): (&Asked, &Codes),
        day: u16,
        outline: Outline,
        living: bool,
    ) -> (i32, bool) {
        if !self.bound || outline.outcode() == OutcodeId::ANY || self.may_be_unplaced(day) {
            return (self.most, self.most > 0);
        }
        if self.earlier && outline.has_earlier() {
            return (self.most, true);
        }
        let by_street = if living {
            self.street
        } else if outline.has_streets() {
            weight::of_points(0, self.street)
        } else {
            0
        };
        let (by_code, near) = match outline.outcode() {
            OutcodeId::NONE => (0, false),
            _ if self.by_code == 0 => (0, false),
            outcode => asked.whereabouts.most_in(codes.of_number(outcode)),
        };
        (by_code + by_street + self.town, near || living || self.town > 0)
    }
}
