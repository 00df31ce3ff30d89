//! What may be done about an account: activate, suspend, reinstate, close, remove a way to sign in or a relationship.
//! Each has a page of its own that says what will happen.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    response::Response,
};
use directory::{AccountAct, Person};
use events::account::{Account, SuspensionGround};
use visibility::permission::Action as May;
use vocabulary::AccountId;

use crate::{
    answer::InBoth,
    door::Door,
    pages::{
        after,
        frame::may,
        kit::{Action, Block, Choice, Field, FieldError, Form, Page},
        pin,
        posted::{Posted, Reading},
        visitor::{Visitor, see},
        words,
        wrong::{OrAgain as _, Wrong},
    },
    problem::Problem,
    wire::administration as body,
};

/// Codes of refusals, and the field that each is about.
const FIELDS: &[(&str, &str)] = &[
    ("step_up_missing", "pin"),
    ("step_up_refused", "pin"),
    ("last_day_past", "on"),
    ("relationship_not_declared", "child_number"),
];

/// Each act: its address, its title, what will happen.
const ACTS: &[(&str, &str, &str)] = &[
    (
        "activation",
        "Activate",
        "The person may act from now on, as far as the role, the gates and the organisation allow.",
    ),
    (
        "suspension",
        "Suspend",
        "From the next request on the person may not act, and their sessions are over. What they did stays.",
    ),
    ("reinstatement", "End the suspension", "The account is in good standing again, as far as its dates go."),
    (
        "closure",
        "Close",
        "A closed account is never opened again, and its user name is never given to another.",
    ),
    (
        "relationship",
        "Withdraw a relationship",
        "The person declared to be related to a child. Withdrawn, looks at that child are not marked for it any more.",
    ),
    (
        "passkey",
        "Remove a passkey",
        "The person cannot sign in with it any more; sessions that it began are over.",
    ),
    (
        "identity",
        "Remove a linked identity",
        "The person cannot sign in by it any more; sessions that it began are over.",
    ),
];

/// The acts that make sense now.
pub(super) fn offered(visitor: &Visitor, id: AccountId, held: &Account) -> Option<Block> {
    if visitor.person.account == id || held.closed {
        return None;
    }
    let suspended = held.suspended.is_some();
    let allowed = |right: May| may(&visitor.person, right);
    let actions = [
        ("activation", "Activate", !held.activated && allowed(May::ActivateAccount)),
        ("suspension", "Suspend", !suspended && allowed(May::SuspendAccount)),
        ("reinstatement", "End the suspension", suspended && allowed(May::ReinstateAccount)),
        ("closure", "Close", allowed(May::CloseAccount)),
        ("relationship", "Withdraw a relationship", allowed(May::WithdrawRelationship)),
    ];
    let actions = actions.into_iter().filter(|(_, _, open)| *open);
    let actions: Vec<Action> =
        actions.map(|(act, text, _)| Action::second(format!("/people/{id}/{act}"), text)).collect();
    (!actions.is_empty()).then_some(Block::Actions(actions))
}

/// What will happen.
pub(crate) async fn acting(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    InBoth(id, act): InBoth<AccountId, String>,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    let held = door.directory.account_of(&visitor.person, id)?;
    let which = Posted::of_query(&uri).text("which").to_owned();
    asked(&visitor, &held, id, &act, &which, None).ok_or_else(|| Problem::new("not_found"))
}

/// Does it.
pub(crate) async fn act(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    InBoth(id, act): InBoth<AccountId, String>,
    posted: Posted,
) -> Result<Response, Problem> {
    let held = door.directory.account_of(&visitor.person, id)?;
    let which = posted.text("which");
    let page = asked(&visitor, &held, id, &act, which, None).ok_or_else(|| Problem::new("not_found"))?;
    sent(&door, &visitor, &held, id, &act, &posted)
        .await
        .map(|()| see(&format!("/people/{id}")))
        .or_again(FIELDS, |errors| {
            asked(&visitor, &held, id, &act, which, Some((&posted, errors))).unwrap_or(page)
        })
}

