//! `search`: the index of the live search on its own, over a file of people and a file of queries.
//!
//! No rule of what is enough, and nobody's sight: it measures the index. Source: contract.md section 1.

use std::{fmt, path::PathBuf, time::Duration};

use chrono::NaiveDate;
use finding::{
    Entry, FOUND_MAX, Field, FieldSet, Found, Loading, NameKind, NamedAs, Place as Lives, PlaceKind, Sight,
    Stands,
};
use linkage::person::{Told, ToldPlace};
use serde::Serialize;
use uuid::Uuid;
use vocabulary::{ChildId, ChildNumber, OrganisationId, england_day};

use crate::{
    clock,
    exit::Status,
    feed::{
        columns::{self, Side},
        people::People,
        queries,
    },
    memory,
    output::Out,
    results,
    settings::{Flags, Place, Settings},
    stopwatch::Stopwatch,
};

/// Which files.
#[derive(Debug, clap::Args)]
pub(crate) struct Search {
    /// The people to search, as children.csv; `local_ref` alone must have a value
    directory: PathBuf,
    /// What to search for: `query_id,kind,forename,surname,dob,dob_year,age,gender,postcode,area,street,town`
    #[arg(long, value_name = "QUERIES.csv")]
    queries: PathBuf,
    /// The day on which ages are told [default: today]
    #[arg(long, value_name = "DAY")]
    as_at: Option<NaiveDate>,
    /// Which columns are which fields: tables `left` for the people and `right` for the queries, or `both`
    #[arg(long, value_name = "FILE.toml")]
    columns: Option<PathBuf>,
    /// Where to write what was found, at most 50 a query: `query_id,rank,local_ref,score`
    #[arg(long, value_name = "RESULTS.csv")]
    out: PathBuf,
}

/// What came of it.
#[derive(Debug, Serialize)]
struct Report {
    people: usize,
    queries: usize,
    answered: usize,
    build_seconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes_a_child: Option<u64>,
    p50_ms: f64,
    p99_ms: f64,
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { people, queries, answered, build_seconds, p50_ms, p99_ms, .. } = self;
        write!(
            out,
            "{answered} of {queries} queries answered among {people} people, indexed in {build_seconds:.2} s; \
            half within {p50_ms:.3} ms, 99 of 100 within {p99_ms:.3} ms"
        )
    }
}

impl Search {
    /// Indexes the people, asks every query, and writes what was found.
    pub(crate) fn run(&self, out: Out) -> anyhow::Result<Status> {
        let settings = Settings::read(&Place::default(), &Flags::default())?;
        let today = self.as_at.unwrap_or_else(|| england_day(clock::of(&settings).now()));
        let table = self.columns.as_deref().map(columns::table).transpose()?;
        let people = People::read(&self.directory, Side::Left, table.as_deref())?;
        let queries = queries::read(&self.queries, table.as_deref())?;
        let before = memory::resident();
        let watch = Stopwatch::start();
        let mut loading = Loading::new();
        for (place, told) in (0_u64..).zip(&people.told) {
            loading.put(child(place), Some(&entry(told, place)), None);
        }
        let index = loading.done();
        let build_seconds = watch.elapsed().as_secs_f64();
        let grown = memory::resident().zip(before).map(|(after, before)| after.saturating_sub(before));
        let mut rows = Vec::new();
        let mut times = Vec::with_capacity(queries.len());
        let mut answered = 0;
        let fields = FieldSet::ORDINARY.with(Field::PreviousPlace);
        for asked in &queries {
            let one = Stopwatch::start();
            let found = index.search(&asked.query, FOUND_MAX, today, &|_| Sight::Fields(fields));
            times.push(one.elapsed());
            let Found::Found { best, .. } = found else { continue };
            answered += 1;
            for (rank, hit) in (1_u32..).zip(&best) {
                let reference = place_of(hit.child).and_then(|place| people.refs.get(place));
                let reference = reference.cloned().unwrap_or_default();
                rows.push([asked.id.clone(), rank.to_string(), reference, format!("{:.6}", hit.score)]);
            }
        }
        results::write(&self.out, ["query_id", "rank", "local_ref", "score"], rows)?;
        times.sort_unstable();
        let children = u64::try_from(people.refs.len()).unwrap_or(u64::MAX).max(1);
        out.tell(&Report {
            people: people.refs.len(),
            queries: queries.len(),
            answered,
            build_seconds,
            bytes_a_child: grown.map(|grown| grown / children),
            p50_ms: milliseconds(&times, 50),
            p99_ms: milliseconds(&times, 99),
        })?;
        Ok(Status::Done)
    }
}

/// A child of a file is known by its place in it.
fn child(place: u64) -> ChildId {
    ChildId::new(Uuid::from_u128(u128::from(place)))
}

fn place_of(child: ChildId) -> Option<usize> {
    usize::try_from(child.0.as_u128()).ok()
}

/// The time within which so many hundredths of all were answered.
fn milliseconds(sorted: &[Duration], hundredths: usize) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get(last * hundredths / 100).map_or(0.0, Duration::as_secs_f64) * 1_000.0
}

fn entry(told: &Told, number: u64) -> Entry {
    let bearing = |kind, forename: &Option<String>, surname: &Option<String>| NamedAs {
        kind,
        forename: forename.clone().unwrap_or_default(),
        middle: told.middle_names.clone().filter(|_| kind == NameKind::Current),
        surname: surname.clone().unwrap_or_default(),
    };
    let mut names = vec![bearing(NameKind::Current, &told.forename, &told.surname)];
    if told.known_as.is_some() {
        names.push(bearing(NameKind::KnownAs, &told.known_as, &told.surname));
    }
    if told.previous_surname.is_some() {
        names.push(bearing(NameKind::Former, &told.forename, &told.previous_surname));
    }
    let places = [(PlaceKind::Current, &told.address), (PlaceKind::Previous, &told.previous_address)];
    Entry {
        names,
        date_of_birth: told.date_of_birth,
        gender: told.gender,
        number: ChildNumber::from_draw(number),
        places: places.into_iter().filter_map(|(kind, place)| Some(lives(kind, place.as_ref()?))).collect(),
        stands: Stands { shielded: false, archived: None, authority: OrganisationId::NATIONAL_POOL },
    }
}

fn lives(kind: PlaceKind, told: &ToldPlace) -> Lives {
    Lives {
        kind,
        postcode: told.postcode.as_deref().and_then(|text| text.parse().ok()),
        street: told.line.clone(),
        town: told.town.clone(),
    }
}
