//! What was shown, held against the log: each showing has its own record, told before it (promise P1).

use directory::{Disclosed, LookError, OpenRequest, OpenedRecord, SearchPage, SearchRequest};
use events::search::Criteria;
use serde_json::{Value, json};
use vocabulary::{AccessId, AccessReason, ChildNumber, Position, SearchId};

use crate::{
    acts::PEOPLE,
    reading::{self, Read},
    world::{World, now},
};

/// One showing.
pub(crate) enum Shown {
    Page { position: Position, search: SearchId, listed: Vec<ChildNumber> },
    Record { position: Position, access: AccessId, number: ChildNumber },
}

impl Shown {
    pub(crate) fn position(&self) -> Position {
        match self {
            Shown::Page { position, .. } | Shown::Record { position, .. } => *position,
        }
    }

    fn page(page: &Disclosed<SearchPage>) -> Shown {
        let view = page.view();
        let listed = view.results.iter().map(|hit| hit.child_number).collect();
        Shown::Page { position: page.position(), search: view.search_id, listed }
    }

    fn record(opened: &Disclosed<OpenedRecord>, number: ChildNumber) -> Shown {
        Shown::Record { position: opened.position(), access: opened.view().access_id, number }
    }
}

/// Searches for a person by surname and year of birth.
pub(crate) fn search(
    world: &World,
    who: usize,
    person: usize,
    shown: &mut Vec<Shown>,
) -> Result<Value, LookError> {
    let (_, surname, born) = PEOPLE[person];
    let criteria: Criteria =
        serde_json::from_value(json!({"surname": surname, "birth_year": born[..4].parse::<i32>().unwrap()}))
            .unwrap();
    let reason = Some(AccessReason::NewReferral);
    let request = SearchRequest { criteria, reason, page: 1, on_behalf_of: None, case_ref: None };
    let page = now(world.directory.search(&world.person(who), request))?;
    shown.push(Shown::page(&page));
    Ok(json!({"total": page.view().total, "results": page.view().results}))
}

/// Opens a record; what is shown, its own position and id struck out.
pub(crate) fn open(
    world: &World,
    who: usize,
    number: ChildNumber,
    shown: &mut Vec<Shown>,
) -> Result<Value, LookError> {
    let request = OpenRequest {
        number,
        reason: Some(AccessReason::NewReferral),
        search_id: None,
        on_behalf_of: None,
        case_ref: None,
        override_ground: None,
    };
    let opened = now(world.directory.open_record(&world.person(who), request))?;
    shown.push(Shown::record(&opened, number));
    let mut record = serde_json::to_value(&opened.view().record).unwrap();
    assert_eq!(record["position"], json!(opened.position()));
    record.as_object_mut().unwrap().remove("position");
    Ok(record)
}

/// Each showing has a record of its own in the log, which says the same.
pub(crate) fn are_told(shown: &[Shown], records: &[Read]) {
    let children = reading::children(records);
    let mergers = reading::mergers(records);
    for showing in shown {
        let at = records.iter().find(|record| record.position == showing.position());
        let record = at.unwrap_or_else(|| panic!("what was shown at {} is not told", showing.position()));
        match showing {
            Shown::Page { search, listed, .. } => {
                let told = reading::pages(record);
                let named: Vec<_> = listed.iter().map(|number| children[number]).collect();
                assert_eq!(told.len(), 1);
                assert_eq!((told[0].search, &told[0].children), (*search, &named));
            }
            Shown::Record { access, number, .. } => {
                let told = reading::openings(record);
                assert_eq!(told.len(), 1);
                assert_eq!((told[0].access, told[0].number), (*access, *number));
                let answered = reading::answering(&mergers, children[number], record.position);
                assert_eq!(record.stream, answered.access_stream());
            }
        }
    }
}

/// One record of the log for each showing, and one showing for each such record.
pub(crate) fn are_all_there_is(shown: &[Shown], records: &[Read]) {
    are_told(shown, records);
    let told = |count: &dyn Fn(&Read) -> usize| records.iter().map(count).sum::<usize>();
    let pages = shown.iter().filter(|showing| matches!(showing, Shown::Page { .. })).count();
    assert_eq!(told(&|record| reading::pages(record).len()), pages, "no page without a showing");
    let openings = shown.len() - pages;
    assert_eq!(told(&|record| reading::openings(record).len()), openings, "no opening without one");
}
