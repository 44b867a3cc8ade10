"""One pair up close: both sides, what they say together, since when, links, tags and cost."""

import pandas as pd
import streamlit as st

from toolkit import titles
from toolkit.app.data import View
from toolkit.app.mismatches import accepting
from toolkit.app.pages import ACCOUNT
from toolkit.app.parts import further, plain, tables
from toolkit.schema import JUDGED_LINKS, Outcome, Verdict, label
from toolkit.theme import severity_name
from toolkit.titles import counted, day


def show_pair(view: View, pair: pd.Series) -> None:
    """Show a row of PAIRS, since when it is known to disagree, its links, tags and cost."""
    ends = view.links[["source_account_id", "target_account_id"]]
    links = view.links[(ends == pair["account_id"]).any(axis=1)]
    with st.container(border=True, key="pair"):
        plain.write(_or(pair["name"], "Account without a name"), "h2")
        verdict, standard, govcloud = st.columns([5, 4, 4], gap="medium")
        with verdict:
            plain.write(_verdict(pair), "h3")
            plain.write(pair["meaning"])
            plain.facts(_facts(view, pair))
        with standard:
            plain.write("Standard account", "h3")
            plain.facts(
                {
                    "State": _state(pair["standard_state"]),
                    "Account": pair["account_id"],
                    "Unit": _or(pair["ou_path"], "not known"),
                    "E-mail": _or(pair["email"], "not known"),
                    "Joined": _joined(pair),
                }
            )
        with govcloud:
            plain.write("GovCloud account", "h3")
            plain.facts(_govcloud(pair))
        accepting.offer(pair)
        _show_links(links)
        further.show(view.snapshot, pair["account_id"])
        st.page_link(
            ACCOUNT.path,
            label="Ask AWS about this account now",
            icon=":material/travel_explore:",
            query_params={"accounts": pair["account_id"]},
        )


def _show_links(links: pd.DataFrame) -> None:
    if links.empty:
        plain.write("No account links.", "small")
        return
    plain.write(counted(len(links), "account link"), "h3")
    names = ["severity", "link_status", "region", "source_account_id", "target_account_id"]
    st.dataframe(
        links[[*names, "meaning"]].assign(
            severity=tables.severity_pills(links["severity"]),
            link_status=tables.worded(links["link_status"]),
        ),
        hide_index=True,
        column_config=tables.columns(
            JUDGED_LINKS, *names[1:], "meaning", severity=tables.severity_column()
        ),
        alt="Account links of this pair",
    )


def _facts(view: View, pair: pd.Series) -> dict[str, str]:
    """Return what is known of a pair beside its states; what there is nothing of is left out."""
    row, taken = pair.to_dict(), view.snapshot.taken
    known = {
        "What to do": pair["action"],
        "Seen so": titles.since_in_words(row) or "in this snapshot",
        "Grace": titles.grace_in_words(view.in_grace(pair["account_id"])),
        "Reopening": titles.reopen_in_words(row, view.snapshot.closures, taken),
        "Owner": _or(pair["owner"], "nobody is known" if view.names_owners else ""),
        "Acceptance": titles.acceptance_in_words(row),
    }
    return {name: text for name, text in known.items() if text}


def _verdict(pair: pd.Series) -> str:
    if pair["verdict"] != Verdict.MISMATCH:
        return label(pair["verdict"])
    accepted = "" if pd.isna(pair["accepted_until"]) else ", accepted"
    return f"{severity_name(pair['severity'])} mismatch{accepted}"


def _govcloud(pair: pd.Series) -> dict[str, str]:
    if pair["outcome"] == Outcome.FOUND:
        return {
            "State": _state(pair["govcloud_state"]),
            "Account": pair["govcloud_account_id"],
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
