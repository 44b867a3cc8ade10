"""What is true of a whole run, kept beside its tables as JSON."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import MISSING, asdict, dataclass, field, fields
from datetime import datetime
from functools import cache
from types import UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

import pandas as pd

from toolkit import schema
from toolkit.store import keys
from toolkit.text import is_local, printable

FORMAT: Final = 1
"""Version of the manifest; a reader refuses newer ones instead of guessing."""

_FIRST_TABLES: Final = ("accounts", "govcloud", "links")
"""The tables of a snapshot whose manifest is older than the sources in it."""

_ENDED: Final[Mapping[str, Any]] = {
    "outcome": str,
    "asked": str | None,
    "detail": str | None,
    "rows": int,
    "links": int,
}
"""What is told of a source, a Region or a role; its outcome always."""

_MOST: Final = 2**53
"""The greatest number that every reader of JSON reads as it is."""

_SHOWN: Final = 40
"""How much of a wrong value is shown."""


@dataclass(frozen=True)
class Manifest:
    """What is true of a whole run: whose accounts, when, asked by whom, and how it went.

    `taken` is when the run began and `finished` when its last answer arrived, both UTC.
    `complete` says that `accounts` is all that the caller sees, not a chosen list, and `completed`
    that a later run asked again what the first was not answered. `sources` holds
    how each source ended: its outcome, why where that is worth a word, and the rows of its table.
    `regions` and `roles` hold the outcome of each WorkSpaces Region and of each member account's
    role. `rate` is the pace found, in calls per second, and `rate_clusters` how often it was
    measured. `govcloud_organization_id` is the organization that the witness is of, where it was
    asked.
    """

    organization_id: str
    taken: pd.Timestamp
    finished: pd.Timestamp
    caller_account_id: str
    caller_kind: str
    complete: bool
    completed: bool = False
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
    govcloud_organization_id: str | None = None
    format: int = FORMAT

    @property
    def snapshot_id(self) -> str:
        """What `--snapshot` takes: organization and time taken."""
        return keys.snapshot_id(self.organization_id, self.taken)

    @property
    def is_whole_organization(self) -> bool:
        """Whether its accounts are a whole organization: no chosen list, and no account alone."""
        alone = (schema.CallerKind.MEMBER, schema.CallerKind.STANDALONE)
        return self.complete and self.caller_kind not in alone

    def was_seen(self, name: str) -> bool:
        """Whether that table was answered whole, so that what is not in it is not there.

        One that was not asked for, that was denied, or that is newer than the snapshot was not.
        """
        ended = self.sources.get(name)
        return ended is not None and ended["outcome"] == schema.Outcome.FOUND

    @property
    def linked(self) -> int:
        """How many accounts have a GovCloud account."""
        return self.outcomes.get(schema.Outcome.FOUND, 0)

    @property
    def not_seen(self) -> int:
        """How many look-ups ended without telling whether there is a GovCloud account."""
        return sum(n for word, n in self.outcomes.items() if word not in schema.SEEN_OUTCOMES)

    @property
    def why_no_links(self) -> str:
        """Why it counts no account links: not asked for, or not seen; "" where it does count them.

        Older manifests do not name the source, but the Regions in which it was asked.
        """
        if self.links:
            return ""
        if not (self.regions or "links" in self.sources):
            return "not asked for"
        answered = any(ended["outcome"] == schema.Outcome.FOUND for ended in self.regions.values())
        return "" if answered or self.was_seen("links") else "not seen"

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
    def from_json(cls, text: str | bytes) -> "Manifest":
        """Read a manifest; raises ValueError, with what is wrong, where it is not one.

        What this version does not know, as a newer one with the same format may write, is left out.
        """
        try:
            values = json.loads(text)
        except RecursionError:
            raise ValueError("its values lie too deep in each other") from None
        if not isinstance(values, dict):
            raise ValueError("it is no object")  # noqa: TRY004 - of a file, not of an argument
        if _of(int, values.get("format"), "format") > FORMAT:
            raise ValueError(f"it has format {values['format']}, newer than {FORMAT}")
        kinds = _kinds()
        known = {
            one.name: _of(kinds[one.name], values.get(one.name), one.name)
            for one in fields(cls)
            if one.name in values or one.default is one.default_factory is MISSING
        }
        known["sources"] = {
            name: ended for name, ended in known.get("sources", {}).items() if name in schema.STORED
        }
        return cls(**known)


@cache
def _kinds() -> dict[str, Any]:
    return get_type_hints(Manifest)


def _of(kind: Any, value: Any, name: str) -> Any:
    """Return a value of a JSON file as its field holds it; raises ValueError where it cannot be."""
    if get_origin(kind) is UnionType:
        return None if value is None else _of(get_args(kind)[0], value, name)
    if get_origin(kind) is Mapping and isinstance(value, dict):
        inner = get_args(kind)[1]
        if inner is not Any:
            return {printable(key): _of(inner, one, f"{name}.{key}") for key, one in value.items()}
        there = {"outcome", *value}
        kinds = {one: of for one, of in _ENDED.items() if one in there}
        return {one: _of(of, value.get(one), f"{name}.{one}") for one, of in kinds.items()}
    found = _plain(kind, value)
    if found is None:
        shown = json.dumps(value) if not isinstance(value, list | dict) else "a list or an object"
        raise ValueError(f"its {printable(name)} cannot be {printable(shown[:_SHOWN])}")
    return found


def _plain(kind: Any, value: Any) -> Any:
    """Return a value that holds no others, or None where it is not of that kind."""
    if kind is bool or isinstance(value, bool):
        return value if kind is bool and isinstance(value, bool) else None
    if kind in (int, float) and isinstance(value, int | float):
        return kind(value) if 0 <= value <= _MOST and kind(value) == value else None
    if isinstance(value, str) and kind is str:
        return printable(value)
    if isinstance(value, str) and kind is pd.Timestamp:
        with suppress(ValueError):
            time = datetime.fromisoformat(value)
            return pd.Timestamp(time).tz_convert("UTC") if time.tzinfo else None
    return None
