"""What a store holds: the snapshots whose manifests can be read, and what is left out."""

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import pandas as pd

from toolkit import schema
from toolkit.errors import StoreError
from toolkit.store.manifest import Manifest


class LeftOutWarning(UserWarning):
    """Something in a store cannot be read; it was left out, and the rest was used."""


_GATHERED: ContextVar[list[StoreError] | None] = ContextVar("gathered", default=None)


@contextmanager
def gathered() -> Iterator[list[StoreError]]:
    """Give a list of what this thread leaves out meanwhile, of which no warning is given.

    It is for work in another thread or process than that in which the warnings are to be.
    """
    found: list[StoreError] = []
    token = _GATHERED.set(found)
    try:
        yield found
    finally:
        _GATHERED.reset(token)


def warn(left_out: Iterable[StoreError]) -> None:
    """Say of each what is left out; Python's own filter sees to it that each is said once."""
    found = _GATHERED.get()
    if found is not None:
        found.extend(left_out)
        return
    for error in left_out:
        warnings.warn(f"Left out: {error}", LeftOutWarning, stacklevel=3)


@dataclass(frozen=True)
class Listing:
    """The manifests that can be read, oldest first, and by id why the others cannot."""

    manifests: tuple[Manifest, ...]
    left_out: dict[str, StoreError]

    @property
    def table(self) -> pd.DataFrame:
        """SNAPSHOTS: one row per snapshot, newest first."""
        rows = [
            {name: getattr(manifest, name) for name in schema.SNAPSHOTS.names}
            for manifest in reversed(self.manifests)
        ]
        return schema.coerce(schema.SNAPSHOTS, rows)

    @property
    def newest_first(self) -> list[Manifest]:
        """The manifests, newest first; those of a whole organization before all others."""
        newest_first = self.manifests[::-1]
        return sorted(newest_first, key=lambda one: not one.is_whole_organization)

    def earlier(self, until: Manifest) -> list[Manifest]:
        """Return the manifests of the snapshots that `until` may be compared with, oldest first.

        They are those of the same organization taken before it. Only whole organizations are
        compared: an account that a chosen list leaves out has not vanished.
        """
        if not until.complete:
            return []
        return [
            one
            for one in self.manifests
            if one.complete
            and one.organization_id == until.organization_id
            and one.taken < until.taken
        ]
