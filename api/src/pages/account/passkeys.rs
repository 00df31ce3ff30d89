//! One's own passkeys and linked identities: listed, registered by a script, removed. Source: rules.md 5.2.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    response::Response,
};
use directory::Made;
use events::looker::StepUp;

use crate::{
    answer::Read,
    door::Door,
    http::passkeys::{self as asking, NewPasskey},
    identify::Staff,
    pages::{
        Visit, after,
        kit::{Action, Block, Card, FieldError, Form, Notice, Page, Summary, line},
        posted::{Posted, Reading},
        visitor::{Visitor, see},
        wrong::{OrAgain as _, Wrong},
    },
    problem::Problem,
    wire::requests::Nothing,
};

/// One's passkeys.
pub(crate) async fn page(State(door): State<Arc<Door>>, visitor: Visitor) -> Page {
    let done = visitor.visit(&door, Visit::said);
    listed(&door, &visitor, done, Vec::new())
}

/// What a browser is asked to make.
pub(crate) async fn options(State(door): State<Arc<Door>>, visitor: Visitor) -> Result<Response, Problem> {
    asking::ask(State(door), Staff(visitor.person), Read(Nothing {})).await
}

/// Takes what a browser made.
pub(crate) async fn register(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Problem> {
    registered(&door, &visitor, &posted)
        .await
        .map(|()| see("/account/passkeys"))
        .or_again(&[], |errors| listed(&door, &visitor, None, errors))
}

async fn registered(door: &Door, visitor: &Visitor, posted: &Posted) -> Result<(), Wrong> {
    let typed =
        serde_json::from_str(posted.text("passkey")).map_err(|_| Problem::new("passkey_not_accepted"))?;
    let asked: NewPasskey = Reading::of(&Posted::default()).put("/passkey", typed).read()?;
    let made = Made::from(asked.passkey);
    let acted = door.directory.register_passkey(&visitor.person, &door.settings.relying_party(), &made)?;
    after::acted(door, visitor, acted, "The passkey was registered. You can sign in with it from now on.")
        .await
}

/// What removing means.
pub(crate) async fn removing(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    removal(&door, &visitor, Posted::of_query(&uri).text("which"))
}

fn removal(door: &Door, visitor: &Visitor, which: &str) -> Result<Page, Problem> {
    let held = door.directory.passkeys_of(visitor.person.account);
    let (_, since) =
        held.iter().find(|(id, _)| id.to_string() == which).ok_or_else(|| Problem::new("not_found"))?;
    Ok(Page::new("Remove a passkey")
        .back("/account/passkeys")
        .with(Summary::default().row("Registered", line().at(*since)))
        .with(Block::text("You cannot sign in with it any more, and sessions that it began are over."))
        .with(
            Form::post("/account/passkeys/removal", "Remove this passkey").hidden("which", which).warning(),
        ))
}

/// Removes it.
pub(crate) async fn remove(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Problem> {
    let which = posted.text("which");
    let id = which.parse().map_err(|_| Problem::new("not_found"))?;
    let form = removal(&door, &visitor, which)?;
    let removed = async {
        let acted = door.directory.remove_passkey(&visitor.person, &id)?;
        after::acted(&door, &visitor, acted, "The passkey was removed.").await
    };
    removed.await.map(|()| see("/account/passkeys")).or_again(&[], |errors| Page { errors, ..form })
}

fn listed(door: &Door, visitor: &Visitor, done: Option<String>, errors: Vec<FieldError>) -> Page {
    let held = door.directory.passkeys_of(visitor.person.account);
    let nothing = held.is_empty().then(|| Block::text("You have no passkey."));
    let cards = (1..).zip(held).map(|(number, (id, since))| {
        let title = format!("Passkey {number}");
        let remove = line().link_to(format!("/account/passkeys/removal?which={id}"), "Remove", title.clone());
        let summary = Summary::default().row("Registered", line().at(since));
        Block::from(Card::new(line().text(title), vec![summary.into()]).level(2).action(remove))
    });
    let cards: Vec<Block> = cards.collect();
    let page = Page::new("Your passkeys")
        .back("/account")
        .with_if(done.map(Notice::done))
        .with(Block::text("A passkey on your device or a security key signs you in without password and code, and stands for your PIN."))
        .with_if(nothing)
        .with_all(cards)
        .with(Block::heading("Add a passkey"));
    let page = Page { errors, ..page };
    if visitor.person.step_up == StepUp::Absent {
        return page.with(Block::text("Confirm that it is you first.")).with(Block::Actions(vec![
            Action::second("/confirm?next=/account/passkeys", "Confirm with the PIN"),
        ]));
    }
    page.script("passkey.js")
        .with(Block::text("Your browser asks for the device's own PIN, finger or face. It needs scripts, and a browser that knows passkeys; without them there is no button here."))
        .with(Form::post("/account/passkeys", "Add a passkey").by_passkey("register", "/account/passkeys/options"))
}
