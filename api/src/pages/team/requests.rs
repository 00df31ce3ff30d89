//! Requests of children and carers about what is held: what waits, one request with what is left to do, and its answer.
//!
//! Each has a month; nothing about it is typed freely. Source: UK GDPR articles 12, 15, 16; rules.md 2; ADR-0055.

pub(crate) mod acting;
pub(crate) mod entering;
pub(crate) mod pack;

use std::sync::Arc;

use axum::extract::{OriginalUri, State};
use directory::RightsItem;
use events::rights::{Answer, Asked, Asker, Complaint, Disputed, Step};
use vocabulary::{ChildNumber, RightsId};

use crate::{
    answer::In,
    door::Door,
    pages::{
        after,
        kit::{Action, Block, Column, Line, Page, Summary, Table, Task, line},
        posted::Posted,
        visitor::Visitor,
        words,
    },
    problem::Problem,
};

/// What waits, those due first.
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    let asked = Posted::of_query(&uri);
    let unknown = || Problem::new("not_found");
    let child = asked.given("child").map(str::parse::<ChildNumber>).transpose().map_err(|_| unknown())?;
    let cursor = asked.given("after").map(str::parse).transpose().map_err(|_| unknown())?;
    let shown = door.directory.rights_due(&visitor.person, child, cursor).await?.into_view();
    let columns = ["Answer by", "Who asks", "What", "Child number", "Stands at"].map(Column::of);
    let caption = if child.is_some() {
        "What was asked about this child"
    } else {
        "Requests that wait, those due first"
    };
    let table = Table::new(caption, columns).quiet().rows(shown.requests.iter().map(row));
    let page =
        Page::new("Requests about what is held").wide().back("/team").with_if(after::done(&door, &visitor));
    let page = match child {
        Some(number) => {
            page.caption(format!("Child number {number}")).with(Block::Actions(vec![Action::second(
                format!("/children/{number}/request"),
                "Enter a request",
            )]))
        }
        None => page.with(Block::text("A request is entered from the record of the child whom it is about.")),
    };
    let page =
        if table.is_empty() { page.with(Block::text("No request is here.")) } else { page.with(table) };
    let next = shown.next.map(|next| format!("/team/requests?after={next}"));
    Ok(page.with_if(after::further("Pages of requests", next)))
}

/// One request, and what is left to do.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(id): In<RightsId>,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    let item = item(&door, &visitor, id, &Posted::of_query(&uri)).await?;
    let done = after::done(&door, &visitor);
    let clock = line().on(item.due_by);
    let clock = if item.overdue { clock.text(" ").tag("red", "Overdue") } else { clock };
    let clock = if item.extended { clock.text(" (extended)") } else { clock };
    let steps = item.steps.iter().map(|step| line().text(format!("{} on ", taken(step.step))).at(step.at));
    let steps = steps.reduce(|all, one| all.line_break().and(one));
    let view = item.childs_view.map(|view| words::of(&view));
    let summary = Summary::default()
        .row(
            "Child number",
            line().link(format!("/children/{}", item.child_number), item.child_number.to_string()),
        )
        .row("Who asks", by(item.asked_by))
        .row("What", about(item.asked))
        .row("The child's understanding", words::of(&item.competence))
        .row_if("What the child says of it", view)
        .row("Received", line().on(item.received_on))
        .row("Answer by", clock)
        .row_if("Steps taken", steps)
        .row_if(
            "Answered",
            item.answered
                .map(|answered| line().text(format!("{}, ", ended(answered.answer))).at(answered.at)),
        );
    Ok(Page::new("A request about what is held")
        .back("/team/requests")
        .with_if(done)
        .with(summary)
        .with(Block::heading("What is to be done"))
        .with(Block::Tasks(tasks(&item)))
        .with(Block::small(
            "A carer is told nothing of a shielded record before another person than you has cleared it.",
        )))
}

/// The request with that id among those of its child, of which the address names the number.
async fn item(
    door: &Arc<Door>,
    visitor: &Visitor,
    id: RightsId,
    asked: &Posted,
) -> Result<RightsItem, Problem> {
    let unknown = || Problem::new("not_found");
    let child: ChildNumber = asked.text("child").parse().map_err(|_| unknown())?;
    let shown = door.directory.rights_due(&visitor.person, Some(child), None).await?.into_view();
    shown.requests.into_iter().find(|item| item.rights_request_id == id).ok_or_else(unknown)
}

