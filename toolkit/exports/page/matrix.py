"""The matrix of states as a table: on paper and screen a grid, on a phone a list."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from toolkit import analysis, theme, titles
from toolkit.schema import State, Verdict, label


@dataclass(frozen=True)
class MatrixCell:
    """How many pairs have two states, and what the rules say of them."""

    head: str
    count: str
    word: str
    kind: str


@dataclass(frozen=True)
class Matrix:
    """The states of the GovCloud side, and for each standard state a line of cells."""

    heads: list[str]
    rows: list[tuple[str, list[MatrixCell]]]


def matrix(pairs: pd.DataFrame) -> Matrix:
    """Return the matrix of PAIRS; states that are none of AWS's only where they occur."""
    cells = analysis.state_matrix(pairs)
    used = cells[cells["accounts"] > 0]
    columns = _shown(cells["govcloud_state"], used["govcloud_state"])
    rows = _shown(cells["standard_state"], used["standard_state"])
    by_states = {
        (str(one.standard_state), str(one.govcloud_state)): one
        for one in cells.itertuples(index=False)
    }
    return Matrix(
        [label(column) for column in columns],
        [(label(row), [_cell(by_states[row, column]) for column in columns]) for row in rows],
    )


def _shown(order: pd.Series, used: pd.Series) -> list[str]:
    special = (State.NOT_LINKED, State.UNKNOWN)
    present = set(used.astype("str"))
    states = dict.fromkeys(order.astype("str"))
    return [state for state in states if state not in special or state in present]


def _cell(cell: Any) -> MatrixCell:
    head = label(str(cell.govcloud_state))
    if not cell.accounts:
        return MatrixCell(head, "", "", "")
    disagrees = cell.verdict == Verdict.MISMATCH
    return MatrixCell(
        head,
        titles.number(cell.accounts),
        theme.severity_name(str(cell.severity)) if disagrees else "",
        str(cell.severity if disagrees else cell.verdict),
    )
