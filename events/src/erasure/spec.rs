//! Specs of erasure: ordered first, destroyed when due, told once.

use vocabulary::ChildId;

use super::*;
use crate::spec::given;

fn stream() -> Stream {
    ChildId::new(uuid::Uuid::from_u128(1)).stream()
}

fn key(slot: u32) -> KeyId {
    KeyId { pool: 1, slot }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn order(keys: Vec<KeyId>) -> Command {
    Command::Order { stream: stream(), keys, ground: Ground::PermissionEnded, due_on: day("2026-06-10") }
}

fn ordered(keys: Vec<KeyId>) -> Event {
    Event::ErasureOrdered {
        stream: stream(),
        keys,
        ground: Ground::PermissionEnded,
        due_on: day("2026-06-10"),
    }
}

fn destroy(keys: Vec<KeyId>) -> Command {
    Command::Destroy { stream: stream(), keys }
}

fn destroyed(keys: Vec<KeyId>) -> Event {
    Event::KeysDestroyed { stream: stream(), keys }
}

#[test]
fn keys_are_ordered_to_be_destroyed_and_destroyed_once_due() {
    given::<Erasure>([])
        .when(order(vec![key(1), key(2)]))
        .then([ordered(vec![key(1), key(2)])])
        .when(order(vec![key(2), key(3)]))
        .then([ordered(vec![key(3)])])
        .days_later(9)
        .when(destroy(vec![key(1), key(2)]))
        .then([destroyed(vec![key(1), key(2)])])
        .when(destroy(vec![key(1)]))
        .then_nothing()
        .when(order(vec![key(1)]))
        .then_nothing();
}

#[test]
fn destroying_is_refused_in_this_order() {
    given::<Erasure>([]).when(destroy(Vec::new())).then_refused(Refusal::KeysOutOfRange);
    given::<Erasure>([]).when(order((0..257).map(key).collect())).then_refused(Refusal::KeysOutOfRange);
    given::<Erasure>([]).when(order(vec![KeyId::CLEAR])).then_refused(Refusal::InClear);
    given::<Erasure>([ordered(vec![key(1)])]).when(destroy(vec![key(2)])).then_refused(Refusal::NotOrdered);
    given::<Erasure>([ordered(vec![key(1)])])
        .days_later(8)
        .when(destroy(vec![key(1)]))
        .then_refused(Refusal::NotDue { due_on: day("2026-06-10") });
}
