//! Where the month happens: organisations, whose children they work with, and 330,000 people who work there.

use std::collections::HashMap;

use benches::Draws;
use population::{Child, Population};
use vocabulary::OrganisationKind;

/// Draws for one purpose.
pub(crate) struct Chance(Draws);

impl Chance {
    pub(crate) fn new(seed: u64, purpose: u64) -> Chance {
        let mut first = Draws(seed ^ purpose.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        Chance(Draws(first.next_bits()))
    }

    /// A whole number below `bound`; 0 where that is 0.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        let wide = u64::from(u32::try_from(self.0.next_bits() >> 32).unwrap_or(0)) * u64::from(bound);
        u32::try_from(wide >> 32).unwrap_or(0)
    }

    /// True in so many of 1,000 cases.
    pub(crate) fn per_mille(&mut self, share: u32) -> bool {
        self.below(1_000) < share
    }

    /// One of a list; none of an empty one.
    pub(crate) fn one_of(&mut self, list: &[u32]) -> Option<u32> {
        let bound = u32::try_from(list.len()).unwrap_or(u32::MAX);
        list.get(place(self.below(bound))).copied()
    }
}

/// A number as a place in a list.
pub(crate) fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A length as a number.
pub(crate) fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// What two texts are compared by. In a directory it is a keyed hash; here any hash does.
pub(crate) fn blind(parts: &[&str]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in parts.iter().flat_map(|part| part.bytes().chain([0])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}

/// People of one kind of work.
pub(crate) struct Group {
    kinds: &'static [OrganisationKind],
    people: u32,
    /// Looks a working day, in hundredths.
    pub(crate) looks: u32,
    /// Of 1,000, how many work round the clock.
    shifts: u32,
    /// Of 1,000 looks: at a child referred, one who walked in, the wrong child of a name, one asked about on the
    /// telephone, one from elsewhere, and for a colleague; the rest are at children they work with.
    pub(crate) mix: [u32; 6],
}

const fn group(
    kinds: &'static [OrganisationKind],
    [people, looks, shifts]: [u32; 3],
    mix: [u32; 6],
) -> Group {
    Group { kinds, people, looks, shifts, mix }
}

/// Who uses the directory (scale.md 1, "user groups"), how often, and what for.
pub(crate) const GROUPS: [Group; 10] = [
    group(&[OrganisationKind::LocalAuthority], [60_000, 140, 40], [250, 0, 12, 25, 25, 0]),
    group(&[OrganisationKind::School], [75_000, 60, 0], [60, 0, 12, 12, 12, 0]),
    group(&[OrganisationKind::CommunityHealth], [15_000, 100, 0], [90, 0, 12, 12, 10, 0]),
    group(&[OrganisationKind::GpPractice], [60_000, 70, 10], [50, 0, 10, 12, 8, 0]),
    group(&[OrganisationKind::Hospital], [25_000, 200, 600], [20, 945, 12, 12, 0, 0]),
    group(&[OrganisationKind::MentalHealthService], [15_000, 80, 20], [180, 0, 12, 12, 8, 0]),
    group(
        &[OrganisationKind::Police, OrganisationKind::YouthJustice],
        [25_000, 150, 500],
        [200, 450, 12, 22, 8, 0],
    ),
    group(&[OrganisationKind::EarlyYears], [25_000, 30, 0], [70, 0, 10, 12, 8, 0]),
    group(&[OrganisationKind::Voluntary], [15_000, 50, 20], [220, 0, 12, 22, 10, 0]),
    group(&[OrganisationKind::LocalAuthority], [15_000, 150, 20], [200, 0, 12, 32, 35, 150]),
];

/// One organisation.
pub(crate) struct Organisation {
    pub(crate) kind: OrganisationKind,
    pub(crate) authority: Option<u32>,
    /// Children with whom it works now.
    pub(crate) children: Vec<u32>,
    pub(crate) users: Vec<u32>,
}

/// One person who may look.
pub(crate) struct User {
    pub(crate) organisation: u32,
    pub(crate) group: u8,
    pub(crate) shifts: bool,
    /// Busier than their peers by so much, in hundredths.
    pub(crate) busy: u16,
    /// Answers the telephone of a desk that anybody asks.
    pub(crate) triage: bool,
    pub(crate) surname: u64,
    pub(crate) whole_name: u64,
    /// House and postcode.
    pub(crate) home: u64,
    pub(crate) postcode: u64,
    /// A child of their own home.
    pub(crate) own_child: Option<u32>,
}

/// The country of one seed.
pub(crate) struct England {
    pub(crate) population: Population,
    pub(crate) children: u32,
    pub(crate) organisations: Vec<Organisation>,
    pub(crate) by_id: HashMap<String, u32>,
    /// Children by authority.
    pub(crate) local: Vec<Vec<u32>>,
    pub(crate) bearers: HashMap<u64, u32>,
    /// Streets of one authority, with the children who live there.
    pub(crate) streets: HashMap<u64, Vec<u32>>,
    pub(crate) users: Vec<User>,
}

/// What the first pass keeps of a child.
struct Seen {
    child: u32,
    authority: u32,
    surname: u64,
    street: u64,
    holders: Vec<u32>,
}

/// Children made at once by each of two threads.
const CHUNK: u32 = 20_000;

/// Of 1,000 people, how many live where they work, and how many have a child at home.
const LIVES_NEAR: u32 = 700;
const HAS_CHILDREN: u32 = 380;

impl England {
    pub(crate) fn new(seed: u64, children: u32, users: u32) -> England {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 2).unwrap_or_default();
        let population = Population::sized(seed, day, u64::from(children));
        let mut organisations = Vec::new();
        let mut by_id = HashMap::new();
        for (number, organisation) in (0_u32..).zip(population.organisations()) {
            // The code of an authority ends in its number, from 1.
            let code =
                organisation.authority.as_deref().and_then(|id| id.get(8..)).and_then(|n| n.parse().ok());
            by_id.insert(organisation.id, number);
            organisations.push(Organisation {
                kind: organisation.kind,
                authority: code.map(|code: u32| code - 1),
                children: Vec::new(),
                users: Vec::new(),
            });
        }
        let mut england = England {
            population,
            children,
            organisations,
            by_id,
            local: Vec::new(),
            bearers: HashMap::new(),
            streets: HashMap::new(),
            users: Vec::new(),
        };
        england.see_every_child();
        england.employ(seed, users);
        england
    }

    fn see_every_child(&mut self) {
        let children = self.children;
        for first in (0..children).step_by(place(2 * CHUNK)) {
            let one = |from: u32| -> Vec<Seen> {
                (from..children.min(from.saturating_add(CHUNK))).map(|child| self.seen(child)).collect()
            };
            let chunks = std::thread::scope(|scope| {
                let other = scope.spawn(|| one(first.saturating_add(CHUNK)));
                [one(first), other.join().unwrap_or_default()]
            });
            for seen in chunks.into_iter().flatten() {
                if self.local.len() <= place(seen.authority) {
                    self.local.resize_with(place(seen.authority) + 1, Vec::new);
                }
                if let Some(local) = self.local.get_mut(place(seen.authority)) {
                    local.push(seen.child);
                }
                *self.bearers.entry(seen.surname).or_default() += 1;
                if seen.authority == 3 && seen.street != 0 {
                    self.streets.entry(seen.street).or_default().push(seen.child);
                }
                for holder in seen.holders {
                    if let Some(organisation) = self.organisations.get_mut(place(holder)) {
                        organisation.children.push(seen.child);
                    }
                }
            }
        }
    }

    fn seen(&self, index: u32) -> Seen {
        let child = self.population.child(u64::from(index));
        let entries = self.population.involvements(u64::from(index));
        let mut holders: Vec<u32> = entries
            .iter()
            .filter(|entry| entry.ended_on.is_none())
            .filter_map(|entry| self.by_id.get(&entry.organisation()).copied())
            .collect();
        holders.sort_unstable();
        holders.dedup();
        Seen {
            child: index,
            authority: child.authority(),
            surname: blind(&[&child.surname]),
            street: street(&child).unwrap_or(0),
            holders,
        }
    }

    /// Gives every group its people, more where there are more children, and every person a home and a name.
    fn employ(&mut self, seed: u64, users: u32) {
        let all: u32 = GROUPS.iter().map(|group| group.people).sum();
        for (number, group) in (0_u8..).zip(&GROUPS) {
            let mut chance = Chance::new(seed, 100 + u64::from(number));
            let places: Vec<(u32, u64)> = (0_u32..)
                .zip(&self.organisations)
                .filter(|(_, organisation)| group.kinds.contains(&organisation.kind))
                .map(|(id, organisation)| {
                    let around = organisation.authority.and_then(|code| self.local.get(place(code)));
                    // A setting by its roll; a service by the children of its authority.
                    (id, (organisation.children.len().max(around.map_or(0, Vec::len) / 200) + 1) as u64)
                })
                .collect();
            let total: u64 = places.iter().map(|(_, weight)| weight).sum::<u64>().max(1);
            let wanted = u64::from(group.people) * u64::from(users) / u64::from(all);
            let (mut before, mut hired) = (0, 0);
            for (organisation, weight) in places {
                before += weight;
                while hired < wanted * before / total {
                    hired += 1;
                    let user = self.person(&mut chance, organisation, number, group);
                    let id = count(self.users.len());
                    self.users.push(user);
                    if let Some(held) = self.organisations.get_mut(place(organisation)) {
                        held.users.push(id);
                    }
                }
            }
        }
    }

    fn person(&self, chance: &mut Chance, organisation: u32, number: u8, group: &Group) -> User {
        let authority = self.organisations.get(place(organisation)).and_then(|held| held.authority);
        let near = authority.filter(|_| chance.per_mille(LIVES_NEAR));
        let around = near.and_then(|code| chance.one_of(self.local.get(place(code))?));
        let own = around.unwrap_or_else(|| chance.below(self.children));
        let child = self.population.child(u64::from(own));
        let has_children = chance.per_mille(HAS_CHILDREN) && child.home.is_some();
        let carer = child.carers.first().map(|carer| carer.name.clone()).unwrap_or_default();
        let surname = carer.rsplit(' ').next().unwrap_or_default();
        // Who has no child at home lives next door to one, under a name of the place.
        let alone = format!("{own} {}", self.users.len());
        User {
            organisation,
            group: number,
            shifts: chance.per_mille(group.shifts),
            busy: [30, 60, 90, 100, 120, 200].get(place(chance.below(6))).copied().unwrap_or(100),
            triage: group.mix[3] > 20 && chance.per_mille(15),
            surname: blind(&[surname]),
            whole_name: if has_children { blind(&[&carer]) } else { blind(&[&alone, surname]) },
            home: if has_children { home(&child).unwrap_or(0) } else { blind(&[&alone]) },
            postcode: child.home.as_ref().map_or(0, |home| blind(&[&home.postcode])),
            own_child: has_children.then_some(own),
        }
    }
}

/// What a home is compared by.
pub(crate) fn home(child: &Child) -> Option<u64> {
    child.home.as_ref().map(|home| blind(&[&home.line, &home.postcode]))
}

/// What a street is compared by: its name, without the house, and the district.
pub(crate) fn street(child: &Child) -> Option<u64> {
    let home = child.home.as_ref()?;
    let (_, name) = home.line.split_once(' ')?;
    let (district, _) = home.postcode.split_once(' ')?;
    Some(blind(&[name, district]))
}
