//! Specs of requests: who may ask, what is judged first, by whom, upon what, and how each kind ends.

use chrono::Duration;
use vocabulary::{KeyedRef, Position};

use super::*;
use crate::spec::{Given as Story, NOW, given};

const MOTHER: u128 = 21;

fn account(number: u128) -> AccountId {
    AccountId::from_u128(number)
}

fn today() -> NaiveDate {
    vocabulary::england_day(NOW)
}

fn carer() -> Asker {
    Asker::Carer(KeyedRef::from_u128(MOTHER))
}

/// A child of fourteen asks for access.
fn asks(asked_by: Asker, asked: Asked) -> Request {
    Request {
        request: RightsId::from_u128(7),
        child: ChildId::from_u128(8),
        number: ChildNumber::from_draw(1),
        asked_by,
        asked,
        competence: Competence::Presumed12OrOver,
        childs_view: (asked_by != Asker::Child).then_some(ChildsView::Agrees),
        proof: Proof::PhotoDocument,
        received_on: today(),
        desk: "gss:E09000014".parse().unwrap(),
        by: account(1),
        age: Some(14),
        presumed_age: 12,
        named: true,
    }
}

fn request(request: Request) -> Command {
    Command::Request(Box::new(request))
}

fn asked(by: Asker, what: Asked) -> Story<Rights> {
    given::<Rights>([]).when(request(asks(by, what))).then_some(|events| assert_eq!(events.len(), 1))
}

fn ground(since: u64) -> Ground {
    let stood = Stood { source: KeyedRef::from_u128(5), since: Position(since) };
    Ground { carers: Some(stood), address: Some(stood) }
}

fn checked(by: u128, upon: Ground) -> Command {
    Command::CheckCarer(CarerChecked { lives_with_child: false, judged_upon: upon, by: account(by) })
}

fn threat(by: u128, cleared: bool, shields: &[u128]) -> Command {
    let shields = shields.iter().map(|shield| ShieldId::from_u128(*shield)).collect();
    Command::CheckThreat(ThreatChecked { cleared, shields, by: account(by) })
}

fn issue(ground: Ground, shields: &[u128]) -> Command {
    let shields = shields.iter().map(|shield| ShieldId::from_u128(*shield)).collect();
    Command::Issue(Issue { access: AccessId::from_u128(9), by: account(1), ground, shields })
}

fn issued() -> Event {
    Event::SubjectPackIssued { access: AccessId::from_u128(9), by: account(1) }
}

fn answer(answer: Answer) -> Command {
    Command::Answer(answer, account(1))
}

#[test]
fn a_request_runs_for_a_month_from_the_day_it_was_received() {
    let received_on = today() - Duration::days(10);
    let asked = Request { received_on, ..asks(Asker::Child, Asked::Access) };
    given::<Rights>([]).when(request(asked)).then_some(|events| {
        let Event::RightsRequested(requested) = &events[0] else { panic!("{events:?}") };
        assert_eq!(requested.due_by, received_on + chrono::Months::new(1));
    });
}

#[test]
fn who_asks_is_judged_before_anything_runs() {
    let child = || asks(Asker::Child, Asked::Access);
    let table = [
        (Request { received_on: today() + Duration::days(1), ..child() }, Refusal::ReceivedOutOfRange),
        (Request { received_on: today() - Duration::days(32), ..child() }, Refusal::ReceivedOutOfRange),
        (Request { age: Some(11), ..child() }, Refusal::NotPresumed),
        (Request { age: None, ..child() }, Refusal::NotPresumed),
        (Request { competence: Competence::AssessedNotCompetent, ..child() }, Refusal::ChildNotCompetent),
        (Request { named: false, ..asks(carer(), Asked::Access) }, Refusal::CarerUnknown),
        (Request { childs_view: None, ..asks(carer(), Asked::Access) }, Refusal::ViewMissing),
    ];
    for (asked, refusal) in table {
        given::<Rights>([]).when(request(asked)).then_refused(refusal);
    }
    // Under the age that is presumed an assessment says it; a complaint asks for no understanding.
    let assessed = Request { age: Some(9), competence: Competence::AssessedCompetent, ..child() };
    given::<Rights>([]).when(request(assessed)).then_some(|events| assert_eq!(events.len(), 1));
    let complains = Request {
        competence: Competence::AssessedNotCompetent,
        ..asks(Asker::Child, Asked::Complaint(Complaint::Look))
    };
    given::<Rights>([]).when(request(complains)).then_some(|events| assert_eq!(events.len(), 1));
}

