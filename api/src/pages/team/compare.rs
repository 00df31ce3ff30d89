//! Side by side: what was sent against what is held, a line a field, and how the model weighed it, in words.
//!
//! A candidate is opened as a look of its own, for data quality, so that nothing is compared that this person may not
//! see; a field that is not open to them says so. Source: rules.md 2 (quarantined); matching.md 3.5.

use std::sync::Arc;

use directory::{CandidateWeighing, LookError, OpenRequest, Person};
use events::{
    supplied::{SuppliedAddress, SuppliedChild},
    told::Told,
};
use visibility::{AccessibleRecord, NameKind, views::Whereabouts};
use vocabulary::{AccessReason, Address, ChildNumber, Gender, PersonName, Postcode, Scheme};

use crate::{
    door::Door,
    pages::{
        kit::{Block, Column, Line, Table, line},
        words,
    },
    problem::Problem,
    wire::waterfall,
};

/// A weight from which on a field speaks strongly, in hundredths of a bit: it makes it thirty times as likely.
const STRONG: i32 = 500;

/// What is compared, a line each.
const FIELDS: [&str; 12] = [
    "First name",
    "Middle names",
    "Last name",
    "Known as",
    "Former last name",
    "Date of birth",
    "Gender",
    "Address",
    "Postcode",
    "NHS number",
    "Unique pupil number",
    "Carers",
];

/// What one side says of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    Value(String),
    Nothing,
    Hidden,
}

/// One side of a comparison.
pub(super) struct Side([Said; FIELDS.len()]);

/// A record as this person may see it, or why it is not shown.
pub(super) type Opened = Result<Box<AccessibleRecord>, String>;

/// Opens a record to compare it; the look is recorded first.
pub(super) async fn open(door: &Arc<Door>, person: &Person, number: ChildNumber) -> Result<Opened, Problem> {
    let request = OpenRequest {
        number,
        reason: Some(AccessReason::DataQuality),
        search_id: None,
        on_behalf_of: None,
        case_ref: None,
        override_ground: None,
    };
    match door.directory.open_record(person, request).await {
        Ok(disclosed) => Ok(Ok(Box::new(disclosed.into_view().record))),
        Err(LookError::Unknown) => Ok(Err("This record is not open to you.".to_owned())),
        Err(LookError::Refused { detail, .. }) => Ok(Err(format!("This record is not shown: {detail}."))),
        Err(error) => Err(error.into()),
    }
}

/// What a supplier sent.
pub(super) fn sent(child: &SuppliedChild) -> Side {
    let (place, postcode) = match child.address.value() {
        Some(SuppliedAddress::Known(address)) => lived(address),
        Some(SuppliedAddress::Words(_)) => (said(Some("No known address")), Said::Nothing),
        None => (Said::Nothing, Said::Nothing),
    };
    let carers = child.carers.value().map(|carers| joined(carers.iter().map(|carer| carer.name.as_str())));
    Side([
        said(child.forename.as_ref().map(PersonName::as_str)),
        said(child.middle_names.value().map(PersonName::as_str)),
        said(child.surname.as_ref().map(PersonName::as_str)),
        said(child.known_as.value().map(PersonName::as_str)),
        said(child.previous_surname.value().map(PersonName::as_str)),
        said(child.date_of_birth.map(words::day)),
        gender(child.gender),
        place,
        postcode,
        told(&child.nhs_number),
        told(&child.upn),
        said(carers),
    ])
}

/// What is held, as far as this person may see it.
pub(super) fn held(record: &AccessibleRecord) -> Side {
    let named = |kind: NameKind| record.names.iter().find(|name| name.kind == kind);
    let current = named(NameKind::Current);
    let (place, postcode) = match &record.address {
        Some(Whereabouts::Known(address)) => lived(address),
        Some(Whereabouts::NoneKnown) => (said(Some("No known address")), Said::Nothing),
        Some(Whereabouts::LeftEngland { .. }) => (said(Some("Left England")), Said::Nothing),
        None => (Said::Hidden, Said::Hidden),
    };
    let identifier = |scheme: Scheme| match &record.identifiers {
        None => Said::Hidden,
        Some(held) => said(held.iter().find(|one| one.scheme == scheme).map(|one| one.value.as_str())),
    };
    let carers = match &record.carers {
        None => Said::Hidden,
        Some(carers) => said(Some(joined(carers.iter().map(|carer| carer.name.as_str())))),
    };
    Side([
        said(current.map(|name| name.forename.as_str())),
        said(current.and_then(|name| name.middle_names.as_ref()).map(PersonName::as_str)),
        said(current.map(|name| name.surname.as_str())),
        said(named(NameKind::KnownAs).map(|name| name.forename.as_str())),
        said(named(NameKind::Former).map(|name| name.surname.as_str())),
        said(record.date_of_birth.map(words::day)),
        gender(record.gender),
        place,
        postcode,
        identifier(Scheme::NhsNumber),
        identifier(Scheme::Upn),
        carers,
    ])
}

