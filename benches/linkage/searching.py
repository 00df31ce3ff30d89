"""How often `contactpoint search` finds the child meant, by the kind of query, and which queries miss.

    python3 benches/linkage/searching.py --data DIR --contactpoint PATH [--as-at DAY]

Needs `devset/queries.csv` and `devset/queries_truth.csv` in the data folder: queries of a practitioner, each with the
child it means. Ages are told as of a day, which `--as-at` names.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from tasks import COLUMNS, DataMissing, rows, there
from tools import LAST_LINES, ToolFailed

# The first page, and the whole answer.
PAGE = 10
MOST = 50


def main() -> int:
    parser = argparse.ArgumentParser(description="How often the child meant is found, by the kind of query.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--contactpoint", type=Path, required=True)
    parser.add_argument("--as-at", default="2025-09-01", help="the day as of which ages are told")
    arguments = parser.parse_args()
    try:
        tell(arguments)
    except (DataMissing, ToolFailed) as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


def tell(arguments: argparse.Namespace) -> None:
    """Searches for every query and prints who was found."""
    folder = arguments.data / "devset"
    queries = {row["query_id"]: row for row in rows(folder / "queries.csv")}
    meant = {row["query_id"]: row["true_child_id"] for row in rows(folder / "queries_truth.csv")}
    with tempfile.TemporaryDirectory() as made:
        found, measured = search(arguments, folder, Path(made) / "found.csv")
    ranks = {query: found.get((query, child)) for query, child in meant.items()}
    kinds = defaultdict(list)
    for query, rank in ranks.items():
        kinds[queries[query]["kind"]].append(rank)
    print(f"{'kind':24} {'queries':>7} {'first':>7} {'of 10':>7} {'of 50':>7}")
    for kind in sorted(kinds):
        print(line(kind, kinds[kind]))
    print(line("all", list(ranks.values())))
    print(f"median {measured['p50_ms']:.2f} ms, 99 of 100 within {measured['p99_ms']:.2f} ms")
    missed = [query for query, rank in ranks.items() if rank is None or rank > PAGE]
    for query in missed:
        told = {name: value for name, value in queries[query].items() if value and name != "query_id"}
        print(f"not among the first ten: {told}")


def search(arguments: argparse.Namespace, folder: Path, out: Path) -> tuple[dict[tuple[str, str], int], dict]:
    """Runs the search; answers each rank by query and child, and what was measured."""
    command = [
        str(arguments.contactpoint),
        "search",
        str(there(folder / "base.csv")),
        "--queries",
        str(there(folder / "queries.csv")),
        "--columns",
        str(COLUMNS / "devset_search.toml"),
        "--as-at",
        arguments.as_at,
        "--out",
        str(out),
        "--json",
    ]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise ToolFailed(f"{command[0]} cannot be started ({error.strerror}): build it first") from error
    if ended.returncode != 0:
        said = "\n".join((ended.stdout + ended.stderr).splitlines()[-LAST_LINES:])
        raise ToolFailed(f"contactpoint search ended with {ended.returncode}; its last words:\n{said}")
    with out.open(newline="", encoding="utf-8") as results:
        ranks = {(row["query_id"], row["local_ref"]): int(row["rank"]) for row in csv.DictReader(results)}
    return ranks, json.loads(ended.stdout)


def line(name: str, ranks: list[int | None]) -> str:
    """How many of some queries found the child meant among the first 1, 10 and 50."""
    shares = [sum(rank is not None and rank <= most for rank in ranks) / len(ranks) for most in (1, PAGE, MOST)]
    return f"{name:24} {len(ranks):7} " + " ".join(f"{share:7.4f}" for share in shares)


if __name__ == "__main__":
    sys.exit(main())
