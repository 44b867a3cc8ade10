"""Files to take away, made before they are offered, so that what goes wrong can be said."""

import io
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from toolkit import analysis
from toolkit.charts import (
    chart_alt,
    plot_link_status,
    plot_mismatch_flows,
    plot_mismatch_trend,
    plot_mismatches_by_ou,
    plot_state_distribution,
    plot_state_matrix,
    plot_state_trend,
)
from toolkit.exports.pictures import save_figure
from toolkit.exports.workbook import save_csv, save_workbook
from toolkit.schema import PAIRS
from toolkit.store import Snapshot

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_CHART_MIMES: Final = {".png": "image/png", ".svg": "image/svg+xml", ".html": "text/html"}


@dataclass(frozen=True)
class Content:
    """What goes out: the whole snapshot, or a selection of its PAIRS and the words that say which.

    `links` is JUDGED_LINKS of these accounts; `history` and `trend` are those of the whole
    snapshot, and empty for a selection, which has none.
    """

    snapshot: Snapshot
    pairs: pd.DataFrame
    links: pd.DataFrame
    note: str = ""
    history: Callable[[], Sequence[Snapshot]] = list
    trend: Sequence[tuple[pd.Timestamp, pd.DataFrame]] = ()
    template: bytes | None = None

    @property
    def name(self) -> str:
        """What its files are called, without an ending."""
        return f"account-states-{self.snapshot.taken:%Y-%m-%d}{'-selection' if self.note else ''}"

    @property
    def chosen(self) -> dict[str, Any]:
        """The selection as `toolkit.report` takes it."""
        return {"pairs": self.pairs, "note": self.note} if self.note else {}


@dataclass(frozen=True)
class Kind:
    """A kind of file: what it is called, what is in it, and how it is made."""

    key: str
    name: str
    about: str
    suffix: str
    mime: str
    icon: str
    save: Callable[[Content, Path], object]


@dataclass(frozen=True)
class Made:
    """A file that has been made."""

    name: str
    mime: str
    data: bytes
    alt: str = ""
    """What a picture shows, in words."""


def make(kind: Kind, content: Content) -> Made:
    """Make the file; raises the ToolkitError that says why it cannot be."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{content.name}{kind.suffix}"
        kind.save(content, path)
        return Made(path.name, kind.mime, path.read_bytes())


def make_picture(name: str, content: Content, suffix: str) -> Made:
    """Make one chart; raises MissingToolError where a picture needs a browser that is missing."""
    stem = f"{content.name}-{name.lower().replace(' ', '-')}"
    with tempfile.TemporaryDirectory() as folder:
        figure = charts(content)[name]()
        path = save_figure(figure, Path(folder) / f"{stem}{suffix}")
        return Made(path.name, _CHART_MIMES[suffix], path.read_bytes(), chart_alt(figure))


def bundle(made: Sequence[Made], name: str) -> Made:
    """Return the files as one ZIP file."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in made:
            archive.writestr(file.name, file.data)
    return Made(f"{name}.zip", "application/zip", whole.getvalue())


def charts(content: Content) -> Mapping[str, Callable[[], Any]]:
    """Return the charts that the content can fill, by name."""
    pairs = content.pairs
    found: dict[str, Callable[[], Any]] = {
        "States": lambda: plot_state_distribution(pairs),
        "State matrix": lambda: plot_state_matrix(pairs),
        "Mismatches by unit": lambda: plot_mismatches_by_ou(pairs),
        "Mismatch flows": lambda: plot_mismatch_flows(pairs),
        "Account links": lambda: plot_link_status(content.links),
    }
    if len(content.trend) > 1:
        past = list(content.trend)
        found["Mismatch trend"] = lambda: plot_mismatch_trend(analysis.trend(past))
        found["State trend"] = lambda: plot_state_trend(analysis.state_trend(past))
    return found


def _save_deck(content: Content, path: Path) -> None:
    # What only an export needs is loaded at the first one, not at the start of the app.
    from toolkit.exports.deck import save_deck  # noqa: PLC0415 - as the line above says

    template = None
    if content.template is not None:
        template = path.with_name("template.pptx")
        template.write_bytes(content.template)
    save_deck(
        content.snapshot, path, history=content.history(), template=template, **content.chosen
    )


def _save_workbook(content: Content, path: Path) -> None:
    save_workbook(content.snapshot, path, history=content.history(), **content.chosen)


def _save_page(content: Content, path: Path) -> None:
    from toolkit.exports.page import save_page  # noqa: PLC0415 - as for the deck

    save_page(content.snapshot, path, history=content.history(), **content.chosen)


def _save_csv(content: Content, path: Path) -> None:
    save_csv(content.pairs[PAIRS.names], path)


KINDS: Final = (
    Kind(
        "deck",
        "Slides",
        "PowerPoint, 16:9: the answer, the charts, the worst mismatches and what to do. Charts and"
        " tables can be edited.",
        ".pptx",
        f"{_OFFICE}.presentationml.presentation",
        ":material/slideshow:",
        _save_deck,
    ),
    Kind(
        "workbook",
        "Workbook",
        "Excel: summary, mismatches, all pairs, links, changes and the rules, each with filters.",
        ".xlsx",
        f"{_OFFICE}.spreadsheetml.sheet",
        ":material/table:",
        _save_workbook,
    ),
    Kind(
        "page",
        "Page",
        "One HTML file for an e-mail or a share: opens offline and loads nothing from outside.",
        ".html",
        "text/html",
        ":material/article:",
        _save_page,
    ),
    Kind(
        "csv",
        "Table",
        "CSV: one row per standard account, for any other tool. Ids stay text.",
        ".csv",
        "text/csv",
        ":material/csv:",
        _save_csv,
    ),
)