#[test]
fn a_childs_pack_is_handed_out_again_and_a_withheld_one_never() {
    let story = asked(Asker::Child, Asked::Access);
    let story = story.when(issue(ground(1), &[3])).then([issued()]);
    story.when(issue(ground(2), &[3, 4])).then([issued()]);
    let withheld = Answer::Withheld(Withheld::CourtOrder);
    let refused = asked(Asker::Child, Asked::Access)
        .when(answer(withheld))
        .then([Event::RightsAnswered { answer: withheld, by: account(1) }]);
    refused.when(issue(ground(1), &[])).then_refused(Refusal::AlreadyAnswered);
}

#[test]
fn a_carers_pack_waits_until_they_were_judged_upon_what_the_record_says_now() {
    asked(carer(), Asked::Access).when(issue(ground(1), &[])).then_refused(Refusal::CarerUnchecked);
    let judged = || asked(carer(), Asked::Access).when(checked(1, ground(1))).then_some(|_| ());
    judged().when(issue(ground(1), &[])).then([issued()]);
    for now in [
        ground(2),
        Ground { carers: None, ..ground(1) },
        Ground { address: ground(2).address, ..ground(1) },
        Ground::default(),
    ] {
        judged().when(issue(now, &[])).then_refused(Refusal::CheckOutdated);
    }
    let again = judged().when(checked(1, ground(2))).then_some(|_| ());
    again.when(issue(ground(2), &[])).then([issued()]);
}

#[test]
fn a_carers_pack_of_a_shielded_record_needs_another_persons_word_for_each_shield() {
    let judged = || asked(carer(), Asked::Access).when(checked(2, ground(1))).then_some(|_| ());
    judged().when(issue(ground(1), &[3])).then_refused(Refusal::ThreatUnchecked);
    for oneself in [1, 2] {
        judged().when(threat(oneself, true, &[3])).then_refused(Refusal::OwnRequest);
    }
    let cleared = || judged().when(threat(4, true, &[3])).then_some(|_| ());
    cleared().when(issue(ground(1), &[3])).then([issued()]);
    cleared().when(issue(ground(1), &[3, 5])).then_refused(Refusal::ThreatUnchecked);
    let not_cleared = judged().when(threat(4, false, &[3])).then_some(|_| ());
    not_cleared.when(issue(ground(1), &[3])).then_refused(Refusal::ThreatNotCleared);
}

#[test]
fn a_competent_child_who_objects_is_heard() {
    let objecting = Request { childs_view: Some(ChildsView::Objects), ..asks(carer(), Asked::Access) };
    let story = given::<Rights>([]).when(request(objecting)).then_some(|_| ());
    let story = story.when(checked(1, ground(1))).then_some(|_| ());
    story.when(issue(ground(1), &[])).then_refused(Refusal::ChildObjects);
}

#[test]
fn each_kind_of_request_has_answers_of_its_own() {
    let kinds = [Asked::Access, Asked::Correction(Disputed::Education), Asked::Complaint(Complaint::Look)];
    let table = [
        (Answer::PackIssued, [false, false, false]),
        (Answer::Withheld(Withheld::Threat), [true, false, false]),
        (Answer::Corrected, [false, true, false]),
        (Answer::CorrectionRefused(CorrectionRefused::Documented), [false, true, false]),
        (Answer::Upheld, [false, false, true]),
        (Answer::PartlyUpheld, [false, false, true]),
        (Answer::NotUpheld, [false, false, true]),
        (Answer::TakenBack, [true, true, true]),
    ];
    for (given_answer, of_kinds) in table {
        for (kind, fits) in kinds.into_iter().zip(of_kinds) {
            let decided = asked(Asker::Child, kind).when(answer(given_answer));
            if fits {
                decided.then_some(|_| ()).when(answer(given_answer)).then_nothing();
            } else {
                decided.then_refused(Refusal::DoesNotFit);
            }
        }
    }
    let wrong = asked(Asker::Child, Asked::Complaint(Complaint::Look));
    wrong.when(issue(ground(1), &[])).then_refused(Refusal::DoesNotFit);
    let own = asked(Asker::Child, Asked::Access);
    own.when(checked(1, ground(1))).then_refused(Refusal::DoesNotFit);
}

