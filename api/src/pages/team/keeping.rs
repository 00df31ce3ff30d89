//! Keeping a record longer: a hold while something needs it, and a young person's word to stay after 18.
//!
//! Source: domain.md 4.6; ADR-0050.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use directory::HoldAsk;
use events::child::retention::{ExtensionBasis, HoldGround};
use visibility::permission::Action as May;
use vocabulary::{ChildNumber, HoldId, Method};

use crate::{
    answer::In,
    door::Door,
    pages::{
        after,
        frame::may,
        kit::{Action, Block, Choice, Field, FieldError, Form, Page, line},
        posted::{Posted, Reading},
        visitor::Visitor,
        words,
        wrong::{OrAgain as _, Wrong},
    },
    problem::Problem,
    wire::retention::{AgeExtended, AgeWithdrawn, NewHold},
};

/// Refusals of a hold, and the field that each is about.
const OF_HOLDS: &[(&str, &str)] = &[("own_hold", "hold"), ("hold_unknown", "hold")];

/// Refusals of a word on the age, and the field that each is about.
const OF_AGES: &[(&str, &str)] = &[
    ("date_in_future", "decided_on"),
    ("too_young_to_agree", "decided_on"),
    ("decision_overtaken", "decided_on"),
];

const GROUNDS: [HoldGround; 5] = [
    HoldGround::LegalClaim,
    HoldGround::CriminalProceedings,
    HoldGround::PublicInquiry,
    HoldGround::CaseReview,
    HoldGround::Complaint,
];

/// Why the record is to be kept.
pub(crate) async fn hold_page(visitor: Visitor, In(number): In<ChildNumber>) -> Result<Page, Problem> {
    permitted(&visitor, May::HoldRecord)?;
    Ok(hold(number, None))
}

/// Places a hold, and shows by which id another person lifts it.
pub(crate) async fn send_hold(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(number): In<ChildNumber>,
    posted: Posted,
) -> Result<Response, Problem> {
    held(&door, &visitor, number, &posted)
        .await
        .or_again(OF_HOLDS, |errors| hold(number, Some((&posted, errors))))
}

/// By which id the hold is lifted.
pub(crate) async fn lift_page(visitor: Visitor, In(number): In<ChildNumber>) -> Result<Page, Problem> {
    permitted(&visitor, May::HoldRecord)?;
    Ok(lift(number, None))
}

/// Lifts a hold.
pub(crate) async fn send_lift(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(number): In<ChildNumber>,
    posted: Posted,
) -> Result<Response, Problem> {
    match lifted(&door, &visitor, number, &posted).await {
        Ok(response) => Ok(response),
        Err(Wrong::Problem(problem)) if problem.code() == "not_found" => {
            let error = FieldError::at("hold", "No hold of that id stands on this record");
            Ok(lift(number, Some((&posted, vec![error]))).into_response())
        }
        Err(wrong) => wrong.answer(OF_HOLDS, |errors| lift(number, Some((&posted, errors)))),
    }
}

/// A young person's word to stay.
pub(crate) async fn age_page(visitor: Visitor, In(number): In<ChildNumber>) -> Result<Page, Problem> {
    permitted(&visitor, May::ExtendArchiveAge)?;
    Ok(age(number, None))
}

/// Records it.
pub(crate) async fn send_age(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(number): In<ChildNumber>,
    posted: Posted,
) -> Result<Response, Problem> {
    extended(&door, &visitor, number, &posted)
        .await
        .or_again(OF_AGES, |errors| age(number, Some((&posted, errors))))
}

/// That they agree no more.
pub(crate) async fn withdraw_page(visitor: Visitor, In(number): In<ChildNumber>) -> Result<Page, Problem> {
    permitted(&visitor, May::ExtendArchiveAge)?;
    Ok(withdraw(number, None))
}

/// Records it.
pub(crate) async fn send_withdrawal(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(number): In<ChildNumber>,
    posted: Posted,
) -> Result<Response, Problem> {
    withdrawn(&door, &visitor, number, &posted)
        .await
        .or_again(OF_AGES, |errors| withdraw(number, Some((&posted, errors))))
}

async fn held(
    door: &Arc<Door>,
    visitor: &Visitor,
    number: ChildNumber,
    posted: &Posted,
) -> Result<Page, Wrong> {
    let asked: NewHold = Reading::of(posted)
        .choice("/ground", "ground", "why the record is kept")
        .text("/reference", "reference", "Reference of the office that asks")
        .read()?;
    let ask = HoldAsk::Place { ground: asked.ground, reference: asked.reference };
    let (hold_id, pending) = door.directory.keep_record(&visitor.person, number, ask)?;
    after::stands(door, visitor, pending).await?;
    let id = hold_id.map(|id| line().text("Its id is ").code(id.to_string()));
    Ok(Page::new("The record is kept")
        .unheaded()
        .with(Block::panel("The record is kept", id))
        .with(Block::text("Write the id down beside the reference. Another person than you lifts the hold by it, once nothing needs the record."))
        .with(Block::Actions(vec![Action::first("/team", "To the directory team")])))
}

