//! What is held of the child: where they live, who cares for them, school and practice, identifiers.

use chrono::{DateTime, Utc};
use events::supplied::{EducationState, PrimaryCareState, Relation};
use visibility::views::{Carer, Whereabouts};
use vocabulary::{Address, Contact, IntendsReturn};

use super::Shown;
use crate::pages::{
    kit::{Block, Line, Summary, line},
    words,
};

/// The groups that were granted; nothing is said of the others.
pub(super) fn blocks(shown: &Shown<'_>) -> Vec<Block> {
    let record = shown.record;
    let summary = Summary::default()
        .row_if("Address", record.address.as_ref().map(lives))
        .row_if("Carers", record.carers.as_ref().map(|carers| cared(carers)))
        .row_if("Education", education(shown))
        .row_if("Primary care", primary_care(shown))
        .row_if("Identifiers", identifiers(shown));
    let mut blocks = vec![Block::heading_at("child", "About the child"), summary.into()];
    if let Some(history) = &record.history {
        let told = [
            history.opened_at.map(|at| line().text("The record was opened on ").at(at).text(".")),
            (history.consents_withdrawn > 0).then(|| {
                let count = words::count(history.consents_withdrawn, "consent was", "consents were");
                line().text(format!("{count} withdrawn; what it was for is not kept."))
            }),
            (history.links_disputed > 0).then(|| {
                let count = words::count(history.links_disputed, "supplier disputes", "suppliers dispute");
                line().text(format!("{count} that their child is this one."))
            }),
        ];
        let told: Vec<Line> = told.into_iter().flatten().collect();
        if !told.is_empty() {
            blocks.extend([Block::subheading("The record itself"), Block::list(told)]);
        }
    }
    blocks
}

fn lives(address: &Whereabouts) -> Line {
    match address {
        Whereabouts::Known(address) => written(address),
        Whereabouts::NoneKnown => line().text("No address is known"),
        Whereabouts::LeftEngland { on, intends_return } => {
            let back = match intends_return {
                IntendsReturn::Yes => ", and means to come back",
                IntendsReturn::No => ", and does not mean to come back",
                IntendsReturn::Unknown => "",
            };
            line().text("Left England on ").on(*on).text(back)
        }
    }
}

fn written(address: &Address) -> Line {
    let postcode = address.postcode.as_ref().map(|postcode| postcode.as_str().to_owned());
    let parts = address.lines.iter().cloned().chain(address.town.clone()).chain(postcode);
    parts.map(|part| line().text(part)).reduce(|all, one| all.line_break().and(one)).unwrap_or_default()
}

fn cared(carers: &[Carer]) -> Line {
    let carers = carers.iter().map(|carer| {
        let relation = match carer.relation {
            Relation::ParentalResponsibility => "has parental responsibility",
            Relation::Care => "has care",
        };
        let name = line().strong(carer.name.as_str()).text(format!(", {relation}"));
        carer.contacts.iter().flatten().fold(name, |told, contact| told.line_break().and(contacted(contact)))
    });
    carers.reduce(|all, one| all.line_break().and(one)).unwrap_or_else(|| line().text("None is known"))
}

fn contacted(contact: &Contact) -> Line {
    line()
        .text(contact.value.clone())
        .text(" ")
        .quiet(format!("({})", words::contact(contact.kind, contact.used).to_lowercase()))
}

fn education(shown: &Shown<'_>) -> Option<Line> {
    let education = shown.record.education.as_ref()?;
    let since = education.since.map(|day| line().text(", since ").on(day)).unwrap_or_default();
    let told = match (education.state, &education.organisation) {
        (EducationState::Attending, Some(at)) => line().text(at.name.clone()).and(since),
        (EducationState::Attending, None) => line().text("Attends; where is not known").and(since),
        (EducationState::EducatedOtherwise, _) => line().text("Educated otherwise").and(since),
        (EducationState::NoneKnown, _) => line().text("None is known"),
    };
    Some(told.and(as_at(education.as_at)))
}

fn primary_care(shown: &Shown<'_>) -> Option<Line> {
    let care = shown.record.primary_care.as_ref()?;
    let since = care.since.map(|day| line().text(", since ").on(day)).unwrap_or_default();
    let told = match (care.state, &care.organisation) {
        (PrimaryCareState::Registered, Some(at)) => line().text(at.name.clone()).and(since),
        (PrimaryCareState::Registered, None) => line().text("Registered; where is not known").and(since),
        (PrimaryCareState::NoneKnown, _) => line().text("None is known"),
    };
    Some(told.and(as_at(care.as_at)))
}

/// When it was told last; nothing where it was never told.
fn as_at(told: Option<DateTime<Utc>>) -> Line {
    told.map(|told| line().line_break().text("As at ").at(told)).unwrap_or_default()
}

fn identifiers(shown: &Shown<'_>) -> Option<Line> {
    let held = shown.record.identifiers.iter().flatten().map(|identifier| {
        line().text(format!("{}: ", words::of(&identifier.scheme))).code(identifier.value.clone())
    });
    held.reduce(|all, one| all.line_break().and(one))
}
