"""Links one of the tasks by Splink and writes the pairs, best first.

Configured as a careful user would who follows Splink's own FEBRL notebooks: its ready-made comparisons, several
blocking rules, and a model learnt from the records alone. Where there was a choice it was made by the truth, in
Splink's favour. Started by `side_by_side.py` in an environment that has Splink.
"""

from __future__ import annotations

import argparse
import csv
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

# Random pairs to learn from what chance makes of each level, and the seed with which they are drawn, so that a
# figure can be had again.
RANDOM_PAIRS = 1_000_000
SEED = 2

# Pairs below this match weight (odds of one in a thousand million) decide no figure and only fill the disk.
WEIGHT_MIN = -30.0

# What the reference of a row is called in every table.
REFERENCE = "reference"

Tables = list[pandas.DataFrame]


@dataclass(frozen=True)
class Plan:
    """What Splink is told of one task."""

    comparisons: list[Any]
    blocking: list[Any]
    deterministic: list[Any]
    # The share of the true pairs that the deterministic rules are believed to find.
    recall: float
    sessions: list[Any]


def febrl(with_id: bool) -> Plan:
    """The comparisons of the FEBRL 4 notebook and the address beside them; the blocks of both notebooks and the suburb.

    Narrower sets were tried: without the identifier they hold fewer of the true pairs, and with it no more.
    """
    swapped = "l.given_name = r.surname and l.surname = r.given_name"
    alone = ["given_name", "surname", "date_of_birth", "postcode", "suburb"]
    identifier = [cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2])] if with_id else []
    by_identifier = [block_on("soc_sec_id")] if with_id else []
    return Plan(
        comparisons=[
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True),
            *identifier,
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
            *[cl.JaroWinklerAtThresholds(column) for column in ("address_1", "suburb", "address_2")],
        ],
        blocking=[
            *by_identifier,
            *[block_on(column) for column in alone],
            swapped,
            block_on("state", "address_1"),
            block_on("street_number", "address_1"),
        ],
        deterministic=[
            *by_identifier,
            block_on("given_name", "surname", "date_of_birth"),
            f"{swapped} and l.date_of_birth = r.date_of_birth",
        ],
        recall=0.9 if with_id else 0.6,
        # The last one teaches what the two before it hold equal.
        sessions=[block_on("date_of_birth"), block_on("postcode"), block_on("given_name", "surname")],
    )


