//! Where children come from, and the most that anybody there could score.
//!
//! | line of `judge::may_be_meant` | source |
//! |---|---|
//! | names changed about | [`From::ChangedAbout`] |
//! | the surname near, with a birth, a forename near or a place | [`From::Surname`], or both of [`From::Both`] and [`From::Rest`]; [`From::Homes`] |
//! | a forename near or an initial in the street | [`From::Street`] |
//! | the day | [`From::Day`] |
//! | the postcode | read at once: a handful |
//! | widely: a forename near and a birth, the surname alike in some letters | [`From::Called`] |
//!
//! A source bounds whoever no other source bounds better: whose surname is near is on a list of that, so that the day
//! and the street tell of the others.

use std::cmp::Ordering;

use super::{Ranking, TOGETHER, Weighed, reach::Reach, waiting::Names};
use crate::{
    candidates::postcode,
    judge::Asked,
    lexicon::Word,
    naming::SWAP_COST,
    outline::{Outline, Told},
    postings::Kind,
    sieve::Sieve,
    table::Slot,
    weight,
};

/// Longest list of a surname whose outlines are read before it is met with those of forenames.
const ALONE_MAX: usize = if cfg!(test) { 1 } else { 1_024 };

/// Most sieves of surnames that are kept: while one class of days is read, others wait their turn.
/// Of a hundred thousand a quarter of a megabyte each, and never more than two.
const MET_MAX: usize = 16;

/// Reading an outline costs as much as looking at so many on a list.
pub(super) const OUTLINE_COST: usize = 8;

/// Children, with the most that anybody among them could score.
pub(super) struct Source {
    pub(super) most: i32,
    from: From,
}

pub(super) enum From {
    Day,
    ChangedAbout(Reach),
    Street,
    Called(Reach),
    Homes,
    /// Whoever has a surname and was born in a class of days; by their places among both.
    Surname {
        word: usize,
        class: usize,
        reach: Reach,
    },
    /// Of those, not in the vicinity where that was read before, who has a forename too.
    Both {
        word: usize,
        class: usize,
        forename: usize,
    },
    /// Of those, who has no forename near.
    Rest {
        word: usize,
        class: usize,
    },
}

/// Of whom a list tells.
#[derive(PartialEq, Eq)]
enum Among {
    /// Everybody who has the surname.
    All,
    /// Whoever has a forename near, and that surname or more than an outline tells.
    Both(Word),
    /// Whoever has none near: those who have are told by another list.
    Rest,
}

impl PartialEq for Source {
    fn eq(&self, other: &Source) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Source {}

impl PartialOrd for Source {
    fn partial_cmp(&self, other: &Source) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Source {
    fn cmp(&self, other: &Source) -> Ordering {
        self.most.cmp(&other.most)
    }
}

impl Ranking<'_> {
    /// Opens every source, the lists of surnames one after another.
    pub(super) fn begin(&mut self, asked: &Asked) {
        self.of_postcode(asked);
        let bounds = &self.bounds;
        let unplaced = bounds.born_most + bounds.rest;
        let beside = unplaced + self.places.most;
        let by_names = bounds.surname_loose + bounds.forename_most;
        let about = (bounds.surname_most + bounds.forename_most - SWAP_COST)
            .max(bounds.surname_most + bounds.forename_loose)
            .max(by_names);
        if asked.born.day().is_some() {
            self.open(by_names + beside, From::Day);
        }
        if !self.streets.is_empty() && asked.naming.forename.is_some() {
            self.open(by_names + beside, From::Street);
        }
        if !self.surnames.is_empty() && self.forenames.is_some() {
            for reach in self.reaches() {
                self.open(about + unplaced + self.place_most(*reach), From::ChangedAbout(*reach));
            }
        }
        if self.is_by_streets(asked) {
            let most = self.bounds.surname_most + self.bounds.forename_most + beside;
            // In another street a place scores nothing.
            self.far = Some(0);
            self.open(most, From::Homes);
        }
        self.tables.postings.table(Kind::Surnames).fetch(self.surnames.iter().map(|(word, _)| word.0));
        for reach in self.reaches() {
            if self.forenames.is_some() || self.may_mean_without_forename(asked, *reach) {
                self.open_surname(0, 0, *reach);
            }
        }
    }

    pub(super) fn open(&mut self, most: i32, from: From) {
        self.sources.push(Source { most, from });
    }

    fn open_surname(&mut self, word: usize, class: usize, reach: Reach) {
        let (Some((_, by_surname)), Some(born)) = (self.surnames.get(word), self.classes.get(class)) else {
            return;
        };
        let most =
            by_surname + self.bounds.forename_most + born.most + self.place_most(reach) + self.bounds.rest;
        self.open(most, From::Surname { word, class, reach });
    }

