"""The slides in their order: what adds each, and what its speaker says.

First what a board needs, from the ask to what changed; what it may want to look up is an appendix.
Titles come from `toolkit.titles`, numbers from `toolkit.analysis`, colours from `toolkit.theme`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from toolkit.exports.deck.slides import spoken
from toolkit.exports.deck.slides.closing import add_links, add_method
from toolkit.exports.deck.slides.fleet import add_fleet
from toolkit.exports.deck.slides.history import add_changes, add_trend
from toolkit.exports.deck.slides.left_behind import add_left_behind
from toolkit.exports.deck.slides.mismatches import (
    add_accepted,
    add_actions,
    add_flows,
    add_owners,
    add_units,
    add_worst,
)
from toolkit.exports.deck.slides.states import add_distribution, add_matrix
from toolkit.exports.deck.slides.summary import add_critical, add_opening, add_summary
from toolkit.exports.deck.slides.witness import add_contacts, add_reconciled
from toolkit.exports.deck.stage import Stage
from toolkit.exports.report import Report


@dataclass(frozen=True)
class Part:
    """One slide, or more where it does not fit: what adds it, and what its speaker says.

    `add` adds none where there is nothing to say. `says` gives the speaker's sentences, and `of`
    where the numbers are from. `chart` is the key of the chart that it draws, in `CHARTS`.
    """

    add: Callable[[Stage, Report], None]
    says: Callable[[Report], str]
    of: str
    chart: str = ""
    in_appendix: bool = False


SLIDES: Final = (
    Part(add_opening, spoken.opening, spoken.JUDGED),
    Part(add_summary, spoken.summary, spoken.JUDGED),
    Part(add_critical, spoken.critical, spoken.JUDGED),
    Part(add_left_behind, spoken.left_behind, spoken.HISTORY),
    Part(add_actions, spoken.actions, spoken.JUDGED),
    Part(add_trend, spoken.trend, spoken.HISTORY, "mismatch-trend"),
    Part(add_units, spoken.units, spoken.JUDGED, "units"),
    Part(add_owners, spoken.owners, spoken.JUDGED, "owners"),
    Part(add_changes, spoken.changes, spoken.HISTORY),
    Part(add_fleet, spoken.fleet, spoken.FLEET),
    Part(add_distribution, spoken.distribution, spoken.JUDGED, "distribution", in_appendix=True),
    Part(add_matrix, spoken.matrix, spoken.JUDGED, "matrix", in_appendix=True),
    Part(add_flows, spoken.flows, spoken.JUDGED, "flows", in_appendix=True),
    Part(add_links, spoken.links, spoken.LINKS, "links", in_appendix=True),
    Part(add_reconciled, spoken.reconciled, spoken.WITNESS, in_appendix=True),
    Part(add_worst, spoken.worst, spoken.JUDGED, in_appendix=True),
    Part(add_accepted, spoken.accepted, spoken.JUDGED, in_appendix=True),
    Part(add_contacts, spoken.contacts, spoken.CONTACTS, in_appendix=True),
    Part(add_method, spoken.method, spoken.JUDGED, in_appendix=True),
)
"""Every slide, in the order of the deck."""
