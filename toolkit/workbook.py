"""The workbook and the CSV file: every row, to filter and to pass on, whatever names it holds."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

import pandas as pd

from toolkit import analysis, schema, theme, titles
from toolkit.errors import InputError
from toolkit.files import destination, printable, printable_series, replacing
from toolkit.report import Report, report
from toolkit.schema import Severity, Table
from toolkit.verdicts import default_rules

if TYPE_CHECKING:
    from toolkit.snapshot import Snapshot

_MOST_ROWS: Final = 1_048_575
_FORMULA: Final = r"\s*[=+\-@＝＋－＠]|[\t\r\n]"
_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"
_EPOCH: Final = pd.Timestamp("1899-12-30", tz="UTC")
_WIDTHS: Final[Mapping[str, int]] = {
    "account_id": 15,
    "name": 30,
    "email": 32,
    "standard_state": 18,
    "joined_method": 11,
    "joined_at": 18,
    "ou_path": 34,
    "govcloud_account_id": 17,
    "govcloud_state": 18,
    "outcome": 15,
    "detail": 30,
    "fetched_at": 18,
    "verdict": 12,
    "severity": 11,
    "meaning": 70,
    "action": 70,
    "link_id": 22,
    "link_status": 22,
    "region": 16,
}
_USUAL_WIDTH: Final = 19
_WORST_FIRST: Final = (
    "severity",
    "account_id",
    "name",
    "ou_path",
    "standard_state",
    "govcloud_state",
    "govcloud_account_id",
    "meaning",
    "action",
    "fetched_at",
)
"""The columns of Mismatches: what an analyst reads first stands first."""


def save_csv(pairs: pd.DataFrame, path: "str | os.PathLike[str] | TextIO") -> Path | None:
    """Write PAIRS, or any other table, as CSV in UTF-8 and return its path (none for a stream).

    A file begins with the byte order mark that Excel asks for; a text stream gets none. Every text
    is quoted, ids stay 12 digits, times are UTC, and a text that a spreadsheet would take for a
    formula gets an apostrophe in front, as OWASP advises. Raises InputError where the name does
    not end in .csv, StoreError where it cannot be written.
    """
    safe = pairs.assign(**{name: _harmless(pairs[name]) for name in _text_columns(pairs)})
    options: dict[str, Any] = {
        "index": False,
        "quoting": 2,  # csv.QUOTE_NONNUMERIC
        "date_format": _TIME,
        "lineterminator": "\n",
    }
    if not isinstance(path, str | os.PathLike):
        safe.to_csv(path, **options)
        return None
    target = destination(path, [".csv"], "a CSV file")
    with replacing(target) as beside:
        safe.to_csv(beside, encoding="utf-8-sig", **options)
    return target


def _text_columns(frame: pd.DataFrame) -> list[str]:
    return [name for name in frame.columns if isinstance(frame[name].dtype, pd.StringDtype)]


def _harmless(values: pd.Series) -> pd.Series:
    clean = printable_series(values)
    formula = values.str.match(_FORMULA, na=False)
    return clean.where(~formula, "'" + clean) if formula.any() else clean


def save_workbook(
    snapshot: "Snapshot",
    path: str | os.PathLike[str],
    *,
    history: Sequence["Snapshot"] = (),
    rules: pd.DataFrame | None = None,
    pairs: pd.DataFrame | None = None,
    note: str = "",
) -> Path:
    """Write Summary, Mismatches, Pairs, Links, Changes and Rules as an Excel workbook.

    Takes what `toolkit.report.report` takes. Each sheet is a table with filters, one row per
    account, link or rule; ids and names are text, times UTC. Rows go to the disk as they are
    written, so memory does not grow with them. Raises InputError where the name does not end in
    .xlsx or a sheet cannot hold the rows, StoreError where it cannot be written.
    """
    target = destination(path, [".xlsx"], "a workbook")
    content = report(snapshot, history=history, rules=rules, pairs=pairs, note=note)
    if len(content.pairs) > _MOST_ROWS:
        raise InputError(
            f"An Excel sheet holds {_MOST_ROWS:,} rows and there are {len(content.pairs):,}.",
            "Save it as .csv instead.",
        )
    with replacing(target) as beside:
        _write(content, beside)
    return target


def _write(content: Report, path: Path) -> None:
    # A report without a workbook should not wait for this import.
    import xlsxwriter  # noqa: PLC0415

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "tmpdir": str(path.parent),
    }
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties(
            {"title": "Account pairs", "comments": f"Snapshot {content.snapshot.id}"}
        )
        looks = _looks(book)
        _add_summary(book, looks, content)
        found = content.mismatches[list(_WORST_FIRST)]
        _add_table(book, looks, "Mismatches", schema.PAIRS, found)
        _add_table(book, looks, "Pairs", schema.PAIRS, content.pairs)
        _add_table(book, looks, "Links", schema.JUDGED_LINKS, content.links)
        _add_table(book, looks, "Changes", schema.CHANGES, content.changes)
        rules = default_rules() if content.rules is None else content.rules
        _add_table(book, looks, "Rules", schema.RULES, rules)


@dataclass(frozen=True)
class _Looks:
    """Formats of one workbook: xlsxwriter's belong to the book that made them."""

    text: Any
    time: Any
    count: Any
    head: Any
    title: Any
    muted: Any
    label: Any
    severities: Mapping[str, Any]
    unknown: Any


