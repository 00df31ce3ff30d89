//! What an authority's team is to see to, and reports count: indexes of [`ChildRecord`](crate::ChildRecord).
//!
//! Each lists who may be meant, by the day from which on, and whoever reads the child's row judges: a birthday writes
//! nothing. Source: rules.md 3.2, 6.1; domain.md Q15.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, Months, NaiveDate};
use events::child::{Child, RecordState, consent::Episode, involvement::Involvement};
use vocabulary::{ChildId, GivenBy, InvolvementId, OrganisationId, ServiceClass, england_day};

use crate::{Posting, key::RowKey};

/// Number of the index of consents to be sought again within [`ChildRecord`](crate::ChildRecord).
const CONSENTS: u8 = 7;

/// Number of the index of open entries by when they were last heard of.
const OPEN: u8 = 8;

/// Number of the index of children with several services and no lead professional.
const NO_LEAD: u8 = 9;

/// Age at which a young person is asked first, where a parent consented (rules.md 3.2).
const PROMPT_AGE: i32 = 12;

/// Age at which a young person's own consent is due.
const DUE_AGE: i32 = 16;

/// How long an open entry may be silent before it looks ended: three terms of school.
pub const SILENT_DAYS: u64 = 365;

/// Whose consent is to be sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reseek {
    /// The young person is 12 to 15 and a parent consented before.
    Prompt,
    /// The young person is 16 or over and a parent's consent stands.
    Due,
}

/// What looks ended and was never closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotClosed {
    /// The child died or left England.
    OfGone,
    /// Nothing was said of it for a year.
    Silent,
}

/// The beginning of all postings of an authority's consents to be sought again, those due first at the top.
pub fn consents_of(authority: &OrganisationId) -> Posting {
    Posting::of(CONSENTS).and(authority)
}

/// The beginning of all postings of an authority's open additional entries, the longest silent at the top.
pub fn open_of(authority: &OrganisationId) -> Posting {
    Posting::of(OPEN).and(authority)
}

/// The beginning of all postings of an authority's children with several services and no lead professional.
pub fn no_lead_of(authority: &OrganisationId) -> Posting {
    Posting::of(NO_LEAD).and(authority)
}

/// The day that a posting of consents or of open entries names.
pub fn read_day(posting: &Posting) -> Option<NaiveDate> {
    let (index, rest) = posting.0.split_first()?;
    let read: (OrganisationId, (NaiveDate, ChildId)) =
        [CONSENTS, OPEN].contains(index).then(|| RowKey::decode(rest))??;
    Some(read.1.0)
}

/// The last day whose open entries are silent for too long on `today`.
pub fn silent_through(today: NaiveDate) -> NaiveDate {
    today.checked_sub_days(Days::new(SILENT_DAYS)).unwrap_or(NaiveDate::MIN)
}

/// Whether consent of this child is to be sought again on a civil day.
pub fn reseek(child: &Child, today: NaiveDate) -> Option<Reseek> {
    if !is_live(child, today) {
        return None;
    }
    let born = child.date_of_birth()?;
    let parents = || child.episodes.values().filter(|episode| by_parent(episode).is_some());
    if birthday(born, DUE_AGE) <= today {
        return parents().next().map(|_| Reseek::Due);
    }
    let prompt = birthday(born, PROMPT_AGE);
    let before = |episode: &Episode| by_parent(episode).is_some_and(|decided_on| decided_on < prompt);
    (prompt <= today && parents().any(before)).then_some(Reseek::Prompt)
}

/// Whether an open entry of this child looks ended on a civil day. Shielded children are left out.
pub fn not_closed(child: &Child, today: NaiveDate) -> Option<NotClosed> {
    let oldest = last_heard(child).filter(|_| !child.is_shielded() && child.merged_into().is_none())?;
    if is_gone(child) {
        return Some(NotClosed::OfGone);
    }
    (is_live(child, today) && oldest <= silent_through(today)).then_some(NotClosed::Silent)
}

