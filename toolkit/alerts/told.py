"""What an address was told last, as it is remembered in the store."""

import hashlib
import json
from dataclasses import dataclass

import pandas as pd

from toolkit import schema
from toolkit.errors import SchemaError
from toolkit.schema import FINDINGS
from toolkit.text import printable

FORMAT = 1
_KEPT = (
    *("kind", "severity", "account_id", "name", "govcloud_account_id", "standard_state"),
    *("govcloud_state", "since", "accepted_until"),
)
"""The columns of FINDINGS that are remembered: no person is among them."""


@dataclass(frozen=True, eq=False)
class Told:
    """The snapshot that an address was told of, by id and version, and what was found in it.

    The findings stand in where that snapshot is there no longer, or has been completed since.
    `troubles` are the marks of the failed runs and damaged snapshots that it was told of.
    """

    snapshot_id: str
    version: str
    taken: pd.Timestamp | None
    findings: pd.DataFrame
    troubles: tuple[str, ...] = ()

    def written(self) -> bytes:
        """Return what is kept in the store."""
        rows = json.loads(
            self.findings[list(_KEPT)].to_json(orient="values", date_format="iso", date_unit="us")
        )
        values = {
            "format": FORMAT,
            "snapshot": self.snapshot_id,
            "version": self.version,
            "taken": self.taken.isoformat() if self.taken is not None else None,
            "troubles": self.troubles,
            "findings": rows,
        }
        return (json.dumps(values) + "\n").encode()

    @classmethod
    def read(cls, content: bytes) -> "Told":
        """Read what was kept; raises ValueError where it is damaged or of a newer version."""
        try:
            values = json.loads(content)
            if values["format"] != FORMAT:
                raise ValueError("it has another format")
            rows = [dict(zip(_KEPT, row, strict=True)) for row in values["findings"]]
            taken = values["taken"]
            return cls(
                str(values["snapshot"]),
                str(values["version"]),
                pd.Timestamp(taken) if taken else None,
                schema.coerce(FINDINGS, rows),
                tuple(map(str, values["troubles"])),
            )
        except (KeyError, TypeError, AttributeError, RecursionError, SchemaError) as error:
            raise ValueError(printable(str(error))) from None


def name_of(address: str) -> str:
    """Return under which name it is remembered what that address was told.

    The address itself, which may hold a password, is not in it.
    """
    return f"told-{hashlib.sha256(address.encode()).hexdigest()[:32]}.json"
