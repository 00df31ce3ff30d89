"""What else is asked of the development set than F1: those whom F1 hides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from scoring import Measure, Pair
from tasks import NEW_TWIN, FeedRow


@dataclass(frozen=True)
class NewTwins:
    """What became of the twins who are not in the directory yet."""

    linked: int
    # Waiting for a person, as a pair that is possible.
    review: int
    unlinked: int


def sharing_nothing(pairs: Iterable[Pair], feed: list[FeedRow]) -> set[Pair]:
    """The pairs of those records alone of which no identifier is the same on both sides."""
    bare = {row.feed_id for row in feed if not row.shares_id}
    return {pair for pair in pairs if pair[1] in bare}


def new_twins(taken: Collection[Pair], listed: Collection[Pair], feed: list[FeedRow]) -> NewTwins:
    """Counts by record: linked to anybody, left to a person, or neither."""
    twins = {row.feed_id for row in feed if row.kind == NEW_TWIN}
    linked = twins & {pair[1] for pair in taken}
    review = (twins & {pair[1] for pair in listed}) - linked
    return NewTwins(len(linked), len(review), len(twins) - len(linked) - len(review))


def recall_by_group(taken: Collection[Pair], feed: list[FeedRow]) -> dict[str, Measure]:
    """Recall by naming group, worst first: an average would hide whom a tool misses."""
    true, found = Counter[str](), Counter[str]()
    for row in feed:
        if row.child_id:
            true[row.group] += 1
            found[row.group] += (row.child_id, row.feed_id) in taken
    groups = {group: Measure(found[group], found[group], true[group]) for group in true}
    return dict(sorted(groups.items(), key=lambda item: item[1].recall))


def false_by_kind(taken: Collection[Pair], truth: Collection[Pair], feed: list[FeedRow]) -> Counter[str]:
    """What the wrongly linked records were made to be."""
    kind = {row.feed_id: row.kind for row in feed}
    return Counter(kind[pair[1]] for pair in taken if pair not in truth)
