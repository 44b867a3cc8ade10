"""The findings: how many of each, filters, and a table of GovCloud accounts to pick from."""

from typing import Any, Final

import pandas as pd
import streamlit as st

from toolkit import analysis
from toolkit.app import address
from toolkit.app.address import Field
from toolkit.app.data import View
from toolkit.app.parts import cost, plain, tables
from toolkit.schema import RECONCILED, Finding, Severity, label
from toolkit.text import printable_series
from toolkit.verdicts import seen_findings

WORTH: Final = "Worth a look"
ALL: Final = "All GovCloud accounts"
NOT_TOLD: Final = "Cannot be told"
UNSEEN: Final = "–"
"""Stands for a count of what was not seen, which is not none."""

_FINDINGS: Final = (*(label(finding) for finding in Finding), NOT_TOLD)
_PAGE: Final = "reconcile"
_KEPT: Final = "session"
_SEARCHED: Final = ("name", "govcloud_account_id", "account_id")
_ABOUT: Final = {
    Finding.AGREE: "Both sides say the same of them.",
    Finding.STATE_DISAGREES: "The two sides give another state each.",
    Finding.NOT_IN_GOVCLOUD_ORGANIZATION: "Paired, but no member of the GovCloud organization.",
    Finding.WITHOUT_PAIR: "Members that no listed standard account is paired with.",
    Finding.PAIR_LEFT_LIST: "The standard account has left the list; this one is still there.",
    Finding.CREATED_BUT_NOT_PAIRED: "Created as half of a pair that is none now.",
}


def show_counts(view: View) -> None:
    """Show how many accounts have each finding; a click on one shows them in the table."""
    counts = analysis.findings(view.reconciled)
    compared = len(view.known) > 1
    seen = seen_findings(view.snapshot, view.reconciled, compared=compared)
    with st.container(key="findings"):
        for finding, accounts in zip(counts["finding"], counts["accounts"], strict=True):
            known = isinstance(finding, str)
            if known or accounts:
                shown = f"{accounts:,}" if accounts or finding in seen else UNSEEN
                _show_count(finding if known else "", shown)


def _show_count(finding: str, accounts: str) -> None:
    name = label(finding) if finding else NOT_TOLD
    with st.container(border=True, key=f"card-{finding or 'none'}", gap="xsmall"):
        about = _ABOUT[Finding(finding)] if finding else "One of the two sides was not seen."
        st.metric(name, accounts, help=about)
        # A link to this very page would not stand in the address.
        st.button(
            f"See {name}",
            icon=":material/arrow_downward:",
            type="tertiary",
            key=f"see-{finding or 'none'}",
            on_click=st.session_state.update,
            args=({"list": ALL, "finding": [name]},),
        )


def with_names(view: View) -> pd.DataFrame:
    """Return RECONCILED as it is sorted, with each account's name: by the pair, else the witness's.

    The names are printable.
    """
    rows = view.reconciled
    accounts = view.snapshot.accounts.drop_duplicates("account_id").set_index("account_id")
    witness = view.snapshot.witness.drop_duplicates("govcloud_account_id")
    of_witness = witness.set_index("govcloud_account_id")["name"]
    names = rows["account_id"].map(accounts["name"]).astype("str")
    others = rows["govcloud_account_id"].map(of_witness).astype("str")
    return rows.assign(name=printable_series(names.fillna(others))).reset_index(drop=True)


def choose(rows: pd.DataFrame) -> pd.DataFrame:
    """Show the filters, as the address has them, and return the rows that they keep."""
    severities = [label(severity) for severity in Severity]
    fields = [
        Field("list", [WORTH, ALL], WORTH),
        Field("finding", _FINDINGS, many=True),
        Field("weight", severities, many=True),
        Field("search"),
    ]
    address.arrive(_PAGE, fields)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            "GovCloud accounts", [WORTH, ALL], required=True, key="list", persist_state=_KEPT
        )
        st.pills("Severity", severities, selection_mode="multi", key="weight", persist_state=_KEPT)
    search, finding = st.columns(2, vertical_alignment="bottom")
    search.text_input(
        "Search",
        key="search",
        persist_state=_KEPT,
        type="search",
        live=True,
        icon=":material/search:",
        placeholder="Name or id",
    )
    finding.multiselect("Finding", _FINDINGS, key="finding", persist_state=_KEPT, placeholder="Any")
    chosen = address.leave(_PAGE, fields)
    keep = rows["severity"].notna() | (chosen["list"] == [ALL])
    if chosen["finding"]:
        keep &= _named(rows["finding"]).isin(chosen["finding"])
    if chosen["weight"]:
        keep &= tables.worded(rows["severity"]).isin(chosen["weight"])
    for text in chosen["search"]:
        keep &= _mentions(rows, text.strip())
    return rows[keep]


def _named(findings: pd.Series) -> pd.Series:
    return tables.worded(findings).astype("str").fillna(NOT_TOLD)


def _mentions(rows: pd.DataFrame, text: str) -> pd.Series:
    found = pd.Series(data=False, index=rows.index)
    for name in _SEARCHED:
        found |= rows[name].str.contains(text, case=False, regex=False, na=False)
    return found


def show(view: View, found: pd.DataFrame) -> int | None:
    """Show the rows, and return the place of the one that is picked; None until one is.

    What GovCloud cost is beside them where that is known.
    """
    if found.empty:
        plain.message("empty", "No GovCloud account fits these filters.", f"Choose {ALL} above.")
        return None
    shown = found.assign(
        severity=tables.severity_pills(found["severity"]),
        finding=_named(found["finding"]),
        state_by_pair=tables.worded(found["state_by_pair"]),
        state_by_witness=tables.worded(found["state_by_witness"]),
    )
    costs, of_costs = cost.beside(view, found["account_id"])
    names = [
        *("severity", "name", "govcloud_account_id", "account_id", "finding"),
        *("state_by_pair", "state_by_witness", *costs.columns, "meaning"),
    ]
    return tables.pick(
        shown.join(costs)[names],
        _settings() | of_costs,
        key=f"reconciled-{tables.signature(found['govcloud_account_id'], found['finding'])}",
        alt="GovCloud accounts, worst first; pick a row to see both sides below",
    )


def _settings() -> dict[str, Any]:
    return tables.columns(
        RECONCILED,
        govcloud_account_id=tables.text_column(RECONCILED, "govcloud_account_id", 130),
        account_id=tables.text_column(RECONCILED, "account_id", 120),
        severity=tables.severity_column(),
        name=st.column_config.TextColumn("Name", width=175),
        finding=st.column_config.TextColumn("Finding", width=200),
        state_by_pair=st.column_config.TextColumn("By the pair", width=120),
        state_by_witness=st.column_config.TextColumn("By its list", width=120),
        meaning=st.column_config.TextColumn("What it means", width=420),
    )
