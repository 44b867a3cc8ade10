"""The kinds of file a report can become: one row each, which command line, app and README read.

Another format is one file that writes a report, and one row here.
"""

import os
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from toolkit.errors import InputError
from toolkit.exports.report import Report
from toolkit.store import Snapshot


@dataclass(frozen=True)
class Format:
    """One kind of file: its endings, what it is for people, and what writes it.

    `writer` names the function as "module:function"; it is loaded when the first such file is
    written, and takes a report and a path. `options` are the further arguments it understands.
    `icon` is a Material symbol, `about` one sentence for whoever chooses.
    """

    key: str
    name: str
    about: str
    suffixes: tuple[str, ...]
    mime: str
    icon: str
    writer: str
    options: tuple[str, ...] = ()

    @property
    def suffix(self) -> str:
        """The ending that a file gets where nobody chose one."""
        return self.suffixes[0]

    def save(self, content: Report | Snapshot, path: str | os.PathLike[str], **given: Any) -> Path:
        """Write the report to the path and return it; raises what the writer raises."""
        module, _, function = self.writer.partition(":")
        saved: Path = getattr(import_module(module), function)(content, path, **given)
        return saved


_OFFICE: Final = "application/vnd.openxmlformats-officedocument"

FORMATS: Final = (
    Format(
        "deck",
        "Slides",
        "PowerPoint, 16:9: the answer, the charts, the worst mismatches and what to do. Charts and"
        " tables can be edited.",
        (".pptx",),
        f"{_OFFICE}.presentationml.presentation",
        "slideshow",
        "toolkit.exports.deck:save_deck",
        options=("template",),
    ),
    Format(
        "workbook",
        "Workbook",
        "Excel, to work in: mismatches and what was left behind with owner, status and due day to"
        " fill in, counted on the summary; all pairs, links, changes, trend and rules.",
        (".xlsx",),
        f"{_OFFICE}.spreadsheetml.sheet",
        "table",
        "toolkit.exports.workbook:save_workbook",
    ),
    Format(
        "page",
        "Page",
        "One HTML file for an e-mail or a share: opens offline and loads nothing from outside.",
        (".html", ".htm"),
        "text/html",
        "article",
        "toolkit.exports.page:save_page",
    ),
    Format(
        "csv",
        "Table",
        "CSV: one row per standard account, for any other tool. Ids stay text.",
        (".csv",),
        "text/csv",
        "csv",
        "toolkit.exports.csv_file:save_pairs",
        options=("excel",),
    ),
)
"""Every format, in the order in which they are offered."""

_FOR: Final = {"template": "slides", "excel": "tables"}
"""What each option is for, in words."""


def format_of(path: str | os.PathLike[str], **options: Any) -> Format:
    """Return the format that a file's ending names.

    Raises InputError where it names none, or one of the `options` is given that it does not take:
    `template` for slides, `excel` for tables. None and False are no options.
    """
    suffix = Path(path).suffix.lower()
    chosen = next((one for one in FORMATS if suffix in one.suffixes), None)
    if chosen is None:
        raise InputError(
            f"{Path(path).name} does not say what to write.",
            f"End it in {', '.join(one.suffix for one in FORMATS)}.",
        )
    for name in _given(options):
        if name not in chosen.options:
            takes = " or ".join(one.suffix for one in FORMATS if name in one.options)
            raise InputError(
                f"--{name} is for {_FOR[name]}.", f"Leave it out, or end --out in {takes}."
            )
    return chosen


def save_report(content: Report | Snapshot, path: str | os.PathLike[str], **options: Any) -> Path:
    """Write a report, or a snapshot judged by this toolkit's own rules, by the path's ending.

    Raises what `format_of` and the format's writer raise.
    """
    return format_of(path, **options).save(content, path, **_given(options))


def _given(options: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value for name, value in options.items() if value is not None and value is not False
    }
