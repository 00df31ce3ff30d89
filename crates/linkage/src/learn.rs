//! Learning a model from descriptions alone, without truth: expectation-maximisation over candidate pairs.
//!
//! Source: Fellegi and Sunter 1969, Winkler 1988, matching.md 3.3. What chance makes of each level is counted on
//! random pairs; the share of each other hypothesis and its levels are then told apart by themselves. Counts of a
//! model learnt before stand beside the file's own, so that a small file moves it little.

use std::collections::BTreeMap;

use crate::{
    centibits::Centibits,
    model::{Hypothesis, Model, Scales, Shares as Kin, Weights},
    pattern::{Field, MISSING, Pattern},
};

/// How many pairs of the file weigh as much as the model learnt before, and which share of those it has.
///
/// Siblings and twins a file may have few of or none. Random pairs tell much of chance; what was known before is
/// for the levels that they never reach.
fn weight_before(hypothesis: Hypothesis) -> (f64, f64) {
    match hypothesis {
        Hypothesis::Same => (300.0, 0.0),
        Hypothesis::Chance => (30.0, 0.05),
        Hypothesis::Sibling | Hypothesis::Twin => (600.0, 0.0),
    }
}

/// Rounds of the two steps: each moves the shares less, and after so many by less than a hundredth of a bit.
const ROUNDS: usize = 25;

/// Patterns with how often each was met.
pub type Counts = BTreeMap<Pattern, u64>;

/// What a file tells.
#[derive(Debug)]
pub struct Evidence<'a> {
    /// Pairs that share a blocking key.
    pub candidates: &'a Counts,
    /// Pairs drawn at random.
    pub random: &'a Counts,
    /// How many pairs there are at all.
    pub pairs: f64,
    /// How many people a description may mean.
    pub population: u64,
}

/// What was learnt.
#[derive(Debug, Clone, PartialEq)]
pub struct Learnt {
    /// The model.
    pub model: Model,
    /// How many pairs are expected to be of one person.
    pub matches: f64,
}

type Shares = [f64; Hypothesis::ALL.len()];

/// Learns from a file, starting from what `before` knows. Cost: rounds times distinct patterns.
pub fn learn(version: &str, before: &Model, evidence: &Evidence<'_>) -> Learnt {
    let scales = before.scales();
    let mut tables = Field::ALL.map(|field| {
        (0..field.levels().len()).map(|level| shares(&scales, field, level)).collect::<Vec<Shares>>()
    });
    let start = tables.clone();
    let people = plain(evidence.population).max(1.0);
    let mut expected = [
        (evidence.pairs / people) * 0.5,
        evidence.pairs,
        evidence.pairs / people * exp2(before.siblings),
        evidence.pairs / people * exp2(before.twins),
    ];
    for _ in 0..ROUNDS {
        let now = Model::new(version, Kin::default(), &logs(&tables)).scales();
        let mut met: [Vec<(&Pattern, f64)>; Hypothesis::ALL.len()] = Default::default();
        let mut sums = Shares::default();
        for (pattern, times) in evidence.candidates {
            for ((kept, sum), share) in met.iter_mut().zip(&mut sums).zip(posterior(&now, pattern, &expected))
            {
                kept.push((pattern, share * plain(*times)));
                *sum += share * plain(*times);
            }
        }
        // Of pairs drawn at random some are one person's too: they tell nothing of chance.
        met[Hypothesis::Chance as usize] = evidence
            .random
            .iter()
            .map(|(pattern, times)| {
                let [_, chance, ..] = posterior(&now, pattern, &expected);
                (pattern, chance * plain(*times))
            })
            .collect();
        for field in Field::ALL {
            for (hypothesis, patterns) in Hypothesis::ALL.into_iter().zip(&met) {
                let counted = count(patterns.iter().copied(), field);
                fit(&mut tables, &start, (field, hypothesis), &counted);
            }
        }
        // One pair is believed of each, or a hypothesis once empty would stay so.
        expected = sums.map(|sum| sum.max(1.0));
        expected[Hypothesis::Chance as usize] = evidence.pairs;
    }
    let [same, _, sibling, twin] = expected;
    let per_person = |pairs: f64| log(pairs * people / evidence.pairs);
    let shares = Kin { siblings: per_person(sibling), twins: per_person(twin) };
    Learnt { model: Model::new(version, shares, &logs(&tables)), matches: same }
}

