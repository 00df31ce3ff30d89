//! Everybody in a street, where that is fewer than all who bear the surname.

use super::{Ranking, sources::OUTLINE_COST, waiting::Names};
use crate::{judge::Asked, lexicon::Word, postings::Kind, sieve::Sieve, table::Slot, weight};

impl Ranking<'_> {
    /// Tells whether whoever is near a place lives in a street near, the surname alone means nobody, with neither a
    /// birth nor another place, and the lists of streets are the shorter ones.
    pub(super) fn is_by_streets(&self, asked: &Asked) -> bool {
        if !self.places.bound
            || self.places.vicinity.is_some()
            || self.places.unplaced
            || self.surnames.is_empty()
            || asked.born.possible() > 0
            || !asked.whereabouts.is_street_alone()
        {
            return false;
        }
        let by_surname = self.count(Kind::Surnames, self.surnames.iter().map(|(word, _)| word));
        // Their lists are read through a sieve of the surnames, or by outlines; those of the surnames by outlines alone.
        let cost = by_surname + self.count(Kind::Streets, self.streets.iter()) * 2;
        cost < by_surname * OUTLINE_COST
    }

    /// In a street near, with the surname near.
    pub(super) fn of_homes(&mut self, asked: &Asked) {
        let by_surname = self.count(Kind::Surnames, self.surnames.iter().map(|(word, _)| word));
        let by_street = self.count(Kind::Streets, self.streets.iter());
        let sieve = (by_surname < by_street * OUTLINE_COST).then(|| {
            let words: Vec<Word> = self.surnames.iter().map(|(word, _)| *word).collect();
            self.sieve(Kind::Surnames, &words)
        });
        let named = |slot: Slot| sieve.as_ref().is_none_or(|sieve: &Sieve| sieve.may_hold(slot));
        let mut found = Vec::new();
        for street in &self.streets {
            self.each(Kind::Streets, *street, &mut |day, slot| {
                if named(slot) {
                    found.push((day, slot));
                }
            });
        }
        let lexicons = self.tables.lexicons;
        self.wait(&found, self.needed(asked), |ranking, day, slot, outline| {
            let bounds = &ranking.bounds;
            let near = asked.naming.surname.as_ref()?.most_if_near(outline.surname(), weight::SURNAME)?;
            let (by_forename, _) = bounds.forename(asked, outline, lexicons);
            let (by_place, _) =
                ranking.places.most_of((asked, &lexicons.codes), day, outline, ranking.places.may_live(slot));
            let most = near + by_forename + by_place + bounds.rest;
            Some((most, Names { forename: Some(by_forename), surname_loose: None }))
        });
    }
}
