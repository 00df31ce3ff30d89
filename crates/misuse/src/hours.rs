//! Hours: whether somebody looked outside the hours in which they work.
//!
//! By their own habit, since nights are the day of an emergency desk: each day of explained work is likelier by day or
//! by shifts, and whoever has hardly looked yet is taken for one of their peers.

use linkage::centibits::{Centibits, log2_share};

/// The first civil hour of the day, and the first after it, Monday to Friday.
pub const DAY: (u32, u32) = (7, 20);

/// Of 100 days of somebody who works by shifts, on how many they look at night or at a weekend.
const SHIFTS_PERCENT: u64 = 60;

/// A day with work outside the day: whoever works by shifts has six of ten, and whoever works by day one of
/// twenty-five, an evening of overtime: log2(0.6 / 0.04). A whole evening counts once, however many looks it holds.
const DAY_WITH_OUTSIDE: Centibits = 390;

/// A day without: log2(0.4 / 0.96).
const DAY_WITHOUT: Centibits = -126;

/// Who works by day is known by odds of eight to one: log2(1 / 8).
const BY_DAY_BELOW: Centibits = -300;

/// On how many days somebody, or a group, worked, and on how many of them outside the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Habit {
    /// Days with an explained look.
    pub days: u32,
    /// Those with one outside the day.
    pub outside: u32,
}

impl Habit {
    /// Counts one day of one person.
    pub fn add(&mut self, outside: bool) {
        self.days = self.days.saturating_add(1);
        self.outside = self.outside.saturating_add(u32::from(outside));
    }

    /// Tells whether whoever has this habit, among peers with theirs, works by day.
    pub fn works_by_day(self, peers: Habit) -> bool {
        // Of 1,000 peers, how many work by shifts: never none and never all.
        let by_shifts =
            u64::from(peers.outside) * 1_000 * 100 / (u64::from(peers.days).max(1) * SHIFTS_PERCENT);
        let by_shifts = by_shifts.clamp(10, 990);
        let times = |days: u32| i32::try_from(days).unwrap_or(i32::MAX);
        let said = DAY_WITH_OUTSIDE
            .saturating_mul(times(self.outside))
            .saturating_add(DAY_WITHOUT.saturating_mul(times(self.days.saturating_sub(self.outside))));
        said.saturating_add(log2_share(by_shifts, 1_000 - by_shifts)) < BY_DAY_BELOW
    }
}

/// Tells whether a civil hour of a civil day of the week, 0 for Monday, lies outside the day.
pub fn is_outside(weekday: u32, hour: u32) -> bool {
    weekday >= 5 || !(DAY.0..DAY.1).contains(&hour)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_night_is_outside_and_so_is_sunday() {
        assert!(is_outside(0, 6) && !is_outside(0, 7) && !is_outside(4, 19) && is_outside(4, 20));
        assert!(is_outside(6, 12));
    }

    #[test]
    fn a_night_worker_is_none_of_the_day_and_a_newcomer_is_taken_for_a_peer() {
        let [by_day, by_night] = [Habit { days: 1_000, outside: 20 }, Habit { days: 1_000, outside: 400 }];
        assert!(by_day.works_by_day(by_day));
        assert!(!by_night.works_by_day(by_night));
        assert!(Habit::default().works_by_day(by_day) && !Habit::default().works_by_day(by_night));
        assert!(!Habit { days: 20, outside: 8 }.works_by_day(by_day), "their own habit outweighs the peers'");
    }

    #[test]
    fn some_evenings_of_overtime_make_nobody_work_by_shifts() {
        let mixed = Habit { days: 1_000, outside: 200 };
        assert!(Habit { days: 20, outside: 4 }.works_by_day(mixed));
        assert!(!Habit { days: 20, outside: 9 }.works_by_day(mixed));
        assert!(Habit { days: 8, outside: 0 }.works_by_day(Habit { days: 1_000, outside: 400 }));
    }
}
