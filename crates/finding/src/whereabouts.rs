//! Where a child lives: postcode, area, street, town, exact or near.
//!
//! Source: matching.md 3.3 (place is one comparison: the best of a child's places answers for all criteria).

use linkage::{
    normal,
    resemblance::{Comparer, POINTS_MAX, Resemblance},
    spelling::Spelling,
};
use vocabulary::Postcode;

use crate::{
    areas::AreaSet,
    codes::Packed,
    entry::PlaceKind,
    facts::{Lexicons, Spot},
    lexicon::{Lexicon, Word},
    numbered::WordMap,
    query::{Query, stated},
    sight::{Field, FieldSet},
    weight,
};

/// What a previous place counts beside a current one, in hundredths.
pub(crate) const PREVIOUS_SHARE: i32 = 80;

/// What is asked about places.
#[derive(Debug)]
pub(crate) struct Whereabouts {
    postcode: Option<Postcode>,
    area: Option<String>,
    street: Option<AskedText>,
    house: Option<String>,
    town: Option<AskedText>,
}

/// A street or a town, with the answers so far: each distinct word is compared once.
#[derive(Debug)]
struct AskedText {
    comparer: Comparer,
    answers: WordMap<Resemblance>,
    /// The answers are those of every word near it: whichever has none is not.
    is_whole: bool,
}

impl AskedText {
    fn new(text: &str) -> AskedText {
        AskedText {
            comparer: Comparer::new(Spelling::place(text)),
            answers: WordMap::default(),
            is_whole: false,
        }
    }
}

/// How one child's places answer it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PlaceFit {
    pub(crate) weight: i32,
    pub(crate) exact: bool,
    pub(crate) near: PlaceNear,
}

/// Which place criteria are met at least nearly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PlaceNear {
    /// Any of them.
    pub(crate) somewhere: bool,
    /// The full postcode, the same.
    pub(crate) postcode: bool,
    /// The street, nearly.
    pub(crate) street: bool,
}

impl PlaceFit {
    /// Nothing was asked.
    pub(crate) const UNSTATED: PlaceFit = PlaceFit {
        weight: 0,
        exact: true,
        near: PlaceNear { somewhere: false, postcode: false, street: false },
    };

    const NOWHERE: PlaceFit = PlaceFit { exact: false, ..PlaceFit::UNSTATED };
}

/// How one criterion is met at one place.
struct Met {
    weight: i32,
    exact: bool,
    near: bool,
}

impl Met {
    const UNKNOWN: Met = Met { weight: 0, exact: false, near: false };
}

impl Whereabouts {
    pub(crate) fn of(query: &Query) -> Whereabouts {
        let text = |text: &Option<String>| text.clone().filter(|text| stated(Some(text)));
        let line = text(&query.street).map(|line| normal::street(&line));
        Whereabouts {
            postcode: query.postcode.clone(),
            area: text(&query.postcode_area).map(|area| normal::words(&area).concat().to_ascii_uppercase()),
            street: line.as_ref().map(|(street, _)| AskedText::new(street)),
            house: line.and_then(|(_, house)| house),
            town: text(&query.town).map(|town| AskedText::new(&normal::town(&town))),
        }
    }

    pub(crate) fn postcode(&self) -> Option<&Postcode> {
        self.postcode.as_ref()
    }

    /// Compares street and town with every word near them, once and for all children; tells the streets.
    pub(crate) fn know_near(&mut self, lexicons: &Lexicons) -> Vec<Word> {
        let know = |text: &mut Option<AskedText>, lexicon: &Lexicon| {
            let Some(text) = text else { return Vec::new() };
            let near = lexicon.near(&text.comparer);
            text.answers.extend(near.iter().copied());
            text.is_whole = true;
            near.iter().map(|(word, _)| *word).collect()
        };
        know(&mut self.town, &lexicons.towns);
        know(&mut self.street, &lexicons.streets)
    }

    pub(crate) fn street(&self) -> Option<&Comparer> {
        self.street.as_ref().map(|street| &street.comparer)
    }

    /// Tells whether a street or a town is asked for, which may be met in any area.
    pub(crate) fn is_by_text(&self) -> bool {
        self.street.is_some() || self.town.is_some()
    }

    /// Tells whether a street is asked for and no other place.
    pub(crate) fn is_street_alone(&self) -> bool {
        self.street.is_some() && self.postcode.is_none() && self.area.is_none() && self.town.is_none()
    }

    /// The most that could be scored; 0 when nothing is asked.
    pub(crate) fn possible(&self) -> i32 {
        let when = |stated, weight| if stated { weight } else { 0 };
        when(self.postcode.is_some(), weight::POSTCODE)
            + when(self.area.is_some(), weight::AREA)
            + when(self.street.is_some(), weight::STREET)
            + when(self.town.is_some(), weight::TOWN)
    }

    /// The most that postcode and area could score of a place there, and whether that is near one of them.
    pub(crate) fn most_in(&self, outcode: Packed) -> (i32, bool) {
        let postcode = self.postcode.as_ref().map(|asked| match met_postcode(asked, Some(outcode)) {
            // The outcode alone is never the same postcode, and may be the start of it.
            met if met.near => Met { weight: weight::POSTCODE, ..met },
            met => met,
        });
        let area = self.area.as_ref().map(|asked| met_area(asked, Some(outcode)));
        let both = [postcode, area].into_iter().flatten();
        both.fold((0, false), |(weight, near), met| (weight + met.weight, near || met.near))
    }

    /// The most that postcode and area could score.
    pub(crate) fn most_by_code(&self) -> i32 {
        self.postcode.as_ref().map_or(0, |_| weight::POSTCODE)
            + self.area.as_ref().map_or(0, |_| weight::AREA)
    }

