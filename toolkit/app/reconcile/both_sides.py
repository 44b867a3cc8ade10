"""One GovCloud account up close: what its pair says of it, and what its own organization says."""

import pandas as pd
import streamlit as st

from toolkit.app import data, filters
from toolkit.app.data import View
from toolkit.app.filters import Filter
from toolkit.app.pages import MISMATCHES
from toolkit.app.parts import plain
from toolkit.app.reconcile.finding_table import NOT_TOLD
from toolkit.schema import Finding, label
from toolkit.theme import severity_name
from toolkit.titles import day, unseen_in_words


def show(view: View, row: pd.Series) -> None:
    """Show a row of `finding_table.with_names`: the finding, both sides, and how it came about."""
    pair = _first(view.pairs, "account_id", row["account_id"])
    with st.container(border=True, key="both-sides"):
        plain.write(_or(row["name"], "Account without a name"), "h2")
        verdict, by_pair, by_list = st.columns([5, 4, 4], gap="medium")
        with verdict:
            plain.write(_finding(row), "h3")
            plain.write(row["meaning"])
            plain.facts({"What to do": row["action"], **_creation(view, row)})
        with by_pair:
            plain.write("What the pair says", "h3")
            plain.facts(_by_pair(view, row, pair))
        with by_list:
            plain.write("What the GovCloud organization says", "h3")
            plain.facts(_by_list(view, row))
        if pair is not None:
            st.page_link(
                MISMATCHES.path,
                label=f"Open the pair of account {row['account_id']}",
                icon=":material/arrow_forward:",
                query_params=Filter(filters.ALL, find=row["account_id"]).address(),
            )


def _finding(row: pd.Series) -> str:
    if not isinstance(row["finding"], str):
        return NOT_TOLD
    severity = row["severity"]
    return label(row["finding"]) + (f": {severity_name(severity)}" if pd.notna(severity) else "")


def _by_pair(view: View, row: pd.Series, pair: pd.Series | None) -> dict[str, str]:
    if not isinstance(row["account_id"], str):
        return {"Paired with": "no account that is known"}
    if pair is None:
        return {
            "Account": row["account_id"],
            "Listed": "no more",
            "Last seen": _last_seen(view, row["account_id"]),
        }
    paired = pair["govcloud_account_id"] == row["govcloud_account_id"]
    looked_up = {"Looked up": _minute(pair["fetched_at"])} if pd.notna(pair["fetched_at"]) else {}
    return {
        "State": _state(row["state_by_pair"]) if paired else "It is not paired with this account",
        "Account": pair["account_id"],
        "Name": _or(pair["name"], "not known"),
        "Its state": _state(pair["standard_state"]),
        "Unit": _or(pair["ou_path"], "not known"),
        **looked_up,
    }


def _last_seen(view: View, account_id: str) -> str:
    """Say in which of the snapshots that were looked at an account was listed last."""
    seen = data.last_seen(view, account_id)
    if seen is not None:
        return f"in the snapshot of {day(seen)}"
    return f"not in {view.reaches}" if view.reaches else "not in the snapshots that can be read"


def _by_list(view: View, row: pd.Series) -> dict[str, str]:
    member = _first(view.snapshot.witness, "govcloud_account_id", row["govcloud_account_id"])
    account = {"Account": row["govcloud_account_id"]}
    if member is None:
        if view.snapshot.was_seen("witness"):
            return account | {"Listed": "It is not in the list"}
        return account | {"Not seen": unseen_in_words(view.snapshot, "witness")}
    return {
        "State": _state(member["state"]),
        **account,
        "Name": _or(member["name"], "not known"),
        "E-mail": _or(member["email"], "not known"),
        "Unit": _or(member["ou_path"], "not known"),
        "Joined": _joined(member),
    }


def _creation(view: View, row: pd.Series) -> dict[str, str]:
    """Say how the account was asked for, where AWS still tells."""
    wanted = row["govcloud_account_id"]
    request = _first(view.snapshot.created, "govcloud_account_id", wanted)
    if request is None:
        unseen = unseen_in_words(view.snapshot, "created")
        told = row["finding"] == Finding.WITHOUT_PAIR and unseen
        return {"Creation": unseen} if told else {}
    when = request["requested_at"]
    asked = f" on {day(when)}" if pd.notna(when) else ""
    of = f" with account {request['account_id']}" if isinstance(request["account_id"], str) else ""
    return {"Created": f"asked for{asked}{of}, {_state(request['state']).lower()}"}


def _joined(member: pd.Series) -> str:
    if pd.isna(member["joined_at"]):
        return "not known"
    method = member["joined_method"]
    how = f", {label(method).lower()}" if isinstance(method, str) else ""
    return f"{day(member['joined_at'])}{how}"


def _first(rows: pd.DataFrame, column: str, value: object) -> pd.Series | None:
    found = rows[rows[column] == value]
    return None if found.empty else found.iloc[0]


def _minute(time: pd.Timestamp) -> str:
    return f"{day(time)}, {time:%H:%M} UTC"


def _state(word: object) -> str:
    return label(word) if isinstance(word, str) else "not known"


def _or(text: object, otherwise: str) -> str:
    return text if isinstance(text, str) and text else otherwise
