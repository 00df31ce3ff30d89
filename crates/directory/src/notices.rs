//! Notices: which families are to be told what is held and why, those who never were first; and that they were.
//!
//! One a household: of the children of one home one stands on the list, and what is given tells them all. Whoever lives
//! elsewhere is told by themself, of all children of that home at once. A shielded record stands on a list of its own
//! and is told of through the team. No page holds an address. Source: rules.md 6.3; domain.md 7; ADR-0058.

mod giving;

use std::{fmt, str::FromStr, sync::Arc};

use chrono::{Datelike, NaiveDate};
use events::{
    Fact,
    child::Child,
    policy::PublishedNotice,
    search::{self, List},
};
use finding::{FOUND_MAX, FieldSet, Found, Query, Sight};
use projections::{
    ChildRecord,
    notices::{self, For, Listed},
};
use serde::{Deserialize, Serialize};
use visibility::permission::{Action, Relation};
use vocabulary::{AddressState, ChildId, ChildNumber, KeyedRef, Label, OrganisationId, england_day};

use crate::{
    Directory,
    children::LoadError,
    disclose::{Disclosed, LookError},
    people::Person,
    queue::LIST_CHILDREN_MAX,
    rows::Order,
};

pub use giving::NoticeAsk;

/// Postings looked at for one page, so that no request walks the whole index.
const JUDGED_MAX: usize = 200;

/// Whom a notice is for, as a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeFor {
    /// Everybody who lives where the child lives.
    Household,
    /// The child.
    OwnCopy,
    /// A carer who lives elsewhere.
    CarerApart,
}

/// Which list, and from where on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoticeQuery {
    /// Whom the notice is for.
    pub whom: NoticeFor,
    /// Whether of shielded records, which are told of through the team.
    pub shielded: bool,
    /// The `next` of the page before.
    pub after: Option<NoticeCursor>,
}

/// Where a page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoticeCursor {
    told: u32,
    from: NaiveDate,
    child: ChildId,
}

/// One notice that is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoticeItem {
    /// About whom.
    pub child_number: ChildNumber,
    /// The other children of the home, whom the same notice tells of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<ChildNumber>,
    /// Which carers live elsewhere and are to be told; of a notice to such carers alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub carers: Vec<KeyedRef>,
    /// The version that they had last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_version: Option<Label>,
    /// Whether a parent is to receive the child's own copy too.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub parent_too: bool,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoticesDue {
    /// The version to be given; absent where none was published, and then nobody is due one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice_version: Option<Label>,
    /// Who is to be told; at most fifty.
    pub due: Vec<NoticeItem>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl fmt::Display for NoticeCursor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}_{}_{}", self.told, self.from, self.child)
    }
}

impl FromStr for NoticeCursor {
    type Err = vocabulary::NotAWord;

    fn from_str(text: &str) -> Result<NoticeCursor, vocabulary::NotAWord> {
        let read = || {
            let (told, rest) = text.split_once('_')?;
            let (from, child) = rest.split_once('_')?;
            Some(NoticeCursor {
                told: told.parse().ok()?,
                from: from.parse().ok()?,
                child: child.parse().ok()?,
            })
        };
        read().ok_or(vocabulary::NotAWord { expected: "the `next` of the page before" })
    }
}

/// What is due, and to whom it is judged.
struct Due<'a> {
    own: &'a OrganisationId,
    listed: Listed,
    published: &'a [PublishedNotice],
    notice_age: i32,
    today: NaiveDate,
}

impl Due<'_> {
    /// Which publication is given now; 0 where none is.
    fn publication(&self) -> u32 {
        u32::try_from(self.published.len()).unwrap_or(u32::MAX)
    }

    /// The last day of [`notices::YOUNGEST`] of those who are old enough, a day generous for the leap years.
    fn old_enough(&self) -> NaiveDate {
        let year = self.today.year() - (self.notice_age - notices::YOUNGEST);
        let day = NaiveDate::from_ymd_opt(year, self.today.month(), self.today.day());
        let day = day.or(NaiveDate::from_ymd_opt(year, self.today.month(), 28)).unwrap_or(self.today);
        day.succ_opt().unwrap_or(day)
    }

    fn version(&self, publication: u32) -> Option<Label> {
        let at = usize::try_from(publication.checked_sub(1)?).ok()?;
        self.published.get(at).map(|notice| notice.version.clone())
    }
}

/// Children of one home, each as it stands.
type Residents = Vec<(ChildId, Arc<Child>)>;

impl Directory {
    /// Shows a page of the families of the person's own authority who are to be told.
    ///
    /// Cost: at most two hundred steps of an index, and for each one search by postcode and the children found; one append.
    ///
    /// # Errors
    /// `Refused`: not of a team. Others: a machine failed, nothing is shown.
    pub async fn notices_due(
        &self,
        person: &Person,
        query: NoticeQuery,
    ) -> Result<Disclosed<NoticesDue>, LookError> {
        person.may(Action::AnswerPerson, Relation::OwnAuthority)?;
        let own = person.authority.as_ref().ok_or(LookError::Refused {
            code: "not_responsible_authority",
            detail: "a national body answers for no record, so that it tells no family".to_owned(),
        })?;
        let policy = self.register().in_force();
        let whom = match query.whom {
            NoticeFor::Household => For::Household,
            NoticeFor::OwnCopy => For::OwnCopy,
            NoticeFor::CarerApart => For::CarerApart,
        };
        let due = Due {
            own,
            listed: Listed { whom, shielded: query.shielded },
            published: &policy.notices,
            notice_age: policy.settings.notice_age,
            today: england_day(self.clock().now()),
        };
        let (page, children) = self.page_of_notices(person, &due, query.after)?;
        let fact = Fact::Search(search::Event::ListDelivered { list: List::Notices, children });
        let ticket = self.append_look(person, person.account.search_stream(), vec![fact])?;
        Ok(Disclosed::after(ticket, page).await?)
    }

