//! Closed loops: each connection has one request in flight and sends the next once it is answered.
//!
//! One thread serves every connection, so that whoever asks never takes more than a core from whoever answers.

use std::{
    cell::{Cell, RefCell},
    net::SocketAddr,
    rc::Rc,
    time::Duration,
};

use anyhow::Context;
use serde::Deserialize;
use tokio::task::{JoinSet, LocalSet};

use super::{
    connection::{Connection, get},
    figure::Figure,
    machine::{self, Meter},
    stream,
    tally::{Came, Tally},
    work::{Work, Workload},
};
use crate::stopwatch::Stopwatch;

/// How long requests that are under way at the end may still take before they are given up.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longest wait for the read models to follow.
const FOLLOWED_WITHIN: Duration = Duration::from_mins(1);
/// Time between two looks at how far they are.
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// A connection that broke is made anew so often; then the server is gone.
const BROKEN_MAX: u32 = 100;

/// How a workload is run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    /// Where the server listens.
    pub(crate) address: SocketAddr,
    /// Connections that ask at once.
    pub(crate) connections: u64,
    /// Before anything is counted.
    pub(crate) warm_up: Duration,
    /// How long is counted.
    pub(crate) length: Duration,
    /// The server's process, where it is known.
    pub(crate) server: Option<u32>,
}

/// What every connection shares.
pub(crate) struct Shared {
    /// What is asked.
    pub(crate) work: Work,
    /// What came of it.
    pub(crate) tally: RefCell<Tally>,
    /// Whether the time is over.
    pub(crate) over: Cell<bool>,
}

#[derive(Deserialize)]
struct Ready {
    position: u64,
    read_models: u64,
}

/// Runs a workload and answers its figure.
///
/// # Errors
/// The server cannot be reached.
pub(crate) async fn measure(work: Work, run: Run) -> anyhow::Result<Figure> {
    let shared = Rc::new(Shared { work, tally: RefCell::default(), over: Cell::new(false) });
    let local = LocalSet::new();
    local.run_until(measured(shared, run)).await
}

async fn measured(shared: Rc<Shared>, run: Run) -> anyhow::Result<Figure> {
    let mut clients = JoinSet::new();
    for _ in 0..run.connections {
        let connection = Connection::open(run.address).await.context("the server cannot be reached")?;
        let client = Rc::clone(&shared);
        if shared.work.kind == Workload::Stream {
            clients.spawn_local(stream::client(client, connection, run.connections));
        } else {
            clients.spawn_local(client_of(client, connection, run.address));
        }
    }
    tokio::time::sleep(run.warm_up).await;
    shared.tally.take();
    let meter = Meter::start(run.server);
    tokio::time::sleep(run.length).await;
    // What is under way now is answered after the end, and counts neither way.
    let tally = shared.tally.take();
    let used = meter.used();
    shared.over.set(true);
    let resident = run.server.and_then(machine::resident);
    let all = async { while clients.join_next().await.is_some() {} };
    let in_time = tokio::time::timeout(PATIENCE, all).await.is_ok();
    clients.abort_all();
    let ended = Stopwatch::start();
    let name = shared.work.kind.name();
    let mut figure = tally.figure(name, shared.work.stock.children, run.connections, used);
    if !in_time {
        figure.errors += 1;
        figure.codes.insert("not_answered_in_time".to_owned(), 1);
    }
    figure.resident = resident;
    figure.behind_seconds = followed(run.address, ended).await?;
    Ok(figure)
}

async fn client_of(shared: Rc<Shared>, mut connection: Connection, address: SocketAddr) {
    let mut request = Vec::new();
    let mut broken = 0;
    while !shared.over.get() && broken < BROKEN_MAX {
        shared.work.next(&mut request);
        let watch = Stopwatch::start();
        let came = match connection.exchange(&request).await {
            Ok(answer) => shared.work.judge(&answer),
            Err(_) => Came::Failed("connection_broken".to_owned()),
        };
        let is_broken = came == Came::Failed("connection_broken".to_owned());
        shared.tally.borrow_mut().note(came, watch.elapsed());
        if is_broken {
            broken += 1;
            let Ok(again) = Connection::open(address).await else { return };
            connection = again;
        }
    }
}

/// How long after the end every read model had followed the log; none where it took too long.
async fn followed(address: SocketAddr, ended: Stopwatch) -> anyhow::Result<Option<f64>> {
    let mut connection = Connection::open(address).await.context("the server cannot be reached")?;
    let mut request = Vec::new();
    get(&mut request, "/readyz");
    while ended.elapsed() < FOLLOWED_WITHIN {
        let answer = connection.exchange(&request).await?;
        let ready = serde_json::from_slice::<Ready>(answer.body).ok().filter(|_| answer.status == 200);
        if ready.is_some_and(|ready| ready.read_models >= ready.position) {
            return Ok(Some(ended.elapsed().as_secs_f64()));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(None)
}
