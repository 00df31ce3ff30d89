//! The honest month: why people look, what came to them before, and what they record after.
//!
//! Written apart from the weights: it knows reasons to look, and none of the signs. Where it is honest and odd on
//! purpose, it says so: nights, telephones that anyone asks, wrong children of the right name, cases in the news.

use crate::england::{Chance, England, GROUPS, User, count, place};

/// Days of the month; the first is a Monday.
pub(crate) const DAYS: u32 = 30;
const MINUTES: u32 = 24 * 60;
/// Invented records that nobody has a reason to open; their numbers begin behind the children.
pub(crate) const CANARIES: u32 = 300;

/// One look at one record.
#[derive(Clone, Copy)]
pub(crate) struct Look {
    /// Minutes since the month began.
    pub(crate) at: u32,
    pub(crate) user: u32,
    pub(crate) child: u32,
    /// For whom a mediator looked.
    pub(crate) caller: Option<u32>,
    /// Who planted it, from 1; 0 for an honest look. No part of what is judged.
    pub(crate) planted: u16,
}

/// Something about a child reached an organisation, or was recorded by it.
pub(crate) type Told = (u32, u32, u32);

/// What happened in the month.
#[derive(Default)]
pub(crate) struct Month {
    pub(crate) looks: Vec<Look>,
    /// Organisation, child, minute at which something about the child came to it.
    pub(crate) referred: Vec<Told>,
    /// Organisation, child, minute at which it recorded an involvement.
    pub(crate) recorded: Vec<Told>,
    /// Children whom many look at: of a case in the news, and of a family that is.
    pub(crate) famous: Vec<u32>,
}

/// Why somebody looks.
#[derive(Clone, Copy)]
enum Need {
    Standing,
    Referred,
    WalkedIn,
    WrongChild,
    Telephone,
    Elsewhere,
    Mediated,
}

const NEEDS: [Need; 6] =
    [Need::Referred, Need::WalkedIn, Need::WrongChild, Need::Telephone, Need::Elsewhere, Need::Mediated];

/// Of 1,000 referrals, how many are told to the directory, and how many end in an involvement.
const REFERRAL_TOLD: u32 = 850;
const REFERRAL_TAKEN: u32 = 600;
/// Of 1,000 who look at a child referred, how many look once more: where they took it on, and where they did not.
const COMES_BACK: u32 = 500;
const COMES_BACK_ALL_THE_SAME: u32 = 250;
/// Of 1,000 who walk in, for how many the visit is recorded.
const VISIT_RECORDED: u32 = 930;
/// Of 1,000 from elsewhere, how many are taken on.
const ELSEWHERE_TAKEN: u32 = 700;
/// Of 1,000 days of day workers, how many are an evening.
const OVERTIME: u32 = 25;
/// Of 1,000 looks of somebody who answers a telephone that anyone asks.
const TRIAGE: u32 = 400;
/// Of 100,000 wrong children, how many are a canary: three hundred among twelve million, twice as often as by chance.
const WRONG_IS_CANARY: u32 = 5;

impl Month {
    pub(crate) fn honest(england: &England, seed: u64) -> Month {
        let mut month = Month::default();
        let mut chance = Chance::new(seed, 1);
        for (id, user) in (0_u32..).zip(&england.users) {
            let group = GROUPS.get(usize::from(user.group)).unwrap_or(&GROUPS[0]);
            let rate = group.looks * u32::from(user.busy) / 100;
            for day in 0..DAYS {
                let works =
                    if user.shifts { chance.per_mille(714) } else { day % 7 < 5 || chance.per_mille(15) };
                if !works {
                    continue;
                }
                // Overtime is an evening, and all of a day's work falls into it.
                let late = !user.shifts && chance.per_mille(OVERTIME);
                // Between none and twice the rate.
                let drawn = chance.below(2 * rate + 1);
                let looks = drawn / 100 + u32::from(chance.below(100) < drawn % 100);
                for _look in 0..looks {
                    let of_day = if late { 20 * 60 + chance.below(180) } else { minute(&mut chance, user) };
                    let at = day * MINUTES + of_day;
                    month.look(england, &mut chance, id, user, at);
                }
            }
        }
        month.cases_in_the_news(england, &mut chance);
        month.whole_classes(england, &mut chance);
        month
    }

