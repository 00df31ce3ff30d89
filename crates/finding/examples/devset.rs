//! Measures the index on a directory with queries whose answers are known.
//!
//! `devset BASE.csv QUERIES.csv TRUTH.csv [--as-at DAY] [--misses]` prints recall at 1 and 10 by kind, build
//! time, bytes a child and search times. The files have the columns of contract.md section 1.

use std::{
    collections::BTreeMap,
    error::Error,
    fs,
    io::Write,
    time::{Duration, Instant},
};

use chrono::NaiveDate;
use csv::StringRecord;
use finding::{Entry, FieldSet, Found, Index, NameKind, NamedAs, Place, PlaceKind, Query, Sight, Stands};
use uuid::Uuid;
use vocabulary::{ChildId, ChildNumber, Gender};

/// Rounds that each query is timed for.
const ROUNDS: usize = 20;

/// How many of the slowest queries are told by kind.
const SLOWEST: usize = 5;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// One row of a file, by the names of its columns.
struct Line {
    header: StringRecord,
    cells: StringRecord,
}

impl Line {
    fn get(&self, column: &str) -> Option<String> {
        let place = self.header.iter().position(|name| name == column)?;
        self.cells.get(place).map(str::trim).filter(|cell| !cell.is_empty()).map(str::to_owned)
    }

    fn parse<T: std::str::FromStr>(&self, column: &str) -> Option<T> {
        self.get(column).and_then(|cell| cell.parse().ok())
    }
}

fn lines(path: &str) -> Result<Vec<Line>> {
    let mut reader = csv::Reader::from_path(path)?;
    let header = reader.headers()?.clone();
    let cells: std::result::Result<Vec<_>, _> = reader.records().collect();
    Ok(cells?.into_iter().map(|cells| Line { header: header.clone(), cells }).collect())
}

fn entry(line: &Line, number: u64) -> Result<Entry> {
    let bearing = |kind, forename: String, surname: String| NamedAs {
        kind,
        forename,
        middle: line.get("middle_names").filter(|_| kind == NameKind::Current),
        surname,
    };
    let forename = line.get("forename").unwrap_or_default();
    let surname = line.get("surname").unwrap_or_default();
    let mut names = vec![bearing(NameKind::Current, forename.clone(), surname.clone())];
    names.extend(line.get("known_as").map(|known| bearing(NameKind::KnownAs, known, surname)));
    names.extend(line.get("previous_surname").map(|former| bearing(NameKind::Former, forename, former)));
    let living = |kind, address: &str, postcode: &str| Place {
        kind,
        postcode: line.parse(postcode),
        street: line.get(address),
        town: line.get("town").filter(|_| kind == PlaceKind::Current),
    };
    let mut places = vec![living(PlaceKind::Current, "address", "postcode")];
    places.push(living(PlaceKind::Previous, "previous_address", "previous_postcode"));
    places.retain(|place| place.postcode.is_some() || place.street.is_some());
    Ok(Entry {
        names,
        date_of_birth: line.parse("dob"),
        gender: line.get("gender").and_then(|letter| Gender::from_letter(&letter).ok()),
        number: ChildNumber::from_draw(number),
        places,
        stands: Stands { shielded: false, findable: true, authority: "org:invented".parse()? },
    })
}

fn query(line: &Line) -> Query {
    Query {
        forename: line.get("forename"),
        surname: line.get("surname"),
        date_of_birth: line.parse("dob"),
        birth_year: line.parse("dob_year"),
        age: line.parse("age"),
        gender: line.get("gender").and_then(|letter| Gender::from_letter(&letter).ok()),
        postcode: line.parse("postcode"),
        postcode_area: line.get("area"),
        street: line.get("street"),
        town: line.get("town"),
        fuzzy: true,
        ..Query::default()
    }
}

/// Resident memory in bytes; 0 where the system does not tell.
fn resident() -> usize {
    let pages = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or_default() * 4096
}

#[expect(clippy::disallowed_methods, reason = "a measurement needs a stopwatch")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let answer = work();
    (answer, start.elapsed())
}

