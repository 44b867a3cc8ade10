"""From rows to tables: coerced, checked, completed, always by their declarations."""

from collections.abc import Iterable, Mapping
from functools import cache

import pandas as pd

from toolkit.errors import SchemaError
from toolkit.schema.declared import Column, Kind, Table
from toolkit.text import as_text, printable


def empty(table: Table) -> pd.DataFrame:
    """Return the table with no rows and every column in its dtype."""
    return _empty(table).copy()


@cache
def _empty(table: Table) -> pd.DataFrame:
    return pd.DataFrame({c.name: pd.Series([], dtype=c.dtype) for c in table.columns})


def coerce(
    table: Table,
    rows: "pd.DataFrame | Iterable[Mapping[str, object]]",
    *,
    what: str = "",
    own: bool = False,
) -> pd.DataFrame:
    """Return rows as the table: its columns in order, in their dtypes, its values checked.

    Columns the table does not have are left out, or with `own` stand behind its own, as `checked`
    has them; optional ones that are absent come back missing. `what` names the rows in errors
    ("accounts.csv"). Raises SchemaError where a required column or value is missing, an id is not
    12 digits, or a word is not in its vocabulary.
    """
    if isinstance(rows, Iterable) and not isinstance(rows, (str, pd.DataFrame)):
        listed = list(rows)
        try:
            rows = pd.DataFrame(listed)
        except UnicodeEncodeError:  # half a character somewhere: `as_text` knows what to do
            rows = pd.DataFrame(listed, dtype="object")
    if isinstance(rows, pd.DataFrame) and rows.empty and not len(rows.columns):
        return empty(table)
    what = what or f"the {table.name} table"
    frame = check(table, rows, what=what)
    if frame.empty and not own:
        return empty(table)
    found = {column.name: _coerced(column, frame, what) for column in table.columns}
    return _behind(frame, found, own=own).reset_index(drop=True)


def checked(table: Table, given: object, *, what: str = "") -> pd.DataFrame:
    """Return a frame as the table, with its index: what charts, counts and files begin with.

    Columns of the user's own stand behind those of the table, their values as they are, under names
    that are text and differ from each other. Raises SchemaError for whatever else was given.
    """
    what = what or f"the {table.name} table"
    frame = check(table, given, what=what)
    names, dtypes = list(frame.columns), list(frame.dtypes)
    wanted = [(column.name, column.dtype) for column in table.columns]
    right = list(zip(names, dtypes, strict=True))[: len(wanted)] == wanted
    if right and len(set(names)) == len(names) and all(isinstance(name, str) for name in names):
        return frame
    found = {}
    for column in table.columns:
        there = column.name in names and dtypes[names.index(column.name)] == column.dtype
        found[column.name] = frame[column.name] if there else _coerced(column, frame, what)
    return _behind(frame, found)


def _behind(frame: pd.DataFrame, found: dict[str, pd.Series], *, own: bool = True) -> pd.DataFrame:
    """Return columns of a table as a frame, behind them what else there is."""
    whole = dict(found)
    for place, name in enumerate(frame.columns if own else ()):
        if name not in found:
            whole[free_name(printable(str(name)), whole)] = frame.iloc[:, place]
    return pd.DataFrame(whole, index=frame.index)


def free_name(name: str, taken: Iterable[str]) -> str:
    """Return a column's name, with a number behind it where it is taken."""
    known, number, free = set(taken), 1, name
    while free in known:
        number += 1
        free = f"{name} ({number})"
    return free


def own_columns(table: Table, frame: pd.DataFrame) -> list[str]:
    """Return the names of the columns that the table does not have, in their order."""
    known = table.names
    return [name for name in frame.columns if name not in known]


def own_column(name: str, values: pd.Series) -> Column:
    """Return the declaration of a column of the user's own: a time, a number, or else text."""
    kind: Kind = "text"
    if pd.api.types.is_datetime64_any_dtype(values):
        kind = "time"
    elif pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        kind = "number"
    return Column(name, name, kind, "A column of your own", "your own table", optional=True)


