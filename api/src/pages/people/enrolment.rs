//! Taking up an account: the code that its manager makes, and the page on which its person sets password and PIN and
//! is shown, once, the seed of the one-time codes. Source: rules.md 5.2.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use events::account::Account;
use vocabulary::AccountId;

use crate::{
    answer::{In, not_recorded},
    door::Door,
    identify::enrolments::{self, Enrolment, Taken},
    pages::{
        kit::{Action, Block, Field, FieldError, Form, Page, Summary, line},
        posted::{Posted, Reading},
        visitor::Visitor,
        words,
        wrong::{OrAgain as _, Wrong},
    },
    problem::Problem,
};

/// Codes of refusals, and the field that each is about.
const FIELDS: &[(&str, &str)] = &[
    ("password_weak", "password"),
    ("pin_weak", "pin"),
    ("enrolment_refused", "code"),
    ("enrolment_missing", "code"),
];

/// What a code is, for whom it is, and what it replaces.
pub(crate) async fn coding(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(id): In<AccountId>,
) -> Result<Page, Problem> {
    let held = door.directory.account_of(&visitor.person, id)?;
    Ok(making(id, &held))
}

/// Makes a code, and shows it once.
pub(crate) async fn code(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(id): In<AccountId>,
) -> Result<Response, Problem> {
    let held = door.directory.account_of(&visitor.person, id)?;
    made(&door, &visitor, id).await.or_again(&[], |errors| Page { errors, ..making(id, &held) })
}

fn making(id: AccountId, held: &Account) -> Page {
    let sets = if held.credentials.is_some() {
        "With it the person sets password, PIN and one-time codes anew; those they have work until then."
    } else {
        "With it the person sets password, PIN and one-time codes."
    };
    let replaces =
        held.enrolment.is_some().then(|| Block::text("A code that was made before works no more."));
    let named = held.created.as_ref().map(|created| created.name.as_str().to_owned()).unwrap_or_default();
    let form = Form::post(format!("/people/{id}/enrolment"), "Make the code")
        .beside(line().link(format!("/people/{id}"), "Leave it"));
    Page::new("Make an enrolment code")
        .heading_is(format!("Make an enrolment code: {named}"))
        .back(format!("/people/{id}"))
        .with(Block::text(sets))
        .with_if(replaces)
        .with(Block::text("The next page shows it, once. It works once, within three days, and whoever has it with the user name can take up the account: give it to the person yourself."))
        .with(form)
}

async fn made(door: &Door, visitor: &Visitor, id: AccountId) -> Result<Page, Wrong> {
    let issued = door.directory.enrol_account(&visitor.person, id)?;
    let acted = issued.acted.settled().await.map_err(|error| not_recorded(&error))?;
    visitor.wrote(door, acted.position());
    let summary = Summary::default()
        .row("Code", line().code(issued.code))
        .row("Works until", line().at(issued.expires_at));
    Ok(Page::new("Enrolment code")
        .unheaded()
        .with(Block::panel("The code was made", None))
        .with(Block::warning(
            "It is shown this once. Give it to the person yourself, not together with the user name.",
        ))
        .with(summary)
        .with(Block::text(
            line().text("They enter it at ").code("/enrolment").text(", with their user name."),
        ))
        .with(Block::Actions(vec![Action::first(format!("/people/{id}"), "Back to the person")])))
}

/// What a person brings, and what they choose.
pub(crate) async fn page() -> Page {
    asked(None)
}

/// Sets password, PIN and one-time codes.
pub(crate) async fn send(State(door): State<Arc<Door>>, posted: Posted) -> Result<Response, Problem> {
    match sent(&door, &posted).await {
        Ok(taken) => Ok(taken_up(&taken).into_response()),
        Err(wrong) => wrong.answer(FIELDS, |errors| asked(Some((&posted, errors)))),
    }
}

async fn sent(door: &Arc<Door>, posted: &Posted) -> Result<Taken, Wrong> {
    if posted.raw("password") != posted.raw("again") {
        return Err(FieldError::at("again", "The two passwords differ. Enter the same twice").into());
    }
    // As it was typed: of a password every blank counts.
    let password = posted.raw("password");
    let asked: Enrolment = Reading::of(posted)
        .text("/username", "username", "Your user name")
        .text("/code", "code", "The code")
        .text("/password", "password", "A password")
        .text("/pin", "pin", "A PIN")
        .read()?;
    let asked = Enrolment { password: password.to_owned(), ..asked };
    Ok(enrolments::taken_up(door, asked).await?)
}

fn asked(posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let form = Form::post("/enrolment", "Take up the account")
        .field(
            Field::text("username", "Your user name").autocomplete("username").width("govuk-input--width-20"),
        )
        .field(
            Field::text("code", "The code")
                .hint("From your manager. It works once, within three days.")
                .width("govuk-input--width-20"),
        )
        .field(
            Field::password("password", "A password of your own", "new-password")
                .hint("At least 12 characters. Three or four words in a row are good."),
        )
        .field(Field::password("again", "The same password again", "new-password"))
        .field(
            Field::password("pin", "A PIN of your own", "off")
                .hint("4 to 8 digits. It is asked before acts that cannot be taken back.")
                .width("govuk-input--width-5")
                .inputmode("numeric"),
        );
    Page::new("Take up your account")
        .with(Block::text("You were given a user name and a code. Have an authenticator at hand: an application that shows one-time codes."))
        .with_form(form, posted)
}

fn taken_up(taken: &Taken) -> Page {
    let letters: Vec<char> = taken.totp_secret.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    let summary = Summary::default()
        .row("Name of the account", "Contactpoint")
        .row("Key", line().code(groups.join(" ")))
        .row("Kind of key", "Time based")
        .row("Number of digits", words::count(6, "digit", "digits"));
    Page::new("Your account is taken up")
        .unheaded()
        .with(Block::panel("Your account is taken up", None))
        .with(Block::warning(
            "The key is shown this once. Put it into your authenticator now; without it you cannot sign in.",
        ))
        .with(Block::text(line().link(taken.otpauth.clone(), "Open it in an authenticator on this device")))
        .with(Block::text("Or enter the key there by hand:"))
        .with(summary)
        .with(Block::text(
            "Your manager activates the account once every gate is passed; then you can sign in.",
        ))
        .with(Block::Actions(vec![Action::first("/sign-in", "Sign in")]))
}
