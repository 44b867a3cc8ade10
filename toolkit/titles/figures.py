"""The key figures: what each is called, how it is counted, and what it means, in one place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from toolkit.analysis import KeyFigures
from toolkit.schema import Severity, label
from toolkit.titles.rules import mismatches_in_words, severity_in_words
from toolkit.titles.words import counted, share
from toolkit.verdicts import Policy


@dataclass(frozen=True)
class KeyFigure:
    """One figure: `name` on a card, `row` in a list of all figures.

    `value` counts it. `meaning` says in a sentence what it counts, by the policy that judged;
    `note` stands under the number and relates it to another, where there is something to say.
    `severity` is that of the mismatches it counts, where it counts those of one alone.
    """

    key: str
    name: str
    row: str
    value: Callable[[KeyFigures], int]
    meaning: Callable[[Policy], str]
    fewer_is_better: bool = False
    note: Callable[[KeyFigures], str] = lambda _figures: ""
    severity: Severity | None = None


def _severity(severity: Severity) -> KeyFigure:
    return KeyFigure(
        severity.lower(),
        label(severity),
        label(severity),
        lambda figures: figures.by_severity[severity],
        lambda policy: severity_in_words(policy, severity),
        fewer_is_better=True,
        severity=severity,
    )


def _rate(figures: KeyFigures) -> str:
    rate = figures.mismatch_rate
    return "" if rate is None else f"{share(rate)} of judged pairs"


FIGURES: Final = (
    KeyFigure(
        "accounts",
        "Accounts",
        "Standard accounts",
        lambda figures: figures.accounts,
        lambda _policy: "Every standard account of the organization's list, linked or not.",
    ),
    KeyFigure(
        "linked",
        "Linked pairs",
        "With a GovCloud account",
        lambda figures: figures.linked,
        lambda _policy: "Standard accounts with a GovCloud account behind them.",
        note=lambda figures: f"of {counted(figures.accounts, 'standard account')}",
    ),
    KeyFigure(
        "matches",
        "Matches",
        "States agree",
        lambda figures: figures.matches,
        lambda _policy: "Linked pairs whose two states agree.",
    ),
    KeyFigure(
        "mismatches",
        "Mismatches",
        "States disagree",
        lambda figures: figures.mismatches,
        mismatches_in_words,
        fewer_is_better=True,
        note=_rate,
    ),
    *(_severity(severity) for severity in Severity),
    KeyFigure(
        "accepted",
        "Accepted",
        "Disagree, and accepted",
        lambda figures: figures.accepted,
        lambda _policy: "Mismatches that somebody answers for until a day; they are not counted.",
    ),
    KeyFigure(
        "left-behind",
        "Left behind",
        "Left behind",
        lambda figures: figures.left_behind,
        lambda _policy: (
            "Pairs whose standard account has left the list while its GovCloud account was not"
            " closed; they stay until the GovCloud organization's list shows it closed."
        ),
        fewer_is_better=True,
        note=lambda figures: (
            f"{figures.left_behind_critical:,} of them critical"
            if figures.left_behind_critical
            else ""
        ),
    ),
    KeyFigure(
        "not-linked",
        "Not linked",
        "No GovCloud account linked",
        lambda figures: figures.not_linked,
        lambda _policy: "Standard accounts without a GovCloud account.",
    ),
    KeyFigure(
        "unknown",
        "Unknown",
        "Unknown",
        lambda figures: figures.unknown,
        lambda _policy: "Accounts without a verdict: the look-up failed, or a state is unheard of.",
        fewer_is_better=True,
        note=lambda figures: (
            "not seen or not understood" if figures.unknown else "every account was seen"
        ),
    ),
)
"""Every key figure, in the order of a list of all."""


def figure(key: str) -> KeyFigure:
    """Return the key figure of that key; raises KeyError where there is none."""
    return {one.key: one for one in FIGURES}[key]
