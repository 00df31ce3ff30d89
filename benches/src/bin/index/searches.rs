//! Searches of several clients at once, each meaning a child of the directory.

use std::{collections::VecDeque, hint::black_box, time::Duration};

use benches::{Draws, as_figure, now, on_core};
use chrono::Datelike;
use finding::{FieldSet, Found, Index, Query, Sight};
use population::{Child, Population};

use crate::{Arguments, invented, milliseconds};

/// What is asked.
const KINDS: [&str; 10] = [
    "surname, day",
    "surname misspelt, day",
    "both names, day off by a digit",
    "both names, year",
    "both names, age",
    "both names, area",
    "forename misspelt, surname, year",
    "surname, postcode",
    "both names, street",
    "both as heard, age, area",
];
const NATIONAL: usize = 9;

/// What a page shows, and within how many the child meant is looked for afterwards.
const PAGE: usize = 10;
const WITHIN: usize = 20;

/// What came of one search: its kind, the rank of the child meant, the time with waiting, and that on a core.
type Outcome = (usize, Option<usize>, Duration, Duration);

/// Searches for all clients at once, as a server does: a thread for each core, and each client waits for its answer
/// before it asks again. Tells times, waiting included, and how many found the child meant among the first.
pub(crate) fn measure(index: &Index, england: &Population, arguments: &Arguments) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let workers = u64::try_from(cores).unwrap_or(1).min(arguments.clients.max(1));
    let each = arguments.queries / workers;
    let clients = arguments.clients / workers;
    let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers)
            .map(|worker| {
                scope.spawn(move || {
                    answering(index, england, (arguments.children, arguments.kind), (each, clients, worker))
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    println!("searches, {} clients at once, times on a core and with waiting:", arguments.clients);
    for kind in 0..=KINDS.len() {
        let own: Vec<&Outcome> =
            outcomes.iter().filter(|outcome| kind == KINDS.len() || outcome.0 == kind).collect();
        let within = |rank: usize| {
            let found = own.iter().filter(|outcome| outcome.1.is_some_and(|found| found < rank)).count();
            as_figure(u64::try_from(found).unwrap_or_default())
                / as_figure(u64::try_from(own.len().max(1)).unwrap_or(1))
        };
        let mut times: Vec<Duration> = own.iter().map(|outcome| outcome.3).collect();
        let mut waits: Vec<Duration> = own.iter().map(|outcome| outcome.2).collect();
        println!(
            "  {:<34} first {:.3}, of ten {:.3}, of twenty {:.3}; {:.2} ms half, {:.2} ms 99 of 100, {:.3} mean; \
            waited {:.2} and {:.2} ms",
            KINDS.get(kind).copied().unwrap_or("all"),
            within(1),
            within(10),
            within(20),
            milliseconds(&mut times, 50),
            milliseconds(&mut times, 99),
            mean(&times),
            milliseconds(&mut waits, 50),
            milliseconds(&mut waits, 99)
        );
    }
}

/// The mean, in milliseconds.
fn mean(times: &[Duration]) -> f64 {
    let count = u64::try_from(times.len().max(1)).unwrap_or(1);
    times.iter().sum::<Duration>().as_secs_f64() * 1_000.0 / as_figure(count)
}

/// One thread that answers its clients in turn.
fn answering(
    index: &Index,
    england: &Population,
    (children, only): (u64, Option<usize>),
    (queries, clients, worker): (u64, u64, u64),
) -> Vec<Outcome> {
    let mut draws = Draws(1_000 + worker);
    let questions: Vec<_> = (0..queries)
        .map(|number| {
            let kind = only.unwrap_or(usize::try_from(number).unwrap_or_default() % KINDS.len());
            let (meant, query) = asked(england, children, kind, &mut draws);
            (kind, invented::child(meant), query)
        })
        .collect();
    let mut outcomes = Vec::new();
    let mut waiting = VecDeque::from(vec![now(); usize::try_from(clients).unwrap_or(1)]);
    for (kind, _, query) in &questions {
        let since = waiting.pop_front().unwrap_or_else(now);
        let began = on_core();
        let found = search(index, england, query, PAGE);
        let (answered, spent) = (now(), on_core().saturating_sub(began));
        waiting.push_back(answered);
        black_box(found);
        outcomes.push((*kind, None, answered.duration_since(since), spent));
    }
    for ((_, child, query), outcome) in questions.iter().zip(&mut outcomes) {
        if let Found::Found { best, .. } = search(index, england, query, WITHIN) {
            outcome.1 = best.iter().position(|hit| hit.child == *child);
        }
    }
    outcomes
}

/// Searches that come when they come: of all clients so many a second, with gaps drawn as those of independent people,
/// and each timed from the moment it came. Tells times.
pub(crate) fn measure_paced(index: &Index, england: &Population, arguments: &Arguments) {
    let clients = arguments.clients.max(1);
    let gap = as_figure(clients) / as_figure(arguments.rate.max(1));
    let each = arguments.queries / clients;
    let mut waits: Vec<Duration> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..clients)
            .map(|client| {
                scope.spawn(move || asking(index, england, arguments.children, (each, gap, client)))
            })
            .collect();
        clients.into_iter().flat_map(|client| client.join().unwrap_or_default()).collect()
    });
    println!(
        "searches, {clients} clients, {} a second: {:.2} ms half, {:.2} ms 99 of 100, from when each came",
        arguments.rate,
        milliseconds(&mut waits, 50),
        milliseconds(&mut waits, 99)
    );
}

