//! The yardstick: the same children, the same questions and the same changes upon PostgreSQL.
//!
//! `measure WORKLOAD` prints one line of JSON a figure, as `contactpoint bench run` does; `serve` is what a supplier
//! would write over it. Rows come from `contactpoint generate --tables`, and are loaded by `load.sh`.

mod closed_loop;
mod machine;
mod rows;
mod statements;
mod web;

use std::{collections::HashMap, path::PathBuf, time::Duration};

use anyhow::{Context, bail};
use tokio::runtime::Builder;

use crate::closed_loop::{Run, measure};

/// What is asked for on the command line: a word, then `--name value`.
struct Asked(HashMap<String, String>);

impl Asked {
    fn text(&self, name: &str) -> anyhow::Result<&str> {
        self.0.get(name).map(String::as_str).with_context(|| format!("--{name} is missing"))
    }

    fn number<T: std::str::FromStr>(&self, name: &str) -> anyhow::Result<T> {
        self.text(name)?.parse().ok().with_context(|| format!("--{name} is a number"))
    }
}

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().unwrap_or_default();
    let mut asked = HashMap::new();
    while let Some(name) = arguments.next() {
        let Some(name) = name.strip_prefix("--") else { bail!("{name} is no flag") };
        asked.insert(name.to_owned(), arguments.next().context("a flag has a value")?);
    }
    let asked = Asked(asked);
    match what.as_str() {
        "serve" => {
            let threads = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
            threads.block_on(web::serve(
                asked.text("database")?,
                asked.number("port")?,
                asked.text("search")?,
            ))
        }
        "measure" => {
            let run = Run {
                workload: asked.text("workload")?.to_owned(),
                database: asked.text("database")?.to_owned(),
                rows: PathBuf::from(asked.text("rows")?),
                children: asked.number("children")?,
                connections: asked.number("connections")?,
                length: Duration::from_secs_f64(asked.number("seconds")?),
                postmaster: asked.number("postmaster")?,
                port: asked.number("port").ok(),
                server: asked.number("server").ok(),
                first: asked.number("first").unwrap_or(0),
            };
            Builder::new_current_thread().enable_all().build()?.block_on(measure(run))
        }
        _ => bail!("usage: postgres-yardstick measure | serve --name value …"),
    }
}
