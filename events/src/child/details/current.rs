//! Which source's word stands: for each field the most trusted, disputed sources left out (`trust.rs`).

use chrono::NaiveDate;
use vocabulary::{Address, AddressState, Gender, KeyedRef, NhsNumber, PersonName, Position, Upn};

use super::{Field, Statement};
use crate::{
    child::Child,
    supplied::{SuppliedAddress, SuppliedCarer, SuppliedChild},
};

impl Child {
    /// Statements whose link is not disputed, with the reference they were made under.
    pub fn standing_statements(&self) -> impl Iterator<Item = (&KeyedRef, &Statement)> {
        self.statements.iter().filter(|(source, _)| !self.is_disputed(source))
    }

    /// The standing value of one field, with the position since which it stands.
    fn standing<'a, T>(
        &'a self,
        field: Field,
        value: impl Fn(&'a SuppliedChild) -> Option<T>,
    ) -> Option<(Position, T)> {
        self.standing_statements()
            .filter_map(|(_, statement)| {
                let since = statement.since.get(&field).copied()?;
                let value = value(&statement.told)?;
                Some((self.weight(field, statement, since), since, value))
            })
            .max_by_key(|(weight, _, _)| *weight)
            .map(|(_, since, value)| (since, value))
    }

    /// The current forename.
    pub fn forename(&self) -> Option<&PersonName> {
        self.standing(Field::Forename, |told| told.forename.as_ref()).map(|(_, value)| value)
    }

    /// The current middle names.
    pub fn middle_names(&self) -> Option<&PersonName> {
        self.standing(Field::MiddleNames, |told| told.middle_names.value()).map(|(_, value)| value)
    }

    /// The current surname.
    pub fn surname(&self) -> Option<&PersonName> {
        self.standing(Field::Surname, |told| told.surname.as_ref()).map(|(_, value)| value)
    }

    /// The forename that the child is known by.
    pub fn known_as(&self) -> Option<&PersonName> {
        self.standing(Field::KnownAs, |told| told.known_as.value()).map(|(_, value)| value)
    }

    /// The date of birth.
    pub fn date_of_birth(&self) -> Option<NaiveDate> {
        self.standing(Field::DateOfBirth, |told| told.date_of_birth).map(|(_, value)| value)
    }

    /// The gender.
    pub fn gender(&self) -> Option<Gender> {
        let told = |told: &SuppliedChild| told.gender.filter(|gender| *gender != Gender::NotSpecified);
        let specified = self.standing(Field::Gender, told);
        specified.or_else(|| self.standing(Field::Gender, |any| any.gender)).map(|(_, value)| value)
    }

    /// The current address, or the statement that there is none known; neither while a departure stands (I-2).
    pub fn address(&self) -> Option<AddressState> {
        if self.life.left_england.is_some() {
            return None;
        }
        self.standing(Field::Address, |told| told.address.value()).map(|(_, value)| value.clone().into())
    }

    /// Since which position an address in England has been known, if one is.
    pub(in crate::child) fn addressed_since(&self) -> Option<Position> {
        self.standing(Field::Address, |told| match told.address.value() {
            Some(SuppliedAddress::Known(address)) => Some(address),
            Some(SuppliedAddress::Words(_)) | None => None,
        })
        .map(|(since, _)| since)
    }

    /// Previous addresses, for matching only; never shown. One left behind in England is among them.
    pub fn previous_addresses(&self) -> impl Iterator<Item = &Address> {
        let left = self.life.left_england.is_some();
        self.standing_statements().flat_map(move |(_, statement)| {
            let behind = match statement.told.address.value() {
                Some(SuppliedAddress::Known(address)) if left => Some(address),
                Some(SuppliedAddress::Known(_) | SuppliedAddress::Words(_)) | None => None,
            };
            statement.told.previous_address.value().into_iter().chain(behind)
        })
    }

    /// Whose word on the carers stands, and since which position.
    pub fn carers_stand(&self) -> Option<(KeyedRef, Position)> {
        self.stood(Field::Carers, |told| told.carers.value().is_some_and(|carers| !carers.is_empty()))
    }

    /// Whose word on the address stands, and since which position.
    pub fn address_stands(&self) -> Option<(KeyedRef, Position)> {
        self.stood(Field::Address, |told| told.address.value().is_some())
    }

    fn stood(&self, field: Field, says: impl Fn(&SuppliedChild) -> bool) -> Option<(KeyedRef, Position)> {
        self.standing_statements()
            .filter(|(_, statement)| says(&statement.told))
            .filter_map(|(source, statement)| {
                let since = statement.since.get(&field).copied()?;
                Some((self.weight(field, statement, since), *source, since))
            })
            .max_by_key(|(weight, _, _)| *weight)
            .map(|(_, source, since)| (source, since))
    }

    /// The carers of the statement that stands among those that name any.
    pub fn carers(&self) -> &[SuppliedCarer] {
        self.standing(Field::Carers, |told| told.carers.value().filter(|carers| !carers.is_empty()))
            .map_or(&[], |(_, carers)| carers.as_slice())
    }

    /// The NHS number.
    pub fn nhs_number(&self) -> Option<&NhsNumber> {
        self.standing(Field::NhsNumber, |told| told.nhs_number.value()).map(|(_, value)| value)
    }

    /// The unique pupil number.
    pub fn upn(&self) -> Option<&Upn> {
        self.standing(Field::Upn, |told| told.upn.value()).map(|(_, value)| value)
    }

    /// The names that some source states now, the current one among them: forename and surname.
    pub fn stated_names(&self) -> std::collections::BTreeSet<(PersonName, PersonName)> {
        let told = self.standing_statements().map(|(_, statement)| &statement.told);
        told.filter_map(|told| told.forename.clone().zip(told.surname.clone())).collect()
    }

    /// Names that are not current: stated earlier, stated as previous, or stated now by another source.
    ///
    /// Ordered and without repeats; each is a forename and a surname.
    pub fn former_names(&self) -> Vec<(PersonName, PersonName)> {
        let (Some(forename), Some(surname)) = (self.forename(), self.surname()) else { return Vec::new() };
        let mut names = std::collections::BTreeSet::new();
        for former in self.former_names.iter().filter(|former| !self.is_disputed(&former.source)) {
            names.insert((
                former.forename.clone().unwrap_or_else(|| forename.clone()),
                former.surname.clone().unwrap_or_else(|| surname.clone()),
            ));
        }
        for (_, statement) in self.standing_statements() {
            let told = &statement.told;
            let stated = told.forename.as_ref().unwrap_or(forename);
            if let Some(previous) = told.previous_surname.value() {
                names.insert((stated.clone(), previous.clone()));
            }
            if let Some(other) = &told.surname {
                names.insert((stated.clone(), other.clone()));
            }
        }
        names.remove(&(forename.clone(), surname.clone()));
        names.into_iter().collect()
    }
}
