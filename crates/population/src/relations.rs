//! Writes the same England as rows of a relational database, for the yardstick beside: what a supplier would
//! otherwise load, row by row, without headers.
//!
//! Numbers stand for organisations and practitioners, as a careful design would have them. Columns:
//! `benches/postgres/schema.sql`, in its order. Source: scale.md section 3.

use std::{
    collections::{BTreeSet, HashMap},
    io::{self, Write},
};

use vocabulary::{Gender, OrganisationKind, ServiceType};

use crate::{
    Child, Consent, Involvement, Population,
    organisations::{Organisation, PRACTITIONERS_AN_ORGANISATION},
    places::Home,
};

/// One file of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Every organisation.
    Organisations,
    /// Ten people of each organisation.
    Practitioners,
    /// Every child.
    Children,
    /// Who works or worked with each child, one row for each service of an organisation.
    Involvements,
    /// Questions, as [`Population::asked`], with what was meant.
    Queries,
    /// What is told in a year, as [`Population::change`].
    Changes,
}

impl Relation {
    /// Every relation, in the order in which they are loaded.
    pub const ALL: [Relation; 6] = [
        Relation::Organisations,
        Relation::Practitioners,
        Relation::Children,
        Relation::Involvements,
        Relation::Queries,
        Relation::Changes,
    ];

    /// The file that it is written to.
    pub fn file(self) -> &'static str {
        match self {
            Relation::Organisations => "organisations.rows.csv",
            Relation::Practitioners => "practitioners.rows.csv",
            Relation::Children => "children.rows.csv",
            Relation::Involvements => "involvements.rows.csv",
            Relation::Queries => "queries.rows.csv",
            Relation::Changes => "changes.rows.csv",
        }
    }
}

type Table<W> = csv::Writer<W>;

impl Population {
    /// Writes the rows of `children` children, or `asked` questions or changes about them.
    ///
    /// Memory does not grow with the number.
    ///
    /// # Errors
    /// The writer's own.
    pub fn write_relation(
        &self,
        relation: Relation,
        children: u64,
        asked: u64,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let mut table = Table::from_writer(out);
        match relation {
            Relation::Organisations => {
                for (number, organisation) in (1..).zip(self.organisations()) {
                    table.write_record(organisation_row(number, &organisation))?;
                }
            }
            Relation::Practitioners => {
                for number in 1..=self.organisations().count() {
                    for person in 0..PRACTITIONERS_AN_ORGANISATION {
                        let id = number * people() + usize::try_from(person).unwrap_or(0);
                        table.write_record([
                            id.to_string(),
                            number.to_string(),
                            format!("Invented Person {id}"),
                            format!("01632 96{:04}", id % 10_000),
                            format!("p{id}@example.org"),
                        ])?;
                    }
                }
            }
            Relation::Children => {
                for child in (0..children).map(|index| self.child(index)) {
                    table.write_record(child_row(&child))?;
                }
            }
            Relation::Involvements => {
                let numbers = self.numbers();
                let mut seen = BTreeSet::new();
                for index in 0..children {
                    seen.clear();
                    let mut entries = self.involvements(index);
                    // One row a service and organisation: of two, the one that stands.
                    entries.sort_by_key(|entry| entry.ended_on.is_some());
                    for entry in &entries {
                        if seen.insert((entry.service_type, entry.holder)) {
                            table.write_record(involvement_row(index, entry, &numbers))?;
                        }
                    }
                }
            }
            Relation::Queries => {
                for number in 0..asked {
                    table.write_record(self.query_row(number, children))?;
                }
            }
            Relation::Changes => {
                let numbers = self.numbers();
                for change in (0..asked).map(|number| self.change(number, children)) {
                    let organisation = number_of(&numbers, &change.organisation());
                    let practitioner =
                        organisation * people() + usize::try_from(change.practitioner).unwrap_or(0);
                    table.write_record([
                        (change.child + 1).to_string(),
                        organisation.to_string(),
                        practitioner.to_string(),
                        kind(change.service_type).to_string(),
                        change.started_on.to_string(),
                    ])?;
                }
            }
        }
        table.flush()
    }

    /// The number of each organisation, from 1.
    fn numbers(&self) -> HashMap<String, usize> {
        self.organisations().map(|organisation| organisation.id).zip(1..).collect()
    }

    fn query_row(&self, number: u64, children: u64) -> [String; 9] {
        let asked = self.asked(number, children);
        let child = self.child(asked.child);
        [
            (asked.child + 1).to_string(),
            asked.surname,
            asked.forename,
            child.surname.to_string(),
            child.forename.to_string(),
            asked.birth.0.to_string(),
            asked.birth.1.to_string(),
            asked.postcode_area.unwrap_or_default(),
            flag(asked.first_letter_wrong),
        ]
    }
}

