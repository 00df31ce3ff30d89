//! Gathers what a directory would know beside each look, and has the engine judge it.
//!
//! It never reads who planted a look. Facts about a child come from the country itself, as rows would hold them.

use std::{
    collections::{BTreeMap, HashMap},
    convert::Infallible,
};

use misuse::{
    Entry, Facts, Line, Rarity, World, explain,
    explain::carries_on,
    queue::{self, Child, queue},
};
use vocabulary::Explanation;

use crate::{
    england::{England, blind, home, place, street},
    honest::{Look, Month, Told},
};

const MINUTES: u32 = queue::DAY;

/// What came of the month.
pub(crate) struct Judged {
    pub(crate) by_explanation: BTreeMap<Explanation, u64>,
    pub(crate) looks: u64,
    /// The first to be asked about stands first.
    pub(crate) queue: Vec<Line>,
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
    let users: Vec<queue::User> = england
        .users
        .iter()
        .map(|user| queue::User {
            organisation: user.organisation,
            group: user.group,
            surname: user.surname,
            whole_name: user.whole_name,
            home: Some(user.home),
            postcode: Some(user.postcode),
            woken: false,
            enumerated: false,
        })
        .collect();
    let told = month.looks.iter().zip(&explained).map(|(look, explained)| queue::Look {
        at: look.at,
        user: look.user,
        child: look.child,
        explained: *explained,
        overridden: false,
    });
    let looks: Vec<queue::Look> = told.collect();
    let Ok(queue) = queue(&Known { england, recorded: &month.recorded }, &users, &looks);
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
                entry = entry.stronger(told);
            }
            if Some(holder) == caller {
                of_caller = of_caller.stronger(told);
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

/// What was told of one child to one organisation.
fn of(told: &[Told], organisation: u32, child: u32) -> &[Told] {
    let from = told.partition_point(|(o, c, _)| (*o, *c) < (organisation, child));
    let until = told.partition_point(|(o, c, _)| (*o, *c) <= (organisation, child));
    told.get(from..until).unwrap_or_default()
}

/// The country and what was recorded in it, as the engine asks.
struct Known<'a> {
    england: &'a England,
    recorded: &'a [Told],
}

impl World for Known<'_> {
    type Error = Infallible;

    fn child(&self, index: u32) -> Result<Child, Infallible> {
        if index >= self.england.children {
            return Ok(Child { canary: true, ..Child::default() });
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
        Ok(Child {
            surname: blind(&[&child.surname]),
            alphabet: u64::from_be_bytes(letters),
            carers: child.carers.iter().map(|carer| blind(&[&carer.name])).collect(),
            home: home(&child),
            postcode: child.home.as_ref().map(|home| blind(&[&home.postcode])),
            street: street(&child),
            school: school.map(|entry| blind(&[&entry.organisation()])),
            authority: Some(child.authority()),
            canary: false,
        })
    }

    fn bearers(&self, surname: u64) -> Rarity {
        Rarity {
            bearers: u64::from(self.england.bearers.get(&surname).copied().unwrap_or(0)),
            of: u64::from(self.england.children),
        }
    }

    fn colleagues(&self, organisation: u32) -> Rarity {
        let held = self.england.organisations.get(place(organisation));
        let around = held.and_then(|held| self.england.local.get(place(held.authority?)));
        Rarity {
            bearers: held.map_or(0, |held| held.users.len() as u64),
            of: around.map_or(u64::from(self.england.children), |local| local.len() as u64),
        }
    }

    fn authority_of(&self, organisation: u32) -> Option<u32> {
        self.england.organisations.get(place(organisation)).and_then(|held| held.authority)
    }

    fn recorded_after(&self, organisation: u32, child: u32, at: u32) -> Result<bool, Infallible> {
        Ok(of(self.recorded, organisation, child).iter().any(|(_, _, recorded)| *recorded > at))
    }
}
