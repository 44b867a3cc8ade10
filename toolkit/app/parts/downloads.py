"""Downloads of exactly the rows on screen; a file is made when it is asked for, not before."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st

from toolkit.app.data import View
from toolkit.app.filters import Filter
from toolkit.exports import format_of, save_report
from toolkit.exports.csv_file import save_csv

_OFFERED: Final = {
    ".csv": ("CSV", "download", "UTF-8, ids as text, formulas made harmless."),
    ".xlsx": (
        "Excel",
        "table",
        "Summary, mismatches, pairs and links of these accounts, with filters.",
    ),
    ".pptx": ("Slides", "slideshow", "What these accounts ask for, as slides; takes a moment."),
}
"""What a table can be taken away as: what the button says, its icon, and its help."""


def offer_csv(frame: pd.DataFrame, name: str, *, key: str = "csv") -> None:
    """Offer a table as CSV."""
    _offer(f"{name}.csv", lambda path: save_csv(frame, path), key)


def offer_pairs(view: View, found: pd.DataFrame, left: pd.DataFrame, chosen: Filter) -> None:
    """Offer rows of `View.listed` as CSV, and as a workbook and slides that say what chose them.

    Those have the rows of `View.left_listed` that were chosen with them, too.
    """
    name = view.name(view.note(found, left, chosen))
    for suffix in _OFFERED:
        _offer(
            f"{name}{suffix}",
            lambda path: save_report(view.selection(found, left, chosen), path),
            suffix[1:],
        )


def _offer(name: str, save: Callable[[Path], object], key: str) -> None:
    text, icon, about = _OFFERED[Path(name).suffix]
    st.download_button(
        text,
        lambda: _content(name, save),
        name,
        format_of(name).mime,
        key=f"download-{key}",
        on_click="ignore",
        icon=f":material/{icon}:",
        help=about,
    )


def _content(name: str, save: Callable[[Path], object]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        save(path)
        return path.read_bytes()
