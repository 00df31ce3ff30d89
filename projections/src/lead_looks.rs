//! Looks that lead professionals are told of: who is told stands in the look itself.
//!
//! Only where the policy says so (`look_tells_lead`). Source: domain.md 5 (57); ADR-0059.

use chrono::{DateTime, Utc};
use events::{
    access::{Event, ToldLead},
    recorded::{Payload, Recorded},
};
use serde::{Deserialize, Serialize};
use vocabulary::{ChildId, InvolvementId, KeyId, OrganisationId, Position, StreamKind};

use crate::{ReadModel, Writing, facts};

/// Looks by the organisation that is told, and where they stand.
pub enum LeadLooks {}

/// One look, as far as it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadLook {
    /// At whose record.
    pub child: ChildId,
    /// The lead professional's entry.
    pub lead: InvolvementId,
    /// Staff of which organisation looked.
    pub looked: OrganisationId,
    /// When.
    pub at: DateTime<Utc>,
}

impl ReadModel for LeadLooks {
    const NAME: &'static str = "lead_looks.v1";
    const READS: &'static [StreamKind] = &[StreamKind::Access];
    const WRITING: Writing = Writing::Once;

    type Key = (OrganisationId, Position);
    type Row = LeadLook;

    fn keys(recorded: &Recorded) -> Vec<(OrganisationId, Position)> {
        let mut organisations: Vec<OrganisationId> =
            told(recorded).iter().map(|lead| lead.organisation.clone()).collect();
        organisations.sort_unstable();
        organisations.dedup();
        organisations.into_iter().map(|organisation| (organisation, recorded.position)).collect()
    }

    fn evolve(
        _row: Option<LeadLook>,
        (organisation, _): &(OrganisationId, Position),
        recorded: &Recorded,
    ) -> Option<LeadLook> {
        let lead = told(recorded).iter().find(|lead| lead.organisation == *organisation)?;
        Some(LeadLook {
            child: ChildId::new(recorded.stream.id),
            lead: lead.involvement,
            looked: lead.looked.clone(),
            at: recorded.recorded_at,
        })
    }

    fn sealed_under(_row: &LeadLook, recorded: &Recorded) -> KeyId {
        recorded.key
    }
}

fn told(recorded: &Recorded) -> &[ToldLead] {
    let Payload::Open(entry) = &recorded.payload else { return &[] };
    let looks = entry.facts.iter().filter_map(facts::of_access);
    let mut opened = looks.filter_map(|event| {
        if let Event::RecordOpened(opened) = event { Some(opened.tells.as_slice()) } else { None }
    });
    opened.next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        samples::{access, ava, entry, organisation},
        spec::{erased, given, told},
    };
    use serde_json::json;

    fn looked(tells: &serde_json::Value) -> events::Fact {
        access(
            "record_opened",
            &json!({
                "access": uuid::Uuid::from_u128(0x4), "number": "04817263599", "reason": "assessment",
                "relation": "none_held", "groups": ["A"], "record_state": "live", "policy_version": 1, "tells": tells,
            }),
        )
    }

    #[test]
    fn a_look_is_told_to_the_organisations_that_it_names_and_to_nobody_else() {
        let lead = json!({"involvement": entry(1), "organisation": "org:a", "looked": "org:b"});
        let story = [
            told(ava().access_stream(), [looked(&json!([]))]),
            told(ava().access_stream(), [looked(&json!([lead]))]),
        ];
        let rows = given(story).rows::<LeadLooks>();
        let ((to, at), row) = rows.into_iter().next().unwrap();
        assert_eq!((to, at), (organisation("org:a"), Position(2)));
        assert_eq!((row.child, row.lead, row.looked), (ava(), entry(1), organisation("org:b")));
    }

    #[test]
    fn a_look_that_is_forgotten_is_told_to_nobody() {
        assert!(given([erased(ava().access_stream())]).rows::<LeadLooks>().is_empty());
    }
}
