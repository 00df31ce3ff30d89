"""Links files whose rows stand in other orders, and counts the pairs whose outcome changed.

The order in which a supplier wrote its file says nothing of the people in it.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import random
import sys
import tempfile
from pathlib import Path

import scoring
import tasks
import tools
from scoring import Link, Pair
from tasks import Task

SEEDS = (1, 2, 3)


def shuffled(task: Task, seed: int, folder: Path) -> Task:
    """The same task with the rows of its feed, or of its only file, in another order."""
    with (task.right or task.left).open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    random.Random(seed).shuffle(lines)
    other = folder / f"{task.name}-{seed}.csv"
    with other.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *lines])
    left, right = (task.left, other) if task.right else (other, None)
    return dataclasses.replace(task, name=f"{task.name}-{seed}", left=left, right=right)


def outcomes(links: list[Link]) -> set[tuple[Pair, bool]]:
    """Each pair that was written, with whether it is a match."""
    return {(link.pair, link.is_match) for link in links}


def print_changes(seed: int, usual: list[Link], other: list[Link]) -> None:
    """How much of what was written changed."""
    changed = {pair for pair, _ in outcomes(usual) ^ outcomes(other)}
    matches = scoring.matches(usual) ^ scoring.matches(other)
    weights = {link.pair: link.weight for link in usual}
    moved = max((abs(link.weight - weights.get(link.pair, 0.0)) for link in other), default=0.0)
    print(
        f"seed {seed}: {len(changed)} pairs with another outcome, {len(matches)} of them a match in one order alone; "
        f"the largest change of a probability is {moved:.4f}"
    )
    for pair in sorted(matches):
        print(f"  match in one order alone: {' '.join(pair)}")


def shuffle(task: Task, program: Path, folder: Path) -> None:
    """Links in the order of the file and in the others."""
    usual = tools.contactpoint(program, task, folder).links
    print(f"{task.name}: {len(usual)} pairs written, {len(scoring.matches(usual))} of them matches")
    for seed in SEEDS:
        print_changes(seed, usual, tools.contactpoint(program, shuffled(task, seed, folder), folder).links)


def main() -> None:
    """Reads the command line and shuffles."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, type=Path, help="the folder that holds febrl and devset")
    parser.add_argument("--contactpoint", required=True, type=Path, help="the program, built with --release")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            for task in (tasks.devset(told.data), tasks.febrl(told.data, 3, with_id=False)):
                shuffle(task, told.contactpoint, Path(folder))
        except (tasks.DataMissing, tools.ToolFailed) as error:
            sys.exit(str(error))


if __name__ == "__main__":
    main()