fn tasks(item: &RightsItem) -> Vec<Task> {
    let (id, child) = (item.rights_request_id, item.child_number);
    let open = item.answered.is_none();
    let of_carer = matches!(item.asked_by, Asker::Carer(_));
    let access = item.asked == Asked::Access;
    let task = |word: &str, name: &str, hint: &str, offered: bool, status: Line| Task {
        id: word.to_owned(),
        name: name.to_owned(),
        hint: (!hint.is_empty()).then(|| Line::from(hint)),
        href: offered.then(|| format!("/team/requests/{id}/{word}?child={child}")),
        status,
    };
    let to_do = || line().tag("blue", "To do");
    let done = || line().text("Done");
    let state = |is_done: bool| if is_done { done() } else { to_do() };
    let mut tasks = Vec::new();
    if of_carer && access {
        tasks.push(task(
            "carer",
            "Check who the carer is",
            "And whether they live with the child.",
            open,
            state(item.carer_checked),
        ));
        let cleared = match item.threat_cleared {
            Some(true) => line().tag("green", "Cleared"),
            Some(false) => line().tag("red", "Not cleared"),
            None => line().text("Only of a shielded record"),
        };
        tasks.push(task(
            "threat",
            "Check the danger",
            "By another person than whoever entered the request.",
            open,
            cleared,
        ));
    }
    if access {
        let hint = "It is recorded, and answers the request.";
        tasks.push(task("pack", "Make the pack", hint, true, if open { to_do() } else { done() }));
    } else {
        tasks.push(task(
            "step",
            "Record a step",
            "As acknowledged, or the supplier asked.",
            open,
            line().text("Any time"),
        ));
    }
    tasks.push(task(
        "extension",
        "Extend the clock",
        "Once, by two months, where it is complex.",
        open && !item.extended,
        state_of(item.extended),
    ));
    tasks.push(task(
        "answer",
        if access { "Withhold, or taken back" } else { "Answer" },
        "",
        open,
        match (open, access) {
            (false, _) => done(),
            (true, true) => line().text("Instead of the pack"),
            (true, false) => to_do(),
        },
    ));
    let refused =
        item.answered.is_some_and(|answered| matches!(answered.answer, Answer::CorrectionRefused(_)));
    if refused {
        tasks.push(task(
            "disagreement",
            "Mark that they disagree",
            "What they dispute is marked.",
            !item.disagrees,
            state(item.disagrees),
        ));
    }
    tasks
}

fn state_of(extended: bool) -> Line {
    if extended { line().text("Done") } else { line().text("If needed") }
}

fn row(item: &RightsItem) -> Vec<Line> {
    let (id, child) = (item.rights_request_id, item.child_number);
    let due = line().on(item.due_by);
    let due = if item.overdue { due.text(" ").tag("red", "Overdue") } else { due };
    let open = line().link_to(
        format!("/team/requests/{id}?child={child}"),
        "Open",
        format!("the request about child number {child} due on {}", words::day(item.due_by)),
    );
    let stands = item.answered.map_or_else(|| "Waits".to_owned(), |answered| ended(answered.answer));
    vec![
        due.line_break().and(open),
        line().text(by(item.asked_by)),
        line().text(about(item.asked)),
        line().link(format!("/children/{child}"), child.to_string()),
        line().text(stands),
    ]
}

fn by(asker: Asker) -> &'static str {
    match asker {
        Asker::Child => "The child",
        Asker::Carer(_) => "A parent or carer",
    }
}

fn about(asked: Asked) -> String {
    match asked {
        Asked::Access => "What is held, and who looked".to_owned(),
        Asked::Correction(disputed) => format!("That something be corrected: {}", disputed_of(disputed)),
        Asked::Complaint(complaint) => format!("A complaint: {}", complained(complaint)),
    }
}

fn disputed_of(disputed: Disputed) -> String {
    match disputed {
        Disputed::Field(field) => words::lower(field.name()),
        Disputed::Involvement(_) => "a service that works with the child".to_owned(),
        Disputed::Education => "education".to_owned(),
        Disputed::PrimaryCare => "the GP practice".to_owned(),
    }
}

fn complained(complaint: Complaint) -> &'static str {
    match complaint {
        Complaint::Look => "somebody looked who should not have",
        Complaint::Holding => "something is held",
        Complaint::Showing => "something was shown to somebody",
        Complaint::Consent => "how a consent was sought or kept",
        Complaint::Shield => "how a shield was decided",
        Complaint::Request => "how a request was answered, or that it was not",
    }
}

fn taken(step: Step) -> &'static str {
    match step {
        Step::Acknowledged => "They were told that it was received",
        Step::SupplierAsked => "The supplier was asked",
        Step::UnderInvestigation => "The looks are being investigated",
        Step::ProgressTold => "They were told how far it has come",
        Step::WithCommissioner => "They took it to the Information Commissioner",
    }
}

fn ended(answer: Answer) -> String {
    match answer {
        Answer::PackIssued => "The pack was handed out".to_owned(),
        Answer::Withheld(why) => format!("Withheld: {}", words::lower(&words::name_of(&why))),
        Answer::Corrected => "Corrected".to_owned(),
        Answer::CorrectionRefused(why) => format!("Not corrected: {}", words::lower(&words::name_of(&why))),
        Answer::Upheld => "The complaint was right".to_owned(),
        Answer::PartlyUpheld => "The complaint was right in part".to_owned(),
        Answer::NotUpheld => "The complaint was not right".to_owned(),
        Answer::TakenBack => "They took it back".to_owned(),
    }
}