/// Numbers set aside for the people of one organisation.
fn people() -> usize {
    usize::try_from(PRACTITIONERS_AN_ORGANISATION).unwrap_or(usize::MAX)
}

fn number_of(numbers: &HashMap<String, usize>, id: &str) -> usize {
    numbers.get(id).copied().unwrap_or(0)
}

fn kind(service_type: ServiceType) -> usize {
    ServiceType::ALL.iter().position(|one| *one == service_type).unwrap_or(0)
}

fn organisation_row(number: usize, organisation: &Organisation) -> [String; 5] {
    let place = OrganisationKind::ALL.iter().position(|kind| *kind == organisation.kind).unwrap_or(0);
    // The code of an authority ends in its number.
    let authority = organisation.authority.as_deref().and_then(|id| id.get(8..)).unwrap_or("0");
    let authority = authority.parse::<u32>().unwrap_or(0);
    [
        number.to_string(),
        place.to_string(),
        authority.to_string(),
        organisation.name.clone(),
        organisation.telephone.clone(),
    ]
}

fn child_row(child: &Child) -> [String; 14] {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let home = child.home.as_ref();
    let area: String = home
        .map(|home| home.postcode.chars().take_while(char::is_ascii_alphabetic).collect())
        .unwrap_or_default();
    let carer = child.carers.first();
    [
        (child.index + 1).to_string(),
        child.household.to_string(),
        child.date_of_birth.to_string(),
        child.authority.to_string(),
        match child.gender {
            Gender::Female => "F",
            Gender::Male => "M",
            Gender::NotSpecified => "U",
        }
        .to_owned(),
        child.surname.to_string(),
        child.forename.to_string(),
        text(child.middle_names.as_deref()),
        area,
        text(home.map(|home| home.postcode.as_str())),
        home.map(|home: &Home| format!("{}, {}", home.line, home.town)).unwrap_or_default(),
        text(carer.map(|carer| carer.name.as_str())),
        text(carer.map(|carer| carer.telephone.as_str())),
        text(child.nhs_number.as_deref()),
    ]
}

fn involvement_row(index: u64, entry: &Involvement, numbers: &HashMap<String, usize>) -> [String; 8] {
    let organisation = number_of(numbers, &entry.organisation());
    let practitioner = usize::try_from(entry.practitioner.unwrap_or(0)).unwrap_or(0);
    [
        (index + 1).to_string(),
        organisation.to_string(),
        (organisation * people() + practitioner).to_string(),
        kind(entry.service_type).to_string(),
        flag(entry.lead_professional),
        match entry.consent {
            None => "0",
            Some(Consent::Given) => "1",
            Some(Consent::Refused) => "2",
            Some(Consent::NotAsked) => "3",
        }
        .to_owned(),
        entry.started_on.to_string(),
        entry.ended_on.map(|day| day.to_string()).unwrap_or_default(),
    ]
}

fn flag(is_so: bool) -> String {
    if is_so { "t" } else { "f" }.to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use chrono::NaiveDate;

    use super::*;

    const CHILDREN: u64 = 500;

    fn rows(relation: Relation) -> Vec<Vec<String>> {
        let england = Population::sized(7, NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(), CHILDREN);
        let mut bytes = Vec::new();
        england.write_relation(relation, CHILDREN, 300, &mut bytes).unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn every_number_that_a_row_names_is_the_number_of_a_row() {
        let column = |relation, place: usize| -> HashSet<String> {
            rows(relation).into_iter().map(|row| row[place].clone()).collect()
        };
        let organisations = column(Relation::Organisations, 0);
        let practitioners = column(Relation::Practitioners, 0);
        let children = column(Relation::Children, 0);
        for relation in [Relation::Involvements, Relation::Changes] {
            assert!(column(relation, 0).is_subset(&children));
            assert!(column(relation, 1).is_subset(&organisations));
            assert!(column(relation, 2).is_subset(&practitioners));
        }
        assert!(column(Relation::Queries, 0).is_subset(&children));
    }

    #[test]
    fn a_child_has_one_row_a_service_of_an_organisation() {
        let involvements = rows(Relation::Involvements);
        let keys: HashSet<_> = involvements.iter().map(|row| (&row[0], &row[1], &row[3])).collect();
        assert_eq!(keys.len(), involvements.len());
        assert!(involvements.len() > 3 * 500);
    }

    #[test]
    fn a_question_is_written_as_it_is_asked() {
        let england = Population::sized(7, NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(), CHILDREN);
        for (number, row) in (0..).zip(rows(Relation::Queries)) {
            let asked = england.asked(number, CHILDREN);
            assert_eq!(row[1], asked.surname);
            assert_eq!(row[8] == "t", asked.first_letter_wrong);
        }
    }
}