    fn open_both(&mut self, word: usize, class: usize, forename: usize) {
        let by_forename = self.forenames.as_ref().and_then(|words| words.get(forename));
        let (Some((_, by_forename)), Some((_, by_surname)), Some(born)) =
            (by_forename, self.surnames.get(word), self.classes.get(class))
        else {
            return;
        };
        let by_place = self.place_most(self.farthest());
        let most = by_surname + by_forename + born.most + by_place + self.bounds.rest;
        self.open(most, From::Both { word, class, forename });
    }

    /// Lets everybody in a source wait who could be among the best.
    pub(super) fn read(&mut self, source: &Source, asked: &Asked) {
        match source.from {
            From::Day => self.of_day(asked),
            From::ChangedAbout(reach) => self.of_changed_about(asked, reach),
            From::Street => self.of_street(asked),
            From::Called(reach) => self.of_called(asked, reach),
            From::Homes => self.of_homes(asked),
            From::Surname { word, class, reach } => self.of_surname(asked, (word, class), reach),
            From::Both { word, class, forename } => self.of_both(asked, word, class, forename),
            From::Rest { word, class } => self.of_rest(asked, word, class),
        }
    }

    /// At that postcode: any name beside it that is at least loosely alike.
    fn of_postcode(&mut self, asked: &Asked) {
        let Some(list) = postcode(asked, self.tables.lexicons) else { return };
        let mut slots = Vec::new();
        self.tables.postings.shortest(&[list], &mut slots);
        let found: Vec<(u16, Slot)> = slots.into_iter().map(|slot| (u16::MAX, slot)).collect();
        let lexicons = self.tables.lexicons;
        self.wait(&found, self.needed(asked), |ranking, day, slot, outline| {
            let bounds = &ranking.bounds;
            let (by_forename, _) = bounds.forename(asked, outline, lexicons);
            let (by_place, _) =
                ranking.places.most_of((asked, &lexicons.codes), day, outline, ranking.places.may_live(slot));
            // Its surname may be near: that is on no list of its own where places are met by others.
            let most =
                bounds.surname_most.max(bounds.surname_loose) + by_forename + bounds.born_most + by_place;
            Some((most + bounds.rest, Names { forename: Some(by_forename), surname_loose: None }))
        });
    }

    /// Both names near, changed about. The shorter of the two lists tells who.
    fn of_changed_about(&mut self, asked: &Asked, reach: Reach) {
        let words = |of: &Weighed| of.iter().map(|(word, _)| *word).collect::<Vec<Word>>();
        let surnames = words(&self.surnames);
        let forenames = self.forenames.as_ref().map(words).unwrap_or_default();
        let by_surname = self.count(Kind::Surnames, forenames.iter());
        let by_forename = self.count(Kind::Forenames, surnames.iter());
        let mut lists = [(Kind::Surnames, &forenames, by_surname), (Kind::Forenames, &surnames, by_forename)];
        lists.sort_unstable_by_key(|(.., count)| *count);
        let [(kind, shorter, _), longer] = lists;
        let mut found = Vec::new();
        for word in shorter {
            self.each(kind, *word, &mut |day, slot| {
                if self.is_within(reach, day, slot) {
                    found.push((day, slot));
                }
            });
        }
        if longer.2 < found.len() * OUTLINE_COST {
            // Who is on both lists is told sooner by the other list than by outlines.
            let sieve = Sieve::of(found.drain(..).map(|(_, slot)| slot));
            for word in longer.1 {
                self.each(longer.0, *word, &mut |day, slot| {
                    if sieve.may_hold(slot) {
                        found.push((day, slot));
                    }
                });
            }
        }
        let lexicons = self.tables.lexicons;
        self.wait(&found, self.needed(asked), |ranking, day, slot, outline| {
            let bounds = &ranking.bounds;
            let (by_place, _) =
                ranking.places.most_of((asked, &lexicons.codes), day, outline, ranking.places.may_live(slot));
            let most = bounds.about(asked, outline, lexicons)? + bounds.born(day)? + by_place + bounds.rest;
            // Its forename is compared with the surname: its word does not bound it.
            Some((most, Names::default()))
        });
    }