/// Whether several organisations work with the child on a civil day, in additional services, and none leads.
///
/// Sensitive and protected services are not counted, nor is what is disputed. Shielded children are left out.
pub fn lacks_lead(child: &Child, today: NaiveDate) -> bool {
    is_live(child, today) && !child.is_shielded() && without_lead(child, |entry| entry.is_open(today))
}

pub(crate) fn postings(id: ChildId, child: &Child) -> Vec<Posting> {
    let Some(authority) = child.authority.as_ref().filter(|_| child.merged_into().is_none()) else {
        return Vec::new();
    };
    let mut postings = Vec::new();
    if let Some(born) = child.date_of_birth() {
        let from = child.episodes.values().filter_map(by_parent).map(|decided_on| {
            let prompt = birthday(born, PROMPT_AGE);
            if decided_on < prompt { prompt } else { birthday(born, DUE_AGE) }
        });
        postings.extend(from.min().map(|day| consents_of(authority).and(&day).and(&id)));
    }
    if !child.is_shielded() {
        let heard = last_heard(child).map(|day| if is_gone(child) { NaiveDate::MIN } else { day });
        postings.extend(heard.map(|day| open_of(authority).and(&day).and(&id)));
        if without_lead(child, |_| true) {
            postings.push(no_lead_of(authority).and(&id));
        }
    }
    postings
}

/// The day on which a parent decided, where a parent's consent stands.
fn by_parent(episode: &Episode) -> Option<NaiveDate> {
    let consent = episode.consent.as_ref()?;
    (consent.given_by == GivenBy::Parent).then_some(consent.decided_on)
}

/// The entries of additional services that have no end.
fn unended(child: &Child) -> impl Iterator<Item = (&InvolvementId, &Involvement)> {
    child.involvements.iter().filter(|(_, entry)| {
        entry.class() == ServiceClass::Additional
            && entry.ended_on.is_none()
            && !entry.in_error
            && !child.is_disputed(&entry.source)
    })
}

/// The day on which that of the open entries was heard of of which nothing was said for longest.
fn last_heard(child: &Child) -> Option<NaiveDate> {
    unended(child).map(|(_, entry)| england_day(entry.as_at)).min()
}

fn without_lead(child: &Child, counts: impl Fn(&Involvement) -> bool) -> bool {
    let working: Vec<&Involvement> =
        unended(child).map(|(_, entry)| entry).filter(|entry| counts(entry)).collect();
    let organisations: BTreeSet<&OrganisationId> = working.iter().map(|entry| &entry.organisation).collect();
    organisations.len() > 1 && !working.iter().any(|entry| entry.lead_professional)
}

fn is_gone(child: &Child) -> bool {
    child.life.died_on.is_some() || child.life.left_england.is_some()
}

fn is_live(child: &Child, today: NaiveDate) -> bool {
    let held = matches!(child.record_state(today), RecordState::Live | RecordState::Shielded);
    held && !is_gone(child) && child.merged_into().is_none()
}

