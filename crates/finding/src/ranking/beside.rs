//! Whoever is told by something beside the surname, which is on no list of one near: a day, a street, a forename.

use super::{
    Ranking,
    reach::Reach,
    sources::{From, OUTLINE_COST},
    waiting::Names,
};
use crate::{
    judge::Asked,
    naming::Nearness,
    postings::{Kind, List},
    table::Slot,
};

/// What a list tells of those whose surname is on none of one near.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// They were born that day: a name at least loosely alike.
    Day,
    /// They live in the street: a forename near, or that may begin alike.
    Street,
    /// They have a forename near: a surname alike in some letters.
    Called,
}

impl Ranking<'_> {
    /// Born that day: any name beside it that is at least loosely alike.
    pub(super) fn of_day(&mut self, asked: &Asked) {
        let Some(day) = asked.born.day() else { return };
        let mut slots = Vec::new();
        self.tables.postings.shortest(&[List::Day(day)], &mut slots);
        let filed = crate::born::filed_birth(Some(day));
        let found: Vec<(u16, Slot)> = slots.into_iter().map(|slot| (filed, slot)).collect();
        self.wait_beside(&found, asked, Beside::Day);
    }

    /// In the street, with a forename near or an initial, whatever the surname.
    pub(super) fn of_street(&mut self, asked: &Asked) {
        let by_street = self.count(Kind::Streets, self.streets.iter());
        let forenames = self.forenames.iter().flatten().map(|(word, _)| word);
        let by_forename = self.forenames.is_some().then(|| self.count(Kind::Forenames, forenames));
        let mut found = Vec::new();
        if by_forename.is_some_and(|by_forename| by_forename < by_street * OUTLINE_COST) {
            for (word, _) in self.forenames.iter().flatten() {
                self.each(Kind::Forenames, *word, &mut |day, slot| {
                    if self.places.may_live(slot) {
                        found.push((day, slot));
                    }
                });
            }
        } else {
            for word in &self.streets {
                self.each(Kind::Streets, *word, &mut |day, slot| found.push((day, slot)));
            }
        }
        self.wait_beside(&found, asked, Beside::Street);
    }

    /// Opens the source of those who are called so and born so.
    pub(super) fn open_called(&mut self, asked: &Asked) {
        if asked.born.possible() > 0 && asked.naming.surname.is_some() && self.forenames.is_some() {
            let bounds = &self.bounds;
            let by_names = bounds.surname_loose + bounds.forename_most;
            let most = by_names + bounds.born_most + bounds.rest;
            for reach in self.reaches() {
                self.open(most + self.place_most(*reach), From::Called(*reach));
            }
        }
    }

    /// With a forename near: a surname beside it that is alike in some letters.
    pub(super) fn of_called(&mut self, asked: &Asked, reach: Reach) {
        let mut found = Vec::new();
        for (word, _) in self.forenames.iter().flatten() {
            self.each(Kind::Forenames, *word, &mut |day, slot| {
                if self.is_within(reach, day, slot) {
                    found.push((day, slot));
                }
            });
        }
        self.wait_beside(&found, asked, Beside::Called);
    }

    /// Lets those wait whose surname is on no list of one near.
    fn wait_beside(&mut self, found: &[(u16, Slot)], asked: &Asked, beside: Beside) {
        let lexicons = self.tables.lexicons;
        let any_forename = self.forenames.is_none();
        self.wait(found, self.needed(asked), |ranking, day, slot, outline| {
            let bounds = &ranking.bounds;
            let by_born = bounds.born(day)?;
            let surname = asked.naming.surname.as_ref();
            let (by_surname, alike) = surname
                .map_or((0, Nearness::Apart), |name| name.most_beside(outline.surname(), &lexicons.names));
            let (by_forename, near) = bounds.forename(asked, outline, lexicons);
            let told = match beside {
                Beside::Day => near || alike >= Nearness::Loose,
                Beside::Street => near || any_forename,
                Beside::Called => near && alike >= Nearness::Faint,
            };
            if !told {
                return None;
            }
            let (by_place, _) = ranking.places.most_of(
                (asked, &lexicons.codes),
                day,
                outline,
                beside == Beside::Street || ranking.places.may_live(slot),
            );
            let most = by_surname + by_forename + by_born + by_place + bounds.rest;
            let surname_loose = surname.map(|_| by_surname);
            Some((most, Names { forename: Some(by_forename), surname_loose }))
        });
    }
}
