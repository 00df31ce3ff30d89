//! `bench run`: workloads in closed loops against a running server, a figure a line.

use std::{
    cell::{Cell, RefCell},
    net::SocketAddr,
    path::PathBuf,
    rc::Rc,
    time::Duration,
};

use directory::ports::Clock;
use tokio::runtime::{Builder, Runtime};

use crate::{
    clock,
    exit::Status,
    measure::{
        closed_loop::{self, Run as Loop},
        credentials::Credentials,
        numbers, recall, sessions,
        work::{Stock, Work, Workload},
        year::Year,
    },
    output::{Out, say},
    settings::{Flags, Place, Settings},
};

/// Changes made before the clock starts, and sent again as news once all were: a minute's worth, lest they be of
/// children whom some cache remembers.
const CHANGES_MAX: u64 = 500_000;
/// Records opened, by number; they are found out before the clock starts. Half as many as a minute opens.
const NUMBERS_MAX: u64 = 250_000;

/// What to ask, of whom, and how long.
#[derive(Debug, clap::Args)]
pub(crate) struct Run {
    /// Where the server listens
    #[arg(long, value_name = "ADDR")]
    address: SocketAddr,
    /// What `bench prepare` wrote
    #[arg(long, value_name = "FILE")]
    credentials: PathBuf,
    /// The workloads, in this order
    #[arg(
        long,
        value_delimiter = ',',
        value_enum,
        default_value = "search,search-exact,view,event,stream,constant"
    )]
    workloads: Vec<Workload>,
    /// How many connections ask at once, each count in turn
    #[arg(long, value_delimiter = ',', default_value = "32,256")]
    connections: Vec<u64>,
    /// How long each figure is counted, in seconds
    #[arg(long, value_name = "S", default_value_t = 10.0)]
    seconds: f64,
    /// How long it is warmed up before, in seconds
    #[arg(long, value_name = "S", default_value_t = 1.5)]
    warm_up: f64,
    /// The server's process id: its processor time and memory are told
    #[arg(long, value_name = "PID")]
    server: Option<u32>,
    /// Questions asked beside the timed ones, to tell whether the right child is found
    #[arg(long, value_name = "N", default_value_t = 8_000)]
    recall: u64,
    /// Changes of the year made before the clock starts
    #[arg(long, value_name = "N", default_value_t = CHANGES_MAX)]
    changes: u64,
    /// Children whose records are opened
    #[arg(long, value_name = "N", default_value_t = NUMBERS_MAX)]
    records: u64,
}

impl Run {
    /// Measures one workload after another.
    pub(super) fn run(&self, out: Out) -> anyhow::Result<Status> {
        let settings = Settings::read(&Place::default(), &Flags::default())?;
        let clock = clock::of(&settings);
        let credentials = Credentials::read(&self.credentials)?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let stock = Rc::new(runtime.block_on(self.stock(&credentials, &*clock))?);
        for kind in &self.workloads {
            let mut recalled = None;
            for connections in &self.connections {
                let asked = (*kind, *connections);
                let (figure, found) =
                    self.figure(&runtime, &credentials, &stock, asked, recalled.is_none())?;
                recalled = recalled.or(found);
                out.tell(&crate::measure::figure::Figure { recall: recalled, ..figure })?;
            }
        }
        Ok(Status::Done)
    }

    fn figure(
        &self,
        runtime: &Runtime,
        credentials: &Credentials,
        stock: &Rc<Stock>,
        (kind, connections): (Workload, u64),
        recalls: bool,
    ) -> anyhow::Result<(crate::measure::figure::Figure, Option<crate::measure::figure::Recall>)> {
        runtime.block_on(async {
            // A client's token is good for ten minutes: each figure has one of its own.
            let client = sessions::client(self.address, credentials).await?;
            stock.client.replace(client);
            let asked = Loop {
                address: self.address,
                connections,
                warm_up: Duration::from_secs_f64(self.warm_up),
                length: Duration::from_secs_f64(self.seconds),
                server: self.server,
            };
            let figure = closed_loop::measure(Work::new(kind, stock), asked).await?;
            let fuzzy = kind == Workload::Search;
            let searches = fuzzy || kind == Workload::SearchExact;
            let recall = if searches && recalls && self.recall > 0 {
                Some(recall::measure(self.address, stock, (self.recall, fuzzy), connections.min(32)).await?)
            } else {
                None
            };
            Ok((figure, recall))
        })
    }

    /// Everything that is made before the clock starts.
    async fn stock(&self, credentials: &Credentials, clock: &dyn Clock) -> anyhow::Result<Stock> {
        let england = credentials.england();
        let asks = |wanted: &[Workload]| self.workloads.iter().any(|kind| wanted.contains(kind));
        let signs_in = asks(&[Workload::Search, Workload::SearchExact, Workload::View]);
        let users = if signs_in {
            sessions::users(self.address, credentials, || clock.now()).await?
        } else {
            Vec::new()
        };
        let client = sessions::client(self.address, credentials).await?;
        let children = credentials.children;
        let numbers = if asks(&[Workload::View]) {
            let wanted = spread_over(children, self.records);
            let found = numbers::of(self.address, &client, &england, &wanted).await?;
            say(format_args!("{} of {} children have a record of their own", found.len(), wanted.len()));
            // In no order: neighbours in the log must not follow one another.
            found.into_values().collect()
        } else {
            Vec::new()
        };
        let changes = if asks(&[Workload::Event, Workload::Stream]) { self.changes } else { 1 };
        // Milliseconds as a tag: no other run ever had it, and no pass is as short as that.
        let tag = u64::try_from(clock.now().timestamp_millis()).unwrap_or(0);
        Ok(Stock {
            year: RefCell::new(Year::make(&england, children, changes, tag)?),
            client: RefCell::new(client),
            asked: Cell::new(0),
            england,
            children,
            users,
            numbers,
        })
    }
}

/// At most `count` children, spread evenly over all.
fn spread_over(children: u64, count: u64) -> Vec<u64> {
    let count = count.clamp(1, children.max(1));
    (0..count).map(|number| number * children / count).collect()
}