    fn page_of_notices(
        &self,
        person: &Person,
        due: &Due<'_>,
        after: Option<NoticeCursor>,
    ) -> Result<(NoticesDue, Vec<ChildId>), LookError> {
        let related = self.related(&person.viewer())?;
        let mut page = NoticesDue { notice_version: due.version(due.publication()), due: vec![], next: None };
        let (mut children, mut judged) = (Vec::new(), 0);
        for told in after.map_or(0, |after| after.told)..due.publication() {
            let within = notices::of(due.own, due.listed, told);
            let begins = after
                .filter(|cursor| cursor.told == told)
                .map(|cursor| notices::at(due.own, due.listed, told, cursor.from, cursor.child));
            let found = self.rows().postings::<ChildRecord>(
                &within,
                begins.as_ref(),
                Order::Ascending,
                JUDGED_MAX - judged,
            )?;
            for (posting, id) in found {
                let Some(from) = notices::read(&posting) else { continue };
                if due.listed.whom == For::OwnCopy && from > due.old_enough() {
                    // The others are younger still.
                    break;
                }
                judged += 1;
                let line = self.notice_due(due, self.kinship().root(id))?;
                // Whoever is related to one of a home deals with none of it (I-21).
                let line = line.filter(|(_, of)| of.iter().all(|named| !related.contains(named)));
                if let Some((line, of)) = line {
                    page.due.push(line);
                    children.extend(of);
                }
                if page.due.len() == LIST_CHILDREN_MAX || judged == JUDGED_MAX {
                    page.next = Some(NoticeCursor { told, from, child: id }.to_string());
                    return Ok((page, named_once(children)));
                }
            }
        }
        Ok((page, named_once(children)))
    }

    /// The line of a child, and the children that it names; none where nobody is due, or another child of the home
    /// stands for it.
    fn notice_due(
        &self,
        due: &Due<'_>,
        id: ChildId,
    ) -> Result<Option<(NoticeItem, Vec<ChildId>)>, LookError> {
        let child = self.load(id)?.child;
        let meant = child.authority.as_ref() == Some(due.own)
            && child.is_told_notices(due.today)
            && child.is_shielded() == due.listed.shielded;
        let Some(child_number) = child.number.filter(|_| meant) else { return Ok(None) };
        let publication = due.publication();
        let others = match due.listed.whom {
            For::Household | For::CarerApart => self.residents(id, &child, due.today)?,
            For::OwnCopy => Vec::new(),
        };
        let stands_for = |told: &dyn Fn(&Child) -> Option<u32>| {
            others
                .iter()
                .any(|(other, held)| told(held).is_some_and(|told| told >= publication || *other < id))
        };
        let (last, carers) = match due.listed.whom {
            For::Household => {
                let last = child.home().map(|_| child.household_told());
                (last.filter(|_| !stands_for(&|held| Some(held.household_told()))), Vec::new())
            }
            For::OwnCopy => {
                let old_enough = child.has_own_copy(due.notice_age, due.today);
                (old_enough.then(|| child.own_copy_told()), Vec::new())
            }
            For::CarerApart => {
                let mut carers = child.carers_apart();
                carers.retain(|carer| {
                    let alike = |held: &Child| held.apart_told_alike(&child, *carer);
                    child.apart_told(*carer) < publication && !stands_for(&alike)
                });
                (carers.iter().map(|carer| child.apart_told(*carer)).min(), carers)
            }
        };
        let Some(last) = last.filter(|last| *last < publication) else { return Ok(None) };
        let named = std::iter::once(id).chain(others.iter().map(|(other, _)| *other)).collect();
        let line = NoticeItem {
            child_number,
            with: others.iter().filter_map(|(_, held)| held.number).collect(),
            carers,
            last_version: due.version(last),
            parent_too: due.listed.whom == For::OwnCopy && child.notices.parent_too,
        };
        Ok(Some((line, named)))
    }

    /// The other children of the same home whom the same authority answers for. Of a shielded record nobody: whoever
    /// lives with whom would tell where that is. Where a postcode has more than fifty children, each is told alone.
    fn residents(&self, id: ChildId, child: &Child, today: NaiveDate) -> Result<Residents, LoadError> {
        let Some(AddressState::Known(address)) = child.address().filter(|_| !child.is_shielded()) else {
            return Ok(Vec::new());
        };
        let Some(postcode) = address.postcode else { return Ok(Vec::new()) };
        let query = Query { postcode: Some(postcode), thin: true, ..Query::default() };
        let found = self.index().search(&query, FOUND_MAX, today, &|standing| {
            if standing.shielded { Sight::Nothing } else { Sight::Fields(FieldSet::ORDINARY) }
        });
        let hits = match found {
            Found::Found { best, .. } => best,
            Found::None | Found::TooMany => Vec::new(),
        };
        let mut residents = Vec::new();
        for hit in hits {
            let root = self.kinship().root(hit.child);
            if root == id {
                continue;
            }
            let held = self.load(root)?.child;
            let lives_there = held.home() == child.home() && held.authority == child.authority;
            if lives_there && !held.is_shielded() && held.is_told_notices(today) {
                residents.push((root, held));
            }
        }
        residents.sort_unstable_by_key(|(other, _)| *other);
        residents.dedup_by_key(|(other, _)| *other);
        Ok(residents)
    }
}

fn named_once(mut children: Vec<ChildId>) -> Vec<ChildId> {
    children.sort_unstable();
    children.dedup();
    children
}
