//! Memory: what Linux tells of this process; nothing where it does not.

use std::fs;

/// The most bytes that this process ever held.
pub(crate) fn peak() -> Option<u64> {
    told("VmHWM:")
}

/// The bytes that it holds now.
pub(crate) fn resident() -> Option<u64> {
    told("VmRSS:")
}

fn told(what: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(what))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
