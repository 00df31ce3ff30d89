//! What is done about one request, a page each: the checks, the steps, the longer clock, the answer, a disagreement.

use std::{str::FromStr, sync::Arc};

use axum::{
    extract::{OriginalUri, State},
    response::Response,
};
use directory::{RightsAct, RightsItem};
use events::rights::{Asked, Step};
use serde_json::json;
use vocabulary::RightsId;

use super::{item, taken};
use crate::{
    answer::InBoth,
    door::Door,
    pages::{
        after,
        kit::{Block, Choice, Field, FieldError, Form, Page, line},
        posted::{Posted, Reading},
        visitor::Visitor,
        words,
        wrong::{OrAgain as _, Wrong},
    },
    problem::Problem,
    wire::rights::{CarerCheck, RightsAnswer, RightsStep, ThreatCheck},
};

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Carer,
    Threat,
    Extension,
    Step,
    Answer,
    Disagreement,
}

impl FromStr for Act {
    type Err = ();

    fn from_str(word: &str) -> Result<Act, ()> {
        match word {
            "carer" => Ok(Act::Carer),
            "threat" => Ok(Act::Threat),
            "extension" => Ok(Act::Extension),
            "step" => Ok(Act::Step),
            "answer" => Ok(Act::Answer),
            "disagreement" => Ok(Act::Disagreement),
            _ => Err(()),
        }
    }
}

impl Act {
    fn word(self) -> &'static str {
        match self {
            Act::Carer => "carer",
            Act::Threat => "threat",
            Act::Extension => "extension",
            Act::Step => "step",
            Act::Answer => "answer",
            Act::Disagreement => "disagreement",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Act::Carer => "Check who the carer is",
            Act::Threat => "Check the danger",
            Act::Extension => "Extend the clock",
            Act::Step => "Record a step",
            Act::Answer => "Answer the request",
            Act::Disagreement => "Mark that they disagree",
        }
    }
}

/// The question.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    InBoth(id, act): InBoth<RightsId, Act>,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    let item = item(&door, &visitor, id, &Posted::of_query(&uri)).await?;
    Ok(asked(act, &item, None))
}

/// Does it.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    InBoth(id, act): InBoth<RightsId, Act>,
    posted: Posted,
) -> Result<Response, Problem> {
    let item = item(&door, &visitor, id, &posted).await?;
    done(&door, &visitor, (act, &item), &posted)
        .await
        .or_again(&[], |errors| asked(act, &item, Some((&posted, errors))))
}

async fn done(
    door: &Arc<Door>,
    visitor: &Visitor,
    (act, item): (Act, &RightsItem),
    posted: &Posted,
) -> Result<Response, Wrong> {
    let asked = read(act, posted)?;
    let pending = door.directory.act_on_rights(&visitor.person, item.rights_request_id, asked)?;
    after::stands(door, visitor, pending).await?;
    let said = match act {
        Act::Carer | Act::Threat => {
            "What you came to is recorded. It counts for as long as the record says the same."
        }
        Act::Extension => "The clock runs two months longer. Tell whoever asked, and why.",
        Act::Step => "The step is recorded.",
        Act::Answer => "The answer is recorded. Tell whoever asked.",
        Act::Disagreement => "It is marked that they disagree.",
    };
    let href = format!("/team/requests/{}?child={}", item.rights_request_id, item.child_number);
    Ok(after::on(door, visitor, said, &href))
}

fn read(act: Act, posted: &Posted) -> Result<RightsAct, Wrong> {
    let reading = Reading::of(posted);
    Ok(match act {
        Act::Carer => {
            let read: CarerCheck =
                reading.flag("/lives_with_child", "lives_with_child", "where the carer lives").read()?;
            RightsAct::CheckCarer { lives_with_child: read.lives_with_child }
        }
        Act::Threat => {
            let read: ThreatCheck = reading.flag("/cleared", "cleared", "what you came to").read()?;
            RightsAct::CheckThreat { cleared: read.cleared }
        }
        Act::Extension => RightsAct::Extend,
        Act::Step => {
            let read: RightsStep = reading.choice("/step", "step", "which step was taken").read()?;
            RightsAct::Step(read.step)
        }
        Act::Answer => {
            let reading = reading.choice("/answer", "answer", "how it is answered");
            let reading = match posted.text("answer").split_once(' ') {
                Some((answer, why)) => reading.put("/answer", json!({answer: why})),
                None => reading,
            };
            let read: RightsAnswer = reading.read()?;
            RightsAct::Answer(read.answer)
        }
        Act::Disagreement => RightsAct::Disagree,
    })
}

