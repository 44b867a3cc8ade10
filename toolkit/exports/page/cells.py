"""The cells and tables of the page: how a value is written, sorted by, and kept whole."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd
from markupsafe import Markup, escape

from toolkit import schema, theme, titles
from toolkit.schema import Severity, Start, label
from toolkit.text import printable

_WORDS: Final = ("change", "finding", "state_by_pair", "state_by_witness", "contact_type")
"""The columns, beside those of states, whose values are words of a vocabulary."""

_LONG: Final = ("meaning", "action")
_SHORT: Final = 30
"""Up to how many characters a name is never broken, not even at its dashes."""
_RANKS: Final = {str(severity): rank for rank, severity in enumerate(Severity)}
_LABELS: Final = {
    column.name: column.label for table in schema.TABLES for column in table.columns
} | {column.name: column.label for column in schema.PAIRS.columns}


@dataclass(frozen=True)
class Cell:
    """One cell: its text, what kind of text that is, and a smaller line below it.

    `rank` is what it is sorted by where that is not its text, `severity` whose colour it has.
    """

    text: str | Markup = ""
    kind: str = ""
    note: str = ""
    severity: str = ""
    rank: str = ""


@dataclass(frozen=True)
class Row:
    """One row of a table; what somebody has accepted is greyed."""

    cells: Sequence[Cell]
    is_accepted: bool = False


@dataclass(frozen=True)
class Table:
    """Some rows under their heads; `hidden` says how many more there are."""

    heads: Sequence[str]
    rows: Sequence[Row]
    hidden: int = 0

    @property
    def kinds(self) -> list[str]:
        """The kind of each column, by its first cell."""
        return [cell.kind for cell in self.rows[0].cells] if self.rows else []


def made(heads: Sequence[str], rows: Sequence[Sequence[Cell] | Row], total: int) -> Table:
    """Return a table of so many rows in all, of which these are shown."""
    whole = [row if isinstance(row, Row) else Row(row) for row in rows]
    return Table(heads, whole, total - len(whole))


def heads(names: Sequence[str], **own: str) -> list[str]:
    """Return what columns of the schema are called, `own` where they are called otherwise here."""
    return [own.get(name) or _LABELS.get(name) or label(name) for name in names]


def cell(name: str, value: object) -> Cell:
    """Return the value of a column as text; a missing one is empty."""
    text = printable(value) if isinstance(value, str) else ""
    if name in _WORDS or name.removesuffix("_before").removesuffix("_after").endswith("_state"):
        return Cell(label(text), "state")
    if name == "ou_path":
        # A path may be broken between its units, and nowhere else.
        return Cell(escape(text).replace("/", Markup("/<wbr>")), "name")
    if name in _LONG:
        return Cell(text, "long")
    return Cell(text, "id" if name.endswith("_id") else "name" if len(text) > _SHORT else "word")


def severity(word: object) -> Cell:
    """Return a severity with its symbol, which sorts by how bad it is; empty for none."""
    if not isinstance(word, str):
        return Cell(kind="word")
    return Cell(theme.severity_name(word), "word", severity=word, rank=str(_RANKS[word]))


def count(value: int) -> Cell:
    """Return a number, to the right."""
    return Cell(titles.number(value), "number", rank=str(value))


def date(time: pd.Timestamp, *, at_least: bool = False, text: str = "") -> Cell:
    """Return a day as short as a column needs it: "≤ 3 Sep 2026" where it may be longer ago."""
    if pd.isna(time):
        return Cell(kind="word")
    said = text or f"{'≤ ' if at_least else ''}{time.day} {time:%b %Y}"
    return Cell(said, "word", rank=f"{time:%Y-%m-%dT%H:%M}")


def since(row: Mapping[Any, Any]) -> Cell:
    """Return since when a row of PAIRS is as it is."""
    return date(row["since"], at_least=row["since_is"] == Start.AT_LEAST)


def noted(one: Cell, note: str) -> Cell:
    """Return a cell with a smaller line below it."""
    return replace(one, note=note)


def counts_in_words(frame: pd.DataFrame) -> Table:
    """Return the table behind a chart, whole: heads and words as people read them."""
    writers = [_writer(str(name), frame[name]) for name in frame.columns]
    rows = [
        [write(value) for write, value in zip(writers, row, strict=True)]
        for row in frame.itertuples(index=False, name=None)
    ]
    return made(heads([str(name) for name in frame.columns]), rows, len(rows))


def _writer(name: str, values: pd.Series) -> Callable[[Any], Cell]:
    if name == "severity":
        return severity
    if isinstance(values.dtype, pd.CategoricalDtype):
        return lambda word: Cell("" if pd.isna(word) else label(str(word)), "word")
    if pd.api.types.is_datetime64_any_dtype(values):
        return date
    if pd.api.types.is_integer_dtype(values):
        return lambda value: Cell(kind="number") if pd.isna(value) else count(int(value))
    if pd.api.types.is_float_dtype(values):
        write = titles.share if name.endswith(("share", "rate")) else "{:,.2f}".format
        return lambda value: Cell("" if pd.isna(value) else write(value), "number", rank=f"{value}")
    return lambda value: cell(name, value)
