"""Links invented children by descriptions with mistyped NHS numbers, and again with those numbers left out.

What the numbers are worth is the difference. The children are of `contactpoint generate`, and what is done to them
is drawn here, so that neither was seen when the model was made.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import scoring
import tasks
import tools
from scoring import Pair

SEEDS = (1, 2, 3)

CHILDREN = 20_000

AS_AT = "2026-01-01"

Row = dict[str, str]


@dataclass(frozen=True)
class Invented:
    """A directory, a feed about it, and who is whom."""

    base: list[Row]
    feed: list[Row]
    truth: frozenset[Pair]
    # The records whose number, or a sibling's that stands in its place, has one wrong digit.
    mistyped: frozenset[str]


class Errors:
    """Draws what happens to a description on its way; shares are ours."""

    def __init__(self, children: list[Row], seed: int) -> None:
        self.random = random.Random(seed)
        self.children = children
        self.homes: dict[tuple[str, str], list[Row]] = {}
        for child in children:
            self.homes.setdefault((child["address"], child["postcode"]), []).append(child)

    def of(self, share: float) -> bool:
        """Whether something of this share happens."""
        return self.random.random() < share

    def digit(self, number: str) -> str:
        """One digit is another."""
        at = self.random.randrange(len(number))
        return number[:at] + self.random.choice([digit for digit in "0123456789" if digit != number[at]]) + number[at + 1 :]

    def letter(self, name: str) -> str:
        """One letter is another or is gone."""
        at = self.random.randrange(1, max(len(name), 2))
        return name[:at] + self.random.choice(["", "a", "e", "i", "n", "r", "s"]) + name[at + 1 :]

    def day(self, text: str) -> str:
        """The first of January, a day near, or a year up to ten from it; several at times."""
        day = date.fromisoformat(text)
        if self.of(0.05):
            day = day.replace(month=1, day=1)
        if self.of(0.03):
            day += timedelta(days=self.random.randint(-20, 20))
        if self.of(0.02):
            day = day.replace(day=min(day.day, 28), year=day.year + self.random.choice((-10, -1, 1, 10)))
        return day.isoformat()

    def described(self, child: Row) -> tuple[Row, bool]:
        """One description, and whether the number on it is mistyped."""
        row = dict(child, known_as="", previous_surname="", middle_names="", upn="", previous_address="", previous_postcode="")
        row["dob"] = self.day(child["dob"])
        if self.of(0.15) and child["known_as"]:
            row["forename"] = child["known_as"]
        for field, share in (("forename", 0.05), ("surname", 0.05)):
            if self.of(share):
                row[field] = self.letter(row[field])
        if self.of(0.05):
            row["surname"] = self.random.choice(self.children)["surname"]
        if self.of(0.01):
            row["forename"], row["surname"] = row["surname"], row["forename"]
        if self.of(0.5):
            row.update(address="", town="", postcode="")
        kin = [other for other in self.homes[child["address"], child["postcode"]] if other is not child and other["nhs_number"]]
        if kin and self.of(0.04):
            row["nhs_number"] = self.random.choice(kin)["nhs_number"]
        mistyped = bool(row["nhs_number"]) and self.of(0.15)
        if mistyped:
            row["nhs_number"] = self.digit(row["nhs_number"])
        elif self.of(0.4):
            row["nhs_number"] = ""
        return row, mistyped


def invented(children: list[Row], seed: int) -> Invented:
    """Four of five children are in the directory, half of all in the feed; each side has errors of its own."""
    errors = Errors(children, seed)
    base, feed, truth, mistyped = [], [], set(), set()
    for number, child in enumerate(children):
        held = errors.of(0.8)
        if held:
            base.append(dict(child, dob=errors.day(child["dob"]), nhs_number="" if errors.of(0.3) else child["nhs_number"]))
        if errors.of(0.5):
            row, slipped = errors.described(child)
            row["local_ref"] = f"F{number}"
            feed.append(row)
            if held:
                truth.add((child["local_ref"], row["local_ref"]))
            if slipped:
                mistyped.add(row["local_ref"])
    return Invented(base, feed, frozenset(truth), frozenset(mistyped))


def write(path: Path, rows: list[Row]) -> Path:
    """Writes a file of people."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0].keys())
        table.writeheader()
        table.writerows(rows)
    return path


def print_links(program: Path, seed: int, folder: Path) -> None:
    """Links once with the mistyped numbers and once without."""
    tools.run([str(program), "generate", "--children", str(CHILDREN), "--seed", str(seed), "--as-at", AS_AT, "--out", str(folder)])
    made = invented(tasks.rows(folder / "children.csv"), seed)
    left = write(folder / "base.csv", made.base)
    about = {pair for pair in made.truth if pair[1] in made.mistyped}
    print(f"seed {seed}: {len(made.truth)} true pairs, {len(about)} of them with a mistyped number")
    bare = [dict(row, nhs_number="") if row["local_ref"] in made.mistyped else row for row in made.feed]
    for name, rows in (("left out", bare), ("as they are", made.feed)):
        right, out = write(folder / "feed.csv", rows), folder / "links.csv"
        tools.run([str(program), "link", str(left), str(right), "--out", str(out)])
        taken = scoring.matches(scoring.read_links(out, within=False))
        false = taken - made.truth
        of_mistyped = sum(pair[1] in made.mistyped for pair in false)
        print(
            f"  numbers {name}: {len(made.truth - taken)} missed, {len(about - taken)} of them with a mistyped number; "
            f"{len(false)} false, {of_mistyped} of them with one"
        )


def main() -> None:
    """Reads the command line, invents, links and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--contactpoint", required=True, type=Path, help="the program, built with --release")
    told = parser.parse_args()
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as folder:
            try:
                print_links(told.contactpoint.resolve(), seed, Path(folder))
            except (tasks.DataMissing, tools.ToolFailed) as error:
                sys.exit(str(error))


if __name__ == "__main__":
    main()
