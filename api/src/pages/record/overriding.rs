//! Overriding a shield: a page that stops whoever comes, says what follows, and asks for ground and PIN.
//!
//! It opens one record once: the answer to the form is the record, which is not shown again without the form. Source:
//! rules.md 2.5.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use directory::OpenRequest;
use events::access::OverrideGround;
use vocabulary::{AccessReason, ChildNumber};

use super::{Shown, record};
use crate::{
    answer::In,
    door::Door,
    pages::{
        kit::{Block, Choice, Field, FieldError, Form, Page, line},
        pin,
        posted::{Posted, Reading},
        reason,
        visitor::Visitor,
        words,
        wrong::{OrAgain as _, Wrong},
    },
    problem::Problem,
    wire::requests::Access,
};

/// What follows, and what is asked.
pub(crate) async fn page(visitor: Visitor, In(child): In<ChildNumber>) -> Page {
    asked(&visitor, child, None)
}

/// Opens the record behind the shield, once.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(child): In<ChildNumber>,
    posted: Posted,
) -> Result<Response, Problem> {
    let fields = [reason::FIELDS, &[("override_ground_missing", "ground")]].concat();
    overridden(&door, &visitor, child, &posted)
        .await
        .or_again(&fields, |errors| asked(&visitor, child, Some((&posted, errors))))
}

async fn overridden(
    door: &Arc<Door>,
    visitor: &Visitor,
    child: ChildNumber,
    posted: &Posted,
) -> Result<Page, Wrong> {
    if posted.given("ground").is_none() {
        return Err(FieldError::at("ground", "Choose on what ground you override the shield").into());
    }
    let read: Access = Reading::of(posted)
        .choice("/reason", "reason", "Why you are looking")
        .choice("/override/ground", "ground", "Ground")
        .read()?;
    let person = pin::given(door, visitor, posted).await?;
    let request = OpenRequest {
        number: child,
        reason: read.reason,
        search_id: None,
        on_behalf_of: None,
        case_ref: None,
        override_ground: read.overriding.map(|overriding| overriding.ground),
    };
    let now = door.directory.now();
    let opened = door.directory.open_record(&person, request).await?.into_view();
    Ok(record(&Shown {
        person: &person,
        record: &opened.record,
        child,
        now,
        reason: read.reason,
        overridden: true,
        done: None,
    }))
}

/// Above a record that is open behind its shield.
pub(super) fn banner() -> Block {
    Block::warning(
        "You have overridden a shield. An investigation of this look has begun. It is open once: leave this page and it is closed.",
    )
}

fn asked(visitor: &Visitor, child: ChildNumber, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let grounds = OverrideGround::ALL.map(|ground| {
        let name = words::name_of(&ground);
        let text = if ground == OverrideGround::Section47 {
            "An enquiry under section 47 of the Children Act 1989".to_owned()
        } else {
            words::word(&name)
        };
        Choice::new(name, text)
    });
    let reasons = [AccessReason::ChildProtectionEnquiry, AccessReason::Emergency]
        .map(|reason| Choice::new(reason.name(), words::word(reason.name())));
    let form = Form::post(format!("/children/{child}/override"), "Override the shield and open the record")
        .warning()
        .field(Field::radios("ground", "On what ground?", grounds).large())
        .field(Field::radios("reason", "Why are you looking?", reasons).large())
        .fields(pin::field(visitor))
        .beside(line().link(format!("/children/{child}"), "Leave the shield as it is"));
    let card = Block::interruption(
        "Stop: this child's whereabouts are shielded",
        vec![
            Block::text("Somebody may be looking for this child to do them harm."),
            Block::list([
                "An investigation of your look begins at once, whatever you find.",
                "The record opens once, for you alone. To others it stays shielded.",
                "The directory team can put you in touch within half an hour, at any hour, without an override.",
            ]),
        ],
    );
    let instead = line()
        .link(format!("/children/{child}/broker"), "Ask the directory team to put you in touch instead");
    Page::new("Override a shield").unheaded().with(card).with(Block::text(instead)).with_form(form, posted)
}
