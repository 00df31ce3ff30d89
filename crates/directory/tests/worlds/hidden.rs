//! What one world has and the other has not, or has otherwise: nothing of it may show to ordinary viewers.

use chrono::Duration;
use directory::{Outcome, OutcomeKind, ShieldAsk};
use events::child::shield::Ground;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    base::{DEPARTMENTS, DRUGS, HOUSING, REFUGE, World, YOUTH, address},
    people::decider_of,
    script::{carers, described, education, primary_care, started_data},
};

/// A hidden fact about one child.
#[derive(Debug, Clone)]
pub(crate) enum Hidden {
    /// A sensitive entry on suspected significant harm, without consent: in the second world only.
    Harm { lead: bool, assessed: bool },
    /// A protected entry: in the second world only. What is decided about its shield is decided in both.
    Protected { lead: bool, shielded: bool },
    /// Behind a shield, other addresses, former names, carers' contacts, education and primary care.
    Fields { former: u8, lives: u8 },
    /// Behind a shield, another organisation's entry with the lead: in the second world only.
    Entry { lead: bool },
    /// Visits to three emergency departments that were no visits of this child: in the second world only.
    Mistaken { disputed: bool },
}

pub(crate) fn hidden() -> impl Strategy<Value = Hidden> {
    let flags = || (any::<bool>(), any::<bool>());
    prop_oneof![
        flags().prop_map(|(lead, assessed)| Hidden::Harm { lead, assessed }),
        flags().prop_map(|(lead, shielded)| Hidden::Protected { lead, shielded }),
        (any::<u8>(), any::<u8>()).prop_map(|(former, lives)| Hidden::Fields { former, lives }),
        any::<bool>().prop_map(|lead| Hidden::Entry { lead }),
        any::<bool>().prop_map(|disputed| Hidden::Mistaken { disputed }),
    ]
}

/// What is hidden about each child in the end: what the declared exceptions depend on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Held {
    /// An entry that stands on suspected harm.
    pub(crate) harm: bool,
    /// A difference that a shield hides: the shield stays, and who goes behind it sees the difference.
    pub(crate) behind: bool,
    /// Anything at all: the team of the child's own authority sees it.
    pub(crate) any: bool,
}

/// Surnames that were given up: one in each world.
pub(crate) const FORMER: [&str; 4] = ["Birch", "Rowan", "Alder", "Hazel"];

impl Hidden {
    /// Tells it in both worlds; `held` is what is hidden about the child so far.
    pub(crate) fn tell(&self, plain: &World, secret: &World, child: usize, held: &mut Held) {
        held.any = true;
        match self {
            Hidden::Harm { lead, assessed } => {
                held.harm = true;
                harm(secret, child, *lead, *assessed);
            }
            Hidden::Protected { lead, shielded } => protected(plain, secret, child, *lead, *shielded),
            Hidden::Fields { former, lives } => {
                held.behind = true;
                for (world, other) in [(plain, 0), (secret, 1)] {
                    shielded_first(world, child);
                    fields(world, child, usize::from(*former) + other, usize::from(*lives) + other);
                }
            }
            Hidden::Entry { lead } => {
                held.behind = true;
                for world in [plain, secret] {
                    shielded_first(world, child);
                }
                let whom = secret.child(HOUSING, child);
                let told = started_data(&whom, &format!("h-{child}"), "housing", *lead);
                secret.post(HOUSING, &event("involvement.started", &told));
            }
            Hidden::Mistaken { disputed } => mistaken(secret, child, *disputed),
        }
    }
}

fn event(kind: &str, data: &Value) -> Value {
    json!({"type": kind, "data": data})
}

/// What is hidden is there: a refusal would leave nothing to compare.
fn taken(outcome: &Outcome) {
    assert!(matches!(outcome.kind, OutcomeKind::Recorded | OutcomeKind::Unchanged), "{outcome:?}");
}

