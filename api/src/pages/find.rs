//! Finding a child: what is known of them, why one looks, and who it might be.
//!
//! What was typed is remembered by the session and never stands in an address; each page of results that is shown is a
//! fact of its own. A mediator's search is answered at once, since the code that a colleague read out is taken once.
//! Source: rules.md 2.4, 4.1 to 4.4.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, Path, State},
    response::{IntoResponse, Response},
};
use directory::{OnBehalf, Person, SearchPage, SearchRequest};
use events::search::{Outcome, PAGE_CHILDREN_MAX};
use visibility::{Hit, NameKind, permission::Action as May};
use vocabulary::{ChildNumber, Gender, Role, SearchId, age_on, england_day};

use super::{
    frame::may,
    kit::{Action, Block, Card, Choice, Field, FieldError, Form, Line, Page, Pager, Summary, line},
    pin,
    posted::{Posted, Reading},
    reason,
    visit::Ground,
    visitor::{Visitor, see},
    words,
    wrong::Wrong,
};
use crate::{door::Door, problem::Problem, wire::requests::Search};

/// The questions.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    let form = form(&door, &visitor)?;
    // What was typed before, when one comes back to change it.
    let before = Posted::of_query(&uri).text("again").parse().ok();
    let before = before.and_then(|number| visitor.visit(&door, |visit| visit.looked_for(number)));
    Ok(match before {
        Some(request) => asked(form, Some((&typed(&request), Vec::new()))),
        None => asked(form, None),
    })
}

/// Takes the answers.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Problem> {
    match sent(&door, &visitor, &posted).await {
        Ok(response) => Ok(response),
        Err(wrong) => {
            let form = form(&door, &visitor)?;
            let fields =
                [reason::FIELDS, &[("criterion_malformed", "surname"), ("wildcard", "surname")]].concat();
            wrong.answer(&fields, |errors| asked(form, Some((&posted, errors))))
        }
    }
}