    fn look(&mut self, england: &England, chance: &mut Chance, id: u32, user: &User, at: u32) {
        let mix = GROUPS.get(usize::from(user.group)).map_or([0; 6], |group| group.mix);
        let mut drawn = chance.below(1_000);
        let mut need = Need::Standing;
        for (of, share) in NEEDS.into_iter().zip(mix) {
            if drawn < share {
                need = of;
                break;
            }
            drawn -= share;
        }
        if user.triage && chance.per_mille(TRIAGE) {
            need = Need::Telephone;
        }
        let organisation = user.organisation;
        let open = |month: &mut Month, child: u32, when: u32| {
            month.looks.push(Look { at: when, user: id, child, caller: None, planted: 0 });
        };
        match need {
            Need::Standing => {
                if let Some(child) = standing(england, chance, organisation) {
                    open(self, child, at);
                }
            }
            Need::Referred => {
                let Some(child) = local(england, chance, organisation) else { return };
                if chance.per_mille(REFERRAL_TOLD) {
                    self.referred.push((organisation, child, at.saturating_sub(chance.below(3 * MINUTES))));
                }
                open(self, child, at);
                let taken = chance.per_mille(REFERRAL_TAKEN);
                if taken {
                    self.recorded.push((organisation, child, at + skewed(chance, 21 * MINUTES)));
                }
                // Whoever takes a child on comes back, and whoever does not comes back less, but some do for weeks.
                let back = if taken { COMES_BACK } else { COMES_BACK_ALL_THE_SAME };
                let mut later = at / MINUTES + 1 + chance.below(4);
                while later < DAYS && chance.per_mille(back) {
                    open(self, child, later * MINUTES + minute(chance, user));
                    later += 1 + chance.below(5);
                }
            }
            Need::WalkedIn => {
                let Some(child) = local(england, chance, organisation) else { return };
                open(self, child, at);
                if chance.per_mille(VISIT_RECORDED) {
                    self.recorded.push((organisation, child, at + chance.below(MINUTES)));
                }
            }
            Need::WrongChild => {
                let wrong = if chance.below(100_000) < WRONG_IS_CANARY {
                    Some(england.children + chance.below(CANARIES))
                } else {
                    local(england, chance, organisation)
                };
                if let Some(child) = wrong {
                    open(self, child, at);
                }
                if let Some(right) = standing(england, chance, organisation) {
                    open(self, right, at + 2);
                }
            }
            Need::Telephone => {
                if let Some(child) = local(england, chance, organisation) {
                    open(self, child, at);
                }
            }
            Need::Elsewhere => {
                let child = chance.below(england.children);
                open(self, child, at);
                if chance.per_mille(ELSEWHERE_TAKEN) {
                    self.recorded.push((organisation, child, at + skewed(chance, 12 * MINUTES)));
                }
            }
            Need::Mediated => self.mediated(england, chance, id, organisation, at),
        }
    }

    /// A colleague of the same authority rings, mostly about a child of their own.
    fn mediated(&mut self, england: &England, chance: &mut Chance, id: u32, organisation: u32, at: u32) {
        let Some(held) = england.organisations.get(place(organisation)) else { return };
        let Some(caller) = chance.one_of(&held.users).filter(|caller| *caller != id) else { return };
        let theirs = if chance.per_mille(930) {
            chance.one_of(&held.children)
        } else {
            local(england, chance, organisation)
        };
        if let Some(child) = theirs {
            self.looks.push(Look { at, user: id, child, caller: Some(caller), planted: 0 });
        }
    }