    /// Whoever has a surname and was born within a class of days, or, where the list is short, on any day and
    /// wherever they live.
    fn of_surname(&mut self, asked: &Asked, (place, class): (usize, usize), reach: Reach) {
        if class == 0 && reach == Reach::Elsewhere {
            // Short lists were read whole for the vicinity.
            let short = self.surnames.iter().skip(place);
            let short = short.take_while(|(word, _)| self.is_short(Kind::Surnames, *word)).count();
            if short > 0 {
                return self.open_surname(place + short, 0, reach);
            }
            self.open_surname(place + 1, 0, reach);
        } else if class == 0 {
            let (found, next) = self.of_short(place);
            self.open_surname(next.max(place + 1), 0, reach);
            if next > place {
                return self.wait_named(&found, asked, place, &Among::All);
            }
        }
        let Some((word, _)) = self.surnames.get(place).copied() else { return };
        self.open_surname(place, class + 1, reach);
        let Some(born) = self.classes.get(class) else { return };
        let count = self.count_within(Kind::Surnames, word, &born.spans);
        let forename = self.forenames.iter().flatten().next();
        let met = forename.filter(|(forename, _)| {
            reach != Reach::Vicinity
                && count > ALONE_MAX
                && self.count_within(Kind::Forenames, *forename, &born.spans) < count * OUTLINE_COST
        });
        if met.is_none() {
            let found = self.born_within(word, class, reach);
            return self.wait_named(&found, asked, place, &Among::All);
        }
        let (by_surname, by_born) = (self.surnames.get(place).map_or(0, |(_, most)| *most), born.most);
        self.open_both(place, class, 0);
        if self.may_mean_without_forename(asked, reach) {
            let by_names = by_surname + self.bounds.forename_loose;
            let most = by_names + by_born + self.place_most(reach) + self.bounds.rest;
            self.open(most, From::Rest { word: place, class });
        }
    }

    /// Whoever has one of the surnames with short lists that score alike, from a place on; and the place after them.
    fn of_short(&self, place: usize) -> (Vec<(u16, Slot)>, usize) {
        let by_surname = self.surnames.get(place).map(|(_, most)| *most);
        let (mut found, mut next) = (Vec::new(), place);
        for (word, most) in self.surnames.iter().skip(place) {
            if Some(*most) != by_surname || found.len() >= TOGETHER || !self.is_short(Kind::Surnames, *word) {
                break;
            }
            self.each(Kind::Surnames, *word, &mut |day, slot| found.push((day, slot)));
            next += 1;
        }
        (found, next)
    }

    /// Whoever has a surname and was born within a class of days.
    fn born_within(&self, word: Word, class: usize, reach: Reach) -> Vec<(u16, Slot)> {
        let mut found = Vec::new();
        if let Some(born) = self.classes.get(class) {
            self.each_within(Kind::Surnames, word, &born.spans, &mut |day, slot| {
                if self.is_within(reach, day, slot) {
                    found.push((day, slot));
                }
            });
        }
        found
    }

    /// Whoever has both a surname and a forename.
    fn of_both(&mut self, asked: &Asked, place: usize, class: usize, forename: usize) {
        self.open_both(place, class, forename + 1);
        let called = self.forenames.as_ref().and_then(|words| words.get(forename)).copied();
        let (Some((surname, _)), Some((called, _))) = (self.surnames.get(place).copied(), called) else {
            return;
        };
        if !self.met.contains_key(&(place, class)) {
            if self.met.len() >= MET_MAX {
                self.met.clear();
            }
            let named = self.born_within(surname, class, self.farthest());
            self.met.insert((place, class), Sieve::of(named.iter().map(|(_, slot)| *slot)));
        }
        let mut found = Vec::new();
        if let (Some(sieve), Some(born)) = (self.met.get(&(place, class)), self.classes.get(class)) {
            self.each_within(Kind::Forenames, called, &born.spans, &mut |day, slot| {
                if sieve.may_hold(slot) {
                    found.push((day, slot));
                }
            });
        }
        self.wait_named(&found, asked, place, &Among::Both(surname));
    }

    /// Whoever has a surname and no forename near.
    fn of_rest(&mut self, asked: &Asked, place: usize, class: usize) {
        let Some((word, _)) = self.surnames.get(place).copied() else { return };
        let found = self.born_within(word, class, self.farthest());
        self.wait_named(&found, asked, place, &Among::Rest);
    }

    /// Lets those wait who have a surname, with a birth, a forename near or a place.
    fn wait_named(&mut self, found: &[(u16, Slot)], asked: &Asked, place: usize, among: &Among) {
        let born_so = asked.born.possible() > 0;
        let by_surname = self.surnames.get(place).map_or(0, |(_, most)| *most);
        let lexicons = self.tables.lexicons;
        self.wait(found, self.needed(asked), |ranking, day, slot, outline: Outline| {
            if let (Among::Both(only), Told::One(word)) = (among, outline.surname())
                && *only != word
            {
                return None;
            }
            let bounds = &ranking.bounds;
            let by_born = bounds.born(day)?;
            // Of one surname alone it is known how near it is; one by which nobody is listed for a search is not near.
            let own = asked.naming.surname.as_ref()?.most_if_near(outline.surname(), weight::SURNAME)?;
            let by_surname = by_surname.min(own);
            let (by_forename, near) = match bounds.forename(asked, outline, lexicons) {
                (most, _) if *among == Among::Rest => (most.min(bounds.forename_loose), false),
                known => known,
            };
            let (by_place, near_place) =
                ranking.places.most_of((asked, &lexicons.codes), day, outline, ranking.places.may_live(slot));
            let most = by_surname + by_forename + by_born + by_place + bounds.rest;
            (born_so || near || near_place)
                .then_some((most, Names { forename: Some(by_forename), surname_loose: None }))
        });
    }
}
