"""Some of a snapshot's pairs, and the words that say which, and of how many."""

import difflib
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from toolkit import titles
from toolkit.errors import InputError
from toolkit.schema import Outcome
from toolkit.text import printable
from toolkit.verdicts.units import within

if TYPE_CHECKING:
    from toolkit.exports.report import Report

_LONGEST: Final = 60
"""How many characters of a sentence a file's name has."""


@dataclass(frozen=True, eq=False)
class Selection:
    """Some of a snapshot's pairs (PAIRS), and the words that say which.

    `left_behind` are the rows of LEFT_BEHIND that were chosen with them, where any were. `base` is
    what they were chosen of by what they are, such as all the pairs of their unit: its others are
    left out, and are no part of what is said. None where nothing is known of it.
    """

    pairs: pd.DataFrame
    note: str
    left_behind: pd.DataFrame | None = None
    base: pd.DataFrame | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether linked pairs of the base were left out: its share of what disagrees is no one's.

        What was chosen by its place alone, such as a whole unit, is not narrowed.
        """
        if self.base is None:
            return True
        return _linked(self.pairs) < _linked(self.base)


def file_name(taken: pd.Timestamp, note: str = "") -> str:
    """Return what a file of a snapshot is called, without an ending, with the words of a selection.

    ASCII and short, as every system and mail has it.
    """
    plain = unicodedata.normalize("NFKD", note.replace("'", "")).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower())[:_LONGEST].strip("-")
    which = f"-{words or 'selection'}" if note else ""
    return f"account-states-{taken:%Y-%m-%d}{which}"


def narrowed(report: "Report", severities: Collection[str] = (), unit: str = "") -> "Report":
    """Return the report on what has one of the severities, in one organizational unit.

    A unit is named by its path, and holds all that is below it; `*` stands for any one level.
    Nothing is left out by what is not given. Raises InputError for a unit that no account is in.
    """
    pairs, left = report.pairs, report.left_behind
    where = ""
    if unit:
        here, gone = (_in_unit(rows, unit) for rows in (pairs, left))
        if here.empty and gone.empty:
            raise _unknown(unit, pd.concat([pairs["ou_path"], left["ou_path"]]))
        pairs, left, where = here, gone, titles.unit_of(printable(unit.rstrip("/*")) or unit)
    base = pairs
    if not severities:
        # A place is one of the whole, and what is chosen there one of the place.
        note = titles.selection_in_words(pairs, report.pairs, left, which=f"in {where}")
        return report.only(pairs, note, left_behind=left, base=base)
    pairs, left = (rows[rows["severity"].isin([*severities])] for rows in (pairs, left))
    which = titles.severities_in_words([*severities])
    note = titles.selection_in_words(pairs, base, left, where=where, which=which)
    return report.only(pairs, note, left_behind=left, base=base)


def _linked(pairs: pd.DataFrame) -> int:
    return int((pairs["outcome"] == Outcome.FOUND).sum())


def _in_unit(rows: pd.DataFrame, unit: str) -> pd.DataFrame:
    pattern = unit if unit.endswith("*") else f"{unit.rstrip('/')}/**"
    return rows[within(rows["ou_path"].astype("string"), pattern)]


def _unknown(unit: str, paths: pd.Series) -> InputError:
    known = sorted({str(path) for path in paths.dropna()})
    near = difflib.get_close_matches(unit, known, n=1, cutoff=0)
    last = unit.strip("/").rpartition("/")[2].casefold()
    near = [path for path in known if path.casefold().split("/")[-1] == last][:1] or near
    hint = f"Units are named by their whole path, such as '{printable(near[0])}'." if near else ""
    return InputError(
        f"No account is in an organizational unit '{printable(unit)}'.",
        hint or "This snapshot knows no organizational units.",
    )
