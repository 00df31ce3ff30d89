//! Gathers what a directory would know beside each look, and has the engine judge it.
//!
//! It never reads who planted a look. Facts about a child come from the country itself, as rows would hold them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use misuse::{
    Entry, Facts, Kin, Ranked, Rarity, Signs, explain, explain::carries_on, hours, hours::Habit,
    peers::Peers, rank, sweep, sweep::Step, weights::CORRECTED_MINUTES,
};
use vocabulary::{Explanation, Signal};

use crate::{
    england::{England, GROUPS, User, blind, home, place, street},
    honest::{Look, Month, Told},
};

const MINUTES: u32 = 24 * 60;
/// Within how many days others' looks at a child make a burst.
const BURST_DAYS: u32 = 7;

/// One line of the queue: what a person is asked about, one child or one run of them.
pub(crate) struct Line {
    pub(crate) ranked: Ranked,
    /// The looks that it is about.
    pub(crate) looks: Vec<u32>,
}

/// What came of the month.
pub(crate) struct Judged {
    pub(crate) by_explanation: BTreeMap<Explanation, u64>,
    pub(crate) looks: u64,
    /// The first to be asked about stands first.
    pub(crate) queue: Vec<Line>,
}

/// What is compared of a child.
struct Blind {
    surname: u64,
    alphabet: u64,
    carers: Vec<u64>,
    home: Option<u64>,
    postcode: Option<u64>,
    street: Option<u64>,
    school: Option<u64>,
    authority: Option<u32>,
}

pub(crate) fn judge(england: &England, month: &mut Month) -> Judged {
    month.looks.sort_by_key(|look| (look.user, look.at, look.child));
    month.referred.sort_unstable();
    month.recorded.sort_unstable();
    let explained = explain_all(england, month);
    let mut by_explanation = BTreeMap::new();
    for explanation in explained.iter().flatten() {
        *by_explanation.entry(*explanation).or_default() += 1;
    }
    let context = Context::of(england, month, &explained);
    let mut queue = Vec::new();
    let mut first = 0;
    for looks in month.looks.chunk_by(|one, other| one.user == other.user) {
        let range = first..first + looks.len();
        first = range.end;
        let told = explained.get(range.clone()).unwrap_or_default();
        if told.iter().any(Option::is_none) {
            context.lines(looks, told, range.start, &mut queue);
        }
    }
    queue.sort_by_key(|line| line.ranked.order());
    Judged { by_explanation, looks: month.looks.len() as u64, queue }
}

/// Explains each look, by both cores; follow-ups last, since they lean on the others.
fn explain_all(england: &England, month: &Month) -> Vec<Option<Explanation>> {
    let half = month.looks.len() / 2;
    let (front, back) = month.looks.split_at(half);
    let one = |looks: &[Look]| -> Vec<Option<Explanation>> {
        looks.iter().map(|look| explain(&facts(england, month, look))).collect()
    };
    let mut explained = std::thread::scope(|scope| {
        let other = scope.spawn(|| one(back));
        let mut explained = one(front);
        explained.extend(other.join().unwrap_or_default());
        explained
    });
    let mut last: HashMap<u32, u32> = HashMap::new();
    let mut user = None;
    for (look, told) in month.looks.iter().zip(&mut explained) {
        if user.replace(look.user) != Some(look.user) {
            last.clear();
        }
        if told.is_none() {
            let followed = last.get(&look.child).map(|at| (look.at - at) / MINUTES);
            *told = explain(&Facts { followed, ..Facts::default() });
        }
        if told.is_some_and(carries_on) {
            last.insert(look.child, look.at);
        }
    }
    explained
}

