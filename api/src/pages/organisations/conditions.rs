//! The conditions of accreditation as a task list: what each asks for, whether it is met, until when.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::NaiveDate;
use directory::OrganisationAct;
use events::{
    organisation::{ConditionMet, Organisation},
    policy::{Condition, Participation, wording},
    refused::Code,
};
use visibility::permission::Action as May;
use vocabulary::{OrganisationId, england_day};

use super::name;
use crate::{
    answer::InBoth,
    door::Door,
    pages::{
        after,
        frame::may,
        kit::{Block, Field, FieldError, Form, Line, Page, Summary, Task, line},
        posted::{Posted, Reading},
        visitor::{Visitor, see},
        words,
        wrong::Wrong,
    },
    problem::Problem,
    wire::administration as body,
};

/// One condition as the organisation stands to it.
struct Stands {
    known: Condition,
    /// From when until when, while it is met or has run out.
    met: Option<(NaiveDate, NaiveDate)>,
}

impl Stands {
    /// One that was withdrawn is kept as run out, and reads as never met.
    fn of(held: &Organisation, code: &Code, known: Condition) -> Stands {
        let met = held.conditions.get(code).filter(|met| met.valid_until >= met.met_on);
        Stands { known, met: met.map(|met| (met.met_on, met.valid_until)) }
    }

    fn status(&self, today: NaiveDate) -> Line {
        match self.met {
            Some((_, until)) if until < today => line().tag("red", "Ran out"),
            Some((_, until)) => line().text("Met until ").on(until),
            None if self.known.key => line().tag("yellow", "To be met"),
            None => line().tag("grey", "Not met"),
        }
    }
}

/// Every condition, and where each is recorded.
pub(super) fn tasks(door: &Door, visitor: &Visitor, id: &OrganisationId, held: &Organisation) -> Vec<Block> {
    let conditions = door.directory.conditions();
    let today = england_day(door.directory.now());
    let records = may(&visitor.person, May::RecordCondition);
    let all: Vec<(&Code, Stands)> =
        conditions.iter().map(|(code, known)| (code, Stands::of(held, code, known))).collect();
    let missing = all
        .iter()
        .filter(|(_, stands)| stands.known.key && stands.met.is_none_or(|(_, until)| until < today));
    let told = match missing.count() {
        0 => "Every key condition is met.".to_owned(),
        missing => words::count(missing, "key condition is not met.", "key conditions are not met."),
    };
    let tasks = all.iter().map(|(code, stands)| Task {
        id: code.as_str().to_owned(),
        name: said(code),
        hint: Some(line().text(demanded(stands.known))),
        href: records.then(|| format!("/organisations/{id}/conditions/{}", code.as_str())),
        status: stands.status(today),
    });
    vec![Block::text(told), Block::Tasks(tasks.collect())]
}

/// One condition: what it asks for, and where its evidence is recorded.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    InBoth(id, code): InBoth<OrganisationId, String>,
) -> Result<Page, Problem> {
    asked(&door, &visitor, &id, &code, None)
}

/// Records that it is met.
pub(crate) async fn record(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    InBoth(id, code): InBoth<OrganisationId, String>,
    posted: Posted,
) -> Result<Response, Problem> {
    let read = Reading::of(&posted)
        .put("/condition", serde_json::json!(code))
        .day("/met_on", "met_on", "The day of its evidence")
        .day("/valid_until", "valid_until", "The last day on which it counts")
        .text("/evidence", "evidence", "Where the evidence is kept")
        .read::<body::ConditionMet>();
    let sent = match read {
        Ok(body::ConditionMet { condition, met_on, valid_until, evidence }) => {
            let met = ConditionMet { condition, met_on, valid_until, evidence };
            apply(
                &door,
                &visitor,
                &id,
                OrganisationAct::RecordCondition(met),
                "The condition was recorded as met.",
            )
            .await
        }
        Err(errors) => Err(errors.into()),
    };
    answered(&door, &visitor, &id, &code, &posted, sent)
}