async fn lifted(
    door: &Arc<Door>,
    visitor: &Visitor,
    number: ChildNumber,
    posted: &Posted,
) -> Result<Response, Wrong> {
    let wrong_id = || FieldError::at("hold", "Enter the id that was shown when the hold was placed");
    let id: HoldId = posted.text("hold").parse().map_err(|_| wrong_id())?;
    let (_, pending) = door.directory.keep_record(&visitor.person, number, HoldAsk::Lift(id))?;
    after::stands(door, visitor, pending).await?;
    Ok(after::on(door, visitor, format!("The hold on child number {number} is lifted."), "/team"))
}

async fn extended(
    door: &Arc<Door>,
    visitor: &Visitor,
    number: ChildNumber,
    posted: &Posted,
) -> Result<Response, Wrong> {
    let asked: AgeExtended = Reading::of(posted)
        .choice("/basis", "basis", "for whom the record may stay")
        .choice("/method", "method", "how they agreed")
        .text("/notice_version", "notice_version", "Version of the notice that they were given")
        .day("/decided_on", "decided_on", "Day on which they agreed")
        .read()?;
    let AgeExtended { basis, method, notice_version, decided_on } = asked;
    let ask = HoldAsk::Extend { basis, method, notice_version, decided_on };
    let (_, pending) = door.directory.keep_record(&visitor.person, number, ask)?;
    after::stands(door, visitor, pending).await?;
    Ok(after::on(door, visitor, format!("Child number {number} stays until 25."), "/team"))
}

async fn withdrawn(
    door: &Arc<Door>,
    visitor: &Visitor,
    number: ChildNumber,
    posted: &Posted,
) -> Result<Response, Wrong> {
    let asked: AgeWithdrawn =
        Reading::of(posted).day("/decided_on", "decided_on", "Day since which they agree no more").read()?;
    let ask = HoldAsk::Withdraw { decided_on: asked.decided_on };
    let (_, pending) = door.directory.keep_record(&visitor.person, number, ask)?;
    after::stands(door, visitor, pending).await?;
    Ok(after::on(
        door,
        visitor,
        format!("It is recorded that child number {number} agrees no more."),
        "/team",
    ))
}

fn permitted(visitor: &Visitor, action: May) -> Result<(), Problem> {
    if may(&visitor.person, action) { Ok(()) } else { Err(Problem::new("role_may_not_read")) }
}

fn of_child(title: &'static str, number: ChildNumber) -> Page {
    Page::new(title).caption(format!("Child number {number}")).back(format!("/children/{number}"))
}

fn hold(number: ChildNumber, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let grounds = GROUNDS.map(|ground| Choice::new(words::name_of(&ground), words::of(&ground)));
    let form = Form::post(format!("/children/{number}/hold"), "Keep the record")
        .field(Field::radios("ground", "Why is it kept?", grounds).large())
        .field(
            Field::text("reference", "Reference of the office that asks")
                .hint("As a court's or an inquiry's own. Never a name.")
                .width("govuk-input--width-20"),
        )
        .beside(line().link(format!("/children/{number}/hold/lifting"), "Lift a hold"));
    of_child("Keep a record", number)
        .with(Block::text(
            "A record that is held is neither archived away nor purged until another person lifts the hold.",
        ))
        .with_form(form, posted)
}

fn lift(number: ChildNumber, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let form = Form::post(format!("/children/{number}/hold/lifting"), "Lift the hold")
        .warning()
        .field(
            Field::text("hold", "Id of the hold")
                .hint("As it was shown when the hold was placed.")
                .width("govuk-input--width-20"),
        )
        .beside(line().link(format!("/children/{number}"), "Leave it"));
    of_child("Lift a hold", number)
        .with(Block::text("Once no hold is left, the record goes the way of every other: it may be archived and purged when its time is over."))
        .with_form(form, posted)
}

fn age(number: ChildNumber, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let bases = [
        (ExtensionBasis::CareLeaver, "They left care"),
        (ExtensionBasis::LearningDifficulty, "They have a learning difficulty"),
    ];
    let bases = bases.map(|(basis, text)| Choice::new(words::name_of(&basis), text));
    let methods = [Method::FaceToFace, Method::Telephone, Method::Written]
        .map(|method| Choice::new(words::name_of(&method), words::of(&method)));
    let form = Form::post(format!("/children/{number}/archive-age"), "Record that they agree")
        .field(Field::radios("basis", "For whom may the record stay?", bases))
        .field(Field::radios("method", "How did they agree?", methods))
        .field(
            Field::text("notice_version", "Version of the notice that they were given")
                .width("govuk-input--width-10"),
        )
        .field(Field::day("decided_on", "Day on which they agreed").hint("For example, 27 3 2026."))
        .beside(line().link(format!("/children/{number}/archive-age/withdrawal"), "They agree no more"));
    of_child("Keep a record after 18", number)
        .with(Block::text("A young person who leaves care, or has a learning difficulty, may agree to stay in the directory until 25."))
        .with_form(form, posted)
}

fn withdraw(number: ChildNumber, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let form = Form::post(format!("/children/{number}/archive-age/withdrawal"), "Record it")
        .warning()
        .field(
            Field::day("decided_on", "Since which day do they agree no more?")
                .hint("For example, 27 3 2026."),
        )
        .beside(line().link(format!("/children/{number}/archive-age"), "Leave it as it is"));
    of_child("They agree no more", number)
        .with(Block::text("Whoever is 18 by then is archived: services see the record no more."))
        .with_form(form, posted)
}
