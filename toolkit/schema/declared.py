"""How a table is declared: its columns, each with what it means and where it is from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

import pandas as pd

Kind = Literal["id", "text", "state", "word", "time", "count", "number", "flag"]
"""What a column holds: `id` 12 digits, `state` AWS's word kept as it came, `word` one of ours."""

_DTYPES: Final[Mapping[Kind, str]] = {
    "id": "str",
    "text": "str",
    "state": "str",
    "time": "datetime64[us, UTC]",
    "count": "int64",
    "number": "float64",
    "flag": "bool",
}


@dataclass(frozen=True)
class Column:
    """One column: its name in frames, its label for people, what it means and where it is from."""

    name: str
    label: str
    kind: Kind
    meaning: str
    source: str
    vocabulary: tuple[str, ...] = ()
    optional: bool = False

    @cached_property
    def dtype(self) -> Any:
        """The pandas dtype: text, UTC time, number, or an ordered category of our own words."""
        if self.kind == "word":
            return pd.CategoricalDtype([str(word) for word in self.vocabulary], ordered=True)
        return pd.api.types.pandas_dtype(_DTYPES[self.kind])


@dataclass(frozen=True)
class Table:
    """One table: what a row is, and its columns in order."""

    name: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    """The columns that tell one row from another, in a table that a run fills."""
    giver: str = ""
    """What gives such a table, for whoever passed something else."""

    @property
    def file(self) -> str:
        """What the table is called in a store and in a journal."""
        return self.name.lower()

    @property
    def names(self) -> list[str]:
        """The column names in order."""
        return [column.name for column in self.columns]

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)
