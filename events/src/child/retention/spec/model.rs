//! Ten thousand lives, each a sequence of steps drawn at random, beside a naive model that keeps every word and works
//! everything out from the first again.

use proptest::prelude::*;
use vocabulary::{Label, OrganisationId};

use super::*;
use crate::{
    child::{RecordState, examples::*, identity, lifecycle},
    decider::{Decider, When},
    spec::KEY,
};

/// What one step does, as numbers, so that a failing life shrinks to a short one: what, how much, by whom.
type Step = (u8, u16, u8);

/// Everything that was ever said, in its order.
#[derive(Default)]
struct Naive {
    today: NaiveDate,
    births: Vec<NaiveDate>,
    deaths: Vec<(u8, NaiveDate)>,
    departures: Vec<(u8, NaiveDate)>,
    /// Agreed on, and agreed no more since.
    stays: Option<(NaiveDate, Option<NaiveDate>)>,
    holds: Vec<(u8, u8)>,
    archived_on: Option<NaiveDate>,
}

impl Naive {
    /// The first day of an age, found by asking each day.
    fn of_age(&self, age: i32) -> NaiveDate {
        let born = *self.births.last().unwrap();
        let around = born + chrono::Duration::days(i64::from(age) * 365);
        around.iter_days().find(|day| age_on(born, *day) >= age).unwrap()
    }

    /// The newest of the words that each supplier said last.
    fn newest(words: &[(u8, NaiveDate)]) -> Option<NaiveDate> {
        words.last().map(|(_, on)| *on)
    }

    fn leaves(&self) -> NaiveDate {
        let adult = self.of_age(18);
        let by_age = match self.stays {
            None => adult,
            Some((_, None)) => self.of_age(25),
            Some((_, Some(no_more))) => adult.max(no_more),
        };
        let mut leaves = by_age;
        if let Some(died) = Naive::newest(&self.deaths) {
            leaves = leaves.min(died + chrono::Duration::days(365));
        }
        if let Some(left) = Naive::newest(&self.departures) {
            let same = |back: i64| {
                let day = left - chrono::Duration::days(back);
                chrono::Datelike::with_year(&day, chrono::Datelike::year(&day) + 3)
            };
            leaves = leaves.min(same(0).or_else(|| same(1)).unwrap());
        }
        leaves
    }

    fn state(&self) -> RecordState {
        let since = self.archived_on.map_or(self.leaves(), |on| on.min(self.leaves()));
        let days = (self.today - since).num_days();
        match days {
            ..=-1 => RecordState::Live,
            0..=364 => RecordState::ArchivedYear1,
            _ => RecordState::ArchivedYears2To6,
        }
    }

    fn purged_from(&self) -> Option<NaiveDate> {
        let kept = self.archived_on.is_none() || !self.holds.is_empty();
        (!kept).then(|| {
            let (day, years) = (self.leaves(), 6);
            let year = chrono::Datelike::year(&day) + years;
            let before = || chrono::Datelike::with_year(&(day - chrono::Duration::days(1)), year);
            chrono::Datelike::with_year(&day, year).or_else(before).unwrap()
        })
    }