/// The birthday of an age; on 1 March where there is no such day.
fn birthday(born: NaiveDate, age: i32) -> NaiveDate {
    let months = u32::try_from(age * 12).unwrap_or_default();
    let day = born.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX);
    if day.day() == born.day() { day } else { day.succ_opt().unwrap_or(day) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ChildRecord,
        samples::{EPISODE, ava, child, described, linked, registered, started, started_sensitive},
        spec::{Given, given, told},
    };
    use serde_json::json;
    use uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn consent(given_by: &str, decided_on: &str) -> events::Fact {
        let competence = if given_by == "parent" { "assessed_not_competent" } else { "assessed_competent" };
        let episode = Uuid::from_u128(0x2);
        child(
            "consent_given",
            &json!({"episode": episode, "supplier": "org:clinic", "given_by": given_by,
                    "competence": competence, "method": "written", "notice_version": "1",
                    "decided_on": decided_on}),
        )
    }

    fn held(given: &Given) -> std::sync::Arc<Child> {
        given.row::<ChildRecord>(&ava()).get().child.clone()
    }

    fn listed(given: &Given, within: &Posting) -> usize {
        given.postings::<ChildRecord>().iter().filter(|posting| posting.0.starts_with(&within.0)).count()
    }

    fn authority() -> OrganisationId {
        "gss:E09000014".parse().unwrap()
    }

    /// Ava was born on 2015-04-02: twelve in 2027, sixteen in 2031.
    #[test]
    fn a_parents_consent_is_sought_again_at_twelve_and_at_sixteen() {
        let begun = || told(ava().stream(), [registered(), linked(), described()]);
        let of = |given_by, decided_on| {
            let facts = [consent(given_by, decided_on), started_sensitive(1)];
            given([begun(), told(ava().stream(), facts).under(EPISODE)])
        };
        let before = of("parent", "2026-05-01");
        let on = |given: &Given, text| reseek(&held(given), day(text));
        assert_eq!(on(&before, "2027-04-01"), None);
        assert_eq!(on(&before, "2027-04-02"), Some(Reseek::Prompt));
        assert_eq!(on(&before, "2031-04-02"), Some(Reseek::Due));
        assert_eq!(on(&before, "2033-04-02"), None, "the record is in the archive");
        let found = before.postings::<ChildRecord>();
        assert!(found.iter().filter_map(read_day).any(|from| from == day("2027-04-02")));
        let after = of("parent", "2028-05-01");
        assert_eq!((on(&after, "2030-01-01"), on(&after, "2031-04-02")), (None, Some(Reseek::Due)));
        let own = of("child", "2026-05-01");
        assert_eq!((on(&own, "2031-04-02"), listed(&own, &consents_of(&authority()))), (None, 0));
    }

    #[test]
    fn several_services_without_a_lead_are_listed_and_sensitive_ones_are_not_counted() {
        let with = |facts: Vec<events::Fact>| {
            let first = [registered(), linked(), described()];
            given([told(ava().stream(), first.into_iter().chain(facts))])
        };
        let lacks = |given: &Given| {
            (listed(given, &no_lead_of(&authority())) == 1, lacks_lead(&held(given), day("2026-07-01")))
        };
        let two = || vec![started(1, "org:b", "social_care"), started(2, "org:c", "early_help")];
        assert_eq!(lacks(&with(two())), (true, true));
        assert_eq!(lacks(&with(two()[..1].to_vec())), (false, false));
        let one_hidden =
            vec![started(1, "org:b", "social_care"), consent("child", "2026-05-01"), started_sensitive(2)];
        assert_eq!(lacks(&with(one_hidden)), (false, false));
        let lead = child("lead_professional_named", &json!({"involvement": crate::samples::entry(2)}));
        assert_eq!(lacks(&with(two().into_iter().chain([lead]).collect())), (false, false));
        assert_eq!(
            lacks(&with(two().into_iter().chain([crate::samples::shielded()]).collect())),
            (false, false)
        );
    }

    #[test]
    fn an_open_entry_is_silent_after_a_year_and_at_once_where_the_child_is_gone() {
        let first = || [registered(), linked(), described(), started(1, "org:b", "social_care")];
        let open = given([told(ava().stream(), first())]);
        let heard = open.postings::<ChildRecord>().iter().find_map(read_day).unwrap();
        let child_held = held(&open);
        assert_eq!(not_closed(&child_held, heard + Days::new(364)), None);
        assert_eq!(not_closed(&child_held, heard + Days::new(365)), Some(NotClosed::Silent));
        let died = child("child_died", &json!({"supplier": "org:a", "on": "2026-06-01"}));
        let gone = given([told(ava().stream(), first().into_iter().chain([died]))]);
        assert_eq!(not_closed(&held(&gone), heard), Some(NotClosed::OfGone));
        let found = gone.postings::<ChildRecord>();
        assert!(found.iter().filter_map(read_day).any(|from| from == NaiveDate::MIN));
        let universal = given([told(
            ava().stream(),
            [registered(), linked(), described(), started(1, "org:b", "school")],
        )]);
        assert_eq!(listed(&universal, &open_of(&authority())), 0);
    }
}