def complete(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Return every column of the table in order; one that nobody has filled is missing.

    Columns that the table does not have stand behind them.
    """
    absent = {
        column.name: pd.Series(index=frame.index, dtype=column.dtype)
        for column in table.columns
        if column.name not in frame.columns
    }
    return frame.assign(**absent)[[*table.names, *own_columns(table, frame)]]


def check(table: Table, given: object, *, what: str = "") -> pd.DataFrame:
    """Return what was given; raise SchemaError unless it is a frame with the table's columns."""
    if not isinstance(given, pd.DataFrame):
        kind = type(given).__name__
        article = "An" if kind[0] in "AEIOUaeiou" else "A"
        raise SchemaError(
            f"{'Nothing' if given is None else f'{article} {kind}'} is not"
            f" {what or f'the {table.name} table'}, which is a DataFrame with one row per"
            f" {table.grain}.",
            f"Pass {table.giver}." if table.giver else f"Its columns are {', '.join(table.names)}.",
        )
    frame = given
    names = list(frame.columns)
    twice = [name for name in table.names if names.count(name) > 1]
    if twice:
        raise SchemaError(
            f"{_capitalized(what or f'the {table.name} table')} has two columns {twice[0]}.",
            "Rename or drop the one that is not meant.",
        )
    absent = [c.name for c in table.columns if not c.optional and c.name not in names]
    if absent:
        raise SchemaError(
            f"{_capitalized(what or f'the {table.name} table')} has no column {absent[0]}.",
            f"One row per {table.grain} needs: {', '.join(table.names)}.",
        )
    return frame


def _coerced(column: Column, frame: pd.DataFrame, what: str) -> pd.Series:
    if column.name not in frame.columns:
        return pd.Series(index=frame.index, dtype=column.dtype)
    values = frame[column.name]
    if not column.optional and values.isna().any():
        raise SchemaError(
            f"{_capitalized(what)} has no {column.name} in row {_first(values.isna())}.",
            "Every row needs one.",
        )
    if column.kind == "id":
        _check_ids(column, values, what)
    if values.dtype == column.dtype:
        return values
    if column.kind == "word":
        _check_words(column, values, what)
    if column.kind == "time":
        # Without the format, the first text decides for all whether a second has a fraction.
        iso = None if pd.api.types.is_numeric_dtype(values) else "ISO8601"
        times = pd.to_datetime(values, utc=True, format=iso, errors="coerce")
        _refuse(column, values, times.isna() & values.notna(), what, "a time")
        return times.astype(column.dtype)
    if column.kind == "flag":
        flags = (
            as_text(values).str.lower().map({"true": True, "false": False, "1": True, "0": False})
        )
        _refuse(column, values, flags.isna(), what, "true or false")
        return flags.astype("bool")
    if column.kind in ("count", "number"):
        numbers = pd.to_numeric(values, errors="coerce")
        _refuse(column, values, numbers.isna() & values.notna(), what, "a number")
        return numbers.astype(column.dtype)
    return as_text(values) if column.dtype == "str" else values.astype(column.dtype)


def _refuse(column: Column, values: pd.Series, wrong: pd.Series, what: str, wanted: str) -> None:
    if wrong.any():
        raise SchemaError(
            f"{_capitalized(what)} has {column.name} '{printable(str(values[wrong].iloc[0]))}'"
            f" in row {_first(wrong)}, which is not {wanted}.",
            f"{column.label}: {column.meaning}.",
        )


def _check_ids(column: Column, values: pd.Series, what: str) -> None:
    wrong = values.notna() & ~as_text(values).str.fullmatch("[0-9]{12}")
    if wrong.any():
        value = printable(str(values[wrong].iloc[0]))
        raise SchemaError(
            f"{_capitalized(what)} has {column.name} '{value}' in row {_first(wrong)},"
            " which is not 12 digits.",
            "Account ids are text: leading zeros belong to them.",
        )


def _check_words(column: Column, values: pd.Series, what: str) -> None:
    known = as_text(values).isin([str(word) for word in column.vocabulary])
    wrong = values.notna() & ~known
    if wrong.any():
        raise SchemaError(
            f"{_capitalized(what)} has {column.name} '{printable(str(values[wrong].iloc[0]))}'"
            f" in row {_first(wrong)}.",
            f"It is one of {', '.join(column.vocabulary)}.",
        )


def _first(mask: pd.Series) -> int:
    """Return the 1-based number of the first row that the mask marks."""
    return int(mask.to_numpy().argmax()) + 1


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:] if text.startswith("the ") else text
