//! A fuzzy search of many: who could fit best is judged first, and who cannot fit well enough any more never.
//!
//! Of the names and the day under which a child is listed it is known what it could score at most, before its row is
//! read. Once as many children are found as are wanted, nobody is judged who could not be among them: the answer is the same
//! as if everybody were judged. Where a line of `judge::may_be_meant` wants two things, the lists of both are met.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap, HashSet},
};

use crate::{
    candidates::postcode,
    facts::Lexicons,
    judge::{Asked, Verdict},
    lexicon::Word,
    naming::AskedName,
    postings::{Kind, List, Postings},
    sieve::Sieve,
    table::{Slot, Span},
    weight,
};

/// Who is to be judged, by what they could score at most.
#[derive(Default)]
struct Waiting(BTreeMap<Reverse<i32>, Vec<Slot>>);

impl Waiting {
    fn put(&mut self, most: i32, slot: Slot) {
        self.0.entry(Reverse(most)).or_default().push(slot);
    }
}

/// The best found so far.
struct Best {
    wanted: usize,
    found: BinaryHeap<Reverse<(bool, i32)>>,
}

impl Best {
    fn note(&mut self, verdict: Verdict) {
        self.found.push(Reverse((verdict.exact, verdict.share)));
        if self.found.len() > self.wanted {
            self.found.pop();
        }
    }

    /// The share below which nobody is found any more.
    fn least(&self) -> i32 {
        match self.found.peek() {
            Some(Reverse((_, share))) if self.found.len() >= self.wanted => *share,
            _ => weight::SHARE_MIN,
        }
    }
}

/// Words with what each could score at most.
type Weighed = Vec<(Word, i32)>;

/// One search.
struct Ranking<'a> {
    postings: &'a Postings,
    spans: Vec<Span>,
    /// What a child filed under a day could score by it, by the day; empty where nothing is asked of birth.
    born: Vec<i32>,
    surnames: Option<Weighed>,
    forenames: Option<Weighed>,
    streets: Option<Vec<Word>>,
    /// What is scored at most by what no list tells: places and gender.
    rest: i32,
    /// What a forename could score that is near, and one that is not.
    forename: i32,
    forename_loose: i32,
    surname_loose: i32,
}

/// Judges everybody who may be among the best. `judge` answers a slot's verdict.
///
/// For a fuzzy search without a child number whose criteria are enough.
pub(crate) fn judge_best(
    asked: &mut Asked,
    lexicons: &Lexicons,
    postings: &Postings,
    wanted: usize,
    judge: &mut dyn FnMut(&mut Asked, Slot) -> Option<Verdict>,
) {
    let ranking = Ranking::of(asked, lexicons, postings);
    let (mut waiting, mut best, mut judged) =
        (Waiting::default(), Best { wanted, found: BinaryHeap::new() }, HashSet::new());
    let mut run = |those: Waiting, found: &mut Best, by: &mut Asked| {
        for (Reverse(most), mut slots) in those.0 {
            if by.share_of(most) < found.least() {
                break;
            }
            slots.sort_unstable();
            slots.dedup();
            for slot in slots.into_iter().filter(|slot| judged.insert(*slot)) {
                if let Some(verdict) = judge(by, slot) {
                    found.note(verdict);
                }
            }
        }
    };
    let by_day = asked.born.day().map(List::Day);
    let by_home = postcode(asked, lexicons);
    ranking.of_both_names(&mut waiting);
    ranking.of_street(&mut waiting);
    for list in [by_day, by_home].into_iter().flatten() {
        let mut slots = Vec::new();
        postings.shortest(&[list], &mut slots);
        let most = ranking.surname_loose + ranking.forename + asked.born.possible() + ranking.rest;
        for slot in slots {
            waiting.put(most, slot);
        }
    }
    run(waiting, &mut best, asked);
    // One near name alone means a child only beside a birth or a place.
    if asked.born.possible() > 0 || !asked.whereabouts.is_street_alone() {
        run(ranking.of_surname(asked.weight_of(best.least())), &mut best, asked);
    }
}

