//! Privacy notices: which families are to be told what is held and why, that they were, and which version is given.
//!
//! One notice a household, the child's own copy from 12; shielded records are told of through the team alone. No page
//! holds an address. Source: rules.md 6.3; ADR-0058.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    response::Response,
};
use directory::{NoticeAsk, NoticeFor, NoticeItem, NoticeQuery};
use events::child::notices::Means;
use serde_json::{Value, json};
use visibility::permission::Action as May;
use vocabulary::{ChildNumber, KeyedRef};

use crate::{
    door::Door,
    pages::{
        after,
        frame::may,
        kit::{Block, Choice, Column, Field, FieldError, Form, Line, Page, Tab, Table, line},
        pin,
        posted::{Posted, Reading},
        visitor::{Visitor, see},
        words,
        wrong::{OrAgain as _, Wrong},
    },
    problem::Problem,
    wire::notices::{NewNotice, NewNoticeVersion, ParentMark},
};

/// Refusals, and the field that each is about.
const FIELDS: &[(&str, &str)] = &[
    ("notice_through_team", "means"),
    ("notice_published", "notice_version"),
    ("notice_to_come", "on"),
    ("step_up_missing", "pin"),
];

const LISTS: [(NoticeFor, &str); 3] = [
    (NoticeFor::Household, "Households"),
    (NoticeFor::OwnCopy, "The child's own copy"),
    (NoticeFor::CarerApart, "Carers who live elsewhere"),
];

/// To whom the notice of a form is given.
struct To {
    child: ChildNumber,
    audience: NoticeFor,
    carer: Option<KeyedRef>,
}

/// Who is to be told.
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    let asked = Posted::of_query(&uri);
    let whom = whom(asked.text("audience")).unwrap_or(NoticeFor::Household);
    let shielded = asked.text("shielded") == "yes";
    let cursor = asked.given("after").map(str::parse).transpose().map_err(|_| Problem::new("not_found"))?;
    let query = NoticeQuery { whom, shielded, after: cursor };
    let shown = door.directory.notices_due(&visitor.person, query).await?.into_view();
    let columns = ["Child number", "Told with it", "Had last"].map(Column::of);
    let table = Table::new("Notices that are due", columns)
        .quiet()
        .rows(shown.due.iter().map(|item| row(item, whom)));
    let here = address(whom, shielded);
    let tabs = LISTS.iter().map(|(of, text)| Tab {
        href: address(*of, shielded),
        text: (*text).to_owned(),
        here: *of == whom,
    });
    let version = shown.notice_version.as_ref().map_or_else(
        || "No version of the notice is published yet, so that nobody is due one.".to_owned(),
        |version| format!("Version {} is given now.", version.as_str()),
    );
    let page = Page::new("Privacy notices")
        .wide()
        .back("/team")
        .with_if(after::done(&door, &visitor))
        .with(Block::text(version))
        .with(Block::tabs("For whom", tabs.collect()));
    let page = if table.is_empty() {
        page.with(Block::text("Nobody on this list is due a notice."))
    } else {
        page.with(table)
    };
    let other = if shielded {
        line().link(address(whom, false), "Records that are not shielded")
    } else {
        line().link(address(whom, true), "Shielded records, whom the team tells itself")
    };
    let next = shown.next.map(|next| format!("{here}&after={next}"));
    Ok(page.with_if(after::further("Pages of notices", next)).with(Block::text(other)))
}

/// How it was given.
pub(crate) async fn page(visitor: Visitor, OriginalUri(uri): OriginalUri) -> Result<Page, Problem> {
    permitted(&visitor, May::AnswerPerson)?;
    Ok(given_by(&to(&Posted::of_query(&uri))?, None))
}

/// Records that it was given, or that a parent is to receive the child's own copy too.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Problem> {
    let to = to(&posted)?;
    given(&door, &visitor, &to, &posted)
        .await
        .or_again(FIELDS, |errors| given_by(&to, Some((&posted, errors))))
}

