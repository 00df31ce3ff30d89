//! Children of invented England: names, birth, home, carers, numbers.
//!
//! Fields: contract.md sections 1 (children.csv) and 3 (`child`).

use chrono::{Datelike, NaiveDate};
use vocabulary::{Gender, day::age_on};

use crate::{
    Population,
    households::{Seat, seat},
    involvements::reception_start,
    names::{ForenameList, Name, NamingId, short_form},
    numbers,
    places::{Home, Outcode},
    rng::{Draw, Purpose},
};

/// Of 100,000 births, how many are boys (Office for National Statistics: 105 to 100).
const BOYS_IN_100_000: u32 = 51_300;
/// Of 100 children, how many have a middle name.
const MIDDLE_NAMES_PERCENT: u32 = 75;
/// Of 100 younger siblings, how many bear another surname than their household's.
const OTHER_SURNAME_PERCENT: u32 = 10;
/// Of 100 children, how many are known by a short form where their name has one.
const KNOWN_AS_PERCENT: u32 = 40;
/// Of 100 children, how many had another surname before.
const PREVIOUS_SURNAME_PERCENT: u32 = 2;
/// Of 100 households, how many moved within memory of the feed.
const PREVIOUS_HOME_PERCENT: u32 = 20;
/// Of 1,000 children, how many have no address that anyone knows.
const NO_ADDRESS_PER_MILLE: u32 = 3;
/// Of 1,000 children, for how many no gender is stated.
const GENDER_NOT_SPECIFIED_PER_MILLE: u32 = 1;
/// Of 100 children, how many have an NHS number, and a pupil number once of school age, in the feed.
const NHS_NUMBER_PERCENT: u32 = 97;
const UPN_PERCENT: u32 = 96;
/// Of 100 households: those with a second carer told, and a first carer who lives elsewhere.
const SECOND_CARER_PERCENT: u32 = 40;
const CARER_ELSEWHERE_PERCENT: u32 = 8;

/// One invented child. Has no `Debug`: code that handles it may one day handle a real one.
pub struct Child {
    /// Which child of the population, from 0.
    pub index: u64,
    /// The household, from 0; siblings share it.
    pub household: u64,
    /// The national supplier's own reference, `E` and nine digits or more.
    pub local_ref: String,
    /// First name.
    pub forename: Name,
    /// Middle names, if any.
    pub middle_names: Option<Name>,
    /// Last name.
    pub surname: Name,
    /// The short form in daily use, if another.
    pub known_as: Option<Name>,
    /// A surname borne before, if another.
    pub previous_surname: Option<Name>,
    /// From one day to less than 18 years before the population's day.
    pub date_of_birth: NaiveDate,
    /// As stated.
    pub gender: Gender,
    /// Where the child lives; none where no address is known.
    pub home: Option<Home>,
    /// Where the household lived before, if told.
    pub previous_home: Option<Home>,
    /// Of the never issued range, with a right check digit.
    pub nhs_number: Option<String>,
    /// Of never issued authority codes, with a right check letter.
    pub upn: Option<String>,
    /// One or two.
    pub carers: Vec<Carer>,
    /// Whole years on the population's day.
    pub age: u32,
    /// The authority that the household's home lies in, from 0.
    pub(crate) authority: u32,
}

/// Somebody with responsibility for a child.
pub struct Carer {
    /// Forename and surname.
    pub name: String,
    /// `parental_responsibility` or `care`.
    pub relation: &'static str,
    /// Of the drama range.
    pub telephone: String,
    /// Where the carer lives, if not with the child.
    pub elsewhere: Option<Home>,
}

impl Child {
    /// The authority that the household's home lies in, from 0; told apart from others, and no more.
    pub fn authority(&self) -> u32 {
        self.authority
    }
}

