"""Runs ours and Splink on the same files in turn, and prints what each found and how long it took."""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import bars
import scoring
import tasks
import tools
from scoring import Link, Measure, Pair
from tasks import FeedRow, Task

HEADER = "| task | tool | threshold | F1 | P | R | R at P >= 0.999 | seconds |\n|---|---|---|---:|---:|---:|---:|---:|"
BARS_HEADER = (
    "| tool | F1, no identifier shared | new twins linked | in review | unlinked | worst group's recall |\n"
    "|---|---:|---:|---:|---:|---|"
)


@dataclass(frozen=True)
class Told:
    """The command line."""

    data: Path
    contactpoint: Path
    rounds: int
    venv: Path | None


@dataclass(frozen=True)
class Side:
    """One tool on one task."""

    tool: str
    links: list[Link]
    seconds: float


def compare(told: Told, python: Path, folder: Path, task: Task, plans: list[str]) -> list[Side]:
    """Lets the tools take turns, so that a slow minute of the machine hits all; seconds are the median."""
    ours: list[tools.Run] = []
    theirs: dict[str, list[tools.Run]] = {plan: [] for plan in plans}
    for _ in range(told.rounds):
        ours.append(tools.contactpoint(told.contactpoint, task, folder))
        for plan, runs in theirs.items():
            runs.append(tools.splink(python, told.data, task, plan, folder))
    sides = [_side("contactpoint", ours)]
    return sides + [_side(f"Splink, {plan}", runs) for plan, runs in theirs.items()]


def _side(tool: str, runs: list[tools.Run]) -> Side:
    return Side(tool, runs[-1].links, statistics.median(run.seconds for run in runs))


def print_task(task: Task, sides: list[Side]) -> None:
    """One line a tool at its best threshold, and one for ours at its own."""
    ours = scoring.of_pairs(scoring.matches(sides[0].links), task.truth)
    print(_line(task, sides[0], "its own `match`", ours))
    for side in sides:
        print(_line(task, side, "best for F1", scoring.best(side.links, task.truth)[1]))
        if side is not sides[0] and task.right:
            kept = Side(f"{side.tool}, best of each record", scoring.best_of_each_right(side.links), side.seconds)
            print(_line(task, kept, "best for F1", scoring.best(kept.links, task.truth)[1]))


def _line(task: Task, side: Side, threshold: str, measure: Measure) -> str:
    bar = scoring.recall_at_precision(side.links, task.truth)
    scores = f"{measure.f1:.4f} | {measure.precision:.4f} | {measure.recall:.4f} | {bar:.4f}"
    return f"| {task.name} | {side.tool} | {threshold} | {scores} | {side.seconds:.1f} |"


def print_bars(task: Task, sides: list[Side], feed: list[FeedRow]) -> None:
    """The bars of the development set: ours at its own outcomes, Splink at its best threshold for F1."""
    listed = {link.pair for link in sides[0].links}
    print(_bars(sides[0].tool, scoring.matches(sides[0].links), listed, task, feed))
    for side in sides[1:]:
        for tool, links in (
            (side.tool, side.links),
            (f"{side.tool}, best of each record", scoring.best_of_each_right(side.links)),
        ):
            taken = scoring.from_weight(links, scoring.best(links, task.truth)[0])
            # Splink has one threshold, so that nothing is left to a person.
            print(_bars(tool, taken, taken, task, feed))


def _bars(tool: str, taken: set[Pair], listed: set[Pair], task: Task, feed: list[FeedRow]) -> str:
    bare = scoring.of_pairs(bars.sharing_nothing(taken, feed), bars.sharing_nothing(task.truth, feed))
    twins = bars.new_twins(taken, listed, feed)
    group, worst = next(iter(bars.recall_by_group(taken, feed).items()))
    counts = f"{twins.linked} | {twins.review} | {twins.unlinked}"
    return f"| {tool} | {bare.f1:.4f} | {counts} | {worst.recall:.4f} ({group}) |"


def side_by_side(told: Told, folder: Path) -> None:
    """Runs every task and prints both tables."""
    planned = [
        (tasks.febrl(told.data, 3, with_id=True), ["febrl3-with-id"]),
        (tasks.febrl(told.data, 3, with_id=False), ["febrl3-without-id"]),
        (tasks.devset(told.data), ["devset", "devset-with-address"]),
    ]
    feed = tasks.feed_truth(told.data)
    python = tools.environment(told.venv or folder / "venv")
    print(HEADER)
    for task, plans in planned:
        sides = compare(told, python, folder, task, plans)
        print_task(task, sides)
    # The development set came last, so that its sides are still at hand.
    print(f"\n{BARS_HEADER}")
    print_bars(task, sides, feed)


def command_line() -> Told:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path, help="the folder that holds febrl and devset")
    parser.add_argument("--contactpoint", required=True, type=Path, help="the program, built with --release")
    parser.add_argument("--rounds", type=int, default=3, help="how often each tool runs; seconds are the median")
    parser.add_argument("--venv", type=Path, help="keep the environment with Splink here, or take the one that is")
    told = parser.parse_args()
    if told.rounds < 1:
        parser.error("--rounds must be 1 or more")
    return Told(told.data, told.contactpoint, told.rounds, told.venv)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        try:
            side_by_side(command_line(), Path(temporary))
        except (tasks.DataMissing, tools.ToolFailed) as error:
            sys.exit(str(error))
