//! Rows of `children.csv`: what each says of one child, or why it cannot be taken.
//!
//! Blank is absent, never `null`: a column that a file lost must not take back what was told before.
//! Source: contract.md section 1; invariants I-26, I-29.

use chrono::NaiveDate;
use csv::ByteRecord;
use events::{
    child::details::{Refusal, well_formed},
    supplied::{Relation, SuppliedAddress, SuppliedCarer, SuppliedChild, SuppliedRef},
};
use vocabulary::{Address, Contact, ContactKind, ContactUse, Gender, OrganisationId, PersonName, Postcode};

use super::{
    columns::{Columns, Fields},
    reading::{Reading, day},
    rejects::Reject,
};

/// The columns of `children.csv`.
pub(crate) const FIELDS: Fields = Fields {
    all: &population::CHILDREN_COLUMNS,
    needed: &["local_ref", "forename", "surname", "dob", "gender"],
};

/// The reference under which a file tells of its one carer.
const CARER_REF: &str = "csv-1";

/// What one row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChildRow {
    /// The supplier's reference.
    pub(crate) local_ref: SuppliedRef,
    /// The child as described, reference included.
    pub(crate) child: SuppliedChild,
    /// The school attended.
    pub(crate) school: Option<OrganisationId>,
    /// The practice registered with.
    pub(crate) practice: Option<OrganisationId>,
}

/// Reads one row; everything that is wrong with it otherwise. `today` is the civil day in England.
pub(crate) fn row(
    columns: &Columns,
    record: &ByteRecord,
    line: u64,
    today: NaiveDate,
) -> Result<ChildRow, Vec<Reject>> {
    let mut reading = Reading::of(columns, record, line);
    let local_ref = reading.read("local_ref", "local_ref_invalid", reference);
    let forename = reading.read("forename", "name_invalid", name);
    let middle_names = reading.read("middle_names", "name_invalid", name);
    let surname = reading.read("surname", "name_invalid", name);
    let known_as = reading.read("known_as", "name_invalid", name);
    let previous_surname = reading.read("previous_surname", "name_invalid", name);
    let born = reading.read("dob", "date_unreadable", day);
    let gender = reading.read("gender", "gender_invalid", |text| Gender::from_letter(text).ok());
    let home = address(&mut reading, "address", Some("town"), "postcode");
    let previous_home = address(&mut reading, "previous_address", None, "previous_postcode");
    let nhs_number = reading.read("nhs_number", "nhs_number_invalid", |text| text.parse().ok());
    let upn = reading.read("upn", "upn_invalid", |text| text.parse().ok());
    let school = reading.read("school_urn", "school_urn_invalid", |text| code("urn:", text));
    let practice = reading.read("gp_ods", "gp_ods_invalid", |text| code("ods:", text));
    let carer = carer(&mut reading);
    reading.need("local_ref", local_ref.is_none());
    reading.need("forename", forename.is_none());
    reading.need("surname", surname.is_none());
    reading.need("dob", born.is_none());
    reading.need("gender", gender.is_none());
    let child = SuppliedChild {
        local_ref: local_ref.clone(),
        child_number: None,
        forename,
        middle_names: middle_names.into(),
        surname,
        known_as: known_as.into(),
        previous_surname: previous_surname.into(),
        date_of_birth: born,
        gender,
        address: home.map(SuppliedAddress::Known).into(),
        previous_address: previous_home.into(),
        nhs_number: nhs_number.into(),
        upn: upn.into(),
        carers: carer.map(|carer| vec![carer]).into(),
    };
    // The rules on age are the directory's own; the file only says in which column they were broken.
    match well_formed(&child, today) {
        Err(refusal @ (Refusal::BornInFuture | Refusal::BornTooEarly | Refusal::Adult)) => {
            reading.reject("dob", refusal.code());
        }
        Err(refusal @ (Refusal::Malformed(_) | Refusal::TooMany)) => reading.reject("", refusal.code()),
        Err(Refusal::NotRegistered | Refusal::Incomplete(_)) | Ok(()) => (),
    }
    let rejects = reading.rejects();
    match local_ref {
        Some(local_ref) if rejects.is_empty() => Ok(ChildRow { local_ref, child, school, practice }),
        Some(_) | None => Err(rejects),
    }
}

