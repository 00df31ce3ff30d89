//! What the machine did meanwhile: processor time of the server, of this process and of everybody else.
//!
//! Linux tells it in files; where it does not, nothing is told.

use std::fs;

use crate::stopwatch::Stopwatch;

/// Ticks of processor time a second, as Linux has told them since 1992.
const TICKS_A_SECOND: f64 = 100.0;

/// Processor seconds up to a moment.
#[derive(Debug, Clone, Copy)]
struct Times {
    server: Option<f64>,
    own: Option<f64>,
    everybody: Option<f64>,
}

/// Processor time from a moment on.
pub(crate) struct Meter {
    server: Option<u32>,
    begun: Times,
    watch: Stopwatch,
}

/// Processor seconds between two moments.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Used {
    /// How long it was.
    pub(crate) seconds: f64,
    /// The server's.
    pub(crate) server: Option<f64>,
    /// This process's.
    pub(crate) own: Option<f64>,
    /// Cores that everybody else kept busy, in the mean.
    pub(crate) other_cores: Option<f64>,
}

impl Meter {
    /// Starts to measure, with the server's process id where it is known.
    pub(crate) fn start(server: Option<u32>) -> Meter {
        Meter { server, begun: times(server), watch: Stopwatch::start() }
    }

    /// What was used since.
    pub(crate) fn used(&self) -> Used {
        let seconds = self.watch.elapsed().as_secs_f64();
        let now = times(self.server);
        let between = |before: Option<f64>, after: Option<f64>| Some(after? - before?);
        let server = between(self.begun.server, now.server);
        let own = between(self.begun.own, now.own);
        let everybody = between(self.begun.everybody, now.everybody);
        let others = everybody.zip(own).map(|(all, own)| all - own - server.unwrap_or(0.0));
        Used { seconds, server, own, other_cores: others.map(|others| (others / seconds).max(0.0)) }
    }
}

/// Bytes that a process holds in memory.
pub(crate) fn resident(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1_024)
}

fn times(server: Option<u32>) -> Times {
    let read = |path: &str| fs::read_to_string(path).ok();
    Times {
        server: server.and_then(|id| of_process(&read(&format!("/proc/{id}/stat"))?)),
        own: read("/proc/self/stat").and_then(|text| of_process(&text)),
        everybody: read("/proc/stat").and_then(|text| of_all(&text)),
    }
}

/// User and system seconds of a process: the name, in brackets, may hold anything.
fn of_process(stat: &str) -> Option<f64> {
    let (_, after) = stat.rsplit_once(')')?;
    let mut fields = after.split_whitespace().skip(11);
    let user = fields.next()?.parse::<f64>().ok()?;
    let system = fields.next()?.parse::<f64>().ok()?;
    Some((user + system) / TICKS_A_SECOND)
}

/// Seconds of all cores together in which somebody worked: user, nice, system, and both kinds of interrupts.
fn of_all(stat: &str) -> Option<f64> {
    let line = stat.lines().next()?.strip_prefix("cpu ")?;
    let fields: Vec<f64> = line.split_whitespace().filter_map(|field| field.parse().ok()).collect();
    let busy = [0, 1, 2, 5, 6].iter().filter_map(|place| fields.get(*place)).sum::<f64>();
    Some(busy / TICKS_A_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_read_behind_a_name_that_holds_anything() {
        let stat = "7 (a b) c) S 1 1 1 0 -1 4 0 0 0 0 150 50 0 0 20 0";
        assert_eq!(of_process(stat), Some(2.0));
        assert_eq!(of_all("cpu  100 0 100 900 50 0 0 0 0 0\ncpu0 1"), Some(2.0));
    }
}
