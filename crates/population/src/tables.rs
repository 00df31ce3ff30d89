//! Writes `organisations.csv` and `children.csv`, row by row.
//!
//! Columns: contract.md section 1, in its order.

use std::{
    io::{self, Write},
    ops::Range,
};

use chrono::NaiveDate;
use vocabulary::Gender;

use crate::{Child, Organisation, Population, involvements::Involvement, places::Home};
use vocabulary::ServiceType;

/// The header of `organisations.csv`.
pub const ORGANISATIONS_COLUMNS: [&str; 11] = [
    "id",
    "name",
    "kind",
    "authority",
    "service_types",
    "telephone",
    "email",
    "outcodes",
    "accredited_until",
    "agreement_until",
    "states_others",
];

/// The header of `children.csv`.
pub const CHILDREN_COLUMNS: [&str; 21] = [
    "local_ref",
    "forename",
    "middle_names",
    "surname",
    "known_as",
    "previous_surname",
    "dob",
    "gender",
    "address",
    "town",
    "postcode",
    "previous_address",
    "previous_postcode",
    "nhs_number",
    "upn",
    "school_urn",
    "gp_ods",
    "carer_name",
    "carer_relation",
    "carer_telephone",
    "carer_address",
];

impl Population {
    /// Writes every organisation, header first. Memory does not grow with the number.
    ///
    /// # Errors
    /// The writer's own.
    pub fn write_organisations(&self, out: &mut impl Write) -> io::Result<()> {
        write_organisations(self.organisations(), out)
    }

    /// Writes these children, header first. Memory does not grow with the number.
    ///
    /// # Errors
    /// The writer's own.
    pub fn write_children(&self, children: Range<u64>, out: &mut impl Write) -> io::Result<()> {
        let mut table = csv::Writer::from_writer(out);
        table.write_record(CHILDREN_COLUMNS)?;
        for index in children {
            let child = self.child(index);
            let (involvements, _) = self.working_with(&child);
            table.write_record(row(&child, &involvements))?;
        }
        table.flush()
    }
}

/// Writes organisations as `organisations.csv`, header first.
///
/// # Errors
/// The writer's own.
pub(crate) fn write_organisations(
    organisations: impl Iterator<Item = Organisation>,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(ORGANISATIONS_COLUMNS)?;
    for organisation in organisations {
        table.write_record([
            organisation.id.as_str(),
            &organisation.name,
            organisation.kind.name(),
            organisation.authority.as_deref().unwrap_or_default(),
            organisation.service_types,
            &organisation.telephone,
            &organisation.email,
            &organisation.outcodes,
            &organisation.accredited_until.to_string(),
            &organisation.agreement_until.to_string(),
            if organisation.states_others { "true" } else { "false" },
        ])?;
    }
    table.flush()
}

/// A child as a row of `children.csv`.
pub(crate) fn row(child: &Child, involvements: &[Involvement]) -> [String; 21] {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let line = |home: &Option<Home>| text(home.as_ref().map(|home| home.line.as_str()));
    let postcode = |home: &Option<Home>| text(home.as_ref().map(|home| home.postcode.as_str()));
    let carer = child.carers.first();
    let elsewhere = carer.and_then(|carer| carer.elsewhere.as_ref());
    [
        child.local_ref.clone(),
        child.forename.to_string(),
        text(child.middle_names.as_deref()),
        child.surname.to_string(),
        text(child.known_as.as_deref()),
        text(child.previous_surname.as_deref()),
        iso(child.date_of_birth),
        letter(child.gender).to_owned(),
        line(&child.home),
        text(child.home.as_ref().map(|home| home.town.as_str())),
        postcode(&child.home),
        line(&child.previous_home),
        postcode(&child.previous_home),
        text(child.nhs_number.as_deref()),
        text(child.upn.as_deref()),
        setting(involvements, "urn:"),
        setting(involvements, "ods:"),
        text(carer.map(|carer| carer.name.as_str())),
        text(carer.map(|carer| carer.relation)),
        text(carer.map(|carer| carer.telephone.as_str())),
        elsewhere.map(one_line).unwrap_or_default(),
    ]
}

/// The code of the present school or practice, without its prefix.
fn setting(involvements: &[Involvement], prefix: &str) -> String {
    let present = involvements
        .iter()
        .find(|entry| is_present_setting(entry) && entry.organisation().starts_with(prefix));
    let id = present.map(Involvement::organisation).unwrap_or_default();
    id.strip_prefix(prefix).unwrap_or_default().to_owned()
}

/// Whether this is where the child is taught or registered now.
pub(crate) fn is_present_setting(entry: &Involvement) -> bool {
    let setting = matches!(
        entry.service_type,
        ServiceType::School | ServiceType::FurtherEducation | ServiceType::PrimaryCare
    );
    setting && entry.ended_on.is_none()
}

/// A home on one line, as a contact holds it.
pub(crate) fn one_line(home: &Home) -> String {
    format!("{}, {} {}", home.line, home.town, home.postcode)
}

fn iso(day: NaiveDate) -> String {
    day.to_string()
}

fn letter(gender: Gender) -> &'static str {
    match gender {
        Gender::Female => "F",
        Gender::Male => "M",
        Gender::NotSpecified => "U",
    }
}
