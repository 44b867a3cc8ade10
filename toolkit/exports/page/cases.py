"""The lists of accounts on the page: the worst cases, then everything that asks for action."""

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from toolkit import schema, titles
from toolkit.exports.page.cells import (
    Cell,
    Row,
    cell,
    date,
    heads,
    made,
    noted,
    severity,
    since,
)
from toolkit.exports.page.section import Section
from toolkit.exports.report import GRACE, REOPEN, TAG, Report
from toolkit.schema import Outcome, Start, Verdict, label
from toolkit.text import printable

_FIRST: Final = 5
"""How many cases stand above everything else."""

ROWS: Final = 500
"""How many rows a list shows before it points to the workbook."""

ACCOUNTS: Final = 1_000
"""How many accounts can be looked up on the page."""

_NOBODY: Final = "Nobody known"


def ask(report: Report) -> str:
    """Return the first sentence of the page: what is to be done, and by when."""
    if report.worst.empty:
        return report.headline
    return titles.ask(report.pairs, report.left_behind)


def worst(report: Report) -> Section | None:
    """Return the worst cases by name, with their age, who answers for them, and what to do."""
    found = report.worst
    if found.empty:
        return None
    shown = found.head(_FIRST)
    rows = [
        [
            severity(row["severity"]),
            noted(cell("name", row["name"]), _text(row["ou_path"])),
            cell("account_id", row["account_id"]),
            cell("govcloud_account_id", row["govcloud_account_id"]),
            _age(row, report.snapshot.taken),
            cell("owner", _text(row["owner"]) or _NOBODY),
            cell("action", row["action"]),
        ]
        for row in shown.to_dict("records")
    ]
    names = ("severity", "name", "account_id", "govcloud_account_id", "since", "owner", "action")
    title = f"The worst {_FIRST} of {titles.number(len(found))} cases that ask for somebody"
    if len(found) <= _FIRST:
        one, all_ = "The one case that asks for somebody", "Everything that asks for somebody"
        title = one if len(found) == 1 else all_
    return Section(
        "first",
        "Worst first",
        title,
        "Worst first, and of what is equally bad what has lasted longest",
        made(heads(names, since="For how long"), rows, len(rows)),
    )


def _age(row: dict[Any, Any], taken: pd.Timestamp) -> Cell:
    age, said = titles.age_in_days(row, taken), titles.case_since(row)
    if age is None:
        return Cell("Not known", "word", rank="9")
    days = titles.counted(age, "day")
    if row["since_is"] == Start.AT_LEAST:
        days = f"≥ {days}"
    return noted(date(row["since"], text=days), said[:1].upper() + said[1:])


def mismatches(report: Report) -> Section | None:
    """Return the pairs that disagree, with what each means, worst first."""
    if report.mismatches.empty:
        return None
    found = report.mismatches.head(ROWS)
    tagged = report.tagged(found, head=TAG)
    tags = list(tagged.columns[len(found.columns) :])
    dated = report.dated(found[schema.PAIRS.names])
    notes = [(since(row), _note(row)) for row in dated.to_dict("records")]
    is_dated = any(begun.text for begun, _ in notes)
    owned = bool(found["owner"].notna().any())
    columns = ("name", "account_id", "govcloud_account_id", "ou_path")
    states = ("standard_state", "govcloud_state")
    rows = [
        Row(
            [
                severity(pair["severity"]),
                *(cell(name, pair[name]) for name in (*columns, *states)),
                *([begun] if is_dated else []),
                *([cell("owner", pair["owner"])] if owned else []),
                noted(cell("meaning", pair["meaning"]), note),
                *(cell("", pair[name]) for name in tags),
            ],
            is_accepted=pd.notna(pair["accepted_until"]),
        )
        for pair, (begun, note) in zip(tagged.to_dict("records"), notes, strict=True)
    ]
    names = ["severity", *columns, *states, *["since"] * is_dated, *["owner"] * owned, "meaning"]
    said = ["Mismatched pairs, worst first"]
    said += ["≤: at least since then"] * any("≤" in begun.text for begun, _ in notes)
    said += ["grey: accepted, and not counted"] * bool(report.figures.accepted)
    return Section(
        "mismatches",
        "Mismatches",
        printable(titles.title_mismatches(report.pairs, report.left_behind)),
        "; ".join(said),
        made(
            [*heads(names, standard_state="Standard", govcloud_state="GovCloud"), *tags],
            rows,
            len(report.mismatches),
        ),
    )


