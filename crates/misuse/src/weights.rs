//! Weights: how much likelier each sign is beside misuse than beside an honest look that nothing explains.
//!
//! In hundredths of a bit: 100 doubles the odds. They are judgements of ours, told beside each; no court case and no
//! data set stands behind them. Simulated months were looked at while they were chosen, and others measured them
//! (docs/misuse.md). A change is a change of this file, seen by whoever reviews it: nothing learns by itself.
//! The order of looks depends on them, never what becomes of a person: that is a reviewer's.

use linkage::centibits::{Centibits, log2, log2_share};

use crate::signs::{Order, Rarity, Sweep};

/// From what weight on a line is told of: where the first thousandth of a nation's month ends (docs/misuse.md), whatever
/// the size of the directory.
pub const ALERT_FROM: Centibits = 670;

/// The same home. A quarter of snoopers look at a child of their own home; of honest looks one in 10,000 is:
/// log2(0.25 / 0.0001).
pub const SAME_HOUSEHOLD: Centibits = 1_130;

/// The same postcode, about fifteen homes. People work where they live, so honest looks meet neighbours:
/// log2(0.1 / 0.002).
pub const SAME_POSTCODE: Centibits = 560;

/// Of 1,000 snoopers, how many look at a colleague's child.
const COLLEAGUES_PER_MILLE: u64 = 100;
/// Of ten colleagues four have children at home and seven live in the area, and there are nearly two to a home: one
/// child of the area for so many colleagues.
const COLLEAGUES_A_CHILD: u64 = 2;
/// Colleagues' children are spoken of, so even in a small office honest looks meet them.
const COLLEAGUE_MOST: Centibits = 1_000;

/// A name can say no more than the home does.
const NAME_MOST: Centibits = SAME_HOUSEHOLD;

/// Of 1,000 snoopers, how many look at a child of their own surname: four in ten look at family, half of them so.
const FAMILY_SURNAME_PER_MILLE: u64 = 200;
/// Of those the half look at their own home: where both homes are known and differ, the other half is left.
const RELATIVE_SURNAME_PER_MILLE: u64 = 100;
/// Of 1,000 snoopers, how many look at a child whose carer they are said to be.
const CARER_NAME_PER_MILLE: u64 = 100;
/// One forename in so many: among those of one surname, as many share a forename.
const FORENAMES: u64 = 100;

/// How many others without an explanation make a burst, those of one's own organisation not counted.
pub const BURST_FROM: u32 = 3;
/// The first three: a child of a family in the news, or one that several desks were asked about.
const BURST: Centibits = 500;
/// Each further one doubles the odds, up to the most that a burst says.
const BURST_EACH: Centibits = 100;
const BURST_MOST: Centibits = 1_100;

/// A street, a school or the alphabet is the order of no work with families: log2(0.5 / 0.003).
const SWEEP: Centibits = 750;
/// Each child beyond the fewest.
const SWEEP_EACH: Centibits = 40;
const SWEEP_MOST: Centibits = 1_250;

/// From how many robust deviations above the peers on it says anything: 6, in hundredths.
pub const ABOVE_PEERS_FROM: u32 = 600;
/// At the least; one in two hundred mans a desk that anybody asks, and stands here honestly.
const ABOVE_PEERS: Centibits = 300;
/// Each doubling of the deviations. Of desks, some are asked many times as often as others, so that twice the count is a
/// little rarer and not hopelessly so: log2(1 / 0.35).
const ABOVE_PEERS_DOUBLED: Centibits = 150;
/// log2(0.1 / 0.00005): a tenth of snoopers look at so many, day after day and at little else.
const ABOVE_PEERS_MOST: Centibits = 1_100;
/// From half a day on that the days outnumber chance it says anything, in hundredths: chance is half a day off as often as not.
const DAILY_FROM: u32 = 50;
/// Each further day, in hundredths of a bit: chance leaves a month some one and a half days off, so that each further
/// one is less than half as likely: log2(1 / 0.43).
const DAILY_EACH: u32 = 120;
/// log2(0.6 / 0.0375): of those who look at a few a day six in ten do so daily.
const DAILY_MOST: u32 = 400;
/// Of 100 looks, from how many unexplained ones on it is hardly a desk: what a desk is asked is one part of its work, and
/// the other part is explained. log2(0.6 / 0.06).
const MOSTLY_UNEXPLAINED_PERCENT: u32 = 60;
const MOSTLY_UNEXPLAINED: Centibits = 330;

/// A second day with nothing recorded. Work that comes back is recorded, most of it: log2(0.15 / 0.033).
const RETURNED: Centibits = 220;
/// Each further day: of honest ones a quarter comes once more, of others most do: log2(0.7 / 0.25).
const RETURNED_EACH: Centibits = 150;
const RETURNED_MOST: Centibits = 700;

/// Outside one's own hours: overtime is usual, about one honest look in thirty: log2(0.27 / 0.033).
const OUT_OF_HOURS: Centibits = 300;
/// Each further unexplained child of the same evening. Overtime is for work, and of work as much is unexplained as by
/// day, one look in eighteen, and more at a desk: log2(0.9 / that), at most.
const OUT_OF_HOURS_EACH_MOST: Centibits = 400;
/// Of 100 looks of a snooper's evening, how many nothing explains.
const EVENING_UNEXPLAINED: u64 = 90;
const OUT_OF_HOURS_MOST: Centibits = 1_100;
/// Each explained child of the same evening says that it was work; a snooper may have stayed late for work too:
/// log2(0.23 / 0.94).
const LATE_EXPLAINED: Centibits = -200;

/// One look and nothing after is what nearly every unexplained look is: it breaks ties.
pub const NOTHING_AFTER: Centibits = 20;

