//! What the benchmarks share: a clock, draws from a seed, medians, and a loop of clients over tickets.
//!
//! A benchmark stands beside what bounds it, a bare file say, in the same run and in turns: on a busy machine
//! only ratios within a run mean anything.

use std::time::{Duration, Instant};

pub mod asking;
pub mod clients;

/// The present moment, for measuring how long something takes.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub fn now() -> Instant {
    Instant::now()
}

/// How long this thread was on a core, ever: what something costs, whoever else wants the machine.
pub fn on_core() -> Duration {
    spent(rustix::time::ClockId::ThreadCPUTime)
}

/// How long all threads of this process were on a core, ever.
pub fn on_cores() -> Duration {
    spent(rustix::time::ClockId::ProcessCPUTime)
}

fn spent(clock: rustix::time::ClockId) -> Duration {
    let told = rustix::time::clock_gettime(clock);
    let seconds = u64::try_from(told.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(told.tv_nsec).unwrap_or_default())
}

/// Draws numbers from a seed (`SplitMix64`): the same run each time.
#[derive(Debug, Clone)]
pub struct Draws(pub u64);

impl Draws {
    /// The next 64 bits.
    pub fn next_bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// The next 16 bytes.
    pub fn next_bytes(&mut self) -> [u8; 16] {
        let high = u128::from(self.next_bits()) << 64;
        (high | u128::from(self.next_bits())).to_be_bytes()
    }
}

/// A count as a figure; counts here are far below 2 to the power of 52.
#[expect(clippy::cast_precision_loss, reason = "counts of a benchmark are small")]
pub fn as_figure(count: u64) -> f64 {
    count as f64
}

/// The middle one of some figures; of an even number the lower of the two; 0 of none.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len().saturating_sub(1) / 2).copied().unwrap_or(0.0)
}
