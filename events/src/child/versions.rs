//! Versions: which of a source's numbered statements is news, which comes late, which was heard before.
//!
//! Source: contract.md section 3 (`data.version`); invariants I-16 and I-17.

use std::collections::BTreeSet;

/// How many earlier versions of one statement are remembered: two months of nightly changes. A still older
/// one is kept in history again each time it comes, which loses nothing.
pub(super) const EARLIER_REMEMBERED_MAX: usize = 64;

/// What a version says about a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// It is the newest, or unnumbered: its content is judged. Tells whether its number alone is news.
    Now {
        /// No statement with so high a number was heard before.
        newer: bool,
    },
    /// It is older than the newest and was not heard before: kept in history, and changes nothing.
    Late(i64),
    /// It is older than the newest and was heard before (I-16): nothing to keep.
    Heard,
}

/// Judges the number `told` against the `newest` and those heard `earlier`.
pub(super) fn turn(newest: Option<i64>, earlier: &BTreeSet<i64>, told: Option<i64>) -> Turn {
    match (newest, told) {
        (_, None) => Turn::Now { newer: false },
        (None, Some(_)) => Turn::Now { newer: true },
        (Some(newest), Some(told)) if told >= newest => Turn::Now { newer: told > newest },
        (Some(_), Some(told)) if earlier.contains(&told) => Turn::Heard,
        (Some(_), Some(told)) => Turn::Late(told),
    }
}

/// Remembers that a statement with the number `told` was heard.
pub(super) fn remember(newest: &mut Option<i64>, earlier: &mut BTreeSet<i64>, told: Option<i64>) {
    let Some(told) = told else { return };
    match *newest {
        Some(known) if told < known => {
            earlier.insert(told);
        }
        Some(known) if told > known => {
            earlier.insert(known);
            *newest = Some(told);
        }
        Some(_) => (),
        None => *newest = Some(told),
    }
    if earlier.len() > EARLIER_REMEMBERED_MAX {
        earlier.pop_first();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_version_is_late_once_and_heard_ever_after() {
        let (mut newest, mut earlier) = (None, BTreeSet::new());
        remember(&mut newest, &mut earlier, Some(5));
        assert_eq!(turn(newest, &earlier, Some(3)), Turn::Late(3));
        remember(&mut newest, &mut earlier, Some(3));
        assert_eq!((newest, turn(newest, &earlier, Some(3))), (Some(5), Turn::Heard));
    }

    #[test]
    fn a_version_that_was_the_newest_once_is_heard_when_it_comes_again() {
        let (mut newest, mut earlier) = (None, BTreeSet::new());
        remember(&mut newest, &mut earlier, Some(1));
        remember(&mut newest, &mut earlier, Some(2));
        assert_eq!(turn(newest, &earlier, Some(1)), Turn::Heard);
        assert_eq!(turn(newest, &earlier, Some(2)), Turn::Now { newer: false });
        assert_eq!(turn(newest, &earlier, Some(3)), Turn::Now { newer: true });
    }

    #[test]
    fn what_is_remembered_has_a_limit_and_nothing_is_lost_past_it() {
        let (mut newest, mut earlier) = (None, BTreeSet::new());
        for version in 0..200 {
            remember(&mut newest, &mut earlier, Some(version));
        }
        assert_eq!(earlier.len(), EARLIER_REMEMBERED_MAX);
        assert_eq!(turn(newest, &earlier, Some(0)), Turn::Late(0));
    }
}
