"""The tasks: which files are linked, by which table of columns, and what is true."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from scoring import Pair, ordered

COLUMNS = Path(__file__).parent / "columns"

# A twin of a child in the directory who is not in it yet.
NEW_TWIN = "new_twin"


class DataMissing(Exception):
    """A file of the data is not where it was said to be."""


@dataclass(frozen=True)
class Task:
    """One linking: two files, or one within itself."""

    name: str
    left: Path
    right: Path | None
    columns: Path
    truth: frozenset[Pair]


@dataclass(frozen=True)
class FeedRow:
    """What is true of one record of the development set's feed."""

    feed_id: str
    # Empty for a child who is not in the directory.
    child_id: str
    # Which case it was made for: single, sibling, twin, or one of the new.
    kind: str
    # A valid identifier is the same on both sides.
    shares_id: bool
    # The naming group.
    group: str
    # What was done to the record.
    tags: tuple[str, ...]


def febrl(data: Path, number: int, with_id: bool) -> Task:
    """One of FEBRL's files within itself, with or without its identifier."""
    folder = data / "febrl"
    said = "with" if with_id else "without"
    truth = {ordered((row["id_l"], row["id_r"])) for row in rows(folder / f"febrl{number}_links.csv")}
    return Task(
        name=f"febrl{number}-{said}-id",
        left=there(folder / f"febrl{number}.csv"),
        right=None,
        columns=COLUMNS / f"febrl_{said}_id.toml",
        truth=frozenset(truth),
    )


def devset(data: Path) -> Task:
    """The development set: a feed against a directory of invented children."""
    folder = data / "devset"
    truth = {(row.child_id, row.feed_id) for row in feed_truth(data) if row.child_id}
    return Task(
        name="devset",
        left=there(folder / "base.csv"),
        right=there(folder / "feed.csv"),
        columns=COLUMNS / "devset.toml",
        truth=frozenset(truth),
    )


def feed_truth(data: Path) -> list[FeedRow]:
    """What is true of each record of the feed."""
    return [
        FeedRow(
            feed_id=row["feed_id"],
            child_id=row["true_child_id"],
            kind=row["kind"],
            shares_id=row["shares_id"] == "1",
            group=row["group"],
            tags=tuple(row["tags"].split()),
        )
        for row in rows(data / "devset" / "feed_truth.csv")
    ]


def rows(path: Path) -> list[dict[str, str]]:
    """Every row of a file, by the names of its columns."""
    with there(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def there(path: Path) -> Path:
    """The path, if it leads to a file."""
    if not path.is_file():
        raise DataMissing(
            f"{path} is not there: --data must name the folder that holds febrl and devset; "
            "benches/linkage/README.md says what is in each"
        )
    return path