#[derive(Default)]
struct Tally {
    asked: usize,
    first: usize,
    first_ten: usize,
}

fn main() -> Result<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let misses = arguments.iter().position(|argument| argument == "--misses");
    if let Some(place) = misses {
        arguments.remove(place);
    }
    let (files, rest) = arguments.split_at_checked(3).ok_or("BASE QUERIES TRUTH [--as-at DAY] [--misses]")?;
    let [base, queries, truth] = files else { return Err("three files".into()) };
    let today: NaiveDate = match rest {
        [flag, day] if flag == "--as-at" => day.parse()?,
        _ => "2025-09-01".parse()?,
    };

    let mut entries = Vec::new();
    let mut refs = Vec::new();
    for (number, line) in (0_u64..).zip(lines(base)?) {
        entries.push((ChildId::new(Uuid::from_u128(u128::from(number))), entry(&line, number)?));
        refs.push(line.get("child_id").or_else(|| line.get("local_ref")).unwrap_or_default());
    }
    let children = entries.len();
    let heap_before = resident();
    let copy = entries.clone();
    let entries_bytes = resident().saturating_sub(heap_before);
    let before = resident();
    let (index, built) = timed(|| {
        let mut index = Index::new();
        for (child, entry) in copy {
            index.put(child, entry);
        }
        index
    });
    let tables_bytes = resident().saturating_sub(before);

    let mut truths = BTreeMap::new();
    for line in lines(truth)? {
        truths
            .insert(line.get("query_id").unwrap_or_default(), line.get("true_child_id").unwrap_or_default());
    }
    let sight = |_: &Entry| Sight::Fields(FieldSet::ORDINARY);
    let mut out = std::io::stdout().lock();
    let mut kinds: BTreeMap<String, Tally> = BTreeMap::new();
    let mut times = Vec::new();
    for line in lines(queries)? {
        let query = query(&line);
        let (found, _) = timed(|| index.search(&query, today, &sight));
        // The quickest of several rounds: what else the machine does is not measured.
        let rounds = (0..ROUNDS).map(|_| timed(|| index.search(&query, today, &sight)).1);
        times.push((rounds.min().unwrap_or_default(), line.get("kind").unwrap_or_default()));
        let hits = if let Found::Found(hits) = found { hits } else { Vec::new() };
        let place_of =
            |child: ChildId| usize::try_from(child.0.as_u128()).ok().and_then(|place| refs.get(place));
        let expected = truths.get(&line.get("query_id").unwrap_or_default());
        let rank = hits.iter().position(|hit| place_of(hit.child) == expected);
        for kind in [line.get("kind").unwrap_or_default(), "ALL".to_owned()] {
            let tally = kinds.entry(kind).or_default();
            tally.asked += 1;
            tally.first += usize::from(rank == Some(0));
            tally.first_ten += usize::from(rank.is_some_and(|rank| rank < 10));
        }
        if misses.is_some() && rank != Some(0) {
            writeln!(out, "{:?} of {} {:?}", rank, hits.len(), line.cells)?;
        }
    }
    for (kind, tally) in &kinds {
        let Tally { asked, first, first_ten } = tally;
        writeln!(out, "{kind:24} {asked:5} queries  @1 {first:5}  @10 {first_ten:5}")?;
    }
    times.sort_unstable();
    let percentile = |hundredths: usize| {
        times.get(times.len() * hundredths / 10_000).map(|(time, _)| *time).unwrap_or_default()
    };
    writeln!(out, "children {children}  built in {built:?}  len {}", index.len())?;
    writeln!(
        out,
        "bytes a child: {} entries, {} tables",
        entries_bytes / children.max(1),
        tables_bytes / children.max(1)
    )?;
    writeln!(
        out,
        "search p50 {:?}  p90 {:?}  p99 {:?}  max {:?}",
        percentile(5000),
        percentile(9000),
        percentile(9900),
        percentile(9999)
    )?;
    for (time, kind) in times.iter().rev().take(SLOWEST) {
        writeln!(out, "  {time:?} {kind}")?;
    }
    Ok(())
}
