"""The worst five by name: how bad, for how long, whose, and what to do about each."""

import re
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from toolkit import analysis, titles
from toolkit.app import filters, look
from toolkit.app.data import View
from toolkit.app.filters import Filter
from toolkit.app.pages import MISMATCHES
from toolkit.app.parts import plain
from toolkit.theme import palette, severity_name
from toolkit.titles import counted

_MOST: Final = 5
_FIRST_CLAUSE: Final = re.compile(r"^[^;.]*")


def show(view: View) -> None:
    """Show what asks for somebody first, what was left behind included; nothing where none does."""
    cases = analysis.worst(view.pairs, view.left_behind)
    if cases.empty:
        return
    with st.container(border=True, key="worst", gap="small"):
        plain.write(titles.ask(view.pairs, view.left_behind), "h2")
        for case in cases.head(_MOST).to_dict("records"):
            _show(view, case)
        if len(cases) > _MOST:
            st.page_link(
                MISMATCHES.path,
                label=f"All {len(cases):,} that ask for somebody",
                icon=":material/arrow_forward:",
                icon_position="right",
                query_params=Filter().address(),
            )


def _show(view: View, case: Mapping[Any, Any]) -> None:
    kept = Filter(filters.LEFT_BEHIND if case["kind"] == "left" else filters.MISMATCHES)
    who, what = st.columns([1, 3], gap="small")
    with who:
        st.page_link(
            MISMATCHES.path,
            label=plain.markdown(_or(case["name"], case["account_id"])),
            query_params={**kept.address(), filters.ACCOUNT: case["account_id"]},
        )
    tint = palette(dark=look.is_dark()).tints[case["severity"]]
    owner = _or(case["owner"], "nobody is known" if view.names_owners else "")
    what.html(
        '<div class="ap-case">'
        f'<span><span class="ap-pill" style="background:{tint}">'
        f"{plain.escaped(severity_name(case['severity']))}</span></span>"
        f"<span><strong>{plain.escaped(_age(case, view.snapshot.taken))}</strong>"
        f'<span class="ap-small">{plain.escaped(titles.case_since(case))}</span></span>'
        f'<span><span class="ap-small">Owner</span> {plain.escaped(owner or "–")}</span>'
        f"<span>{plain.escaped(_FIRST_CLAUSE.findall(case['action'])[0])}.</span>"
        "</div>"
    )


def _age(case: Mapping[Any, Any], taken: pd.Timestamp) -> str:
    days = titles.age_in_days(case, taken)
    return "age not known" if days is None else counted(days, "day")


def _or(text: object, otherwise: str) -> str:
    return text if isinstance(text, str) and text else otherwise
