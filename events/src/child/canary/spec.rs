//! Specs of canaries: only a record that nobody works with is one, and marking it shows nowhere.

use super::{Command, Marked, Refusal, Unmarked};
use crate::child::{self, Event, examples::*};

fn mark() -> child::Command {
    child::Command::Canary(Command::Mark)
}

fn unmark() -> child::Command {
    child::Command::Canary(Command::Unmark)
}

refusals! { "../canary.rs";
    a_record_that_nobody_opened_comes_first: unopened(), mark() => Refusal::NotRegistered;
}

#[test]
fn a_record_is_marked_once_and_unmarked_once() {
    opened()
        .when(unmark())
        .then_nothing()
        .when(mark())
        .then([Event::CanaryMarked(Marked {})])
        .when(mark())
        .then_nothing()
        .when(unmark())
        .then([Event::CanaryUnmarked(Unmarked {})]);
}

#[test]
fn whether_anybody_works_with_the_child_is_told_to_nobody_who_marks() {
    let works = opened().then_came([ward_start(FIRST).into()]);
    works.when(mark()).then([Event::CanaryMarked(Marked {})]);
}

#[test]
fn marking_moves_nothing_that_anybody_sees() {
    let plain = opened();
    let marked = opened().then_came([mark()]);
    let unseen = child::Child { canary: false, ..marked.state().clone() };
    assert_eq!(unseen, plain.state());
}
