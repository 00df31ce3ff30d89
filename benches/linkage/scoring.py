"""Pairs against the truth: F1, precision, recall, and the recall that a precision leaves.

Pairs count over all true pairs, so that one that no block held counts as missed.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

# The bar of precision at which recall is compared: one false pair in a thousand.
PRECISION_BAR = 0.999

Pair = tuple[str, str]


@dataclass(frozen=True)
class Link:
    """One pair as a tool wrote it: how sure it is, and whether it needs nobody to look."""

    pair: Pair
    weight: float
    is_match: bool = False


@dataclass(frozen=True)
class Measure:
    """How many pairs were taken and how many of them are true."""

    taken: int
    right: int
    true: int

    @property
    def precision(self) -> float:
        """The share of the taken pairs that are true; of none, none is wrong."""
        return self.right / self.taken if self.taken else 1.0

    @property
    def recall(self) -> float:
        """The share of the true pairs that were taken."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.right / (self.taken + self.true) if self.taken + self.true else 1.0


def read_links(path: Path, within: bool) -> list[Link]:
    """Reads the pairs of either tool; within one file a pair has no order, so it gets one."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_link(row, within) for row in csv.DictReader(file)]


def _link(row: dict[str, str], within: bool) -> Link:
    pair = (row["left_id"], row["right_id"])
    weight = float(row["probability"] if "probability" in row else row["weight"])
    return Link(ordered(pair) if within else pair, weight, row.get("outcome") == "match")


def ordered(pair: Pair) -> Pair:
    """The same pair whichever of the two came first."""
    return (min(pair), max(pair))


def of_pairs(taken: Collection[Pair], truth: Collection[Pair]) -> Measure:
    """Measures a set of pairs."""
    return Measure(len(taken), sum(pair in truth for pair in taken), len(truth))


def matches(links: Iterable[Link]) -> set[Pair]:
    """The pairs that a tool calls one person by itself."""
    return {link.pair for link in links if link.is_match}


def from_weight(links: Iterable[Link], weight: float) -> set[Pair]:
    """The pairs of this weight or more."""
    return {link.pair for link in links if link.weight >= weight}


def best(links: list[Link], truth: Collection[Pair]) -> tuple[float, Measure]:
    """The threshold of the highest F1, chosen by the truth, and what it gives: a bar more generous than life."""
    return max(_by_threshold(links, truth), key=lambda at: at[1].f1, default=(0.0, Measure(0, 0, len(truth))))


def recall_at_precision(links: list[Link], truth: Collection[Pair]) -> float:
    """The highest recall of any threshold that keeps to the bar of precision."""
    kept = (measure for _, measure in _by_threshold(links, truth) if measure.precision >= PRECISION_BAR)
    return max((measure.recall for measure in kept), default=0.0)


def best_of_each_right(links: list[Link]) -> list[Link]:
    """Keeps of each right person the likeliest left one: what a user of Splink may add to it."""
    kept: dict[str, Link] = {}
    for link in links:
        known = kept.get(link.pair[1])
        if known is None or known.weight < link.weight:
            kept[link.pair[1]] = link
    return list(kept.values())


def _by_threshold(links: list[Link], truth: Collection[Pair]) -> Iterator[tuple[float, Measure]]:
    """What each threshold gives; pairs of one weight come together, since no threshold parts them."""
    taken = right = 0
    falling = sorted(links, key=lambda link: -link.weight)
    for weight, alike in groupby(falling, key=lambda link: link.weight):
        for link in alike:
            taken += 1
            right += link.pair in truth
        yield weight, Measure(taken, right, len(truth))
