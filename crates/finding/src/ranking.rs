//! A fuzzy search of many: who could fit best is judged first, and who cannot fit well enough any more never.
//!
//! Children come from sources, each with the most that anybody in it could score, and are read off the best source
//! first. Of each child its outline tells what it could score at most, before its row is read; it waits until nobody
//! else could score more, and is judged then. Once as many are found as are counted, no source and no row is read that
//! could not change the best: the answer is the same as if everybody were judged.
//!
//! Every line of `judge::may_be_meant` is answered by a source: see [`sources`].

mod beside;
mod bounds;
mod classes;
mod homes;
mod places;
mod reach;
mod sources;
mod waiting;

use std::collections::{BinaryHeap, HashMap};

use bounds::Bounds;
use classes::Class;
use places::Places;
use sources::Source;
use waiting::{Best, Names, Waiter, Waiting};

use crate::{
    facts::Lexicons,
    index::Wanted,
    judge::{Asked, Verdict},
    lexicon::Word,
    naming::AskedName,
    numbered::SlotSet,
    outline::Outline,
    postings::{Kind, Postings},
    rows::Rows,
    sieve::Sieve,
    sight::FieldSet,
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

/// Looking a span of days up on a list costs as much as so many days on it.
const SPAN_COST: usize = if cfg!(test) { 1 } else { 16 };

/// Outlines that are fetched together: waiting for memory, they wait at once.
const TOGETHER: usize = 128;

/// One search.
struct Ranking<'a> {
    tables: Tables<'a>,
    classes: Vec<Class>,
    surnames: Weighed,
    /// None where no forename is told in full.
    forenames: Option<Weighed>,
    streets: Vec<Word>,
    bounds: Bounds,
    places: Places,
    sources: BinaryHeap<Source>,
    /// The most that places could score of whoever is near none, where those near one have a source of their own.
    far: Option<i32>,
    /// Whoever has a surname and was born in a class of days, by the places of both, whose list is met with forenames.
    met: HashMap<(usize, usize), Sieve>,
    waiting: Waiting,
    best: Best,
    /// Who is meant widely and was judged already; none once they count.
    aside: Option<Vec<(Verdict, u64)>>,
    judged: SlotSet,
}

/// Judges a slot; tells of one that can be meant the verdict and the child number without its check digit.
pub(crate) type Judge<'a> = dyn FnMut(&mut Asked, Slot) -> Option<(Verdict, u64)> + 'a;

/// Judges everybody who may be among the best.
///
/// For a fuzzy search without a child number whose criteria are enough.
///
/// `plain` is what may be matched on of a child under 18 that is neither shielded nor archived.
pub(crate) fn judge_best(
    asked: &mut Asked,
    tables: Tables<'_>,
    (wanted, plain): (Wanted, FieldSet),
    judge: &mut Judge<'_>,
) {
    let mut ranking = Ranking::of(asked, tables, wanted, plain);
    ranking.begin(asked);
    loop {
        let next = ranking.sources.peek().map_or(0, |source| source.most);
        ranking.judge_down_to(next, asked, judge);
        if ranking.best.are_settled(asked.share_of(next)) {
            // The others are only counted: whoever waits is as good as anybody whom another source would tell of.
            ranking.judge_down_to(i32::MIN, asked, judge);
        }
        let needed = ranking.needed(asked);
        match ranking.sources.pop() {
            Some(source) if source.most >= needed => ranking.read(&source, asked),
            Some(_) | None if ranking.widen(asked) => (),
            Some(_) | None => return,
        }
    }
}

