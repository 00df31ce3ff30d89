//! A decision on consent to a sensitive service. Source: rules.md 3.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use vocabulary::{ChildNumber, Competence, ConsentDecision, GivenBy, Method, england_day};

use super::{FIELDS, for_whom, on_behalf, recorder};
use crate::{
    answer::In,
    door::Door,
    http::consents,
    pages::{
        after,
        kit::{Block, Choice, Field, FieldError, Form, Page},
        posted::{Posted, Reading},
        visitor::Visitor,
        words,
        wrong::Wrong,
    },
    problem::Problem,
    wire::requests::Consent,
};

/// What is asked.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(child): In<ChildNumber>,
) -> Result<Page, Problem> {
    asked(&door, &visitor, child, None)
}

/// Records the decision.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(child): In<ChildNumber>,
    posted: Posted,
) -> Result<Response, Problem> {
    match sent(&door, &visitor, child, &posted).await {
        Ok(response) => Ok(response),
        Err(wrong) => {
            let fields =
                [FIELDS, &[("date_in_future", "decided_on"), ("consent_unknown", "decision")]].concat();
            let again = asked(&door, &visitor, child, None)?;
            wrong.answer(&fields, |errors| {
                asked(&door, &visitor, child, Some((&posted, errors))).unwrap_or(again)
            })
        }
    }
}

async fn sent(
    door: &Arc<Door>,
    visitor: &Visitor,
    child: ChildNumber,
    posted: &Posted,
) -> Result<Response, Wrong> {
    let reading = Reading::of(posted)
        .put("/child_number", serde_json::json!(child.to_string()))
        .text("/episode_ref", "episode_ref", "Reference of the episode")
        .choice("/decision", "decision", "What was decided")
        .choice("/given_by", "given_by", "Who decided")
        .choice("/competence", "competence", "Whether the child could decide")
        .choice("/method", "method", "How it was given")
        .choice("/notice_version", "notice_version", "Which notice was given")
        .day("/decided_on", "decided_on", "Day of the decision");
    let (told, colleague) = consents::told(on_behalf(reading).read::<Consent>()?);
    let person = recorder(door, visitor, posted, colleague).await?;
    let pending = door.directory.record_consent(&person, told);
    after::recorded(door, visitor, pending, "The decision was recorded.", &format!("/children/{child}")).await
}

fn asked(
    door: &Door,
    visitor: &Visitor,
    child: ChildNumber,
    posted: Option<(&Posted, Vec<FieldError>)>,
) -> Result<Page, Problem> {
    let today = england_day(door.directory.now());
    let held = door.directory.policy_of(&visitor.person)?;
    let said = |name: String, text: &str| Choice::new(name, text);
    let notices =
        held.notices.iter().rev().map(|notice| Choice::new(notice.version.as_str(), notice.version.as_str()));
    let notices: Vec<Choice> = notices.collect();
    let notice = if notices.is_empty() {
        Field::text("notice_version", "Which version of the notice was given?").width("govuk-input--width-10")
    } else {
        Field::select("notice_version", "Which version of the notice was given?", notices)
    };
    let form = Form::post(format!("/children/{child}/consent"), "Record the decision")
        .field(
            Field::text("episode_ref", "Reference of the episode")
                .hint("Your own, for this piece of work. The entry of your service names the same.")
                .width("govuk-input--width-20"),
        )
        .field(Field::radios(
            "decision",
            "What was decided?",
            [
                said(words::name_of(&ConsentDecision::Given), "Consent was given"),
                said(words::name_of(&ConsentDecision::Refused), "Consent was refused")
                    .hint("Nothing about your service is kept."),
                said(words::name_of(&ConsentDecision::Withdrawn), "Consent was withdrawn")
                    .hint("The entry is gone from every view at once."),
            ],
        ))
        .field(Field::radios(
            "given_by",
            "Who decided?",
            [
                said(words::name_of(&GivenBy::Child), "The child or young person"),
                said(words::name_of(&GivenBy::Parent), "Somebody with parental responsibility"),
            ],
        ))
        .field(Field::radios(
            "competence",
            "Could the child decide?",
            [
                said(words::name_of(&Competence::Presumed12OrOver), "Presumed, as 12 or over"),
                said(words::name_of(&Competence::AssessedCompetent), "Assessed as able to decide"),
                said(words::name_of(&Competence::AssessedNotCompetent), "Assessed as not able to decide yet"),
            ],
        ))
        .field(Field::radios(
            "method",
            "How was it given?",
            [Method::FaceToFace, Method::Telephone, Method::Written]
                .map(|method| Choice::new(words::name_of(&method), words::of(&method))),
        ))
        .field(notice)
        .field(
            Field::day("decided_on", "When was it decided?")
                .hint(format!("For example, {}.", words::day(today)))
                .value(today.to_string()),
        );
    Ok(Page::new("Record a decision on consent")
        .back(format!("/children/{child}"))
        .with(Block::text("For sexual health, mental health and substance misuse services. An entry of such a service needs consent for the same episode."))
        .with_form(for_whom(visitor, form), posted))
}
