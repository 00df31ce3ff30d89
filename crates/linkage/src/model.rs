//! The model: how likely each level is, of one person's two descriptions and of two people's.
//!
//! Fellegi and Sunter's, with four hypotheses in place of two: the same person, two people by chance, two
//! siblings, two twins. A stranger who shares house and surname is no wonder when siblings are counted with, so
//! that no rule on top is needed to keep brothers apart, as matching.md 3.3 asks for (ADR-0020). Integer logarithms, so
//! that a decision is the same wherever it is made again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    centibits::{Centibits, log2, sum},
    names,
    pattern::{Field, MISSING, Pattern, RARITY_STEP},
};

/// What two descriptions may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hypothesis {
    /// Of one person.
    Same,
    /// Of two people who have nothing to do with each other.
    Chance,
    /// Of two children of one household.
    Sibling,
    /// Of two children of one birth.
    Twin,
}

impl Hypothesis {
    /// All four, in the order of a weight.
    pub const ALL: [Hypothesis; 4] =
        [Hypothesis::Same, Hypothesis::Chance, Hypothesis::Sibling, Hypothesis::Twin];
}

/// The logarithm of a level's probability under each hypothesis.
pub type Weights = [Centibits; Hypothesis::ALL.len()];

/// A fitted model. Stored as JSON: `{"version", "siblings", "twins", "fields": {field: {level: [4 numbers]}}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Which model it is: every decision names it.
    pub version: String,
    /// Logarithm of how many siblings in the directory a person has on average.
    pub siblings: Centibits,
    /// Of how many twins.
    pub twins: Centibits,
    /// By name of field and of level.
    fields: BTreeMap<String, BTreeMap<String, Weights>>,
}

/// How the hypotheses are shared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shares {
    /// See [`Model::siblings`].
    pub siblings: Centibits,
    /// See [`Model::twins`].
    pub twins: Centibits,
}

/// A model ready to weigh: the same numbers, by index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scales {
    siblings: Centibits,
    twins: Centibits,
    tables: [Vec<Weights>; Field::ALL.len()],
}

/// How a pattern weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weight {
    /// Logarithm of the odds that the two are one person and not two, before it is asked how many there are.
    pub likelihood: Centibits,
    /// What siblings and twins took from what chance alone would leave.
    pub kin: Centibits,
}

/// The model that goes with the directory, as its file.
const CHILDREN: &str = include_str!("model/children.json");

impl Model {
    /// The model of children in England that goes with the directory.
    ///
    /// # Panics
    /// Never: a test reads it.
    pub fn children() -> Model {
        let read: Result<Model, _> = serde_json::from_str(CHILDREN);
        assert!(read.is_ok(), "the model that goes with the directory can be read");
        read.unwrap_or_else(|_| Model::new("none", Shares::default(), &[]))
    }

    /// The file of [`Model::children`]: what it weighs is told by this and by nothing else.
    pub fn children_file() -> &'static str {
        CHILDREN
    }

    /// Writes a model down from its tables.
    pub fn new(version: &str, shares: Shares, tables: &[Vec<Weights>]) -> Model {
        let named = |field: &Field, table: &Vec<Weights>| {
            let levels = field.levels().iter().zip(table).skip(1);
            levels.map(|(name, weights)| ((*name).to_owned(), *weights)).collect::<BTreeMap<_, _>>()
        };
        Model {
            version: version.to_owned(),
            siblings: shares.siblings,
            twins: shares.twins,
            fields: Field::ALL
                .iter()
                .zip(tables)
                .map(|(field, table)| (field.name().to_owned(), named(field, table)))
                .collect(),
        }
    }

    /// Makes the model ready to weigh. A level that it does not name weighs nothing.
    pub fn scales(&self) -> Scales {
        let table = |field: Field| {
            let named = self.fields.get(field.name());
            let weights = |level: &&str| named.and_then(|levels| levels.get(*level)).copied();
            field.levels().iter().map(|level| weights(level).unwrap_or_default()).collect()
        };
        Scales { siblings: self.siblings, twins: self.twins, tables: Field::ALL.map(table) }
    }
}

