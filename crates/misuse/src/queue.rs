//! The queue: what is seen beside all looks of a span of time, and the lines a person asks about, the first first.
//!
//! Looks come with what explains them; what nothing explains is seen beside everything else of the span: how much the
//! looker's peers look at, who else looked at the child, in what order, at what hour. Children and people are told by
//! numbers that mean nothing elsewhere. Source: reliability.md, "Misuse engine"; ADR-0040.

mod person;
#[cfg(test)]
mod spec;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use vocabulary::{Explanation, Signal};

use self::person::Person;
use crate::{
    hours::{self, Habit},
    peers::Peers,
    rank::{Ranked, rank},
    signs::{Kin, Rarity, Signs},
    sweep::{self, Step},
    weights::CORRECTED_MINUTES,
};

/// Minutes of a day.
pub const DAY: u32 = 24 * 60;

/// Within how many days others' looks at a child make a burst.
const BURST_DAYS: u32 = 7;

/// One look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Minutes since the span began, by the clock on the wall; it begins with a Monday.
    pub at: u32,
    /// Who looked, by place among the users.
    pub user: u32,
    /// At which child.
    pub child: u32,
    /// What explains it.
    pub explained: Option<Explanation>,
    /// Whether a shield was overridden.
    pub overridden: bool,
}

/// Somebody who may look. Names and homes are keyed hashes that are equal or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct User {
    /// Of which organisation.
    pub organisation: u32,
    /// Of which kind of work, by a small number.
    pub group: u8,
    /// The surname.
    pub surname: u64,
    /// Forename and surname.
    pub whole_name: u64,
    /// House and postcode, of those who declared them.
    pub home: Option<u64>,
    /// The postcode of that.
    pub postcode: Option<u64>,
    /// Whether the account had been dormant until a short while before.
    pub woken: bool,
    /// Whether it reached a ceiling of attempts.
    pub enumerated: bool,
}

/// What is compared of a child.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Child {
    /// The surname.
    pub surname: u64,
    /// Where it stands in the alphabet: a later one has a larger number.
    pub alphabet: u64,
    /// The whole names of the carers.
    pub carers: Vec<u64>,
    /// House and postcode.
    pub home: Option<u64>,
    /// The postcode.
    pub postcode: Option<u64>,
    /// The street.
    pub street: Option<u64>,
    /// The school.
    pub school: Option<u64>,
    /// Which authority answers for the record.
    pub authority: Option<u32>,
    /// Whether it is an invented record that nobody has a reason to open.
    pub canary: bool,
}

/// What the looks are of.
pub trait World {
    /// Why a child could not be read.
    type Error;

    /// A child as it is compared.
    ///
    /// # Errors
    /// It could not be read.
    fn child(&self, child: u32) -> Result<Child, Self::Error>;

    /// How many children bear a surname.
    fn bearers(&self, surname: u64) -> Rarity;

    /// How many homes colleagues of an organisation have, among how many children of its area.
    fn colleagues(&self, organisation: u32) -> Rarity;

    /// Which authority an organisation belongs to.
    fn authority_of(&self, organisation: u32) -> Option<u32>;

    /// Whether an organisation recorded an involvement with a child after this minute.
    ///
    /// # Errors
    /// The child could not be read.
    fn recorded_after(&self, organisation: u32, child: u32, at: u32) -> Result<bool, Self::Error>;
}

/// One line of the queue: what a person is asked about, one child or one run of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its place.
    pub ranked: Ranked,
    /// The looks that it is about, by their places, in the order of time.
    pub looks: Vec<u32>,
    /// The one of them that says most.
    pub first: u32,
}

/// Puts in order what nothing explains. `looks` are sorted by user, then minute, then child.
///
/// Cost: a few passes over the looks, and one reading of a child for each that nothing explains. Memory: some 20 bytes
/// a user, and 8 for each unexplained child of each user.
///
/// # Errors
/// A child could not be read.
pub fn queue<W: World>(world: &W, users: &[User], looks: &[Look]) -> Result<Vec<Line>, W::Error> {
    let beside = Beside::of(world, users, looks);
    let mut lines = Vec::new();
    let mut first = 0;
    for own in looks.chunk_by(|one, other| one.user == other.user) {
        if own.iter().any(|look| look.explained.is_none()) {
            beside.lines(own, first, &mut lines)?;
        }
        first += own.len();
    }
    lines.sort_by_key(|line| line.ranked.order());
    Ok(lines)
}

