//! Entering a request that was received: about whom, by whom, what, and by what their identity was proved.
//!
//! The carers and services to choose from are those of the record, which is opened for the reason that was given for
//! it; a reference is never typed.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use directory::RightsAsk;
use events::{
    child::details::Field as Detail,
    rights::{ChildsView, Complaint, Proof},
};
use serde_json::{Value, json};
use visibility::AccessibleRecord;
use visibility::permission::Action as May;
use vocabulary::{ChildNumber, Competence, england_day};

use super::complained;
use crate::{
    answer::In,
    door::Door,
    pages::{
        after,
        frame::may,
        kit::{Block, Choice, Field, FieldError, Form, Page, line},
        posted::{Posted, Reading},
        visitor::{Visitor, see},
        words,
        wrong::Wrong,
    },
    problem::Problem,
    wire::rights::NewRightsRequest,
};

/// Refusals, and the field that each is about.
const FIELDS: &[(&str, &str)] = &[
    ("received_out_of_range", "received_on"),
    ("competence_not_presumed", "competence"),
    ("child_not_competent", "asked_by"),
    ("carer_unknown", "asked_by"),
    ("childs_view_missing", "childs_view"),
];

const DETAILS: [Detail; 12] = [
    Detail::Forename,
    Detail::MiddleNames,
    Detail::Surname,
    Detail::KnownAs,
    Detail::PreviousSurname,
    Detail::DateOfBirth,
    Detail::Gender,
    Detail::Address,
    Detail::PreviousAddress,
    Detail::NhsNumber,
    Detail::Upn,
    Detail::Carers,
];

/// The questions.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(number): In<ChildNumber>,
) -> Result<Response, Problem> {
    if !may(&visitor.person, May::AnswerPerson) {
        return Err(Problem::new("role_may_not_read"));
    }
    Ok(match opened(&door, &visitor, number).await? {
        Some(record) => asked(number, &record, None).into_response(),
        None => see(&format!("/children/{number}/reason")),
    })
}

/// Enters it.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(number): In<ChildNumber>,
    posted: Posted,
) -> Result<Response, Problem> {
    match entered(&door, &visitor, number, &posted).await {
        Ok(response) => Ok(response),
        Err(wrong) => match opened(&door, &visitor, number).await? {
            Some(record) => wrong.answer(FIELDS, |errors| asked(number, &record, Some((&posted, errors)))),
            None => Ok(see(&format!("/children/{number}/reason"))),
        },
    }
}

/// The record, if why one looks is known: its carers and services are to be chosen from.
async fn opened(
    door: &Arc<Door>,
    visitor: &Visitor,
    number: ChildNumber,
) -> Result<Option<AccessibleRecord>, Problem> {
    let now = door.directory.now();
    let Some(ground) = visitor.visit(door, |visit| visit.ground(number, now)) else { return Ok(None) };
    let disclosed = door.directory.open_record(&visitor.person, ground.request()).await?;
    Ok(Some(disclosed.into_view().record))
}

async fn entered(
    door: &Arc<Door>,
    visitor: &Visitor,
    number: ChildNumber,
    posted: &Posted,
) -> Result<Response, Wrong> {
    let reading = Reading::of(posted)
        .put("/child_number", json!(number))
        .choice("/asked_by", "asked_by", "who asks")
        .choice("/asked", "asked", "what is asked")
        .choice("/competence", "competence", "how the child's understanding was judged")
        .choice("/childs_view", "childs_view", "what the child says of it")
        .choice("/proof", "proof", "how their identity was proved")
        .day("/received_on", "received_on", "Day on which it was received");
    let reading = match posted.text("asked_by").split_once(' ') {
        Some((_, carer)) => reading.put("/asked_by", json!({"carer": carer})),
        None => reading,
    };
    let asked: NewRightsRequest = reading.put_if("/asked", what(posted)?).read()?;
    let ask = RightsAsk {
        number: asked.child_number,
        asked_by: asked.asked_by,
        asked: asked.asked,
        competence: asked.competence,
        childs_view: asked.childs_view,
        proof: asked.proof,
        received_on: asked.received_on.unwrap_or_else(|| england_day(door.directory.now())),
    };
    let request = door.directory.request_rights(&visitor.person, ask)?;
    after::stands(door, visitor, request.pending).await?;
    let said = format!("The request is entered. Answer it by {}.", words::day(request.due_by));
    Ok(after::on(door, visitor, said, &format!("/team/requests/{}?child={number}", request.id)))
}

