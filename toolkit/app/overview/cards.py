"""The cards of key figures: value, change since the snapshot before, history, and the way down."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import streamlit as st

from toolkit.analysis import KeyFigures
from toolkit.app import data, filters
from toolkit.app.data import View
from toolkit.app.filters import Filter
from toolkit.app.pages import MISMATCHES
from toolkit.app.parts import plain
from toolkit.schema import Severity
from toolkit.titles import figure


@dataclass(frozen=True)
class Card:
    """The key figure that a card shows, what a click on it opens, and what stands beside it."""

    key: str
    opens: Filter
    link: str
    beside: Callable[[KeyFigures], str] = lambda _figures: ""


CARDS: Final = (
    Card(
        "critical",
        filters.of_words(severity=Severity.CRITICAL),
        "See critical ones",
    ),
    Card(
        "mismatches",
        Filter(),
        "See every mismatch",
        lambda figures: f"{figures.accepted:,} more accepted" if figures.accepted else "",
    ),
    Card(
        "left-behind",
        Filter(filters.LEFT_BEHIND),
        "See what was left",
        figure("left-behind").note,
    ),
    Card("linked", Filter(filters.LINKED), "See the linked pairs"),
    Card("unknown", Filter(filters.UNKNOWN), "See what is unknown"),
    Card("accounts", Filter(filters.ALL), "See every account"),
)


_LEAVING: Final[Mapping[str, Callable[[KeyFigures], int]]] = {
    "critical": lambda figures: figures.left_behind_critical,
    "mismatches": lambda figures: figures.left_behind,
}
"""What the pairs of a figure become that leave the list."""


def show_key_figures(view: View) -> None:
    """Show a card for each key figure of a snapshot, with its history.

    A chosen list of accounts cannot tell what has left the list.
    """
    history = data.figures(view)
    whole = view.snapshot.manifest.is_whole_organization
    shown = [card for card in CARDS if whole or card.key != "left-behind"]
    since = None
    if len(history) > 1:
        before = history[-2][0]
        # A card has no room for the whole day; the page says elsewhere of which year all is.
        since = f"since {before.day} {before:%b}"
    for column, card in zip(st.columns(len(shown)), shown, strict=True):
        with column:
            _show(card, [figures for _, figures in history], since, view)


def _show(card: Card, days: Sequence[KeyFigures], since: str | None, view: View) -> None:
    """Show one card: all of it is a link to the accounts behind the figure."""
    shown = figure(card.key)
    values = [shown.value(day) for day in days]
    with st.container(border=True, key=f"card-{card.key}", gap="xsmall", height="stretch"):
        st.metric(
            shown.name,
            f"{values[-1]:,}",
            values[-1] - values[-2] if len(values) > 1 else None,
            delta_color=_colour(card.key, days),
            delta_description=since,
            help=plain.markdown(shown.meaning(view.policy)),
        )
        if len(values) > 1:
            st.html(_past(values))
        if beside := card.beside(days[-1]):
            plain.write(beside, "small")
        st.page_link(
            MISMATCHES.path,
            label=card.link,
            icon=":material/arrow_forward:",
            icon_position="right",
            query_params=card.opens.address() | view.source.whose,
        )


def _past(values: Sequence[int]) -> str:
    """Return the past of a figure as bars from zero up: what fell to one did not vanish."""
    top = max(*values, 1)
    said = f"{len(values)} snapshots: from {values[0]:,} to {values[-1]:,}, at most {max(values):,}"
    bars = "".join(f'<i style="height:{100 * value / top:.0f}%"></i>' for value in values)
    return f'<div class="ap-past" role="img" aria-label="{said}">{bars}</div>'


def _colour(key: str, days: Sequence[KeyFigures]) -> Literal["inverse", "off"]:
    """Return how a change is coloured: as good or bad news, or as neither.

    Of mismatches that are fewer because they were left behind, none the fewer are there.
    """
    shown = figure(key)
    if not shown.fewer_is_better:
        return "off"
    if key in _LEAVING and len(days) > 1:
        before, now = days[-2:]
        left = _LEAVING[key]
        if 0 < shown.value(before) - shown.value(now) <= left(now) - left(before):
            return "off"
    return "inverse"
