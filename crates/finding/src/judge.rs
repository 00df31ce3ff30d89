//! Whether one child can be the one asked for, and how well it fits: on visible fields alone.
//!
//! Source: rules.md 2.4 and 4.1; matching.md 3.3. The same judgement serves every way a child came up as a
//! candidate, so no answer depends on which table was read.

use chrono::NaiveDate;
use vocabulary::{ChildNumber, Gender};

use crate::{
    born::{Born, BornKind, filed_birth},
    facts::Lexicons,
    naming::{AskedName, Naming, NamingFit, Nearness},
    query::{Query, Stated},
    row::{Kinds, Row},
    sight::{Field, FieldSet},
    weight,
    whereabouts::{PlaceFit, PlaceNear, Whereabouts},
};

/// Shares are told in millionths of what was possible.
pub(crate) const WHOLE: i32 = 1_000_000;

/// Which answers count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Search {
    /// Every stated criterion exactly.
    Exact,
    /// Likenesses too.
    Fuzzy,
}

/// A query made ready to be compared.
pub(crate) struct Asked {
    pub(crate) search: Search,
    pub(crate) number: Option<ChildNumber>,
    pub(crate) naming: Naming,
    pub(crate) born: Born,
    gender: Option<Gender>,
    pub(crate) whereabouts: Whereabouts,
    stated: Stated,
    pub(crate) thin: bool,
}

/// How well one child fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// Share of what was possible, in millionths.
    pub(crate) share: i32,
    pub(crate) exact: bool,
    pub(crate) former: bool,
    /// Meant only where nobody else is: see [`may_be_meant_widely`].
    pub(crate) widely: bool,
    /// The day of birth held: who scores alike stands by it, the youngest first.
    pub(crate) born: u16,
}

impl Asked {
    pub(crate) fn of(query: &Query, today: NaiveDate) -> Asked {
        let exact = !query.fuzzy || query.has_wildcard();
        Asked {
            search: if exact { Search::Exact } else { Search::Fuzzy },
            number: query.child_number,
            naming: Naming {
                forename: AskedName::forename(query.forename.as_deref()),
                surname: AskedName::surname(query.surname.as_deref()),
            },
            born: Born::of(query, today),
            gender: query.gender,
            whereabouts: Whereabouts::of(query),
            stated: query.stated(),
            thin: query.thin,
        }
    }

    /// Tells whether criteria on `fields` are enough.
    pub(crate) fn is_enough(&self, fields: FieldSet) -> bool {
        self.thin || self.stated.is_enough(fields)
    }

    /// Tells whether the best of many may be judged first: of an exact search it must be known how many there are, and
    /// a child number, or criteria that are not enough, have lists of their own.
    pub(crate) fn is_ranked(&self) -> bool {
        let all = FieldSet::ORDINARY.with(Field::PreviousPlace);
        self.search == Search::Fuzzy && self.number.is_none() && !self.thin && self.is_enough(all)
    }

    /// The most that could be scored.
    pub(crate) fn possible(&self) -> i32 {
        self.number.map_or(0, |_| weight::NUMBER)
            + self.naming.possible()
            + self.born.possible()
            + self.whereabouts.possible()
            + self.gender.map_or(0, |_| weight::GENDER)
    }

    /// The share that a weight is of all that could be scored.
    pub(crate) fn share_of(&self, weight: i32) -> i32 {
        Sum { weight, possible: self.possible(), exact: false }.share()
    }

    /// The least weight that is such a share.
    pub(crate) fn weight_of(&self, share: i32) -> i32 {
        let weight =
            (i64::from(share) * i64::from(self.possible()) + i64::from(WHOLE) - 1) / i64::from(WHOLE);
        i32::try_from(weight).unwrap_or(i32::MAX)
    }

