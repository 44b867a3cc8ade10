"""How cells look: formats of one workbook, in the project's font and colours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from toolkit import schema, theme
from toolkit.schema import Severity

SIZE: Final = 10
"""The font's size in points."""


@dataclass(frozen=True)
class Looks:
    """Formats of one workbook: xlsxwriter's belong to the book that made them.

    `typed` is for cells that people write into: what they type becomes what they mean by it. In
    `text` and `id` it stays text, as names and ids must.
    """

    text: Any
    id: Any
    typed: Any
    time: Any
    day: Any
    count: Any
    number: Any
    head: Any
    count_head: Any
    title: Any
    muted: Any
    label: Any
    sentence: Any
    note: Any
    link: Any
    severities: Mapping[str, Any]
    accepted: Any


def make_looks(book: Any) -> Looks:
    """Return the formats of a workbook."""
    base = {"valign": "top"}
    head = {
        "bold": True,
        "font_color": theme.LIGHT.paper,
        "bg_color": theme.NAVY,
        "text_wrap": True,
    }
    ink, muted = theme.LIGHT.ink, theme.LIGHT.muted

    def add(**more: object) -> Any:
        return book.add_format(base | more)

    return Looks(
        text=add(num_format="@", text_wrap=True),
        id=add(num_format="@"),
        typed=add(text_wrap=True),
        time=add(num_format="yyyy-mm-dd hh:mm", align="left"),
        day=add(num_format="yyyy-mm-dd", align="left"),
        count=add(num_format="#,##0_)_)"),
        number=add(),
        head=add(**head),
        count_head=add(**head, align="right", indent=1),
        title=add(bold=True, font_size=16, font_color=ink, text_wrap=True),
        muted=add(font_color=muted, text_wrap=True),
        label=add(bold=True, text_wrap=True),
        sentence=add(text_wrap=True),
        note=add(bold=True, font_color=ink),
        link=add(font_color=theme.NAVY, underline=1),
        severities={
            severity: book.add_format({"bg_color": theme.LIGHT.tints[severity], "font_color": ink})
            for severity in Severity
        },
        accepted=book.add_format({"font_color": muted, "italic": True}),
    )


def ranked(severity: str) -> str:
    """Say a severity with its rank before it, so that a sheet sorts it by how grave it is."""
    return f"{list(Severity).index(Severity(severity)) + 1} {schema.label(severity)}"
