"""One pair up close: both sides, what they say together, since when, links, tags and cost."""

from typing import Any

import pandas as pd
import streamlit as st

from toolkit import titles
from toolkit.app.data import View
from toolkit.app.mismatches import accepting, drawers
from toolkit.app.pages import ACCOUNT
from toolkit.app.parts import further, plain
from toolkit.schema import Outcome, Verdict, label
from toolkit.theme import severity_name
from toolkit.titles import counted, day


def show_pair(view: View, pair: pd.Series) -> None:
    """Show a row of PAIRS, since when it is known to disagree, its links, tags and cost."""
    ends = view.links[["source_account_id", "target_account_id"]]
    links = view.links[(ends == pair["account_id"]).any(axis=1)]
    standard = {
        "State": _state(pair["standard_state"]),
        "Unit": _or(pair["ou_path"], "not known"),
        "E-mail": _or(pair["email"], "not known"),
        "Joined": _joined(pair),
    }
    with st.container(border=True, key="pair"):
        drawers.head(pair, _verdict(pair))
        plain.facts(_facts(view, pair))
        accepting.offer(pair)
        drawers.side(view, "standard", pair, standard)
        drawers.side(view, "govcloud", pair, _govcloud(pair))
        _show_links(links, pair["account_id"])
        further.show(view.snapshot, pair["account_id"])
        st.page_link(
            ACCOUNT.path,
            label="Ask AWS about this account now",
            icon=":material/travel_explore:",
            query_params={"accounts": pair["account_id"]},
        )


def _show_links(links: pd.DataFrame, account: str) -> None:
    if links.empty:
        plain.write("No account links.", "small")
        return
    plain.write(counted(len(links), "account link"), "h3")
    for link in links.itertuples():
        to = link.source_account_id == account
        other = f"to {link.target_account_id}" if to else f"from {link.source_account_id}"
        bad = f"{severity_name(str(link.severity))}: " if isinstance(link.severity, str) else ""
        said = f"{label(str(link.link_status))} {other} in {link.region}"
        plain.write(f"{said}. {bad}{link.meaning}", "small")


def _facts(view: View, pair: pd.Series) -> dict[str, str]:
    """Return what is known of a pair beside its states; what there is nothing of is left out."""
    row, taken = pair.to_dict(), view.snapshot.taken
    known = {
        "What to do": pair["action"],
        "Seen so": _since(row, taken),
        "Grace": titles.grace_in_words(view.in_grace(pair["account_id"])),
        "Reopening": titles.reopen_in_words(row, view.snapshot.closures, taken),
        "Owner": _or(pair["owner"], "nobody is known" if view.names_owners else ""),
        "Acceptance": titles.acceptance_in_words(row),
    }
    return {name: text for name, text in known.items() if text}


def _since(row: dict[Any, Any], taken: pd.Timestamp) -> str:
    """Say since when, and for how many days: at least so many where it may be longer."""
    said, days = titles.since_in_words(row), titles.age_in_days(row, taken)
    if not said or days is None:
        return "in this snapshot"
    return f"{said}: {counted(days, 'day')}"


def _verdict(pair: pd.Series) -> str:
    if pair["verdict"] != Verdict.MISMATCH:
        return label(pair["verdict"])
    accepted = "" if pd.isna(pair["accepted_until"]) else ", accepted"
    return f"{severity_name(pair['severity'])} mismatch{accepted}"


def _govcloud(pair: pd.Series) -> dict[str, str]:
    if pair["outcome"] == Outcome.FOUND:
        return {
            "State": _state(pair["govcloud_state"]),
            "Looked up": f"{day(pair['fetched_at'])}, {pair['fetched_at']:%H:%M} UTC",
        }
    if pair["outcome"] == Outcome.NOT_LINKED:
        return {"State": "None is linked"}
    return {"State": "Not seen", "Why": label(pair["outcome"]), "AWS said": _or(pair["detail"], "")}


def _joined(pair: pd.Series) -> str:
    if pd.isna(pair["joined_at"]):
        return "not known"
    method = "" if pd.isna(pair["joined_method"]) else f", {label(pair['joined_method']).lower()}"
    return f"{day(pair['joined_at'])}{method}"


def _state(word: object) -> str:
    return label(word) if isinstance(word, str) else "Unknown"


def _or(text: object, otherwise: str) -> str:
    return text if isinstance(text, str) and text else otherwise