def devset(with_address: bool) -> Plan:
    """Ready-made comparisons for what the feed and the directory both tell.

    The address says again what the postcode said, so that brothers are taken for one child: Splink does better
    without it, and both are measured.
    """
    address = [cl.JaroWinklerAtThresholds("address")] if with_address else []
    return Plan(
        comparisons=[
            cl.NameComparison("forename").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("middle_names"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.ExactMatch("gender"),
            cl.PostcodeComparison("postcode"),
            *address,
            cl.ExactMatch("nhs_number"),
            cl.ExactMatch("upn"),
        ],
        blocking=[
            block_on("nhs_number"),
            block_on("upn"),
            block_on("forename", "surname"),
            "l.forename = r.surname and l.surname = r.forename",
            block_on("forename", "dob"),
            block_on("surname", "dob"),
            block_on("dob", "postcode"),
            block_on("forename", "postcode"),
            block_on("surname", "postcode"),
            block_on("address", "postcode"),
        ],
        deterministic=[block_on("nhs_number"), block_on("upn"), block_on("forename", "surname", "dob")],
        recall=0.9,
        # A session by postcode would learn what households are like, not children.
        sessions=[block_on("nhs_number"), block_on("upn"), block_on("dob")],
    )


def febrl_tables(data: Path) -> Tables:
    """FEBRL 3, its days of birth written as ISO has them.

    With `datetime_format` 4.0.17 reads them to see that they are dates, and by ISO to see how far they are apart.
    """
    table = read(data / "febrl" / "febrl3.csv").rename(columns={"rec_id": REFERENCE})
    days = table["date_of_birth"].str.replace(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", regex=True)
    return [table.assign(date_of_birth=days)]


def devset_tables(data: Path) -> Tables:
    """The directory and the feed, with the columns of both."""
    folder = data / "devset"
    return [cleaned(read(folder / "base.csv"), "child_id"), cleaned(read(folder / "feed.csv"), "feed_id")]


def read(path: Path) -> pandas.DataFrame:
    """Reads every column as text; a blank is no statement."""
    table = pandas.read_csv(path, dtype=str, keep_default_na=False)
    return table.apply(lambda column: column.str.strip()).replace("", None)


def cleaned(table: pandas.DataFrame, reference: str) -> pandas.DataFrame:
    """Writes names, addresses and postcodes in one way, as Splink's guide asks of its user."""
    written = {REFERENCE: table[reference]}
    for column in ("forename", "middle_names", "surname"):
        # NFKD parts a letter from its mark, but has none to part from this one.
        plain = table[column].str.normalize("NFKD").str.replace("[łŁ]", "l", regex=True)
        written[column] = plain.str.lower().str.replace("[^a-z]", "", regex=True)
    written["address"] = table["address"].str.lower().str.replace("[^a-z0-9]+", " ", regex=True)
    packed = table["postcode"].str.upper().str.replace(" ", "")
    # Splink knows the sector by the space before the last three characters.
    written["postcode"] = packed.str.replace(r"^(.+)(...)$", r"\1 \2", regex=True)
    same = {column: table[column] for column in ("dob", "gender", "nhs_number", "upn")}
    return pandas.DataFrame(written | same).replace("", None)


PLANS: dict[str, tuple[Callable[[Path], Tables], Callable[[], Plan]]] = {
    "febrl3-with-id": (febrl_tables, lambda: febrl(with_id=True)),
    "febrl3-without-id": (febrl_tables, lambda: febrl(with_id=False)),
    "devset": (devset_tables, lambda: devset(with_address=False)),
    "devset-with-address": (devset_tables, lambda: devset(with_address=True)),
}


def predict(tables: Tables, plan: Plan) -> pandas.DataFrame:
    """Learns from the tables and weighs every pair that a block holds."""
    settings = SettingsCreator(
        link_type="dedupe_only" if len(tables) == 1 else "link_only",
        unique_id_column_name=REFERENCE,
        comparisons=plan.comparisons,
        blocking_rules_to_generate_predictions=plan.blocking,
    )
    # Splink puts the table whose name sorts first on the left of a pair.
    aliases = ["a_left", "b_right"][: len(tables)]
    linker = Linker(tables, settings, db_api=DuckDBAPI(), input_table_aliases=aliases)
    training = linker.training
    training.estimate_probability_two_random_records_match(plan.deterministic, recall=plan.recall)
    training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=SEED)
    for rule in plan.sessions:
        training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True
        )
    pairs = linker.inference.predict(threshold_match_weight=WEIGHT_MIN).as_pandas_dataframe()
    return pairs.sort_values("match_weight", ascending=False)


def write(pairs: pandas.DataFrame, out: Path) -> None:
    """Writes `left_id,right_id,weight`: weights, since probabilities near 1 are rounded to 1."""
    columns = [f"{REFERENCE}_l", f"{REFERENCE}_r", "match_weight"]
    with out.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(["left_id", "right_id", "weight"])
        lines.writerows(pairs[columns].itertuples(index=False))


def main() -> None:
    """Reads the command line and links."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plan", required=True, choices=PLANS, help="which task, set up in which way")
    parser.add_argument("--data", required=True, type=Path, help="the folder that holds febrl and devset")
    parser.add_argument("--out", required=True, type=Path, help="where to write the pairs")
    told = parser.parse_args()
    logging.getLogger("splink").setLevel(logging.ERROR)
    tables_of, plan_of = PLANS[told.plan]
    write(predict(tables_of(told.data), plan_of()), told.out)


if __name__ == "__main__":
    main()