    /// The areas in which postcode and area could be met at all, whoever may live anywhere included; and the most that
    /// both could score elsewhere. None where neither is asked for.
    pub(crate) fn areas(&self) -> Option<(AreaSet, i32)> {
        let postcode = self.postcode.as_ref();
        let told = [postcode.map(|code| code.area().as_bytes()), self.area.as_deref().map(str::as_bytes)];
        let sets = told.into_iter().flatten().map(AreaSet::of);
        let elsewhere = Some(Packed::default());
        let met = [
            postcode.map(|asked| met_postcode(asked, elsewhere)),
            self.area.as_ref().map(|asked| met_area(asked, elsewhere)),
        ];
        let areas = sets.reduce(AreaSet::and)?.and(AreaSet::UNTOLD);
        Some((areas, met.into_iter().flatten().map(|met| met.weight).sum()))
    }

    /// The most that the town could score.
    pub(crate) fn most_by_town(&self) -> i32 {
        self.town.as_ref().map_or(0, |_| weight::TOWN)
    }

    /// Weighs the places that `fields` make visible.
    pub(crate) fn fit(
        &mut self,
        places: &[(PlaceKind, Spot)],
        fields: FieldSet,
        lexicons: &Lexicons,
    ) -> PlaceFit {
        if self.possible() == 0 {
            return PlaceFit::UNSTATED;
        }
        let visible = |kind: PlaceKind| match kind {
            PlaceKind::Current => fields.has(Field::Place),
            PlaceKind::Previous => fields.has(Field::PreviousPlace),
        };
        places
            .iter()
            .filter(|(kind, _)| visible(*kind))
            .map(|(kind, spot)| self.at(*kind, *spot, lexicons))
            .reduce(|one, other| PlaceFit {
                weight: one.weight.max(other.weight),
                exact: one.exact || other.exact,
                near: PlaceNear {
                    somewhere: one.near.somewhere || other.near.somewhere,
                    postcode: one.near.postcode || other.near.postcode,
                    street: one.near.street || other.near.street,
                },
            })
            .unwrap_or(PlaceFit::NOWHERE)
    }

    fn at(&mut self, kind: PlaceKind, held: Spot, lexicons: &Lexicons) -> PlaceFit {
        let held_code = held.code.map(|code| lexicons.codes.code(code));
        let postcode = self.postcode.as_ref().map(|asked| met_postcode(asked, held_code));
        let area = self.area.as_ref().map(|asked| met_area(asked, held_code));
        let house = self.house.as_deref();
        let street = self.street.as_mut().map(|asked| met_street(asked, house, held, lexicons));
        let town = self.town.as_mut().map(|asked| met_text(asked, held.town, &lexicons.towns, weight::TOWN));
        let mut fit = PlaceFit::UNSTATED;
        fit.near.postcode = postcode.as_ref().is_some_and(|met| met.exact);
        fit.near.street = street.as_ref().is_some_and(|met| met.near);
        for met in [postcode, area, street, town].into_iter().flatten() {
            fit.weight += met.weight;
            fit.exact &= met.exact;
            fit.near.somewhere |= met.near;
        }
        if kind == PlaceKind::Previous {
            fit.exact = false;
            fit.weight = fit.weight * PREVIOUS_SHARE / 100;
        }
        fit
    }
}

fn met_postcode(asked: &Postcode, held: Option<Packed>) -> Met {
    let Some(held) = held else { return Met::UNKNOWN };
    let same = asked.as_str().len() == held.text().len() + 1 && Packed::of_postcode(asked) == Some(held);
    let (near, hundredths) = if same {
        (true, 100)
    } else if asked.outcode().as_bytes() == held.outcode() {
        (true, 35)
    } else if asked.area().as_bytes() == held.area() {
        (false, 0)
    } else {
        (false, -40)
    };
    Met { weight: weight::POSTCODE * hundredths / 100, exact: same, near }
}

fn met_area(asked: &str, held: Option<Packed>) -> Met {
    let Some(held) = held else { return Met::UNKNOWN };
    let exact = asked.as_bytes() == held.outcode() || asked.as_bytes() == held.area();
    Met { weight: if exact { weight::AREA } else { -weight::AREA / 2 }, exact, near: exact }
}

fn met_street(asked: &mut AskedText, house: Option<&str>, held: Spot, lexicons: &Lexicons) -> Met {
    let met = met_text(asked, held.street, &lexicons.streets, weight::STREET);
    match (house, held.house) {
        (None, _) => met,
        (Some(own), Some(held)) if own == lexicons.houses.text(held) => met,
        (Some(_), _) if !met.near => Met { exact: false, ..met },
        // The house next door is a likeness, and so is a house whose number nobody gave.
        (Some(_), _) => Met { weight: met.weight * 3 / 4, exact: false, near: met.near },
    }
}

fn met_text(asked: &mut AskedText, held: Option<Word>, lexicon: &Lexicon, most: i32) -> Met {
    let Some(word) = held else { return Met::UNKNOWN };
    let found = if let Some(known) = asked.answers.get(&word) {
        *known
    } else if asked.is_whole {
        Resemblance::APART
    } else {
        let Some(spelling) = lexicon.spelling(word) else { return Met::UNKNOWN };
        let found = asked.comparer.compare(spelling);
        asked.answers.insert(word, found);
        found
    };
    // Two streets whose names merely share letters are two streets.
    let points = if found.is_near() { found.points } else { 0 };
    Met { weight: weight::of_points(points, most), exact: found.points == POINTS_MAX, near: found.is_near() }
}
