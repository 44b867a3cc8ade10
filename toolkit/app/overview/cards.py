"""The cards of key figures: value, change since the snapshot before, history, and the way down."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd
import streamlit as st

from toolkit.analysis import KeyFigures
from toolkit.app import filters
from toolkit.app.filters import Filter
from toolkit.app.pages import MISMATCHES
from toolkit.schema import Severity

Tone = Literal["inverse", "off"]


@dataclass(frozen=True)
class Card:
    """One figure: what it is called, its values with the newest last, and what a click opens.

    `tone` is "inverse" where fewer is better, "off" where neither is.
    """

    key: str
    name: str
    values: Sequence[int]
    opens: Filter
    link: str
    tone: Tone
    meaning: str


def show_key_figures(history: Sequence[tuple[pd.Timestamp, KeyFigures]]) -> None:
    """Show the cards of the newest key figures; the history is oldest first."""
    cards = _cards([figures for _, figures in history])
    since = f"since {history[-2][0]:%-d %b}" if len(history) > 1 else "first snapshot"
    for column, card in zip(st.columns(len(cards)), cards, strict=True):
        with column:
            show(card, since)


def show(card: Card, since: str) -> None:
    """Show one card: all of it is a link to the accounts behind the figure."""
    values = list(card.values)
    with st.container(border=True, key=f"card-{card.key}", gap="xsmall", height="stretch"):
        st.metric(
            card.name,
            f"{values[-1]:,}",
            values[-1] - values[-2] if len(values) > 1 else 0,
            delta_color=card.tone,
            delta_description=since,
            help=card.meaning,
            # One value draws nothing: twice the same keeps the cards alike.
            chart_data=values if len(values) > 1 else values * 2,
            chart_type="area",
        )
        st.page_link(
            MISMATCHES.path,
            label=card.link,
            icon=":material/arrow_forward:",
            icon_position="right",
            query_params=card.opens.address(),
        )


def _cards(days: Sequence[KeyFigures]) -> list[Card]:
    return [
        Card(
            "critical",
            "Critical",
            [day.critical for day in days],
            filters.of_words(severity=Severity.CRITICAL),
            "See the critical mismatches",
            "inverse",
            "Closed payers with a running GovCloud account: cost and data that nobody manages.",
        ),
        Card(
            "mismatches",
            "Mismatches",
            [day.mismatches for day in days],
            Filter(),
            "See every mismatch",
            "inverse",
            "Linked pairs whose two states disagree.",
        ),
        Card(
            "linked",
            "Linked pairs",
            [day.linked for day in days],
            Filter(filters.LINKED),
            "See the linked pairs",
            "off",
            "Standard accounts with a GovCloud account behind them.",
        ),
        Card(
            "unknown",
            "Unknown",
            [day.unknown for day in days],
            Filter(filters.UNKNOWN),
            "See what is unknown",
            "inverse",
            "Accounts without a verdict: the look-up failed, or a state is unheard of.",
        ),
        Card(
            "accounts",
            "Accounts",
            [day.accounts for day in days],
            Filter(filters.ALL),
            "See every account",
            "off",
            "Every standard account of the organization's list, linked or not.",
        ),
    ]