/// What the directory holds about a looker and a child.
fn facts(england: &England, month: &Month, look: &Look) -> Facts {
    let organisation_of = |user: u32| england.users.get(place(user)).map_or(0, |user| user.organisation);
    let own = organisation_of(look.user);
    let caller = look.caller.map(organisation_of);
    let (mut entry, mut of_caller) = (Entry::None, Entry::None);
    if look.child < england.children {
        for held in england.population.involvements(u64::from(look.child)) {
            let Some(holder) = england.by_id.get(&held.organisation()).copied() else { continue };
            let told = match held.ended_on {
                Some(day) => {
                    let before = (england.population.as_at() - day).num_days();
                    Entry::Ended { days: u32::try_from(before).unwrap_or(0) + look.at / MINUTES }
                }
                None if held.service_type.keeps_register() => Entry::Register,
                None => Entry::Open,
            };
            if holder == own {
                entry = stronger(entry, told);
            }
            if Some(holder) == caller {
                of_caller = stronger(of_caller, told);
            }
        }
    }
    let recorded = of(&month.recorded, own, look.child);
    if recorded.iter().any(|(_, _, at)| *at <= look.at) {
        entry = Entry::Open;
    }
    let days = |from: u32, to: u32| to.checked_sub(from).map(|minutes| minutes / MINUTES);
    let referred =
        of(&month.referred, own, look.child).iter().filter_map(|(_, _, at)| days(*at, look.at)).min();
    Facts {
        entry,
        referred,
        recorded: recorded.iter().filter_map(|(_, _, at)| days(look.at, *at)).min(),
        followed: None,
        caller: explain(&Facts { entry: of_caller, ..Facts::default() }).is_some(),
        duty: false,
        case: false,
    }
}

/// An open entry before a register, a register before one that ended, a short while ago before long ago.
fn stronger(one: Entry, other: Entry) -> Entry {
    match (one, other) {
        (Entry::Ended { days }, Entry::Ended { days: others }) => Entry::Ended { days: days.min(others) },
        (one, other) => one.max(other),
    }
}

/// What was told of one child to one organisation.
fn of(told: &[Told], organisation: u32, child: u32) -> &[Told] {
    let from = told.partition_point(|(o, c, _)| (*o, *c) < (organisation, child));
    let until = told.partition_point(|(o, c, _)| (*o, *c) <= (organisation, child));
    told.get(from..until).unwrap_or_default()
}

/// What stands beside all looks.
struct Context<'a> {
    england: &'a England,
    homes: HashSet<(u32, u64)>,
    habits: Vec<Habit>,
    of_group: Vec<Habit>,
    peers: HashMap<u32, Peers>,
    peers_of_group: Vec<Option<Peers>>,
    unexplained: Vec<u32>,
    crowds: HashMap<u32, Vec<(u32, u32)>>,
    recorded: &'a [Told],
}

