"""What the slides for a board ask and tell, where the charts' own titles count."""

from typing import Final

import pandas as pd

from toolkit import analysis
from toolkit.analysis import KeyFigures
from toolkit.schema import label
from toolkit.titles.snapshot import title_state_matrix
from toolkit.titles.words import counted, number

ASK_LEFT_BEHIND: Final = "Ask AWS Support who pays for what was left behind"
ALL_ACCEPTED: Final = "What was left behind is accepted until a day"
ACCEPTED: Final = "Accepted until a day, and counted again from then on"
WORST: Final = "The pairs that disagree, the worst first"


def ask_critical(*, names_owners: bool) -> str:
    """Ask for what to do with critical pairs: of whom, hangs on whether any owner is known."""
    who = "their owners" if names_owners else "find who answers for them, and"
    return f"Critical pairs: {who} act today"


def ask_actions(*, names_owners: bool) -> str:
    """Ask for everything there is to do."""
    return (
        "What each owner is asked to do" if names_owners else "What there is to do, and how often"
    )


def tell_matrix(pairs: pd.DataFrame, *, selected: bool = False) -> str:
    """Tell which combination of states is off the most; of PAIRS where none is, how many agree.

    The summary of such pairs says so, too, in other words: no two slides have the same title.
    """
    figures, flows = analysis.key_figures(pairs), analysis.mismatch_flows(pairs)
    if flows.empty:
        return _agreeing(figures)
    if selected or figures.matches <= figures.mismatches:
        return title_state_matrix(pairs, selected=selected)
    most = flows["accounts"] == flows["accounts"].iloc[0]
    if most.sum() > 1:
        return "Most pairs agree; those that do not differ in many ways"
    first = flows.iloc[0]
    states = " → ".join(label(str(first[f"{side}_state"])) for side in ("standard", "govcloud"))
    return f"Most pairs agree; {states} is the most frequent way not to"


def _agreeing(figures: KeyFigures) -> str:
    said = "Pair by pair, both sides agree"
    if figures.matches == figures.linked:
        return said
    return f"{said} for {number(figures.matches)} of {counted(figures.linked, 'linked pair')}"
