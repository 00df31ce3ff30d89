//! The planted month: two hundred snoopers of eight kinds, each as a person might do it.
//!
//! Source: domain.md 6.4 (real cases: staff searched their own family to "test" the system); reliability.md 3, T1.

use crate::{
    england::{Chance, England, blind, home, place},
    honest::{CANARIES, DAYS, Look, Month, class, local, minute},
};

const MINUTES: u32 = 24 * 60;

/// How somebody snoops.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    OwnFamily,
    FormerPartner,
    InTheNews,
    Sweep,
    SlowSweep,
    AtNight,
    ColleaguesChild,
    Canary,
}

impl Kind {
    pub(crate) const ALL: [Kind; 8] = [
        Kind::OwnFamily,
        Kind::FormerPartner,
        Kind::InTheNews,
        Kind::Sweep,
        Kind::SlowSweep,
        Kind::AtNight,
        Kind::ColleaguesChild,
        Kind::Canary,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::OwnFamily => "own family",
            Kind::FormerPartner => "former partner's child",
            Kind::InTheNews => "child of a family in the news",
            Kind::Sweep => "sweep of a street, a school, the alphabet",
            Kind::SlowSweep => "slow sweep",
            Kind::AtNight => "curiosity out of hours",
            Kind::ColleaguesChild => "colleague's child",
            Kind::Canary => "browsing that meets a canary",
        }
    }
}

/// Snoopers of each kind.
pub(crate) const EACH: u32 = 25;

/// Who snoops, and how; the place in the list is the number on their looks less one.
pub(crate) type Snoopers = Vec<(u32, Kind)>;

/// Adds the snoopers' looks to the month.
pub(crate) fn plant(england: &mut England, month: &mut Month, seed: u64) -> Snoopers {
    let mut chance = Chance::new(seed, 2);
    let mut snoopers = Snoopers::new();
    let users = u32::try_from(england.users.len()).unwrap_or(0);
    for kind in Kind::ALL {
        let mut planted = 0;
        while planted < EACH {
            let user = chance.below(users);
            if snoopers.iter().any(|(other, _)| *other == user) {
                continue;
            }
            let number = u16::try_from(snoopers.len() + 1).unwrap_or(0);
            let looks = looks_of(england, month, &mut chance, user, kind);
            if looks.is_empty() {
                continue;
            }
            planted += 1;
            snoopers.push((user, kind));
            let own = looks.into_iter().filter(|(at, _)| *at < DAYS * MINUTES);
            month.looks.extend(own.map(|(at, child)| Look {
                at,
                user,
                child,
                caller: None,
                planted: number,
            }));
        }
    }
    snoopers
}

