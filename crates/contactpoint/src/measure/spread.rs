//! How times are spread: counted in steps of a sixty-fourth, so that memory does not grow with their number.

use std::time::Duration;

/// Steps between one power of two and the next: a quantile is told to 1.6 %.
const STEPS: u64 = 64;
/// Powers of two beyond the first `STEPS` microseconds that are told apart: up to two hours.
const POWERS: u64 = 27;

/// Times, counted.
#[derive(Debug, Clone)]
pub(crate) struct Spread {
    counts: Vec<u64>,
    count: u64,
    longest: u64,
}

impl Default for Spread {
    fn default() -> Spread {
        let places = usize::try_from(STEPS * (POWERS + 1)).unwrap_or(0);
        Spread { counts: vec![0; places], count: 0, longest: 0 }
    }
}

impl Spread {
    /// Counts a time so many times.
    pub(crate) fn note(&mut self, time: Duration, times: u64) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let place = place(micros).min(self.counts.len().saturating_sub(1));
        if let Some(count) = self.counts.get_mut(place) {
            *count += times;
        }
        self.count += times;
        self.longest = self.longest.max(micros);
    }

    /// The time, in milliseconds, within which so many of 100 lay; 0 where there are none.
    pub(crate) fn percentile(&self, percent: u64) -> f64 {
        let wanted = (self.count * percent).div_ceil(100).max(1);
        let mut seen = 0;
        for (place, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= wanted {
                return millis(upper(place).min(self.longest));
            }
        }
        0.0
    }

    /// The longest time, in milliseconds.
    pub(crate) fn longest(&self) -> f64 {
        millis(self.longest)
    }
}

/// Where a time is counted.
fn place(micros: u64) -> usize {
    let place = if micros < STEPS {
        micros
    } else {
        let power = u64::from(micros.ilog2() - STEPS.ilog2());
        STEPS * (power + 1) + (micros >> power) - STEPS
    };
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// The longest time that is counted there, in microseconds.
fn upper(place: usize) -> u64 {
    let place = place as u64;
    if place < STEPS {
        return place;
    }
    let power = place / STEPS - 1;
    ((STEPS + place % STEPS + 1) << power) - 1
}

#[expect(clippy::cast_precision_loss, reason = "a time for people needs no more than 52 bits")]
fn millis(micros: u64) -> f64 {
    micros as f64 / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_lies_within_the_place_where_it_is_counted() {
        for micros in (0..5_000).chain((5_000..4_000_000).step_by(977)) {
            let at = place(micros);
            assert!(upper(at) >= micros, "{micros}");
            assert!(at == 0 || upper(at - 1) < micros, "{micros}");
        }
    }

    #[test]
    fn a_percentile_is_right_to_a_sixty_fourth() {
        let mut spread = Spread::default();
        for micros in 1..=100_000 {
            spread.note(Duration::from_micros(micros), 1);
        }
        for percent in [1, 50, 99, 100] {
            let exact = f64::from(u32::try_from(percent).unwrap());
            let told = spread.percentile(percent);
            assert!((exact..=exact * 1.016).contains(&told), "{percent}: {told}");
        }
        assert!((spread.longest() - 100.0).abs() < 1e-9);
    }

    #[test]
    fn of_no_times_at_all_nothing_is_told() {
        assert!(Spread::default().percentile(99).abs() < 1e-9);
    }
}
