"""Reading decks back as a person would: by slide title, table and chart."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pptx
import pytest

from toolkit.exports import Report
from toolkit.exports.deck import save_deck
from toolkit.store import Snapshot


class Deck:
    """A saved deck."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.presentation: Any = pptx.Presentation(str(path))
        self.slides: list[Any] = list(self.presentation.slides)

    @property
    def titles(self) -> list[str]:
        return [slide.shapes.title.text_frame.text for slide in self.slides]

    def slide(self, title: str) -> Any:
        return self.all(title)[0]

    def all(self, title: str) -> list[Any]:
        """Return the slides whose titles begin so."""
        both = zip(self.slides, self.titles, strict=True)
        return [slide for slide, said in both if said.startswith(title)]

    def about(self, words: str) -> Any:
        """Return the first slide that has these words somewhere."""
        return next(s for s in self.slides if any(words in text for text in self.texts(s)))

    def shapes(self, slide: Any) -> list[Any]:
        """Return the shapes of a slide, those in groups too."""
        found: list[Any] = []
        waiting = list(slide.shapes)
        while waiting:
            shape = waiting.pop(0)
            found.append(shape)
            waiting += list(shape.shapes) if hasattr(shape, "shapes") else []
        return found

    def texts(self, slide: Any) -> list[str]:
        texts = [s.text_frame.text for s in self.shapes(slide) if s.has_text_frame]
        for table in self.tables(slide):
            texts += [text for row in table for text in row]
        return texts

    def tables(self, slide: Any) -> list[list[list[str]]]:
        return [
            [[cell.text_frame.text for cell in row.cells] for row in shape.table.rows]
            for shape in slide.shapes
            if shape.has_table
        ]

    def chart(self, slide: Any) -> Any:
        return next(shape.chart for shape in slide.shapes if shape.has_chart)

    def bars(self, slide: Any) -> dict[str, list[int]]:
        """Return a chart's numbers: one list per series, one number per category."""
        plot = self.chart(slide).plots[0]
        return {series.name: [int(value) for value in series.values] for series in plot.series}


MakeDeck = Callable[..., Deck]


@pytest.fixture(scope="session")
def make_deck(tmp_path_factory: pytest.TempPathFactory) -> MakeDeck:
    """Save a deck and open it again."""

    def make(content: Snapshot | Report, history: Sequence[Snapshot] = (), **more: Any) -> Deck:
        report = content if isinstance(content, Report) else Report.of(content, history=history)
        return Deck(save_deck(report, tmp_path_factory.mktemp("made") / "deck.pptx", **more))

    return make


@pytest.fixture(scope="session")
def small_deck(small_report: Report, make_deck: MakeDeck) -> Deck:
    """Return the deck of five pairs; it is only read."""
    return make_deck(small_report)


@pytest.fixture(scope="session")
def dated_deck(dated_report: Report, make_deck: MakeDeck) -> Deck:
    """Return the deck of five pairs and what they were before; it is only read."""
    return make_deck(dated_report)


@pytest.fixture(scope="session")
def hostile_deck(hostile_report: Report, make_deck: MakeDeck) -> Deck:
    """Return a deck whose every name is one to beware of; it is only read."""
    return make_deck(hostile_report)
