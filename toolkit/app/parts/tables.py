"""Tables as every page shows them: severities as coloured pills with words, ids as text."""

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st
from pandas.util import hash_pandas_object

from toolkit.app import look
from toolkit.schema import Severity, Table, label
from toolkit.theme import palette, severity_name

ROW: Final = 36
"""The height of a row in pixels."""

DAY: Final = "D MMMM YYYY"
"""How a day is written in a cell: as `titles.day` writes it."""

_ROWS: Final = 10
_BORDER: Final = 2
_RANKED: Final = {str(word): f"{rank} {label(word)}" for rank, word in enumerate(Severity, 1)}
"""What stands in a column of severities: a table sorts it as text, and so by rank."""
_SHOWN: Final = {_RANKED[word]: severity_name(word) for word in Severity}
"""What is shown for it."""


def height_of(rows: pd.DataFrame, most: int = _ROWS) -> int:
    """Return the height of a table in pixels: all rows up to so many, then it scrolls."""
    return ROW * (min(len(rows), most) + 1) + _BORDER


def pick(
    rows: pd.DataFrame,
    settings: dict[str, Any],
    *,
    key: str,
    alt: str,
    most: int = _ROWS,
    order: Sequence[str] | None = None,
    at: int | None = None,
    on_pick: Callable[[int], None] | None = None,
    anywhere: bool = True,
) -> int | None:
    """Show rows of which one can be picked; return its place, None until one is.

    A click anywhere in a row picks it, and so do the arrow keys. Where a pick leaves the page,
    nobody could walk through the rows like that: there a row's mark picks it, and not `anywhere`.
    `at` is the place of the row that is picked in any case, as an address names one; `on_pick` is
    told the place of each that somebody picks. Let the key change with the rows: under the same key
    a pick outlives the rows it was made in.
    """
    required = at is not None
    if required and _rows_of(st.session_state.get(key)) not in ([], [at]):
        st.session_state[key] = _selection([at])
    modes: list[Any] = ["single-row-required" if required else "single-row"]
    event: Any = st.dataframe(
        rows,
        height=height_of(rows, most),
        row_height=ROW,
        hide_index=True,
        placeholder="–",
        column_order=order,
        column_config=settings,
        on_select=partial(_picked, key, on_pick) if anywhere else "rerun",
        selection_mode=[*modes, "single-cell"] if anywhere else modes,
        # Without it the browser picks the first row by itself, and the page runs a second time.
        selection_default=_selection([at]) if required else None,
        key=key,
        alt=alt,
    )
    places = event["selection"]["rows"]
    return int(places[0]) if places and places[0] < len(rows) else at


def _picked(key: str, on_pick: Callable[[int], None] | None) -> None:
    """Pick the row of the cell that was clicked or walked to, or the one whose mark was."""
    selection = st.session_state[key]["selection"]
    places, cells = list(selection["rows"]), [tuple(cell) for cell in selection["cells"]]
    known = f"cells of {key}"
    if cells and cells != st.session_state.get(known, []):
        places = [cells[0][0]]
    else:
        cells = []
    st.session_state[known] = cells
    st.session_state[key] = _selection(places, cells)
    if places and on_pick:
        on_pick(int(places[0]))


def _selection(places: Sequence[int | None], cells: Sequence[Any] = ()) -> Any:
    return {"selection": {"rows": list(places), "columns": [], "cells": list(cells)}}


def _rows_of(state: Any) -> list[int]:
    return list(state["selection"]["rows"]) if state else []


def pills(words: pd.Series) -> pd.Series:
    """Return vocabulary words as lists of one, which a table shows as pills; missing is none."""
    return _lists(words.astype("str").map(label, na_action="ignore"))


def severity_pills(severities: pd.Series) -> pd.Series:
    """Return severities as `pills` does, to stand in a `severity_column`; they sort by rank."""
    return _lists(severities.astype("str").map(_RANKED))


def _lists(words: pd.Series) -> pd.Series:
    codes, names = pd.factorize(words)
    # One list a word, shared by its rows: a hundred thousand of them would be slow to make.
    lists = np.empty(len(names) + 1, dtype=object)
    for place, name in enumerate(names):
        lists[place] = [name]
    return pd.Series(lists[codes], index=words.index)


def worded(words: pd.Series) -> pd.Series:
    """Return vocabulary words as people write them, as one category each."""
    categories = words.astype("category")
    return categories.cat.rename_categories({w: label(w) for w in categories.cat.categories})


def severity_column(title: str = "Severity") -> Any:
    """Return the settings of a column of severity pills."""
    # The tints are made to be read upon; the full colours are not.
    colours = palette(dark=look.is_dark()).tints
    return st.column_config.MultiselectColumn(
        title,
        options=list(_SHOWN),
        format_func=_SHOWN.__getitem__,
        color=[colours[word] for word in Severity],
        width=110,
    )


def text_column(table: Table, name: str, width: int) -> Any:
    """Return the settings of a column of text, labelled as the schema does, so many pixels wide."""
    column = table[name]
    return st.column_config.TextColumn(column.label, width=width, help=column.meaning)


def columns(table: Table, *names: str, **own: Any) -> dict[str, Any]:
    """Return the settings of the named columns, labelled as the schema does, `own` ones instead."""
    made: dict[str, Any] = {}
    for name in names:
        column = table[name]
        if column.kind == "time":
            made[name] = st.column_config.DatetimeColumn(
                f"{column.label} (UTC)", format=DAY, timezone="UTC", help=column.meaning
            )
        else:
            made[name] = st.column_config.TextColumn(column.label, help=column.meaning)
    return made | own


def signature(*what: object) -> str:
    """Return a short text for what a table shows, to be part of its key.

    Rows are picked by place: in other rows the same place is another account.
    """
    digest = hashlib.sha256()
    for part in what:
        if isinstance(part, pd.Series):
            digest.update(hash_pandas_object(part).to_numpy().tobytes())
        else:
            digest.update(repr(part).encode())
    return digest.hexdigest()[:16]
