"""A notebook that was executed: what it shows, read as a person would."""

import io
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
FIGURE = "application/vnd.plotly.v1+json"
PAGE = "text/html"


def read(name: str) -> nbformat.NotebookNode:
    """Read a notebook by the number that its name begins with."""
    (path,) = FOLDER.glob(f"{name}_*.ipynb")
    return nbformat.read(path, as_version=4)


class Executed:
    """The outputs of a notebook, in order."""

    def __init__(self, notebook: nbformat.NotebookNode) -> None:
        self.notebook = notebook
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
