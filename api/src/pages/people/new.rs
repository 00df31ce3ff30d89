//! Giving somebody an account, which may not act before its gates are passed.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    response::Response,
};
use directory::NewAccount;
use visibility::permission::may_grant;
use vocabulary::Role;

use crate::{
    door::Door,
    pages::{
        after,
        kit::{Block, Choice, Field, FieldError, Form, Page},
        posted::{Posted, Reading},
        visitor::{Visitor, see},
        words,
        wrong::Wrong,
    },
    problem::Problem,
    wire::administration::NewUser,
};

/// Codes of refusals, and the field that each is about.
const FIELDS: &[(&str, &str)] =
    &[("username_taken", "username"), ("role_not_yours_to_give", "role"), ("field_invalid", "username")];

/// What is asked.
pub(crate) async fn page(visitor: Visitor, OriginalUri(uri): OriginalUri) -> Page {
    let own = visitor.person.organisation.to_string();
    let query = Posted::of_query(&uri);
    asked(&visitor, query.given("organisation").unwrap_or(&own), None)
}

/// Creates it.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Problem> {
    match sent(&door, &visitor, &posted).await {
        Ok(response) => Ok(response),
        Err(wrong) => wrong
            .answer(FIELDS, |errors| asked(&visitor, posted.text("organisation"), Some((&posted, errors)))),
    }
}

async fn sent(door: &Door, visitor: &Visitor, posted: &Posted) -> Result<Response, Wrong> {
    let asked: NewUser = Reading::of(posted)
        .text("/name", "name", "The name")
        .text("/username", "username", "The user name")
        .choice("/role", "role", "The role")
        .text("/organisation", "organisation", "The organisation")
        .read()?;
    let NewUser { username, name, organisation, role } = asked;
    let new = NewAccount { username, name, organisation, role };
    let (id, acted) = door.directory.create_account(&visitor.person, new)?;
    after::acted(
        door,
        visitor,
        acted,
        "The account was created. It may not act before its gates are passed.",
    )
    .await?;
    Ok(see(&format!("/people/{id}")))
}

fn asked(visitor: &Visitor, organisation: &str, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let roles = Role::ALL.into_iter().filter(|role| may_grant(visitor.person.role, *role));
    let roles = roles.map(|role| Choice::new(role.name(), words::word(role.name())));
    let form = Form::post("/people/new", "Create the account")
        .field(Field::text("name", "Name").hint("As colleagues know them."))
        .field(
            Field::text("username", "User name")
                .hint("What they sign in with. Never given to anybody else afterwards.")
                .width("govuk-input--width-20"),
        )
        .field(Field::radios("role", "Role", roles).hint("The roles that you may give."))
        .field(
            Field::text("organisation", "Organisation, by its id")
                .value(organisation)
                .width("govuk-input--width-20"),
        );
    Page::new("Give somebody an account")
        .back("/people")
        .with(Block::text("One account a person and organisation; accounts are never shared."))
        .with_form(form, posted)
}
