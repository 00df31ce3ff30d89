//! Rows of `organisations.csv`.
//!
//! Source: contract.md section 1.

use csv::ByteRecord;
use events::organisation::{Agreement, Details, Row};
use vocabulary::{Contact, ContactKind, ContactUse, Label, OrganisationKind, ServiceType};

use super::{
    columns::{Columns, Fields},
    reading::{Reading, day},
    rejects::Reject,
};

/// The columns of `organisations.csv`.
pub(crate) const FIELDS: Fields =
    Fields { all: &population::ORGANISATIONS_COLUMNS, needed: &["id", "name", "kind"] };

/// Reads one row; everything that is wrong with it otherwise.
pub(crate) fn row(columns: &Columns, record: &ByteRecord, line: u64) -> Result<Row, Vec<Reject>> {
    let mut reading = Reading::of(columns, record, line);
    let id = reading.read("id", "id_invalid", |text| text.parse().ok());
    let name = reading.read("name", "name_invalid", |text| Label::new(text).ok());
    let kind = reading.read("kind", "kind_unknown", kind);
    let authority = reading.read("authority", "id_invalid", |text| text.parse().ok());
    let service_types = reading.read("service_types", "service_type_unknown", service_types);
    let telephone = reading.read("telephone", "telephone_invalid", contact(ContactKind::Telephone));
    let email = reading.read("email", "email_invalid", contact(ContactKind::Email));
    let outcodes = reading.read("outcodes", "outcode_invalid", outcodes);
    let accredited_until = reading.read("accredited_until", "date_unreadable", day);
    let agreement_until = reading.read("agreement_until", "date_unreadable", day);
    let states_others = reading.read("states_others", "states_others_invalid", yes_or_no);
    reading.need("id", id.is_none());
    reading.need("name", name.is_none());
    reading.need("kind", kind.is_none());
    let rejects = reading.rejects();
    match (id, name, kind) {
        (Some(id), Some(name), Some(kind)) if rejects.is_empty() => Ok(Row {
            id,
            details: Details {
                name,
                kind,
                authority,
                service_types: service_types.unwrap_or_default(),
                contacts: telephone.into_iter().chain(email).collect(),
                outcodes: outcodes.unwrap_or_default(),
            },
            accredited_until,
            agreement: agreement_until.map(|until| Agreement {
                until,
                states_others: states_others.unwrap_or(false),
                version: None,
            }),
        }),
        _ => Err(rejects),
    }
}

fn kind(text: &str) -> Option<OrganisationKind> {
    OrganisationKind::ALL.into_iter().find(|kind| kind.name() == text)
}

fn service_types(text: &str) -> Option<Vec<ServiceType>> {
    text.split_whitespace().map(|word| word.parse().ok()).collect()
}

fn outcodes(text: &str) -> Option<Vec<String>> {
    text.split_whitespace()
        .map(|word| Some(word.to_ascii_uppercase()).filter(|word| vocabulary::place::is_outcode(word)))
        .collect()
}

fn contact(kind: ContactKind) -> impl FnOnce(&str) -> Option<Contact> {
    move |text| {
        Contact { kind, used: Some(ContactUse::Work), value: text.to_owned(), hours: None }.checked().ok()
    }
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::feed::columns::Side;

    fn header() -> Columns {
        let names = ByteRecord::from(population::ORGANISATIONS_COLUMNS.to_vec());
        Columns::lay(FIELDS, &names, Side::Left, None).unwrap()
    }

    #[test]
    fn every_invented_organisation_is_read() {
        let as_at = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        let england = population::Population::sized(7, as_at, 2_000);
        let mut file = Vec::new();
        england.write_organisations(&mut file).unwrap();
        let mut reader = csv::Reader::from_reader(file.as_slice());
        let columns = Columns::lay(FIELDS, reader.byte_headers().unwrap(), Side::Left, None).unwrap();
        let rows: Vec<Row> =
            reader.byte_records().map(|record| row(&columns, &record.unwrap(), 1).unwrap()).collect();
        assert_eq!(rows.len(), england.organisations().count());
        let supplier = rows.iter().find(|row| row.id.as_str() == population::NATIONAL_SUPPLIER).unwrap();
        assert!(supplier.agreement.unwrap().states_others);
        assert!(rows.iter().all(|row| row.details.contacts.len() == 2));
    }

    #[test]
    fn everything_wrong_with_a_row_is_said_at_once() {
        let record = ByteRecord::from(vec![
            "school 1", "", "castle", "", "knitting", "none", "", "", "soon", "", "perhaps",
        ]);
        let rejects = row(&header(), &record, 9).unwrap_err();
        let said: Vec<(&str, &str)> =
            rejects.iter().map(|reject| (reject.field.as_str(), reject.code.as_str())).collect();
        assert_eq!(
            said,
            [
                ("id", "id_invalid"),
                ("kind", "kind_unknown"),
                ("service_types", "service_type_unknown"),
                ("telephone", "telephone_invalid"),
                ("accredited_until", "date_unreadable"),
                ("states_others", "states_others_invalid"),
                ("name", "value_missing"),
            ]
        );
    }
}