/// Records that it is met no more.
pub(crate) async fn withdraw(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    InBoth(id, code): InBoth<OrganisationId, String>,
    posted: Posted,
) -> Result<Response, Problem> {
    let read = Reading::of(&posted).put("/condition", serde_json::json!(code)).read::<body::ConditionNamed>();
    let sent = match read {
        Ok(named) => {
            let act = OrganisationAct::WithdrawCondition(named.condition);
            apply(&door, &visitor, &id, act, "The condition was recorded as met no more.").await
        }
        Err(errors) => Err(errors.into()),
    };
    answered(&door, &visitor, &id, &code, &posted, sent)
}

async fn apply(
    door: &Door,
    visitor: &Visitor,
    id: &OrganisationId,
    act: OrganisationAct,
    said: &str,
) -> Result<(), Wrong> {
    let acted = door.directory.administer_organisation(&visitor.person, id, act)?;
    after::acted(door, visitor, acted, said).await
}

fn answered(
    door: &Door,
    visitor: &Visitor,
    id: &OrganisationId,
    code: &str,
    posted: &Posted,
    sent: Result<(), Wrong>,
) -> Result<Response, Problem> {
    match sent {
        Ok(()) => Ok(see(&format!("/organisations/{id}"))),
        Err(wrong) => {
            let page = asked(door, visitor, id, code, None)?;
            wrong.answer(&[("evidence_out_of_range", "valid_until")], |errors| {
                asked(door, visitor, id, code, Some((posted, errors))).unwrap_or(page)
            })
        }
    }
}

fn asked(
    door: &Door,
    visitor: &Visitor,
    id: &OrganisationId,
    named: &str,
    posted: Option<(&Posted, Vec<FieldError>)>,
) -> Result<Page, Problem> {
    let held = door.directory.organisation_of(&visitor.person, id)?;
    let conditions = door.directory.conditions();
    let found = conditions.iter().find(|(known, _)| known.as_str() == named);
    let (code, known) = found.ok_or_else(|| Problem::new("not_found"))?;
    let stands = Stands::of(&held, code, known);
    let today = england_day(door.directory.now());
    let address = format!("/organisations/{id}/conditions/{}", code.as_str());
    let form = Form::post(address.clone(), "Record that it is met")
        .field(Field::day("met_on", "The day of its evidence").hint("For example, 27 3 2026."))
        .field(Field::day("valid_until", "The last day on which it counts").hint(format!(
            "At most {} after the day of the evidence.",
            words::count(known.months as usize, "month", "months")
        )))
        .field(
            Field::text("evidence", "Where the evidence is kept, if it is kept elsewhere")
                .hint("A reference with a number, as in AUD/2026-17.")
                .width("govuk-input--width-20"),
        );
    let page = Page::new("Condition of accreditation")
        .heading_is(said(code))
        .caption(name(&held, id))
        .back(format!("/organisations/{id}"))
        .with(Summary::default().row("Asked for", demanded(known)).row("Now", stands.status(today)))
        .with_form(form, posted);
    if stands.met.is_none() {
        return Ok(page);
    }
    let what = if known.key {
        "A key condition that is met no more costs the standing at once: nobody of the organisation may look or send."
    } else {
        "The organisation is warned; it keeps its standing."
    };
    Ok(page
        .with(Block::heading("It is met no more"))
        .with(Block::text(what))
        .with(Form::post(format!("{address}/withdrawal"), "Record that it is met no more").warning()))
}

/// What a condition asks for, as a heading has it.
fn said(code: &Code) -> String {
    wording(code)
        .map_or_else(|| words::word(code.as_str()), |sentence| sentence.trim_end_matches('.').to_owned())
}

fn demanded(known: Condition) -> String {
    let whom = match known.participation {
        Participation::Supply => "to send",
        Participation::Use => "to look",
        Participation::Both => "to look and to send",
    };
    let key = if known.key { "Key condition" } else { "Condition" };
    format!(
        "{key} {whom}; its evidence counts for {}.",
        words::count(known.months as usize, "month", "months")
    )
}
