"""What was made from snapshots and is kept beside them: a table, and how it was made.

It can always be thrown away and made again, and it is wherever anything about it is not as it
should be: nothing is lost by it but time.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from toolkit import schema
from toolkit.errors import StoreError
from toolkit.store.parquet import DAMAGE

if TYPE_CHECKING:
    from toolkit.schema import Table
    from toolkit.store.store import Store

_MADE: Final = b"made"
"""The key of the file's metadata under which stands how it was made."""

_Step = TypeVar("_Step", bound=tuple[Any, ...])


@dataclass(frozen=True)
class Kept(Generic[_Step]):
    """A table that is kept of each organization, made in steps, which are named tuples of a kind.

    What another version kept is made again.
    """

    table: "Table"
    step: type[_Step]
    version: int

    def recalled(self, store: "Store", organization: str) -> tuple[pd.DataFrame, list[_Step]]:
        """Return the table and its steps; neither rows nor steps where it cannot be trusted."""
        nothing = schema.empty(self.table), list[_Step]()
        try:
            content = store.recall(organization, self._name)
            if content is None:
                return nothing
            file = pq.ParquetFile(
                pa.BufferReader(content), pre_buffer=False, page_checksum_verification=True
            )
            told = json.loads((file.schema_arrow.metadata or {})[_MADE])
            if told["version"] != self.version or told["rows"] != file.metadata.num_rows:
                return nothing
            steps = [self._told(one) for one in told["steps"]]
            # Read by this thread alone, as every table of a snapshot is.
            frame = file.read(use_threads=False).to_pandas(use_threads=False)
            return schema.coerce(self.table, frame), steps
        except DAMAGE:
            return nothing

    def keep(
        self, store: "Store", organization: str, frame: pd.DataFrame, steps: Sequence[_Step]
    ) -> None:
        """Keep the table and its steps; a store that cannot be written to goes without."""
        words = {column.name: "str" for column in self.table.columns if column.kind == "word"}
        whole = pa.Table.from_pandas(frame.astype(words), preserve_index=False)
        told = {"version": self.version, "rows": len(frame), "steps": list(map(list, steps))}
        metadata = {**(whole.schema.metadata or {}), _MADE: json.dumps(told).encode()}
        sink = pa.BufferOutputStream()
        pq.write_table(whole.replace_schema_metadata(metadata), sink, write_page_checksum=True)
        try:
            store.remember(organization, self._name, sink.getvalue().to_pybytes())
        except StoreError:
            return

    @property
    def _name(self) -> str:
        return f"{self.table.file}.parquet"

    def _told(self, values: Sequence[object]) -> _Step:
        """Return a step as it was told; raises TypeError where it is none."""
        made: Any = self.step
        found: _Step = made(*values)
        if not all(map(isinstance, found, self.step.__annotations__.values())):
            raise TypeError
        return found
