//! Forms that one forename goes by: a short table of classes, by hand.
//!
//! Source: common knowledge of British usage and of transliterations in England (matching.md 3.7); the linkage
//! work replaces it by a longer one. A name may stand in several classes.

use std::{collections::BTreeMap, sync::LazyLock};

/// One class a line; every member may stand for every other.
const CLASSES: &str = include_str!("nickname/classes.txt");

static BY_NAME: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let mut by_name: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for class in CLASSES.lines() {
        for name in class.split_whitespace() {
            by_name.entry(name).or_default().push(class);
        }
    }
    by_name
});

/// Tells whether two normalised names share a class.
pub fn share(left: &str, right: &str) -> bool {
    match (BY_NAME.get(left), BY_NAME.get(right)) {
        // A class is one line of one text, so that its text tells it.
        (Some(of_left), Some(of_right)) => of_left.iter().any(|class| of_right.contains(class)),
        (None, _) | (_, None) => false,
    }
}

/// The names that share a class with this one, itself among them.
pub fn others(name: &str) -> impl Iterator<Item = &'static str> {
    BY_NAME.get(name).into_iter().flatten().flat_map(|class| class.split_whitespace())
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
        for name in CLASSES.split_whitespace() {
            assert_eq!(crate::normal::name(name).0, name);
        }
    }
}