fn asked(act: Act, item: &RightsItem, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let back = format!("/team/requests/{}?child={}", item.rights_request_id, item.child_number);
    let action = format!("/team/requests/{}/{}", item.rights_request_id, act.word());
    let form = Form::post(action, "Record it").hidden("child", item.child_number.to_string());
    let form = match act {
        Act::Carer => form.field(Field::radios(
            "lives_with_child",
            "Where does the carer live?",
            [
                Choice::new("yes", "Where the child lives"),
                Choice::new("no", "Somewhere else, or it is not known"),
            ],
        )),
        Act::Threat => form.field(Field::radios(
            "cleared",
            "Would it put anybody in danger to tell this carer?",
            [
                Choice::new("yes", "No: there is no danger from this person"),
                Choice::new("no", "Yes, or it cannot be ruled out")
                    .hint("The request is then answered as withheld."),
            ],
        )),
        Act::Step => form.field(Field::radios("step", "Which step was taken?", steps())),
        Act::Answer => form.field(Field::radios("answer", "How is it answered?", answers(item.asked))),
        Act::Extension | Act::Disagreement => form,
    };
    let about = match act {
        Act::Carer => {
            "You have seen who they are. This counts for as long as the record says the same of carers and address."
        }
        Act::Threat => {
            "Needed where the record is shielded. Nobody checks a request that they entered themselves."
        }
        Act::Extension => {
            "The law gives two months more, once, for a complex request. Tell whoever asked, and why, within the first month."
        }
        Act::Step => "Steps tell whoever asks how far their request has come.",
        Act::Answer => "An answer ends the request. It cannot be taken back.",
        Act::Disagreement => {
            "Whoever asked holds to it that the record is wrong. What they dispute is marked as disputed."
        }
    };
    Page::new(act.title())
        .caption(format!("Child number {}", item.child_number))
        .back(back.clone())
        .with(Block::text(about))
        .with_form(form.beside(line().link(back, "Leave it as it is")), posted)
}

fn steps() -> [Choice; 5] {
    [
        Step::Acknowledged,
        Step::SupplierAsked,
        Step::UnderInvestigation,
        Step::ProgressTold,
        Step::WithCommissioner,
    ]
    .map(|step| Choice::new(words::name_of(&step), taken(step)))
}

fn answers(asked: Asked) -> Vec<Choice> {
    let mut choices = match asked {
        Asked::Access => vec![
            Choice::new("withheld child_objects", "Withheld: the child objects"),
            Choice::new("withheld threat", "Withheld: the danger was not cleared"),
            Choice::new("withheld serious_harm", "Withheld: telling would be likely to cause serious harm"),
            Choice::new("withheld court_order", "Withheld: a court forbids it"),
        ],
        Asked::Correction(_) => vec![
            Choice::new("corrected", "It was corrected"),
            Choice::new(
                "correction_refused supplier_maintains",
                "Not corrected: the supplier holds to it and shows by what",
            ),
            Choice::new("correction_refused documented", "Not corrected: a document proves it"),
            Choice::new(
                "correction_refused right_then",
                "Not corrected: it tells what was so then, and was right",
            ),
        ],
        Asked::Complaint(_) => vec![
            Choice::new("upheld", "The complaint was right"),
            Choice::new("partly_upheld", "The complaint was right in part"),
            Choice::new("not_upheld", "The complaint was not right"),
        ],
    };
    choices.push(Choice::new("taken_back", "Whoever asked took it back"));
    choices
}
