//! Registering an organisation: what it is, to whom it belongs, and how it is reached.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use vocabulary::{OrganisationKind, ServiceType};

use crate::{
    door::Door,
    pages::{
        after,
        kit::{Block, Choice, Field, FieldError, Form, Page},
        posted::{Posted, Reading},
        visitor::{Visitor, see},
        words,
        wrong::{OrAgain as _, Wrong},
    },
    problem::Problem,
    wire::administration::NewOrganisation,
};

/// Codes of refusals, and the field that each is about.
const FIELDS: &[(&str, &str)] = &[
    ("organisation_known", "id"),
    ("authority_unknown", "authority"),
    ("authority_missing", "authority"),
    ("not_found", "authority"),
];

/// What is asked.
pub(crate) async fn page(_visitor: Visitor) -> Page {
    asked(None)
}

/// Registers it.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Problem> {
    sent(&door, &visitor, &posted).await.or_again(FIELDS, |errors| asked(Some((&posted, errors))))
}

async fn sent(door: &Door, visitor: &Visitor, posted: &Posted) -> Result<Response, Wrong> {
    let mut reading = Reading::of(posted)
        .text("/id", "id", "The id")
        .text("/name", "name", "The name")
        .choice("/kind", "kind", "What it is")
        .text("/authority", "authority", "Its authority")
        .list("/service_types", "service", "What services it gives");
    if posted.given("telephone").is_some() {
        reading = reading
            .put("/contacts/0/kind", serde_json::json!("telephone"))
            .put("/contacts/0/use", serde_json::json!("work"))
            .text("/contacts/0/value", "telephone", "Telephone number");
    }
    let asked: NewOrganisation = reading.read()?;
    let (id, details) = asked.parts();
    let acted = door.directory.register_organisation(&visitor.person, &id, details)?;
    after::acted(door, visitor, acted, "The organisation was registered. Next come its conditions.").await?;
    Ok(see(&format!("/organisations/{id}")))
}

fn asked(posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let kinds = OrganisationKind::ALL.map(|kind| Choice::new(kind.name(), words::word(kind.name())));
    let kinds = [Choice::new("", "Choose")].into_iter().chain(kinds);
    let services = ServiceType::ALL.map(|service| Choice::new(service.name(), words::word(service.name())));
    let form = Form::post("/organisations/new", "Register")
        .field(
            Field::text("id", "Its id")
                .hint("urn: for schools, ods: for health, gss: for authorities, org: for others. For example, urn:100123.")
                .width("govuk-input--width-20"),
        )
        .field(Field::text("name", "Its name"))
        .field(Field::select("kind", "What it is", kinds))
        .field(
            Field::text("authority", "The id of the authority it belongs to")
                .hint("Left empty for an authority itself and for national bodies. For example, gss:E09000014.")
                .width("govuk-input--width-20"),
        )
        .field(Field::text("telephone", "Telephone number").inputmode("tel").width("govuk-input--width-20"))
        .field(Field::boxes("service", "What services does it give?", services).small());
    Page::new("Register an organisation")
        .back("/organisations")
        .with(Block::text(
            "It may neither look nor send before it meets its conditions, is accredited and has signed.",
        ))
        .with_form(form, posted)
}
