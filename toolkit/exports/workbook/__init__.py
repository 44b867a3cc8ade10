"""The workbook and the CSV file: every row, to filter and to pass on, whatever names it holds."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from toolkit import schema
from toolkit.errors import InputError
from toolkit.exports.csv_file import save_csv
from toolkit.exports.files import destination, replacing
from toolkit.exports.report import Report, report
from toolkit.exports.workbook.summary import add_summary_sheet
from toolkit.exports.workbook.tables import add_table_sheet, make_looks
from toolkit.verdicts import default_rules

if TYPE_CHECKING:
    from toolkit.store import Snapshot

__all__ = ["save_csv", "save_workbook"]

_MOST_ROWS: Final = 1_048_575
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

    Takes what `toolkit.exports.report.report` takes. Each sheet is a table with filters, one row per
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
            {
                "title": "Account states: Standard and GovCloud",
                "comments": f"Snapshot {content.snapshot.id}",
                "created": content.snapshot.taken.tz_localize(None).to_pydatetime(warn=False),
            }
        )
        looks = make_looks(book)
        add_summary_sheet(book, looks, content)
        found = content.mismatches[list(_WORST_FIRST)]
        add_table_sheet(book, looks, "Mismatches", schema.PAIRS, found)
        add_table_sheet(book, looks, "Pairs", schema.PAIRS, content.pairs)
        add_table_sheet(book, looks, "Links", schema.JUDGED_LINKS, content.links)
        add_table_sheet(book, looks, "Changes", schema.CHANGES, content.changes)
        rules = default_rules() if content.rules is None else content.rules
        add_table_sheet(book, looks, "Rules", schema.RULES, rules)