#[test]
fn a_disagreement_follows_a_refused_correction_and_nothing_else() {
    let dispute = || asked(Asker::Child, Asked::Correction(Disputed::PrimaryCare));
    let disagree = || Command::Disagree(account(1));
    dispute().when(disagree()).then_refused(Refusal::NothingRefused);
    let corrected = dispute().when(answer(Answer::Corrected)).then_some(|_| ());
    corrected.when(disagree()).then_refused(Refusal::NothingRefused);
    let refused = Answer::CorrectionRefused(CorrectionRefused::SupplierMaintains);
    let story = dispute().when(answer(refused)).then_some(|_| ());
    let story = story.when(disagree()).then([Event::DisagreementMarked { by: account(1) }]);
    story.when(disagree()).then_nothing();
}

#[test]
fn the_clock_runs_longer_once_and_only_while_it_runs() {
    let story = || asked(Asker::Child, Asked::Complaint(Complaint::Request));
    let longer = today() + chrono::Months::new(3);
    let extended = story()
        .when(Command::Extend(account(1)))
        .then([Event::RightsExtended { due_by: longer, by: account(1) }]);
    assert_eq!(extended.state().due_by(), Some(longer));
    let twice = story().when(Command::Extend(account(1))).then_some(|_| ());
    twice.when(Command::Extend(account(1))).then_refused(Refusal::NotExtended);
    story().days_later(31).when(Command::Extend(account(1))).then_refused(Refusal::NotExtended);
    let answered = story().when(answer(Answer::Upheld)).then_some(|_| ());
    answered.when(Command::Extend(account(1))).then_refused(Refusal::AlreadyAnswered);
}

#[test]
fn each_step_is_a_fact_and_the_commissioner_may_come_after_the_answer() {
    let step = |step| Command::Step(step, account(1));
    let story = asked(Asker::Child, Asked::Complaint(Complaint::Look));
    let story = story.when(step(Step::Acknowledged)).then_some(|_| ());
    let story = story.when(step(Step::Acknowledged)).then_nothing();
    let story = story.when(answer(Answer::NotUpheld)).then_some(|_| ());
    let story = story.when(step(Step::WithCommissioner)).then_some(|events| assert_eq!(events.len(), 1));
    story.when(step(Step::ProgressTold)).then_refused(Refusal::AlreadyAnswered);
}

#[test]
fn a_request_follows_the_record_to_another_authority_and_a_complaint_stays_where_it_was_received() {
    let there: OrganisationId = "gss:E08000003".parse().unwrap();
    let hand_over = || Command::HandOver(there.clone());
    for what in [Asked::Access, Asked::Correction(Disputed::Education)] {
        let moved = || asked(Asker::Child, what).when(hand_over()).then_some(|_| ());
        moved().when(hand_over()).then_nothing();
        let state = moved().state();
        assert_eq!(state.desk(), Some(&there));
        assert_eq!(state.due_by(), Some(today() + chrono::Months::new(1)), "the clock runs on");
    }
    asked(Asker::Child, Asked::Complaint(Complaint::Look)).when(hand_over()).then_nothing();
    let answered = asked(Asker::Child, Asked::Access).when(answer(Answer::TakenBack)).then_some(|_| ());
    answered.when(hand_over()).then_refused(Refusal::AlreadyAnswered);
}

#[test]
fn nothing_is_done_to_a_request_that_nobody_made() {
    for command in [
        checked(1, ground(1)),
        threat(2, true, &[]),
        Command::Extend(account(1)),
        Command::Step(Step::Acknowledged, account(1)),
        issue(ground(1), &[]),
        answer(Answer::TakenBack),
        Command::Disagree(account(1)),
        Command::HandOver("gss:E08000003".parse().unwrap()),
    ] {
        given::<Rights>([]).when(command).then_refused(Refusal::Unknown);
    }
}
