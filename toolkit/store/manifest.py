"""What is true of a whole run, kept beside its tables as JSON."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final

import pandas as pd

from toolkit import schema
from toolkit.text import is_local

FORMAT: Final = 1
"""Version of the manifest; a reader refuses newer ones instead of guessing."""

TAKEN: Final = "%Y-%m-%dT%H-%M-%SZ"
"""How a snapshot's id writes the time it was taken."""

_FIRST_TABLES: Final = ("accounts", "govcloud", "links")
"""The tables of a snapshot whose manifest is older than the sources in it."""


@dataclass(frozen=True)
class Manifest:
    """What is true of a whole run: whose accounts, when, asked by whom, and how it went.

    `taken` is when the run began and `finished` when its last answer arrived, both UTC.
    `complete` says that `accounts` is all that the caller sees, not a chosen list. `sources` holds
    how each source ended: its outcome, why where that is worth a word, and the rows of its table.
    `regions` and `roles` hold the outcome of each WorkSpaces Region and of each member account's
    role. `rate` is the pace found, in calls per second, and `rate_clusters` how often it was
    measured.
    """

    organization_id: str
    taken: pd.Timestamp
    finished: pd.Timestamp
    caller_account_id: str
    caller_kind: str
    complete: bool
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    outcomes: Mapping[str, int] = field(default_factory=dict)
    regions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    roles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    accounts: int = 0
    links: int = 0
    calls: int = 0
    calls_saved: int = 0
    throttled: int = 0
    seconds: float = 0.0
    rate: float | None = None
    rate_clusters: int = 0
    endpoint_url: str | None = None
    format: int = FORMAT

    @property
    def snapshot_id(self) -> str:
        """What `--snapshot` takes: organization and time taken."""
        return f"{self.organization_id}/{self.taken.strftime(TAKEN)}"

    @property
    def is_whole_organization(self) -> bool:
        """Whether its accounts are a whole organization: no chosen list, and no account alone."""
        alone = (schema.CallerKind.MEMBER, schema.CallerKind.STANDALONE)
        return self.complete and self.caller_kind not in alone

    @property
    def linked(self) -> int:
        """How many accounts have a GovCloud account."""
        return self.outcomes.get(schema.Outcome.FOUND, 0)

    @property
    def not_seen(self) -> int:
        """How many look-ups ended without telling whether there is a GovCloud account."""
        return sum(n for word, n in self.outcomes.items() if word not in schema.SEEN_OUTCOMES)

    @property
    def is_local(self) -> bool:
        """Whether an endpoint on this machine answered, as the emulator does, and not AWS."""
        return is_local(self.endpoint_url)

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables that the run left."""
        return tuple(dict.fromkeys((*_FIRST_TABLES, *self.sources)))

    def to_json(self) -> str:
        """Return the manifest as JSON text, times in ISO 8601."""
        values = asdict(self) | {
            "taken": self.taken.isoformat(),
            "finished": self.finished.isoformat(),
        }
        return json.dumps(values, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """Read a manifest; raises ValueError, KeyError or TypeError where it is not one."""
        values = json.loads(text)
        if values["format"] > FORMAT:
            raise ValueError(f"it has format {values['format']}, newer than {FORMAT}")
        times = {name: pd.Timestamp(values[name]) for name in ("taken", "finished")}
        # A field that this version does not know is of a newer one with the same format.
        known = {one.name for one in fields(cls)}
        return cls(**({name: values[name] for name in values if name in known} | times))
