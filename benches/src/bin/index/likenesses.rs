//! All children beside one another: how long it takes, who of those held twice is found, and who is told besides.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use benches::{Draws, as_figure, now, on_cores};
use finding::{Index, likenesses::Likeness, matcher::Matcher};
use linkage::model::Model;
use population::Population;
use vocabulary::ChildId;

use crate::{
    Arguments, invented,
    matches::{KINDS, changed},
};

/// Lists that a thread takes at once.
const AT_ONCE: u32 = 16;

/// Holds some children a second time, each with one slip, and tells whom comparing all with all finds.
pub(crate) fn measure(index: &mut Index, england: &Population, arguments: &Arguments) {
    let mut draws = Draws(11);
    let mut doubles: HashMap<(ChildId, ChildId), usize> = HashMap::new();
    let (first, last) = (arguments.children, arguments.children + arguments.records);
    for (at, index_of_double) in (first..last).enumerate() {
        let kind = at % KINDS.len();
        let meant = draws.next_bits() % arguments.children;
        let other = england.child(draws.next_bits() % arguments.children);
        let told = changed(invented::told(&england.child(meant)), kind, invented::told(&other), &mut draws);
        index.hold(invented::child(index_of_double), &invented::held(&told, index_of_double));
        let (first_held, again) = (invented::child(meant), invented::child(index_of_double));
        doubles.insert((first_held.min(again), first_held.max(again)), kind);
    }
    let (began, since) = (now(), on_cores());
    let told = compared(index);
    let (by_clock, on_all) = (began.elapsed().as_secs_f64(), on_cores().saturating_sub(since).as_secs_f64());
    println!("all with all:      {by_clock:.1} s by the clock, {on_all:.1} s on all cores");
    let kinds: Vec<Option<usize>> = told.iter().map(|pair| doubles.get(&pair.children()).copied()).collect();
    for (kind, name) in KINDS.iter().enumerate() {
        let held = doubles.values().filter(|of| **of == kind).count() as u64;
        let found = kinds.iter().filter(|of| **of == Some(kind)).count() as u64;
        println!("  {name:<20} {:.3} of {held} found", as_figure(found) / as_figure(held.max(1)));
    }
    let besides = kinds.iter().filter(|of| of.is_none()).count();
    println!("  told besides:      {besides} pairs of two children");
    for index_of_double in first..last {
        index.let_go(invented::child(index_of_double));
    }
}

/// Everybody told, each pair once.
fn compared(index: &Index) -> Vec<Likeness> {
    let matcher = Matcher::new(Model::children());
    let all = matcher.likenesses(index);
    let (next, lists) = (AtomicU32::new(0), all.lists());
    let read = || {
        let mut found = Vec::new();
        loop {
            let from = next.fetch_add(AT_ONCE, Ordering::Relaxed);
            if from >= lists {
                return found;
            }
            for list in from..lists.min(from + AT_ONCE) {
                all.of_list(list, &mut found);
            }
        }
    };
    let mut told: Vec<Likeness> = thread::scope(|scope| {
        let other = scope.spawn(read);
        let mut own = read();
        own.extend(other.join().unwrap_or_default());
        own
    });
    told.sort_by_key(Likeness::children);
    told.dedup_by_key(|one| one.children());
    told
}
