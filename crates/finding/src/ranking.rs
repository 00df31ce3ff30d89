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
mod waiting;

use bounds::Bounds;
use waiting::{Best, Waiter, Waiting};

use crate::{
    candidates::postcode,
    codes::CodeId,
    facts::Lexicons,
    judge::{Asked, Verdict},
    lexicon::Word,
    naming::AskedName,
    numbered::SlotSet,
    outline::{ANY_SURNAME, Outline, Told, part_of},
    postings::{Kind, List, Postings},
    rows::Rows,
    sieve::Sieve,
    table::{Slot, Span, WHOLE},
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

/// Most postcodes whose lists are read for the sake of their outcodes.
const CODES_MAX: usize = 4_096;

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
        Some(_) | None => ranking.of_surname(asked, judge),
    }
    ranking.judge_down_to(0, asked, judge);
}

impl<'a> Ranking<'a> {
    fn of(asked: &mut Asked, tables: Tables<'a>, wanted: usize) -> Ranking<'a> {
        let names = &tables.lexicons.names;
        let weigh = |name: &mut Option<AskedName>, full| {
            let name = name.as_mut()?;
            let words = name.near_words(names)?;
            let mut weighed = name.most_by_word(&words, names, full);
            weighed.sort_by_key(|(_, most)| std::cmp::Reverse(*most));
            Some(weighed)
        };
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
                .map_or(Vec::new(), |street| tables.lexicons.streets.near(street)),
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
            for (slot, by_forename) in waiters {
                let outline = self.tables.rows.outline(slot);
                let forename = asked.naming.forename.as_mut();
                let by_word = self.bounds.forename_of(forename, outline, self.tables.lexicons);
                let share = asked.share_of(by_forename.map_or(most, |taken| most - taken + by_word));
                let number_max = self.best.number_max(share);
                if share < self.best.least()
                    || number_max.is_some_and(|max| self.tables.rows.number(slot).is_none_or(|own| own > max))
                    || !self.judged.insert(slot)
                {
                    continue;
                }
                if let Some((verdict, number)) = judge(asked, slot) {
                    self.best.note(verdict, number);
                }
            }
        }
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
                self.waiting.put(most, (slot, Some(by_forename)));
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
                    found.push((most + self.bounds.born(day) + by_place, (slot, None)));
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
                found.push((most, (slot, Some(by_forename))));
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

    /// The lists that hold everybody who is near a place, where there are such lists and the surname alone means
    /// nobody: with neither a birth nor a town.
    fn near_homes(&self, asked: &Asked) -> Option<Vec<Home>> {
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
    fn is_shorter(&self, homes: &[Home]) -> bool {
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
    fn of_homes(&mut self, asked: &Asked, homes: &[Home]) {
        let mut found = Vec::new();
        for home in homes {
            self.each_home(*home, &mut |_, slot| {
                let Some(outline) = self.outline(slot) else { return };
                let Some(by_surname) = self.bounds.surname(outline) else { return };
                let (by_forename, _) = self.bounds.forename(asked.naming.forename.as_ref(), outline);
                let (by_place, _) = self.bounds.place(outline, self.may_live(slot));
                found.push((
                    by_surname + by_forename + by_place + self.bounds.rest,
                    (slot, Some(by_forename)),
                ));
            });
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
                    found.push((most, (slot, Some(by_forename))));
                }
            });
            self.wait(found);
        }
    }

    /// The surname near, with a birth, a forename near or a place.
    fn of_surname(&mut self, asked: &mut Asked, judge: &mut Judge<'_>) {
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
                    found.push((most, (slot, Some(by_forename))));
                }
            });
            self.wait(found);
        }
    }
}

/// A list of those who live near.
#[derive(Clone, Copy)]
enum Home {
    Street(Word),
    Code(CodeId),
}
