//! Metrics: counts and times of requests as Prometheus text, on an address of their own.
//!
//! Labels are routes, methods, statuses and outcomes: closed lists, and nothing of a person.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::http::{Method, StatusCode};
use directory::CeilingFigures;

use crate::door::Door;

/// Upper bounds of the buckets, in seconds: from a read in memory to the time at which a request is given up.
const BUCKETS_S: [f64; 9] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0];

/// What the door counts.
#[derive(Default)]
pub(crate) struct Metrics(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    requests: BTreeMap<(String, String, u16), u64>,
    buckets: [u64; BUCKETS_S.len()],
    seconds: f64,
    answered: u64,
    events: BTreeMap<&'static str, u64>,
}

impl Metrics {
    /// Counts one answered request. `route` is the template, never the address itself.
    pub(crate) fn request(&self, method: &Method, route: &str, status: StatusCode, took: Duration) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (route.to_owned(), method.as_str().to_owned(), status.as_u16());
        *counts.requests.entry(key).or_default() += 1;
        let seconds = took.as_secs_f64();
        for (bucket, bound) in counts.buckets.iter_mut().zip(BUCKETS_S) {
            *bucket += u64::from(seconds <= bound);
        }
        counts.seconds += seconds;
        counts.answered += 1;
    }

    /// Counts one outcome of an event.
    pub(crate) fn event(&self, outcome: &'static str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).events.entry(outcome).or_default() += 1;
    }
}

/// Writes everything that is counted, in the text format of Prometheus 0.0.4.
pub(crate) fn text(door: &Door) -> String {
    let mut text = String::new();
    let mut gauge = |name: &str, help: &str, value: u64| {
        // Writing to a String cannot fail.
        let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n");
    };
    if let Ok(head) = door.directory.head() {
        gauge("contactpoint_position", "Newest durable position of the log.", head.0);
    }
    gauge(
        "contactpoint_read_models_position",
        "Position up to which every read model has folded.",
        door.directory.caught_up().0,
    );
    gauge("contactpoint_tokens", "Bearer tokens that have not expired.", door.tokens.count());
    let queue = door.directory.queue_figures();
    gauge("contactpoint_queue_items", "Items that wait for a person.", queue.waiting as u64);
    gauge(
        "contactpoint_queue_overdue",
        "Items that wait for a person for longer than the policy allows.",
        queue.overdue as u64,
    );
    gauge(
        "contactpoint_alarms",
        "Looks that raised an alarm or an alert since the start.",
        door.directory.alarms(),
    );
    gauge("contactpoint_feeds", "Readers of the feed.", door.feeds.count() as u64);
    ceilings(&mut text, &door.directory.ceiling_figures());
    let counts = door.metrics.0.lock().unwrap_or_else(PoisonError::into_inner);
    let requests = "contactpoint_requests_total";
    let _ = write!(text, "# HELP {requests} Requests answered.\n# TYPE {requests} counter\n");
    for ((route, method, status), count) in &counts.requests {
        let _ =
            writeln!(text, "{requests}{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}} {count}");
    }
    let times = "contactpoint_request_seconds";
    let _ = write!(text, "# HELP {times} Time to an answer.\n# TYPE {times} histogram\n");
    for (count, bound) in counts.buckets.iter().zip(BUCKETS_S) {
        let _ = writeln!(text, "{times}_bucket{{le=\"{bound}\"}} {count}");
    }
    let (answered, seconds) = (counts.answered, counts.seconds);
    let _ = writeln!(text, "{times}_bucket{{le=\"+Inf\"}} {answered}");
    let _ = write!(text, "{times}_sum {seconds}\n{times}_count {answered}\n");
    let events = "contactpoint_events_total";
    let _ = write!(text, "# HELP {events} Outcomes of supplied events.\n# TYPE {events} counter\n");
    for (outcome, count) in &counts.events {
        let _ = writeln!(text, "{events}{{outcome=\"{outcome}\"}} {count}");
    }
    text
}

/// Writes which ceilings of attempts were reached, and how often one kept somebody from looking: never whom.
fn ceilings(text: &mut String, figures: &CeilingFigures) {
    let reached = "contactpoint_ceilings_reached_total";
    let _ = write!(
        text,
        "# HELP {reached} Ceilings of attempts that accounts reached: alarms.\n# TYPE {reached} counter\n"
    );
    for (counted, within, count) in &figures.reached {
        let (counted, within) = (counted.name(), within.name());
        let _ = writeln!(text, "{reached}{{counted=\"{counted}\",within=\"{within}\"}} {count}");
    }
    let refused = "contactpoint_ceiling_refusals_total";
    let help = "Looks that a ceiling of attempts kept from being made.";
    let _ =
        write!(text, "# HELP {refused} {help}\n# TYPE {refused} counter\n{refused} {}\n", figures.refused);
}

#[cfg(test)]
mod tests {
    use events::ceiling::{Counted, Span};

    use super::*;

    #[test]
    fn an_alarm_is_a_figure_by_what_was_counted_and_names_nobody() {
        let mut text = String::new();
        let reached = vec![(Counted::Listed, Span::Day, 2)];
        ceilings(&mut text, &CeilingFigures { reached, refused: 7 });
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(
            lines,
            [
                "contactpoint_ceilings_reached_total{counted=\"listed\",within=\"day\"} 2",
                "contactpoint_ceiling_refusals_total 7"
            ]
        );
    }
}
