//! Processor time of PostgreSQL, of this process and of everybody else, as Linux tells it.

use std::fs;

/// Processor seconds up to a moment.
#[derive(Clone, Copy)]
pub struct Times {
    pub server: f64,
    pub own: f64,
    pub everybody: f64,
}

/// The times of the postmaster's children, of a server over them where there is one, and of this process.
pub fn times(postmaster: u32, server: Option<u32>) -> Times {
    let own = std::process::id();
    let mut times = Times { server: 0.0, own: 0.0, everybody: everybody() };
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let Some((parent, seconds)) = process(id) else { continue };
        if id == own {
            times.own = seconds;
        } else if parent == postmaster || Some(id) == server {
            times.server += seconds;
        }
    }
    times
}

/// Bytes that PostgreSQL and its processes hold of their own, and the memory that they share.
pub fn resident(postmaster: u32) -> u64 {
    let mut bytes = 0;
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        if id == postmaster || process(id).is_some_and(|(parent, _)| parent == postmaster) {
            let rollup = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).unwrap_or_default();
            let share = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
            let kilobytes = share.and_then(|text| text.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
            bytes += kilobytes.unwrap_or(0) * 1_024;
        }
    }
    bytes
}

fn process(id: u32) -> Option<(u32, f64)> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, after) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = after.split_whitespace().collect();
    let ticks = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some((fields.get(1)?.parse().ok()?, ticks / 100.0))
}

fn everybody() -> f64 {
    let stat = fs::read_to_string("/proc/stat").unwrap_or_default();
    let line = stat.lines().next().unwrap_or_default();
    let fields: Vec<f64> = line.split_whitespace().skip(1).filter_map(|field| field.parse().ok()).collect();
    [0, 1, 2, 5, 6].iter().filter_map(|place| fields.get(*place)).sum::<f64>() / 100.0
}
