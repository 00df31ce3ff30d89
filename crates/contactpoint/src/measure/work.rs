//! The workloads: what each asks, and which answers count as done.
//!
//! Source: scale.md section 5; contract.md sections 2 and 3.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use chrono::NaiveDate;
use clap::ValueEnum;
use population::Population;
use serde::Serialize;

use super::{
    connection::{Answer, get, post},
    tally::Came,
    year::Year,
};

/// In how many answers of so many the rows are counted: counting costs as much as asking.
const COUNTED_EVERY: u64 = 8;
/// The head of an answer in which its outcome stands.
const OUTCOME_WITHIN: usize = 256;
/// Why the children of a measurement are looked for and looked at: a few users ask for thousands, and this reason is
/// one that no ceiling of attempts refuses. Whoever is over one has each opening drawn for review, which is measured
/// with it.
const REASON: &str = "emergency";

/// What is asked again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Workload {
    /// A misspelt search, a page of ten, recorded before it is answered
    Search,
    /// A search by the right names
    SearchExact,
    /// The record of a child, the look recorded before it is answered
    View,
    /// One event about a known child, durable
    Event,
    /// The same events as lines of one long body
    Stream,
    /// A constant answer: what HTTP alone costs
    Constant,
}

impl Workload {
    /// The name in results.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Workload::Search => "search",
            Workload::SearchExact => "search-exact",
            Workload::View => "view",
            Workload::Event => "event",
            Workload::Stream => "stream",
            Workload::Constant => "constant",
        }
    }
}

/// Everything that is made before the clock starts.
pub(crate) struct Stock {
    /// The England that is asked about.
    pub(crate) england: Population,
    /// How many children of it.
    pub(crate) children: u64,
    /// The `Authorization` of each user.
    pub(crate) users: Vec<String>,
    /// The `Authorization` of the client.
    pub(crate) client: RefCell<String>,
    /// Numbers of children whose records are opened.
    pub(crate) numbers: Vec<String>,
    /// Events to send.
    pub(crate) year: RefCell<Year>,
    /// Questions asked so far, so that none is asked twice.
    pub(crate) asked: Cell<u64>,
}

/// One workload with its stock.
pub(crate) struct Work {
    /// What is asked.
    pub(crate) kind: Workload,
    /// What it is asked with.
    pub(crate) stock: Rc<Stock>,
    sent: Cell<u64>,
    answered: Cell<u64>,
    body: RefCell<Vec<u8>>,
}

/// The body of a search.
#[derive(Serialize)]
struct Search<'a> {
    criteria: Criteria<'a>,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<u32>,
}

#[derive(Serialize)]
struct Criteria<'a> {
    forename: &'a str,
    surname: &'a str,
    birth_from: NaiveDate,
    birth_to: NaiveDate,
    #[serde(skip_serializing_if = "Option::is_none")]
    postcode_area: Option<&'a str>,
    fuzzy: bool,
}

#[derive(Serialize)]
struct Access {
    reason: &'static str,
}

impl Work {
    /// A workload.
    pub(crate) fn new(kind: Workload, stock: &Rc<Stock>) -> Work {
        let (sent, answered) = (Cell::new(0), Cell::new(0));
        Work { kind, stock: Rc::clone(stock), sent, answered, body: RefCell::default() }
    }

    /// Writes the next request.
    pub(crate) fn next(&self, request: &mut Vec<u8>) {
        let stock = &self.stock;
        let number = self.sent.replace(self.sent.get() + 1);
        let user = at(&stock.users, number);
        let mut body = self.body.borrow_mut();
        body.clear();
        match self.kind {
            Workload::Search | Workload::SearchExact => {
                let asked = stock.asked.replace(stock.asked.get() + 1);
                search_body(stock, asked, self.kind == Workload::Search, None, &mut body);
                post(request, "/api/v1/searches", "application/json", user, &body);
            }
            Workload::View => {
                let path = format!("/api/v1/children/{}/accesses", at(&stock.numbers, number));
                // Writing to memory cannot fail.
                let _written = serde_json::to_writer(&mut *body, &Access { reason: REASON });
                post(request, &path, "application/json", user, &body);
            }
            Workload::Event | Workload::Stream => {
                stock.year.borrow_mut().next(&mut body);
                let kind = "application/cloudevents+json";
                post(request, "/api/v1/events", kind, &stock.client.borrow(), &body);
            }
            Workload::Constant => get(request, "/livez"),
        }
    }