impl<'a> Ranking<'a> {
    fn of(asked: &mut Asked, lexicons: &Lexicons, postings: &'a Postings) -> Ranking<'a> {
        let spans = asked.born.spans();
        let near = |name: Option<&AskedName>| name.and_then(|name| name.near_words(&lexicons.names));
        let (surname, forename) = (near(asked.naming.surname.as_ref()), near(asked.naming.forename.as_ref()));
        let mut born = Vec::new();
        if asked.born.possible() > 0 {
            born.resize(usize::from(u16::MAX) + 1, 0);
            for day in spans.iter().flat_map(|(from, to)| *from..=*to) {
                if let Some(most) = born.get_mut(usize::from(day)) {
                    *most = asked.born.most_if_filed(day);
                }
            }
        }
        let rest = asked.possible() - asked.naming.possible() - asked.born.possible();
        let loose = |name: Option<&AskedName>, full| name.map_or(0, |name| name.most_if_loose(full));
        let surname_loose = loose(asked.naming.surname.as_ref(), weight::SURNAME);
        let forename_loose = loose(asked.naming.forename.as_ref(), weight::FORENAME);
        let whole = asked.naming.possible();
        let weigh = |name: &mut Option<AskedName>, words: Option<Vec<Word>>, full| {
            Some(name.as_mut()?.most_by_word(&words?, &lexicons.names, full))
        };
        let surnames = weigh(&mut asked.naming.surname, surname, weight::SURNAME);
        let forenames = weigh(&mut asked.naming.forename, forename, weight::FORENAME);
        let by_surname = if asked.naming.surname.is_some() { weight::SURNAME } else { 0 };
        Ranking {
            postings,
            spans,
            born,
            surnames,
            forenames,
            streets: asked.whereabouts.street().map(|street| lexicons.streets.near(street)),
            rest,
            forename: whole - by_surname,
            forename_loose,
            surname_loose,
        }
    }

    fn born(&self, day: u16) -> i32 {
        self.born.get(usize::from(day)).copied().unwrap_or_default()
    }

    fn each(&self, kind: Kind, word: Word, tell: &mut impl FnMut(u16, Slot)) {
        let table = self.postings.table(kind);
        for span in &self.spans {
            table.each(word.0, *span, tell);
        }
    }

    /// A sieve of everybody who has one of the words.
    fn sieve(&self, kind: Kind, words: impl Iterator<Item = Word> + Clone) -> Sieve {
        let table = self.postings.table(kind);
        let counts =
            words.clone().flat_map(|word| self.spans.iter().map(move |span| table.count(word.0, *span)));
        let mut sieve = Sieve::new(counts.sum());
        for word in words {
            self.each(kind, word, &mut |_, slot| sieve.put(slot));
        }
        sieve
    }

    /// Both names near, straight or changed about. Who is so changed about scores no more than who is not.
    fn of_both_names(&self, waiting: &mut Waiting) {
        let (Some(surnames), Some(forenames)) = (&self.surnames, &self.forenames) else { return };
        for (as_surname, as_forename) in
            [(Kind::Surnames, Kind::Forenames), (Kind::Forenames, Kind::Surnames)]
        {
            let near = self.sieve(as_forename, forenames.iter().map(|(word, _)| *word));
            for (word, most) in surnames {
                self.each(as_surname, *word, &mut |day, slot| {
                    if near.may_hold(slot) {
                        waiting.put(most + self.forename + self.born(day) + self.rest, slot);
                    }
                });
            }
        }
    }

    /// The street near, and a name or an initial.
    fn of_street(&self, waiting: &mut Waiting) {
        let Some(streets) = &self.streets else { return };
        let living = self.sieve(Kind::Streets, streets.iter().copied());
        for (word, most) in self.surnames.iter().flatten() {
            self.each(Kind::Surnames, *word, &mut |day, slot| {
                if living.may_hold(slot) {
                    waiting.put(most + self.forename + self.born(day) + self.rest, slot);
                }
            });
        }
        let most = self.surname_loose + self.forename + self.rest;
        match &self.forenames {
            Some(forenames) => {
                for (word, _) in forenames {
                    self.each(Kind::Forenames, *word, &mut |day, slot| {
                        if living.may_hold(slot) {
                            waiting.put(most + self.born(day), slot);
                        }
                    });
                }
            }
            None if self.forename > 0 => {
                for street in streets {
                    self.each(Kind::Streets, *street, &mut |day, slot| {
                        waiting.put(most + self.born(day), slot);
                    });
                }
            }
            None => (),
        }
    }

    /// The surname near, whatever the forename; whoever could not score `needed` is left out.
    fn of_surname(&self, needed: i32) -> Waiting {
        let mut waiting = Waiting::default();
        // Who has both names near was judged before; without a list of forenames any may be.
        let forename = if self.forenames.is_some() { self.forename_loose } else { self.forename };
        for (word, by_name) in self.surnames.iter().flatten() {
            let most = by_name + forename + self.rest;
            if most + self.born.iter().copied().max().unwrap_or_default() < needed {
                continue;
            }
            self.each(Kind::Surnames, *word, &mut |day, slot| {
                let most = most + self.born(day);
                if most >= needed {
                    waiting.put(most, slot);
                }
            });
        }
        waiting
    }
}
