//! Who is told of another's entry: whatever happens to a record, nobody of one that it would not show them then.

use chrono::{DateTime, Utc};
use events::{
    child::{
        Child, Command, Event,
        consent::Withdrawn,
        involvement::{self, Changer, Notified},
        shield::{self, Ground},
    },
    decider::Decider,
};
use uuid::Uuid;
use visibility::{Override, Sight, may_be_told, view};
use vocabulary::{InvolvementId, Role, ServiceClass, ShieldId};

use crate::{
    entry::{Entry, Kind},
    properties::Draw,
    world::{Register, World, ago, id, org, telephone, today, viewer},
};

const STORIES: u64 = 300;
const STEPS: u128 = 14;
const SHIELD: ShieldId = ShieldId::new(Uuid::from_u128(5));
const BODIES: [&str; 4] = ["org:one", "org:two", "org:three", "org:four"];

fn noon() -> DateTime<Utc> {
    today().and_hms_opt(12, 0, 0).unwrap().and_utc()
}

fn start(entry: &Entry) -> involvement::Command {
    let sensitive = entry.service_type.class() == ServiceClass::Sensitive;
    involvement::Command::Start {
        involvement: entry.id,
        source: entry.source,
        supplier: entry.supplier.clone(),
        organisation: entry.organisation.clone(),
        service_type: entry.service_type,
        practitioner: None,
        team: Some(vocabulary::Label::new("Duty").unwrap()),
        contacts: vec![telephone("020 7946 0002")],
        started_on: entry.started_on,
        ended_on: entry.ended_on,
        lead_professional: entry.lead,
        episode: sensitive.then(|| entry.episode()),
        version: None,
        shield: SHIELD,
    }
}

/// One of those that are held.
fn any_of(draw: &mut Draw, child: &Child) -> Option<InvolvementId> {
    let held: Vec<InvolvementId> = child.involvements.keys().copied().collect();
    let which = usize::try_from(draw.below(held.len().max(1) as u64)).unwrap();
    held.get(which).copied()
}

/// What happens next; nothing where a rule says no.
fn next(draw: &mut Draw, child: &Child, number: u128) -> Vec<Event> {
    let decided = |command: Command| Child::decide(child, &command, noon()).unwrap_or_default();
    let of_one = |command: involvement::Command| decided(Command::Involvement(command));
    match draw.below(10) {
        0 => decided(Command::Shield(shield::Command::Apply {
            shield: SHIELD,
            ground: Ground::DomesticAbuse,
            review_by: ago(-100),
        })),
        1 => decided(Command::Shield(shield::Command::Lift { shield: SHIELD })),
        2 | 3 => any_of(draw, child).map_or_else(Vec::new, |involvement| {
            let ended_on = ago(i64::try_from(draw.below(3)).unwrap() * 200);
            of_one(involvement::Command::End { by: Changer::Team, involvement, ended_on, version: None })
        }),
        4 => any_of(draw, child).map_or_else(Vec::new, |involvement| {
            of_one(involvement::Command::EnterInError { by: Changer::Team, involvement })
        }),
        5 => {
            let given = child.episodes.iter().find(|(_, held)| held.consent.is_some());
            let withdrawn = |(episode, _): (&vocabulary::KeyedRef, _)| {
                Event::ConsentWithdrawn(Withdrawn { episode: *episode, decided_on: ago(1) })
            };
            given.map(withdrawn).into_iter().collect()
        }
        _ => {
            let kind = Kind::ALL[usize::try_from(draw.below(5)).unwrap()];
            let by = BODIES[usize::try_from(draw.below(4)).unwrap()];
            let started_on = ago(i64::try_from(draw.below(400)).unwrap() - 20);
            let entry =
                Entry { id: id(1_000 + number), started_on, lead: draw.chance(), ..Entry::of(kind).by(by) };
            let basis: Vec<Event> = entry.basis().into_iter().collect();
            let permitted = basis.iter().cloned().fold(World::of(child.clone()), World::with).child;
            let begun = Child::decide(&permitted, &Command::Involvement(start(&entry)), noon());
            begun.map_or_else(|_| Vec::new(), |events| [basis, events].concat())
        }
    }
}

/// Whoever is told because of this entry sees the other on the record at this moment.
fn assert_seen(child: &Child, notified: &Notified, because: InvolvementId, story: u64) {
    let organisation = child.involvements[&because].organisation.clone();
    let reader = visibility::Viewer { organisation, ..viewer(Role::Practitioner) };
    let sight = Sight::on(today());
    let record = view(&reader, child, Override::None, &Register, &sight);
    let shown = record.involvements.unwrap_or_default();
    let of = notified.involvement;
    assert!(shown.iter().any(|entry| entry.involvement_id == of), "story {story}: {notified:?}");
    assert!(may_be_told(&reader, child, because, of, &sight), "story {story}: {notified:?}");
    let stranger = visibility::Viewer { organisation: org("org:stranger"), ..viewer(Role::Practitioner) };
    assert!(!may_be_told(&stranger, child, because, of, &sight), "story {story}: {notified:?}");
}

#[test]
fn no_sequence_tells_anybody_of_an_entry_that_they_cannot_see_at_that_moment() {
    let mut told = 0;
    for story in 0..STORIES {
        let mut draw = Draw(story);
        let mut world = World::described();
        for number in 0..STEPS {
            for event in next(&mut draw, &world.child, number) {
                world = world.with(event.clone());
                if let Event::InvolvementNotified(notified) = &event {
                    told += notified.told.len();
                    notified.told.iter().for_each(|own| assert_seen(&world.child, notified, *own, story));
                }
            }
        }
    }
    assert!(told > 500, "too little was told to show anything: {told}");
}