/// One client: how long each answer took from the moment its question came.
#[expect(clippy::disallowed_methods, reason = "a client has nothing to do until its next question comes")]
fn asking(
    index: &Index,
    england: &Population,
    children: u64,
    (queries, gap, client): (u64, f64, u64),
) -> Vec<Duration> {
    let mut draws = Draws(2_000 + client);
    let mut due = now();
    (0..queries)
        .map(|number| {
            let kind = usize::try_from(number).unwrap_or_default() % KINDS.len();
            let (_, query) = asked(england, children, kind, &mut draws);
            let share = (as_figure(draws.next_bits() >> 11) + 1.0) / 2_f64.powi(53);
            due += Duration::from_secs_f64(-share.ln() * gap);
            std::thread::sleep(due.saturating_duration_since(now()));
            black_box(search(index, england, &query, PAGE));
            now().saturating_duration_since(due)
        })
        .collect()
}

fn search(index: &Index, england: &Population, query: &Query, wanted: usize) -> Found {
    index.search(query, wanted, england.as_at(), &|_| Sight::Fields(FieldSet::ORDINARY))
}

/// As a practitioner half remembers (scale.md section 2).
fn national(asked: &population::Asked) -> Query {
    Query {
        surname: Some(asked.surname.clone()),
        forename: Some(asked.forename.clone()),
        birth_from: Some(asked.birth.0),
        birth_to: Some(asked.birth.1),
        postcode_area: asked.postcode_area.clone(),
        fuzzy: true,
        ..Query::default()
    }
}

/// A question of a kind, and whom it means.
fn asked(england: &Population, children: u64, kind: usize, draws: &mut Draws) -> (u64, Query) {
    if kind == NATIONAL {
        let asked = england.asked(draws.next_bits(), children);
        return (asked.child, national(&asked));
    }
    let meant = draws.next_bits() % children;
    (meant, query(&england.child(meant), kind, draws))
}

fn query(child: &Child, kind: usize, draws: &mut Draws) -> Query {
    let mut misspelt = |text: &str| Some(invented::slip(text, draws.next_bits()));
    let born = child.date_of_birth;
    let surname = Query { surname: Some(child.surname.to_string()), fuzzy: true, ..Query::default() };
    let named = Query { forename: Some(child.forename.to_string()), ..surname.clone() };
    let postcode = child.home.as_ref().and_then(|home| home.postcode.parse::<vocabulary::Postcode>().ok());
    match kind {
        0 => Query { date_of_birth: Some(born), ..surname },
        1 => Query { date_of_birth: Some(born), surname: misspelt(&child.surname), ..surname },
        2 => Query { date_of_birth: born.with_day(born.day() % 10 + 1).or(Some(born)), ..named },
        3 => Query { birth_year: Some(born.year()), ..named },
        4 => Query { age: u8::try_from(child.age).ok(), ..named },
        5 => Query { postcode_area: postcode.map(|code| code.outcode().to_owned()), ..named },
        6 => Query { birth_year: Some(born.year()), forename: misspelt(&child.forename), ..named },
        7 => Query { postcode, ..surname },
        _ => Query { street: child.home.as_ref().map(|home| home.line.clone()), ..named },
    }
}