/// What stands beside all looks.
struct Beside<'a, W: World> {
    world: &'a W,
    users: &'a [User],
    homes: HashSet<(u32, u64)>,
    habits: Vec<Habit>,
    of_group: BTreeMap<u8, Habit>,
    peers: HashMap<u32, Peers>,
    peers_of_group: BTreeMap<u8, Peers>,
    /// Children without an explanation, by user.
    unexplained: Vec<u32>,
    /// Minute and organisation of the looks without one, by child.
    crowds: HashMap<u32, Vec<(u32, u32)>>,
}

/// What one user looked at without an explanation.
struct Asked<'a> {
    look: &'a Look,
    child: Child,
}

impl<'a, W: World> Beside<'a, W> {
    fn of(world: &'a W, users: &'a [User], looks: &[Look]) -> Beside<'a, W> {
        let mut habits = vec![Habit::default(); users.len()];
        let mut of_group: BTreeMap<u8, Habit> = BTreeMap::new();
        let mut children: BTreeSet<u32> = BTreeSet::new();
        let mut unexplained = vec![0; users.len()];
        let mut crowds: HashMap<u32, Vec<(u32, u32)>> = HashMap::new();
        for day in looks.chunk_by(|one, other| (one.user, one.at / DAY) == (other.user, other.at / DAY)) {
            // Work is explained: looks that nothing explains make no habit of their own.
            let mut work = day.iter().filter(|look| look.explained.is_some()).peekable();
            let Some(user) = work.peek().map(|look| place(look.user)) else { continue };
            let late = work.any(|look| outside(look.at));
            if let (Some(habit), Some(who)) = (habits.get_mut(user), users.get(user)) {
                habit.add(late);
                of_group.entry(who.group).or_default().add(late);
            }
        }
        let mut user = None;
        for look in looks {
            if user.replace(look.user) != Some(look.user) {
                children.clear();
            }
            let Some(who) = users.get(place(look.user)) else { continue };
            if look.explained.is_none() && children.insert(look.child) {
                if let Some(count) = unexplained.get_mut(place(look.user)) {
                    *count += 1;
                }
                crowds.entry(look.child).or_default().push((look.at, who.organisation));
            }
        }
        let mut homes = HashSet::new();
        let mut counts: HashMap<u32, Vec<u32>> = HashMap::new();
        let mut counts_of_group: BTreeMap<u8, Vec<u32>> = BTreeMap::new();
        for (held, count) in users.iter().zip(&unexplained) {
            homes.extend(held.home.map(|home| (held.organisation, home)));
            counts.entry(held.organisation).or_default().push(*count);
            counts_of_group.entry(held.group).or_default().push(*count);
        }
        let peers = counts.into_iter().filter_map(|(id, mut held)| Some((id, Peers::of(&mut held)?)));
        let of_kind = counts_of_group.into_iter();
        let peers_of_group = of_kind.filter_map(|(id, mut held)| Some((id, Peers::of(&mut held)?)));
        Beside {
            world,
            users,
            homes,
            habits,
            of_group,
            peers: peers.collect(),
            peers_of_group: peers_of_group.collect(),
            unexplained,
            crowds,
        }
    }

    /// Adds the lines of one user: a run is one line, and so is each child beside.
    fn lines(&self, looks: &[Look], first: usize, queue: &mut Vec<Line>) -> Result<(), W::Error> {
        let Some(user) = looks.first().and_then(|look| self.users.get(place(look.user))) else {
            return Ok(());
        };
        let mut asked = Vec::new();
        for (n, look) in looks.iter().enumerate().filter(|(_, look)| look.explained.is_none()) {
            asked.push((n, Asked { look, child: self.world.child(look.child)? }));
        }
        let person = Person::of(looks);
        let mut lines: BTreeMap<u32, Line> = BTreeMap::new();
        for (n, one) in &asked {
            let ranked = rank(&self.signs(user, &person, looks, &asked, one)?);
            // A run of children is one line; a child to whom somebody came back is one of its own.
            let signs_of_a_run = [Signal::Sweep, Signal::FarAbovePeers, Signal::OutOfHours];
            let of_a_run = ranked.signals().any(|signal| signs_of_a_run.contains(&signal))
                && !ranked.signals().any(|signal| signal == Signal::Returned);
            let key = if of_a_run && !ranked.alarm { u32::MAX } else { one.look.child };
            let at = u32::try_from(first + n).unwrap_or(u32::MAX);
            let line = lines.entry(key).or_insert_with(|| Line {
                ranked: ranked.clone(),
                looks: Vec::new(),
                first: at,
            });
            line.looks.push(at);
            if ranked.order() < line.ranked.order() {
                line.ranked = ranked;
                line.first = at;
            }
        }
        queue.extend(lines.into_values());
        Ok(())
    }

    fn signs(
        &self,
        user: &User,
        person: &Person,
        looks: &[Look],
        asked: &[(usize, Asked<'_>)],
        one: &Asked<'_>,
    ) -> Result<Signs, W::Error> {
        let Asked { look, child } = one;
        let of_child = || asked.iter().map(|(_, other)| other.look).filter(|other| other.child == look.child);
        let days: BTreeSet<u32> = of_child().map(|other| other.at / DAY).collect();
        // One late look among many at the same child says nothing.
        let late_at_child = of_child().filter(|other| outside(other.at)).count();
        let (late, late_explained) = person.late(look.at / DAY);
        let mut run: Vec<Step> = Vec::new();
        let mut met = BTreeSet::new();
        for (_, other) in asked.iter().filter(|(_, other)| other.look.at / DAY == look.at / DAY) {
            if met.insert(other.look.child) {
                let Child { street, school, alphabet, .. } = other.child;
                run.push(Step { street, school, surname: alphabet });
            }
        }
        let others = self.crowds.get(&look.child).map(Vec::as_slice).unwrap_or_default();
        let crowd = others.iter().filter(|(at, organisation)| {
            at.abs_diff(look.at) <= BURST_DAYS * DAY && *organisation != user.organisation
        });
        let own = self.habits.get(place(look.user)).copied().unwrap_or_default();
        let of_peers = self.of_group.get(&user.group).copied().unwrap_or_default();
        let unexplained = self.unexplained.get(place(look.user)).copied().unwrap_or(0);
        let peers = self.peers.get(&user.organisation).or_else(|| self.peers_of_group.get(&user.group));
        let authority = self.world.authority_of(user.organisation);
        let rarity = || self.world.bearers(user.surname);
        let colleague = child
            .home
            .filter(|home| user.home != Some(*home) && self.homes.contains(&(user.organisation, *home)));
        Ok(Signs {
            canary: child.canary,
            kin: Kin {
                household: child.home.is_some() && child.home == user.home,
                postcode: child.postcode.is_some() && child.postcode == user.postcode,
                surname: (child.surname == user.surname).then(rarity),
                lives_elsewhere: child.home.is_some() && user.home.is_some() && child.home != user.home,
                carer: child.carers.contains(&user.whole_name).then(rarity),
            },
            colleague: colleague.map(|_| self.world.colleagues(user.organisation)),
            chances: unexplained,
            crowd: count(crowd.count()),
            sweep: sweep::seen(&run),
            above_peers: peers.map_or(0, |peers| peers.above(unexplained)),
            unexplained_percent: u32::try_from(100 * asked.len() / looks.len().max(1)).unwrap_or(100),
            daily: person.daily,
            days: count(days.len()),
            out_of_hours: outside(look.at)
                && 2 * late_at_child > of_child().count()
                && own.works_by_day(of_peers),
            late,
            late_explained,
            by_day_percent: person.by_day_percent,
            other_authority: child.authority.is_some() && authority.is_some() && child.authority != authority,
            woken: user.woken,
            overridden: look.overridden,
            recorded_late: self.world.recorded_after(user.organisation, look.child, look.at)?,
            corrected: looks.iter().any(|other| {
                other.explained.is_some() && (look.at..=look.at + CORRECTED_MINUTES).contains(&other.at)
            }),
            enumerated: user.enumerated,
        })
    }
}

fn outside(at: u32) -> bool {
    hours::is_outside(at / DAY % 7, at % DAY / 60)
}

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
