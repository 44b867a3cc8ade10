"""The slides in their order: each function puts one on the stage, or none where nothing is to say.

Titles come from `toolkit.titles`, numbers from `toolkit.analysis`, colours from `toolkit.theme`.
"""

from collections.abc import Callable
from typing import Final

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
from toolkit.exports.deck.slides.states import add_matrix, add_opening, add_overview
from toolkit.exports.deck.slides.witness import add_contacts, add_reconciled
from toolkit.exports.deck.stage import Stage
from toolkit.exports.report import Report

SLIDES: Final[tuple[tuple[str | None, Callable[[Stage, Report], None]], ...]] = (
    (None, add_opening),
    ("distribution", add_overview),
    ("matrix", add_matrix),
    ("units", add_units),
    ("owners", add_owners),
    ("flows", add_flows),
    ("mismatch-trend", add_trend),
    (None, add_changes),
    (None, add_left_behind),
    (None, add_reconciled),
    (None, add_fleet),
    ("links", add_links),
    (None, add_worst),
    (None, add_accepted),
    (None, add_actions),
    (None, add_contacts),
    (None, add_method),
)
"""Every slide, in the order of the deck: the key of the chart that it draws, and what adds it."""
