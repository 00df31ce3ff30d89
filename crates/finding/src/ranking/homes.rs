//! Everybody near a place, where that is fewer than all who bear the surname.

use super::{Ranking, sources::OUTLINE_COST, waiting::Names};
use crate::{
    codes::CodeId,
    judge::Asked,
    lexicon::Word,
    postings::Kind,
    sieve::Sieve,
    table::{Slot, WHOLE},
    weight,
};

/// Most postcodes whose lists are read for the sake of their outcodes.
const CODES_MAX: usize = 4_096;

/// A list of those who live near.
#[derive(Clone, Copy)]
pub(super) enum Home {
    Street(Word),
    Code(CodeId),
}

impl Ranking<'_> {
    /// The lists that hold everybody who is near a place, where there are such lists, the surname alone means nobody,
    /// with neither a birth nor a town, and they are the shorter ones.
    pub(super) fn near_homes(&self, asked: &Asked) -> Option<Vec<Home>> {
        let by_place = self.bounds.by_place.as_ref()?;
        if self.surnames.is_empty()
            || asked.born.possible() > 0
            || asked.whereabouts.most_by_town() > 0
            || !self.tables.lexicons.codes.is_whole()
        {
            return None;
        }
        let mut homes: Vec<Home> = self.streets.iter().map(|street| Home::Street(*street)).collect();
        if asked.whereabouts.most_by_code() > 0 {
            let near = |at: u16| by_place.outcodes.get(usize::from(at)).is_some_and(|known| known.near);
            let outcodes = self.tables.lexicons.codes.outcodes().filter(|(number, ..)| near(number.0));
            let codes = outcodes.flat_map(|(_, _, codes)| codes).map(|code| Home::Code(*code));
            homes.extend(codes.take(CODES_MAX + 1));
        }
        let by_surname = self.count(Kind::Surnames, self.surnames.iter().map(|(word, _)| word));
        // Their lists are read through a sieve of the surnames, or by outlines; those of the surnames by outlines alone.
        let cost = by_surname + self.count_homes(&homes) * 2;
        (homes.len() <= CODES_MAX && cost < by_surname * OUTLINE_COST).then_some(homes)
    }

    fn count_homes(&self, homes: &[Home]) -> usize {
        let postings = self.tables.postings;
        let of = |home: &Home| match home {
            Home::Street(street) => self.count(Kind::Streets, [street].into_iter()),
            Home::Code(code) => postings.table(Kind::Codes).count(code.0, WHOLE),
        };
        homes.iter().map(of).sum()
    }

    fn each_home(&self, home: Home, tell: &mut impl FnMut(u16, Slot)) {
        match home {
            Home::Street(street) => self.each(Kind::Streets, street, tell),
            Home::Code(code) => {
                self.tables.postings.table(Kind::Codes).each(code.0, WHOLE, &mut |_, slot| {
                    tell(u16::MAX, slot);
                });
            }
        }
    }

    /// Near a place, with the surname near.
    pub(super) fn of_homes(&mut self, asked: &Asked, homes: &[Home]) {
        let by_surname = self.count(Kind::Surnames, self.surnames.iter().map(|(word, _)| word));
        let sieve = (by_surname < self.count_homes(homes) * OUTLINE_COST).then(|| {
            let words: Vec<Word> = self.surnames.iter().map(|(word, _)| *word).collect();
            self.sieve(Kind::Surnames, &words)
        });
        let named = |slot: Slot| sieve.as_ref().is_none_or(|sieve: &Sieve| sieve.may_hold(slot));
        let mut found = Vec::new();
        for home in homes {
            self.each_home(*home, &mut |day, slot| {
                if named(slot) {
                    found.push((day, slot));
                }
            });
        }
        let lexicons = self.tables.lexicons;
        self.wait(&found, self.needed(asked), |ranking, _, slot, outline| {
            let bounds = &ranking.bounds;
            let near = asked.naming.surname.as_ref()?.most_if_near(outline.surname(), weight::SURNAME)?;
            let (by_forename, _) = bounds.forename(asked, outline, lexicons);
            let (by_place, _) = bounds.place(outline, ranking.may_live(slot));
            let most = near + by_forename + by_place + bounds.rest;
            Some((most, Names { forename: Some(by_forename), surname_loose: None }))
        });
    }
}
