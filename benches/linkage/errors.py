"""Prints the errors that `contactpoint link` makes on the development set, by kind, as Markdown tables.

No identifier and no address is printed, although all of these people are invented: that the two sides say the same
or not is what an error is understood by.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import scoring
import tasks
import tools
from scoring import Link, Pair
from tasks import FeedRow

Row = dict[str, str]

# So many examples of a kind: more are read by nobody.
EXAMPLES = 10

FORENAME_CHANGED = {"fvar", "fphon", "ftypo", "nick", "knownas"}
SURNAME_CHANGED = {"schange", "sbegum", "svar", "sphon", "stypo", "sprev"}

# Why a record was missed, by the tags of the truth, one of each set; the first that applies is the cause, so that
# each error counts once.
CAUSES: list[tuple[str, list[set[str]]]] = [
    ("identifier of a sibling", [{"nhssib"}]),
    ("called by a name the directory does not hold", [{"midfirst", "dropmoh"}]),
    ("moved and a name changed", [{"moved"}, FORENAME_CHANGED | SURNAME_CHANGED]),
    ("day of birth wrong or missing", [{"dob", "dobmiss"}]),
    ("another form of the forename", [FORENAME_CHANGED]),
    ("another surname", [SURNAME_CHANGED]),
]


@dataclass(frozen=True)
class Files:
    """The rows of both files, by their references."""

    directory: dict[str, Row]
    feed: dict[str, Row]
    truth: dict[str, FeedRow]


def read(data: Path) -> Files:
    """Reads the development set."""
    folder = data / "devset"
    return Files(
        directory={row["child_id"]: row for row in tasks.rows(folder / "base.csv")},
        feed={row["feed_id"]: row for row in tasks.rows(folder / "feed.csv")},
        truth={row.feed_id: row for row in tasks.feed_truth(data)},
    )


def cause(row: FeedRow) -> str:
    """Why a record was missed, as far as what was done to it tells."""
    applies = (name for name, sets in CAUSES if all(tags & set(row.tags) for tags in sets))
    return next(applies, "anything else")


def example(pair: Pair, files: Files, probability: str) -> str:
    """One line of a table."""
    left, right = files.directory[pair[0]], files.feed[pair[1]]
    said = [_person(left), _person(right), _place(left, right), _identifiers(left, right), probability]
    return f"| {pair[1]} | {' | '.join(said)} |"


def _person(row: Row) -> str:
    names = " ".join(filter(None, (row["forename"], row["middle_names"], row["surname"])))
    before = row.get("previous_surname", "")
    return ", ".join(filter(None, (names, before and f"before {before}", row["dob"] or "no day", row["gender"])))


def _place(left: Row, right: Row) -> str:
    def packed(text: str) -> str:
        return "".join(text.split()).upper()

    told = packed(right["postcode"])
    if not told:
        return "no postcode"
    if told == packed(left["previous_postcode"]):
        return "of before"
    if told != packed(left["postcode"]):
        return "another"
    return "same house" if packed(left["address"]) == packed(right["address"]) else "same postcode"


def _identifiers(left: Row, right: Row) -> str:
    said = []
    for column, name in (("nhs_number", "NHS"), ("upn", "UPN")):
        if left[column] and right[column]:
            said.append(f"{name} {'same' if left[column] == right[column] else 'other'}")
    return ", ".join(said) or "none on both"


def print_table(title: str, pairs: Iterable[Pair], files: Files, probabilities: dict[Pair, float]) -> None:
    """One kind of error with its first examples, surest first."""
    surest = sorted(pairs, key=lambda pair: (-probabilities.get(pair, 0.0), pair[1]))
    print(f"\n### {title}: {len(surest)}\n")
    print("| record | directory | feed | place | identifiers | probability |\n|---|---|---|---|---|---:|")
    for pair in surest[:EXAMPLES]:
        known = probabilities.get(pair)
        print(example(pair, files, "under 0.01" if known is None else f"{known:.4f}"))


def print_errors(links: list[Link], truth: frozenset[Pair], files: Files) -> None:
    """False matches by what they were made to be, missed ones by cause, and what a person is asked for nothing."""
    taken = scoring.matches(links)
    probabilities = {link.pair: link.weight for link in links}
    by_kind: dict[str, list[Pair]] = {}
    for pair in taken - truth:
        by_kind.setdefault(f"False matches, {files.truth[pair[1]].kind}", []).append(pair)
    for pair in truth - taken:
        by_kind.setdefault(f"Missed, {cause(files.truth[pair[1]])}", []).append(pair)
    for pair in probabilities.keys() - taken - truth:
        by_kind.setdefault(f"Possible and false, {files.truth[pair[1]].kind}", []).append(pair)
    for title, pairs in sorted(by_kind.items(), key=lambda item: (item[0].split(",")[0], -len(item[1]), item[0])):
        print_table(title, pairs, files, probabilities)


def main() -> None:
    """Reads the command line, links and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, type=Path, help="the folder that holds febrl and devset")
    parser.add_argument("--contactpoint", required=True, type=Path, help="the program, built with --release")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            task = tasks.devset(told.data)
            links = tools.contactpoint(told.contactpoint, task, Path(folder)).links
            print_errors(links, task.truth, read(told.data))
        except (tasks.DataMissing, tools.ToolFailed) as error:
            sys.exit(str(error))


if __name__ == "__main__":
    main()
