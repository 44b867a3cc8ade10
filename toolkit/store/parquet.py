"""One table of a snapshot as a Parquet file: how it is written, and how it is read and checked."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from toolkit import schema
from toolkit.errors import SchemaError, ToolkitError

DAMAGE = (pa.ArrowException, ToolkitError, OSError, ValueError, TypeError, KeyError)
"""What reading a file raises that is no table of ours."""


def written(name: str, frame: pd.DataFrame) -> bytes:
    """Return a table of `schema.STORED` as the content of a file; raises SchemaError."""
    table = schema.STORED[name]
    checked = schema.coerce(table, frame, what=f"the {name} of a snapshot")
    # Categories are written as text, so that every reader sees one column type in all snapshots.
    words = {c.name: "str" for c in table.columns if c.kind == "word"}
    return checked.astype(words).to_parquet(index=False)


def read(
    name: str, content: bytes, where: tuple[str, Sequence[str]] | None = None
) -> tuple[pd.DataFrame, int]:
    """Return the table of `schema.STORED` that a file holds, and how many rows the file has.

    With `where`, only the rows that have one of these values in that column: where there are none,
    no other column is read. Raises one of DAMAGE. The file is read as one, so that the folders that
    it lies in do not become columns; and by the calling thread alone: a process that ends while
    Arrow's own threads read for it never ends.
    """
    table = schema.STORED[name]
    file = _opened(content)
    rows = file.metadata.num_rows
    chosen: Any = None
    if where is not None:
        values = file.read([where[0]], use_threads=False)[where[0]]
        chosen = pc.is_in(values, value_set=pa.array(where[1], type=values.type))
        if not pc.any(chosen).as_py():
            return schema.empty(table), rows
    found = file.read(use_threads=False)
    found = found if chosen is None else found.filter(chosen)
    return schema.coerce(table, found.to_pandas(use_threads=False), what="it"), rows


def columns(name: str, content: bytes, wanted: Sequence[str]) -> tuple[Any, int]:
    """Return columns of a table as Arrow has them, as text, and how many rows the file has.

    Their values are not checked. Raises one of DAMAGE.
    """
    table = schema.STORED[name]
    file = _opened(content)
    found = file.read(list(wanted), use_threads=False)
    rows = file.metadata.num_rows
    columns = []
    for one in wanted:
        if one in found.column_names:
            columns.append(found[one].cast(pa.large_string()))
        elif table[one].optional:
            columns.append(pa.nulls(rows, pa.large_string()))
        else:
            raise SchemaError(f"it has no column {one}")
    return pa.table(columns, names=list(wanted)), rows


def no_columns(wanted: Sequence[str]) -> Any:
    """Return what `columns` gives of a table without rows."""
    return pa.table({name: pa.array([], pa.large_string()) for name in wanted})


def as_frame(table: Any) -> pd.DataFrame:
    """Return columns of text as a frame."""
    dtype = schema.ACCOUNTS["account_id"].dtype
    return pd.DataFrame({name: dtype.__from_arrow__(table[name]) for name in table.column_names})


def _opened(content: bytes) -> Any:
    return pq.ParquetFile(pa.BufferReader(content), pre_buffer=False)