def _looks(book: Any) -> _Looks:  # noqa: ANN401 - xlsxwriter has no types
    base = {"font_name": theme.FONT, "font_size": 10, "valign": "top"}

    def add(**more: object) -> Any:  # noqa: ANN401 - as above
        return book.add_format(base | more)

    return _Looks(
        text=add(num_format="@"),
        time=add(num_format="yyyy-mm-dd hh:mm"),
        count=add(num_format="#,##0"),
        head=add(bold=True, font_color=theme.LIGHT.paper, bg_color=theme.NAVY, text_wrap=True),
        title=add(bold=True, font_size=16, font_color=theme.LIGHT.ink),
        muted=add(font_color=theme.LIGHT.muted),
        label=add(bold=True),
        severities={
            severity: book.add_format(
                {"bg_color": theme.LIGHT.tints[severity], "font_color": theme.LIGHT.ink}
            )
            for severity in Severity
        },
        unknown=book.add_format({"font_color": theme.LIGHT.states[schema.State.UNKNOWN]}),
    )


def _add_table(book: Any, looks: _Looks, name: str, table: Table, frame: pd.DataFrame) -> None:  # noqa: ANN401 - xlsxwriter has no types
    """Add a sheet that is one table: filters, a frozen head, severities marked as they stand."""
    sheet = book.add_worksheet(name)
    columns = [table[column] for column in frame.columns]
    heads = [f"{c.label} (UTC)" if c.kind == "time" else c.label for c in columns]
    last = max(len(frame), 1)
    sheet.freeze_panes(1, 2)
    for place, column in enumerate(columns):
        look = {"time": looks.time, "count": looks.count}.get(column.kind, looks.text)
        sheet.set_column(place, place, _WIDTHS.get(column.name, _USUAL_WIDTH), look)
    _declare_table(sheet, name, heads, last)
    sheet.set_row(0, 18)
    for place, head in enumerate(heads):
        sheet.write_string(0, place, head, looks.head)
    writers = [
        sheet.write_number if column.kind in ("time", "count") else sheet.write_string
        for column in columns
    ]
    _write_rows([_cells(column, frame[column.name]) for column in columns], writers)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})
    for place, column in enumerate(columns):
        if column.vocabulary == tuple(Severity):
            _mark_severities(sheet, looks, (1, place, last, place))


def _declare_table(sheet: Any, name: str, heads: Sequence[str], last: int) -> None:  # noqa: ANN401 - xlsxwriter has no types
    # xlsxwriter refuses tables in constant memory, because it would write the heads after the
    # rows, and it keeps a record of each cell. The heads are written here, before the rows, and
    # the table is declared over two rows, then stretched.
    sheet.constant_memory = False
    columns = [{"header": head} for head in heads]
    options = {"name": name, "columns": columns, "style": "Table Style Light 1"}
    sheet.add_table(0, 0, 1, len(heads) - 1, options)
    sheet.constant_memory = True
    declared = sheet.tables[-1]
    for key in ("range", "a_range", "autofilter"):
        declared[key] = declared[key].removesuffix("2") + str(last + 1)


def _cells(column: schema.Column, values: pd.Series) -> list[Any]:
    """Return a column's cells as Excel has them, None where there is nothing."""
    if column.kind == "time":
        # Excel counts days; xlsxwriter's own conversion of each time costs as much as the rest.
        days = (values - _EPOCH) / pd.Timedelta(days=1)
        return [None if day != day else day for day in days.tolist()]  # noqa: PLR0124 - NaN alone differs from itself
    if column.kind == "count":
        return list(values.tolist())
    if column.kind in ("word", "state"):
        codes, seen = pd.factorize(values)
        words = [*(schema.label(printable(str(word))) for word in seen), None]
        return [words[code] for code in codes.tolist()]
    missing = values.isna()
    text = values if column.kind == "id" else printable_series(values)
    return list(text.astype("object").where(~missing, None).tolist())