/// The share of each hypothesis in a pattern, by how many pairs of each are expected.
fn posterior(scales: &Scales, pattern: &Pattern, expected: &Shares) -> Shares {
    let mut logs = Weights::default();
    for field in Field::ALL {
        for (sum, weight) in logs.iter_mut().zip(scales.of(field, pattern)) {
            *sum += weight;
        }
    }
    let most = logs.iter().copied().max().unwrap_or_default();
    let mut shares = Shares::default();
    for ((share, log), pairs) in shares.iter_mut().zip(logs).zip(expected) {
        *share = exp2(log - most) * pairs;
    }
    let whole: f64 = shares.iter().sum();
    shares.map(|share| share / whole)
}

fn count<'a>(met: impl Iterator<Item = (&'a Pattern, f64)>, field: Field) -> Vec<f64> {
    let mut counted = vec![0.0; field.levels().len()];
    for (pattern, times) in met {
        if let Some(count) = counted.get_mut(usize::from(pattern.level(field))) {
            *count += times;
        }
    }
    counted
}

/// Makes shares of counts, within the levels that are possible where the same things are missing.
fn fit(
    tables: &mut [Vec<Shares>],
    start: &[Vec<Shares>],
    (field, hypothesis): (Field, Hypothesis),
    counted: &[f64],
) {
    let (Some(table), Some(before)) = (tables.get_mut(field as usize), start.get(field as usize)) else {
        return;
    };
    let (pairs, share) = weight_before(hypothesis);
    for group in 1..=GROUPS_MAX {
        let members: Vec<usize> =
            (1..counted.len()).filter(|level| group_of(field, *level) == group).collect();
        let whole: f64 = members.iter().filter_map(|level| counted.get(*level)).sum();
        let weight = pairs + share * whole;
        for level in members {
            let own = counted.get(level).copied().unwrap_or_default();
            let held = before.get(level).map_or(0.0, |shares| shares[hypothesis as usize]);
            let learnt = (own + weight * held) / (whole + weight);
            if let Some(shares) = table.get_mut(level) {
                let rare = is_slip(field, level) && hypothesis != Hypothesis::Same;
                shares[hypothesis as usize] = if rare { learnt.min(held) } else { learnt };
            }
        }
    }
}

/// One slip from a number with a check: reached from what fails it, and by two people out of luck alone.
///
/// A file may show that to be rarer than was known, never commoner: a short one holds no number but of the one
/// pair in question, which would teach that everybody's are so.
fn is_slip(field: Field, level: usize) -> bool {
    matches!(field, Field::Nhs | Field::Upn) && field.levels().get(level) == Some(&"one_edit")
}

const GROUPS_MAX: usize = 3;

/// Levels whose probabilities make 1 together: a place is compared otherwise where one side has no postcode.
fn group_of(field: Field, level: usize) -> usize {
    match field {
        Field::Place => match (level / 6, level % 6) {
            (0, _) => 1,
            (_, 0) => 2,
            (_, _) => 3,
        },
        Field::Town => 1 + usize::from(level > 3),
        Field::Forename
        | Field::Surname
        | Field::Middle
        | Field::Birth
        | Field::Gender
        | Field::Abode
        | Field::Nhs
        | Field::Upn
        | Field::Other => 1,
    }
}

fn shares(scales: &Scales, field: Field, level: usize) -> Shares {
    let mut levels = [MISSING; Field::ALL.len()];
    if let (Some(place), Ok(level)) = (levels.get_mut(field as usize), u8::try_from(level)) {
        *place = level;
    }
    scales.of(field, &Pattern { levels, forename_rarity: 0, surname_rarity: 0 }).map(exp2)
}