/// A child of elsewhere: three in ten snoopers look beyond their area, one in twelve honest looks does.
pub const OTHER_AUTHORITY: Centibits = 180;
/// The same where the looker came back to the child. Who comes back without a reason comes for a relative's or a former
/// partner's child, and families live apart: log2(0.8 / 0.083).
pub const OTHER_AUTHORITY_RETURNED: Centibits = 330;

/// An account just woken: few are, and stolen ones are among them.
pub const DORMANT_WOKEN: Centibits = 300;

/// An override is reviewed whatever it weighs; this only puts it before the others.
pub const OVERRIDE: Centibits = 200;

/// The organisation recorded an involvement after all, though too late to explain the look: who snoops records
/// nothing. log2(0.02 / 0.3).
pub const RECORDED_LATE: Centibits = -400;

/// An explained look at another child within minutes after: one was picked from a list by mistake, which one honest
/// unexplained look in five is. log2(0.02 / 0.2).
pub const CORRECTED: Centibits = -330;
/// Within how many minutes.
pub const CORRECTED_MINUTES: u32 = 5;

/// A ceiling of attempts was reached: log2(0.5 / 0.0005).
pub const ENUMERATION: Centibits = 1_000;

/// The looker's surname: the rarer, the more it says; less where it is known that the home is another.
pub fn own_surname(rarity: Rarity, lives_elsewhere: bool) -> Centibits {
    let per_mille = if lives_elsewhere { RELATIVE_SURNAME_PER_MILLE } else { FAMILY_SURNAME_PER_MILLE };
    name(per_mille, rarity, 1)
}

/// The looker's whole name among the carers: as the surname, and a forename beside.
pub fn own_name_among_carers(rarity: Rarity) -> Centibits {
    name(CARER_NAME_PER_MILLE, rarity, FORENAMES)
}

/// log2 of how much likelier the name is beside misuse than by chance; a name that nobody was counted for counts once.
fn name(per_mille: u64, rarity: Rarity, rarer: u64) -> Centibits {
    let by_chance = log2_share(rarity.bearers.saturating_add(1), rarity.of.max(1).saturating_mul(rarer));
    (log2_share(per_mille, 1_000) - by_chance).clamp(0, NAME_MOST)
}

/// A colleague's home: the more colleagues there are, the likelier by chance.
pub fn colleagues_child(rarity: Rarity) -> Centibits {
    let children = Rarity { bearers: rarity.bearers / COLLEAGUES_A_CHILD, ..rarity };
    name(COLLEAGUES_PER_MILLE, children, 1).min(COLLEAGUE_MOST)
}

/// What so many chances take from whatever one child says: log2 of their number.
pub fn chances(children: u32) -> Centibits {
    log2(u64::from(children))
}

/// Others without an explanation at the same child; 0 below [`BURST_FROM`].
pub fn burst(crowd: u32) -> Centibits {
    crowd.checked_sub(BURST_FROM).map_or(0, |more| growing(BURST, BURST_EACH, more, BURST_MOST))
}

/// A run of children in some order.
pub fn sweep(sweep: Sweep) -> Centibits {
    let fewest = match sweep.order {
        Order::Street => crate::sweep::STREET_FROM,
        Order::School => crate::sweep::SCHOOL_FROM,
        Order::Alphabet => crate::sweep::ALPHABET_FROM,
    };
    growing(SWEEP, SWEEP_EACH, sweep.children.saturating_sub(fewest), SWEEP_MOST)
}

/// Robust deviations above the peers, in hundredths; of 100 looks how many nothing explains; by how many hundredths of
/// a day they come more daily than by chance. 0 below [`ABOVE_PEERS_FROM`].
pub fn above_peers(hundredths: u32, unexplained_percent: u32, daily: u32) -> Centibits {
    if hundredths < ABOVE_PEERS_FROM {
        return 0;
    }
    let doublings = log2_share(hundredths.into(), ABOVE_PEERS_FROM.into());
    let mostly = if unexplained_percent >= MOSTLY_UNEXPLAINED_PERCENT { MOSTLY_UNEXPLAINED } else { 0 };
    let daily = daily.saturating_sub(DAILY_FROM).saturating_mul(DAILY_EACH) / 100;
    let daily = Centibits::try_from(daily.min(DAILY_MOST)).unwrap_or(0);
    (ABOVE_PEERS + doublings * ABOVE_PEERS_DOUBLED / 100 + mostly + daily).min(ABOVE_PEERS_MOST)
}

/// Days on which the same looker looked at the same child; 0 for one.
pub fn returned(days: u32) -> Centibits {
    days.checked_sub(2).map_or(0, |more| growing(RETURNED, RETURNED_EACH, more, RETURNED_MOST))
}

/// Outside one's hours: by the further unexplained and the explained children of such evenings, and of 100 looks by day
/// how many nothing explains.
pub fn out_of_hours(unexplained: u32, explained: u32, by_day_percent: u32) -> Centibits {
    let each = log2_share(EVENING_UNEXPLAINED, by_day_percent.max(1).into()).clamp(0, OUT_OF_HOURS_EACH_MOST);
    let said = growing(OUT_OF_HOURS, each, unexplained, OUT_OF_HOURS_MOST);
    let work = LATE_EXPLAINED.saturating_mul(i32::try_from(explained).unwrap_or(i32::MAX));
    said.saturating_add(work).max(0)
}

fn growing(first: Centibits, each: Centibits, times: u32, most: Centibits) -> Centibits {
    let times = i32::try_from(times).unwrap_or(i32::MAX);
    first.saturating_add(each.saturating_mul(times)).min(most)
}
