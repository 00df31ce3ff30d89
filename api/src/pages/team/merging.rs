//! Merge and split: two records said to be of one child, after they were put beside each other, or told apart.
//!
//! Source: contract.md section 2 (`/merges`, `/splits`); ADR-0013.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    response::{IntoResponse, Response},
};
use directory::MergeAsk;
use visibility::permission::Action as May;
use vocabulary::ChildNumber;

use super::compare::{self, Opened};
use crate::{
    answer::In,
    door::Door,
    pages::{
        after,
        frame::may,
        kit::{Block, Choice, Field, FieldError, Form, Page, line},
        posted::{Posted, Reading},
        visitor::Visitor,
        wrong::Wrong,
    },
    problem::Problem,
    wire::requests::{Merge, Split},
};

/// Refusals, and the field that each is about.
const FIELDS: &[(&str, &str)] = &[
    ("not_same_person", "despite"),
    ("same_number", "other"),
    ("not_found", "other"),
    ("merge_not_offered", "other"),
];

/// What follows from merging.
const MEANS: &str =
    "Whoever opens either number will see what both records hold. A shield on either covers both.";

/// Asks which other record; with its number, shows both side by side.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(number): In<ChildNumber>,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    permitted(&visitor)?;
    let asked = Posted::of_query(&uri);
    let Some(given) = asked.given("with") else { return Ok(which(number, None)) };
    let Ok(other) = given.parse::<ChildNumber>() else {
        return Ok(which(number, Some((&asked, vec![wrong_number("with")]))));
    };
    if other == number {
        let error = FieldError::at("with", "Enter the number of another record than this one");
        return Ok(which(number, Some((&asked, vec![error]))));
    }
    let both = [
        (number, compare::open(&door, &visitor.person, number).await?),
        (other, compare::open(&door, &visitor.person, other).await?),
    ];
    Ok(confirm(&both))
}

/// Merges the two.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(number): In<ChildNumber>,
    posted: Posted,
) -> Result<Response, Problem> {
    permitted(&visitor)?;
    match merged(&door, &visitor, number, &posted).await {
        Ok(response) => Ok(response),
        Err(wrong) => {
            let Ok(other) = posted.text("other").parse::<ChildNumber>() else {
                return Ok(which(number, Some((&posted, vec![wrong_number("with")]))).into_response());
            };
            wrong.answer(FIELDS, |errors| again([number, other], &posted, errors))
        }
    }
}

/// Asks from which record this one is told apart.
pub(crate) async fn split_page(visitor: Visitor, In(number): In<ChildNumber>) -> Result<Page, Problem> {
    permitted(&visitor)?;
    Ok(apart(number, None))
}

/// Tells the two apart.
pub(crate) async fn send_split(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(number): In<ChildNumber>,
    posted: Posted,
) -> Result<Response, Problem> {
    permitted(&visitor)?;
    match split(&door, &visitor, number, &posted).await {
        Ok(response) => Ok(response),
        Err(Wrong::Problem(problem)) if problem.code() == "not_found" => {
            let error = FieldError::at(
                "other",
                "No record of that number is open to you, or it was never merged with this one",
            );
            Ok(apart(number, Some((&posted, vec![error]))).into_response())
        }
        Err(wrong) => wrong.answer(FIELDS, |errors| apart(number, Some((&posted, errors)))),
    }
}

async fn merged(
    door: &Arc<Door>,
    visitor: &Visitor,
    number: ChildNumber,
    posted: &Posted,
) -> Result<Response, Wrong> {
    if posted.given("stays").is_none() {
        return Err(FieldError::at("stays", "Choose which number stays").into());
    }
    let other: ChildNumber = posted.text("other").parse().map_err(|_| wrong_number("with"))?;
    let stays = if posted.text("stays") == other.to_string() { other } else { number };
    let absorbed = if stays == number { other } else { number };
    let asked: Merge = Reading::of(posted)
        .put("/absorbed", serde_json::json!(absorbed))
        .flag("/despite_not_same_person", "despite", "Merge them all the same")
        .read()?;
    let ask = MergeAsk {
        stays,
        absorbed: asked.absorbed,
        despite: asked.despite_not_same_person.unwrap_or_default(),
    };
    after::stands(door, visitor, door.directory.merge_children(&visitor.person, ask)?).await?;
    let said = format!("The two records are one. Both numbers lead to child number {stays}.");
    Ok(after::on(door, visitor, said, "/team"))
}