/// One page of what was found.
pub(crate) async fn found(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    Path(number): Path<u32>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, Problem> {
    let Some(request) = visitor.visit(&door, |visit| visit.looked_for(number)) else {
        return Ok(see("/find"));
    };
    let page = Posted::of_query(&uri).text("page").parse().unwrap_or(1);
    let request = SearchRequest { page, ..request };
    let disclosed = match door.directory.search(&visitor.person, request.clone()).await {
        Ok(disclosed) => disclosed,
        Err(error) => {
            let (form, typed) = (form(&door, &visitor)?, typed(&request));
            return Wrong::from(error).answer(reason::FIELDS, |errors| asked(form, Some((&typed, errors))));
        }
    };
    Ok(shown(&visitor, &disclosed.into_view(), Some(number), page, england_day(door.directory.now()))
        .into_response())
}

/// From a row of results to the record: the search carries the reason.
pub(crate) async fn choose(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    Path((child, search)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let unknown = |_| Problem::new("not_found");
    let child: ChildNumber = child.parse().map_err(unknown)?;
    let search: SearchId = search.parse().map_err(unknown)?;
    let now = door.directory.now();
    visitor.visit(&door, |visit| visit.opens(Ground::given(child, None, Some(search), None, now)));
    Ok(see(&format!("/children/{child}")))
}

async fn sent(door: &Arc<Door>, visitor: &Visitor, posted: &Posted) -> Result<Response, Wrong> {
    let asked: Search = reason::read(criteria(Reading::of(posted))).read()?;
    let mediates = visitor.person.role == Role::Mediator;
    let person = if mediates { pin::given(door, visitor, posted).await? } else { visitor.person.clone() };
    let request = SearchRequest {
        criteria: asked.criteria,
        reason: asked.reason,
        page: 1,
        on_behalf_of: asked.on_behalf_of.map(OnBehalf::from),
        case_ref: asked.case_ref,
    };
    if asked.reason.is_none() {
        return Err(FieldError::at("reason", "Choose why you are looking").into());
    }
    if mediates {
        return at_once(door, visitor, &person, request).await;
    }
    let number = visitor.visit(door, |visit| visit.looks_for(request));
    Ok(see(&format!("/find/{number}")))
}

async fn at_once(
    door: &Door,
    visitor: &Visitor,
    person: &Person,
    request: SearchRequest,
) -> Result<Response, Wrong> {
    let disclosed = door.directory.search(person, request).await?;
    let today = england_day(door.directory.now());
    Ok(shown(visitor, &disclosed.into_view(), None, 1, today).into_response())
}

fn criteria(reading: Reading<'_>) -> Reading<'_> {
    reading
        .put("/criteria", serde_json::json!({}))
        .text("/criteria/child_number", "child_number", "Child number")
        .text("/criteria/forename", "forename", "First name")
        .text("/criteria/surname", "surname", "Last name")
        .day("/criteria/date_of_birth", "born", "Date of birth")
        .number("/criteria/birth_year", "birth_year", "Year of birth")
        .number("/criteria/age", "age", "Age")
        .choice("/criteria/gender", "gender", "Gender")
        .text("/criteria/postcode", "postcode", "Postcode")
        .text("/criteria/postcode_area", "postcode_area", "Part of a postcode")
        .text("/criteria/street", "street", "Street")
        .text("/criteria/town", "town", "Town")
}

/// The answers again, as they were typed.
fn typed(request: &SearchRequest) -> Posted {
    let criteria = &request.criteria;
    let mut typed = Vec::new();
    let mut put = |name: &str, value: Option<String>| {
        typed.extend(value.map(|value| (name.to_owned(), value)));
    };
    put("child_number", criteria.child_number.map(|number| number.to_string()));
    put("forename", criteria.forename.clone());
    put("surname", criteria.surname.clone());
    if let Some(born) = criteria.date_of_birth {
        let [year, month, day] =
            [born.format("%Y"), born.format("%-m"), born.format("%-d")].map(|part| part.to_string());
        put("born-day", Some(day));
        put("born-month", Some(month));
        put("born-year", Some(year));
    }
    put("birth_year", criteria.birth_year.map(|year| year.to_string()));
    put("age", criteria.age.map(|age| age.to_string()));
    put("gender", criteria.gender.map(|gender| words::name_of(&gender)));
    put("postcode", criteria.postcode.as_ref().map(|postcode| postcode.as_str().to_owned()));
    put("postcode_area", criteria.postcode_area.clone());
    put("street", criteria.street.clone());
    put("town", criteria.town.clone());
    put("reason", request.reason.map(|reason| reason.name().to_owned()));
    put("case_ref", request.case_ref.as_ref().map(|case| case.as_str().to_owned()));
    Posted::of_pairs(typed)
}

fn form(door: &Door, visitor: &Visitor) -> Result<Form, Problem> {
    let gender = |gender: Gender| Choice::new(words::name_of(&gender), words::of(&gender));
    let genders = [Choice::new("", "Any")]
        .into_iter()
        .chain([Gender::Female, Gender::Male, Gender::NotSpecified].map(gender));
    let form = Form::post("/find", "Find")
        .field(
            Field::text("forename", "First name").hint("Or its first letter.").width("govuk-input--width-20"),
        )
        .field(
            Field::text("surname", "Last name")
                .hint("As you heard it: names that sound alike or are misspelt are found too.")
                .width("govuk-input--width-20"),
        )
        .field(Field::day("born", "Date of birth").hint("For example, 27 3 2015."))
        .field(Field::digits("age", "Or age, in years").width("govuk-input--width-2"))
        .field(Field::text("postcode", "Postcode").width("govuk-input--width-10"))
        .field(
            Field::digits("child_number", "Or child number")
                .hint("Eleven digits. Nothing else is needed with it.")
                .width("govuk-input--width-20"),
        )
        .more(
            "More that you may know: year of birth, gender, street, town",
            [
                Field::digits("birth_year", "Year of birth").width("govuk-input--width-4"),
                Field::select("gender", "Gender", genders),
                Field::text("street", "Street").width("govuk-input--width-20"),
                Field::text("town", "Town").width("govuk-input--width-20"),
                Field::text("postcode_area", "Part of a postcode")
                    .hint("As N or N17.")
                    .width("govuk-input--width-5"),
            ],
        );
    reason::asked(door, visitor, form)
}

fn asked(form: Form, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    Page::new("Find a child")
        .with(Block::text("Give a child number, or a last name with a date of birth, an age or a postcode. The more you give, the shorter the list."))
        .with_form(form, posted)
        .with(Block::small(directory::MISUSE))
}

/// What was found, or why nothing is shown.
fn shown(
    visitor: &Visitor,
    page: &SearchPage,
    number: Option<u32>,
    of: u32,
    today: chrono::NaiveDate,
) -> Page {
    let change = number.map_or_else(|| "/find".to_owned(), |number| format!("/find?again={number}"));
    match page.outcome {
        Outcome::Found => results(visitor, page, number, of, today).back(change),
        Outcome::None => none(visitor, page).back(change),
        Outcome::TooMany => Page::new("Too many children match")
            .with(Block::text("None is shown. Add something that you know: a date of birth, an age, a first name or a postcode."))
            .with(Block::Actions(vec![Action::first(change.clone(), "Add to what you typed")]))
            .back(change),
        Outcome::Refine => Page::new("This is too little to look with")
            .with(Block::text("A child number is enough; so is a last name with a date of birth, a year, an age or a full postcode; or a first and a last name with a place."))
            .with_if(page.advice.map(Block::inset))
            .with(Block::Actions(vec![Action::first(change.clone(), "Add to what you typed")]))
            .back(change),
    }
}

fn results(
    visitor: &Visitor,
    page: &SearchPage,
    number: Option<u32>,
    of: u32,
    today: chrono::NaiveDate,
) -> Page {
    let total = page.total.unwrap_or_default();
    let told = words::count(usize::try_from(total).unwrap_or(usize::MAX), "child matches", "children match");
    let cards = page.results.iter().map(|hit| card(hit, page.search_id, today));
    let last = total.div_ceil(PAGE_CHILDREN_MAX);
    let address = |nth: u32| number.map(|number| format!("/find/{number}?page={nth}"));
    let pager = (last > 1 && number.is_some()).then(|| Pager {
        label: "Pages of results",
        previous: (of > 1).then(|| address(of - 1)).flatten(),
        previous_text: "Better matches".to_owned(),
        next: (of < last).then(|| address(of + 1)).flatten(),
        next_text: "Further matches".to_owned(),
    });
    Page::new("Possible matches")
        .heading_is(told)
        .with(Block::text("Best first. Be sure that it is the right child before you open a record: opening it is recorded in your name."))
        .with_all(cards)
        .with_if(pager)
        .with_if(may(&visitor.person, May::CreateChild).then(|| {
            Block::details("None of these is the child", vec![Block::text("Change what you typed first: leave out the address and the school, and try another spelling or a former name. A new record can be made only after a search that found nobody.")])
        }))
}

fn card(hit: &Hit, search: SearchId, today: chrono::NaiveDate) -> Block {
    let current = hit.names.iter().find(|name| name.kind == NameKind::Current);
    let full = current.map(super::record::full).unwrap_or_default();
    let others = hit.names.iter().filter(|name| name.kind != NameKind::Current).map(|name| {
        let kind = if name.kind == NameKind::KnownAs { "known as" } else { "formerly" };
        format!("{kind} {}", super::record::full(name))
    });
    let others: Vec<String> = others.collect();
    let age = age_on(hit.date_of_birth, today);
    let title: Line = line().text(full.clone());
    let title = if hit.shielded { title.text(" ").tag("purple", "Shielded") } else { title };
    let summary = Summary::default()
        .row_if("Other names", (!others.is_empty()).then(|| words::word(&others.join(", "))))
        .row("Date of birth", line().on(hit.date_of_birth).text(format!(" (age {age})")))
        .row("Gender", words::of(&hit.gender))
        .row_if("Lives in", place(hit));
    let open = line().link_to(
        format!("/children/{}/from/{search}", hit.child_number),
        "Open the record",
        format!("of {full}"),
    );
    Card::new(title, vec![summary.into()]).level(2).action(open).into()
}

fn place(hit: &Hit) -> Option<String> {
    let authority = hit.local_authority.as_ref().map(|authority| authority.name.clone());
    match (hit.outcode.clone(), authority) {
        (Some(outcode), Some(authority)) => Some(format!("{outcode}, {authority}")),
        (one, other) => one.or(other),
    }
}

fn none(visitor: &Visitor, page: &SearchPage) -> Page {
    let create = may(&visitor.person, May::CreateChild)
        .then(|| Action::second(format!("/children/new?search={}", page.search_id), "Make a new record"));
    Page::new("Nobody was found")
        .with_if(page.advice.map(Block::inset))
        .with(Block::heading("What this means"))
        .with(Block::list([
            "Nobody that you may see matches what you typed.",
            "The child may be held under another name, spelling or date of birth.",
            "It does not mean that nobody works with the child, or that the child is safe.",
        ]))
        .with(Block::heading("What you can do"))
        .with(Block::Actions(
            [Some(Action::first("/find", "Search again")), create].into_iter().flatten().collect(),
        ))
        .with(Block::text(
            line()
                .text("In an emergency, ring the duty desk of your authority. ")
                .link("/help", "How to reach it")
                .text("."),
        ))
}
