//! A fuzzy search of many: who could fit best is judged first, and who cannot fit well enough any more never.
//!
//! Of each child that a list names its outline tells what it could score at most, before its row is read. Once as
//! many children are found as are wanted, nobody is read who could not be among them: the answer is the same as if
//! everybody were judged. Words are taken in the order of their likeness, so that the lists of those that cannot
//! matter any more are not read either.
//!
//! Every line of `judge::may_be_meant` is answered by one of these: children changed about; the surname near, with a
//! birth, a forename near or a place; a forename near or an initial in the street; the day; the postcode.

mod bounds;
mod homes;
mod waiting;

use bounds::Bounds;
use homes::Home;
use waiting::{Best, Taken, Waiter, Waiting};

use crate::{
    candidates::postcode,
    facts::Lexicons,
    judge::{Asked, Verdict},
    lexicon::Word,
    naming::AskedName,
    numbered::SlotSet,
    outline::{ANY_SURNAME, Outline, Told, part_of},
    postings::{Kind, List, Postings},
    rows::Rows,
    sieve::Sieve,
    table::{Slot, Span},
    weight,
};

/// What a search reads.
#[derive(Clone, Copy)]
pub(crate) struct Tables<'a> {
    pub(crate) lexicons: &'a Lexicons,
    pub(crate) postings: &'a Postings,
    pub(crate) rows: &'a Rows,
}

/// Words with what each could score at most, the best first.
type Weighed = Vec<(Word, i32)>;

/// A sieve of forenames pays where they are no more than so many times the surnames.
const SIEVED_SHARE: usize = 8;

/// One search.
struct Ranking<'a> {
    tables: Tables<'a>,
    spans: Vec<Span>,
    surnames: Weighed,
    /// None where no forename is told in full.
    forenames: Option<Weighed>,
    streets: Vec<Word>,
    bounds: Bounds,
    waiting: Waiting,
    best: Best,
    judged: SlotSet,
}

/// Judges a slot; tells of one that can be meant the verdict and the child number without its check digit.
pub(crate) type Judge<'a> = dyn FnMut(&mut Asked, Slot) -> Option<(Verdict, u64)> + 'a;

/// Judges everybody who may be among the best.
///
/// For a fuzzy search without a child number whose criteria are enough.
pub(crate) fn judge_best(asked: &mut Asked, tables: Tables<'_>, wanted: usize, judge: &mut Judge<'_>) {
    let mut ranking = Ranking::of(asked, tables, wanted);
    ranking.of_day_and_postcode(asked);
    ranking.of_changed_about();
    ranking.of_street(asked);
    let homes = ranking.near_homes(asked);
    match homes {
        Some(codes) if ranking.is_shorter(&codes) => {
            ranking.of_homes(asked, &codes);
            ranking.of_forename(asked, judge);
        }
        Some(mut codes) => {
            // Who is in the street is told by its sieve.
            codes.retain(|home| matches!(home, Home::Code(_)));
            ranking.of_homes(asked, &codes);
            let called = ranking.called();
            ranking.of_surname(called.as_ref(), asked, judge);
        }
        None => ranking.of_surname(None, asked, judge),
    }
    ranking.judge_down_to(0, asked, judge);
}

impl<'a> Ranking<'a> {
    fn of(asked: &mut Asked, tables: Tables<'a>, wanted: usize) -> Ranking<'a> {
        let names = &tables.lexicons.names;
        let weigh = |name: &mut Option<AskedName>, full| name.as_mut()?.near_weighed(names, full);
        let surnames = weigh(&mut asked.naming.surname, weight::SURNAME).unwrap_or_default();
        let forenames = weigh(&mut asked.naming.forename, weight::FORENAME);
        let mut ranking = Ranking {
            tables,
            spans: asked.born.spans(),
            bounds: Bounds::of(asked, tables.lexicons, &surnames),
            surnames,
            forenames,
            streets: asked
                .whereabouts
                .street()
                .map_or(Vec::new(), |street| tables.lexicons.near_streets(street)),
            waiting: Waiting::new(asked.possible()),
            best: Best::new(wanted),
            judged: SlotSet::default(),
        };
        if asked.whereabouts.street().is_some() {
            ranking.bounds.living = Some(ranking.sieve(Kind::Streets, &ranking.streets));
        }
        ranking
    }

    /// Judges those who wait and could score `floor` or more, the best first, as far as they may be among the best.
    fn judge_down_to(&mut self, floor: i32, asked: &mut Asked, judge: &mut Judge<'_>) {
        loop {
            let least = asked.weight_of(self.best.least());
            let Some((most, waiters)) = self.waiting.next(floor.max(least)) else { return };
            for (slot, taken) in waiters {
                if self.is_worth(most, slot, taken, asked)
                    && self.judged.insert(slot)
                    && let Some((verdict, number)) = judge(asked, slot)
                {
                    self.best.note(verdict, number);
                }
            }
        }
    }

    /// Tells whether a child may be among the best, dearer with each step.
    fn is_worth(&self, most: i32, slot: Slot, taken: Taken, asked: &mut Asked) -> bool {
        let Tables { lexicons, rows, .. } = self.tables;
        let mut most = most;
        if let Some(taken) = taken.forename {
            let name = asked.naming.forename.as_mut();
            most += self.bounds.forename_of(name, rows.outline(slot), lexicons) - taken;
        }
        let falls_short = |bound: i32, by: &Asked| by.share_of(bound) < self.best.least();
        if falls_short(most, asked) {
            return false;
        }
        if taken.surname_loose
            && let Some(name) = asked.naming.surname.as_mut()
            && let Some(surname) = rows.surname(slot).and_then(|label| lexicons.written.kept(label)?.whole)
        {
            most += name.most_of_surname(surname, &lexicons.names) - self.bounds.surname_loose;
            if falls_short(most, asked) {
                return false;
            }
        }
        let number_max = self.best.number_max(asked.share_of(most));
        number_max.is_none_or(|max| rows.number(slot).is_some_and(|own| own <= max))
    }

    fn each(&self, kind: Kind, word: Word, tell: &mut impl FnMut(u16, Slot)) {
        let table = self.tables.postings.table(kind);
        for span in &self.spans {
            table.each(word.0, *span, tell);
        }
    }

    fn count<'w>(&self, kind: Kind, words: impl Iterator<Item = &'w Word>) -> usize {
        let table = self.tables.postings.table(kind);
        words.flat_map(|word| self.spans.iter().map(|span| table.count(word.0, *span))).sum()
    }