    /// Three children in the news: sixty people work on each, ten of desks that record nothing.
    fn cases_in_the_news(&mut self, england: &England, chance: &mut Chance) {
        for _case in 0..3 {
            let child = chance.below(england.children);
            let authority = england.population.child(u64::from(child)).authority();
            self.famous.push(child);
            let from = chance.below(10) * MINUTES;
            let of_place: Vec<u32> = (0_u32..)
                .zip(&england.organisations)
                .filter(|(_, held)| held.authority == Some(authority) && held.users.len() > 20)
                .map(|(id, _)| id)
                .collect();
            for (number, organisation) in (0_u32..).zip(of_place) {
                let users = england.organisations.get(place(organisation)).map(|held| held.users.as_slice());
                let records = number < 5;
                if records {
                    self.recorded.push((organisation, child, from));
                }
                for _look in 0..if records { 12 } else { 4 } {
                    if let Some(user) = chance.one_of(users.unwrap_or_default()) {
                        let at = from + chance.below(6) * MINUTES + 8 * 60 + chance.below(600);
                        self.looks.push(Look { at, user, child, caller: None, planted: 0 });
                    }
                }
            }
        }
        // Two families that are in the news for what has nothing to do with their children.
        self.famous.extend([chance.below(england.children), chance.below(england.children)]);
    }

    /// Forty nurses and welfare officers look at most of a class in one morning; seven in ten record it.
    fn whole_classes(&mut self, england: &England, chance: &mut Chance) {
        let visitors: Vec<u32> = (0_u32..)
            .zip(&england.users)
            .filter(|(_, user)| matches!(user.group, 2 | 9))
            .map(|(id, _)| id)
            .collect();
        for _visit in 0..40 {
            let Some(user) = chance.one_of(&visitors) else { return };
            let organisation = england.users.get(place(user)).map_or(0, |user| user.organisation);
            let at = chance.below(20) / 5 * 7 * MINUTES + chance.below(5) * MINUTES + 9 * 60;
            let recorded = chance.per_mille(700);
            for (minute, child) in (0_u32..).zip(class(england, chance, organisation, 12)) {
                self.looks.push(Look { at: at + 3 * minute, user, child, caller: None, planted: 0 });
                if recorded {
                    self.recorded.push((organisation, child, at + MINUTES));
                }
            }
        }
    }
}

/// So many children, and half as many again at most, of one school of the organisation's authority.
pub(crate) fn class(england: &England, chance: &mut Chance, organisation: u32, children: u32) -> Vec<u32> {
    let authority = england.organisations.get(place(organisation)).and_then(|held| held.authority);
    let schools: Vec<u32> = (0_u32..)
        .zip(&england.organisations)
        .filter(|(_, held)| held.authority == authority && held.kind == vocabulary::OrganisationKind::School)
        .map(|(id, _)| id)
        .collect();
    let school = chance.one_of(&schools).and_then(|id| england.organisations.get(place(id)));
    let roll = school.map(|school| school.children.as_slice()).unwrap_or_default();
    let wanted = children + chance.below(children / 2 + 1);
    let mut chosen: Vec<u32> = (0..wanted).filter_map(|_| chance.one_of(roll)).collect();
    chosen.dedup();
    chosen
}

/// A child with whom the organisation works; where it works with none, one of its authority.
fn standing(england: &England, chance: &mut Chance, organisation: u32) -> Option<u32> {
    let held = england.organisations.get(place(organisation))?;
    chance.one_of(&held.children)
}

/// A child of the organisation's authority.
pub(crate) fn local(england: &England, chance: &mut Chance, organisation: u32) -> Option<u32> {
    let authority = england.organisations.get(place(organisation))?.authority?;
    chance.one_of(england.local.get(place(authority))?)
}

/// A minute of the day at which this person works.
pub(crate) fn minute(chance: &mut Chance, user: &User) -> u32 {
    if user.shifts {
        return chance.below(MINUTES);
    }
    // Sixteen in a hundred in the busiest hour, from nine to ten (scale.md 2).
    if chance.per_mille(160) { 9 * 60 + chance.below(60) } else { 8 * 60 + chance.below(600) }
}

/// Minutes below a bound, mostly few.
fn skewed(chance: &mut Chance, bound: u32) -> u32 {
    let share = chance.below(1_000);
    bound / 1_000 * share / 1_000 * share + count(place(chance.below(60)))
}
