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
    name: str,
    content: bytes,
    where: tuple[str, Sequence[str]] | None = None,
    texts: Sequence[str] | None = None,
) -> tuple[pd.DataFrame, int]:
    """Return the table of `schema.STORED` that a file holds, and how many rows the file has.

    With `where`, only the rows that have one of these values in that column: where there are none,
    no other column is read. With `texts`, only these columns, as text, and their values are not
    checked. Raises one of DAMAGE. The file is read as one, so that the folders that it lies in do
    not become columns; and by the calling thread alone: a process that ends while Arrow's own
    threads read for it never ends.
    """
    table = schema.STORED[name]
    file = pq.ParquetFile(pa.BufferReader(content), pre_buffer=False)
    rows = file.metadata.num_rows
    if texts is not None:
        frame = file.read(list(texts), use_threads=False).to_pandas(use_threads=False)
        for one in texts:
            if one not in frame.columns and not table[one].optional:
                raise SchemaError(f"it has no column {one}")
        frame = frame if list(frame.columns) == list(texts) else frame.reindex(columns=list(texts))
        return frame.astype("str"), rows
    chosen: Any = None
    if where is not None:
        values = file.read([where[0]], use_threads=False)[where[0]]
        chosen = pc.is_in(values, value_set=pa.array(where[1], type=values.type))
        if not pc.any(chosen).as_py():
            return schema.empty(table), rows
    found = file.read(use_threads=False)
    found = found if chosen is None else found.filter(chosen)
    return schema.coerce(table, found.to_pandas(use_threads=False), what="it"), rows