def _write_rows(
    columns: Sequence[Sequence[Any]], writers: Sequence[Callable[[int, int, Any], object]]
) -> None:
    places = range(len(columns))
    for row, values in enumerate(zip(*columns, strict=True), start=1):
        for place in places:
            value = values[place]
            if value is not None:
                writers[place](row, place, value)


def _mark_severities(sheet: Any, looks: _Looks, place: tuple[int, int, int, int]) -> None:  # noqa: ANN401 - xlsxwriter has no types
    for severity, look in looks.severities.items():
        rule = {"type": "cell", "criteria": "==", "value": f'"{schema.label(severity)}"'}
        sheet.conditional_format(*place, rule | {"format": look})


def _add_summary(book: Any, looks: _Looks, content: Report) -> None:  # noqa: ANN401 - xlsxwriter has no types
    sheet = book.add_worksheet("Summary")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 30, looks.text)
    sheet.set_column(1, 6, 16, looks.text)
    row = 0
    for text, look in (
        (titles.title_overview(content.pairs), looks.title),
        (content.source, looks.muted),
        (printable(content.note), looks.muted),
    ):
        if text:
            sheet.write_string(row, 0, text, look)
            row += 1
    row = _write_figures(sheet, looks, content, row + 1)
    first = row + 1
    row = _write_states(sheet, looks, content, first)
    _add_chart(book, sheet, first, row)
    row += 1
    sheet.write_string(row, 0, "Method and caveats", looks.label)
    for topic, sentence in content.method:
        row += 1
        sheet.write_string(row, 0, topic, looks.muted)
        sheet.write_string(row, 1, printable(sentence), looks.text)


def _write_figures(sheet: Any, looks: _Looks, content: Report, row: int) -> int:  # noqa: ANN401 - xlsxwriter has no types
    figures = content.figures
    counts = [
        ("Standard accounts", figures.accounts),
        ("With a GovCloud account", figures.linked),
        ("States agree", figures.matches),
        ("States disagree", figures.mismatches),
        *((f"  {schema.label(word)}", count) for word, count in figures.by_severity.items()),
        ("No GovCloud account linked", figures.not_linked),
        ("Unknown", figures.unknown),
        ("Account links", len(content.links)),
    ]
    if content.compared:
        counts.append(("Changed since the snapshot before", len(content.changes)))
    for label, count in counts:
        sheet.write_string(row, 0, label, looks.text)
        sheet.write_number(row, 1, count, looks.count)
        row += 1
    return row


def _write_states(sheet: Any, looks: _Looks, content: Report, row: int) -> int:  # noqa: ANN401 - xlsxwriter has no types
    """Write linked pairs by state, the table that the chart draws, and return the row below."""
    counts = analysis.state_distribution(content.pairs)
    sides = counts.pivot_table("accounts", "state", "side", observed=False, sort=False)
    for place, head in enumerate(("State of linked pairs", "Standard", "GovCloud")):
        sheet.write_string(row, place, head, looks.head)
    for state, (standard, govcloud) in zip(sides.index, sides.to_numpy().tolist(), strict=True):
        if not standard and not govcloud:
            continue
        row += 1
        sheet.write_string(row, 0, schema.label(str(state)), looks.text)
        sheet.write_number(row, 1, standard, looks.count)
        sheet.write_number(row, 2, govcloud, looks.count)
    return row + 1


def _add_chart(book: Any, sheet: Any, first: int, last: int) -> None:  # noqa: ANN401 - xlsxwriter has no types
    chart = book.add_chart({"type": "column"})
    colours = (theme.LIGHT.states[schema.State.ACTIVE], theme.ACCENT)
    for place, colour in zip((1, 2), colours, strict=True):
        chart.add_series(
            {
                "name": ["Summary", first, place],
                "categories": ["Summary", first + 1, 0, max(last - 1, first + 1), 0],
                "values": ["Summary", first + 1, place, max(last - 1, first + 1), place],
                "fill": {"color": colour},
                "data_labels": {"value": True, "num_format": "#,##0"},
                "gap": 60,
            }
        )
    chart.set_title({"name": "Linked pairs by state", "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_size({"width": 620, "height": 330})
    sheet.insert_chart("D4", chart, {"description": "Linked pairs by state on both sides"})
