//! Rank: which unexplained look is asked about first.
//!
//! Signs that mean the same thing twice would count it twice, so of each family the strongest stands, and the families
//! add up: kin (home, name, postcode, colleague), how much was looked at (sweep, far above peers, out of hours,
//! enumeration), whom it was about (burst, returned), and the circumstances. Whoever looked at thirty children
//! without a reason had thirty chances to meet a namesake, so what one child says is lessened by the logarithm of
//! their number; and that one of a run lives elsewhere says nothing more than the run.

use std::cmp::Reverse;

use linkage::centibits::Centibits;
use vocabulary::Signal;

use crate::{signs::Signs, weights};

/// One look's place: an alarm before everything, then the heavier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// Whether it is told at once and not put in order: a canary.
    pub alarm: bool,
    /// What its signs weigh together. Kept in the read model of the queue, and never in an event (invariant I-24).
    pub weight: Centibits,
    /// What was seen, the heaviest first; those that were outweighed within their family too.
    pub seen: Vec<(Signal, Centibits)>,
}

impl Ranked {
    /// The words for what was seen, the heaviest first.
    pub fn signals(&self) -> impl Iterator<Item = Signal> + '_ {
        self.seen.iter().map(|(signal, _)| *signal)
    }

    /// What the queue is sorted by: alarms first, then the heavier; equal ones keep the order in which they came.
    pub fn order(&self) -> (Reverse<bool>, Reverse<Centibits>) {
        (Reverse(self.alarm), Reverse(self.weight))
    }
}