async fn sent(
    door: &Arc<Door>,
    visitor: &Visitor,
    held: &Account,
    id: AccountId,
    act: &str,
    posted: &Posted,
) -> Result<(), Wrong> {
    let person = stepped_up(door, visitor, held, act, posted).await?;
    if act == "relationship" {
        let asked: body::DeclaredRelationship =
            Reading::of(posted).text("/child_number", "child_number", "Child number").read()?;
        let acted = door.directory.withdraw_relationship(&person, id, asked.child_number)?;
        return after::acted(door, visitor, acted, "The relationship was withdrawn.").await;
    }
    let (act, said) = read(act, posted)?;
    let acted = door.directory.administer_account(&person, id, act)?;
    after::acted(door, visitor, acted, said).await
}

/// Whoever ends a suspension for suspicion gives the PIN.
async fn stepped_up(
    door: &Arc<Door>,
    visitor: &Visitor,
    held: &Account,
    act: &str,
    posted: &Posted,
) -> Result<Person, Wrong> {
    if ends_suspicion(held, act) {
        pin::given(door, visitor, posted).await
    } else {
        Ok(visitor.person.clone())
    }
}

fn ends_suspicion(held: &Account, act: &str) -> bool {
    act == "reinstatement" && held.suspended == Some(SuspensionGround::MisuseSuspected)
}

/// The act, in the API's own words.
fn read(act: &str, posted: &Posted) -> Result<(AccountAct, &'static str), Wrong> {
    let unknown = || Wrong::from(Problem::new("not_found"));
    let which = posted.text("which");
    Ok(match act {
        "activation" => (AccountAct::Activate, "The account was activated."),
        "suspension" => {
            let asked: body::UserSuspension =
                Reading::of(posted).choice("/ground", "ground", "Why").read()?;
            (AccountAct::Suspend(asked.ground), "The account is suspended, from the next request on.")
        }
        "reinstatement" => (AccountAct::Reinstate, "The suspension was ended."),
        "closure" => {
            let asked: body::Closure = Reading::of(posted).day("/on", "on", "The last day").read()?;
            (AccountAct::Close(asked.on), "The account is closed, or will be after the last day.")
        }
        "passkey" => {
            (AccountAct::RemovePasskey(which.parse().map_err(|_| unknown())?), "The passkey was removed.")
        }
        _ => (AccountAct::UnlinkIdentity(which.parse().map_err(|_| unknown())?), "The identity was removed."),
    })
}

fn asked(
    visitor: &Visitor,
    held: &Account,
    id: AccountId,
    act: &str,
    which: &str,
    posted: Option<(&Posted, Vec<FieldError>)>,
) -> Option<Page> {
    let (act, title, what) = ACTS.iter().find(|(known, _, _)| *known == act)?;
    let form = Form::post(format!("/people/{id}/{act}"), *title);
    let form = match *act {
        "suspension" => {
            let grounds = [
                SuspensionGround::MisuseSuspected,
                SuspensionGround::CredentialsLost,
                SuspensionGround::Absent,
                SuspensionGround::ManagerRequest,
            ];
            let grounds = grounds.map(|ground| Choice::new(words::name_of(&ground), words::of(&ground)));
            form.field(Field::radios("ground", "Why?", grounds)).warning()
        }
        "closure" => form
            .field(
                Field::day("on", "The person's last day")
                    .hint("Left empty, the account is closed at once. For example, 31 3 2027."),
            )
            .warning(),
        "relationship" => {
            form.field(Field::digits("child_number", "Child number").width("govuk-input--width-20")).warning()
        }
        "passkey" | "identity" => form.hidden("which", which).warning(),
        _ if ends_suspicion(held, act) => form.fields(pin::field(visitor)),
        _ => form,
    };
    let named = held.created.as_ref().map(|created| created.name.as_str().to_owned()).unwrap_or_default();
    Some(
        Page::new(*title)
            .heading_is(format!("{title}: {named}"))
            .back(format!("/people/{id}"))
            .with(Block::text(*what))
            .with_form(form, posted),
    )
}