    /// Hears what is asked; answers whether anything comes of it.
    fn hears(&mut self, asked: Asked) -> bool {
        let said = |words: &[(u8, NaiveDate)], by: u8| {
            words.iter().rev().find(|(whose, _)| *whose == by).map(|(_, on)| *on)
        };
        match asked {
            Asked::Settle => {
                let now = Some(self.leaves()).filter(|on| *on <= self.today);
                let news = now != self.archived_on;
                self.archived_on = now;
                news
            }
            Asked::Died(by, on) => {
                let news = said(&self.deaths, by) != Some(on)
                    && on <= self.today
                    && on >= self.births[0].min(*self.births.last().unwrap());
                let news = news && on >= *self.births.last().unwrap();
                if news {
                    self.deaths.push((by, on));
                }
                news
            }
            Asked::Left(by, on) => {
                let news = said(&self.departures, by) != Some(on)
                    && on <= self.today
                    && on >= *self.births.last().unwrap();
                if news {
                    self.departures.push((by, on));
                }
                news
            }
            Asked::Stay(on) => {
                let born = *self.births.last().unwrap();
                let overtaken =
                    self.stays.is_some_and(|(agreed, no_more)| no_more.unwrap_or(agreed).max(agreed) > on);
                let again = self.stays == Some((on, None));
                let news = !again
                    && on <= self.today
                    && age_on(born, on) >= 16
                    && !overtaken
                    && self.state() == RecordState::Live;
                if news {
                    self.stays = Some((on, None));
                }
                news
            }
            Asked::NoMore(on) => match self.stays {
                Some((agreed, None)) if on <= self.today && on >= agreed => {
                    self.stays = Some((agreed, Some(on)));
                    true
                }
                Some(_) | None => false,
            },
            Asked::Hold(hold, by) => {
                let news = !self.holds.iter().any(|(held, whose)| (*held, *whose) == (hold, by));
                if news {
                    self.holds.retain(|(held, _)| *held != hold);
                    self.holds.push((hold, by));
                }
                news
            }
            Asked::Lift(hold, by) => {
                let news = self.holds.iter().any(|(held, whose)| *held == hold && *whose != by);
                if news {
                    self.holds.retain(|(held, _)| *held != hold);
                }
                news
            }
            Asked::Born(on) => {
                let held = if matches!(self.stays, Some((_, None))) { 25 } else { 18 };
                let news =
                    age_on(on, self.today) < held && on <= self.today && *self.births.last().unwrap() != on;
                if news {
                    self.births.push(on);
                }
                news
            }
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Asked {
    Settle,
    Died(u8, NaiveDate),
    Left(u8, NaiveDate),
    Stay(NaiveDate),
    NoMore(NaiveDate),
    Hold(u8, u8),
    Lift(u8, u8),
    Born(NaiveDate),
}

fn supplier(by: u8) -> OrganisationId {
    if by.is_multiple_of(2) { school() } else { ward() }
}

/// What a step asks; what it does not ask lets days pass.
fn asked(step: Step, today: NaiveDate) -> Option<Asked> {
    let (what, much, by) = step;
    let on = today - chrono::Duration::days(i64::from(much % 900) - 30);
    Some(match what % 12 {
        0 | 1 => Asked::Settle,
        2 => Asked::Died(by % 2, on),
        3 => Asked::Left(by % 2, on),
        4 => Asked::Stay(on),
        5 => Asked::NoMore(on),
        6 => Asked::Hold(by % 3, by % 2),
        7 => Asked::Lift(by % 3, (by / 3) % 2),
        8 => Asked::Born(today - chrono::Duration::days(5_000 + i64::from(much % 1_700))),
        _ => return None,
    })
}

fn command(asked: Asked) -> child::Command {
    let account = |by: u8| AccountId::from_u128(u128::from(by) + 1);
    child::Command::Retention(match asked {
        Asked::Died(by, on) => {
            let supplier = supplier(by);
            return child::Command::Lifecycle(lifecycle::Command::NotifyDeath { supplier, on });
        }
        Asked::Left(by, on) => {
            let (supplier, intends_return) = (supplier(by), vocabulary::IntendsReturn::No);
            return child::Command::Lifecycle(lifecycle::Command::StateDeparture {
                supplier,
                on,
                intends_return,
            });
        }
        Asked::Born(on) => return describe(AT_SCHOOL, school(), born_on(&on.to_string())),
        Asked::Settle => Command::Settle,
        Asked::Stay(decided_on) => Command::ExtendAge {
            basis: ExtensionBasis::CareLeaver,
            method: Method::Written,
            notice_version: Label::new("2026-1").unwrap(),
            decided_on,
        },
        Asked::NoMore(decided_on) => Command::WithdrawAge { decided_on },
        Asked::Hold(hold, by) => Command::PlaceHold {
            hold: HoldId::from_u128(hold.into()),
            ground: HoldGround::PublicInquiry,
            reference: Reference::new(&format!("PI-{hold}")).unwrap(),
            by: account(by),
        },
        Asked::Lift(hold, by) => Command::LiftHold { hold: HoldId::from_u128(hold.into()), by: account(by) },
    })
}

/// A child and the model, told the same.
struct Life {
    child: Child,
    naive: Naive,
    position: u64,
}

impl Life {
    fn begun() -> Life {
        let mut life = Life { child: Child::default(), naive: Naive::default(), position: 0 };
        life.naive.today = day("2026-06-01");
        life.naive.births.push(day("2009-02-28"));
        let register =
            identity::Command::Register { number: number(), authority: authority(), by_hand: None };
        life.does(&child::Command::Identity(register));
        for (supplier, local_ref) in [(school(), AT_SCHOOL), (ward(), ON_WARD)] {
            let judgement = identity::Judgement::New;
            let link = identity::Command::Link { supplier, local_ref, judgement, weighing: None };
            life.does(&child::Command::Identity(link));
        }
        life.does(&describe(AT_SCHOOL, school(), born_on("2009-02-28")));
        life
    }

    /// Asks the child; answers whether anything came of it.
    fn does(&mut self, command: &child::Command) -> bool {
        let now = self.naive.today.and_hms_opt(12, 0, 0).unwrap().and_utc();
        let events = Child::decide(&self.child, command, now).unwrap_or_default();
        for event in &events {
            self.position += 1;
            let position = vocabulary::Position(self.position);
            let when = When { happened_at: now, recorded_at: now, position, key: KEY };
            Child::evolve(&mut self.child, event, when);
        }
        !events.is_empty()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn ten_thousand_lives_go_as_a_naive_model_says(steps in prop::collection::vec(any::<Step>(), 1..40)) {
        let mut life = Life::begun();
        for step in steps {
            match asked(step, life.naive.today) {
                None => life.naive.today += chrono::Duration::days(i64::from(step.1 % 1_500)),
                Some(asked) => {
                    let expected = life.naive.hears(asked);
                    prop_assert_eq!(life.does(&command(asked)), expected, "{:?} on {}", asked, life.naive.today);
                }
            }
            let (child, naive) = (&life.child, &life.naive);
            prop_assert_eq!(child.archives_on(), Some(naive.leaves()));
            prop_assert_eq!(child.record_state(naive.today), naive.state());
            prop_assert_eq!(child.purged_from(), naive.purged_from());
            prop_assert_eq!(child.holds.len(), naive.holds.len());
            let due = child.retention_due().filter(|due| *due <= naive.today);
            let settles = naive.archived_on != Some(naive.leaves()).filter(|on| *on <= naive.today);
            let back = naive.archived_on.is_some_and(|on| on > naive.today);
            prop_assert!(due.is_some() || !settles || back, "what is to be settled is on the list of days");
        }
    }
}