/// What is asked, of the three questions about it.
fn what(posted: &Posted) -> Result<Option<Value>, Wrong> {
    match posted.text("asked") {
        "correction" => {
            let Some(disputed) = posted.given("disputed") else {
                return Err(FieldError::at("disputed", "Choose what is said to be wrong").into());
            };
            Ok(Some(match disputed.split_once(' ') {
                Some((kind, which)) => json!({"correction": {kind: which}}),
                None => json!({"correction": disputed}),
            }))
        }
        "complaint" => match posted.given("complaint") {
            Some(complaint) => Ok(Some(json!({"complaint": complaint}))),
            None => Err(FieldError::at("complaint", "Choose what the complaint is about").into()),
        },
        _ => Ok(None),
    }
}

fn asked(number: ChildNumber, record: &AccessibleRecord, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let choice = |word: String, text: &str| Choice::new(word, text);
    let competences =
        [Competence::Presumed12OrOver, Competence::AssessedCompetent, Competence::AssessedNotCompetent]
            .map(|one| Choice::new(words::name_of(&one), words::of(&one)));
    let views = [
        (ChildsView::Agrees, "The carer may have all of it"),
        (ChildsView::WithoutSensitive, "The carer may have it without sensitive services"),
        (ChildsView::Objects, "The carer may not have it"),
    ];
    let views = views.map(|(view, text)| choice(words::name_of(&view), text));
    let proofs = [
        (Proof::PhotoDocument, "A document with a photograph was seen"),
        (Proof::TwoDocuments, "Two other documents were seen"),
        (Proof::KnownInPerson, "Somebody who works with the child knows them in person"),
    ];
    let proofs = proofs.map(|(proof, text)| choice(words::name_of(&proof), text));
    let asked = [
        Choice::new("access", "What is held, and who looked"),
        Choice::new("correction", "That something be corrected")
            .hint("Choose below what is said to be wrong."),
        Choice::new("complaint", "A complaint").hint("Choose below what it is about."),
    ];
    let form = Form::post(format!("/children/{number}/request"), "Enter the request")
        .field(Field::radios("asked_by", "Who asks?", askers(record)))
        .field(Field::radios("asked", "What do they ask?", asked))
        .field(Field::select("disputed", "What is said to be wrong", disputed(record)))
        .field(Field::select("complaint", "What the complaint is about", complaints()))
        .field(Field::radios("competence", "How was the child's understanding judged?", competences))
        .field(
            Field::radios("childs_view", "What does the child say of it?", views)
                .hint("Only where a carer asks about a child who understands."),
        )
        .field(Field::radios("proof", "How was their identity proved?", proofs))
        .field(Field::day("received_on", "Day on which it was received").hint("Left open: today."))
        .beside(line().link(format!("/team/requests?child={number}"), "What was asked before"));
    Page::new("Enter a request about what is held")
        .caption(format!("Child number {number}"))
        .back(format!("/children/{number}"))
        .with(Block::text("The clock of a month runs from the day on which it was received."))
        .with_form(form, posted)
}

fn askers(record: &AccessibleRecord) -> Vec<Choice> {
    let carers = record.carers.iter().flatten().filter_map(|carer| {
        let reference = carer.carer_ref.as_ref()?;
        Some(Choice::new(format!("carer {reference}"), carer.name.as_str()))
    });
    std::iter::once(Choice::new("child", "The child")).chain(carers).collect()
}

fn disputed(record: &AccessibleRecord) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", "Nothing")];
    choices.extend(
        DETAILS.map(|detail| Choice::new(format!("field {}", detail.name()), words::word(detail.name()))),
    );
    choices.push(Choice::new("education", "Education"));
    choices.push(Choice::new("primary_care", "GP practice"));
    choices.extend(record.involvements.iter().flatten().map(|entry| {
        let text = format!("{}, {}", words::word(entry.service_type.name()), entry.organisation.name);
        Choice::new(format!("involvement {}", entry.involvement_id), text)
    }));
    choices
}

fn complaints() -> Vec<Choice> {
    let all = [
        Complaint::Look,
        Complaint::Holding,
        Complaint::Showing,
        Complaint::Consent,
        Complaint::Shield,
        Complaint::Request,
    ];
    let said = all.map(|one| Choice::new(words::name_of(&one), words::word(complained(one))));
    std::iter::once(Choice::new("", "Nothing")).chain(said).collect()
}
