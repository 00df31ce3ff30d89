//! What is told in both worlds: a random script about a few children, in the contract's own words.

use chrono::Duration;
use directory::{Outcome, ShieldAsk};
use events::child::shield::Ground;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    base::{ABOUT, AUTHORITY, CLINIC, FORENAMES, OTHER, SCHOOL, SURNAMES, WARD, World, address, born, noon},
    hidden::Hidden,
    people::decider_of,
};

/// One step of a script.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// An ordinary organisation says something of a child.
    Say(usize, usize, Said),
    /// The authority shields a child.
    Shield(usize),
    /// It lifts the newest shield, unless a difference is hidden behind it.
    Lift(usize),
    /// Days pass.
    Wait(u8),
    /// Something that ordinary viewers may not see, told in one world or in each otherwise.
    Hide(usize, Hidden),
}

/// What is said.
#[derive(Debug, Clone)]
pub(crate) enum Said {
    Described {
        renamed: bool,
        known_as: Option<bool>,
        address: Option<u8>,
        previous: Option<u8>,
        carer: Option<u8>,
    },
    Started {
        slot: u8,
        lead: bool,
        ended: bool,
        days_ago: u8,
        team: u8,
    },
    Ended {
        slot: u8,
    },
    InError {
        slot: u8,
    },
    Lead {
        slot: u8,
        named: bool,
    },
    Assessment {
        slot: u8,
        held: bool,
    },
    Education {
        state: u8,
    },
    PrimaryCare {
        known: bool,
    },
    Consent {
        given: bool,
    },
    Sensitive,
    Died,
    Disputed,
}

fn said() -> impl Strategy<Value = Said> {
    prop_oneof![
        6 => (any::<bool>(), any::<Option<bool>>(), any::<Option<u8>>(), any::<Option<u8>>(), any::<Option<u8>>())
            .prop_map(|(renamed, known_as, address, previous, carer)| Said::Described {
                renamed, known_as, address, previous, carer
            }),
        8 => (0..3_u8, any::<bool>(), prop::bool::weighted(0.2), 0..90_u8, any::<u8>())
            .prop_map(|(slot, lead, ended, days_ago, team)| Said::Started { slot, lead, ended, days_ago, team }),
        2 => (0..3_u8).prop_map(|slot| Said::Ended { slot }),
        1 => (0..3_u8).prop_map(|slot| Said::InError { slot }),
        4 => (0..3_u8, prop::bool::weighted(0.7)).prop_map(|(slot, named)| Said::Lead { slot, named }),
        2 => (0..3_u8, any::<bool>()).prop_map(|(slot, held)| Said::Assessment { slot, held }),
        2 => (0..3_u8).prop_map(|state| Said::Education { state }),
        1 => any::<bool>().prop_map(|known| Said::PrimaryCare { known }),
        2 => prop::bool::weighted(0.7).prop_map(|given| Said::Consent { given }),
        2 => Just(Said::Sensitive),
        1 => Just(Said::Died),
        1 => Just(Said::Disputed),
    ]
}