impl Population {
    /// Makes one child, whatever was made before it. Cost: microseconds, no table grows.
    pub fn child(&self, index: u64) -> Child {
        let seed = self.seed;
        let at = seat(index);
        let mut home_draw = Draw::new(seed, Purpose::HouseholdHome, at.household);
        let outcode = self.places.outcode(&mut home_draw);
        let mut name_draw = Draw::new(seed, Purpose::HouseholdName, at.household);
        let naming = self.names.naming(&mut name_draw, outcode.is_some_and(|outcode| outcode.mixed));
        let family_name = self.names.surname(&mut name_draw, naming);
        let date_of_birth = self.births.date_of_birth(seed, at);
        let age = u32::try_from(age_on(date_of_birth, self.as_at)).unwrap_or(0);
        let mut gender_draw = Draw::new(seed, Purpose::Gender, index);
        let boy = gender_draw.chance(BOYS_IN_100_000);
        let stated = gender_draw.below_u32(1_000) >= GENDER_NOT_SPECIFIED_PER_MILLE;
        let list = if boy { ForenameList::Boys } else { ForenameList::Girls };
        let mut forename_draw = Draw::new(seed, Purpose::Forenames, index);
        let forename = self.names.forename(&mut forename_draw, naming, list);
        let middle = forename_draw.below_u32(100) < MIDDLE_NAMES_PERCENT;
        let middle_names = middle
            .then(|| self.names.forename(&mut forename_draw, naming, list))
            .filter(|middle| *middle != forename);
        let surname = self.own_surname(index, at, naming, &family_name);
        let (known_as, previous_surname) = self.aliases(index, naming, &forename, &surname);
        let home = outcode.map(|outcode| self.places.home(&mut home_draw, outcode));
        let homeless = home_draw_of(seed, index) < NO_ADDRESS_PER_MILLE;
        let authority = outcode.map_or(0, |outcode| outcode.authority);
        let (nhs_number, upn) = self.identifiers(index, date_of_birth, authority);
        Child {
            index,
            household: at.household,
            local_ref: local_ref(index),
            carers: self.carers(at.household, naming, &family_name, outcode),
            forename,
            middle_names,
            surname,
            known_as,
            previous_surname,
            date_of_birth,
            gender: match (stated, boy) {
                (false, _) => Gender::NotSpecified,
                (true, true) => Gender::Male,
                (true, false) => Gender::Female,
            },
            home: home.filter(|_| !homeless),
            previous_home: self.previous_home(at.household),
            nhs_number,
            upn,
            age,
            authority,
        }
    }

    fn own_surname(&self, index: u64, at: Seat, naming: NamingId, family_name: &Name) -> Name {
        let mut draw = Draw::new(self.seed, Purpose::OwnSurname, index);
        if at.place > 0 && draw.below_u32(100) < OTHER_SURNAME_PERCENT {
            return self.names.surname(&mut draw, naming);
        }
        family_name.clone()
    }

    fn aliases(
        &self,
        index: u64,
        naming: NamingId,
        forename: &str,
        surname: &Name,
    ) -> (Option<Name>, Option<Name>) {
        let mut draw = Draw::new(self.seed, Purpose::Aliases, index);
        let known = draw.below_u32(100) < KNOWN_AS_PERCENT;
        let renamed = draw.below_u32(100) < PREVIOUS_SURNAME_PERCENT;
        let short = short_form(forename).filter(|_| known).map(Name::Borrowed);
        let before = renamed.then(|| self.names.surname(&mut draw, naming));
        (short, before.filter(|before| before != surname))
    }

    fn previous_home(&self, household: u64) -> Option<Home> {
        let mut draw = Draw::new(self.seed, Purpose::PreviousHome, household);
        let moved = draw.below_u32(100) < PREVIOUS_HOME_PERCENT;
        let outcode = self.places.outcode(&mut draw).filter(|_| moved)?;
        Some(self.places.home(&mut draw, outcode))
    }

    fn identifiers(&self, index: u64, born: NaiveDate, authority: u32) -> (Option<String>, Option<String>) {
        let mut draw = Draw::new(self.seed, Purpose::Numbers, index);
        let has_nhs_number = draw.below_u32(100) < NHS_NUMBER_PERCENT;
        let has_upn = draw.below_u32(100) < UPN_PERCENT && reception_start(born) < self.as_at;
        let nhs_number = has_nhs_number.then(|| numbers::nhs_number(self.seed, index)).flatten();
        // Allotted on entry to school, at four.
        let upn = has_upn.then(|| numbers::upn(self.seed, index, authority, born.year() + 4)).flatten();
        (nhs_number, upn)
    }

    fn carers(
        &self,
        household: u64,
        naming: NamingId,
        family_name: &Name,
        outcode: Option<&Outcode>,
    ) -> Vec<Carer> {
        let mut draw = Draw::new(self.seed, Purpose::HouseholdCarer, household);
        let carers = if draw.below_u32(100) < SECOND_CARER_PERCENT { 2 } else { 1 };
        let mut made = Vec::with_capacity(carers);
        for carer in 0..carers {
            let father = draw.below_u32(100) < if carer == 0 { 20 } else { 85 };
            let list = if father { ForenameList::Boys } else { ForenameList::Girls };
            let forename = self.names.forename(&mut draw, naming, list);
            let same = draw.below_u32(100) < 70;
            let surname = if same { family_name.clone() } else { self.names.surname(&mut draw, naming) };
            let relation = if draw.below_u32(100) < 96 { "parental_responsibility" } else { "care" };
            let telephone = numbers::mobile(&mut draw);
            let elsewhere = draw.below_u32(100) < CARER_ELSEWHERE_PERCENT;
            let home = outcode.filter(|_| elsewhere).map(|outcode| self.places.home(&mut draw, outcode));
            made.push(Carer { name: format!("{forename} {surname}"), relation, telephone, elsewhere: home });
        }
        made
    }
}

/// The national supplier's reference of a child.
pub(crate) fn local_ref(index: u64) -> String {
    format!("E{:09}", index + 1)
}

/// A number below 1,000 that says whether the child's address is known.
fn home_draw_of(seed: u64, index: u64) -> u32 {
    Draw::new(seed, Purpose::KnownAddress, index).below_u32(1_000)
}
