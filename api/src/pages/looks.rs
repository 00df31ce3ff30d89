//! Who looked: the audit of looks by child, person, organisation and days; and records that nobody has a reason to open.
//!
//! Numbers and ids stand in the address, and never a name. Source: contract.md section 2 (`/audit/accesses`); rules.md
//! 2 (group J).

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    response::{IntoResponse, Response},
};
use directory::{AuditQuery, LookPage, LookShownOnce};
use visibility::permission::Action as May;
use vocabulary::{ChildNumber, Role};

use super::{
    after,
    frame::may,
    kit::{Block, Choice, Column, Field, FieldError, Form, Line, Page, Table, line},
    pin,
    posted::{Posted, Reading},
    visitor::Visitor,
    words,
    wrong::Wrong,
};
use crate::{csv, door::Door, http::audit::Audit, problem::Problem, wire::keeping::CanaryMark};

/// Refusals, and the field that each is about.
const FIELDS: &[(&str, &str)] = &[("not_found", "child"), ("organisation_not_yours", "organisation")];

/// What the CSV has of a look, by the names of the API.
const COLUMNS: [&str; 10] = [
    "at",
    "user",
    "user_name",
    "role",
    "organisation",
    "kind",
    "refused",
    "assurance",
    "reason",
    "child_number",
];

/// Refusals of a mark, and the field that each is about.
const OF_A_MARK: &[(&str, &str)] = &[("child_worked_with", "child"), ("organisation_not_yours", "child")];

/// The questions and, once something is asked, the looks.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, Problem> {
    if !may(&visitor.person, May::AuditLooks) {
        return Err(Problem::new("role_may_not_read"));
    }
    let asked = Posted::of_query(&uri);
    if asked.pairs().is_empty() {
        return Ok(questions(&door, &visitor, Vec::new(), None).into_response());
    }
    match found(&door, &visitor, &asked).await {
        Ok(blocks) => Ok(questions(&door, &visitor, blocks, Some((&asked, Vec::new()))).into_response()),
        Err(wrong) => not_shown(&door, &visitor, &asked, wrong),
    }
}

