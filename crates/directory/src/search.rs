//! Search: finding a child, a page at a time, each page a fact before it is a page.
//!
//! Source: rules.md 2.4, 4.1 to 4.3; contract.md section 2.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use event_log::Ticket;
use events::{
    Fact,
    case::Reference,
    ceiling::Attempt,
    child::RecordState,
    decider::Decider,
    refused::Code,
    search::{
        Asked, Command, Criteria, Enough, Event, Made, Outcome, PAGE_CHILDREN_MAX, Page, Refusal, Searches,
        criteria,
    },
};
use finding::{Field, FieldSet, Found, NameKind, PageRow, Query, Sight, Standing};
use visibility::{Hit, SearchFacts, SearchField, Searchable, Viewer};
use vocabulary::{AccessReason, AccountId, ChildId, PersonName, Revision, SearchId, england_day};

use crate::{
    Directory,
    ceilings::page_of,
    disclose::{Disclosed, LookError, OnBehalf},
    people::Person,
    unseal::unseal,
};

/// What every `none` and `refine` says, always in the same words (rules.md 2.4).
pub const ADVICE: &str = "Leave out address and school and try again. A former or false name is possible. \
                          That nobody was found does not prove that nobody is there.";

/// What whoever asks for the reasons of a look is told, wherever a child is looked for (rules.md 4; the offences
/// are those of the Data Protection Act 2018, section 170, and the Computer Misuse Act 1990, section 1).
pub const MISUSE: &str = "Look only for a child whom your work concerns. Every search and every record opened is kept \
                          with your name, the reason you gave and the time, and is reviewed. To obtain personal \
                          data without the right to it is an offence (Data Protection Act 2018, section 170), and so \
                          is unauthorised access to a computer (Computer Misuse Act 1990, section 1).";

/// Most of one user's newest searches that are read back from the log after a restart.
pub(crate) const READ_BACK_MAX: u64 = 200;

/// A request for one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRequest {
    /// What is looked for.
    pub criteria: Criteria,
    /// Why.
    pub reason: Option<AccessReason>,
    /// Which page, from 1.
    pub page: u32,
    /// For whom.
    pub on_behalf_of: Option<OnBehalf>,
    /// The reference of a case or of the person's request.
    pub case_ref: Option<Reference>,
}

/// One page of results.
#[derive(Debug)]
pub struct SearchPage {
    /// Id of this page.
    pub search_id: SearchId,
    /// How the search ended.
    pub outcome: Outcome,
    /// How many children there are in all, as this viewer may know.
    pub total: Option<u32>,
    /// The children of the page, best first; at most ten.
    pub results: Vec<Hit>,
    /// What to try next.
    pub advice: Option<&'static str>,
}

/// A search that an opening may cite.
#[derive(Debug, Clone)]
pub(crate) struct Searched {
    pub(crate) made: Made,
    /// The former names by which a child was found, for those shown.
    pub(crate) former_names: BTreeMap<ChildId, Vec<(PersonName, PersonName)>>,
}

impl Directory {
    /// Looks for children and delivers one page, recording it before anything is shown.
    ///
    /// Cost: one look into the index, one append (one fsync).
    ///
    /// # Errors
    /// `Refused`: role, reason or criteria do not let them, and the attempt is recorded; or a ceiling was reached,
    /// which is recorded once. Others: a machine failed.
    pub async fn search(
        &self,
        person: &Person,
        request: SearchRequest,
    ) -> Result<Disclosed<SearchPage>, LookError> {
        let searched = self.searching(person, request);
        let attempt = |(_, page): &(Ticket, SearchPage)| page_of(page.outcome, page.results.len());
        self.counted(person, &searched, attempt, Attempt::FoundNothing).await?;
        let (ticket, page) = searched?;
        Ok(Disclosed::after(ticket, page).await?)
    }

