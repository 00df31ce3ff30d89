//! A moment of the log as it is asked for: a position, an instant, or a civil day in England with all of it.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use vocabulary::{Position, england_midnight};

/// When it was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// As the record at this position left it.
    Position(Position),
    /// At this instant.
    Instant(DateTime<Utc>),
    /// At the end of this day.
    Day(NaiveDate),
}

/// What is no moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a position, a day or an instant of RFC 3339 is needed")]
pub struct NotAMoment;

impl Moment {
    /// Its last instant; of a position, none is known without the log.
    pub(super) fn ends(self) -> Option<DateTime<Utc>> {
        match self {
            Moment::Position(_) => None,
            Moment::Instant(instant) => Some(instant),
            Moment::Day(day) => {
                Some(england_midnight(day.succ_opt().unwrap_or(day)) - TimeDelta::microseconds(1))
            }
        }
    }
}

impl FromStr for Moment {
    type Err = NotAMoment;

    fn from_str(text: &str) -> Result<Moment, NotAMoment> {
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            let position = text.parse().map_err(|_| NotAMoment)?;
            return if position == 0 { Err(NotAMoment) } else { Ok(Moment::Position(Position(position))) };
        }
        if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
            return Ok(Moment::Instant(instant.with_timezone(&Utc)));
        }
        text.parse().map(Moment::Day).map_err(|_| NotAMoment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_position_an_instant_or_all_of_a_day() {
        let read = |text: &str| text.parse::<Moment>();
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(read("81234"), Ok(Moment::Position(Position(81_234))));
        assert_eq!(read("2026-11-20T09:00:00Z"), Ok(Moment::Instant(at("2026-11-20T09:00:00Z"))));
        let ends = |text: &str| read(text).unwrap().ends();
        assert_eq!(ends("2026-11-20"), Some(at("2026-11-20T23:59:59.999999Z")));
        assert_eq!(ends("2026-07-01"), Some(at("2026-07-01T22:59:59.999999Z")));
        for wrong in ["", "0", "soon", "2026-13-01", "99999999999999999999999"] {
            assert_eq!(read(wrong), Err(NotAMoment), "{wrong}");
        }
    }
}