/// Whether a parent is to receive the child's own copy too.
pub(crate) async fn parent_page(visitor: Visitor, OriginalUri(uri): OriginalUri) -> Result<Page, Problem> {
    permitted(&visitor, May::AnswerPerson)?;
    Ok(parent(child(&Posted::of_query(&uri))?, None))
}

/// Records it.
pub(crate) async fn send_parent(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Problem> {
    let number = child(&posted)?;
    included(&door, &visitor, number, &posted)
        .await
        .or_again(FIELDS, |errors| parent(number, Some((&posted, errors))))
}

/// Which version is given from now on.
pub(crate) async fn version_page(visitor: Visitor) -> Result<Page, Problem> {
    permitted(&visitor, May::ProposePolicy)?;
    Ok(version(&visitor, None))
}

/// Publishes it.
pub(crate) async fn send_version(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Problem> {
    published(&door, &visitor, &posted)
        .await
        .or_again(FIELDS, |errors| version(&visitor, Some((&posted, errors))))
}

async fn given(door: &Arc<Door>, visitor: &Visitor, to: &To, posted: &Posted) -> Result<Response, Wrong> {
    let audience: Value = match (to.audience, &to.carer) {
        (NoticeFor::CarerApart, Some(carer)) => json!({"carer_apart": carer}),
        (audience, _) => json!(audience),
    };
    let asked: NewNotice = Reading::of(posted)
        .put("/child_number", json!(to.child))
        .put("/audience", audience)
        .choice("/means", "means", "how it was given")
        .read()?;
    let ask = NoticeAsk { number: asked.child_number, audience: asked.audience, means: asked.means };
    let pending = door.directory.give_notice(&visitor.person, ask)?;
    after::stands(door, visitor, pending).await?;
    let said = format!("It is recorded that the notice about child number {} was given.", to.child);
    Ok(after::on(door, visitor, said, &address(to.audience, false)))
}

async fn included(
    door: &Arc<Door>,
    visitor: &Visitor,
    number: ChildNumber,
    posted: &Posted,
) -> Result<Response, Wrong> {
    let asked: ParentMark = Reading::of(posted)
        .put("/child_number", json!(number))
        .flag("/parent_too", "parent_too", "whether a parent receives it too")
        .read()?;
    let pending = door.directory.include_parent(&visitor.person, asked.child_number, asked.parent_too)?;
    after::stands(door, visitor, pending).await?;
    let said = if asked.parent_too {
        "A parent receives the child's own copy too."
    } else {
        "The child's own copy goes to the child alone."
    };
    Ok(after::on(door, visitor, said, &address(NoticeFor::OwnCopy, false)))
}

async fn published(door: &Arc<Door>, visitor: &Visitor, posted: &Posted) -> Result<Response, Wrong> {
    let asked: NewNoticeVersion = Reading::of(posted)
        .text("/notice_version", "notice_version", "Version")
        .day("/on", "on", "Day from which it is given")
        .read()?;
    let person = pin::given(door, visitor, posted).await?;
    let acted = door.directory.publish_notice(&person, asked.notice_version, asked.on)?;
    after::acted(door, visitor, acted, "The version is published: every family is due it.").await?;
    Ok(see("/team"))
}

fn permitted(visitor: &Visitor, action: May) -> Result<(), Problem> {
    if may(&visitor.person, action) { Ok(()) } else { Err(Problem::new("role_may_not_read")) }
}

fn whom(word: &str) -> Option<NoticeFor> {
    LISTS.iter().map(|(whom, _)| *whom).find(|whom| words::name_of(whom) == word)
}

fn address(whom: NoticeFor, shielded: bool) -> String {
    let shielded = if shielded { "&shielded=yes" } else { "" };
    format!("/team/notices?audience={}{shielded}", words::name_of(&whom))
}

fn child(asked: &Posted) -> Result<ChildNumber, Problem> {
    asked.text("child").parse().map_err(|_| Problem::new("not_found"))
}

fn to(asked: &Posted) -> Result<To, Problem> {
    let unknown = || Problem::new("not_found");
    let carer = asked.given("carer").map(str::parse).transpose().map_err(|_| unknown())?;
    Ok(To { child: child(asked)?, audience: whom(asked.text("audience")).ok_or_else(unknown)?, carer })
}

fn given_by(to: &To, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let means = [
        (Means::Post, "By post to the address"),
        (Means::Email, "By e-mail"),
        (Means::InPerson, "In person"),
        (Means::ThroughSchool, "With what the school sends home"),
        (Means::ThroughTeam, "By the team itself, in a way that leads nobody to the address"),
    ];
    let means = means.map(|(means, text)| Choice::new(words::name_of(&means), text));
    let form = Form::post("/team/notices/given", "Record that it was given")
        .hidden("child", to.child.to_string())
        .hidden("audience", words::name_of(&to.audience));
    let form = match &to.carer {
        Some(carer) => form.hidden("carer", carer.to_string()),
        None => form,
    };
    let form = form
        .field(Field::radios("means", "How was it given?", means).large())
        .beside(line().link(address(to.audience, false), "Not given yet"));
    let whom = match to.audience {
        NoticeFor::Household => "To everybody who lives where the child lives.",
        NoticeFor::OwnCopy => "To the child.",
        NoticeFor::CarerApart => "To a carer who lives elsewhere.",
    };
    Page::new("Record that a notice was given")
        .caption(format!("Child number {}", to.child))
        .back(address(to.audience, false))
        .with(Block::text(whom))
        .with_form(form, posted)
}

fn parent(number: ChildNumber, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let choices =
        [Choice::new("yes", "A parent receives it too"), Choice::new("no", "It goes to the child alone")];
    let form = Form::post("/team/notices/parent", "Record it")
        .hidden("child", number.to_string())
        .field(Field::radios("parent_too", "Who receives the child's own copy?", choices).large());
    Page::new("The child's own copy")
        .caption(format!("Child number {number}"))
        .back(address(NoticeFor::OwnCopy, false))
        .with(Block::text("This stands in the register of notices, and never on the record."))
        .with_form(form, posted)
}

fn version(visitor: &Visitor, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let form = Form::post("/team/notices/version", "Publish it")
        .warning()
        .field(
            Field::text("notice_version", "Version")
                .hint("As consents name it. For example, 2026-1.")
                .width("govuk-input--width-10"),
        )
        .field(Field::day("on", "Day from which it is given").hint("Left open: today."))
        .fields(pin::field(visitor));
    Page::new("Publish a version of the notice")
        .back("/team")
        .with(Block::text(
            "Every family is then due this version. A version that was published cannot be taken back.",
        ))
        .with_form(form, posted)
}

fn row(item: &NoticeItem, whom: NoticeFor) -> Vec<Line> {
    let number = item.child_number;
    let given = |carer: &str, hidden: String| {
        let href = format!("/team/notices/given?child={number}&audience={}{carer}", words::name_of(&whom));
        line().link_to(href, "It was given", hidden)
    };
    let act = match whom {
        NoticeFor::Household => given("", format!("for child number {number}")),
        NoticeFor::OwnCopy => given("", format!("to child number {number}")).line_break().link_to(
            format!("/team/notices/parent?child={number}"),
            "A parent too",
            format!("for child number {number}"),
        ),
        NoticeFor::CarerApart => item
            .carers
            .iter()
            .zip(1..)
            .map(|(carer, at)| {
                given(&format!("&carer={carer}"), format!("to carer {at} of child number {number}"))
            })
            .reduce(|all, one| all.line_break().and(one))
            .unwrap_or_default(),
    };
    let with = match item.with.len() {
        0 => "Nobody else".to_owned(),
        many => words::count(many, "other child of the home", "other children of the home"),
    };
    let with = if item.parent_too {
        line().text(with).line_break().text("A parent receives it too")
    } else {
        line().text(with)
    };
    let last = item
        .last_version
        .as_ref()
        .map_or_else(|| line().quiet("Never told"), |version| line().text(version.as_str()));
    vec![line().link(format!("/children/{number}"), number.to_string()).line_break().and(act), with, last]
}
