//! Explain first: what the directory holds already accounts for nearly every look.
//!
//! A look that is explained is not asked about, unless it is one that is always reviewed.
//! Source: reliability.md, "Misuse engine", layer 1; Fabbri and `LeFevre` (VLDB 2011), who explain 94 in 100.

use vocabulary::Explanation;

/// For how many days after its end an entry still explains a look.
pub const RECENT_DAYS: u32 = 92;
/// For how many days something that came to the organisation about a child explains its looks.
pub const REFERRAL_DAYS: u32 = 30;
/// Within how many days after the look an involvement must be recorded (domain.md 6.4, U5).
pub const RECORDED_DAYS: u32 = 14;
/// For how many days an explained look explains the same person's later ones at the same child.
pub const FOLLOW_UP_DAYS: u32 = 30;

/// How the looker's organisation stood to the child at the look: the strongest of its entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Entry {
    /// It held none.
    #[default]
    None,
    /// One that ended so many days before.
    Ended {
        /// Whole days from its last day to the look.
        days: u32,
    },
    /// The child stood in its register: a roll or a list, a universal service's.
    Register,
    /// It worked with the child.
    Open,
}

impl Entry {
    /// The one of two that says more: an open entry before a register, a register before one that ended, a short while
    /// ago before long ago.
    #[must_use]
    pub fn stronger(self, other: Entry) -> Entry {
        match (self, other) {
            (Entry::Ended { days }, Entry::Ended { days: others }) => Entry::Ended { days: days.min(others) },
            (one, other) => one.max(other),
        }
    }
}

/// What the directory holds that may explain one look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// The organisation's own entry.
    pub entry: Entry,
    /// Whole days since something about the child last came to the organisation; none where nothing did.
    pub referred: Option<u32>,
    /// Whole days until the organisation recorded an involvement; none where it has not.
    pub recorded: Option<u32>,
    /// Whole days since this person's last explained look at this child; none where there was none.
    pub followed: Option<u32>,
    /// Whether it was for a colleague to whom any of the first three applies.
    pub caller: bool,
    /// Whether it is the directory's own work at a record of the team's authority.
    pub duty: bool,
    /// Whether an approved case names the child.
    pub case: bool,
}

/// Tells what explains a look, the strongest first; none where a person may have to ask.
pub fn explain(facts: &Facts) -> Option<Explanation> {
    let within = |days: Option<u32>, most: u32| days.is_some_and(|days| days <= most);
    let of_entry = match facts.entry {
        Entry::Open => Some(Explanation::OpenEntry),
        Entry::Register => Some(Explanation::Register),
        Entry::Ended { days } if days <= RECENT_DAYS => Some(Explanation::RecentEntry),
        Entry::Ended { .. } | Entry::None => None,
    };
    if facts.case {
        return Some(Explanation::ApprovedCase);
    }
    if facts.duty {
        return Some(Explanation::Duty);
    }
    if of_entry.is_some() {
        return of_entry;
    }
    if within(facts.referred, REFERRAL_DAYS) {
        return Some(Explanation::Referral);
    }
    if facts.caller {
        return Some(Explanation::MediatedForExplained);
    }
    if within(facts.recorded, RECORDED_DAYS) {
        return Some(Explanation::RecordedAfter);
    }
    within(facts.followed, FOLLOW_UP_DAYS).then_some(Explanation::FollowUp)
}

/// Tells whether an explanation explains the same person's later looks too: a follow-up does not, or a chain of them
/// would never end.
pub fn carries_on(explanation: Explanation) -> bool {
    explanation != Explanation::FollowUp
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(change: impl FnOnce(&mut Facts)) -> Option<Explanation> {
        let mut facts = Facts::default();
        change(&mut facts);
        explain(&facts)
    }

    #[test]
    fn each_fact_explains_alone_and_only_for_as_long_as_it_may() {
        assert_eq!(told(|_| ()), None);
        assert_eq!(told(|facts| facts.entry = Entry::Open), Some(Explanation::OpenEntry));
        assert_eq!(told(|facts| facts.entry = Entry::Register), Some(Explanation::Register));
        assert_eq!(told(|facts| facts.entry = Entry::Ended { days: 92 }), Some(Explanation::RecentEntry));
        assert_eq!(told(|facts| facts.entry = Entry::Ended { days: 93 }), None);
        assert_eq!(told(|facts| facts.referred = Some(30)), Some(Explanation::Referral));
        assert_eq!(told(|facts| facts.referred = Some(31)), None);
        assert_eq!(told(|facts| facts.recorded = Some(14)), Some(Explanation::RecordedAfter));
        assert_eq!(told(|facts| facts.recorded = Some(15)), None);
        assert_eq!(told(|facts| facts.followed = Some(30)), Some(Explanation::FollowUp));
        assert_eq!(told(|facts| facts.followed = Some(31)), None);
        assert_eq!(told(|facts| facts.caller = true), Some(Explanation::MediatedForExplained));
        assert_eq!(told(|facts| facts.duty = true), Some(Explanation::Duty));
        assert_eq!(told(|facts| facts.case = true), Some(Explanation::ApprovedCase));
    }

    #[test]
    fn of_two_entries_the_one_that_says_more_stands() {
        let (long_ago, lately) = (Entry::Ended { days: 300 }, Entry::Ended { days: 3 });
        let table = [
            (Entry::Register, Entry::Open, Entry::Open),
            (lately, Entry::Register, Entry::Register),
            (long_ago, lately, lately),
            (Entry::None, long_ago, long_ago),
        ];
        for (one, other, stands) in table {
            assert_eq!((one.stronger(other), other.stronger(one)), (stands, stands));
        }
    }

    fn any_facts() -> impl Strategy<Value = Facts> {
        let entry = prop_oneof![
            Just(Entry::None),
            Just(Entry::Open),
            Just(Entry::Register),
            (0_u32..200).prop_map(|days| Entry::Ended { days })
        ];
        let days = || proptest::option::of(0_u32..60);
        (entry, days(), days(), days(), any::<[bool; 3]>()).prop_map(
            |(entry, referred, recorded, followed, [caller, duty, case])| Facts {
                entry,
                referred,
                recorded,
                followed,
                caller,
                duty,
                case,
            },
        )
    }

    proptest! {
        #[test]
        fn knowing_more_never_leaves_a_look_less_explained(facts in any_facts(), days in 0_u32..=14) {
            if explain(&facts).is_some() {
                let more = [
                    Facts { case: true, ..facts },
                    Facts { entry: Entry::Open, ..facts },
                    Facts { referred: Some(days), ..facts },
                    Facts { recorded: Some(days), ..facts },
                ];
                for known in more {
                    prop_assert!(explain(&known).is_some());
                }
            }
        }
    }
}
