"""Prints every bar of matching for `contactpoint link`, which need no other tool."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import bars
import scoring
import tasks
import tools
from scoring import Link, Measure
from tasks import FeedRow, Task


def told(measure: Measure) -> str:
    """A measure in words."""
    return f"F1 {measure.f1:.4f}, P {measure.precision:.4f}, R {measure.recall:.4f}"


def print_task(task: Task, links: list[Link]) -> None:
    """What is asked of every task."""
    ours = scoring.of_pairs(scoring.matches(links), task.truth)
    _, best = scoring.best(links, task.truth)
    print(f"\n{task.name}: {len(task.truth)} true pairs")
    print(f"  own outcome `match`: {told(ours)}; {ours.taken - ours.right} false, {ours.true - ours.right} missed")
    print(f"  best threshold: {told(best)}")
    print(f"  recall at P >= {scoring.PRECISION_BAR}: {scoring.recall_at_precision(links, task.truth):.4f}")


def print_devset(task: Task, links: list[Link], feed: list[FeedRow]) -> None:
    """What is asked of the development set alone."""
    taken, listed = scoring.matches(links), {link.pair for link in links}
    missed = task.truth - taken
    print(f"  of the missed {len(missed & listed)} wait as `possible`, {len(missed - listed)} are not listed")
    print(f"  false matches by kind: {dict(bars.false_by_kind(taken, task.truth, feed))}")
    print(f"  waiting as `possible`: {len(listed - taken)} pairs, {len((listed - taken) & task.truth)} of them true")
    bare = bars.sharing_nothing(task.truth, feed)
    own = scoring.of_pairs(bars.sharing_nothing(taken, feed), bare)
    print(f"  no identifier shared: {told(own)}; {len(bare)} true pairs")
    twins = bars.new_twins(taken, listed, feed)
    print(f"  new twins: {twins.linked} linked, {twins.review} in review, {twins.unlinked} unlinked")
    for group, measure in bars.recall_by_group(taken, feed).items():
        print(f"  recall of group {group}: {measure.recall:.4f} ({measure.right} of {measure.true})")


def score(data: Path, program: Path, folder: Path) -> None:
    """Links and scores every task."""
    feed = tasks.feed_truth(data)
    for number in (1, 2, 3):
        for with_id in (True, False):
            task = tasks.febrl(data, number, with_id)
            print_task(task, tools.contactpoint(program, task, folder).links)
    task = tasks.devset(data)
    links = tools.contactpoint(program, task, folder).links
    print_task(task, links)
    print_devset(task, links, feed)


def main() -> None:
    """Reads the command line and scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path, help="the folder that holds febrl and devset")
    parser.add_argument("--contactpoint", required=True, type=Path, help="the program, built with --release")
    read = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            score(read.data, read.contactpoint, Path(folder))
        except (tasks.DataMissing, tools.ToolFailed) as error:
            sys.exit(str(error))


if __name__ == "__main__":
    main()