fn shielded_first(world: &World, child: usize) {
    if !world.is_shielded(child) {
        world.shield(child, Ground::RiskOfHarm);
    }
}

fn harm(world: &World, child: usize, lead: bool, assessed: bool) {
    let whom = world.child(DRUGS, child);
    let (episode, reference) = (format!("he-{child}"), format!("hi-{child}"));
    let review_by = (world.directory.now().date_naive() + Duration::days(150)).to_string();
    let suspected = json!({"child": whom, "episode_ref": episode, "ground": "neglect",
                           "decided_by": "Robin Marsh", "review_by": review_by});
    taken(&world.post(DRUGS, &event("significant_harm.recorded", &suspected)));
    let mut started = started_data(&whom, &reference, "substance_misuse", lead);
    started["episode_ref"] = json!(episode);
    taken(&world.post(DRUGS, &event("involvement.started", &started)));
    if assessed {
        let on = world.directory.now().date_naive().to_string();
        let told = json!({"child": whom, "involvement_ref": reference, "on": on});
        world.post(DRUGS, &event("common_assessment.indicated", &told));
    }
}

/// The entry asks for a shield; until that is decided addresses wait, which is declared, so it is decided now.
fn protected(plain: &World, secret: &World, child: usize, lead: bool, shielded: bool) {
    let whom = secret.child(REFUGE, child);
    let told = event("involvement.started", &started_data(&whom, &format!("r-{child}"), "refuge", lead));
    let outcome = secret.post(REFUGE, &told);
    taken(&outcome);
    if outcome.kind == OutcomeKind::Unchanged {
        return;
    }
    let Some(asked) = secret.shield_asked(outcome.position.unwrap()) else { return };
    let person = decider_of(secret, child);
    let number = secret.numbers[child];
    let review_by = secret.directory.now().date_naive() + Duration::days(30);
    let decision = if shielded {
        ShieldAsk::Apply { shield: asked, ground: Ground::ProtectedService, review_by }
    } else {
        ShieldAsk::Refuse(asked)
    };
    let (_, pending) = secret.directory.shield(&person, number, decision).unwrap();
    pending.wait().unwrap();
    if shielded {
        secret.shields.borrow_mut().entry(child).or_default().push(asked);
        plain.shield(child, Ground::ProtectedService);
    }
}

/// Three that would make a pattern, each taken back by its own department, or its link disputed.
fn mistaken(world: &World, child: usize, disputed: bool) {
    for department in DEPARTMENTS {
        let reference = format!("m-{child}");
        let whom = world.child(department, child);
        let mut visit = started_data(&whom, &reference, "hospital_emergency", true);
        visit["started_on"] = json!(world.directory.now().date_naive().to_string());
        world.post(department, &event("involvement.started", &visit));
        let back = if disputed {
            event("child.link_disputed", &json!({"local_ref": format!("{department}-{child}")}))
        } else {
            event("involvement.entered_in_error", &json!({"involvement_ref": reference}))
        };
        world.post(department, &back);
    }
}

/// The same current name and carers' names, and otherwise what nobody may see of a shielded record.
fn fields(world: &World, child: usize, former: usize, lives: usize) {
    let mut whom = world.child(YOUTH, child);
    described(&mut whom, child, false);
    whom["surname"] = json!(FORMER[former % FORMER.len()]);
    world.post(YOUTH, &event("child.described", &json!({"child": whom})));
    described(&mut whom, child, false);
    whom["address"] = address(lives);
    whom["previous_address"] = address(lives + 1);
    whom["carers"] = carers("Jo Lowe", lives);
    world.post(YOUTH, &event("child.described", &json!({"child": whom})));
    let bare = world.child(YOUTH, child);
    world.post(YOUTH, &event("education.stated", &education(&bare, u8::try_from(lives % 3).unwrap())));
    world.post(YOUTH, &event("primary_care.stated", &primary_care(&bare, lives.is_multiple_of(2))));
}