    fn searching(&self, person: &Person, request: SearchRequest) -> Result<(Ticket, SearchPage), LookError> {
        let now = self.clock().now();
        let search_id = SearchId::new(self.ids().next());
        let (viewer, looker) = match self.looking(person, request.on_behalf_of.as_ref(), now) {
            Ok(looking) => looking,
            Err((code, detail)) => return Err(self.refused_search(person, code, detail, request.reason)),
        };
        let person = &person.mediating(looker.caller.as_ref(), request.on_behalf_of.as_ref());
        let asked = Asked {
            search: search_id,
            page: request.page,
            looker,
            reason: request.reason,
            case_ref: request.case_ref,
            criteria: request.criteria,
            policy: self.register().in_force(),
        };
        self.over_ceiling(&asked.looker, asked.reason)?;
        let (reason, enough) = match asked.permitted() {
            Ok(permitted) => permitted,
            Err(refusal) => {
                return Err(self.refused_search(person, refusal.code(), refusal.to_string(), asked.reason));
            }
        };
        // I-21: whoever is declared to be related to the viewer is on no list either.
        let query = Query { except: self.related(&viewer)?, ..query(&asked.criteria) };
        if query.check().is_err() {
            // By its letters alone a word may have fewer of them than as written.
            let refusal = Refusal::from(criteria::Refusal::Wildcard);
            return Err(self.refused_search(person, refusal.code(), refusal.to_string(), Some(reason)));
        }
        // A street without a name or a town without a letter says nothing: nobody found would be no answer.
        let found = match enough {
            Enough::Yes if query.is_enough(FieldSet::ORDINARY) => {
                self.found(&viewer, &query, asked.page, now)
            }
            Enough::Yes | Enough::Refine => Shown::none(Outcome::Refine),
        };
        let page = Page {
            outcome: found.outcome,
            total: found.total,
            children: found.rows.iter().map(|row| row.child).collect(),
        };
        let made = Made {
            at: now,
            reason,
            outcome: found.outcome,
            shown: u32::try_from(page.children.len()).unwrap_or(u32::MAX),
            case_ref: asked.case_ref.clone(),
        };
        let ask = Command::Deliver { asked: Box::new(asked), page };
        let events = match Searches::decide(&Searches::default(), &ask, now) {
            Ok(events) => events,
            Err(refusal) => {
                return Err(self.refused_search(person, refusal.code(), refusal.to_string(), Some(reason)));
            }
        };
        let facts = events.into_iter().map(Fact::Search).collect();
        let ticket = self.append_look(person, person.account.search_stream(), facts)?;
        let former_names = found.rows.iter().map(|row| (row.child, row.former_names.clone())).collect();
        self.lately().remember(person.account, search_id, Searched { made, former_names });
        let advice = matches!(found.outcome, Outcome::None | Outcome::Refine).then_some(ADVICE);
        let results = found.rows.into_iter().map(|row| row.hit).collect();
        Ok((ticket, SearchPage { search_id, outcome: found.outcome, total: found.total, results, advice }))
    }

    /// Looks into the index and fills one page. Nothing hidden from the viewer counts, scores or orders, nor does a
    /// child to whom they declared to be related.
    fn found(&self, viewer: &Viewer, query: &Query, page: u32, now: chrono::DateTime<chrono::Utc>) -> Shown {
        let today = england_day(now);
        let register = self.register();
        let index = self.index();
        let may = |standing: &Standing<'_>| searchable(viewer, standing, today);
        let per_page = usize::try_from(PAGE_CHILDREN_MAX).unwrap_or(usize::MAX);
        let skipped = usize::try_from(page.saturating_sub(1)).unwrap_or(usize::MAX).saturating_mul(per_page);
        let wanted = skipped.saturating_add(per_page);
        let (best, total) = match index.search(query, wanted, today, &|standing| sight(may(standing))) {
            Found::None => return Shown::none(Outcome::None),
            Found::TooMany => return Shown::none(Outcome::TooMany),
            Found::Found { best, total } => (best, u32::try_from(total).ok()),
        };
        let mut rows = Vec::new();
        for hit in best.into_iter().skip(skipped) {
            let Some(entry) = index.get(hit.child) else { continue };
            let Some(found) = found_in(&entry, &hit, query, &register) else { continue };
            let former_names = found.former_names_matched.clone();
            if let Some(row) = visibility::hit(may(&entry.standing()), found) {
                rows.push(Row { child: hit.child, hit: row, former_names });
            }
        }
        Shown { outcome: Outcome::Found, total, rows }
    }

    /// Records a refused search and says why.
    fn refused_search(
        &self,
        person: &Person,
        code: &'static str,
        detail: String,
        reason: Option<AccessReason>,
    ) -> LookError {
        let kept = Code::new(code);
        assert!(kept.is_ok(), "the code of a refusal is snake_case: {code}");
        if let Ok(kept) = kept {
            let fact = Fact::Search(Event::SearchRefused { code: kept, reason });
            if let Err(error) = self.append_look(person, person.account.search_stream(), vec![fact]) {
                return error.into();
            }
        }
        LookError::Refused { code, detail }
    }

    /// A search of this user in the last hours, at hand or read back from the log.
    pub(crate) fn search_made(&self, account: AccountId, search: SearchId) -> Option<Arc<Searched>> {
        let oldest = self.clock().now() - chrono::Duration::hours(events::search::SEARCH_HOURS_KEPT);
        let known = self.lately().get(account, search).or_else(|| self.search_read_back(account, search));
        known.filter(|known| known.made.at >= oldest)
    }

