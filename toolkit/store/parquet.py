"""One table of a snapshot as a Parquet file: how it is written, and how it is read and checked."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from toolkit import schema
from toolkit.errors import ToolkitError

DAMAGE = (pa.ArrowException, ToolkitError, OSError, ValueError, TypeError, KeyError)
"""What reading a file raises that is no table of ours."""


def written(name: str, frame: pd.DataFrame) -> bytes:
    """Return a table of `schema.STORED` as the content of a file; raises SchemaError."""
    table = schema.STORED[name]
    checked = schema.coerce(table, frame, what=f"the {name} of a snapshot")
    # Categories are written as text, so that every reader sees one column type in all snapshots.
    words = {c.name: "str" for c in table.columns if c.kind == "word"}
    return checked.astype(words).to_parquet(index=False)


def read(name: str, content: bytes, columns: Sequence[str] = ()) -> pd.DataFrame:
    """Return the table of `schema.STORED` that a file holds, or some columns of it.

    Raises one of DAMAGE.
    It is read as one file, so that the folders that it lies in do not become columns; and by the
    calling thread alone: a process that ends while Arrow's own threads read for it never ends.
    """
    file = pq.ParquetFile(pa.BufferReader(content), pre_buffer=False)
    table = schema.STORED[name]
    if columns:
        table = replace(table, columns=tuple(table[column] for column in columns))
    frame = file.read(columns or None, use_threads=False).to_pandas(use_threads=False)
    return schema.coerce(table, frame, what="it")