impl<'a> Context<'a> {
    fn of(england: &'a England, month: &'a Month, explained: &[Option<Explanation>]) -> Context<'a> {
        let mut habits = vec![Habit::default(); england.users.len()];
        let mut of_group = vec![Habit::default(); GROUPS.len()];
        let mut children: BTreeSet<u32> = BTreeSet::new();
        let mut unexplained = vec![0; england.users.len()];
        let mut crowds: HashMap<u32, Vec<(u32, u32)>> = HashMap::new();
        let mut user = None;
        for (look, told) in month.looks.iter().zip(explained) {
            if user.replace(look.user) != Some(look.user) {
                children.clear();
            }
            let Some(who) = england.users.get(place(look.user)) else { continue };
            // Work is explained: looks that nothing explains make no habit of their own.
            if told.is_some() {
                let habits = [habits.get_mut(place(look.user)), of_group.get_mut(usize::from(who.group))];
                habits.into_iter().flatten().for_each(|habit| habit.add(outside(look.at)));
            }
            if told.is_none() && children.insert(look.child) {
                if let Some(count) = unexplained.get_mut(place(look.user)) {
                    *count += 1;
                }
                crowds.entry(look.child).or_default().push((look.at, who.organisation));
            }
        }
        let mut homes = HashSet::new();
        let mut counts: HashMap<u32, Vec<u32>> = HashMap::new();
        let mut counts_of_group = vec![Vec::new(); GROUPS.len()];
        for (held, count) in england.users.iter().zip(&unexplained) {
            homes.insert((held.organisation, held.home));
            counts.entry(held.organisation).or_default().push(*count);
            if let Some(beside) = counts_of_group.get_mut(usize::from(held.group)) {
                beside.push(*count);
            }
        }
        Context {
            england,
            homes,
            habits,
            of_group,
            peers: counts
                .into_iter()
                .filter_map(|(id, mut held)| Some((id, Peers::of(&mut held)?)))
                .collect(),
            peers_of_group: counts_of_group.into_iter().map(|mut held| Peers::of(&mut held)).collect(),
            unexplained,
            crowds,
            recorded: &month.recorded,
        }
    }

    /// Adds the lines of one user: a run is one line, and so is each child beside.
    fn lines(&self, looks: &[Look], told: &[Option<Explanation>], first: usize, queue: &mut Vec<Line>) {
        let Some(user) = looks.first().and_then(|look| self.england.users.get(place(look.user))) else {
            return;
        };
        let mut lines: BTreeMap<u32, Line> = BTreeMap::new();
        let asked: Vec<usize> =
            (0..looks.len()).filter(|n| told.get(*n).is_some_and(Option::is_none)).collect();
        let seen: Vec<Blind> =
            asked.iter().filter_map(|n| looks.get(*n)).map(|look| self.blind(look.child)).collect();
        for (n, blind) in asked.iter().zip(&seen) {
            let Some(look) = looks.get(*n) else { continue };
            let ranked = rank(&self.signs(user, look, looks, told, (&asked, &seen), blind));
            // A run of children is one line; a child to whom somebody came back is one of its own.
            let signs_of_a_run = [Signal::Sweep, Signal::FarAbovePeers, Signal::OutOfHours];
            let of_a_run = ranked.signals().any(|signal| signs_of_a_run.contains(&signal))
                && !ranked.signals().any(|signal| signal == Signal::Returned);
            let key = if of_a_run && !ranked.alarm { u32::MAX } else { look.child };
            let at = u32::try_from(first + n).unwrap_or(u32::MAX);
            let line = lines.entry(key).or_insert_with(|| Line { ranked: ranked.clone(), looks: Vec::new() });
            line.looks.push(at);
            if ranked.order() < line.ranked.order() {
                line.ranked = ranked;
            }
        }
        queue.extend(lines.into_values());
    }

    fn signs(
        &self,
        user: &User,
        look: &Look,
        looks: &[Look],
        told: &[Option<Explanation>],
        (asked, seen): (&[usize], &[Blind]),
        child: &Blind,
    ) -> Signs {
        let of_child =
            || asked.iter().filter_map(|n| looks.get(*n)).filter(|other| other.child == look.child);
        let days: BTreeSet<u32> = of_child().map(|other| other.at / MINUTES).collect();
        // One late look among many at the same child says nothing.
        let late_at_child = of_child().filter(|other| outside(other.at)).count();
        let (mut late, mut late_explained) = (BTreeSet::new(), BTreeSet::new());
        for (other, explained) in looks.iter().zip(told) {
            if outside(other.at) && other.child != look.child {
                if explained.is_some() { &mut late_explained } else { &mut late }.insert(other.child);
            }
        }
        let mut run: Vec<Step> = Vec::new();
        let mut met = BTreeSet::new();
        for (other, blind) in asked.iter().filter_map(|n| looks.get(*n)).zip(seen) {
            if other.at / MINUTES == look.at / MINUTES && met.insert(other.child) {
                run.push(Step { street: blind.street, school: blind.school, surname: blind.alphabet });
            }
        }
        let others = self.crowds.get(&look.child).map(Vec::as_slice).unwrap_or_default();
        let crowd = others.iter().filter(|(at, organisation)| {
            at.abs_diff(look.at) <= BURST_DAYS * MINUTES && *organisation != user.organisation
        });
        let habit = |habits: &[Habit], place: usize| habits.get(place).copied().unwrap_or_default();
        let own = habit(&self.habits, place(look.user));
        let of_peers = habit(&self.of_group, usize::from(user.group));
        let unexplained = self.unexplained.get(place(look.user)).copied().unwrap_or(0);
        let peers = self.peers.get(&user.organisation).copied();
        let of_group = self.peers_of_group.get(usize::from(user.group)).copied().flatten();
        let authority =
            self.england.organisations.get(place(user.organisation)).and_then(|held| held.authority);
        let rarity = |surname: u64| Rarity {
            bearers: u64::from(self.england.bearers.get(&surname).copied().unwrap_or(0)),
            of: u64::from(self.england.children),
        };
        Signs {
            canary: look.child >= self.england.children,
            kin: Kin {
                household: child.home == Some(user.home),
                postcode: child.postcode == Some(user.postcode),
                surname: (child.surname == user.surname).then(|| rarity(user.surname)),
                carer: child.carers.contains(&user.whole_name).then(|| rarity(user.surname)),
            },
            colleague: child
                .home
                .filter(|home| *home != user.home && self.homes.contains(&(user.organisation, *home)))
                .map(|_| self.colleagues(user.organisation)),
            chances: unexplained,
            crowd: u32::try_from(crowd.count()).unwrap_or(u32::MAX),
            sweep: sweep::seen(&run),
            above_peers: peers.or(of_group).map_or(0, |peers| peers.above(unexplained)),
            unexplained_percent: u32::try_from(100 * asked.len() / looks.len().max(1)).unwrap_or(100),
            days: u32::try_from(days.len()).unwrap_or(u32::MAX),
            out_of_hours: outside(look.at)
                && 2 * late_at_child > of_child().count()
                && own.works_by_day(of_peers),
            late: u32::try_from(late.len()).unwrap_or(u32::MAX),
            late_explained: u32::try_from(late_explained.len()).unwrap_or(u32::MAX),
            other_authority: child.authority.is_some() && authority.is_some() && child.authority != authority,
            woken: false,
            overridden: false,
            recorded_late: of(self.recorded, user.organisation, look.child)
                .iter()
                .any(|(_, _, at)| *at > look.at),
            corrected: looks.iter().zip(told).any(|(other, explained)| {
                explained.is_some() && (look.at..=look.at + CORRECTED_MINUTES).contains(&other.at)
            }),
            enumerated: false,
        }
    }

    /// Homes of colleagues among the children of the area.
    fn colleagues(&self, organisation: u32) -> Rarity {
        let held = self.england.organisations.get(place(organisation));
        let around = held.and_then(|held| self.england.local.get(place(held.authority?)));
        Rarity {
            bearers: held.map_or(0, |held| held.users.len() as u64),
            of: around.map_or(u64::from(self.england.children), |local| local.len() as u64),
        }
    }

    fn blind(&self, index: u32) -> Blind {
        if index >= self.england.children {
            return Blind {
                surname: 0,
                alphabet: 0,
                carers: Vec::new(),
                home: None,
                postcode: None,
                street: None,
                school: None,
                authority: None,
            };
        }
        let child = self.england.population.child(u64::from(index));
        let entries = self.england.population.involvements(u64::from(index));
        let school = entries
            .iter()
            .find(|entry| entry.ended_on.is_none() && entry.service_type == vocabulary::ServiceType::School);
        let mut letters = [0; 8];
        for (letter, byte) in letters.iter_mut().zip(child.surname.bytes()) {
            *letter = byte;
        }
        Blind {
            surname: blind(&[&child.surname]),
            alphabet: u64::from_be_bytes(letters),
            carers: child.carers.iter().map(|carer| blind(&[&carer.name])).collect(),
            home: home(&child),
            postcode: child.home.as_ref().map(|home| blind(&[&home.postcode])),
            street: street(&child),
            school: school.map(|entry| blind(&[&entry.organisation()])),
            authority: Some(child.authority()),
        }
    }
}

fn outside(at: u32) -> bool {
    hours::is_outside(at / MINUTES % 7, at % MINUTES / 60)
}