fn reference(text: &str) -> Option<SuppliedRef> {
    SuppliedRef::try_from(text.to_owned()).ok()
}

fn name(text: &str) -> Option<PersonName> {
    PersonName::new(text).ok()
}

/// The id of an organisation by its issuer's code, with or without the issuer's prefix.
fn code(prefix: &str, text: &str) -> Option<OrganisationId> {
    format!("{prefix}{}", text.strip_prefix(prefix).unwrap_or(text)).parse().ok()
}

fn address(
    reading: &mut Reading<'_>,
    line: &'static str,
    town: Option<&'static str>,
    postcode: &'static str,
) -> Option<Address> {
    let mut lines: Vec<String> = reading.read(line, "address_invalid", one_line).into_iter().collect();
    let town = town.and_then(|town| reading.read(town, "address_invalid", one_line));
    // One that is no UK postcode is kept as it stands, at the end of the lines: a typing error must not cost a
    // child its row, and nothing that was sent is lost.
    let written = reading.read(postcode, "address_invalid", one_line);
    let found = written.as_deref().and_then(|text| text.parse::<Postcode>().ok());
    lines.extend(written.filter(|_| found.is_none()));
    Address { lines, town, postcode: found }.checked().ok()
}

/// A text that fits into an address by itself.
fn one_line(text: &str) -> Option<String> {
    let alone = Address { lines: vec![text.to_owned()], town: None, postcode: None };
    alone.checked().ok().map(|_| text.to_owned())
}

fn carer(reading: &mut Reading<'_>) -> Option<SuppliedCarer> {
    let called = reading.read("carer_name", "name_invalid", name);
    let relation = reading.read("carer_relation", "carer_relation_unknown", relation);
    let telephone = reading.read("carer_telephone", "telephone_invalid", contact(ContactKind::Telephone));
    let home = reading.read("carer_address", "address_invalid", contact(ContactKind::Address));
    // A relation alone says nothing: a table may give it to every row.
    if called.is_none() && telephone.is_none() && home.is_none() {
        return None;
    }
    // A carer is a name in a relation: contacts of nobody, or somebody in no relation, cannot be shown.
    reading.need("carer_name", called.is_none());
    reading.need("carer_relation", relation.is_none());
    Some(SuppliedCarer {
        carer_ref: reference(CARER_REF)?,
        name: called?,
        relation: relation?,
        contacts: telephone.into_iter().chain(home).collect(),
    })
}

fn relation(text: &str) -> Option<Relation> {
    match text {
        "parental_responsibility" => Some(Relation::ParentalResponsibility),
        "care" => Some(Relation::Care),
        _ => None,
    }
}

