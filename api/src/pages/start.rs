//! The start: what runs here for whoever is not signed in, and what one can do for whoever is.
//!
//! No name stands on it: a list of children is a look of its own, and nobody should make one by coming in.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use directory::{MISUSE, Person};
use visibility::permission::Action as May;
use vocabulary::Role;

use super::{
    account,
    frame::may,
    kit::{Action, Block, Card, Line, Notice, Page, Section, line},
    visitor::{Anybody, Visitor},
};
use crate::{door::Door, problem::Problem};

/// A way on from the start: where, in what words, what for, and which right opens it.
const WAYS: &[(&str, &str, &str, May)] = &[
    ("/find", "Find a child", "See who else works with a child, and ring them.", May::Search),
    ("/children", "Our children", "The open entries of your organisation.", May::StartInvolvement),
    (
        "/inbox",
        "What is new",
        "Services that began or stopped working with your children.",
        May::StartInvolvement,
    ),
    (
        "/team",
        "Directory team",
        "The queue, shields, brokering, transfers, discrepancies, requests and notices that wait.",
        May::ReadQueue,
    ),
    (
        "/reviews",
        "Looks to review",
        "Looks that a person asks about, the least explained first.",
        May::ReviewLook,
    ),
    ("/looks", "Who looked", "Looks at a record, by a person or by an organisation.", May::AuditLooks),
    ("/reports", "Reports", "Usage, coverage, expiries and what is due, in counts.", May::ReadReports),
    ("/cases", "Cases", "Open or approve a case, and replay what was known.", May::OpenCase),
    ("/cases", "Cases to approve", "Somebody asks to replay a child's history.", May::ApproveCase),
    (
        "/organisations",
        "Organisations",
        "Conditions, accreditation, agreements, clients and keys.",
        May::ReadOrganisation,
    ),
    ("/people", "People", "Accounts and their gates, and what runs out soon.", May::ReadAccounts),
    ("/policy", "Policy", "Settings that two people sign.", May::ProposePolicy),
];

/// 200 the start.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    Anybody(visitor): Anybody,
) -> Result<Response, Problem> {
    match visitor {
        Some(visitor) => Ok(own(&door, &visitor)?.into_response()),
        None => Ok(open(&door).into_response()),
    }
}

fn own(door: &Door, visitor: &Visitor) -> Result<Page, Problem> {
    let person = &visitor.person;
    let ways = WAYS.iter().filter(|(_, _, _, right)| may(person, *right));
    let cards = ways.map(|(href, text, what, _)| {
        Card::new(line().link(*href, *text), vec![Block::text(*what)]).level(2).into()
    });
    let operator = (person.role == Role::Operator).then(|| {
        let what = "How the server stands: read models, the log, keys and backups.";
        Card::new(line().link("/operator", "Operator"), vec![Block::text(what)]).level(2)
    });
    let done = visitor.visit(door, super::Visit::said);
    let page = Page::new("Start").wide().heading_is(greeting(person)).with_if(done.map(Notice::done)).with(
        Section {
            id: None,
            class: "cp-cards",
            blocks: operator.map(Block::from).into_iter().chain(cards).collect(),
        },
    );
    if !may(person, May::Search) {
        return Ok(page);
    }
    Ok(page.with(Block::heading("Your looks")).with_all(account::latest(door, person)?))
}

fn greeting(person: &Person) -> String {
    format!("Hello, {}", person.name.as_str())
}

fn open(door: &Door) -> Page {
    let position = door.directory.head().map_or_else(|_| "not known".to_owned(), |head| head.to_string());
    let version = env!("CARGO_PKG_VERSION");
    let ways: Vec<Line> = vec![
        line().link("/api", "The API for case management systems"),
        line().link("/fair-processing", "What is held about children, and why"),
        line().link("/status", "Whether it is ready"),
        line().link("/api/v1/ledger/checkpoint", "The newest signed checkpoint of the log"),
    ];
    Page::new("Who else is working with this child?")
        .with(Block::lead("A directory of which services work with a child, so that practitioners can find and ring each other."))
        .with(Block::text("It holds names and telephone numbers, and no case notes. Every look at a record is itself recorded, before anything is shown."))
        .with(Block::Actions(vec![Action::first("/sign-in", "Sign in")]))
        .with(Block::inset(MISUSE))
        .with(Block::heading("What runs here"))
        .with(Block::text(format!("Version {version}; the log stands at position {position}.")))
        .with(Block::plain_list(ways))
}