    /// A sieve of everybody who has one of the words.
    fn sieve(&self, kind: Kind, words: &[Word]) -> Sieve {
        let mut sieve = Sieve::new(self.count(kind, words.iter()));
        for word in words {
            self.each(kind, *word, &mut |_, slot| sieve.put(slot));
        }
        sieve
    }

    fn wait(&mut self, found: Vec<(i32, Waiter)>) {
        for (most, waiter) in found {
            self.waiting.put(most, waiter);
        }
    }

    fn may_live(&self, slot: Slot) -> bool {
        self.bounds.living.as_ref().is_some_and(|living| living.may_hold(slot))
    }

    fn outline(&self, slot: Slot) -> Option<Outline> {
        Some(self.tables.rows.outline(slot)).filter(|outline| *outline != Outline::NOBODY)
    }

    /// Born that day, or at that postcode: any name beside it that is at least loosely alike.
    fn of_day_and_postcode(&mut self, asked: &Asked) {
        let by_day = asked.born.day().map(List::Day);
        let by_home = postcode(asked, self.tables.lexicons);
        for list in [by_day, by_home].into_iter().flatten() {
            let mut slots = Vec::new();
            self.tables.postings.shortest(&[list], &mut slots);
            for slot in slots {
                let Some(outline) = self.outline(slot) else { continue };
                let bounds = &self.bounds;
                let by_surname = bounds.surname(outline).unwrap_or(bounds.surname_loose);
                let (by_forename, _) = bounds.forename(asked.naming.forename.as_ref(), outline);
                let (by_place, _) = bounds.place(outline, self.may_live(slot));
                let most = by_surname + by_forename + bounds.born_most + by_place + bounds.rest;
                let taken = Taken { forename: Some(by_forename), surname_loose: bounds.is_loose(outline) };
                self.waiting.put(most, (slot, taken));
            }
        }
    }

    /// Both names near, changed about. The shorter of the two lists tells who.
    fn of_changed_about(&mut self) {
        let Some(forenames) = &self.forenames else { return };
        let words = |of: &Weighed| {
            let mut words: Vec<Word> = of.iter().map(|(word, _)| *word).collect();
            words.sort_unstable();
            words
        };
        let (surnames, forenames) = (words(&self.surnames), words(forenames));
        if surnames.is_empty() || forenames.is_empty() {
            return;
        }
        let by_surname = self.count(Kind::Surnames, forenames.iter());
        let by_forename = self.count(Kind::Forenames, surnames.iter());
        let (kind, shorter) = if by_surname <= by_forename {
            (Kind::Surnames, &forenames)
        } else {
            (Kind::Forenames, &surnames)
        };
        let mut parts: Vec<usize> =
            forenames.iter().map(|word| part_of(*word)).chain([ANY_SURNAME]).collect();
        parts.sort_unstable();
        let is_near = |outline: Outline| match (kind, outline.forename()) {
            (Kind::Surnames, Told::One(word)) => surnames.binary_search(&word).is_ok(),
            (Kind::Surnames, Told::Any) => true,
            _ => parts.binary_search(&outline.surname()).is_ok(),
        };
        let most = self.bounds.surname_most + self.bounds.forename_most + self.bounds.rest;
        let mut found = Vec::new();
        for word in shorter {
            self.each(kind, *word, &mut |day, slot| {
                if let Some(outline) = self.outline(slot).filter(|outline| is_near(*outline)) {
                    let (by_place, _) = self.bounds.place(outline, self.may_live(slot));
                    // Its forename is compared with the surname: its word does not bound it.
                    found.push((most + self.bounds.born(day) + by_place, (slot, Taken::default())));
                }
            });
        }
        self.wait(found);
    }

