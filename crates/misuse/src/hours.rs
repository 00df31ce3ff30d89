//! Hours: whether somebody looked outside the hours in which they work.
//!
//! By their own habit, since nights are the day of an emergency desk; whoever has hardly looked yet is taken for one
//! of their peers.

/// The first civil hour of the day, and the first after it, Monday to Friday.
pub const DAY: (u32, u32) = (7, 20);

/// Of 1,000 looks, below how many outside the day someone has the habit of the day.
const DAY_WORKER_BELOW_PER_MILLE: u64 = 100;

/// As many looks of the peers stand beside one's own.
const PEERS_COUNT: u64 = 10;

/// How often somebody, or a group, looked, and how often outside the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Habit {
    /// All looks.
    pub looks: u32,
    /// Those outside the day.
    pub outside: u32,
}

impl Habit {
    /// Counts one look.
    pub fn add(&mut self, outside: bool) {
        self.looks = self.looks.saturating_add(1);
        self.outside = self.outside.saturating_add(u32::from(outside));
    }

    /// Tells whether whoever has this habit, among peers with theirs, works by day.
    pub fn works_by_day(self, peers: Habit) -> bool {
        let peers_looks = u64::from(peers.looks).max(1);
        // In thousandths of a look, so that the peers' share is not rounded away.
        let of_peers = u64::from(peers.outside) * PEERS_COUNT * 1_000 / peers_looks;
        let outside = u64::from(self.outside) * 1_000 + of_peers;
        outside < (u64::from(self.looks) + PEERS_COUNT) * DAY_WORKER_BELOW_PER_MILLE
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
        let [by_day, by_night] = [Habit { looks: 1_000, outside: 20 }, Habit { looks: 1_000, outside: 400 }];
        assert!(by_day.works_by_day(by_day));
        assert!(!by_night.works_by_day(by_night));
        assert!(Habit::default().works_by_day(by_day) && !Habit::default().works_by_day(by_night));
        assert!(
            !Habit { looks: 40, outside: 16 }.works_by_day(by_day),
            "their own habit outweighs the peers'"
        );
    }
}
