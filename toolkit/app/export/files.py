"""Files to take away, made before they are offered, so that what goes wrong can be said."""

import io
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from toolkit.app.data import View
from toolkit.charts import CHARTS, Chart, Content, chart_alt
from toolkit.exports import Format, Report
from toolkit.exports.pictures import save_figure

_CHART_MIMES: Final = {".png": "image/png", ".svg": "image/svg+xml", ".html": "text/html"}


@dataclass(frozen=True)
class Outgoing:
    """What goes out: a view, and the report on all of it or on a selection."""

    view: View
    report: Report

    @property
    def content(self) -> Content:
        """What is shown of it here; a report reads its history anew, which is for files."""
        return self.report if self.report.selection else self.view

    @property
    def charts(self) -> list[Chart]:
        """The charts that it fills."""
        return [chart for chart in CHARTS if chart.fills(self.content)]

    @property
    def mark(self) -> tuple[object, ...]:
        """What differs between two that may give other files."""
        return self.view.mark, self.report.note, self.report.tags


@dataclass(frozen=True)
class Made:
    """A file that has been made."""

    name: str
    mime: str
    data: bytes
    alt: str = ""
    """What a picture shows, in words."""


def make(kind: Format, report: Report, template: bytes | None = None) -> Made:
    """Make the file; raises the ToolkitError that says why it cannot be."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{report.name}{kind.suffix}"
        options = {}
        if template is not None:
            options["template"] = path.with_name(f"template{kind.suffix}")
            options["template"].write_bytes(template)
        kind.save(report, path, **options)
        return Made(path.name, kind.mime, path.read_bytes())


def make_picture(
    chart: Chart, outgoing: Outgoing, suffix: str, *, titled: bool = False, dark: bool = False
) -> Made:
    """Make one chart, with its title and source where it is titled.

    Raises MissingToolError where a picture needs a browser that is missing.
    """
    name = f"{outgoing.report.name}-{chart.name.lower().replace(' ', '-')}{suffix}"
    with tempfile.TemporaryDirectory() as folder:
        figure = chart.figure(outgoing.content, dark=dark)
        source = outgoing.report.source if titled else ""
        path = save_figure(figure, Path(folder) / name, titled=titled, source=source)
        return Made(name, _CHART_MIMES[suffix], path.read_bytes(), chart_alt(figure))


def bundle(made: Sequence[Made], name: str) -> Made:
    """Return the files as one ZIP file."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in made:
            archive.writestr(file.name, file.data)
    return Made(f"{name}.zip", "application/zip", whole.getvalue())
