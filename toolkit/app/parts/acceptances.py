"""What became of the policy's acceptances, where somebody should see to it."""

from collections.abc import Callable
from typing import Any, Final

import pandas as pd

from toolkit.app.data import View
from toolkit.app.parts import plain
from toolkit.titles import counted, day, shorten

_NAMED: Final = 5
"""How many are named; whoever sees to those sees the others."""


def tell(view: View) -> None:
    """Say which acceptances have ended, and which are of nothing in this snapshot."""
    told = view.judged.acceptances
    ended = told[told["ended"] & (told["accounts"] > 0)]
    idle = told[told["accounts"] == 0]
    if not ended.empty:
        have = "acceptance has" if len(ended) == 1 else "acceptances have"
        plain.message(
            "notice",
            f"{len(ended):,} {have} ended, so that what was accepted counts again.",
            _named(
                ended,
                lambda one: f"ended on {day(one.until)}, on {counted(one.accounts, 'account')}",
            ),
        )
    if not idle.empty:
        what = "acceptance matches nothing" if len(idle) == 1 else "acceptances match nothing"
        plain.message(
            "notice",
            f"{len(idle):,} {what} in this snapshot.",
            _named(idle, lambda _one: "is of no account in its two states: correct it, or drop it"),
        )


def _named(rows: pd.DataFrame, say: Callable[[Any], str]) -> str:
    sentences = [
        f"Entry {one.entry} of {one.owner} ({shorten(str(one.reason))}) {say(one)}."
        for one in rows.head(_NAMED).itertuples()
    ]
    more = len(rows) - _NAMED
    return " ".join([*sentences, *([f"And {more:,} more."] if more > 0 else [])])
