"""The table of account links: what each end is, which are worth a look, and a row to follow."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from toolkit.app import address, filters
from toolkit.app.address import Field
from toolkit.app.data import View
from toolkit.app.filters import Filter
from toolkit.app.pages import MISMATCHES
from toolkit.app.parts import plain, tables
from toolkit.schema import JUDGED_LINKS, SEEN_OUTCOMES, LinkStatus, label
from toolkit.text import printable_series

WORTH: Final = "Worth a look"
_ALL: Final = "All links"
_OUTSIDE: Final = "Outside the organization"
_NOT_LISTED: Final = "Not in the list"
_ELSEWHERE: Final = (_OUTSIDE, _NOT_LISTED)
_SIDES: Final = ("source", "target")


def not_seen(regions: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return a sentence for each way in which Regions could not be seen."""
    by_outcome: dict[str, list[str]] = {}
    for region, ended in sorted(regions.items()):
        if ended["outcome"] not in SEEN_OUTCOMES:
            by_outcome.setdefault(str(ended["outcome"]), []).append(region)
    return [
        f"Links in {', '.join(names)} could not be seen: {label(outcome).lower()}."
        for outcome, names in by_outcome.items()
    ]


def with_ends(view: View) -> pd.DataFrame:
    """Return JUDGED_LINKS worst first, with the name of each end and what it is, in words."""
    accounts = view.snapshot.accounts.drop_duplicates("account_id").set_index("account_id")
    links = view.links.sort_values(["severity", "region", "link_id"], kind="stable")
    for side in _SIDES:
        ids = links[f"{side}_account_id"]
        shown = tables.worded(links[f"{side}_state"]).astype("str")
        absent = _OUTSIDE if view.snapshot.manifest.is_whole_organization else _NOT_LISTED
        shown = shown.where(ids.isin(accounts.index), absent)
        links[f"{side}_name"] = printable_series(ids.map(accounts["name"]).astype("str"))
        links[f"{side}_shown"] = shown.fillna("Unknown")
    return links.reset_index(drop=True)


def choose(links: pd.DataFrame) -> pd.DataFrame:
    """Show the filters, as the address has them, and return the links that they keep."""
    regions = sorted(links["region"].unique())
    statuses = [label(status) for status in LinkStatus]
    fields = [
        Field("links", [WORTH, _ALL], WORTH),
        Field("region", regions, many=True),
        Field("status", statuses, many=True),
    ]
    address.arrive("links", fields)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            "Links", [WORTH, _ALL], required=True, key="links", persist_state="session"
        )
        for title, options, key in (("Region", regions, "region"), ("Status", statuses, "status")):
            st.multiselect(
                title, options, key=key, persist_state="session", placeholder="Any", width=240
            )
    chosen = address.leave("links", fields)
    keep = links["severity"].notna() | (chosen["links"] == [_ALL])
    if chosen["region"]:
        keep &= links["region"].isin(chosen["region"])
    if chosen["status"]:
        keep &= tables.worded(links["link_status"]).isin(chosen["status"])
    return links.loc[keep]


def narrowed_by(bar: Sequence[Any] | None) -> dict[str, Any]:
    """Return what the filters become when a bar of the chart is clicked, or let go."""
    if bar is None:
        return {"links": WORTH, "region": [], "status": []}
    return {"links": _ALL, "region": [bar[0]], "status": [label(bar[1])]}


def show(found: pd.DataFrame) -> None:
    """Show the links; a picked one leads to the pairs of its two ends."""
    if found.empty:
        plain.message("empty", "No link fits these filters.", f"Choose {_ALL} or other Regions.")
        return
    rows = found.assign(
        severity=tables.severity_pills(found["severity"]),
        link_status=tables.worded(found["link_status"]),
    )
    shown = [
        "severity",
        *(f"{side}_{part}" for side in _SIDES for part in ("name", "account_id")),
        *("link_status", "region", "source_shown", "target_shown", "meaning"),
    ]
    picked = tables.pick(
        rows[shown],
        _settings(),
        key=f"links-{tables.signature(found['link_id'])}",
        alt="Account links, worst first; pick a row to go to its accounts",
    )
    if picked is not None:
        _show_ends(found.iloc[picked])


def _show_ends(link: pd.Series) -> None:
    with st.container(border=True, key="ends"):
        plain.write(link["meaning"], "h3")
        plain.write(link["action"])
        for side in _SIDES:
            if link[f"{side}_shown"] in _ELSEWHERE:
                plain.write(
                    f"The {side} account, {link[f'{side}_account_id']}, is not in the list.",
                    "small",
                )
                continue
            st.page_link(
                MISMATCHES.path,
                label=f"Open the {side} account, {link[f'{side}_account_id']}",
                icon=":material/arrow_forward:",
                query_params=Filter(filters.ALL, find=link[f"{side}_account_id"]).address(),
            )


def _settings() -> dict[str, Any]:
    names = {
        f"{side}_{part}": st.column_config.TextColumn(f"{side.capitalize()} {word}", width=width)
        for side in _SIDES
        for part, word, width in (
            ("name", "name", 145),
            ("account_id", "account", 120),
            ("shown", "state", 170),
        )
    }
    return tables.columns(
        JUDGED_LINKS,
        link_status=tables.text_column(JUDGED_LINKS, "link_status", 130),
        region=tables.text_column(JUDGED_LINKS, "region", 110),
        meaning=st.column_config.TextColumn("Why", width=330),
        severity=tables.severity_column(),
        **names,
    )