/// The two, a line a field; what neither tells is left out.
pub(super) fn table(
    caption: String,
    (left_name, left): (&str, &Side),
    (right_name, right): (&str, &Side),
) -> Block {
    let columns = ["Field", left_name, right_name].map(Column::of);
    let lines = FIELDS.into_iter().zip(left.0.iter().zip(&right.0));
    let told = lines.filter(|(_, (one, other))| **one != Said::Nothing || **other != Said::Nothing);
    let rows = told.map(|(field, (one, other))| {
        vec![line().text(format!("{field} ")).and(verdict(one, other)), written(one), written(other)]
    });
    Table::new(caption, columns).rows(rows).into()
}

/// How the model weighed a candidate: what each field says, in words first.
pub(super) fn weighed(candidate: &CandidateWeighing) -> Block {
    let parts = waterfall::parts(&candidate.weighing);
    let last = parts.len().saturating_sub(1);
    let lines = parts.into_iter().enumerate().map(|(at, (said, centibits))| {
        let speaks = if at == 0 || at == last { String::new() } else { format!(": {}", speaks(centibits)) };
        line()
            .text(format!("{}{speaks} ", words::word(&said)))
            .quiet(format!("({})", waterfall::bits(centibits)))
    });
    let about =
        "One unit makes it twice as likely, or half as likely below nought. The last line is the sum.";
    let summary = format!("How the directory weighed child number {}", candidate.child_number);
    Block::details(summary, vec![Block::list(lines), Block::small(about)])
}

/// How likely it is, in words that promise nothing.
pub(super) fn likely(probability: f64) -> &'static str {
    if probability >= 0.95 {
        "very likely the same child"
    } else if probability >= 0.5 {
        "more likely than not the same child"
    } else if probability >= 0.05 {
        "possibly the same child"
    } else {
        "probably another child"
    }
}

fn speaks(centibits: i32) -> &'static str {
    match centibits {
        STRONG.. => "speaks strongly for",
        1.. => "speaks somewhat for",
        0 => "says nothing",
        weight if weight > -STRONG => "speaks somewhat against",
        _ => "speaks strongly against",
    }
}

fn verdict(one: &Said, other: &Said) -> Line {
    match (one, other) {
        (Said::Value(one), Said::Value(other)) if plain(one) == plain(other) => line().tag("green", "Agrees"),
        (Said::Value(_), Said::Value(_)) => line().tag("orange", "Differs"),
        (Said::Hidden, _) | (_, Said::Hidden) => line().tag("grey", "Cannot be compared"),
        (Said::Nothing, _) | (_, Said::Nothing) => line().tag("grey", "Only one side"),
    }
}

fn written(said: &Said) -> Line {
    match said {
        Said::Value(value) => line().text(value.clone()),
        Said::Nothing => line().quiet("Not given"),
        Said::Hidden => line().quiet("Not open to you"),
    }
}

/// Letters and digits alone, so that blanks, hyphens and capitals are no difference.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn said(value: Option<impl Into<String>>) -> Said {
    value.map(Into::into).filter(|value: &String| !value.is_empty()).map_or(Said::Nothing, Said::Value)
}

/// 'Not specified' tells nothing that another value could differ from.
fn gender(told: Option<Gender>) -> Said {
    said(told.filter(|gender| *gender != Gender::NotSpecified).map(|gender| words::of(&gender)))
}

fn told<T: serde::Serialize>(value: &Told<T>) -> Said {
    said(value.value().map(words::name_of))
}

fn lived(address: &Address) -> (Said, Said) {
    let lines = address.lines.iter().cloned().chain(address.town.clone());
    (said(Some(joined(lines))), said(address.postcode.as_ref().map(Postcode::as_str)))
}

fn joined(parts: impl Iterator<Item = impl AsRef<str>>) -> String {
    parts.map(|part| part.as_ref().to_owned()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_capitals_are_no_difference_and_what_is_hidden_is_not_compared() {
        let value = |text: &str| Said::Value(text.to_owned());
        let shown = |one: &Said, other: &Said| verdict(one, other).to_string();
        assert!(shown(&value("N17 6AA"), &value("n176aa")).contains("Agrees"));
        assert!(shown(&value("Lowe"), &value("Low")).contains("Differs"));
        assert!(shown(&value("Lowe"), &Said::Hidden).contains("Cannot be compared"));
        assert!(shown(&value("Lowe"), &Said::Nothing).contains("Only one side"));
    }
}
