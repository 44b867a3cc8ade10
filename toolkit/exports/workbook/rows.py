"""Rows of a sheet as the XML that Excel reads: several times as fast as cell by cell.

It also keeps texts what they are: xlsxwriter takes one that begins with `<r>` and ends with `</r>`
for markup, and copies it into the file as it stands.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TextIO

_SPECIAL: Final = re.compile(r"[&<>]|_x[0-9a-fA-F]{4}_|^\s|\s$")
_CODE: Final = re.compile("(?=_x[0-9a-fA-F]{4}_)")
_SPACE: Final = ' xml:space="preserve"'
_MOST: Final = 32_767
"""How long a text of a cell may be, in UTF-16."""


def open_rows(sheet: Any, first: int, last: int) -> TextIO:
    """Return where the rows of a sheet are written to, once all above the first are there.

    The sheet writes its rows as they come, and holds the last one back until there is another.
    """
    sheet.write_number(first, 0, 0)
    sheet.table.clear()
    sheet.dim_rowmax = last
    file: TextIO = sheet.row_data_fh
    return file


def look_of(look: Any) -> int:
    """Return the number under which a workbook knows a format."""
    number: int = look._get_xf_index()  # noqa: SLF001 - the only way to it, and pinned
    return number


def texts(values: Sequence[str | None], look: int) -> list[str | None]:
    """Return the XML of cells of text, without where they are; None stays none."""
    begin = f'" s="{look}" t="inlineStr"><is><t'
    return [None if text is None else f"{begin}{_escaped(text)}</t></is></c>" for text in values]


def numbers(values: Sequence[float | None], look: int) -> list[str | None]:
    """Return the XML of cells of numbers, without where they are; None stays none."""
    begin = f'" s="{look}"><v>'
    return [None if value is None else f"{begin}{value!r}</v></c>" for value in values]


def lines_of(
    first: int,
    letters: Sequence[str],
    columns: Sequence[Sequence[str | None]],
    high: Mapping[int, float],
) -> Iterator[str]:
    """Give the XML of rows, of which the first has this number from 1.

    Takes the letters of the columns, the XML of their cells, and the heights in points of those
    rows that are higher than others, by their place from 0.
    """
    places = [f'<c r="{letter}' for letter in letters]
    for place, cells in enumerate(zip(*columns, strict=True)):
        row = str(first + place)
        height = f' ht="{high[place]}" customHeight="1"' if place in high else ""
        inner = [
            f"{at}{row}{cell}" for at, cell in zip(places, cells, strict=True) if cell is not None
        ]
        yield f'<row r="{row}"{height}>{"".join(inner)}</row>'


def _escaped(text: str) -> str:
    """Return what stands between a text's tags, with the end of the first one before it."""
    if len(text) > _MOST // 2:
        text = text.encode("utf-16-le")[: 2 * _MOST].decode("utf-16-le", "ignore")
    if not _SPECIAL.search(text):
        return f">{text}"
    kept = _SPACE if text != text.strip() else ""
    # Excel reads `_x0041_` as a character: what only looks so has its underscore written so.
    safe = _CODE.sub("_x005F", text)
    return f"{kept}>{safe.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}"
