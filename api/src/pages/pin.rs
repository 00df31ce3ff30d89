//! The PIN: asked within the form of an act that cannot be taken back, unless it was given a moment ago; or a passkey
//! in its place, on a page of its own. Source: rules.md 5.2.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    response::{IntoResponse, Response},
};
use directory::Person;
use events::looker::StepUp;

use super::{
    kit::{Block, Field, FieldError, Form, Page, line},
    posted::{Posted, Reading},
    sign_in::local,
    visitor::{Visitor, see},
    wrong::{OrAgain as _, Wrong},
};
use crate::{
    door::Door,
    identify::{self, passkeys, sessions},
    problem::Problem,
};

/// The field for the PIN, where it is needed now.
pub(crate) fn field(visitor: &Visitor) -> Option<Field> {
    let needed = visitor.person.step_up == StepUp::Absent;
    needed.then(|| {
        Field::password("pin", "Your PIN", "off")
            .hint("Asked because this cannot be taken back. If you use a passkey, confirm with it under 'Your account' first.")
            .width("govuk-input--width-5")
            .inputmode("numeric")
    })
}

/// The person with the PIN given, a moment ago or in this form.
///
/// # Errors
/// It is missing, or not right.
pub(crate) async fn given(door: &Arc<Door>, visitor: &Visitor, posted: &Posted) -> Result<Person, Wrong> {
    if visitor.person.step_up == StepUp::Fresh {
        return Ok(visitor.person.clone());
    }
    let pin = posted.raw("pin").trim().to_owned();
    if pin.is_empty() {
        return Err(FieldError::at("pin", "Enter your PIN").into());
    }
    let asked = sessions::StepUp { pin: Some(pin), passkey: None };
    let done = sessions::stepped_up(door, visitor.person.account, &visitor.token, asked).await;
    done.map_err(|problem| match problem.code() {
        "step_up_refused" => {
            Wrong::from(FieldError::at("pin", "The PIN is not right. Enter your own PIN again"))
        }
        _ => Wrong::from(problem),
    })?;
    Ok(identify::person_of(door, &visitor.token)?)
}

/// Where a passkey, or the PIN, is given by itself.
pub(crate) async fn page(_visitor: Visitor, OriginalUri(uri): OriginalUri) -> Page {
    asked(&local(Posted::of_query(&uri).text("next")), None)
}

/// Takes the PIN, or what a passkey signed.
pub(crate) async fn confirm(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Problem> {
    let next = local(posted.text("next"));
    let done = match posted.given("passkey") {
        Some(signed) => by_passkey(&door, &visitor, signed).await,
        None => given(&door, &visitor, &posted).await.map(|_| ()),
    };
    let done = done.map(|()| see(&next));
    done.or_again(&[("step_up_refused", "pin")], |errors| asked(&next, Some((&posted, errors))))
}

/// What a browser is asked to have signed.
pub(crate) async fn options(State(door): State<Arc<Door>>, visitor: Visitor) -> Response {
    passkeys::asking(&door, door.directory.ask_passkey_step_up(visitor.person.account)).into_response()
}

async fn by_passkey(door: &Arc<Door>, visitor: &Visitor, signed: &str) -> Result<(), Wrong> {
    let nothing = Posted::default();
    let signed = serde_json::from_str(signed).map_err(|_| Problem::new("passkey_not_accepted"))?;
    let asked: sessions::StepUp = Reading::of(&nothing).put("/passkey", signed).read()?;
    sessions::stepped_up(door, visitor.person.account, &visitor.token, asked).await?;
    Ok(())
}

fn asked(next: &str, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let pin = Field::password("pin", "Your PIN", "off").width("govuk-input--width-5").inputmode("numeric");
    let form = Form::post("/confirm", "Confirm with the PIN").hidden("next", next).field(pin);
    let passkey = Form::post("/confirm", "Confirm with a passkey")
        .hidden("next", next)
        .by_passkey("step-up", "/confirm/options")
        .secondary();
    Page::new("Confirm that it is you")
        .script("passkey.js")
        .with(Block::text(line().text("It holds for five minutes.")))
        .with_form(form, posted)
        .with(passkey)
}