    /// Judges one child on `fields`; none when it cannot be the one.
    pub(crate) fn judge(&mut self, row: &Row, fields: FieldSet, lexicons: &Lexicons) -> Option<Verdict> {
        if !self.is_enough(fields) {
            return None;
        }
        let mut sum = Sum { weight: 0, possible: 0, exact: true };
        let number = self.number.filter(|_| fields.has(Field::Number));
        if let Some(number) = number {
            // The check digit has caught every slip: another number means another child.
            if !row.is_number(number) {
                return None;
            }
            sum.add(weight::NUMBER, weight::NUMBER, true);
        }
        let (mut former, mut widely) = (false, false);
        let mut meant = number.is_some();
        if fields.names() {
            let born = self.born.fit(row.born);
            // The cheapest comparison first: most candidates of a common name were born too early or too late.
            if born.kind == BornKind::Off && number.is_none() {
                return None;
            }
            let names = self.naming.fit(&row.names, Kinds::visible(fields), &lexicons.names);
            let place = if fields.places() {
                self.whereabouts.fit(&row.places, fields, lexicons)
            } else {
                PlaceFit::UNSTATED
            };
            meant |= may_be_meant(names, born.kind, place.near)
                || self.thin && is_near(names, born.kind, place.near);
            widely = !meant && may_be_meant_widely(names, born.kind) && self.is_ranked();
            former = names.former;
            sum.add(names.weight, self.naming.possible(), names.exact);
            sum.add(born.weight, self.born.possible(), born.exact);
            if fields.places() {
                sum.add(place.weight, self.whereabouts.possible(), place.exact);
            }
        }
        if fields.has(Field::Gender) {
            self.weigh_gender(row.gender, &mut sum);
        }
        let share = sum.share();
        let counts = match self.search {
            Search::Exact => sum.exact,
            Search::Fuzzy => sum.exact || (meant || widely) && share >= weight::SHARE_MIN,
        };
        // What may not be matched on orders nothing either.
        let born = filed_birth(row.born.filter(|_| fields.names()));
        counts.then_some(Verdict { share, exact: sum.exact, former, widely, born })
    }

    fn weigh_gender(&self, held: Option<Gender>, sum: &mut Sum) {
        let Some(asked) = self.gender else { return };
        let unsaid = |gender: Option<Gender>| gender.is_none_or(|gender| gender == Gender::NotSpecified);
        let weight = if held == Some(asked) {
            weight::GENDER
        } else if unsaid(held) || unsaid(Some(asked)) {
            0
        } else {
            -3 * weight::GENDER
        };
        sum.add(weight, weight::GENDER, held == Some(asked));
    }
}

/// Whether enough fits at least nearly for a fuzzy search to mean this child.
///
/// Each line has a table that lists every child it can be true of: see [`crate::candidates`].
fn may_be_meant(names: NamingFit, born: BornKind, place: PlaceNear) -> bool {
    if born == BornKind::Off {
        return false;
    }
    let near_forename = names.forename == Nearness::Near;
    let some_name = near_forename || names.surname >= Nearness::Loose;
    let born_so = matches!(born, BornKind::Within | BornKind::SameDay);
    names.swapped
        || names.surname == Nearness::Near && (born_so || near_forename || place.somewhere)
        || names.forename == Nearness::Initial && place.street
        || near_forename && place.street
        || born == BornKind::SameDay && some_name
        || place.postcode && some_name
}

/// Whether a child is meant where nobody else is: the forename near, a birth that fits, and a surname heard so
/// badly that it is near by no table, yet alike in some letters.
fn may_be_meant_widely(names: NamingFit, born: BornKind) -> bool {
    let born_so = matches!(born, BornKind::Within | BornKind::SameDay);
    names.forename == Nearness::Near && names.surname >= Nearness::Faint && born_so
}

/// Whether anything at all fits nearly, for criteria that are not enough to mean somebody.
fn is_near(names: NamingFit, born: BornKind, place: PlaceNear) -> bool {
    let called = names.forename == Nearness::Near || names.surname == Nearness::Near;
    called || born == BornKind::SameDay || place.postcode || place.street
}

struct Sum {
    weight: i32,
    possible: i32,
    exact: bool,
}

impl Sum {
    fn add(&mut self, weight: i32, possible: i32, exact: bool) {
        self.weight += weight;
        self.possible += possible;
        self.exact &= exact;
    }

    fn share(&self) -> i32 {
        let share = i64::from(self.weight.max(0)) * i64::from(WHOLE) / i64::from(self.possible.max(1));
        i32::try_from(share).unwrap_or(WHOLE).min(WHOLE)
    }
}