    /// In the street, with a forename near or an initial, whatever the surname.
    fn of_street(&mut self, asked: &Asked) {
        let forename = asked.naming.forename.as_ref();
        if self.streets.is_empty() || forename.is_none() {
            return;
        }
        let forenames = self.forenames.iter().flatten().map(|(word, _)| word);
        let forename_is_shorter = self.forenames.is_some()
            && self.count(Kind::Forenames, forenames) < self.count(Kind::Streets, self.streets.iter());
        let mut found = Vec::new();
        let mut tell = |day: u16, slot: Slot| {
            let Some(outline) = self.outline(slot).filter(|_| self.may_live(slot)) else { return };
            let (by_forename, near) = self.bounds.forename(forename, outline);
            if near || self.forenames.is_none() {
                let (by_place, _) = self.bounds.place(outline, true);
                let by_surname = self.bounds.surname(outline).unwrap_or(self.bounds.surname_loose);
                let most = by_surname + by_forename + self.bounds.born(day) + by_place + self.bounds.rest;
                let surname_loose = self.bounds.is_loose(outline);
                found.push((most, (slot, Taken { forename: Some(by_forename), surname_loose })));
            }
        };
        if forename_is_shorter {
            self.forenames
                .iter()
                .flatten()
                .for_each(|(word, _)| self.each(Kind::Forenames, *word, &mut tell));
        } else {
            self.streets.iter().for_each(|word| self.each(Kind::Streets, *word, &mut tell));
        }
        self.wait(found);
    }

    /// Both names near, by the lists of the forename.
    fn of_forename(&mut self, asked: &mut Asked, judge: &mut Judge<'_>) {
        let beside = self.bounds.surname_most + self.bounds.place_most + self.bounds.rest;
        for (word, by_word) in self.forenames.clone().unwrap_or_default() {
            self.judge_down_to(by_word + beside, asked, judge);
            let needed = asked.weight_of(self.best.least());
            if by_word + beside < needed {
                break;
            }
            let mut found = Vec::new();
            self.each(Kind::Forenames, word, &mut |_, slot| {
                let Some(outline) = self.outline(slot) else { return };
                let Some(by_surname) = self.bounds.surname(outline) else { return };
                let (by_place, _) = self.bounds.place(outline, self.may_live(slot));
                let (by_forename, _) = self.bounds.forename(asked.naming.forename.as_ref(), outline);
                let most = by_surname + by_forename + by_place + self.bounds.rest;
                if most >= needed {
                    found.push((most, (slot, Taken::of(by_forename))));
                }
            });
            self.wait(found);
        }
    }

    /// Whoever has a forename near, and some more, where that is told sooner than by their outlines.
    fn called(&self) -> Option<Sieve> {
        let forenames: Vec<Word> = self.forenames.iter().flatten().map(|(word, _)| *word).collect();
        let by_forename = self.count(Kind::Forenames, forenames.iter());
        let by_surname = self.count(Kind::Surnames, self.surnames.iter().map(|(word, _)| word));
        (self.forenames.is_some() && by_forename / SIEVED_SHARE <= by_surname)
            .then(|| self.sieve(Kind::Forenames, &forenames))
    }

    /// The surname near, with a birth, a forename near or a place; only who is `called` so or lives in the street, where
    /// that is told.
    fn of_surname(&mut self, called: Option<&Sieve>, asked: &mut Asked, judge: &mut Judge<'_>) {
        let beside =
            self.bounds.forename_most + self.bounds.born_most + self.bounds.place_most + self.bounds.rest;
        let born_so = asked.born.possible() > 0;
        for (word, by_surname) in self.surnames.clone() {
            self.judge_down_to(by_surname + beside, asked, judge);
            let needed = asked.weight_of(self.best.least());
            if by_surname + beside < needed {
                break;
            }
            let mut found = Vec::new();
            self.each(Kind::Surnames, word, &mut |day, slot| {
                if called.is_some_and(|called| !called.may_hold(slot) && !self.may_live(slot)) {
                    return;
                }
                let by_born = self.bounds.born(day);
                if by_surname
                    + self.bounds.forename_most
                    + by_born
                    + self.bounds.place_most
                    + self.bounds.rest
                    < needed
                {
                    return;
                }
                let Some(outline) = self.outline(slot) else { return };
                let (by_place, near_place) = self.bounds.place(outline, self.may_live(slot));
                let (by_forename, near) = self.bounds.forename(asked.naming.forename.as_ref(), outline);
                let most = by_surname + by_forename + by_born + by_place + self.bounds.rest;
                if most >= needed && (born_so || near || near_place) {
                    found.push((most, (slot, Taken::of(by_forename))));
                }
            });
            self.wait(found);
        }
    }
}
