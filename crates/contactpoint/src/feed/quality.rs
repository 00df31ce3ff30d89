//! The quality of a data feed: how many rows lack what matching lives on, or hold what is hardly meant.
//!
//! Counts by field and code, never a value and never a line: what is wrong with one row stands among the rejects.
//! Nothing here keeps a row out. Source: contract.md section 1 (`import children`: the data-quality check).

use std::{collections::BTreeMap, fmt};

use chrono::Datelike;
use events::{supplied::SuppliedAddress, told::Told};
use linkage::person::is_placeholder;
use serde::Serialize;
use vocabulary::{Gender, NhsNumber};

use super::{children::ChildRow, rejects::Reject};

/// How often each code was given, by field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Quality(BTreeMap<String, BTreeMap<String, u64>>);

impl Quality {
    /// What was wrong, counted. A row with several faults counts with each.
    pub(crate) fn of(rejects: &[Reject]) -> Quality {
        let mut quality = Quality::default();
        for reject in rejects {
            let field = if reject.field.is_empty() { "row" } else { &reject.field };
            quality.count(field, &reject.code);
        }
        quality
    }

    /// Whether nothing was counted.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Counts what one row lacks or holds.
    pub(crate) fn row(&mut self, row: &ChildRow) {
        let child = &row.child;
        if let Some(forename) = &child.forename {
            self.when(is_placeholder(forename.as_str()), "forename", "placeholder");
            self.when(forename.as_str().chars().count() == 1, "forename", "initial");
        }
        let surname = child.surname.as_ref().is_some_and(|surname| is_placeholder(surname.as_str()));
        self.when(surname, "surname", "placeholder");
        // What a system writes that knows the year alone.
        let new_year = child.date_of_birth.is_some_and(|born| (born.month(), born.day()) == (1, 1));
        self.when(new_year, "dob", "first_of_january");
        self.when(child.gender == Some(Gender::NotSpecified), "gender", "not_specified");
        let home = match child.address.value() {
            Some(SuppliedAddress::Known(home)) => Some(home),
            Some(SuppliedAddress::Words(_)) | None => None,
        };
        self.when(home.is_none_or(|home| home.lines.is_empty()), "address", "missing");
        self.when(home.and_then(|home| home.postcode.as_ref()).is_none(), "postcode", "missing");
        self.numbers(&child.nhs_number, child.upn.is_unsaid());
        self.when(row.school.is_none(), "school_urn", "missing");
        self.when(row.practice.is_none(), "gp_ods", "missing");
        self.when(child.carers.is_unsaid(), "carer_name", "missing");
    }

    fn numbers(&mut self, nhs_number: &Told<NhsNumber>, no_upn: bool) {
        self.when(nhs_number.is_unsaid(), "nhs_number", "missing");
        self.when(no_upn, "upn", "missing");
        // One digit ten times passes the check and is hardly anybody's.
        let repeated = nhs_number.value().is_some_and(|number| {
            let digits = number.as_str().as_bytes();
            digits.windows(2).all(|pair| pair.first() == pair.last())
        });
        self.when(repeated, "nhs_number", "one_digit_repeated");
    }

    fn when(&mut self, so: bool, field: &str, code: &str) {
        if so {
            self.count(field, code);
        }
    }

    fn count(&mut self, field: &str, code: &str) {
        let codes = self.0.entry(field.to_owned()).or_default();
        *codes.entry(code.to_owned()).or_default() += 1;
    }
}

impl fmt::Display for Quality {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (field, codes) in &self.0 {
            for (code, rows) in codes {
                write!(out, "\n  {field} {code}: {rows}")?;
            }
        }
        Ok(())
    }
}