/// The same page of looks as CSV: asked again, and so recorded again.
pub(crate) async fn csv(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, Problem> {
    if !may(&visitor.person, May::AuditLooks) {
        return Err(Problem::new("role_may_not_read"));
    }
    let asked = Posted::of_query(&uri);
    match read(&door, &visitor, &asked).await {
        Ok(shown) => Ok(csv::file(csv::answer(&COLUMNS, shown.accesses.iter().map(cells)), "looks.csv")),
        Err(wrong) => not_shown(&door, &visitor, &asked, wrong),
    }
}

fn not_shown(door: &Door, visitor: &Visitor, asked: &Posted, wrong: Wrong) -> Result<Response, Problem> {
    let again = |errors| questions(door, visitor, Vec::new(), Some((asked, errors)));
    match wrong {
        Wrong::Problem(problem) if problem.code() == "not_found" => {
            let error = FieldError::at("child", "No record of that number is open to you");
            Ok(again(vec![error]).into_response())
        }
        other @ (Wrong::Problem(_) | Wrong::Fields(_)) => other.answer(FIELDS, again),
    }
}

/// The question about an invented record.
pub(crate) async fn canary(visitor: Visitor) -> Result<Page, Problem> {
    if !may(&visitor.person, May::MarkCanary) {
        return Err(Problem::new("role_may_not_read"));
    }
    Ok(mark(&visitor, None))
}

/// Marks the record, or takes the mark back.
pub(crate) async fn send_canary(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Problem> {
    match marked(&door, &visitor, &posted).await {
        Ok(response) => Ok(response),
        Err(Wrong::Problem(problem)) if problem.code() == "not_found" => {
            let error = FieldError::at("child", "No record of that number is open to you");
            Ok(mark(&visitor, Some((&posted, vec![error]))).into_response())
        }
        Err(wrong) => wrong.answer(OF_A_MARK, |errors| mark(&visitor, Some((&posted, errors)))),
    }
}

/// A page of looks, recorded before it is shown.
async fn read(door: &Arc<Door>, visitor: &Visitor, asked: &Posted) -> Result<LookPage, Wrong> {
    let after = asked.given("after").and_then(|after| after.parse::<u64>().ok());
    let read: Audit = Reading::of(asked)
        .text("/child", "child", "Child number")
        .text("/user", "user", "Account")
        .text("/organisation", "organisation", "Organisation")
        .day("/from", "from", "From")
        .day("/to", "to", "To")
        .put_if("/after", after.map(|after| serde_json::json!(after)))
        .read()?;
    Ok(door.directory.audit_accesses(&visitor.person, AuditQuery::from(read)).await?.into_view())
}

async fn found(door: &Arc<Door>, visitor: &Visitor, asked: &Posted) -> Result<Vec<Block>, Wrong> {
    let shown = read(door, visitor, asked).await?;
    let columns = ["When", "Who", "What", "Why", "Child number"].map(Column::of);
    let table = Table::new("Looks, oldest first", columns)
        .quiet()
        .rows(shown.accesses.iter().map(|look| row(door, look)));
    let next = shown.next.map(|next| format!("/looks?{}after={next}", kept(asked)));
    let pager = after::further("Pages of looks", next);
    let listed = if table.is_empty() {
        vec![Block::text("No look fits, as far as you may know of looks.")]
    } else {
        let same = format!("/looks/csv?{}after={}", kept(asked), after::position(asked));
        vec![table.into(), Block::text(line().link(same, "These looks as CSV"))]
    };
    Ok(listed.into_iter().chain(pager.map(Block::from)).collect())
}

async fn marked(door: &Arc<Door>, visitor: &Visitor, posted: &Posted) -> Result<Response, Wrong> {
    let wrong_number =
        || FieldError::at("child", "Enter a child number of eleven digits, as it stands on the record");
    let number: ChildNumber = posted.text("child").parse().map_err(|_| wrong_number())?;
    let said: CanaryMark =
        Reading::of(posted).flag("/marked", "marked", "whether opening it raises an alarm").read()?;
    let person = pin::given(door, visitor, posted).await?;
    let pending = door.directory.mark_canary(&person, number, said.marked)?;
    after::stands(door, visitor, pending).await?;
    let done = if said.marked {
        "From now on, whoever opens that record raises an alarm."
    } else {
        "Opening that record raises no alarm any more."
    };
    Ok(after::on(door, visitor, done, "/looks"))
}

/// What was asked, to go on with.
fn kept(asked: &Posted) -> String {
    let safe =
        |value: &str| value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":-._".contains(&byte));
    let kept = asked.pairs().iter().filter(|(name, value)| name != "after" && safe(name) && safe(value));
    kept.fold(String::new(), |all, (name, value)| format!("{all}{name}={value}&"))
}

fn questions(
    door: &Door,
    visitor: &Visitor,
    found: Vec<Block>,
    posted: Option<(&Posted, Vec<FieldError>)>,
) -> Page {
    let own_staff = visitor.person.role == Role::UserManager;
    let form = Form::get("/looks", "Show looks");
    let form = if own_staff {
        form
    } else {
        form.field(Field::digits("child", "Child number").width("govuk-input--width-20"))
    };
    let form = form
        .field(
            Field::text("user", "Account")
                .hint("Its id, as the page of the account has it.")
                .width("govuk-input--width-20"),
        )
        .field(
            Field::text("organisation", "Organisation")
                .hint("Its id. For example, ods:RAL01.")
                .width("govuk-input--width-20"),
        )
        .field(Field::day("from", "From").hint("For example, 1 11 2026."))
        .field(Field::day("to", "To, that day included").hint("For example, 30 11 2026."));
    let what = if own_staff {
        "Looks by the staff of your organisation, without the children's names. Leave a question open to ask for all."
    } else {
        "Looks at a record, by a person or by an organisation. Leave a question open to ask for all. Asking is recorded too."
    };
    let mut ways = vec![line().link("/reviews/notices", "Notices of reviews, by a reference and no name")];
    if may(&visitor.person, May::MarkCanary) {
        ways.push(line().link("/looks/canary", "Mark an invented record that nobody has a reason to open"));
    }
    Page::new("Who looked")
        .wide()
        .with_if(after::done(door, visitor))
        .with(Block::text(what))
        .with_if((!found.is_empty()).then(|| Block::heading("What was found")))
        .with_all(found)
        .with(Block::heading("Ask"))
        .with_form(form, posted)
        .with(Block::plain_list(ways))
}

fn mark(visitor: &Visitor, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let choices = [
        Choice::new("yes", "Whoever opens it raises an alarm"),
        Choice::new("no", "Opening it raises no alarm any more"),
    ];
    let form = Form::post("/looks/canary", "Record it")
        .field(Field::digits("child", "Child number of the invented record").width("govuk-input--width-20"))
        .field(Field::radios("marked", "What is opening it to do?", choices))
        .fields(pin::field(visitor))
        .beside(line().link("/looks", "Leave it as it is"));
    Page::new("Mark an invented record")
        .back("/looks")
        .with(Block::text("Nobody has a reason to open an invented record with whom nobody works. Nobody is shown which are marked, you neither."))
        .with_form(form, posted)
}

fn row(door: &Door, look: &LookShownOnce) -> Vec<Line> {
    let organisation = after::named(door, &look.organisation);
    let name = match (&look.user_name, look.user) {
        (Some(name), Some(user)) => {
            line().link_to(format!("/looks?user={user}"), name.clone(), "and every look of theirs")
        }
        (Some(name), None) => line().text(name.clone()),
        (None, _) => line().quiet("Not shown to you"),
    };
    let who = name.line_break().text(format!("{}, {organisation}", words::word(look.role.name())));
    let what = match &look.refused {
        Some(code) => line().tag("red", "Refused").line_break().quiet(words::word(code)),
        None => line().text(words::word(look.kind)).line_break().quiet(words::of(&look.assurance)),
    };
    let why = look.reason.map_or_else(|| "-".to_owned(), |reason| words::word(reason.name()));
    let child = look.child_number.map_or_else(
        || line().text("-"),
        |number| line().link(format!("/looks?child={number}"), number.to_string()),
    );
    vec![line().at(look.at), who, what, line().text(why), child]
}

fn cells(look: &LookShownOnce) -> Vec<String> {
    vec![
        words::name_of(&look.at),
        look.user.map(|user| user.to_string()).unwrap_or_default(),
        look.user_name.clone().unwrap_or_default(),
        look.role.name().to_owned(),
        look.organisation.to_string(),
        look.kind.to_owned(),
        look.refused.clone().unwrap_or_default(),
        words::name_of(&look.assurance),
        look.reason.map(|reason| reason.name().to_owned()).unwrap_or_default(),
        look.child_number.map(|number| number.to_string()).unwrap_or_default(),
    ]
}