impl Scales {
    /// The logarithms of one field's level; nothing where a side does not say.
    ///
    /// What chance makes of an agreed name is how common that name is (matching.md 3.3, term frequency).
    pub fn of(&self, field: Field, pattern: &Pattern) -> Weights {
        let level = pattern.level(field);
        if level == MISSING {
            return Weights::default();
        }
        let table = self.tables.get(field as usize);
        let at = |at: u8| table.and_then(|table| table.get(usize::from(at))).copied().unwrap_or_default();
        let mut weights = at(level);
        let (rarity, share) = match field {
            Field::Forename => (pattern.forename_rarity, names::forename_share(level)),
            Field::Surname => (pattern.surname_rarity, names::surname_share(level)),
            Field::Middle
            | Field::Birth
            | Field::Gender
            | Field::Place
            | Field::Town
            | Field::Abode
            | Field::Nhs
            | Field::Upn
            | Field::Other => (0, 0),
        };
        if share > 0 && rarity > 0 {
            let [_, chance, ..] = &mut weights;
            let usual = at(1)[Hypothesis::Chance as usize];
            *chance += (-i32::from(rarity) * RARITY_STEP - usual) * share / 100;
        }
        weights
    }

    /// What each field that both sides tell of says: for one person above 0, for two below, in centibits.
    ///
    /// Their sum less [`Weight::kin`] is [`Weight::likelihood`].
    pub fn lines(&self, pattern: &Pattern) -> Vec<(Field, Centibits)> {
        let told = Field::ALL.into_iter().filter(|field| pattern.level(*field) != MISSING);
        told.map(|field| {
            let [same, chance, ..] = self.of(field, pattern);
            (field, same - chance)
        })
        .collect()
    }

    /// Weighs a pattern between a description and one of `population` people.
    pub fn weigh(&self, pattern: &Pattern, population: u64) -> Weight {
        let mut all = Weights::default();
        for field in Field::ALL {
            for (sum, weight) in all.iter_mut().zip(self.of(field, pattern)) {
                *sum += weight;
            }
        }
        let [same, chance, sibling, twin] = all;
        let people = log2(population);
        let kin = sum(sibling + self.siblings - people, twin + self.twins - people);
        let different = sum(chance, kin);
        Weight { likelihood: same - different, kin: different - chance }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_that_goes_with_the_directory_names_every_level() {
        let model = Model::children();
        for field in Field::ALL {
            let levels = model.fields.get(field.name()).unwrap();
            let named: Vec<&str> = levels.keys().map(String::as_str).collect();
            let mut expected: Vec<&str> = field.levels().iter().copied().skip(1).collect();
            expected.sort_unstable();
            assert_eq!(named, expected, "{}", field.name());
        }
        assert_eq!(model.fields.len(), Field::ALL.len());
    }

    #[test]
    fn a_rare_name_that_agrees_weighs_more_than_a_common_one() {
        let scales = Model::children().scales();
        let mut pattern = Pattern { levels: [MISSING; 11], forename_rarity: 0, surname_rarity: 18 };
        pattern.levels[Field::Surname as usize] = 1;
        let common = scales.weigh(&pattern, 100_000).likelihood;
        pattern.surname_rarity = 42;
        let rare = scales.weigh(&pattern, 100_000).likelihood;
        assert!(rare > common + 500, "{common} {rare}");
    }

    #[test]
    fn who_shares_house_and_surname_alone_is_likelier_a_sibling() {
        let scales = Model::children().scales();
        let mut pattern = Pattern { levels: [MISSING; 11], forename_rarity: 0, surname_rarity: 30 };
        pattern.levels[Field::Surname as usize] = 1;
        pattern.levels[Field::Place as usize] = 7;
        let alike = scales.weigh(&pattern, 100_000);
        pattern.levels[Field::Forename as usize] = 13;
        pattern.levels[Field::Birth as usize] = 8;
        let sibling = scales.weigh(&pattern, 100_000);
        let prior = -log2(100_000);
        assert!(prior + sibling.likelihood < -1_000, "{sibling:?}");
        assert!(alike.likelihood > sibling.likelihood + 1_000, "{alike:?}");
    }
}
