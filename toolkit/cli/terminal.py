"""What the command line prints: tables for people, and rows for other programs."""

import json
import sys
from collections.abc import Hashable, Sequence
from typing import Any, Final, NoReturn

import pandas as pd
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from toolkit.exports.csv_file import save_csv
from toolkit.schema import Column, Table, label
from toolkit.text import printable

_PIPED_WIDTH: Final = 240
"""A pipe has no width: without one, rich would fold rows at 80 columns."""


class _Console(Console):
    def on_broken_pipe(self) -> NoReturn:
        """Leave it to the command line what it means that the reader has gone."""
        raise BrokenPipeError


def print_table(frame: pd.DataFrame, table: Table, columns: Sequence[str]) -> None:
    """Print these columns of a table, one row a line, and how many rows there are."""
    grid = Grid(box=None, pad_edge=False, header_style="bold")
    shown = [table[name] for name in columns]
    for column in shown:
        head = Text(printable(column.label))
        grid.add_column(head, justify="right" if column.kind == "count" else "left")
    for values in frame[list(columns)].itertuples(index=False):
        cells = (_cell(*cell) for cell in zip(values, shown, strict=True))
        grid.add_row(*(Text(cell) for cell in cells))
    console = _Console(width=None if sys.stdout.isatty() else _PIPED_WIDTH)
    console.print(grid)
    console.print(f"{len(frame):,} rows" if len(frame) != 1 else "1 row", highlight=False)


def print_as(form: str, frame: pd.DataFrame, table: Table, columns: Sequence[str]) -> None:
    """Print rows as --format names it: a table of these columns, or all of them as csv or json."""
    if form == "json":
        print(json.dumps(records(frame), indent=2, ensure_ascii=False))
    elif form == "csv":
        save_csv(frame, sys.stdout)
    else:
        print_table(frame, table, columns)


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


def _cell(value: Any, column: Column) -> str:
    """Return a cell as text that people read, and that a terminal shows but does not obey."""
    if pd.isna(value):
        return "–"
    if column.kind == "count":
        return f"{value:,}"
    if column.kind == "time":
        return f"{value:%Y-%m-%d %H:%M} UTC"
    return printable(label(value) if column.kind in ("state", "word") else value)
