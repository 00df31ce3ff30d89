//! What a child could score at most, told by its outline and by the lists that it is on.
//!
//! Names bound it whichever of them a viewer may match on. Places do only where the criteria are not enough without
//! them: a viewer who may not match on a child's places is told of such a child nothing, wherever it lives.

use super::{
    Tables,
    classes::{self, Class},
    waiting::Waiter,
};
use crate::{
    facts::Lexicons,
    judge::Asked,
    lexicon::Word,
    naming::SWAP_COST,
    outline::{Middles, Outline, Told},
    weight,
};

/// Everything that bounds one search.
pub(super) struct Bounds {
    /// What a child filed under a day could score by it, from a first day on, the longest run of days first; empty
    /// where nothing is asked of birth.
    born: Vec<(u16, Vec<i32>)>,
    /// A bit for each of those days.
    days: Vec<u64>,
    pub(super) born_most: i32,
    pub(super) surname_most: i32,
    pub(super) surname_loose: i32,
    pub(super) forename_most: i32,
    pub(super) forename_loose: i32,
    middles: Middles,
    /// By what is told nowhere: gender.
    pub(super) rest: i32,
}

impl Bounds {
    pub(super) fn of(asked: &Asked, lexicons: &Lexicons, surnames: &[(Word, i32)]) -> Bounds {
        let forename = asked.naming.forename.as_ref();
        let surname = asked.naming.surname.as_ref();
        let when = |stated: bool, weight: i32| if stated { weight } else { 0 };
        let born = born(asked);
        Bounds {
            days: days(&born),
            born,
            born_most: asked.born.possible(),
            surname_most: surnames.first().map_or(0, |(_, most)| *most),
            surname_loose: surname.map_or(0, |name| name.most_if_loose(weight::SURNAME)),
            forename_most: asked.naming.possible() - when(surname.is_some(), weight::SURNAME),
            forename_loose: forename.map_or(0, |name| name.most_if_loose(weight::FORENAME)),
            middles: forename
                .map_or_else(|| Middles::of([].into_iter()), |name| name.middles(&lexicons.names)),
            rest: asked.possible()
                - asked.naming.possible()
                - asked.born.possible()
                - asked.whereabouts.possible(),
        }
    }

    /// What birth could score of one filed under a day; none where it cannot be meant.
    pub(super) fn born(&self, day: u16) -> Option<i32> {
        if self.born.is_empty() {
            return Some(0);
        }
        if !self.may_be_born(day) {
            return None;
        }
        let of = |(first, most): &(u16, Vec<i32>)| most.get(usize::from(day.checked_sub(*first)?)).copied();
        self.born.iter().find_map(of)
    }

    /// Every day under which a child could be filed who can be meant, by what it could score.
    pub(super) fn classes(&self, asked: &Asked) -> Vec<Class> {
        if self.born.is_empty() {
            return vec![Class { most: 0, spans: asked.born.spans() }];
        }
        classes::of(&self.born)
    }

    /// Tells whether one filed under a day can be meant.
    pub(super) fn may_be_born(&self, day: u16) -> bool {
        let bits = self.days.get(usize::from(day / 64));
        self.days.is_empty() || bits.is_some_and(|bits| bits >> (day % 64) & 1 != 0)
    }

    /// What the forename could score, and whether it may be near.
    pub(super) fn forename(&self, asked: &Asked, outline: Outline, lexicons: &Lexicons) -> (i32, bool) {
        let name = asked.naming.forename.as_ref();
        name.map_or((0, false), |name| name.most_in(outline, self.middles, &lexicons.names))
    }

    /// What names near could score, changed about or not; none where they are not near.
    pub(super) fn about(&self, asked: &Asked, outline: Outline, lexicons: &Lexicons) -> Option<i32> {
        let (surname, forename) = (asked.naming.surname.as_ref()?, asked.naming.forename.as_ref()?);
        let about = surname.most_if_near(outline.forename(), weight::SURNAME)?
            + forename.most_if_near(outline.surname(), weight::FORENAME)?
            - SWAP_COST;
        let by_surname =
            surname.most_if_near(outline.surname(), weight::SURNAME).unwrap_or(self.surname_loose);
        Some(about.max(by_surname + self.forename(asked, outline, lexicons).0))
    }

    /// What the names could score that were taken to, with the words compared.
    pub(super) fn compared(&self, waiter: &Waiter, asked: &mut Asked, tables: Tables<'_>) -> i32 {
        let Waiter { slot, outline, names, .. } = waiter;
        let Tables { lexicons, rows, .. } = tables;
        let by_forename = match (names.forename, &mut asked.naming.forename) {
            (Some(taken), Some(name)) if outline.forename() == Told::Any => {
                let mut labels = Vec::new();
                rows.forenames(*slot, &mut labels);
                taken.min(name.most_of_several(&labels, *outline, self.middles, lexicons))
            }
            (Some(taken), Some(name)) => taken.min(name.most_of(*outline, self.middles, &lexicons.names)),
            (taken, _) => taken.unwrap_or_default(),
        };
        let by_surname = names.surname_loose.map_or(0, |taken| {
            let name = asked.naming.surname.as_mut();
            name.map_or(taken, |name| taken.min(name.most_of_surname(outline.surname(), &lexicons.names)))
        });
        by_forename + by_surname
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

fn days(born: &[(u16, Vec<i32>)]) -> Vec<u64> {
    let mut days = vec![0; if born.is_empty() { 0 } else { (usize::from(u16::MAX) + 1) / 64 }];
    for day in born.iter().flat_map(|(first, most)| (*first..=u16::MAX).take(most.len())) {
        days.get_mut(usize::from(day / 64)).into_iter().for_each(|bits: &mut u64| *bits |= 1 << (day % 64));
    }
    days
}
