//! Households: who lives together, and when the children of one were born.
//!
//! Of 100 households with children, 44 have one, 41 two, 11 three, 3 four and 1 five: 176 children
//! (the shape of the Office for National Statistics' "Families and households").

use chrono::{Days, Months, NaiveDate};

use crate::rng::{Draw, Purpose, Weighted};

/// Children in a block of 100 households.
pub(crate) const CHILDREN_A_BLOCK: u64 = 176;
const HOUSEHOLDS_A_BLOCK: u64 = 100;
/// Households of each size in a block.
const SIZES: [(u64, u64); 5] = [(44, 1), (41, 2), (11, 3), (3, 4), (1, 5)];

/// Children by year of age 0-17, in proportion: births fell from 2012 on.
const AGE_WEIGHTS: [u64; 18] =
    [565, 575, 600, 600, 610, 630, 650, 665, 690, 700, 700, 710, 730, 720, 710, 700, 690, 680];
/// Of 100,000 younger siblings, how many are a twin of the one before: about 1.6 % of all births are.
const TWINS_IN_100_000: u32 = 2_400;
/// Siblings who are no twins are born at least ten months apart.
const DAYS_BETWEEN_BIRTHS_MIN: u64 = 300;
/// How often a birth date too near to a sibling's is drawn again; then it stands, as a step-sibling's.
const BIRTH_DRAWS_MAX: u32 = 12;

/// Where a child stands in its household.
#[derive(Clone, Copy)]
pub(crate) struct Seat {
    /// Number of the household, from 0.
    pub(crate) household: u64,
    /// Which child of it, from 0.
    pub(crate) place: u64,
}

/// The seat of the child with this index.
pub(crate) fn seat(index: u64) -> Seat {
    let first = index / CHILDREN_A_BLOCK * HOUSEHOLDS_A_BLOCK;
    let mut left = index % CHILDREN_A_BLOCK;
    let mut before = 0;
    for (households, size) in SIZES {
        if left < households * size {
            return Seat { household: first + before + left / size, place: left % size };
        }
        left -= households * size;
        before += households;
    }
    // The sizes add up to a block, so no index comes here; the first seat would be the honest default.
    Seat { household: first, place: 0 }
}

/// Draws dates of birth for one day on which ages are told.
pub(crate) struct Births {
    ages: Weighted,
    /// The day `age` years before, for each age.
    birthdays: [NaiveDate; 18],
}

impl Births {
    /// Prepares the draws as at this day.
    pub(crate) fn new(as_at: NaiveDate) -> Births {
        let mut birthdays = [as_at; 18];
        for (age, day) in (0_u32..).zip(&mut birthdays) {
            *day = as_at.checked_sub_months(Months::new(12 * age)).unwrap_or(as_at);
        }
        Births { ages: Weighted::new(AGE_WEIGHTS), birthdays }
    }

    /// The date of birth of the child in that seat: at least one day and less than 18 years old.
    ///
    /// Cost: the older seats of the household are drawn too, at most four.
    pub(crate) fn date_of_birth(&self, seed: u64, seat: Seat) -> NaiveDate {
        let mut draw = Draw::new(seed, Purpose::BirthDates, seat.household);
        let mut earlier: Vec<NaiveDate> = Vec::new();
        loop {
            let born = self.next(&mut draw, &earlier);
            if earlier.len() as u64 >= seat.place {
                return born;
            }
            earlier.push(born);
        }
    }

    fn next(&self, draw: &mut Draw, earlier: &[NaiveDate]) -> NaiveDate {
        if let Some(last) = earlier.last()
            && draw.chance(TWINS_IN_100_000)
        {
            return *last;
        }
        let mut born = self.any(draw);
        for _redraw in 0..BIRTH_DRAWS_MAX {
            let near =
                |sibling: &NaiveDate| (born - *sibling).num_days().unsigned_abs() < DAYS_BETWEEN_BIRTHS_MIN;
            if !earlier.iter().any(near) {
                break;
            }
            born = self.any(draw);
        }
        born
    }

    fn any(&self, draw: &mut Draw) -> NaiveDate {
        let birthday = self.birthdays.get(self.ages.place(draw)).copied().unwrap_or_default();
        // 1 to 364 days before the birthday: never today, never a year too old, in leap years either.
        birthday - Days::new(1 + draw.below(364))
    }
}
