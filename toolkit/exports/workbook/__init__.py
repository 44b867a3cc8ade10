"""The workbook: every row, to filter and to pass on, whatever names it holds."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.errors import InputError
from toolkit.exports.files import destination, replacing
from toolkit.exports.report import AGE, GRACE, REOPEN, TAG, Report, as_report
from toolkit.exports.workbook.summary import add_summary_sheet
from toolkit.exports.workbook.tables import (
    DUE,
    STATUS,
    Looks,
    add_table,
    add_table_sheet,
    make_looks,
    to_fill_in,
    validate,
)
from toolkit.store import Snapshot
from toolkit.verdicts import Policy

__all__ = ["save_workbook"]

_MOST_ROWS: Final = 1_048_575
_WORST_FIRST: Final = (
    "severity",
    "account_id",
    "name",
    "ou_path",
    "standard_state",
    "govcloud_state",
    "govcloud_account_id",
    "owner",
    STATUS,
    DUE,
    "since",
    "since_is",
    AGE,
    GRACE,
    REOPEN,
    "accepted_until",
    "accepted_by",
    "accepted_reason",
    "meaning",
    "action",
    "fetched_at",
)
"""The columns of Mismatches: what an analyst reads first stands first."""

_LEFT_FIRST: Final = (
    "severity",
    "govcloud_account_id",
    "govcloud_state",
    "account_id",
    "name",
    "ou_path",
    "standard_state",
    "last_seen",
    "owner",
    STATUS,
    DUE,
    "accepted_until",
    "meaning",
    "action",
)
_ONLY_KNOWN: Final = ("owner", "accepted_until", "accepted_by", "accepted_reason")
"""The columns that stand there only where something is known."""


def save_workbook(content: Report | Snapshot, path: str | os.PathLike[str]) -> Path:
    """Write Summary, Mismatches, Pairs, Links, Changes and Rules as an Excel workbook.

    A snapshot is reported on with the history of the store that it came from. Each sheet is a
    table with filters, one row per account, link or rule; own rules on links have a sheet, too,
    and so have GovCloud accounts, as Reconciled, where GovCloud's own list or creations were seen,
    what was left behind, the policy's acceptances, and as Fleet all organizations of the store,
    where it has others and the snapshot is the newest of its own. Mismatches and Left behind have a
    status and a due day to fill in; what is accepted stands last in them, in grey, and is not
    counted. Chosen tags stand behind the pairs, spend behind the mismatches where it was seen, and
    Contacts is there where the report names them.
    Ids and names are text, times UTC. Rows go to the disk as they are written, so memory does not
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
    }
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties(
            {
                "title": "Account states: Standard and GovCloud",
                "comments": f"Snapshot {report.snapshot.id}",
                "created": report.snapshot.taken.tz_localize(None).to_pydatetime(warn=False),
            }
        )
        looks = make_looks(book)
        add_summary_sheet(book, looks, report)
        _add_mismatches(book, looks, report)
        if len(report.left_behind):
            left = _shown(to_fill_in(report.left_behind), _LEFT_FIRST)
            sheet = add_table_sheet(book, looks, "Left behind", schema.LEFT_BEHIND, left)
            validate(sheet, left, report.snapshot.taken)
        pairs = report.tagged(report.pairs, head=TAG)
        add_table_sheet(book, looks, "Pairs", schema.PAIRS, pairs)
        if report.compares_organizations:
            add_table_sheet(book, looks, "Reconciled", schema.RECONCILED, report.reconciled)
        if report.names_contacts:
            add_table_sheet(book, looks, "Contacts", schema.CONTACTS, report.contacts)
        add_table_sheet(book, looks, "Links", schema.JUDGED_LINKS, report.links)
        add_table_sheet(book, looks, "Changes", schema.CHANGES, report.changes)
        if report.fleet is not None:
            add_table_sheet(book, looks, "Fleet", schema.FLEET, report.fleet.table)
        policy = report.policy
        sheet = add_table_sheet(book, looks, "Rules", schema.RULES, policy.rules)
        # One column to the right, what both tables have stands below each other.
        below = (len(policy.rules) + 3, 1)
        sheet.write_string(below[0] - 1, below[1], "On GovCloud's own list", looks.label)
        reconcile = policy.reconcile_rules
        add_table(sheet, looks, "Own list", schema.RECONCILE_RULES, reconcile, corner=below)
        top = below[0] + len(reconcile) + 3
        sheet.write_string(top - 1, 2, "On what was left behind", looks.label)
        left_rules = policy.left_behind_rules
        add_table(sheet, looks, "Left rules", schema.LEFT_BEHIND_RULES, left_rules, corner=(top, 2))
        if len(policy.acceptances):
            accepted = _acceptances(report)
            add_table_sheet(book, looks, "Acceptances", schema.ACCEPTANCES, accepted)
        if not policy.link_rules.equals(Policy().link_rules):
            add_table_sheet(book, looks, "Link rules", schema.LINK_RULES, policy.link_rules)


def _add_mismatches(book: Any, looks: Looks, report: Report) -> None:
    """Add the pairs that disagree, with a status and a due day to fill in."""
    mismatches = report.mismatches
    own = schema.own_columns(schema.PAIRS, mismatches)
    dated = report.dated(mismatches[schema.PAIRS.names])
    found = _shown(to_fill_in(dated), _WORST_FIRST).copy()
    # Columns of the user's own stand behind ours, whatever they are called.
    for name in own:
        found[schema.free_name(name, found.columns)] = mismatches[name]
    rows = report.tagged(report.spent(found), head=TAG)
    sheet = add_table_sheet(book, looks, "Mismatches", schema.PAIRS, rows)
    validate(sheet, rows, report.snapshot.taken)


def _shown(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return those of the columns that there are, of some only where they tell something."""
    return frame[
        [
            name
            for name in columns
            if name in frame and (name not in _ONLY_KNOWN or frame[name].notna().any())
        ]
    ]


def _acceptances(report: Report) -> pd.DataFrame:
    """Return what became of each acceptance, with its state in a word."""
    entries = report.judged.acceptances
    state = np.select(
        [entries["ended"], entries["accounts"] == 0], ["Ended", "Matches nothing"], "In force"
    )
    said = entries.drop(columns="ended").rename(columns={"accounts": "Accounts"})
    return said.assign(State=pd.Series(state, dtype="str"))
