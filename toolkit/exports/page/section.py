"""A section of the page, which everything on it but its head is one of."""

from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.exports.page.cells import Table
from toolkit.exports.page.marks import Drawing
from toolkit.exports.page.matrix import Matrix


@dataclass(frozen=True)
class Section:
    """One section: what it is called in links and for people, its sentence, and what it shows.

    A `table` that is `behind` is opened by whoever wants it.
    """

    key: str
    name: str
    title: str
    subtitle: str
    table: Table | None = None
    behind: str = ""
    drawing: Drawing | None = None
    matrix: Matrix | None = None
    method: Sequence[tuple[str, str]] = ()
