//! Whether the child meant is found: a pass of its own, beside the timed one, that turns pages up to the twentieth.

use std::{cell::Cell, collections::HashMap, net::SocketAddr, rc::Rc};

use anyhow::{Context, bail};
use serde::Deserialize;
use tokio::task::{JoinSet, LocalSet};

use super::{
    connection::{Connection, post},
    figure::Recall,
    numbers,
    work::{Stock, search_body},
};

/// Questions are numbered from here, far from those that are timed.
const FIRST: u64 = 1 << 40;
/// Pages of ten that are looked through.
const PAGES: u32 = 2;

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    total: Option<u64>,
    results: Vec<Hit>,
}

#[derive(Deserialize)]
struct Hit {
    child_number: String,
}

/// What came of one question: the place of the child meant, from 1, and whether the first letter was wrong.
#[derive(Debug, Clone, Copy)]
struct Came {
    place: Option<usize>,
    letter_wrong: bool,
}

/// Asks `questions` questions over so many connections and counts whom they find.
///
/// # Errors
/// The server broke off or refused one.
pub(crate) async fn measure(
    address: SocketAddr,
    stock: &Rc<Stock>,
    (questions, fuzzy): (u64, bool),
    connections: u64,
) -> anyhow::Result<Recall> {
    let meant: Vec<u64> =
        (0..questions).map(|number| stock.england.asked(FIRST + number, stock.children).child).collect();
    let client = stock.client.borrow().clone();
    let known = Rc::new(numbers::of(address, &client, &stock.england, &meant).await?);
    let next = Rc::new(Cell::new(0));
    let local = LocalSet::new();
    let came = local.run_until(async {
        let mut askers = JoinSet::new();
        for _ in 0..connections {
            let connection = Connection::open(address).await.context("the server cannot be reached")?;
            let (stock, known, next) = (Rc::clone(stock), Rc::clone(&known), Rc::clone(&next));
            askers.spawn_local(async move {
                let mut asker = Asker { connection, stock, known, fuzzy };
                let mut came = Vec::new();
                while next.get() < questions {
                    let number = next.replace(next.get() + 1);
                    came.push(asker.ask(FIRST + number).await?);
                }
                anyhow::Ok(came)
            });
        }
        let mut all = Vec::new();
        while let Some(came) = askers.join_next().await {
            all.extend(came??);
        }
        anyhow::Ok(all)
    });
    Ok(counted(&came.await?))
}

struct Asker {
    connection: Connection,
    stock: Rc<Stock>,
    known: Rc<HashMap<u64, String>>,
    fuzzy: bool,
}

impl Asker {
    async fn ask(&mut self, number: u64) -> anyhow::Result<Came> {
        let asked = self.stock.england.asked(number, self.stock.children);
        // Whom the directory does not know as a child of its own cannot be found, and counts as missed.
        let meant = self.known.get(&asked.child);
        let users = self.stock.users.len().max(1);
        let user = self.stock.users.get(usize::try_from(number).unwrap_or(0) % users).context("no users")?;
        let (mut body, mut request) = (Vec::new(), Vec::new());
        let mut seen = 0;
        let mut place = None;
        for page in 1..=PAGES {
            body.clear();
            search_body(&self.stock, number, self.fuzzy, Some(page), &mut body);
            post(&mut request, "/api/v1/searches", "application/json", user, &body);
            let answer = self.connection.exchange(&request).await?;
            if answer.status != 200 {
                bail!("a search was answered with {}", answer.status);
            }
            let told: Page = serde_json::from_slice(answer.body)?;
            let here = told.results.iter().position(|hit| Some(&hit.child_number) == meant);
            place = place.or(here.map(|at| seen + at + 1));
            seen += told.results.len();
            if place.is_some() || told.total.unwrap_or(0) <= seen as u64 {
                break;
            }
        }
        Ok(Came { place, letter_wrong: self.fuzzy && asked.first_letter_wrong })
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share for people needs no more than 52 bits")]
fn counted(came: &[Came]) -> Recall {
    let share = |within: usize, counts: &dyn Fn(&Came) -> bool| {
        let asked: Vec<&Came> = came.iter().filter(|one| counts(one)).collect();
        let found = asked.iter().filter(|one| one.place.is_some_and(|place| place <= within)).count();
        (!asked.is_empty()).then(|| found as f64 / asked.len() as f64)
    };
    Recall {
        asked: came.len() as u64,
        ten: share(10, &|_| true).unwrap_or(0.0),
        twenty: share(20, &|_| true).unwrap_or(0.0),
        twenty_letter_right: share(20, &|one| !one.letter_wrong).unwrap_or(0.0),
        twenty_letter_wrong: share(20, &|one| one.letter_wrong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_nobody_finds_counts_as_asked() {
        let one = |place, letter_wrong| Came { place, letter_wrong };
        let recall = counted(&[one(Some(1), false), one(Some(11), false), one(None, false), one(None, true)]);
        assert_eq!(recall.asked, 4);
        assert!((recall.ten - 0.25).abs() < 1e-9);
        assert!((recall.twenty - 0.5).abs() < 1e-9);
        assert!((recall.twenty_letter_right - 2.0 / 3.0).abs() < 1e-9);
        assert_eq!(recall.twenty_letter_wrong, Some(0.0));
    }
}
