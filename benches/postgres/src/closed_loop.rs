//! Closed loops upon PostgreSQL: each connection asks again once it is answered.

use std::{
    cell::{Cell, RefCell},
    path::PathBuf,
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::Context;
use hdrhistogram::Histogram;
use serde_json::json;
use tokio::task::{JoinSet, LocalSet};
use tokio_postgres::{Client, Statement};

use crate::{
    machine::{resident, times},
    rows::{Change, Question, read},
    statements::{CHANGE, CHANGES, VIEW, connect, search},
    web::{Asked, Asker},
};

/// Before anything is counted.
const WARM_UP: Duration = Duration::from_millis(1_500);
/// Changes in a statement of many.
const MANY: usize = 500;
/// Steps between children whose records are opened, so that neighbours do not follow one another.
const STEP: u64 = 2_654_435_761;

/// How a workload is run.
pub struct Run {
    pub workload: String,
    pub database: String,
    pub rows: PathBuf,
    pub children: u64,
    pub connections: usize,
    pub length: Duration,
    pub postmaster: u32,
    pub port: Option<u16>,
    pub server: Option<u32>,
    pub first: u64,
}

/// What is asked of one connection.
enum Way {
    Direct { client: Client, statement: Statement },
    Web(Asker),
}

/// What every connection shares.
struct Shared {
    run: Run,
    questions: Vec<Question>,
    changes: Vec<Change>,
    sent: Cell<u64>,
    counts: RefCell<Counts>,
    over: Cell<bool>,
}

struct Counts {
    times: Histogram<u64>,
    operations: u64,
    errors: u64,
    rows: u64,
    found: Vec<(Option<usize>, bool)>,
}

/// What came of one request.
#[derive(Default)]
struct Came {
    operations: u64,
    rows: u64,
    found: Option<(Option<usize>, bool)>,
}

impl Counts {
    fn none() -> Counts {
        let times = Histogram::new_with_bounds(1, 600_000_000, 3).expect("three digits are few enough");
        Counts { times, operations: 0, errors: 0, rows: 0, found: Vec::new() }
    }
}

/// Measures one workload and prints its figure.
pub async fn measure(run: Run) -> anyhow::Result<()> {
    let searches =
        ["search", "search-phonetic", "search-exact", "web-search"].contains(&run.workload.as_str());
    let changes = ["event", "stream"].contains(&run.workload.as_str());
    let shared = Rc::new(Shared {
        questions: if searches { read(&run.rows, "queries.rows.csv")? } else { Vec::new() },
        changes: if changes { read(&run.rows, "changes.rows.csv")? } else { Vec::new() },
        sent: Cell::new(run.first),
        counts: RefCell::new(Counts::none()),
        over: Cell::new(false),
        run,
    });
    LocalSet::new().run_until(measured(shared)).await
}

async fn measured(shared: Rc<Shared>) -> anyhow::Result<()> {
    let run = &shared.run;
    let mut clients = JoinSet::new();
    for _ in 0..run.connections {
        let way = way(run).await?;
        clients.spawn_local(ask(Rc::clone(&shared), way));
    }
    tokio::time::sleep(WARM_UP).await;
    shared.counts.replace(Counts::none());
    let (before, begun) = (times(run.postmaster, run.server), Instant::now());
    tokio::time::sleep(run.length).await;
    let counts = shared.counts.replace(Counts::none());
    let (after, seconds) = (times(run.postmaster, run.server), begun.elapsed().as_secs_f64());
    shared.over.set(true);
    while clients.join_next().await.is_some() {}
    let operations = counts.operations as f64;
    let each = |seconds: f64| seconds * 1e6 / operations.max(1.0);
    let (server, own) = (after.server - before.server, after.own - before.own);
    let others = (after.everybody - before.everybody - server - own) / seconds;
    let millis = |micros: u64| micros as f64 / 1e3;
    let mut figure = json!({
        "side": "postgresql",
        "children": run.children,
        "workload": run.workload,
        "connections": run.connections,
        "seconds": seconds,
        "operations": counts.operations,
        "ops_a_second": operations / seconds,
        "p50_ms": millis(counts.times.value_at_quantile(0.5)),
        "p99_ms": millis(counts.times.value_at_quantile(0.99)),
        "max_ms": millis(counts.times.max()),
        "errors": counts.errors,
        "server_cpu_us": each(server),
        "client_cpu_us": each(own),
        "other_cores": others.max(0.0),
        "resident": resident(run.postmaster),
    });
    if !counts.found.is_empty() {
        figure["rows_listed"] = json!(counts.rows as f64 / counts.found.len() as f64);
        figure["recall"] = recall(&counts.found);
    }
    println!("{figure}");
    Ok(())
}

fn recall(found: &[(Option<usize>, bool)]) -> serde_json::Value {
    let share = |within: usize, counts: &dyn Fn(bool) -> bool| {
        let asked: Vec<_> = found.iter().filter(|(_, wrong)| counts(*wrong)).collect();
        let among = asked.iter().filter(|(place, _)| place.is_some_and(|place| place < within)).count();
        (!asked.is_empty()).then(|| among as f64 / asked.len() as f64)
    };
    let mut told = json!({
        "asked": found.len(),
        "ten": share(10, &|_| true),
        "twenty": share(20, &|_| true),
        "twenty_letter_right": share(20, &|wrong| !wrong).unwrap_or(0.0),
    });
    if let Some(wrong) = share(20, &|wrong| wrong) {
        told["twenty_letter_wrong"] = json!(wrong);
    }
    told
}

async fn way(run: &Run) -> anyhow::Result<Way> {
    if let Some(port) = run.port.filter(|_| run.workload.starts_with("web-")) {
        return Ok(Way::Web(Asker::open(port).await?));
    }
    let client = connect(&run.database).await?;
    let sql = match run.workload.as_str() {
        "search" => search("block"),
        "search-phonetic" => search("phonetic"),
        "search-exact" => search("exact"),
        "view" => Some(VIEW.to_owned()),
        "event" => Some(CHANGE.to_owned()),
        "stream" => Some(CHANGES.to_owned()),
        _ => None,
    };
    let statement = client.prepare(&sql.context("no such workload")?).await?;
    Ok(Way::Direct { client, statement })
}

async fn ask(shared: Rc<Shared>, mut way: Way) {
    while !shared.over.get() {
        let begun = Instant::now();
        let came = asked(&shared, &mut way).await;
        let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        let mut counts = shared.counts.borrow_mut();
        match came {
            Ok(came) => {
                counts.times.saturating_record(micros);
                counts.operations += came.operations;
                counts.rows += came.rows;
                counts.found.extend(came.found);
            }
            Err(error) => {
                counts.errors += 1;
                eprintln!("{error}");
            }
        }
    }
}

async fn asked(shared: &Shared, way: &mut Way) -> anyhow::Result<Came> {
    let number = shared.sent.replace(shared.sent.get() + 1);
    let user = i32::try_from(number % 330_000)?;
    let one = Came { operations: 1, ..Came::default() };
    match shared.run.workload.as_str() {
        "search" | "search-phonetic" | "search-exact" | "web-search" => {
            let place = usize::try_from(number)? % shared.questions.len();
            let question = &shared.questions[place];
            let exact = shared.run.workload == "search-exact";
            let ids = looked_for(way, question, exact, user).await?;
            let found = ids.iter().position(|id| *id == question.child);
            let wrong = question.letter_wrong() && !exact;
            Ok(Came { rows: ids.len() as u64, found: Some((found, wrong)), ..one })
        }
        "view" | "web-view" => {
            let id = i64::try_from(1 + number.wrapping_mul(STEP) % shared.run.children)?;
            match way {
                Way::Direct { client, statement } => {
                    client.query_one(&*statement, &[&id, &user, &1_i32, &3_i16]).await?;
                }
                Way::Web(asker) => {
                    let path = format!("/children/{id}/accesses");
                    asker.post(&path, b"").await?.context("the service failed")?;
                }
            }
            Ok(one)
        }
        "event" => {
            let Way::Direct { client, statement } = way else { anyhow::bail!("no web service takes events") };
            let change = change(shared, number);
            client
                .execute(
                    &*statement,
                    &[
                        &change.child,
                        &change.organisation,
                        &change.practitioner,
                        &change.kind,
                        &change.started,
                        &user,
                    ],
                )
                .await?;
            Ok(one)
        }
        "stream" => {
            let Way::Direct { client, statement } = way else { anyhow::bail!("no web service takes events") };
            let mut many: Vec<Change> =
                (0..MANY as u64).map(|at| change(shared, number * MANY as u64 + at)).collect();
            // One statement changes a row once.
            many.sort_by_key(|one| (one.child, one.kind, one.organisation));
            many.dedup_by_key(|one| (one.child, one.kind, one.organisation));
            let children: Vec<i64> = many.iter().map(|one| one.child).collect();
            let organisations: Vec<i32> = many.iter().map(|one| one.organisation).collect();
            let practitioners: Vec<i32> = many.iter().map(|one| one.practitioner).collect();
            let kinds: Vec<i16> = many.iter().map(|one| one.kind).collect();
            let started: Vec<&str> = many.iter().map(|one| one.started.as_str()).collect();
            client
                .execute(&*statement, &[&children, &organisations, &practitioners, &kinds, &started, &user])
                .await?;
            Ok(Came { operations: many.len() as u64, ..Came::default() })
        }
        other => anyhow::bail!("no workload {other}"),
    }
}

/// The ids that a search lists, in their order.
async fn looked_for(way: &mut Way, asked: &Question, exact: bool, user: i32) -> anyhow::Result<Vec<i64>> {
    let (surname, forename) =
        if exact { (&asked.true_surname, &asked.true_forename) } else { (&asked.surname, &asked.forename) };
    match way {
        Way::Direct { client, statement } => {
            let detail = format!("{surname}|{forename}|{}|{}", asked.from, asked.area);
            let rows = client
                .query(
                    &*statement,
                    &[surname, forename, &asked.from, &asked.to, &asked.area, &user, &1_i32, &3_i16, &detail],
                )
                .await?;
            Ok(rows.iter().map(|row| row.get(0)).collect())
        }
        Way::Web(asker) => {
            let body = serde_json::to_vec(&Asked {
                surname: surname.clone(),
                forename: forename.clone(),
                from: asked.from.clone(),
                to: asked.to.clone(),
                area: asked.area.clone(),
            })?;
            let answer = asker.post("/searches", &body).await?.context("the service failed")?;
            let listed: Vec<serde_json::Value> = serde_json::from_slice(answer)?;
            Ok(listed.iter().filter_map(|hit| hit["id"].as_i64()).collect())
        }
    }
}

/// The change with this number; each pass over the file names another practitioner.
fn change(shared: &Shared, number: u64) -> Change {
    let count = shared.changes.len() as u64;
    let mut change = shared.changes[usize::try_from(number % count).unwrap_or(0)].clone();
    let pass = i32::try_from(number / count % 10).unwrap_or(0);
    change.practitioner = change.organisation * 10 + (change.practitioner + pass) % 10;
    change
}
