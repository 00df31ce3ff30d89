//! What a supplier says of one field: nothing, a value, or that its own earlier value is taken back.
//!
//! Source: contract.md section 3, `child.described`: absent is unknown, `null` takes back.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One field of a statement. In JSON: absent, `null` or the value.
///
/// Use with `#[serde(default, skip_serializing_if = "Told::is_unsaid")]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Told<T> {
    /// Absent: nothing is said, an earlier value stands.
    #[default]
    Unsaid,
    /// `null`: the supplier's own earlier value no longer stands.
    TakenBack,
    /// The value that stands now.
    Value(T),
}

impl<T> Told<T> {
    /// Tells whether nothing is said.
    pub fn is_unsaid(&self) -> bool {
        matches!(self, Told::Unsaid)
    }

    /// The value, where one is told.
    pub fn value(&self) -> Option<&T> {
        match self {
            Told::Value(value) => Some(value),
            Told::Unsaid | Told::TakenBack => None,
        }
    }
}

impl<T> From<Option<T>> for Told<T> {
    fn from(value: Option<T>) -> Told<T> {
        value.map_or(Told::Unsaid, Told::Value)
    }
}

impl<T: Serialize> Serialize for Told<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Told::Unsaid | Told::TakenBack => serializer.serialize_none(),
            Told::Value(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Told<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<T>::deserialize(deserializer).map(|value| value.map_or(Told::TakenBack, Told::Value))
    }
}
