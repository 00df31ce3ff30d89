//! A request after its child moved to another authority: who answers it, and who learns nothing by it.

use chrono::{Duration, Months};
use directory::RightsAct;
use events::{
    child::responsibility::Decision,
    rights::{Answer, Asked, Asker, Complaint, Disputed, Withheld},
};
use vocabulary::{Role, england_day};

use super::{HERS, act, ask, enter, of_two_parents, pack};
use crate::world::{HERE, SCHOOL, THERE, World, id, not_shown, now, refused};

#[test]
fn a_request_follows_its_child_to_another_authority_and_a_complaint_stays_where_it_was_received() {
    let world = World::new();
    let number = world.child(SCHOOL, &of_two_parents("s-1", &HERS));
    let (here, there) = (world.user(Role::AuthorityTeam, HERE), world.user(Role::AuthorityTeam, THERE));
    world.settle();
    let today = england_day(world.directory.now());
    let access = enter(&world, &here, ask(&world, number, Asker::Child, Asked::Access));
    let disputes = Asked::Correction(Disputed::Education);
    let correction = enter(&world, &here, ask(&world, number, Asker::Child, disputes));
    let asked = Asked::Complaint(Complaint::Look);
    let complaint = enter(&world, &here, ask(&world, number, Asker::Child, asked));
    assert_eq!(world.directory.hand_over_requests().unwrap(), 0);
    let (transfer, proposed) = world.directory.propose_transfer(&here, number, &id(THERE)).unwrap();
    proposed.wait().unwrap();
    world.settle();
    let accepted = world.directory.decide_transfer(&there, transfer, Decision::Accept).unwrap();
    accepted.wait().unwrap();
    world.pass(Duration::days(3));
    world.settle();
    // Whoever answers for the record no more learns nothing new of it by an old request.
    assert_eq!(not_shown(pack(&world, &here, access)), "unknown");
    assert_eq!(world.directory.hand_over_requests().unwrap(), 2);
    world.settle();
    assert_eq!(world.directory.hand_over_requests().unwrap(), 0, "each moves once");
    let listed = |team| {
        let page = now(world.directory.rights_due(team, None, None)).unwrap().into_view();
        page.requests.into_iter().map(|item| (item.rights_request_id, item.due_by)).collect::<Vec<_>>()
    };
    let month = today + Months::new(1);
    let mut moved = listed(&there);
    moved.sort_unstable_by_key(|(id, _)| *id != access);
    assert_eq!(moved, [(access, month), (correction, month)], "the clock runs on");
    assert_eq!(listed(&here), [(complaint, month)]);
    let withheld = RightsAct::Answer(Answer::Withheld(Withheld::CourtOrder));
    assert_eq!(refused(world.directory.act_on_rights(&here, access, withheld)), "unknown");
    act(&world, &here, complaint, RightsAct::Answer(Answer::Upheld));
    assert!(pack(&world, &there, access).unwrap()["record"].is_object());
}
