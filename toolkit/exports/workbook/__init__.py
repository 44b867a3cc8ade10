"""The workbook: every row, to filter and to pass on, whatever names it holds."""

import os
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from toolkit import schema, theme, titles
from toolkit.errors import InputError
from toolkit.exports.files import destination, replacing
from toolkit.exports.report import AGE, TAG, Report, as_report
from toolkit.exports.workbook import columns
from toolkit.exports.workbook.fill_in import OWNERS, known_owners, to_fill_in, validate
from toolkit.exports.workbook.looks import SIZE, make_looks
from toolkit.exports.workbook.summary import write_summary
from toolkit.exports.workbook.tables import Binder, Sheet
from toolkit.exports.workbook.trend import add_trend
from toolkit.schema import Table
from toolkit.store import Snapshot
from toolkit.text import printable

__all__ = ["save_workbook"]

_MOST_ROWS: Final = 1_048_574
_MOST_SAID: Final = 255
"""How long a property of a file may be."""


def save_workbook(content: Report | Snapshot, path: str | os.PathLike[str]) -> Path:
    """Write an Excel workbook to work in: Summary, Mismatches, Pairs, Links, Changes, the rules.

    A snapshot is reported on with the history of the store that it came from. Each sheet but
    Summary is a table with filters, one row per account, link, snapshot or rule. Severities stand
    with their rank, so that they sort by it. Left behind, Reconcile, Trend, Fleet, Contacts,
    Acceptances and Owners are there where there is something to tell. Mismatches and Left behind
    have owner, status and due day to fill in, and Summary counts them by formulas that follow;
    what is accepted stands last in them, in grey. Columns of one's own, chosen tags and spend
    stand behind the others. Ids and names are text, times UTC, and no text is a formula. A
    selection is named on every sheet. Rows go to the disk as they are written, so memory does not
    grow with them. Raises InputError where the name does not end in .xlsx or a sheet cannot hold
    the rows, StoreError where it cannot be written.
    """
    target = destination(path, [".xlsx"], "a workbook")
    report = as_report(content)
    if len(report.pairs) > _MOST_ROWS:
        raise InputError(
            f"An Excel sheet holds {_MOST_ROWS:,} rows and there are {len(report.pairs):,}.",
            "Save it as .csv instead.",
        )
    # The rows wait in files of their own, which an interrupted writer must not leave behind.
    with (
        replacing(target) as beside,
        tempfile.TemporaryDirectory(prefix=".", dir=target.parent) as waiting,
    ):
        _write(report, beside, waiting)
    return target


def _write(report: Report, path: Path, waiting: str) -> None:
    # A report without a workbook should not wait for this import.
    import xlsxwriter  # noqa: PLC0415

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "tmpdir": waiting,
        # What a column's width is counted in, wherever the file is opened.
        "default_format_properties": {"font_name": theme.FONT, "font_size": SIZE},
        "default_row_height": 17,
    }
    with xlsxwriter.Workbook(path, options) as book:
        taken = report.snapshot.taken.tz_localize(None).to_pydatetime(warn=False)
        said = filter(None, (report.comment, f"Snapshot {report.snapshot.id}"))
        properties = {
            "title": printable(report.headline),
            "subject": printable(report.note),
            "comments": printable("; ".join(said)),
        }
        cut = {name: text[:_MOST_SAID] for name, text in properties.items()}
        book.set_properties({**cut, "created": taken})
        first = book.add_worksheet("Summary")
        looks = make_looks(book)
        binder = Binder(book, looks, printable(report.note), report.source)
        write_summary(book, first, looks, report, _tables(binder, report))


def _tables(binder: Binder, report: Report) -> list[Sheet]:
    """Add every sheet that is a table, in their order."""
    to_do = [_mismatches(binder, report)]
    if len(report.left_behind):
        to_do.append(_left_behind(binder, report))
    pairs = _ordered(columns.PAIRS, schema.PAIRS, report.pairs)
    printed = columns.PAIRS.printed
    tagged = report.tagged(pairs, head=TAG)
    sheets = [*to_do, binder.add("Pairs", schema.PAIRS, tagged, printed=printed)]

    def add(name: str, table: Table, frame: pd.DataFrame, *, printed: str | None = None) -> None:
        sheets.append(binder.add(name, table, frame, printed=printed))

    if report.compares_organizations:
        add("Reconcile", schema.RECONCILED, report.reconciled)
    if report.names_contacts:
        add("Contacts", schema.CONTACTS, report.contacts)
    links = _ordered(columns.LINKS, schema.JUDGED_LINKS, report.links)
    add("Links", schema.JUDGED_LINKS, links, printed=columns.LINKS.printed)
    if not report.is_partial:
        add("Changes", schema.CHANGES, report.changes)
        sheets.append(add_trend(binder, report))
    if report.fleet is not None:
        add("Fleet", schema.FLEET, report.fleet.table)
    policy = report.policy
    add("Rules", schema.RULES, policy.rules)
    add("Link rules", schema.LINK_RULES, policy.link_rules)
    add("Reconcile rules", schema.RECONCILE_RULES, policy.reconcile_rules)
    add("Left behind rules", schema.LEFT_BEHIND_RULES, policy.left_behind_rules)
    if len(policy.acceptances):
        add("Acceptances", schema.ACCEPTANCES, _acceptances(report))
    owners = known_owners(report)
    if len(owners):
        add("Owners", OWNERS, owners)
    for one in to_do:
        validate(one, report.snapshot.taken, sheets[-1] if len(owners) else None)
    return sheets


def _mismatches(binder: Binder, report: Report) -> Sheet:
    """Add the pairs that disagree, with what is to be filled in."""
    mismatches = report.mismatches
    own = schema.own_columns(schema.PAIRS, mismatches)
    dated = report.dated(mismatches[schema.PAIRS.names])
    found = columns.MISMATCHES.of(to_fill_in(dated), schema.PAIRS.names).copy(deep=False)
    # Columns of the user's own stand behind ours, whatever they are called.
    for name in own:
        found[schema.free_name(name, found.columns)] = mismatches[name]
    rows = report.tagged(report.spent(found), head=TAG)
    return binder.add("Mismatches", schema.PAIRS, rows, printed=columns.MISMATCHES.printed)


def _left_behind(binder: Binder, report: Report) -> Sheet:
    """Add what was left behind, with what is to be filled in."""
    table, left, taken = schema.LEFT_BEHIND, report.left_behind, report.snapshot.taken
    days = [titles.age_in_days({"since": seen}, taken) for seen in left["last_seen"]]
    age = pd.Series(days, left.index, "int64")
    rows = columns.LEFT_BEHIND.of(to_fill_in(left.assign(**{AGE: age})), table.names)
    return binder.add("Left behind", table, rows, printed=columns.LEFT_BEHIND.printed)


def _ordered(order: columns.Order, table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    return frame[[*order.of(frame, table.names).columns, *schema.own_columns(table, frame)]]


def _acceptances(report: Report) -> pd.DataFrame:
    """Return what became of each acceptance, with its state in a word."""
    entries = report.judged.acceptances
    state = np.select(
        [entries["ended"], entries["accounts"] == 0], ["Ended", "Matches nothing"], "In force"
    )
    said = entries.drop(columns="ended").rename(columns={"accounts": "Accounts"})
    return said.assign(State=pd.Series(state, dtype="str"))