pub(crate) fn steps(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Step>> {
    let child = 0..ABOUT;
    let step = prop_oneof![
        12 => (child.clone(), 0..4_usize, said()).prop_map(|(child, by, said)| Step::Say(child, by, said)),
        2 => child.clone().prop_map(Step::Shield),
        1 => child.clone().prop_map(Step::Lift),
        1 => (1..30_u8).prop_map(Step::Wait),
        6 => (child, crate::hidden::hidden()).prop_map(|(child, hidden)| Step::Hide(child, hidden)),
    ];
    prop::collection::vec(step, count)
}

/// Who speaks, and of what service.
const SUPPLIERS: [(&str, &str); 4] =
    [(SCHOOL, "school"), (AUTHORITY, "social_care"), (WARD, "hospital_emergency"), (OTHER, "early_help")];

impl Said {
    /// The event, and who sends it.
    pub(crate) fn told(&self, world: &World, child: usize, by: usize) -> (&'static str, Value) {
        let (organisation, service) = SUPPLIERS[by];
        let whom = world.child(organisation, child);
        let reference = |slot: &u8| format!("i-{child}-{slot}");
        let of_clinic = world.child(CLINIC, child);
        let episode = format!("e-{child}");
        let event = |kind: &str, data: Value| (organisation, json!({"type": kind, "data": data}));
        match self {
            Said::Described { renamed, known_as, address: lives, previous, carer } => {
                let mut whom = whom;
                described(&mut whom, child, *renamed);
                if let Some(known) = known_as {
                    whom["known_as"] = if *known { json!("Bee") } else { Value::Null };
                }
                if let Some(which) = lives {
                    whom["address"] = match which % 6 {
                        4 => json!("none_known"),
                        5 => Value::Null,
                        which => address(usize::from(which)),
                    };
                }
                if let Some(which) = previous {
                    whom["previous_address"] = address(usize::from(*which));
                }
                if let Some(which) = carer {
                    whom["carers"] = carers("Jo Lowe", usize::from(which % 2));
                }
                event("child.described", json!({"child": whom}))
            }
            Said::Started { slot, lead, ended, days_ago, team } => {
                let started = noon().date_naive() - Duration::days(i64::from(*days_ago));
                let mut data = started_data(&whom, &reference(slot), service, *lead);
                data["team"] = json!(format!("Team {}", team % 2));
                data["started_on"] = json!(started.to_string());
                if *ended {
                    data["ended_on"] = json!(noon().date_naive().to_string());
                }
                event("involvement.started", data)
            }
            Said::Ended { slot } => event(
                "involvement.ended",
                json!({"involvement_ref": reference(slot), "ended_on": noon().date_naive().to_string()}),
            ),
            Said::InError { slot } => {
                event("involvement.entered_in_error", json!({"involvement_ref": reference(slot)}))
            }
            Said::Lead { slot, named } => {
                let kind = if *named { "lead_professional.named" } else { "lead_professional.relinquished" };
                event(kind, json!({"involvement_ref": reference(slot)}))
            }
            Said::Assessment { slot, held } => {
                let kind = if *held { "common_assessment.indicated" } else { "common_assessment.withdrawn" };
                let on = noon().date_naive().to_string();
                event(kind, json!({"child": whom, "involvement_ref": reference(slot), "on": on}))
            }
            Said::Education { state } => event("education.stated", education(&whom, *state)),
            Said::PrimaryCare { known } => event("primary_care.stated", primary_care(&whom, *known)),
            Said::Consent { given } => {
                let decision = if *given { "given" } else { "withdrawn" };
                (
                    CLINIC,
                    json!({"type": "consent.recorded", "data": {
                    "child": of_clinic, "episode_ref": episode, "decision": decision, "given_by": "child",
                    "competence": "assessed_competent", "method": "face_to_face", "notice_version": "v1",
                    "decided_on": "2026-11-20"}}),
                )
            }
            Said::Sensitive => {
                let mut data = started_data(&of_clinic, &format!("c-{child}"), "mental_health", false);
                data["episode_ref"] = json!(episode);
                (CLINIC, json!({"type": "involvement.started", "data": data}))
            }
            Said::Died => event("child.died", json!({"child": whom, "on": "2026-11-01"})),
            Said::Disputed => {
                event("child.link_disputed", json!({"local_ref": format!("{organisation}-{child}")}))
            }
        }
    }
}

pub(crate) fn described(whom: &mut Value, child: usize, renamed: bool) {
    whom["forename"] = json!(FORENAMES[child]);
    whom["surname"] = json!(if renamed { "Marsh" } else { SURNAMES[child] });
    whom["date_of_birth"] = json!(born(child).to_string());
    whom["gender"] = json!("female");
}

pub(crate) fn carers(name: &str, which: usize) -> Value {
    json!([{"carer_ref": "p-1", "name": name, "relation": "care", "contacts": [
        {"kind": "address", "value": format!("{} Lime Grove, Leeds LS1 4DY", which + 1)},
        {"kind": "mobile", "value": format!("07700 90012{which}")}]}])
}

pub(crate) fn started_data(whom: &Value, reference: &str, service: &str, lead: bool) -> Value {
    json!({"child": whom, "involvement_ref": reference, "service_type": service, "team": "Duty",
           "practitioner": {"practitioner_ref": "w-1", "name": "Lee Marsh", "job": "worker"},
           "contacts": [{"kind": "telephone", "use": "duty", "value": "020 7946 0001"}],
           "started_on": "2026-10-01", "lead_professional": lead})
}

pub(crate) fn education(whom: &Value, state: u8) -> Value {
    let state = ["attending", "educated_otherwise", "none_known"][usize::from(state % 3)];
    let mut data = json!({"child": whom, "state": state, "on": "2026-09-01"});
    if state == "attending" {
        data["organisation"] = json!(SCHOOL);
    }
    data
}

pub(crate) fn primary_care(whom: &Value, known: bool) -> Value {
    if known {
        json!({"child": whom, "state": "registered", "organisation": WARD, "on": "2026-09-01"})
    } else {
        json!({"child": whom, "state": "none_known", "on": "2026-09-01"})
    }
}

impl World {
    /// The authority shields a child; the world remembers the shield.
    pub(crate) fn shield(&self, child: usize, ground: Ground) {
        let ask = ShieldAsk::Shield { ground, review_by: None };
        let person = decider_of(self, child);
        // Concealed in the archive, where the data manager alone still sees: then nothing happens.
        let Ok((shield, pending)) = self.directory.shield(&person, self.numbers[child], ask) else { return };
        pending.wait().unwrap();
        self.shields.borrow_mut().entry(child).or_default().push(shield);
    }

    pub(crate) fn lift(&self, child: usize) {
        let Some(shield) = self.shields.borrow_mut().entry(child).or_default().pop() else { return };
        let ask = ShieldAsk::Lift(shield);
        let person = decider_of(self, child);
        let (_, pending) = self.directory.shield(&person, self.numbers[child], ask).unwrap();
        pending.wait().unwrap();
    }

    pub(crate) fn is_shielded(&self, child: usize) -> bool {
        self.shields.borrow().get(&child).is_some_and(|shields| !shields.is_empty())
    }
}

/// What a sender is told: everything but where it stands.
pub(crate) fn answered(outcome: &Outcome) -> Value {
    json!({"outcome": outcome.kind.name(), "child_number": outcome.child_number,
           "code": outcome.problem.as_ref().map(|problem| problem.code.clone()),
           "detail": outcome.problem.as_ref().map(|problem| problem.detail.clone())})
}