/// Weighs one look that nothing explains.
pub fn rank(signs: &Signs) -> Ranked {
    let chances = weights::chances(signs.chances);
    let of_one = |said: Centibits| (said - chances).max(0);
    let carer = signs.kin.carer.map_or(0, weights::own_name_among_carers);
    let surname =
        signs.kin.surname.map_or(0, |rarity| weights::own_surname(rarity, signs.kin.lives_elsewhere));
    let told = |is_so: bool, weight: Centibits| if is_so { weight } else { 0 };
    let kin = [
        (Signal::SameHousehold, told(signs.kin.household, weights::SAME_HOUSEHOLD)),
        (Signal::OwnNameAmongCarers, carer),
        (Signal::OwnSurname, surname),
        (Signal::SamePostcode, told(signs.kin.postcode, weights::SAME_POSTCODE)),
        (Signal::ColleaguesChild, signs.colleague.map_or(0, weights::colleagues_child)),
    ];
    let late = weights::out_of_hours(signs.late, signs.late_explained, signs.by_day_percent);
    let amount = [
        (Signal::Sweep, signs.sweep.map_or(0, weights::sweep)),
        (
            Signal::FarAbovePeers,
            weights::above_peers(signs.above_peers, signs.unexplained_percent, signs.daily),
        ),
        (Signal::Enumeration, told(signs.enumerated, weights::ENUMERATION)),
        (Signal::OutOfHours, told(signs.out_of_hours, late)),
    ];
    let about = [
        (Signal::Burst, weights::burst(signs.crowd)),
        (Signal::Returned, of_one(weights::returned(signs.days))),
    ];
    let strongest =
        |family: &[(Signal, Centibits)]| family.iter().map(|(_, weight)| *weight).max().unwrap_or(0);
    // One of a run says it already; a child to whom somebody came back is one of no run.
    let elsewhere = if signs.days > 1 {
        weights::OTHER_AUTHORITY_RETURNED
    } else {
        (weights::OTHER_AUTHORITY - strongest(&amount)).max(0)
    };
    let circumstances = [
        (Signal::NothingAfter, told(signs.days <= 1, weights::NOTHING_AFTER)),
        (Signal::OtherAuthority, told(signs.other_authority, elsewhere)),
        (Signal::DormantWoken, told(signs.woken, weights::DORMANT_WOKEN)),
        (Signal::Override, told(signs.overridden, weights::OVERRIDE)),
    ];
    let together: Centibits = circumstances.iter().map(|(_, weight)| *weight).sum();
    let weight = of_one(strongest(&kin)) + strongest(&amount) + strongest(&about) + together;
    let for_the_looker =
        told(signs.recorded_late, weights::RECORDED_LATE) + told(signs.corrected, weights::CORRECTED);
    let weight = (weight + for_the_looker).max(0);
    let mut seen: Vec<(Signal, Centibits)> = [&kin[..], &amount, &about, &circumstances]
        .concat()
        .into_iter()
        .filter(|(_, said)| *said > 0)
        .collect();
    seen.sort_by_key(|(signal, said)| (Reverse(*said), *signal));
    if signs.canary {
        seen.insert(0, (Signal::Canary, 0));
    }
    Ranked { alarm: signs.canary, weight, seen }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::signs::{Kin, Order, Rarity, Sweep};

    fn rarity(bearers: u64) -> Rarity {
        Rarity { bearers, of: 12_000_000 }
    }

    fn surname(bearers: u64) -> Signs {
        Signs { kin: Kin { surname: Some(rarity(bearers)), ..Kin::default() }, ..Signs::default() }
    }

    #[test]
    fn a_canary_stands_before_everything_and_is_an_alarm() {
        let canary = rank(&Signs { canary: true, ..Signs::default() });
        let household = rank(&Signs { kin: Kin { household: true, ..Kin::default() }, ..Signs::default() });
        assert!(canary.alarm && !household.alarm);
        assert!(canary.order() < household.order());
        assert_eq!(canary.signals().next(), Some(Signal::Canary));
    }

    #[test]
    fn a_rare_surname_says_more_than_a_common_one_and_never_more_than_the_home() {
        let [smith, middling, rare] = [160_000, 5_000, 12].map(|bearers| rank(&surname(bearers)).weight);
        assert!(smith < middling && middling < rare, "{smith} {middling} {rare}");
        assert_eq!(smith, 390 + weights::NOTHING_AFTER, "log2 of 0.2 by one in 75");
        assert!(rare <= weights::SAME_HOUSEHOLD + weights::NOTHING_AFTER);
    }

    #[test]
    fn the_family_is_counted_once_however_many_signs_tell_of_it() {
        let home = Kin { household: true, ..Kin::default() };
        let all =
            Kin { household: true, postcode: true, surname: Some(rarity(5)), carer: Some(rarity(5)), ..home };
        let [one, four] = [home, all].map(|kin| rank(&Signs { kin, ..Signs::default() }));
        assert_eq!(one.weight, four.weight);
        assert!(four.seen.len() > one.seen.len(), "a reviewer is told of each");
    }

    #[test]
    fn a_namesake_among_thirty_says_less_than_one_alone() {
        let [alone, among] = [1, 30].map(|chances| rank(&Signs { chances, ..surname(5_000) }).weight);
        assert_eq!(alone - among, 491, "log2 of 30");
    }

    #[test]
    fn a_colleagues_child_says_more_in_a_small_office() {
        let said = |homes: u64| {
            let colleague = Some(Rarity { bearers: homes, of: 77_000 });
            rank(&Signs { colleague, ..Signs::default() }).weight
        };
        assert!(said(390) < said(60) && said(60) < said(4));
    }

    #[test]
    fn a_surname_says_less_where_the_home_is_known_to_be_another() {
        let [unknown, another] = [false, true].map(|lives_elsewhere| {
            let kin = Kin { surname: Some(rarity(5_000)), lives_elsewhere, ..Kin::default() };
            rank(&Signs { kin, ..Signs::default() }).weight
        });
        assert_eq!(unknown - another, 100, "half of those of the name live there");
    }

    #[test]
    fn who_comes_back_to_a_child_of_elsewhere_comes_before_who_was_there_once() {
        let said = |days: u32, other_authority: bool| {
            rank(&Signs { days, other_authority, chances: 1, ..Signs::default() }).weight
        };
        assert_eq!(said(1, true) - said(1, false), weights::OTHER_AUTHORITY);
        assert_eq!(said(2, true) - said(2, false), weights::OTHER_AUTHORITY_RETURNED);
    }

    #[test]
    fn a_few_every_day_say_more_than_as_many_as_they_come() {
        let said = |daily: u32| rank(&Signs { above_peers: 1_800, daily, ..Signs::default() }).weight;
        assert_eq!(said(50), said(0), "a desk lies half a day off");
        assert_eq!((said(250) - said(0), said(2_000) - said(0)), (240, 400));
    }

    #[test]
    fn an_evening_says_more_of_whom_all_is_explained_by_day_and_less_where_some_of_it_was_work() {
        let said = |late: u32, late_explained: u32, by_day_percent: u32| {
            let signs =
                Signs { out_of_hours: true, late, late_explained, by_day_percent, ..Signs::default() };
            rank(&signs).weight - weights::NOTHING_AFTER
        };
        assert_eq!((said(0, 0, 6), said(2, 0, 5)), (300, 1_100));
        assert!(said(2, 0, 45) < said(2, 0, 20) && said(2, 0, 20) < said(2, 0, 6));
        assert_eq!(said(1, 1, 5), said(1, 0, 5) - 200);
        assert_eq!(said(0, 4, 6), 0);
    }

    #[test]
    fn an_involvement_recorded_late_speaks_for_the_looker_and_never_below_nothing() {
        let signs = Signs { days: 4, chances: 1, ..Signs::default() };
        let [plain, late] = [false, true].map(|recorded_late| rank(&Signs { recorded_late, ..signs }).weight);
        assert_eq!(plain - late, 400);
        assert_eq!(rank(&Signs { recorded_late: true, ..Signs::default() }).weight, 0);
    }

    #[test]
    fn nothing_seen_weighs_next_to_nothing() {
        let ranked = rank(&Signs::default());
        assert_eq!((ranked.alarm, ranked.weight), (false, weights::NOTHING_AFTER));
    }

    fn any_signs() -> impl Strategy<Value = Signs> {
        let rarity = || proptest::option::of((0_u64..200_000).prop_map(rarity));
        let order = prop_oneof![Just(Order::Street), Just(Order::School), Just(Order::Alphabet)];
        let sweep =
            proptest::option::of((order, 5_u32..80).prop_map(|(order, children)| Sweep { order, children }));
        let counts = (0_u32..30, 0_u32..6_000, 0_u32..20, 0_u32..20, 0_u32..20, 0_u32..90);
        (any::<[bool; 7]>(), [rarity(), rarity(), rarity()], sweep, counts).prop_map(
            |(
                [household, postcode, out_of_hours, other_authority, woken, overridden, enumerated],
                [surname, carer, colleague],
                sweep,
                (crowd, above_peers, days, late, late_explained, chances),
            )| Signs {
                canary: false,
                kin: Kin { household, postcode, surname, carer, lives_elsewhere: !household && postcode },
                colleague,
                chances,
                crowd,
                sweep,
                above_peers,
                days,
                out_of_hours,
                late,
                late_explained,
                other_authority,
                woken,
                overridden,
                enumerated,
                unexplained_percent: 0,
                daily: late * 40,
                by_day_percent: chances,
                recorded_late: false,
                corrected: false,
            },
        )
    }

    proptest! {
        #[test]
        fn a_further_sign_never_puts_a_look_further_back(signs in any_signs()) {
            let before = rank(&signs).weight;
            let more = [
                Signs { kin: Kin { household: true, ..signs.kin }, ..signs },
                Signs { kin: Kin { postcode: true, ..signs.kin }, ..signs },
                Signs { crowd: signs.crowd + 1, ..signs },
                Signs { above_peers: signs.above_peers + 100, ..signs },
                Signs { daily: signs.daily + 100, ..signs },
                Signs { out_of_hours: true, ..signs },
                Signs { overridden: true, ..signs },
                Signs { woken: true, ..signs },
                Signs { enumerated: true, ..signs },
            ];
            for further in more {
                prop_assert!(rank(&further).weight >= before, "{:?}", further);
            }
        }

        #[test]
        fn what_is_seen_adds_up_to_no_less_than_the_weight(signs in any_signs()) {
            let ranked = rank(&signs);
            let sum: Centibits = ranked.seen.iter().map(|(_, weight)| *weight).sum();
            prop_assert!((0..=sum).contains(&ranked.weight));
            prop_assert!(ranked.seen.is_sorted_by_key(|(_, weight)| Reverse(*weight)));
        }
    }
}