fn logs(tables: &[Vec<Shares>]) -> Vec<Vec<Weights>> {
    tables.iter().map(|table| table.iter().map(|shares| shares.map(log)).collect()).collect()
}

fn exp2(log: Centibits) -> f64 {
    (f64::from(log) / 100.0).exp2()
}

fn log(share: f64) -> Centibits {
    #[expect(clippy::cast_possible_truncation, reason = "it is clamped to what fits")]
    let rounded = (share.max(1e-12).log2() * 100.0).round() as i32;
    rounded
}

#[expect(clippy::cast_precision_loss, reason = "counts of pairs are far below 2^53")]
fn plain(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pattern of three fields: forename, birth and NHS number.
    fn pattern(forename: u8, birth: u8, nhs: u8) -> Pattern {
        let mut levels = [MISSING; Field::ALL.len()];
        levels[Field::Forename as usize] = forename;
        levels[Field::Birth as usize] = birth;
        levels[Field::Nhs as usize] = nhs;
        Pattern { levels, forename_rarity: 0, surname_rarity: 0 }
    }

    #[test]
    fn how_often_one_person_is_told_otherwise_is_learnt_without_being_told() {
        // Ten thousand people met twice: one forename in five is another, the number never.
        let candidates = Counts::from([
            (pattern(1, 1, 1), 7_600),
            (pattern(13, 1, 1), 1_900),
            (pattern(1, 8, 1), 400),
            (pattern(13, 8, 1), 100),
            (pattern(1, 8, 3), 50_000),
        ]);
        let random = Counts::from([(pattern(13, 8, 3), 99_400), (pattern(1, 8, 3), 600)]);
        let evidence = Evidence { candidates: &candidates, random: &random, pairs: 1e8, population: 10_000 };
        let learnt = learn("test", &Model::children(), &evidence);
        assert!((9_800.0..10_200.0).contains(&learnt.matches), "{}", learnt.matches);
        let [same, chance, ..] = learnt.model.scales().of(Field::Forename, &pattern(13, 0, 0));
        assert!((-245..=-220).contains(&same), "about a fifth: {same}");
        assert!(chance > -5, "nearly all: {chance}");
    }

    #[test]
    fn a_doubtful_pair_with_the_only_numbers_does_not_teach_that_a_slip_means_nothing() {
        let met = |times| Counts::from([(pattern(10, 4, 2), times), (pattern(13, 8, 0), 200 * times)]);
        let (candidates, random) = (met(1), met(100));
        let evidence = Evidence { candidates: &candidates, random: &random, pairs: 201.0, population: 201 };
        let before = Model::children();
        let [known, learnt] = [before.clone(), learn("test", &before, &evidence).model]
            .map(|model| model.scales().of(Field::Nhs, &pattern(0, 0, 2)));
        assert!(known.iter().zip(learnt).skip(1).all(|(held, now)| now <= *held), "{learnt:?}");
    }

    #[test]
    fn probabilities_of_one_group_make_one() {
        let empty = Counts::new();
        let evidence = Evidence { candidates: &empty, random: &empty, pairs: 1e6, population: 1_000 };
        let scales = learn("test", &Model::children(), &evidence).model.scales();
        for field in Field::ALL {
            for group in 1..=GROUPS_MAX {
                let members: Vec<usize> =
                    (1..field.levels().len()).filter(|level| group_of(field, *level) == group).collect();
                for hypothesis in Hypothesis::ALL {
                    let whole: f64 =
                        members.iter().map(|level| shares(&scales, field, *level)[hypothesis as usize]).sum();
                    let fits = members.is_empty() || (whole - 1.0).abs() < 0.05;
                    assert!(fits, "{} {group} {hypothesis:?}: {whole}", field.name());
                }
            }
        }
    }
}