async fn split(
    door: &Arc<Door>,
    visitor: &Visitor,
    number: ChildNumber,
    posted: &Posted,
) -> Result<Response, Wrong> {
    let asked: Split = Reading::of(posted).text("/other", "other", "The other number").read()?;
    let pending = door.directory.split_children(&visitor.person, number, asked.other)?;
    after::stands(door, visitor, pending).await?;
    let said = format!("Child numbers {number} and {} are told apart.", asked.other);
    Ok(after::on(door, visitor, said, "/team"))
}

fn permitted(visitor: &Visitor) -> Result<(), Problem> {
    if may(&visitor.person, May::MergeRecords) { Ok(()) } else { Err(Problem::new("role_may_not_read")) }
}

fn wrong_number(field: &'static str) -> FieldError {
    FieldError::at(field, "Enter a child number of eleven digits, as it stands on the record")
}

fn which(number: ChildNumber, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let form = Form::get(format!("/children/{number}/merge"), "Put them side by side").field(
        Field::digits("with", "Number of the other record")
            .hint("Both records are opened in your name, for data quality.")
            .width("govuk-input--width-20"),
    );
    Page::new("Merge two records")
        .caption(format!("Child number {number}"))
        .back(format!("/children/{number}"))
        .with(Block::text("Two records of one child become one. First they are shown side by side."))
        .with_form(form, posted)
        .with(Block::heading("Or part them"))
        .with(Block::text(
            line().link(format!("/children/{number}/split"), "Tell this record apart from another"),
        ))
}

fn confirm(both: &[(ChildNumber, Opened); 2]) -> Page {
    let [(one, left), (other, right)] = both;
    let mut blocks = Vec::new();
    if let (Ok(left), Ok(right)) = (left, right) {
        let names = [format!("Number {one}"), format!("Number {other}")];
        let (left, right) = (compare::held(left), compare::held(right));
        blocks.push(compare::table(
            "The two records, field by field".to_owned(),
            (&names[0], &left),
            (&names[1], &right),
        ));
    }
    for (number, opened) in both {
        blocks.extend(opened.as_ref().err().map(|why| Block::inset(format!("Child number {number}: {why}"))));
    }
    Page::new("Merge two records")
        .wide()
        .back(format!("/children/{one}/merge"))
        .with_all(blocks)
        .with(Block::warning(MEANS))
        .with(form([*one, *other], false))
}

/// The question once more: to show the records again would be another look at each.
fn again([one, other]: [ChildNumber; 2], posted: &Posted, errors: Vec<FieldError>) -> Page {
    let refused =
        posted.given("despite").is_some() || errors.iter().any(|error| error.field == Some("despite"));
    let beside = format!("/children/{one}/merge?with={other}");
    Page::new("Merge two records")
        .back(format!("/children/{one}/merge"))
        .with(Block::text(
            line()
                .text("The two records are not opened again for this page; ")
                .link(beside, "put them side by side once more")
                .text(" if you need to, which is another look at each."),
        ))
        .with(Block::warning(MEANS))
        .with_form(form([one, other], refused), Some((posted, errors)))
}

fn form([one, other]: [ChildNumber; 2], refused: bool) -> Form {
    let stays =
        [one, other].map(|number| Choice::new(number.to_string(), format!("Child number {number} stays")));
    let form = Form::post(format!("/children/{one}/merge"), "Merge the two records")
        .warning()
        .hidden("other", other.to_string())
        .field(
            Field::radios("stays", "Which number stays?", stays)
                .hint("The other number works for ever and leads to it.")
                .large(),
        );
    let form = if refused {
        let all_the_same = Choice::new("yes", "Merge them although somebody told them apart");
        form.field(Field::boxes("despite", "These two were told apart before", [all_the_same]))
    } else {
        form
    };
    form.beside(line().link("/team", "Leave them as they are"))
}

fn apart(number: ChildNumber, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let form = Form::post(format!("/children/{number}/split"), "Tell the two apart")
        .warning()
        .field(
            Field::digits("other", "The other number")
                .hint("The number that was merged into this record, or the number of a child who is not this one.")
                .width("govuk-input--width-20"),
        )
        .beside(line().link(format!("/children/{number}/merge"), "Leave them as they are"));
    Page::new("Tell two records apart")
        .caption(format!("Child number {number}"))
        .back(format!("/children/{number}/merge"))
        .with(Block::list([
            "Of two records that were merged, each shows again what was sent for it.",
            "Two records that were never merged are told apart for ever: the directory does not propose to merge them again.",
            "A shield that both had stays on both until somebody lifts it.",
        ]))
        .with_form(form, posted)
}