    /// What an answer means.
    pub(crate) fn judge(&self, answer: &Answer<'_>) -> Came {
        let number = self.answered.replace(self.answered.get() + 1);
        let counted = |key: &str| number.is_multiple_of(COUNTED_EVERY).then(|| count(answer.body, key));
        match (self.kind, answer.status) {
            (Workload::Search | Workload::SearchExact, 200) => match outcome(answer.body) {
                "found" | "none" => Came::Done(counted("\"child_number\"")),
                other => Came::Failed(other.to_owned()),
            },
            (Workload::View, 201) => Came::Done(counted("\"involvement_id\"")),
            (Workload::Event | Workload::Stream, 200) => match outcome(answer.body) {
                "recorded" => Came::Done(None),
                other => Came::Failed(refusal(answer.body).unwrap_or(other).to_owned()),
            },
            (Workload::Constant, 200) => Came::Done(None),
            (_, status) => Came::Failed(refusal(answer.body).map_or(status.to_string(), str::to_owned)),
        }
    }
}

/// Writes the body of a search: the question with this number.
pub(crate) fn search_body(stock: &Stock, number: u64, fuzzy: bool, page: Option<u32>, into: &mut Vec<u8>) {
    let asked = stock.england.asked(number, stock.children);
    let meant = (!fuzzy).then(|| stock.england.child(asked.child));
    let (forename, surname) = match &meant {
        Some(child) => (child.forename.as_ref(), child.surname.as_ref()),
        None => (asked.forename.as_str(), asked.surname.as_str()),
    };
    let criteria = Criteria {
        forename,
        surname,
        birth_from: asked.birth.0,
        birth_to: asked.birth.1,
        postcode_area: asked.postcode_area.as_deref(),
        fuzzy,
    };
    // Writing to memory cannot fail.
    let _written = serde_json::to_writer(into, &Search { criteria, reason: REASON, page });
}

/// The outcome that an answer begins with.
pub(crate) fn outcome(body: &[u8]) -> &str {
    word(body.get(..OUTCOME_WITHIN).unwrap_or(body), "\"outcome\":\"").unwrap_or("(no outcome)")
}

/// The code of a refusal or a problem: never what it is about.
pub(crate) fn refusal(body: &[u8]) -> Option<&str> {
    word(body, "\"code\":\"")
}

/// The word behind a key.
fn word<'b>(body: &'b [u8], key: &str) -> Option<&'b str> {
    let begins = body.windows(key.len()).position(|window| window == key.as_bytes())? + key.len();
    let rest = body.get(begins..)?;
    let length = rest.iter().position(|byte| *byte == b'"')?;
    std::str::from_utf8(rest.get(..length)?).ok()
}

fn count(body: &[u8], key: &str) -> u64 {
    body.windows(key.len()).map(|window| u64::from(window == key.as_bytes())).sum()
}

/// One of a list, round and round; empty where the list is.
fn at(list: &[String], number: u64) -> &str {
    let place = usize::try_from(number % (list.len() as u64).max(1)).unwrap_or(0);
    list.get(place).map(String::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_and_a_code_are_read_without_reading_the_rest() {
        let body = br#"{"id":"Y1","outcome":"refused","problem":{"code":"child_unknown","detail":"x"}}"#;
        assert_eq!(outcome(body), "refused");
        assert_eq!(refusal(body), Some("child_unknown"));
        assert_eq!(outcome(b"{}"), "(no outcome)");
        assert_eq!(count(br#"[{"child_number":1},{"child_number":2}]"#, "\"child_number\""), 2);
    }
}
