"""The deck: a snapshot as PowerPoint slides, with native charts and tables that can be edited."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pptx.presentation import Presentation

from toolkit.exports.deck.slides import SLIDES
from toolkit.exports.deck.stage import open_stage
from toolkit.exports.files import destination, replacing
from toolkit.exports.report import report

if TYPE_CHECKING:
    import pandas as pd

    from toolkit.store import Snapshot

__all__ = ["save_deck"]


def save_deck(
    snapshot: "Snapshot",
    path: str | os.PathLike[str],
    *,
    history: Sequence["Snapshot"] = (),
    template: str | os.PathLike[str] | None = None,
    rules: "pd.DataFrame | None" = None,
    pairs: "pd.DataFrame | None" = None,
    note: str = "",
) -> Path:
    """Write the slides of a snapshot as .pptx and return the path; no browser is needed.

    Trend and "what changed" are there only with a `history` of earlier snapshots, and so is every
    slide only where it has something to say. `template` is a .pptx of one's own, of any aspect:
    its master, layouts, fonts and colours are used, its sample slides stay out of the deck, and
    the file itself is left alone. `rules`, `pairs` and `note` are those of `toolkit.report`: own
    rules, or a selection and the words that say which. Times are UTC. Raises InputError for a
    wrong suffix or template, StoreError where the file cannot be written.
    """
    target = destination(path, [".pptx"], "a deck")
    content = report(snapshot, history=history, rules=rules, pairs=pairs, note=note)
    stage = open_stage(template)
    for add_slide in SLIDES:
        add_slide(stage, content)
    _sign(stage.presentation, snapshot)
    with replacing(target) as beside:
        stage.presentation.save(os.fspath(beside))
    return target


def _sign(presentation: Presentation, snapshot: "Snapshot") -> None:
    """Say in the file's properties what it is; nobody's name, and no time but the snapshot's."""
    properties = presentation.core_properties
    properties.title = "Account states: Standard and GovCloud"
    properties.subject = f"Snapshot {snapshot.id}"
    properties.author = properties.last_modified_by = ""
    taken = snapshot.taken.tz_localize(None).to_pydatetime(warn=False)
    properties.created = properties.modified = taken
    properties.revision = 1
