//! The identity queue: what waits for a person, each item beside the children it may mean, and the decision.
//!
//! Source: contract.md sections 2 (`/queue`) and 3 (`queued`); rules.md 2.7.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    response::Response,
};
use directory::QueueItem;
use events::{intake::QueueReason, supplied::SuppliedChild};
use serde_json::json;
use visibility::permission::Action as May;
use vocabulary::{ChildNumber, IntakeId, PersonName};

use super::compare::{self, Opened};
use crate::{
    answer::{In, ended},
    door::Door,
    http::queue::decision,
    pages::{
        after,
        frame::may,
        kit::{Block, Choice, Column, Field, FieldError, Form, Line, Page, Table, line},
        posted::{Posted, Reading},
        visitor::Visitor,
        words,
        wrong::Wrong,
    },
    problem::Problem,
    wire::requests::{QueueAnswer, QueueWord},
};

/// Refusals, and the field that each is about.
const FIELDS: &[(&str, &str)] = &[
    ("link_not_offered", "child_number"),
    ("merge_not_offered", "decision"),
    ("not_same_person", "decision"),
];

/// Most children that a form names again: more than are ever put beside one item.
const OFFERED_MAX: usize = 20;

/// An item with the children it may mean, as this person may see them.
struct Compared {
    item: QueueItem,
    held: Vec<(ChildNumber, Opened)>,
}

/// What is asked about an item: which child it is, or whether two records are one.
struct Question {
    id: IntakeId,
    of_two: bool,
    /// The children it may mean, by name where their records were opened for this page.
    offered: Vec<(ChildNumber, Option<String>)>,
}

/// What waits, the oldest first.
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    let from = after::position(&Posted::of_query(&uri));
    let shown = door.directory.queue_page(&visitor.person, from).await?.into_view();
    let columns = ["Child", "Why it waits", "Decide by", "Sent by"].map(Column::of);
    let table = Table::new("Items of the queue, oldest first", columns)
        .quiet()
        .rows(shown.items.iter().map(|item| row(&door, item)));
    let page = Page::new("Identity queue").wide().back("/team").with_if(after::done(&door, &visitor));
    if table.is_empty() {
        return Ok(page.with(Block::text("Nothing waits for a decision on this page.")).with_if(
            after::further("Pages of the queue", shown.next.map(|next| format!("/team/queue?after={next}"))),
        ));
    }
    Ok(page
        .with(Block::text("Until you decide, what was sent is kept apart and nobody else is shown it."))
        .with(table)
        .with_if(after::further(
            "Pages of the queue",
            shown.next.map(|next| format!("/team/queue?after={next}")),
        )))
}

/// One item beside each child that it may mean.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(id): In<IntakeId>,
) -> Result<Page, Problem> {
    let compared = opened(&door, &visitor, id).await?;
    Ok(beside(&door, &compared))
}

/// Takes the decision.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(id): In<IntakeId>,
    posted: Posted,
) -> Result<Response, Problem> {
    if !may(&visitor.person, May::DecideQueue) {
        return Err(Problem::new("role_may_not_read"));
    }
    match decided(&door, &visitor, id, &posted).await {
        Ok(response) => Ok(response),
        Err(wrong) => wrong.answer(FIELDS, |errors| again(id, &posted, errors)),
    }
}

/// The question once more, by the numbers that the form names: to show the records again would be another look at each.
fn again(id: IntakeId, posted: &Posted, errors: Vec<FieldError>) -> Page {
    let offered = posted.text("offered").split(' ').filter_map(|number| number.parse().ok());
    let question = Question {
        id,
        of_two: posted.text("of_two") == "yes",
        offered: offered.map(|number| (number, None)).take(OFFERED_MAX).collect(),
    };
    let again = line().link(format!("/team/queue/{id}"), "compare them once more");
    Page::new("Compare and decide")
        .back("/team/queue")
        .with(Block::text(
            line()
                .text("The records are not opened again for this page; ")
                .and(again)
                .text(" if you need to, which is another look at each."),
        ))
        .with_form(form(&question), Some((posted, errors)))
}

