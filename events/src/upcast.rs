//! Upcast: every old shape of a payload, oldest first, one pure function each.
//!
//! Rules only ever see today's shape; what is stored is never rewritten (ADR-0004). A step names the schema
//! it starts from and the type it changes; a fact passes all steps from its own schema to today's.

use serde_json::Value;

/// One step: brings the facts of one type from `from` to the next schema.
#[derive(Debug, Clone, Copy)]
pub struct Upcaster {
    /// The schema it starts from.
    pub from: u16,
    /// The type it changes, as stored in `from`.
    pub name: &'static str,
    /// Takes the whole fact, `{"type":…,"data":…}`, so that a type can be renamed too.
    pub step: fn(Value) -> Option<Value>,
}

/// A fact of an old shape that its step cannot read: it was not written by us, or was damaged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a fact {name} of schema {from} is not of its shape")]
pub struct UpcastError {
    /// The type, as stored in `from`.
    pub name: &'static str,
    /// The schema that the step starts from.
    pub from: u16,
}

/// Every step, oldest first. Empty while the first schema is the only one.
pub const UPCASTERS: &[Upcaster] = &[];

/// Brings a payload from the schema it was written in to another, step by step.
///
/// # Errors
/// `UpcastError` naming the step that could not read its fact.
pub fn bring(upcasters: &[Upcaster], from: u16, to: u16, mut payload: Value) -> Result<Value, UpcastError> {
    for schema in from..to {
        let Some(facts) = payload.get_mut("facts").and_then(Value::as_array_mut) else { break };
        for fact in facts {
            let name = fact.get("type").and_then(Value::as_str);
            let due = upcasters.iter().find(|known| known.from == schema && name == Some(known.name));
            if let Some(upcaster) = due {
                let error = UpcastError { name: upcaster.name, from: upcaster.from };
                *fact = (upcaster.step)(fact.take()).ok_or(error)?;
            }
        }
    }
    Ok(payload)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Invented history: `case_closed` was once `case_ended`, and later lost its day.
    const STEPS: &[Upcaster] = &[
        Upcaster {
            from: 1,
            name: "case_ended",
            step: |fact| Some(json!({"type": "case_closed", "data": fact.get("data")?})),
        },
        Upcaster {
            from: 2,
            name: "case_closed",
            step: |fact| {
                fact.get("data")?.get("on")?;
                Some(json!({"type": "case_closed"}))
            },
        },
    ];

    fn first_schema() -> Value {
        json!({"by": "system", "facts": [
            {"type": "case_ended", "data": {"on": "2026-01-01"}},
            {"type": "case_approved", "data": {"lifts_shields": false}},
        ]})
    }

    #[test]
    fn a_fact_passes_every_step_from_its_own_schema_to_todays() {
        let today = bring(STEPS, 1, 3, first_schema()).unwrap();
        assert_eq!(today["facts"][0], json!({"type": "case_closed"}));
        assert_eq!(today["facts"][1], first_schema()["facts"][1], "another type is left as it stands");
        let read: crate::case::Event = serde_json::from_value(today["facts"][0].clone()).unwrap();
        assert_eq!(read, crate::case::Event::CaseClosed);
    }

    #[test]
    fn steps_before_the_schema_it_was_written_in_are_left_out() {
        let stored = json!({"facts": [{"type": "case_closed", "data": {"on": "2026-01-01"}}]});
        let today = bring(STEPS, 2, 3, stored.clone()).unwrap();
        assert_eq!(today["facts"][0], json!({"type": "case_closed"}));
        assert_eq!(bring(STEPS, 3, 3, stored.clone()).unwrap(), stored);
    }

    #[test]
    fn a_fact_that_its_step_cannot_read_is_named_and_never_skipped() {
        let stored = json!({"facts": [{"type": "case_closed", "data": {}}]});
        let refused = bring(STEPS, 2, 3, stored);
        assert_eq!(refused, Err(UpcastError { name: "case_closed", from: 2 }));
    }

    #[test]
    fn every_step_starts_from_a_schema_that_was_written() {
        for upcaster in UPCASTERS {
            assert!((1..crate::codec::SCHEMA).contains(&upcaster.from), "{}", upcaster.name);
        }
        assert!(UPCASTERS.is_sorted_by_key(|upcaster| upcaster.from), "oldest first");
    }
}
