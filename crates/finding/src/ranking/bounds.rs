//! What a child could score at most, told by its outline and by the lists that it is on.
//!
//! Names bound it whichever of them a viewer may match on. Places do only where the criteria are not enough without
//! them: a viewer who may not match on a child's places is told of such a child nothing, wherever it lives.

use crate::{
    facts::Lexicons,
    judge::Asked,
    lexicon::Word,
    naming::AskedName,
    outline::{ANY_SURNAME, Outline, SURNAME_PARTS, part_of},
    sieve::Sieve,
    sight::{Field, FieldSet},
    weight,
    whereabouts::PREVIOUS_SHARE,
};

/// Outcodes that an outline can tell, those of none and of any included.
const OUTCODES: usize = 1 << 12;

/// What a place could score at most by its outcode.
#[derive(Clone, Copy)]
pub(super) struct ByOutcode {
    pub(super) most: i32,
    pub(super) near: bool,
}

/// Everything that bounds one search.
pub(super) struct Bounds {
    /// What a child filed under a day could score by it, from a first day on, the longest run of days first; empty
    /// where nothing is asked of birth.
    born: Vec<(u16, Vec<i32>)>,
    pub(super) born_most: i32,
    /// By the part of a surname: what one near could score, none where none is.
    by_surname: Vec<Option<i32>>,
    pub(super) surname_most: i32,
    pub(super) surname_loose: i32,
    pub(super) forename_most: i32,
    middle_bits: u8,
    /// None where places bound nobody.
    pub(super) by_outcode: Option<Vec<ByOutcode>>,
    pub(super) place_most: i32,
    town: i32,
    street: i32,
    /// Whoever lives in a street near, and some more; none where no street is asked for.
    pub(super) living: Option<Sieve>,
    /// By what is told nowhere: gender.
    pub(super) rest: i32,
}

/// Everything that any viewer could match on, but for places.
const NO_PLACES: FieldSet = FieldSet::SHIELDED.with(Field::FormerName);

impl Bounds {
    pub(super) fn of(asked: &Asked, lexicons: &Lexicons, surnames: &[(Word, i32)]) -> Bounds {
        let possible = asked.whereabouts.possible();
        let forename = asked.naming.forename.as_ref();
        let surname = asked.naming.surname.as_ref();
        let mut by_surname = vec![None; if surnames.is_empty() { 0 } else { SURNAME_PARTS }];
        let surname_most = surnames.iter().map(|(_, most)| *most).max().unwrap_or_default();
        for (word, most) in surnames {
            if let Some(known) = by_surname.get_mut(part_of(*word)) {
                *known = Some(known.unwrap_or(*most).max(*most));
            }
        }
        if let Some(any) = by_surname.get_mut(ANY_SURNAME) {
            *any = Some(surname_most);
        }
        let by_outcode = (possible > 0 && !asked.is_enough(NO_PLACES)).then(|| by_outcode(asked, lexicons));
        let when = |stated: bool, weight: i32| if stated { weight } else { 0 };
        Bounds {
            born: born(asked),
            born_most: asked.born.possible(),
            by_surname,
            surname_most,
            surname_loose: surname.map_or(0, |name| name.most_if_loose(weight::SURNAME)),
            forename_most: asked.naming.possible() - when(surname.is_some(), weight::SURNAME),
            middle_bits: forename.map_or(0, |name| name.middle_bits(&lexicons.names)),
            by_outcode,
            place_most: possible,
            town: asked.whereabouts.most_by_town(),
            street: when(asked.whereabouts.street().is_some(), weight::STREET),
            living: None,
            rest: asked.possible() - asked.naming.possible() - asked.born.possible() - possible,
        }
    }

    pub(super) fn born(&self, day: u16) -> i32 {
        let of = |(first, most): &(u16, Vec<i32>)| most.get(usize::from(day.checked_sub(*first)?)).copied();
        self.born.iter().find_map(of).unwrap_or_default()
    }

    /// What the surname could score of one whose surname may be near.
    pub(super) fn surname(&self, outline: Outline) -> Option<i32> {
        self.by_surname.get(outline.surname()).copied().flatten()
    }

    /// Tells whether one whose surname is not near has that surname alone.
    pub(super) fn is_loose(&self, outline: Outline) -> bool {
        outline.surname() != ANY_SURNAME && self.surname(outline).is_none()
    }

    /// What the forename could score, and whether it may be near.
    pub(super) fn forename(&self, asked: Option<&AskedName>, outline: Outline) -> (i32, bool) {
        asked.map_or((0, false), |name| name.most_in(outline, self.middle_bits))
    }

    /// As [`Bounds::forename`], with the word compared.
    pub(super) fn forename_of(
        &self,
        asked: Option<&mut AskedName>,
        outline: Outline,
        lexicons: &Lexicons,
    ) -> i32 {
        asked.map_or(0, |name| name.most_of(outline, self.middle_bits, &lexicons.names))
    }

    /// What the places could score, and whether one may be near. Who is not `living` in a street near is on no list
    /// of one.
    pub(super) fn place(&self, outline: Outline, living: bool) -> (i32, bool) {
        let Some(by_outcode) = &self.by_outcode else { return (self.place_most, self.place_most > 0) };
        let street = if living {
            self.street
        } else if outline.has_streets() {
            weight::of_points(0, self.street)
        } else {
            0
        };
        let anywhere = ByOutcode { most: self.place_most, near: true };
        let at = |outcode: usize| by_outcode.get(outcode).copied().unwrap_or(anywhere);
        let current = at(usize::from(outline.outcode().0));
        let near = current.near || living || self.town > 0;
        let most = current.most + street + self.town;
        match usize::from(outline.earlier().0) {
            0 => (most, near),
            earlier => {
                let earlier = at(earlier);
                let then = (earlier.most + street + self.town) * PREVIOUS_SHARE / 100;
                (most.max(then), near || earlier.near)
            }
        }
    }
}

fn born(asked: &Asked) -> Vec<(u16, Vec<i32>)> {
    if asked.born.possible() == 0 {
        return Vec::new();
    }
    let run = |(from, to): (u16, u16)| (from, (from..=to).map(|day| asked.born.most_if_filed(day)).collect());
    let mut born: Vec<(u16, Vec<i32>)> = asked.born.spans().into_iter().map(run).collect();
    born.sort_by_key(|(_, most)| std::cmp::Reverse(most.len()));
    born
}

fn by_outcode(asked: &Asked, lexicons: &Lexicons) -> Vec<ByOutcode> {
    let most = asked.whereabouts.most_by_code();
    let mut all = vec![ByOutcode { most, near: most > 0 }; OUTCODES];
    if let Some(none) = all.first_mut() {
        *none = ByOutcode { most: 0, near: false };
    }
    if most > 0 {
        for (outcode, code, _) in lexicons.codes.outcodes() {
            if let Some(known) = all.get_mut(usize::from(outcode.0)) {
                let (there, near) = asked.whereabouts.most_in(code);
                *known = ByOutcode { most: there, near };
            }
        }
    }
    all
}