/// When and at whom this user snoops; nothing where they cannot in this way.
fn looks_of(
    england: &mut England,
    month: &Month,
    chance: &mut Chance,
    user: u32,
    kind: Kind,
) -> Vec<(u32, u32)> {
    let Some(who) = england.users.get(place(user)) else { return Vec::new() };
    let (organisation, by_shifts) = (who.organisation, who.shifts);
    match kind {
        Kind::OwnFamily => {
            // Six in ten look at a child of their home, the others at a brother's or a sister's.
            let child = if chance.per_mille(600) {
                let Some(own) = who.own_child else { return Vec::new() };
                own
            } else {
                relative(england, chance, user)
            };
            (0..=chance.below(3)).map(|_| (at_work(england, chance, user), child)).collect()
        }
        Kind::FormerPartner => {
            let child = former_partners(england, chance, user);
            let first = chance.below(12);
            let days = 2 + chance.below(5);
            (0..days)
                .map(|n| ((first + n * 3 + chance.below(2)) * MINUTES + evening_or_day(chance), child))
                .collect()
        }
        Kind::InTheNews => {
            let families = month.famous.get(3..).unwrap_or_default();
            let child = chance.one_of(families).unwrap_or(0);
            let from = 12 * MINUTES + chance.below(4) * MINUTES;
            vec![(from + 8 * 60 + chance.below(700), child)]
        }
        Kind::Sweep => {
            let start = at_work(england, chance, user);
            let children = swept(england, chance, organisation);
            (0_u32..).zip(children).map(|(n, child)| (start + 2 * n, child)).collect()
        }
        Kind::SlowSweep => {
            let each = 1 + chance.below(3);
            let mut looks = Vec::new();
            for day in (0..DAYS).filter(|day| day % 7 < 5) {
                for _look in 0..=chance.below(each) {
                    let at = england.users.get(place(user)).map_or(0, |own| minute(chance, own));
                    looks.extend(
                        local(england, chance, organisation).map(|child| (day * MINUTES + at, child)),
                    );
                }
            }
            looks
        }
        Kind::AtNight if by_shifts => Vec::new(),
        Kind::AtNight => {
            let mut looks = Vec::new();
            for _night in 0..=chance.below(3) {
                let start = chance.below(DAYS) * MINUTES + 21 * 60 + chance.below(150);
                for n in 0..=chance.below(5) {
                    looks.extend(local(england, chance, organisation).map(|child| (start + 4 * n, child)));
                }
            }
            looks
        }
        Kind::ColleaguesChild => {
            let held = england.organisations.get(place(organisation));
            let colleagues = held.map(|held| held.users.clone()).unwrap_or_default();
            let theirs: Vec<u32> = colleagues
                .into_iter()
                .filter(|colleague| *colleague != user)
                .filter_map(|colleague| england.users.get(place(colleague))?.own_child)
                .collect();
            let Some(child) = chance.one_of(&theirs) else { return Vec::new() };
            (0..=chance.below(3)).map(|_| (at_work(england, chance, user), child)).collect()
        }
        Kind::Canary => {
            let start = at_work(england, chance, user);
            let others = 2 + chance.below(5);
            let mut looks: Vec<(u32, u32)> = (0..others)
                .filter_map(|n| Some((start + 3 * n, local(england, chance, organisation)?)))
                .collect();
            looks.push((start + 3 * others, england.children + chance.below(CANARIES)));
            looks
        }
    }
}

/// A minute of the month at which this user works.
fn at_work(england: &England, chance: &mut Chance, user: u32) -> u32 {
    let day = chance.below(4) * 7 + chance.below(5);
    day * MINUTES + england.users.get(place(user)).map_or(0, |who| minute(chance, who))
}

/// A minute of the day: three in ten from home, in the evening.
fn evening_or_day(chance: &mut Chance) -> u32 {
    if chance.per_mille(300) { 1_230 } else { 540 + chance.below(480) }
}

/// A child of a sister's or a brother's: six in ten bear the looker's name.
fn relative(england: &mut England, chance: &mut Chance, user: u32) -> u32 {
    let child = chance.below(england.children);
    let surname = blind(&[&england.population.child(u64::from(child)).surname]);
    if chance.per_mille(600)
        && let Some(who) = england.users.get_mut(place(user))
    {
        who.surname = surname;
    }
    child
}

/// A former partner's child: in six of ten cases the looker is named as a carer; the child lives elsewhere.
fn former_partners(england: &mut England, chance: &mut Chance, user: u32) -> u32 {
    let index = chance.below(england.children);
    let child = england.population.child(u64::from(index));
    if chance.per_mille(600)
        && let Some(carer) = child.carers.last()
        && let Some(who) = england.users.get_mut(place(user)).filter(|who| Some(who.home) != home(&child))
    {
        who.whole_name = blind(&[&carer.name]);
        who.surname = blind(&[carer.name.rsplit(' ').next().unwrap_or_default()]);
    }
    index
}

/// Many children one after the other: a street, a school, or a list by name.
fn swept(england: &England, chance: &mut Chance, organisation: u32) -> Vec<u32> {
    match chance.below(3) {
        0 => {
            let mut streets: Vec<&Vec<u32>> =
                england.streets.values().filter(|street| street.len() >= 8).collect();
            streets.sort();
            let at = place(chance.below(u32::try_from(streets.len()).unwrap_or(0)));
            streets.get(at).map(|street| street.iter().copied().take(25).collect()).unwrap_or_default()
        }
        1 => class(england, chance, organisation, 15),
        _ => {
            let wanted = 15 + chance.below(30);
            let mut children: Vec<(String, u32)> = (0..wanted)
                .filter_map(|_| local(england, chance, organisation))
                .map(|child| (england.population.child(u64::from(child)).surname.to_string(), child))
                .collect();
            children.sort();
            children.into_iter().map(|(_, child)| child).collect()
        }
    }
}
