"""A notebook that was executed: what it shows, read as a person would."""

import io
from itertools import groupby
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
FIGURE = "application/vnd.plotly.v1+json"
PAGE = "text/html"
WEEKS_AGO = (9, 1, 0)
"""The days of the demo that is executed on, the newest being yesterday."""


def read(name: str) -> nbformat.NotebookNode:
    """Read a notebook by the number that its name begins with."""
    (path,) = FOLDER.glob(f"{name}_*.ipynb")
    return nbformat.read(path, as_version=4)


def joined(*notebooks: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return one notebook of the cells of all, each of which knows its place among them."""
    cells = [
        cell | {"id": f"{place}-{number}"}
        for place, notebook in enumerate(notebooks)
        for number, cell in enumerate(notebook.cells)
    ]
    return nbformat.from_dict({**notebooks[0], "cells": cells})


def parted(notebook: nbformat.NotebookNode, folder: Path) -> "list[Executed]":
    """Return the notebooks that were joined, executed in this folder."""
    parts = groupby(notebook.cells, key=lambda cell: cell.id.split("-")[0])
    return [
        Executed(nbformat.from_dict({**notebook, "cells": list(cells)}), folder)
        for _, cells in parts
    ]


class Executed:
    """The outputs of a notebook, in order, and the folder that it was executed in."""

    def __init__(self, notebook: nbformat.NotebookNode, folder: Path) -> None:
        self.notebook = notebook
        self.folder = folder
        self.outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]

    @property
    def printed(self) -> str:
        """What was printed."""
        return "".join(output.text for output in self.outputs if output.output_type == "stream")

    @property
    def figures(self) -> list[dict[str, Any]]:
        """The charts, as JupyterLab gets them."""
        return [data[FIGURE] for data in self._shown() if FIGURE in data]

    @property
    def tables(self) -> list[pd.DataFrame]:
        """The tables, every cell as the text that is shown."""
        return [_table(data[PAGE]) for data in self._shown() if "<table" in data.get(PAGE, "")]

    def _shown(self) -> list[dict[str, Any]]:
        return [output.data for output in self.outputs if "data" in output]


def bars(figure: dict[str, Any]) -> list[list[Any]]:
    """Return the custom data of every bar that counts something."""
    return [
        row
        for trace in figure["data"]
        for row in trace.get("customdata", [])
        if trace["type"] == "bar" and row[2]
    ]


def _table(page: str) -> pd.DataFrame:
    width = len(pd.read_html(io.StringIO(page))[0].columns)
    as_text = dict.fromkeys(range(width), str)
    return pd.read_html(io.StringIO(page), converters=as_text, keep_default_na=False)[0]
