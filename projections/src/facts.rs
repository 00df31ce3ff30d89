//! Which facts of a record concern which rows.

use events::{
    Fact, access, account, brokering, case, child, erasure, intake, organisation, policy, recorded::Recorded,
    rights, search,
};
use vocabulary::{KeyId, Stream, StreamKind};

/// The streams of one family whose rows a record may change: its own, and for an erasure the one that it forgets.
pub(crate) fn touched(recorded: &Recorded, kind: StreamKind) -> Vec<Stream> {
    let forgotten = recorded.facts().iter().filter_map(destroyed).map(|(stream, _)| stream);
    let mut streams: Vec<Stream> =
        std::iter::once(recorded.stream).chain(forgotten).filter(|stream| stream.kind == kind).collect();
    streams.sort_unstable();
    streams.dedup();
    streams
}

/// The keys of `stream` that a record tells were destroyed.
pub(crate) fn keys_destroyed(recorded: &Recorded, stream: Stream) -> Vec<KeyId> {
    let forgotten = recorded.facts().iter().filter_map(destroyed).filter(|(of, _)| *of == stream);
    forgotten.flat_map(|(_, keys)| keys.iter().copied()).collect()
}

fn destroyed(fact: &Fact) -> Option<(Stream, &[KeyId])> {
    if let Fact::Erasure(erasure::Event::KeysDestroyed { stream, keys }) = fact {
        Some((*stream, keys))
    } else {
        None
    }
}

/// What a record tells of a child.
pub(crate) fn of_child(fact: &Fact) -> Option<&child::Event> {
    if let Fact::Child(event) = fact { Some(event) } else { None }
}

/// What a record tells of an item that a supplier sent.
pub(crate) fn of_intake(fact: &Fact) -> Option<&intake::Event> {
    if let Fact::Intake(event) = fact { Some(event) } else { None }
}

/// Whether a record tells of nothing that ever waits: a nightly feed repeats itself by the million.
pub(crate) fn is_only_counted(recorded: &Recorded) -> bool {
    let counted = |fact| match of_intake(fact) {
        Some(intake::Event::StatementRepeated { .. } | intake::Event::ConsentRefusalCounted { .. }) => true,
        Some(
            intake::Event::EventQueued(_)
            | intake::Event::EventWaiting(_)
            | intake::Event::LikenessFound(_)
            | intake::Event::QueueDecided { .. }
            | intake::Event::EventResolved(_),
        )
        | None => false,
    };
    recorded.facts().first().is_some_and(counted)
}

/// What a record tells of looks at a child's record.
pub(crate) fn of_access(fact: &Fact) -> Option<&access::Event> {
    if let Fact::Access(event) = fact { Some(event) } else { None }
}

/// What a record tells of a user's searches.
pub(crate) fn of_search(fact: &Fact) -> Option<&search::Event> {
    if let Fact::Search(event) = fact { Some(event) } else { None }
}

/// What a record tells of an account.
pub(crate) fn of_account(fact: &Fact) -> Option<&account::Event> {
    if let Fact::Account(event) = fact { Some(event) } else { None }
}

/// What a record tells of an organisation.
pub(crate) fn of_organisation(fact: &Fact) -> Option<&organisation::Event> {
    if let Fact::Organisation(event) = fact { Some(event) } else { None }
}

/// What a record tells of a case.
pub(crate) fn of_case(fact: &Fact) -> Option<&case::Event> {
    if let Fact::Case(event) = fact { Some(event) } else { None }
}

/// What a record tells of the policy.
pub(crate) fn of_policy(fact: &Fact) -> Option<&policy::Event> {
    if let Fact::Policy(event) = fact { Some(event) } else { None }
}

/// What a record tells of a request to a duty desk.
pub(crate) fn of_brokering(fact: &Fact) -> Option<&brokering::Event> {
    if let Fact::Brokering(event) = fact { Some(event) } else { None }
}

/// What a record tells of a request of a person about what is held of them.
pub(crate) fn of_rights(fact: &Fact) -> Option<&rights::Event> {
    if let Fact::Rights(event) = fact { Some(event) } else { None }
}
