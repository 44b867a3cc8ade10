"""The deck: a snapshot as PowerPoint slides, with native charts and tables that can be edited."""

import os
from dataclasses import replace
from pathlib import Path

from toolkit.exports.deck.frames import add_notes
from toolkit.exports.deck.ink import make_readable
from toolkit.exports.deck.signing import sign
from toolkit.exports.deck.slides import SLIDES
from toolkit.exports.deck.slides.spoken import CONTINUED
from toolkit.exports.deck.stage import open_stage
from toolkit.exports.files import destination, replacing
from toolkit.exports.report import Report, as_report
from toolkit.store import Snapshot

__all__ = ["save_deck"]


def save_deck(
    content: Report | Snapshot,
    path: str | os.PathLike[str],
    *,
    template: str | os.PathLike[str] | None = None,
) -> Path:
    """Write the slides of a report as .pptx and return the path; no browser is needed.

    A snapshot is reported on with the history of the store that it came from; own rules and
    selections come with a report. Each slide is there only where it has something to say: trend
    and "what changed" only with earlier snapshots. `template` is a .pptx or .potx of one's own,
    of any aspect: its master, layouts, fonts and colours are used, its sample slides stay out of
    the deck, and the file itself is left alone. Times are UTC. Raises InputError for a wrong suffix
    or a template that cannot be used, such as one with macros or links to outside, StoreError where
    the file cannot be written.
    """
    target = destination(path, [".pptx"], "a deck")
    report = as_report(content)
    stage = open_stage(template)
    sign(stage.presentation, report)
    note = (report.note,) if report.note else ()
    slides = stage.presentation.slides
    for part in SLIDES:
        before = len(slides)
        lead = ("Appendix", *note) if part.in_appendix else note
        part.add(replace(stage, lead=lead), report)
        for place, slide in enumerate(list(slides)[before:]):
            said = CONTINUED if place else part.says(report)
            add_notes(slide, [said, f"From: {part.of}.", f"{report.source}."])
    make_readable(stage)
    with replacing(target) as beside:
        stage.presentation.save(os.fspath(beside))
    return target
