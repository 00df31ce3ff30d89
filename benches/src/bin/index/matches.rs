//! Records of a feed that each mean a child of the directory, weighed one at a time.

use std::time::Duration;

use benches::{Draws, as_figure, now, on_core};
use chrono::Days;
use finding::{Index, matcher::Matcher};
use linkage::{
    choose::LINK,
    model::Model,
    person::{Person, Told},
};
use population::Population;

use crate::{Arguments, invented, milliseconds};

/// What is done to a record.
pub(crate) const KINDS: [&str; 7] = [
    "as held",
    "surname misspelt",
    "forename misspelt",
    "moved",
    "born another day",
    "names changed about",
    "no day",
];

/// Weighs records and tells how long each took, and how many were linked to the child they mean.
pub(crate) fn measure(index: &Index, england: &Population, arguments: &Arguments) {
    let matcher = Matcher::new(Model::children());
    let mut draws = Draws(7);
    let (mut all, mut whole): (Vec<Duration>, Vec<Duration>) = (Vec::new(), Vec::new());
    println!("matches, one at a time, three in four without an identifier:");
    for kind in 0..KINDS.len() {
        let (mut first, mut linked, mut wrong, mut times) = (0_u64, 0_u64, 0_u64, Vec::new());
        let each = arguments.records / 7;
        for _ in 0..each {
            let meant = draws.next_bits() % arguments.children;
            let other = england.child(draws.next_bits() % arguments.children);
            let told =
                changed(invented::told(&england.child(meant)), kind, invented::told(&other), &mut draws);
            let (began, core) = (now(), on_core());
            let candidates = matcher.candidates(index, &Person::of(&told));
            times.push(on_core().saturating_sub(core));
            whole.push(began.elapsed());
            let Some(best) = candidates.first() else { continue };
            let right = best.child == invented::child(meant);
            first += u64::from(right);
            let links = best.probability() >= LINK && !best.pattern.asks();
            linked += u64::from(right && links);
            wrong += u64::from(!right && links);
        }
        let share = |count: u64| as_figure(count) / as_figure(each.max(1));
        println!(
            "  {:<20} first {:.3}, linked {:.3}, wrongly {:.3}; {:.2} ms half, {:.2} ms 99 of 100",
            KINDS.get(kind).copied().unwrap_or_default(),
            share(first),
            share(linked),
            share(wrong),
            milliseconds(&mut times, 50),
            milliseconds(&mut times, 99)
        );
        all.extend(times);
    }
    println!(
        "  {:<20} {:.2} ms half, {:.2} ms 99 of 100, {:.2} ms at most; by the clock {:.2} and {:.2} ms",
        "all, on a core",
        milliseconds(&mut all, 50),
        milliseconds(&mut all, 99),
        milliseconds(&mut all, 100),
        milliseconds(&mut whole, 50),
        milliseconds(&mut whole, 99)
    );
}

pub(crate) fn changed(mut told: Told, kind: usize, other: Told, draws: &mut Draws) -> Told {
    if !draws.next_bits().is_multiple_of(4) {
        (told.nhs_number, told.upn) = (None, None);
    }
    told.known_as = None;
    told.previous_surname = None;
    told.previous_address = None;
    let mut misspelt = |text: &mut Option<String>| {
        *text = text.as_deref().map(|text| invented::slip(text, draws.next_bits()));
    };
    match kind {
        1 => misspelt(&mut told.surname),
        2 => misspelt(&mut told.forename),
        3 => told.address = other.address,
        4 => told.date_of_birth = told.date_of_birth.and_then(|day| day.checked_sub_days(Days::new(10))),
        5 => (told.forename, told.surname) = (told.surname, told.forename),
        6 => told.date_of_birth = None,
        _ => (),
    }
    told
}