def _note(row: dict[Any, Any]) -> str:
    """Say who accepted a pair, until when it is in grace, and how long it can be reopened."""
    grace = titles.grace_in_words(row.get(GRACE, pd.NaT))
    parts = filter(None, (titles.acceptance_in_words(row), grace, _text(row.get(REOPEN))))
    said = "; ".join(parts)
    return said[:1].upper() + said[1:]


def left_behind(report: Report) -> Section | None:
    """Return what was left behind, with the GovCloud ids that one needs to act on it."""
    found = report.left_behind
    if found.empty:
        return None
    owned = bool(found["owner"].notna().any())
    columns = ["name", "account_id", "govcloud_account_id", "ou_path", "govcloud_state"]
    rows = [
        Row(
            [
                severity(row["severity"]),
                *(cell(name, row[name]) for name in columns),
                date(row["last_seen"]),
                *([cell("owner", row["owner"])] if owned else []),
                noted(cell("action", row["action"]), _until(row["accepted_until"])),
            ],
            is_accepted=pd.notna(row["accepted_until"]),
        )
        for row in found.head(ROWS).to_dict("records")
    ]
    names = ["severity", *columns, "last_seen", *["owner"] * owned, "action"]
    return Section(
        "left-behind",
        "Left behind",
        printable(titles.title_left_behind(found)),
        "Not in the list any longer, worst first; states as last seen",
        made(heads(names), rows, len(found)),
    )


def _until(time: pd.Timestamp) -> str:
    return "" if pd.isna(time) else f"Accepted until {titles.day(time)}"


def contacts(report: Report) -> Section | None:
    """Return whom to call, which is there only where the report was asked to name them."""
    found = report.contacts
    if found.empty:
        return None
    columns = ("account_id", "contact_type", "name", "title", "email", "phone", "detail")
    rows = [
        [cell(name, row[name]) for name in columns] for row in found.head(ROWS).to_dict("records")
    ]
    accounts = titles.counted(found["account_id"].nunique(), "account")
    return Section(
        "contacts",
        "Whom to call",
        f"Whom to call for {accounts} whose states disagree",
        "Alternate contacts, worst mismatches first",
        made([schema.CONTACTS[name].label for name in columns], rows, len(found)),
    )


def accounts(report: Report) -> Section | None:
    """Return all accounts, to be looked up; none where the mismatches are all there is."""
    found = report.pairs
    if len(found) == len(report.mismatches):
        return None
    shown = found.head(ACCOUNTS)
    rows = [[*_listed(pair)] for pair in shown.to_dict("records")]
    names = ("name", "account_id", "govcloud_account_id", "ou_path", "standard_state")
    return Section(
        "accounts",
        "All accounts",
        f"{titles.counted(len(found), 'account')}, to look up",
        "Each with its GovCloud account and what the two states say",
        made([*heads(names, standard_state="Standard"), "GovCloud", "Verdict"], rows, len(found)),
        behind=f"Show {titles.counted(len(shown), 'account')}",
    )


def _listed(pair: dict[Any, Any]) -> Iterator[Cell]:
    for name in ("name", "account_id", "govcloud_account_id", "ou_path", "standard_state"):
        yield cell(name, pair[name])
    found = pair["outcome"] == Outcome.FOUND
    yield (
        cell("govcloud_state", pair["govcloud_state"])
        if found
        else Cell(label(str(pair["outcome"])), "word")
    )
    worse = pair["verdict"] == Verdict.MISMATCH
    yield severity(pair["severity"]) if worse else Cell(label(str(pair["verdict"])), "word")


def listed_in_words(report: Report) -> str:
    """Say what was searched where nothing was found."""
    total = len(report.pairs)
    if total <= ACCOUNTS:
        return f"Nothing here matches: all {titles.counted(total, 'account')} were searched."
    return (
        f"Nothing here matches: the page has {titles.number(ACCOUNTS)} of {titles.number(total)}"
        f" accounts and the worst {ROWS} mismatches; the workbook has all of them."
    )


def _text(value: object) -> str:
    return printable(value) if isinstance(value, str) else ""
