//! One person's month: the evenings, what is unexplained by day, and how daily it comes. Counted once for all lines.

use std::collections::{BTreeMap, BTreeSet};

use super::{DAY, Look, count, outside};
use crate::daily;

/// As many looks of anybody stand beside one's own by day, of which so many hundredths are unexplained.
const USUAL: (u32, u32) = (10, 60);

/// What is counted of all looks of one person.
pub(super) struct Person {
    /// Unexplained and explained children outside the day, by day of the span.
    evenings: BTreeMap<u32, (u32, u32)>,
    /// Of 100 looks within the day, how many nothing explains.
    pub(super) by_day_percent: u32,
    /// By how many days the unexplained ones outnumber chance, in hundredths.
    pub(super) daily: u32,
}

impl Person {
    /// Counts the looks of one person.
    ///
    /// Cost: one pass, and a set of the children of each evening.
    pub(super) fn of(looks: &[Look]) -> Person {
        let mut late: BTreeMap<u32, [BTreeSet<u32>; 2]> = BTreeMap::new();
        let (mut days, mut days_with) = (BTreeSet::new(), BTreeSet::new());
        let (mut by_day, mut unexplained_by_day, mut unexplained) = (0_u32, 0_u32, 0_u32);
        for look in looks {
            let (day, asked) = (look.at / DAY, look.explained.is_none());
            days.insert(day);
            if asked {
                days_with.insert(day);
                unexplained += 1;
            }
            if outside(look.at) {
                let [without, with] = late.entry(day).or_default();
                if asked { without } else { with }.insert(look.child);
            } else {
                by_day += 1;
                unexplained_by_day += u32::from(asked);
            }
        }
        let counted = |(day, [without, with]): (u32, [BTreeSet<u32>; 2])| {
            (day, (count(without.len()), count(with.len())))
        };
        Person {
            evenings: late.into_iter().map(counted).collect(),
            by_day_percent: (100 * unexplained_by_day + USUAL.1) / (by_day + USUAL.0),
            daily: daily::above_chance(count(days_with.len()), unexplained, count(days.len())),
        }
    }

    /// The further unexplained children, beyond the first, of the evenings on which more were unexplained than
    /// explained; and the explained ones of those evenings and of this one.
    pub(super) fn late(&self, this: u32) -> (u32, u32) {
        let (mut further, mut work) = (0, 0);
        for (day, (unexplained, explained)) in &self.evenings {
            let outnumbered = unexplained > explained;
            if outnumbered {
                further += unexplained - 1;
            }
            if outnumbered || *day == this {
                work += explained;
            }
        }
        (further, work)
    }
}
