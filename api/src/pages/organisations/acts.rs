//! What may be done about an organisation: accredit it, sign an agreement with it, suspend it, reinstate it. Each has a
//! page of its own that says what will happen.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use directory::OrganisationAct;
use events::organisation::{Agreement, Organisation, Sharing, SuspensionGround};
use visibility::permission::Action as May;
use vocabulary::OrganisationId;

use super::name;
use crate::{
    answer::InBoth,
    door::Door,
    pages::{
        after,
        frame::may,
        kit::{Action, Block, Choice, Field, FieldError, Form, Page},
        posted::{Posted, Reading},
        visitor::{Visitor, see},
        words,
        wrong::{OrAgain as _, Wrong},
    },
    problem::Problem,
    wire::{administration as body, requests::Nothing},
};

/// Codes of refusals, and the field that each is about.
const FIELDS: &[(&str, &str)] = &[("until_out_of_range", "until"), ("version_out_of_range", "version")];

/// Each act, with the right that it takes.
const ACTS: &[(&str, &str, May)] = &[
    ("accredit", "Accredit", May::AccreditOrganisation),
    ("agreement", "Record an agreement", May::SignAgreement),
    ("suspension", "Suspend", May::SuspendOrganisation),
    ("reinstatement", "Reinstate", May::ReinstateOrganisation),
];

/// The acts that make sense now.
pub(super) fn offered(visitor: &Visitor, id: &OrganisationId, held: &Organisation) -> Option<Block> {
    let suspended = held.suspended.is_some();
    let open = ACTS.iter().filter(|(act, _, right)| {
        may(&visitor.person, *right)
            && match *act {
                "suspension" => !suspended,
                "reinstatement" => suspended,
                _ => true,
            }
    });
    let actions: Vec<Action> =
        open.map(|(act, text, _)| Action::second(format!("/organisations/{id}/{act}"), *text)).collect();
    (!actions.is_empty()).then_some(Block::Actions(actions))
}

/// What will happen.
pub(crate) async fn acting(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    InBoth(id, act): InBoth<OrganisationId, String>,
) -> Result<Page, Problem> {
    let held = door.directory.organisation_of(&visitor.person, &id)?;
    asked(&held, &id, &act, None).ok_or_else(|| Problem::new("not_found"))
}

/// Does it.
pub(crate) async fn act(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    InBoth(id, act): InBoth<OrganisationId, String>,
    posted: Posted,
) -> Result<Response, Problem> {
    let held = door.directory.organisation_of(&visitor.person, &id)?;
    let page = asked(&held, &id, &act, None).ok_or_else(|| Problem::new("not_found"))?;
    sent(&door, &visitor, &id, &act, &posted)
        .await
        .map(|()| see(&format!("/organisations/{id}")))
        .or_again(FIELDS, |errors| asked(&held, &id, &act, Some((&posted, errors))).unwrap_or(page))
}

async fn sent(
    door: &Door,
    visitor: &Visitor,
    id: &OrganisationId,
    act: &str,
    posted: &Posted,
) -> Result<(), Wrong> {
    let (act, said) = read(act, posted)?;
    let acted = door.directory.administer_organisation(&visitor.person, id, act)?;
    after::acted(door, visitor, acted, said).await
}

/// The act, in the API's own words.
fn read(act: &str, posted: &Posted) -> Result<(OrganisationAct, &'static str), Wrong> {
    let reading = Reading::of(posted);
    match act {
        "accredit" => {
            let asked: body::Accreditation = reading
                .day("/until", "until", "The last day")
                .choice("/participation", "participation", "What it is accredited for")
                .read()?;
            let accredit =
                OrganisationAct::Accredit { until: asked.until, participation: asked.participation };
            Ok((accredit, "The organisation was accredited."))
        }
        "agreement" => {
            let asked: body::NewAgreement = reading
                .choice("/kind", "kind", "Which agreement")
                .number("/version", "version", "Version of the text")
                .day("/until", "until", "The last day")
                .flag("/states_others", "states_others", "Whether it may state others' involvements")
                .read()?;
            let body::NewAgreement { kind, version, until, states_others } = asked;
            let sign = match kind {
                body::AgreementKind::Supply => OrganisationAct::SignSupply(Agreement {
                    until,
                    states_others: states_others.unwrap_or(false),
                    version: Some(version),
                }),
                body::AgreementKind::Sharing => OrganisationAct::SignSharing(Sharing { version, until }),
            };
            Ok((sign, "The agreement was recorded."))
        }
        "suspension" => {
            let asked: body::OrganisationSuspension = reading.choice("/ground", "ground", "Why").read()?;
            Ok((
                OrganisationAct::Suspend(asked.ground),
                "The organisation is suspended, from the next request on.",
            ))
        }
        _ => {
            let Nothing {} = reading.read()?;
            Ok((OrganisationAct::Reinstate, "The suspension was ended."))
        }
    }
}

fn asked(
    held: &Organisation,
    id: &OrganisationId,
    act: &str,
    posted: Option<(&Posted, Vec<FieldError>)>,
) -> Option<Page> {
    let (act, title, _) = ACTS.iter().find(|(known, _, _)| *known == act)?;
    let form = Form::post(format!("/organisations/{id}/{act}"), *title);
    let last_day =
        Field::day("until", "The last day").hint("At most 36 months ahead. For example, 31 12 2027.");
    let (what, form) = match *act {
        "accredit" => {
            let choices = [
                Choice::new("both", "To look and to send"),
                Choice::new("use", "To look"),
                Choice::new("supply", "To send what its systems hold"),
            ];
            let form = form.field(Field::radios("participation", "For what?", choices)).field(last_day);
            (
                "Every key condition must be met. Its people may act from the next request on, as far as their own gates allow.",
                form,
            )
        }
        "agreement" => {
            let kinds = [
                Choice::new("supply", "Data supply").hint("Its systems may send events and files."),
                Choice::new("sharing", "Information sharing").hint("Its people may look."),
            ];
            let others =
                [Choice::new("no", "No"), Choice::new("yes", "Yes, as a supplier for many organisations")];
            let form = form
                .field(Field::radios("kind", "Which agreement?", kinds))
                .field(Field::digits("version", "Version of the text").width("govuk-input--width-4"))
                .field(last_day)
                .field(
                    Field::radios(
                        "states_others",
                        "Of data supply: may it state others' involvements?",
                        others,
                    )
                    .value("no"),
                );
            ("Record what both sides have signed.", form)
        }
        "suspension" => {
            let grounds = [
                SuspensionGround::MisuseSuspected,
                SuspensionGround::ConditionsUnmet,
                SuspensionGround::OwnRequest,
                SuspensionGround::Dissolved,
            ];
            let grounds = grounds.map(|ground| Choice::new(words::name_of(&ground), words::of(&ground)));
            (
                "From the next request on none of its people may look and none of its systems may connect. What it told stays.",
                form.field(Field::radios("ground", "Why?", grounds)).warning(),
            )
        }
        _ => ("It is in good standing again, as far as its dates go.", form),
    };
    let page = Page::new(*title)
        .heading_is(format!("{title}: {}", name(held, id)))
        .back(format!("/organisations/{id}"))
        .with(Block::text(what));
    Some(page.with_form(form, posted))
}