fn contact(kind: ContactKind) -> impl FnOnce(&str) -> Option<Contact> {
    move |text| {
        Contact { kind, used: Some(ContactUse::Home), value: text.to_owned(), hours: None }.checked().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::columns::Side;

    const TODAY: Option<NaiveDate> = NaiveDate::from_ymd_opt(2026, 11, 20);

    fn judged(changes: &[(&str, &str)]) -> Result<ChildRow, Vec<(String, String)>> {
        let whole = [
            ("local_ref", "E1"),
            ("forename", "Ava"),
            ("surname", "Lowe"),
            ("dob", "2015-04-02"),
            ("gender", "F"),
            ("postcode", "N17 6AA"),
        ];
        let names = population::CHILDREN_COLUMNS;
        let value = |name: &&str| {
            let told = changes.iter().rev().chain(&whole).find(|(field, _)| field == name);
            told.map_or("", |(_, value)| *value)
        };
        let columns = Columns::lay(FIELDS, &ByteRecord::from(names.to_vec()), Side::Left, None).unwrap();
        let record = ByteRecord::from(names.iter().map(value).collect::<Vec<_>>());
        row(&columns, &record, 2, TODAY.unwrap())
            .map_err(|rejects| rejects.into_iter().map(|reject| (reject.field, reject.code)).collect())
    }

    #[test]
    fn every_fault_of_a_row_has_its_field_and_code() {
        let cases = [
            ("local_ref", "", "value_missing"),
            ("forename", "", "value_missing"),
            ("surname", "  ", "value_missing"),
            ("surname", "R2D2", "name_invalid"),
            ("known_as", "<b>", "name_invalid"),
            ("dob", "", "value_missing"),
            ("dob", "2015-02-30", "date_unreadable"),
            ("dob", "2026-11-21", "date_of_birth_in_future"),
            ("dob", "2001-11-20", "adult"),
            ("gender", "", "value_missing"),
            ("gender", "X", "gender_invalid"),
            ("nhs_number", "9434765918", "nhs_number_invalid"),
            ("upn", "A228235821866", "upn_invalid"),
            ("school_urn", "Mill Lane", "school_urn_invalid"),
            ("carer_relation", "aunt", "carer_relation_unknown"),
        ];
        for (field, value, code) in cases {
            let expected = (field.to_owned(), code.to_owned());
            assert!(judged(&[(field, value)]).unwrap_err().contains(&expected), "{field} {value}");
        }
    }

    #[test]
    fn a_postcode_that_is_none_is_kept_as_it_stands() {
        let row = judged(&[("address", "12 Mill Lane"), ("postcode", "N17 6A")]).unwrap();
        let events::told::Told::Value(SuppliedAddress::Known(address)) = row.child.address else {
            panic!("an address is told")
        };
        assert_eq!(
            (address.lines, address.postcode),
            (vec!["12 Mill Lane".to_owned(), "N17 6A".to_owned()], None)
        );
    }

    #[test]
    fn whoever_is_under_twenty_five_is_the_directorys_to_judge() {
        assert!(judged(&[("dob", "2001-11-21")]).is_ok());
        assert!(judged(&[("dob", "2026-11-20")]).is_ok());
    }

    #[test]
    fn a_carer_is_a_name_in_a_relation() {
        let missing = |field: &str| (field.to_owned(), "value_missing".to_owned());
        assert!(judged(&[("carer_name", "Mary Lowe")]).unwrap_err().contains(&missing("carer_relation")));
        let nameless = [("carer_telephone", "01632 960001"), ("carer_relation", "care")];
        assert!(judged(&nameless).unwrap_err().contains(&missing("carer_name")));
        let row = judged(&[("carer_relation", "care")]).unwrap();
        assert!(row.child.carers.is_unsaid());
    }

    #[test]
    fn blank_is_absent_and_takes_nothing_back() {
        let row = judged(&[]).unwrap();
        assert!(row.child.known_as.is_unsaid() && row.child.carers.is_unsaid());
        assert!(row.child.nhs_number.is_unsaid() && row.child.previous_address.is_unsaid());
        assert_eq!((row.school, row.practice), (None, None));
    }

    #[test]
    fn every_invented_child_under_eighteen_is_taken() {
        let england = population::Population::sized(7, TODAY.unwrap(), 500);
        let mut file = Vec::new();
        england.write_children(0..500, &mut file).unwrap();
        let mut reader = csv::Reader::from_reader(file.as_slice());
        let columns = Columns::lay(FIELDS, reader.byte_headers().unwrap(), Side::Left, None).unwrap();
        let mut schools = 0;
        for record in reader.byte_records() {
            let row = row(&columns, &record.unwrap(), 1, TODAY.unwrap()).unwrap();
            schools += usize::from(row.school.is_some());
        }
        assert!(schools > 100);
    }
}
