//! Specs of declarations: relationships that only others withdraw, and a home that is declared freely.

use vocabulary::ChildNumber;

use super::*;

fn child(number: u64) -> ChildNumber {
    ChildNumber::from_draw(number)
}

fn related(number: u64) -> Event {
    Event::RelationshipDeclared { related_to: child(number) }
}

fn declare(number: u64) -> Command {
    Command::Declare(Declaration::Related(child(number)))
}

fn withdraw(number: u64, by: AccountId) -> Command {
    Command::Declare(Declaration::NotRelated { child: child(number), by: Some(by) })
}

fn house(number: u128) -> Home {
    Home { house: Some(KeyedRef::from_u128(number)), postcode: KeyedRef::from_u128(9) }
}

/// I-21
#[test]
fn a_relationship_is_declared_once_and_withdrawn_by_another_only() {
    given::<Account>([created()]).when(declare(7)).then([related(7)]);
    let declared = || given::<Account>([created(), related(7)]);
    declared().when(declare(7)).then_nothing();
    declared().when(withdraw(7, account(1))).then_refused(Refusal::OwnAccount);
    declared().when(withdraw(8, manager())).then_refused(Refusal::RelationshipUnknown);
    declared()
        .when(withdraw(7, manager()))
        .then([Event::RelationshipWithdrawn { related_to: child(7), by: Some(manager()) }])
        .when(withdraw(7, manager()))
        .then_refused(Refusal::RelationshipUnknown);
}

#[test]
fn thirty_relationships_are_the_most_and_a_withdrawn_one_makes_room() {
    let all = std::iter::once(created()).chain((1..=30).map(related));
    let full = || given::<Account>(all.clone());
    full().when(declare(31)).then_refused(Refusal::RelationshipsTooMany);
    full().when(declare(30)).then_nothing();
    let withdrawn = Event::RelationshipWithdrawn { related_to: child(30), by: Some(manager()) };
    given::<Account>(all.chain([withdrawn])).when(declare(31)).then([related(31)]);
}

#[test]
fn a_home_is_declared_changed_and_withdrawn_by_its_person() {
    let lives = |number| Command::Declare(Declaration::LivesAt(house(number)));
    let nowhere = || Command::Declare(Declaration::LivesUntold);
    let story = given::<Account>([created()]).when(lives(1)).then([Event::HomeDeclared(house(1))]);
    let story = story.when(lives(1)).then_nothing();
    let moved = story.when(lives(2)).then([Event::HomeDeclared(house(2))]);
    moved.when(nowhere()).then([Event::HomeWithdrawn]).when(nowhere()).then_nothing();
}

#[test]
fn a_closed_account_declares_nothing() {
    given::<Account>([created(), Event::AccountClosed]).when(declare(7)).then_refused(Refusal::Closed);
}