impl<'a> Ranking<'a> {
    fn of(asked: &mut Asked, tables: Tables<'a>, wanted: Wanted, plain: FieldSet) -> Ranking<'a> {
        let names = &tables.lexicons.names;
        let weigh = |name: &mut Option<AskedName>, full| name.as_mut()?.near_weighed(names, full);
        let surnames = weigh(&mut asked.naming.surname, weight::SURNAME).unwrap_or_default();
        let forenames = weigh(&mut asked.naming.forename, weight::FORENAME);
        let streets = asked.whereabouts.know_near(tables.lexicons);
        let bounds = Bounds::of(asked, tables.lexicons, &surnames);
        let mut ranking = Ranking {
            tables,
            classes: bounds.classes(asked),
            bounds,
            places: Places::of(asked, plain),
            surnames,
            forenames,
            streets,
            sources: BinaryHeap::new(),
            far: None,
            met: HashMap::new(),
            waiting: Waiting::default(),
            best: Best::new(wanted),
            aside: Some(Vec::new()),
            judged: SlotSet::default(),
        };
        if asked.whereabouts.street().is_some() {
            ranking.places.living = Some(ranking.sieve(Kind::Streets, &ranking.streets));
        }
        ranking
    }

    /// What a child must score to be among the best.
    fn needed(&self, asked: &Asked) -> i32 {
        asked.weight_of(self.best.least())
    }

    /// Judges those who wait and could score `floor` or more, the best first, as far as they may be among the best.
    fn judge_down_to(&mut self, floor: i32, asked: &mut Asked, judge: &mut Judge<'_>) {
        loop {
            let least = self.needed(asked);
            let Some((most, waiters)) = self.waiting.next(floor.max(least)) else { return };
            for waiter in waiters {
                if let Some(closer) = self.closer(most, waiter, asked) {
                    let names = Names::default();
                    self.waiting.put(closer, Waiter { names, ..waiter });
                } else if !self.is_beyond(most, waiter, asked)
                    && self.judged.insert(waiter.slot)
                    && let Some((verdict, number)) = judge(asked, waiter.slot)
                {
                    match &mut self.aside {
                        Some(aside) if verdict.widely => aside.push((verdict, number)),
                        Some(_) | None => self.best.note(verdict, number),
                    }
                }
            }
        }
    }

    /// Tells whether a child certainly comes after all who are wanted.
    fn is_beyond(&self, most: i32, waiter: Waiter, asked: &Asked) -> bool {
        self.best.is_beyond(asked.share_of(most), waiter.day, || self.tables.rows.number(waiter.slot))
    }

    /// Opens the source of those who are meant widely, where nobody is found without them; once.
    fn widen(&mut self, asked: &Asked) -> bool {
        let found = self.best.any();
        let Some(aside) = self.aside.take().filter(|_| !found) else { return false };
        for (verdict, number) in aside {
            self.best.note(verdict, number);
        }
        self.open_called(asked);
        true
    }

    /// What a child could score with its names compared, where that is less.
    fn closer(&self, most: i32, waiter: Waiter, asked: &mut Asked) -> Option<i32> {
        if waiter.names == Names::default() || self.is_beyond(most, waiter, asked) {
            return None;
        }
        let closer = most - waiter.names.taken() + self.bounds.compared(&waiter, asked, self.tables);
        (closer < most).then_some(closer)
    }

    fn each_within(&self, kind: Kind, word: Word, spans: &[Span], tell: &mut impl FnMut(u16, Slot)) {
        let table = self.tables.postings.table(kind);
        for span in spans {
            table.each(word.0, *span, tell);
        }
    }

    /// Tells of everybody who has a word and was born within what is asked.
    fn each(&self, kind: Kind, word: Word, tell: &mut impl FnMut(u16, Slot)) {
        if self.is_short(kind, word) {
            let table = self.tables.postings.table(kind);
            return table.each_marked(word.0, |day| self.bounds.may_be_born(day), tell);
        }
        self.classes.iter().for_each(|class| self.each_within(kind, word, &class.spans, tell));
    }

    /// Tells whether a list is read through sooner than the days are looked up on it.
    fn is_short(&self, kind: Kind, word: Word) -> bool {
        let spans = self.classes.iter().map(|class| class.spans.len()).sum::<usize>();
        self.tables.postings.table(kind).count(word.0, WHOLE) <= spans * SPAN_COST
    }

    fn count_within(&self, kind: Kind, word: Word, spans: &[Span]) -> usize {
        let table = self.tables.postings.table(kind);
        spans.iter().map(|span| table.count(word.0, *span)).sum()
    }

    /// How many have one of the words, whenever born.
    fn count<'w>(&self, kind: Kind, words: impl Iterator<Item = &'w Word>) -> usize {
        let table = self.tables.postings.table(kind);
        words.map(|word| table.count(word.0, WHOLE)).sum()
    }

    /// A sieve of everybody who has one of the words.
    fn sieve(&self, kind: Kind, words: &[Word]) -> Sieve {
        let mut sieve = Sieve::new(self.count(kind, words.iter()));
        for word in words {
            self.each(kind, *word, &mut |_, slot| sieve.put(slot));
        }
        sieve
    }

    /// Lets those wait of whom `bound` tells what they could score, by their outlines.
    fn wait(
        &mut self,
        found: &[(u16, Slot)],
        needed: i32,
        bound: impl Fn(&Ranking<'_>, u16, Slot, Outline) -> Option<(i32, Names)>,
    ) {
        let mut outlines = Vec::with_capacity(TOGETHER);
        let mut waiters = Vec::new();
        for some in found.chunks(TOGETHER) {
            outlines.clear();
            outlines.extend(some.iter().map(|(_, slot)| self.tables.rows.outline(*slot)));
            for ((day, slot), outline) in some.iter().zip(&outlines) {
                if *outline != Outline::NOBODY
                    && let Some((most, names)) = bound(self, *day, *slot, *outline)
                    && most >= needed
                {
                    waiters.push((most, Waiter { slot: *slot, day: *day, outline: *outline, names }));
                }
            }
        }
        self.tables.rows.fetch(waiters.iter().map(|(_, waiter)| waiter.slot));
        for (most, waiter) in waiters {
            self.waiting.put(most, waiter);
        }
    }
}
