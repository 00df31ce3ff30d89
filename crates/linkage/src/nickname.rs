//! Forms that one forename goes by: classes by hand, and the pairs of a public list.
//!
//! Source: `classes.txt`, common knowledge of British usage and of transliterations in England (matching.md 3.7);
//! `nicknames.csv`, the package nicknames 1.0.1 of the Python Package Index, Apache-2.0, unchanged;
//! `forenames.txt`, the forenames given 300 times or more in England and Wales from 2006 to 2020, normalised, from the
//! Office for National Statistics under the Open Government Licence v3.0. A name may stand in several classes;
//! whoever shares one with a name may be called by it.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::LazyLock,
};

/// One class a line; every member may stand for every other.
const CLASSES: &str = include_str!("nickname/classes.txt");

/// A header, then `name,has_nickname,nickname` a line.
const NICKNAMES: &str = include_str!("nickname/nicknames.csv");

/// One name a line.
const FORENAMES: &str = include_str!("nickname/forenames.txt");

static BORNE: LazyLock<HashSet<&'static str>> = LazyLock::new(|| FORENAMES.lines().collect());

/// `HashMap` where order can never show: it is only asked, and a comparison asks several times.
type Table = HashMap<&'static str, BTreeSet<&'static str>>;

/// Each name with every other that it may go by.
static OTHERS: LazyLock<Table> = LazyLock::new(|| {
    let mut others = Table::new();
    let mut relate = |one: &'static str, other: &'static str| {
        if one != other {
            others.entry(one).or_default().insert(other);
            others.entry(other).or_default().insert(one);
        }
    };
    for class in CLASSES.lines() {
        for (place, one) in class.split_whitespace().enumerate() {
            for other in class.split_whitespace().skip(place + 1) {
                relate(one, other);
            }
        }
    }
    for line in NICKNAMES.lines().skip(1) {
        // Names are compared without signs, so that one written with them would never be met.
        if let [name, "has_nickname", nickname] = line.split(',').collect::<Vec<_>>()[..]
            && [name, nickname].iter().all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()))
        {
            relate(name, nickname);
        }
    }
    others
});

/// Tells whether one of two normalised names, which are not the same, may stand for the other.
pub fn share(left: &str, right: &str) -> bool {
    Others::of(left).contains(right)
}

/// The names that may stand for one, looked up once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Others(Option<&'static BTreeSet<&'static str>>);

impl Others {
    pub(crate) fn of(name: &str) -> Others {
        Others(OTHERS.get(name))
    }

    /// As [`share`] of the name and this one.
    pub(crate) fn contains(self, name: &str) -> bool {
        self.0.is_some_and(|others| others.contains(name))
    }
}

/// Tells whether this is a name that many bear: one edit from another it is no slip of it, as Eva is none of Ava.
pub fn is_borne(name: &str) -> bool {
    BORNE.contains(name)
}

/// The names that may stand for this one, in order.
pub fn others(name: &str) -> impl Iterator<Item = &'static str> + use<> {
    OTHERS.get(name).into_iter().flatten().copied()
}

/// Every forename and every form of one.
#[cfg(test)]
pub(crate) fn all() -> BTreeSet<&'static str> {
    BORNE.iter().chain(OTHERS.keys()).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_shared_and_does_not_reach_into_the_next() {
        assert!(share("bill", "william"));
        assert!(share("alex", "alexander") && share("alex", "alexandra"));
        assert!(!share("alexander", "alexandra"));
        assert!(!share("nobody", "william"));
    }

    #[test]
    fn every_member_is_written_as_names_are_compared() {
        for name in OTHERS.keys() {
            assert_eq!(crate::normal::name(name).0, *name);
        }
    }
}
