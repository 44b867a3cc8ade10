"""The ids of snapshots, and the keys under which a place keeps what they are made of.

An id is organization and time taken, as `--snapshot` takes it. Nobody else builds a path.
"""

import re
from contextlib import suppress
from datetime import datetime
from typing import Final

from toolkit.errors import SnapshotNotFoundError, StoreError
from toolkit.text import printable

TAKEN: Final = "%Y-%m-%dT%H-%M-%SZ"
"""How a snapshot's id writes the time it was taken."""

_MANIFEST: Final = re.compile(
    r"runs/organization=([A-Za-z0-9-]+)/taken=(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)\.json", re.ASCII
)


def snapshot_id(organization: str, taken: datetime) -> str:
    """Return the id of the snapshot of an organization that was taken at a time, UTC."""
    return f"{organization}/{taken.strftime(TAKEN)}"


def manifests(organization: str | None) -> str:
    """Return how the keys of all manifests begin, or of those of one organization."""
    return "runs/" if organization is None else f"runs/organization={_checked(organization)}/"


def organization_of(folder: str) -> str | None:
    """Return the organization that a folder of manifests is of; None for anything else."""
    match = re.fullmatch(r"organization=([A-Za-z0-9-]+)", folder, re.ASCII)
    return match[1] if match else None


def snapshot_of(key: str) -> str | None:
    """Return the id of the snapshot whose manifest a key is; None for anything else.

    A copy that somebody made beside a manifest has another name, and is no snapshot.
    """
    match = _MANIFEST.fullmatch(key)
    return f"{match[1]}/{match[2]}" if match and _is_time(match[2]) else None


def manifest_key(snapshot_id: str) -> str:
    """Return where a snapshot's manifest is."""
    return f"runs/{_partition(snapshot_id)}.json"


def part_key(table: str, snapshot_id: str) -> str:
    """Return where a table of a snapshot is."""
    return f"{table}/{_partition(snapshot_id)}/part.parquet"


PROBE: Final = "writing/conditions"
"""Where it is tried whether a server keeps writers apart."""

CLAIMS: Final = "writing/organization="
"""How the keys of all claims begin."""


def claim_key(snapshot_id: str) -> str:
    """Return where a writer says that it is writing a snapshot."""
    return f"writing/{_partition(snapshot_id)}"


def claimed(key: str) -> str | None:
    """Return the id of the snapshot that a claim is of; None for anything else."""
    return snapshot_of(f"runs/{key.removeprefix('writing/')}.json")


def kept_key(organization: str, name: str) -> str:
    """Return where something is that was made from an organization's snapshots."""
    return f"kept/organization={_checked(organization)}/{name}"


def organization(snapshot_id: str) -> str:
    """Return whose snapshot it is, as its id writes it."""
    return snapshot_id.rpartition("/")[0]


def time_of(snapshot_id: str) -> str:
    """Return when a snapshot was taken, as its id writes it."""
    return snapshot_id.rpartition("/")[2]


def by_time(snapshot_id: str) -> tuple[str, str]:
    """Return what ids are put in order by."""
    organization, _, taken = snapshot_id.rpartition("/")
    return taken, organization


def _partition(snapshot_id: str) -> str:
    organization, _, taken = snapshot_id.rpartition("/")
    if not _is_time(taken):
        raise SnapshotNotFoundError(f"'{printable(snapshot_id)}' cannot name a snapshot.")
    return f"organization={_checked(organization)}/taken={taken}"


def _checked(organization: str) -> str:
    """Return an organization's id; raises StoreError for what could lead out of the store."""
    if not re.fullmatch("[A-Za-z0-9-]+", organization):
        raise StoreError(f"'{printable(organization)}' cannot name an organization.")
    return organization


def _is_time(text: str) -> bool:
    with suppress(ValueError):
        # Read and written again, it is the same: other ways to write a time name nothing here.
        return datetime.strptime(text, TAKEN).strftime(TAKEN) == text  # noqa: DTZ007 - not used
    return False
