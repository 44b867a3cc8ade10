"""Downloads of exactly the rows on screen; a file is made when it is asked for, not before."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st

from toolkit.exports.workbook import save_csv, save_workbook
from toolkit.schema import PAIRS
from toolkit.store import Snapshot

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def offer_csv(frame: pd.DataFrame, name: str, *, key: str = "csv") -> None:
    """Offer a table as CSV."""
    st.download_button(
        "CSV",
        lambda: _content(lambda path: save_csv(frame, path), ".csv"),
        f"{name}.csv",
        "text/csv",
        key=f"download-{key}",
        on_click="ignore",
        icon=":material/download:",
        help="UTF-8, ids as text, formulas made harmless.",
    )


def offer_pairs(snapshot: Snapshot, found: pd.DataFrame, note: str) -> None:
    """Offer rows of PAIRS as CSV and as an Excel workbook that says what they were chosen by."""
    name = f"pairs-{snapshot.taken:%Y-%m-%d}"
    st.download_button(
        "CSV",
        lambda: pairs_csv(found),
        f"{name}.csv",
        "text/csv",
        key="download-csv",
        on_click="ignore",
        icon=":material/download:",
        help="UTF-8, ids as text, formulas made harmless.",
    )
    st.download_button(
        "Excel",
        lambda: _content(
            lambda path: save_workbook(snapshot, path, pairs=_rows(found), note=note), ".xlsx"
        ),
        f"{name}.xlsx",
        _XLSX,
        key="download-xlsx",
        on_click="ignore",
        icon=":material/table:",
        help="Summary, mismatches, pairs and links of these accounts, with filters.",
    )


def pairs_csv(found: pd.DataFrame) -> bytes:
    """Return rows of PAIRS as a CSV file."""
    return _content(lambda path: save_csv(_rows(found), path), ".csv")


def _rows(found: pd.DataFrame) -> pd.DataFrame:
    return found[PAIRS.names].reset_index(drop=True)


def _content(save: Callable[[Path], object], suffix: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{suffix}"
        save(path)
        return path.read_bytes()
