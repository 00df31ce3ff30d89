//! A new record, after a search that found nobody; it goes through the same matcher as a feed. Source: rules.md 4.4.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    response::Response,
};
use directory::OutcomeKind;
use vocabulary::Gender;

use super::{FIELDS, for_whom, on_behalf, recorder};
use crate::{
    answer::settled,
    door::Door,
    pages::{
        kit::{Block, Choice, Field, FieldError, Form, Page},
        posted::{Posted, Reading},
        visitor::{Visitor, see},
        words,
        wrong::{OrAgain as _, Wrong},
    },
    problem::Problem,
    wire::requests::NewChild,
};

/// Codes of refusals about a description, and the field that each is about.
pub(super) const OF_A_CHILD: &[(&str, &str)] = &[
    ("date_of_birth_in_future", "born"),
    ("date_of_birth_too_early", "born"),
    ("adult", "born"),
    ("description_incomplete", "forename"),
];

/// What is asked.
pub(crate) async fn page(visitor: Visitor, OriginalUri(uri): OriginalUri) -> Page {
    asked(&visitor, Posted::of_query(&uri).text("search"), None)
}

/// Makes the record.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Problem> {
    let (fields, search) = ([FIELDS, OF_A_CHILD].concat(), posted.text("search"));
    let sent = sent(&door, &visitor, &posted).await;
    sent.or_again(&fields, |errors| asked(&visitor, search, Some((&posted, errors))))
}

async fn sent(door: &Arc<Door>, visitor: &Visitor, posted: &Posted) -> Result<Response, Wrong> {
    let missing = missing(posted);
    if !missing.is_empty() {
        return Err(missing.into());
    }
    let reading =
        on_behalf(described(Reading::of(posted), posted)).text("/search_id", "search", "The search");
    let asked: NewChild = reading.read()?;
    let person = recorder(door, visitor, posted, asked.on_behalf_of).await?;
    let pending = door.directory.create_child(&person, asked.search_id, asked.child);
    let outcome = settled(door, pending.map_err(Problem::from)?).await?;
    visitor.wrote(door, outcome.position);
    let (said, next) = match (outcome.kind, outcome.child_number) {
        (OutcomeKind::Queued, _) | (_, None) => (
            "Sent to the directory team: a child like this one may be held already. A person compares the two within \
             one working day."
                .to_owned(),
            "/".to_owned(),
        ),
        (OutcomeKind::Recorded | OutcomeKind::Unchanged | OutcomeKind::Duplicate | OutcomeKind::Refused, Some(number)) => (
            format!("The record was made: child number {number}. Now say that you work with this child; a record without an entry tells nobody whom to ring."),
            format!("/children/{number}/involvements/new"),
        ),
    };
    visitor.visit(door, |visit| visit.say(said));
    Ok(see(&next))
}

/// What a description cannot be without, each beside its field.
pub(super) fn missing(posted: &Posted) -> Vec<FieldError> {
    let asked = [
        ("forename", "Enter the child's first name"),
        ("surname", "Enter the child's last name"),
        ("gender", "Choose the child's gender, or 'not specified'"),
    ];
    let empty = asked.into_iter().filter(|(field, _)| posted.given(field).is_none());
    let born =
        posted.day("born").is_none().then(|| FieldError::at("born", "Enter the child's date of birth"));
    empty.map(|(field, text)| FieldError::at(field, text)).chain(born).collect()
}

/// Puts a description into the body, under `/child`.
pub(super) fn described<'a>(reading: Reading<'a>, posted: &Posted) -> Reading<'a> {
    let reading = reading
        .put("/child", serde_json::json!({}))
        .text("/child/forename", "forename", "First name")
        .text("/child/middle_names", "middle_names", "Middle names")
        .text("/child/surname", "surname", "Last name")
        .text("/child/known_as", "known_as", "Name the child is known by")
        .day("/child/date_of_birth", "born", "Date of birth")
        .choice("/child/gender", "gender", "Gender")
        .text("/child/nhs_number", "nhs_number", "NHS number");
    let reading = match posted.text("address_known") {
        "no" => reading.put("/child/address", serde_json::json!("none_known")),
        _ if ["line", "town", "postcode"].iter().any(|field| posted.given(field).is_some()) => {
            let lines: Vec<&str> = posted.all("line").filter(|line| !line.is_empty()).collect();
            reading
                .put("/child/address/lines", serde_json::json!(lines))
                .text("/child/address/town", "town", "Town")
                .text("/child/address/postcode", "postcode", "Postcode")
        }
        _ => reading,
    };
    let Some(carer) = posted.given("carer") else { return reading };
    let contacts = if posted.given("carer_telephone").is_some() {
        reading.put("/child/carers/0/contacts/0/kind", serde_json::json!("telephone")).text(
            "/child/carers/0/contacts/0/value",
            "carer_telephone",
            "Carer's telephone number",
        )
    } else {
        reading
    };
    contacts
        .put("/child/carers/0/carer_ref", serde_json::json!(format!("by-hand {carer}")))
        .text("/child/carers/0/name", "carer", "Carer's name")
        .choice("/child/carers/0/relation", "carer_relation", "What the carer is to the child")
}

/// The questions about a child.
pub(super) fn questions() -> Vec<Field> {
    let gender = |gender: Gender| Choice::new(words::name_of(&gender), words::of(&gender));
    vec![
        Field::text("forename", "First name").width("govuk-input--width-20"),
        Field::text("middle_names", "Middle names").width("govuk-input--width-20"),
        Field::text("surname", "Last name").width("govuk-input--width-20"),
        Field::text("known_as", "Name the child is known by")
            .hint("If it is another than the first name.")
            .width("govuk-input--width-20"),
        Field::day("born", "Date of birth").hint("For example, 27 3 2015."),
        Field::radios("gender", "Gender", [Gender::Female, Gender::Male, Gender::NotSpecified].map(gender))
            .inline(),
        Field::text("line", "House and street").width("govuk-input--width-20"),
        Field::text("town", "Town").width("govuk-input--width-20"),
        Field::text("postcode", "Postcode").width("govuk-input--width-10"),
        Field::boxes("address_known", "No address", [Choice::new("no", "There is no known address")]).small(),
        Field::digits("nhs_number", "NHS number").width("govuk-input--width-10"),
        Field::text("carer", "Name of a parent or carer").width("govuk-input--width-20"),
        Field::select(
            "carer_relation",
            "What is the carer to the child?",
            [
                Choice::new("parental_responsibility", "Has parental responsibility"),
                Choice::new("care", "Has care of the child without it"),
            ],
        ),
        Field::text("carer_telephone", "Carer's telephone number")
            .width("govuk-input--width-20")
            .inputmode("tel"),
    ]
}

fn asked(visitor: &Visitor, search: &str, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let form = Form::post("/children/new", "Make the record").hidden("search", search).fields(questions());
    Page::new("Make a new record")
        .back("/find")
        .with(Block::text("Only for a child whom your search did not find. What you type is compared with every child held before a record is made."))
        .with_form(for_whom(visitor, form), posted)
}
