"""What the command line prints: tables for people, and rows for other programs."""

import json
import sys
from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd

from toolkit.cli.tables import print_meanings, print_table
from toolkit.exports.csv_file import save_csv
from toolkit.schema import Table
from toolkit.text import printable


def print_as(
    form: str,
    frame: pd.DataFrame,
    table: Table,
    columns: Sequence[str],
    spare: Sequence[str] = (),
) -> None:
    """Print rows as --format names it: all of them as csv or json, or a table of these columns.

    A narrow terminal has no room for what is `spare`. Below a table stands what its rows mean.
    """
    if form == "json":
        print(json.dumps(records(frame), indent=2, ensure_ascii=False))
    elif form == "csv":
        save_csv(frame, sys.stdout)
    else:
        print_table(frame, table, columns, spare)
        if "meaning" in frame:
            print_meanings(frame)


def records(frame: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Return rows as JSON can hold them: times in ISO 8601, what is missing as null.

    What JSON has no word for, in a column of the user's own, is a text.
    """
    plain = frame.copy()
    for name in plain.select_dtypes(["datetime", "datetimetz"]):
        plain[name] = plain[name].map(lambda time: time.isoformat(), na_action="ignore")
    for name in plain.columns[plain.dtypes == "object"]:
        plain[name] = plain[name].map(_in_json, na_action="ignore")
    plain = plain.astype("object").where(plain.notna(), None)
    return plain.replace([float("inf"), float("-inf")], None).to_dict("records")


def _in_json(value: object) -> object:
    try:
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, ValueError):
        return printable(str(value))
    return value
