"""Brings a feed into a directory in several orders: who is linked to whom, rightly or not, and what the order changes.

Unlike a linkage of two files, a directory decides on each row when it comes, by what it holds then.
"""

from __future__ import annotations

import argparse
import collections
import csv
import os
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import tasks

SEEDS = (1, 2, 3)

# The day that the development set was made as of; later, some of its children are adults and refused.
AS_AT = "2025-09-01T12:00:00Z"

SUPPLIERS = """\
id,name,kind,authority,service_types,telephone,email,outcodes,accredited_until,agreement_until,states_others
org:base,Invented base,national_supplier,,,01632 960000,office@base.example.org,,2999-12-31,2999-12-31,true
org:feed,Invented feed,national_supplier,,,01632 960001,office@feed.example.org,,2999-12-31,2999-12-31,true
"""


@dataclass(frozen=True)
class Came:
    """What came of one row: its outcome, and the reference in the base of the child that it was linked to."""

    outcome: str
    child: str


def run(program: Path, *told: str) -> None:
    """Runs the program; a rejected row is no failure."""
    done = subprocess.run([str(program), *told], capture_output=True, text=True, env={**os.environ, "CONTACTPOINT_CLOCK": AS_AT})
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)


def numbers(table: Path, references: list[str]) -> dict[str, tuple[str, str]]:
    """The outcome and child number of each reference."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {references[int(row["line"]) - 2]: (row["outcome"], row["child_number"]) for row in rows}


def brought_in(program: Path, data: Path, seed: int | None, folder: Path) -> dict[str, Came]:
    """What came of each row of the feed, its rows in the order of the seed."""
    directory = folder / f"directory-{seed}"
    suppliers = folder / "organisations.csv"
    suppliers.write_text(SUPPLIERS, encoding="utf-8")
    place = ("--data", str(directory))
    run(program, "import", "organisations", str(suppliers), *place)
    task = tasks.devset(data)
    columns = Path(__file__).parent / "columns"
    told: dict[str, dict[str, tuple[str, str]]] = {}
    for name, source in (("base", task.left), ("feed", task.right)):
        with source.open(encoding="utf-8", newline="") as file:
            header, *lines = csv.reader(file)
        if name == "feed" and seed is not None:
            random.Random(seed).shuffle(lines)
        file = folder / f"{name}-{seed}.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([header, *lines])
        outcomes = folder / f"{name}-{seed}-outcomes.csv"
        table = columns / ("devset.toml" if name == "base" else "devset_feed.toml")
        run(program, "import", "children", str(file), "--supplier", f"org:{name}", "--columns", str(table), "--outcomes", str(outcomes), *place)
        told[name] = numbers(outcomes, [line[0] for line in lines])
    base = {number: reference for reference, (_, number) in told["base"].items() if number}
    return {
        reference: Came(outcome, base.get(number, "new" if number else ""))
        for reference, (outcome, number) in told["feed"].items()
    }


def print_truth(truth: dict[str, tasks.FeedRow], came: dict[str, Came]) -> None:
    """How many were linked rightly, wrongly, opened anew though known, or wait."""
    counts: collections.Counter[str] = collections.Counter()
    for reference, one in came.items():
        true = truth[reference].child_id
        if one.outcome == "queued":
            counts["waits, of a known child" if true else "waits, of a new one"] += 1
        elif one.outcome != "recorded":
            counts[one.outcome] += 1
        elif one.child == "new":
            counts["a second record of a known child" if true else "a new child's own record"] += 1
        else:
            counts["linked rightly" if one.child == true else "linked wrongly"] += 1
    for what, count in sorted(counts.items()):
        print(f"  {what}: {count}")


def print_changes(seed: int, truth: dict[str, tasks.FeedRow], usual: dict[str, Came], other: dict[str, Came]) -> None:
    """How many rows came to another end, from what to what, and of which cases they are."""
    moved = [row for row in usual if row in other and usual[row] != other[row]]
    moves = collections.Counter((kind(usual[row]), kind(other[row])) for row in moved)
    print(f"seed {seed}: {sum(moves.values())} of {len(usual)} rows came to another end")
    for (was, now), count in sorted(moves.items()):
        print(f"  {was} -> {now}: {count}")
    cases = collections.Counter(truth[row].kind for row in moved)
    print("  cases: " + ", ".join(f"{case} {count}" for case, count in sorted(cases.items())))


def kind(one: Came) -> str:
    """One word for what came of a row."""
    if one.outcome != "recorded":
        return one.outcome
    return "a record of its own" if one.child == "new" else "linked to a child of the base"


def main() -> None:
    """Reads the command line, brings in and compares."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, type=Path, help="the folder that holds devset")
    parser.add_argument("--contactpoint", required=True, type=Path, help="the program, built with --release")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        usual = brought_in(told.contactpoint, told.data, None, Path(folder))
        print(f"in the order of the file, {len(usual)} rows:")
        truth = {row.feed_id: row for row in tasks.feed_truth(told.data)}
        print_truth(truth, usual)
        for seed in SEEDS:
            print_changes(seed, truth, usual, brought_in(told.contactpoint, told.data, seed, Path(folder)))


if __name__ == "__main__":
    main()