    fn search_read_back(&self, account: AccountId, search: SearchId) -> Option<Arc<Searched>> {
        let stream = account.search_stream();
        let from = self.log().stream_revision(stream).0.saturating_sub(READ_BACK_MAX);
        let mut searches = Searches::default();
        let read = self.log().read_stream(stream, Revision(from), &mut |record| {
            let Ok(recorded) = unseal(self.vault(), record) else { return };
            for fact in recorded.facts() {
                if let Fact::Search(event) = fact {
                    Searches::evolve(&mut searches, event, recorded.when());
                }
            }
        });
        read.ok()?;
        let made = searches.made.remove(&search)?;
        Some(Arc::new(Searched { made, former_names: BTreeMap::new() }))
    }
}

/// A page as found, before anybody is shown it.
struct Shown {
    outcome: Outcome,
    total: Option<u32>,
    rows: Vec<Row>,
}

struct Row {
    child: ChildId,
    hit: Hit,
    former_names: Vec<(PersonName, PersonName)>,
}

impl Shown {
    fn none(outcome: Outcome) -> Shown {
        Shown { outcome, total: None, rows: Vec::new() }
    }
}

/// By which fields this viewer may find an entry, as it stands today.
fn searchable(viewer: &Viewer, standing: &Standing<'_>, today: chrono::NaiveDate) -> Searchable {
    let state = RecordState::on(today, standing.archived, standing.date_of_birth, standing.shielded);
    let facts = SearchFacts { authority: Some(standing.authority), shielded: standing.shielded, state };
    visibility::searchable(viewer, &facts)
}

/// The rule's answer in the index's own words.
fn sight(searchable: Searchable) -> Sight {
    if !searchable.is_findable() {
        return Sight::Nothing;
    }
    let fields = [
        (SearchField::Name, Field::Name),
        (SearchField::KnownAs, Field::KnownAs),
        (SearchField::FormerName, Field::FormerName),
        (SearchField::DateOfBirth, Field::DateOfBirth),
        (SearchField::Gender, Field::Gender),
        (SearchField::Number, Field::Number),
        (SearchField::Address, Field::Place),
    ];
    Sight::Fields(
        fields
            .into_iter()
            .filter(|(rule, _)| searchable.has(*rule))
            .fold(FieldSet::NONE, |set, (_, field)| set.with(field)),
    )
}

fn found_in(
    entry: &PageRow,
    hit: &finding::Hit,
    query: &Query,
    register: &crate::register::Register,
) -> Option<visibility::Found> {
    let person_name = |text: &str| PersonName::new(text).ok();
    let current = entry.names.iter().find(|name| name.kind == NameKind::Current)?;
    let known_as = entry.names.iter().find(|name| name.kind == NameKind::KnownAs);
    // Only the former name that the search matched, and no other (rules.md 2.1).
    let former = entry.names.iter().filter(|name| {
        hit.matched_former
            && matches!(name.kind, NameKind::Former | NameKind::Stated)
            && query.is_answered_by(&name.forename, &name.surname)
    });
    let authority = &entry.stands.authority;
    Some(visibility::Found {
        child_number: entry.number,
        forename: person_name(&current.forename)?,
        middle_names: current.middle.as_deref().and_then(person_name),
        surname: person_name(&current.surname)?,
        known_as: known_as.and_then(|known_as| person_name(&known_as.forename)),
        former_names_matched: former
            .filter_map(|former| Some((person_name(&former.forename)?, person_name(&former.surname)?)))
            .collect(),
        date_of_birth: entry.date_of_birth?,
        gender: entry.gender?,
        outcode: entry.postcode.as_ref().map(|postcode| postcode.outcode().to_owned()),
        local_authority: register
            .name_of(authority)
            .map(|name| visibility::views::Organisation { id: authority.clone(), name }),
        score: hit.score,
    })
}

fn query(criteria: &Criteria) -> Query {
    Query {
        child_number: criteria.child_number,
        forename: criteria.forename.clone(),
        surname: criteria.surname.clone(),
        date_of_birth: criteria.date_of_birth,
        birth_year: criteria.birth_year,
        birth_from: criteria.birth_from,
        birth_to: criteria.birth_to,
        age: criteria.age,
        gender: criteria.gender,
        postcode: criteria.postcode.clone(),
        postcode_area: criteria.postcode_area.clone(),
        street: criteria.street.clone(),
        town: criteria.town.clone(),
        fuzzy: criteria.is_fuzzy(),
        except: BTreeSet::new(),
        thin: false,
    }
}