async fn decided(
    door: &Arc<Door>,
    visitor: &Visitor,
    id: IntakeId,
    posted: &Posted,
) -> Result<Response, Wrong> {
    let reading = Reading::of(posted).choice("/decision", "decision", "what is decided");
    let reading = match posted.text("decision").split_once(' ') {
        Some(("link", number)) => reading.put("/decision", json!("link")).put("/child_number", json!(number)),
        _ if posted.text("decision") == "other" => {
            let reading = reading.put("/decision", json!("link"));
            let reading = reading.text("/child_number", "child_number", "Child number");
            if posted.given("child_number").is_none() {
                return Err(
                    FieldError::at("child_number", "Enter the child number of the other child").into()
                );
            }
            // A search of one's own that showed the child lets one link to it (rules.md 2.7).
            let now = door.directory.now();
            let number = posted.text("child_number").parse::<ChildNumber>().ok();
            let ground = number.and_then(|number| visitor.visit(door, |visit| visit.ground(number, now)));
            reading
                .put_if("/search_id", ground.and_then(|ground| ground.search_id).map(|search| json!(search)))
        }
        _ => reading,
    };
    let asked: QueueAnswer = reading.read()?;
    let word = asked.decision;
    let asked = decision(asked.decision, asked.child_number, asked.search_id)?;
    let outcome = ended(door, door.directory.decide_queue(&visitor.person, id, asked)?).await?;
    visitor.wrote(door, outcome.position);
    let said = match (word, outcome.child_number, &outcome.problem) {
        (QueueWord::Link | QueueWord::New, _, Some(problem)) => {
            format!("Your decision stands; what was sent was then refused: {}", problem.detail)
        }
        (QueueWord::Link, Some(number), None) => format!("It went to child number {number}."),
        (QueueWord::New, Some(number), None) => format!("A new record was made: child number {number}."),
        (QueueWord::Link | QueueWord::New, None, None) => "Your decision stands.".to_owned(),
        (QueueWord::Reject, _, _) => "It is not used, and the sender is told.".to_owned(),
    };
    Ok(after::on(door, visitor, said, "/team/queue"))
}

/// The item and, opened for data quality, the children that it may mean.
async fn opened(door: &Arc<Door>, visitor: &Visitor, id: IntakeId) -> Result<Compared, Problem> {
    let item = door.directory.queue_item(&visitor.person, id).await?.into_view();
    let mut held = Vec::new();
    for number in &item.candidates {
        held.push((*number, compare::open(door, &visitor.person, *number).await?));
    }
    Ok(Compared { item, held })
}

fn row(door: &Door, item: &QueueItem) -> Vec<Line> {
    let child = item.told.as_ref().map_or_else(|| "Two records that are held".to_owned(), named);
    let due = line().at(item.due_by);
    let due = if item.overdue { due.text(" ").tag("red", "Overdue") } else { due };
    let sent = item
        .supplier
        .as_ref()
        .map_or_else(|| "Nobody: found by comparing".to_owned(), |by| after::named(door, by));
    let compare =
        line().link_to(format!("/team/queue/{}", item.id), "Compare and decide", format!("about {child}"));
    let behind = match item.behind {
        0 => Line::default(),
        many => {
            line().line_break().quiet(words::count(many, "event waits behind it", "events wait behind it"))
        }
    };
    let what = line().text(child).line_break().and(compare);
    vec![what, line().text(why(item.reason)), due, line().text(sent).and(behind)]
}

/// The item beside each child, and the question.
fn beside(door: &Door, compared: &Compared) -> Page {
    let item = &compared.item;
    let what = item.told.as_ref().map_or_else(
        || "Are these two records one child?".to_owned(),
        |child| format!("Who is {}?", named(child)),
    );
    let due = line().text("Decide by ").at(item.due_by).text(". ");
    let due = if item.overdue { due.tag("red", "Overdue") } else { due };
    let page = Page::new("Compare and decide").wide().back("/team/queue").heading_is(what);
    let page = page.with(Block::text(line().text(format!("{}. ", why(item.reason))).and(due)));
    let opened = words::count(compared.held.len(), "record was opened", "records were opened");
    let page = page.with(Block::small(format!("To compare, {opened} in your name, for data quality.")));
    let page = match &item.told {
        Some(told) => page.with_all(against(door, told, compared)),
        None => page.with_all(between(compared)),
    };
    page.with(Block::heading("Your decision")).with(form(&question(compared)))
}

