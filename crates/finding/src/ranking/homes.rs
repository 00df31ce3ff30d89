//! Everybody near a place, where that is fewer than all who bear the names.

use super::{Ranking, waiting::Taken};
use crate::{
    codes::CodeId,
    judge::Asked,
    lexicon::Word,
    postings::Kind,
    table::{Slot, WHOLE},
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
    /// The lists that hold everybody who is near a place, where there are such lists and the surname alone means
    /// nobody: with neither a birth nor a town.
    pub(super) fn near_homes(&self, asked: &Asked) -> Option<Vec<Home>> {
        let by_outcode = self.bounds.by_outcode.as_ref()?;
        if asked.born.possible() > 0
            || asked.whereabouts.most_by_town() > 0
            || !self.tables.lexicons.codes.is_whole()
        {
            return None;
        }
        let mut homes: Vec<Home> = self.streets.iter().map(|street| Home::Street(*street)).collect();
        if asked.whereabouts.most_by_code() > 0 {
            let near = |at: u16| by_outcode.get(usize::from(at)).is_some_and(|known| known.near);
            let outcodes = self.tables.lexicons.codes.outcodes().filter(|(number, ..)| near(number.0));
            let codes = outcodes.flat_map(|(_, _, codes)| codes).map(|code| Home::Code(*code));
            homes.extend(codes.take(CODES_MAX + 1));
        }
        (homes.len() <= CODES_MAX).then_some(homes)
    }

    fn each_home(&self, home: Home, tell: &mut impl FnMut(u16, Slot)) {
        match home {
            Home::Street(street) => self.each(Kind::Streets, street, tell),
            Home::Code(code) => self.tables.postings.table(Kind::Codes).each(code.0, WHOLE, tell),
        }
    }

    /// Tells whether the homes and the forename are on shorter lists than the surname.
    pub(super) fn is_shorter(&self, homes: &[Home]) -> bool {
        let by_surname = self.count(Kind::Surnames, self.surnames.iter().map(|(word, _)| word));
        let by_forename = self.count(Kind::Forenames, self.forenames.iter().flatten().map(|(word, _)| word));
        let postings = self.tables.postings;
        let by_home = homes.iter().map(|home| match home {
            Home::Street(street) => self.count(Kind::Streets, [street].into_iter()),
            Home::Code(code) => postings.table(Kind::Codes).count(code.0, WHOLE),
        });
        by_forename < by_surname && by_forename + by_home.sum::<usize>() < by_surname
    }

    /// Near a place, with the surname near.
    pub(super) fn of_homes(&mut self, asked: &Asked, homes: &[Home]) {
        let mut found = Vec::new();
        for home in homes {
            self.each_home(*home, &mut |_, slot| {
                let Some(outline) = self.outline(slot) else { return };
                let Some(by_surname) = self.bounds.surname(outline) else { return };
                let (by_forename, _) = self.bounds.forename(asked.naming.forename.as_ref(), outline);
                let (by_place, _) = self.bounds.place(outline, self.may_live(slot));
                found.push((
                    by_surname + by_forename + by_place + self.bounds.rest,
                    (slot, Taken::of(by_forename)),
                ));
            });
        }
        self.wait(found);
    }
}
