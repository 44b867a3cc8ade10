"""What tests of kept tables share: how what is told in one of how it was made becomes another."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq


def rewritten(change: Callable[[dict[str, object]], object]) -> Callable[[Path], None]:
    """Return what changes, in a file, what is told of the snapshots that it was made of."""

    def work(path: Path) -> None:
        table = pq.read_table(path)
        told = json.loads(table.schema.metadata[b"made"])
        change(told)
        metadata = {**table.schema.metadata, b"made": json.dumps(told).encode()}
        pq.write_table(table.replace_schema_metadata(metadata), path)

    return work
