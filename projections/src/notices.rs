//! Who is to be told of what is held: an index of [`ChildRecord`](crate::ChildRecord).
//!
//! By authority, by whom the notice is for and by the publication they had last, so that what is published moves no
//! row: those who had an older one stand before those who had the last. A birthday writes nothing either: the child's
//! own copy is listed by the tenth, the earliest that a policy may ask, and whoever reads the child's row judges.
//! Source: rules.md 6.3; ADR-0058.

use chrono::{Months, NaiveDate};
use events::child::Child;
use vocabulary::{ChildId, OrganisationId};

use crate::{Posting, key::RowKey};

/// Number of this index within [`ChildRecord`](crate::ChildRecord).
const INDEX: u8 = 11;

/// The youngest age from which a policy may give children a copy.
pub const YOUNGEST: i32 = 10;

/// The day from which on those are meant whose age counts for nothing.
const ALWAYS: NaiveDate = match NaiveDate::from_epoch_days(0) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// Whom a notice is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum For {
    /// Everybody who lives where the child lives.
    Household = 1,
    /// The child.
    OwnCopy = 2,
    /// A carer who lives elsewhere.
    CarerApart = 3,
}

/// Which list of an authority: shielded records stand on lists of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Listed {
    /// Whom the notice is for.
    pub whom: For,
    /// Whether the record is shielded, so that it is given through the team.
    pub shielded: bool,
}

/// The beginning of all postings of an authority's list of those who had this publication last, 0 for none.
pub fn of(authority: &OrganisationId, listed: Listed, told: u32) -> Posting {
    Posting::of(INDEX).and(authority).and(&(listed.whom as u8)).and(&u8::from(listed.shielded)).and(&told)
}

/// The posting of one child: where to go on after it.
pub fn at(authority: &OrganisationId, listed: Listed, told: u32, from: NaiveDate, child: ChildId) -> Posting {
    of(authority, listed, told).and(&from).and(&child)
}

/// The day from which on the child may be meant, as a posting names it.
pub fn read(posting: &Posting) -> Option<NaiveDate> {
    let (index, rest) = posting.0.split_first()?;
    let mut rest = (*index == INDEX).then_some(rest)?;
    OrganisationId::read(&mut rest)?;
    let _of: (u8, (u8, u32)) = RowKey::read(&mut rest)?;
    NaiveDate::read(&mut rest)
}

/// One posting for the household, one for the child, one for all carers who live elsewhere.
pub(crate) fn postings(id: ChildId, child: &Child) -> Vec<Posting> {
    let life = &child.life;
    let elsewhere = life.died_on.is_some() || life.left_england.is_some() || life.archived_on.is_some();
    let counted = !elsewhere && child.merged_into().is_none();
    let Some(authority) = child.authority.as_ref().filter(|_| counted) else { return Vec::new() };
    let shielded = child.is_shielded();
    let posting = |whom, told, from| at(authority, Listed { whom, shielded }, told, from, id);
    let mut postings = Vec::new();
    if child.home().is_some() {
        postings.push(posting(For::Household, child.household_told(), ALWAYS));
    }
    let months = Months::new(12 * YOUNGEST.unsigned_abs());
    let tenth = child.date_of_birth().and_then(|born| born.checked_add_months(months));
    postings.extend(tenth.map(|from| posting(For::OwnCopy, child.own_copy_told(), from)));
    let apart = child.carers_apart().into_iter().map(|carer| child.apart_told(carer)).min();
    postings.extend(apart.map(|told| posting(For::CarerApart, told, ALWAYS)));
    postings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ChildRecord,
        samples::{SOURCE, ava, child, linked, registered, shielded},
        spec::{Given, given, told as record},
    };
    use serde_json::json;

    fn listed(given: &Given, whom: For, shielded: bool, last: u32) -> usize {
        let within = of(&"gss:E09000014".parse().unwrap(), Listed { whom, shielded }, last);
        given.postings::<ChildRecord>().iter().filter(|posting| posting.0.starts_with(&within.0)).count()
    }

    fn with(facts: Vec<events::Fact>) -> Given {
        let told = json!({"forename": "Ava", "surname": "Lowe", "date_of_birth": "2015-04-02", "gender": "female",
            "address": {"lines": ["12 Mill Lane"], "postcode": "N17 6AA"}});
        let at_home =
            child("child_described", &json!({"source": SOURCE, "supplier": "org:a", "child": told}));
        let first = [registered(), linked(), at_home];
        given([record(ava().stream(), first.into_iter().chain(facts))])
    }

    fn notice(audience: &str) -> events::Fact {
        let given =
            json!({"publication": 2, "version": "2026-2", "audience": audience, "means": "through_team"});
        child("notice_given", &given)
    }

    #[test]
    fn whoever_had_no_notice_stands_before_whoever_had_the_last_and_nobody_on_two_lists() {
        let untold = with(vec![]);
        assert_eq!(
            (listed(&untold, For::Household, false, 0), listed(&untold, For::OwnCopy, false, 0)),
            (1, 1)
        );
        let own: Vec<_> = untold.postings::<ChildRecord>().iter().filter_map(read).collect();
        assert!(own.contains(&"2025-04-02".parse().unwrap()), "born on 2015-04-02: {own:?}");
        let household = with(vec![notice("household")]);
        assert_eq!(
            (listed(&household, For::Household, false, 0), listed(&household, For::Household, false, 2)),
            (0, 1)
        );
        assert_eq!(listed(&household, For::OwnCopy, false, 0), 1);
        let hidden = with(vec![shielded(), notice("own_copy")]);
        assert_eq!(
            (listed(&hidden, For::Household, false, 0), listed(&hidden, For::Household, true, 0)),
            (0, 1)
        );
        assert_eq!((listed(&hidden, For::OwnCopy, false, 2), listed(&hidden, For::OwnCopy, true, 2)), (0, 1));
    }

    #[test]
    fn a_child_who_is_gone_stands_on_no_list() {
        let gone = with(vec![child("child_died", &json!({"supplier": "org:a", "on": "2026-06-01"}))]);
        assert_eq!(listed(&gone, For::Household, false, 0) + listed(&gone, For::OwnCopy, false, 0), 0);
    }
}