/// What was sent against each candidate.
fn against(door: &Door, told: &SuppliedChild, compared: &Compared) -> Vec<Block> {
    let sent = compare::sent(told);
    let by = compared
        .item
        .supplier
        .as_ref()
        .map_or_else(|| "Sent".to_owned(), |by| format!("Sent by {}", after::named(door, by)));
    let mut blocks = Vec::new();
    for (number, opened) in &compared.held {
        blocks.push(Block::heading(format!("Child number {number}")));
        let weighing = compared.item.weighings.iter().find(|one| one.child_number == *number);
        blocks.extend(
            weighing.map(|one| Block::text(format!("By the model, {}.", compare::likely(one.probability)))),
        );
        match opened {
            Ok(record) => {
                let held = compare::held(record);
                let caption = "What was sent against what is held".to_owned();
                blocks.push(compare::table(caption, (&by, &sent), ("Held", &held)));
            }
            Err(why) => blocks.push(Block::inset(why.clone())),
        }
        blocks.extend(weighing.map(compare::weighed));
    }
    if compared.held.is_empty() {
        blocks.push(Block::text("No child that is held was named beside it."));
    }
    blocks
}

/// Two records that are held, against each other.
fn between(compared: &Compared) -> Vec<Block> {
    let mut blocks = vec![Block::heading("The two records")];
    if let [(one, Ok(left)), (other, Ok(right))] = compared.held.as_slice() {
        let (left, right) = (compare::held(left), compare::held(right));
        let (one, other) = (format!("Number {one}"), format!("Number {other}"));
        blocks.push(compare::table(
            "The two records, field by field".to_owned(),
            (&one, &left),
            (&other, &right),
        ));
    } else {
        let shown = compared.held.iter().filter_map(|(number, opened)| {
            opened.as_ref().err().map(|why| format!("Child number {number}: {why}"))
        });
        blocks.push(Block::list(shown));
    }
    blocks.extend(compared.item.weighings.iter().map(compare::weighed));
    blocks
}

fn question(compared: &Compared) -> Question {
    let named = |(number, opened): &(ChildNumber, Opened)| {
        let name = opened.as_ref().ok().and_then(|record| record.names.first());
        (*number, name.map(crate::pages::record::full))
    };
    Question {
        id: compared.item.id,
        of_two: compared.item.told.is_none(),
        offered: compared.held.iter().map(named).collect(),
    }
}

fn form(Question { id, of_two, offered }: &Question) -> Form {
    let of_two = *of_two;
    let mut choices: Vec<Choice> = Vec::new();
    for (number, name) in offered {
        let name = name.as_ref().map(|name| format!(": {name}")).unwrap_or_default();
        let text = if of_two {
            format!("They are one child, and child number {number} stays{name}")
        } else {
            format!("It is child number {number}{name}")
        };
        choices.push(Choice::new(format!("link {number}"), text));
    }
    let field = if of_two {
        choices.push(
            Choice::new("reject", "They are two children")
                .hint("They are told apart for ever, and this is not asked again."),
        );
        Field::radios("decision", "Are they one child?", choices)
    } else {
        choices
            .push(Choice::new("other", "It is another child that is held").hint("Enter the number below."));
        choices.push(Choice::new("new", "It is a child who is not held yet").hint("A new record is made."));
        choices.push(
            Choice::new("reject", "It is not used").hint("It should not have been sent. The sender is told."),
        );
        Field::radios("decision", "Which child is it?", choices)
    };
    let numbers: Vec<String> = offered.iter().map(|(number, _)| number.to_string()).collect();
    let form =
        Form::post(format!("/team/queue/{id}"), "Decide").field(field).hidden("offered", numbers.join(" "));
    let form = if of_two {
        form.hidden("of_two", "yes")
    } else {
        form.field(
            Field::digits("child_number", "Number of the other child")
                .hint("Only for another child. If another authority answers for them, find them first and open the record.")
                .width("govuk-input--width-20"),
        )
    };
    form.beside(line().link("/team/queue", "Leave it on the queue"))
}

fn named(child: &SuppliedChild) -> String {
    let parts = [child.forename.as_ref(), child.middle_names.value(), child.surname.as_ref()];
    let name = parts.into_iter().flatten().map(PersonName::as_str).collect::<Vec<_>>().join(" ");
    if name.is_empty() { "A child sent without a name".to_owned() } else { name }
}

/// Why an item waits, as a sentence without its stop.
fn why(reason: QueueReason) -> &'static str {
    match reason {
        QueueReason::SoundsAlike => "It is like a child who is held",
        QueueReason::IdentifierConflict => "An identifier says one child, the names and the birth another",
        QueueReason::Several => "Several children fit alike",
        QueueReason::PossiblyShielded => "It may be a shielded child",
        QueueReason::LinkDisputed => "The sender says that it was linked to the wrong child",
    }
}
