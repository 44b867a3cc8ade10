"""One row an organization: its newest snapshot, judged as everywhere, and its trend."""

import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

import pandas as pd

from toolkit import analysis, schema
from toolkit.errors import (
    SchemaError,
    SnapshotNotFoundError,
    StoreError,
    StoreUnreachableError,
    expect,
)
from toolkit.fleet.work import each
from toolkit.installation import version
from toolkit.schema import FLEET, FLEET_SEVERITIES, FLEET_TREND, OWNERS
from toolkit.spells import Spells, spells_of
from toolkit.store import Address, Store
from toolkit.store.listing import gathered, warn
from toolkit.store.made import Kept
from toolkit.text import printable
from toolkit.verdicts import Judged, Policy

_WORST_FIRST: Final = (*FLEET_SEVERITIES, "left_behind", "unknown")
"""What an organization stands before another by."""


@dataclass(frozen=True, eq=False)
class Fleet:
    """All organizations of a store, each as its newest snapshot shows it.

    `table` is FLEET, worst first, `trend` FLEET_TREND, by organization and time, and `left_out` why
    nothing can be said of the other organizations.
    """

    table: pd.DataFrame
    trend: pd.DataFrame
    left_out: Mapping[str, StoreError] = field(default_factory=dict)


_FIRST_SEEN = pd.DataFrame(
    {
        name: pd.Series([], dtype=dtype)
        for name, dtype in (
            ("organization_id", "str"),
            ("account_id", "str"),
            ("first_seen", "datetime64[us, UTC]"),
        )
    }
)


class _Row(NamedTuple):
    """A row of FLEET, and by what it is kept."""

    key: str
    organization_id: str
    taken: str
    accounts: int
    paired: int
    mismatches: int
    critical: int
    high: int
    medium: int
    low: int
    accepted: int
    left_behind: int
    unknown: int
    snapshots: int


_KEPT: Final = Kept(FLEET_TREND, _Row, version=1)


class _Seen(NamedTuple):
    """What a task has seen of one organization; no row where nothing of it can be read."""

    row: _Row | None
    trend: pd.DataFrame
    left_out: list[StoreError]


def fleet(
    store: Address, policy: Policy | None = None, *, executor: Executor | None = None
) -> pd.DataFrame:
    """Return FLEET: one row per organization of a store, worst first; see `overview`."""
    return overview(store, policy, executor=executor).table


def overview(
    store: Address,
    policy: Policy | None = None,
    *,
    executor: Executor | None = None,
    organizations: Sequence[str] | None = None,
) -> Fleet:
    """Return all organizations of a store, or those named, by the newest snapshot of each.

    That is the newest whole organization that can be read, and where there is none, the newest
    snapshot; it is judged by the policy, with the grace, acceptances and what was left behind that
    the whole history tells. What cannot be read is left out, and said so in a LeftOutWarning.
    """
    expect(policy, Policy | None, "policy", "Pass what load_policy gave.")
    expect(executor, Executor | None, "executor", "Pass one of concurrent.futures, or none.")
    store = Store.at(store)
    named = store.organizations() if organizations is None else list(dict.fromkeys(organizations))
    if organizations is None and not named:
        store.find()  # which says that there is nothing, as everywhere
    # Who answers for what is in none of the figures, and looking for it in all of the past is dear.
    by = replace(policy or Policy(), owners=schema.empty(OWNERS), owner_tag="")
    calls = [(store, one, by) for one in named]
    seen = dict(zip(named, each(executor, see, calls), strict=True))
    warn(error for one in seen.values() for error in one.left_out)
    rows = [one.row for one in seen.values() if one.row]
    trends = [one.trend for one in seen.values() if one.row]
    table = schema.coerce(FLEET, pd.DataFrame(rows, columns=_Row._fields))
    return Fleet(
        worst_organizations_first(table),
        pd.concat([schema.empty(FLEET_TREND), *trends], ignore_index=True),
        {name: one.left_out[0] for name, one in seen.items() if one.left_out and not one.row},
    )


def worst_organizations_first(table: pd.DataFrame) -> pd.DataFrame:
    """Return FLEET in the order in which organizations want to be looked at."""
    by_name = table.sort_values("organization_id")
    return by_name.sort_values(
        list(_WORST_FIRST), ascending=False, kind="stable", ignore_index=True
    )


def first_seen(
    store: Address, policy: Policy | None = None, *, executor: Executor | None = None
) -> pd.DataFrame:
    """Return since when each pair has disagreed: `organization_id, account_id, first_seen` (UTC).

    One row per account that disagreed when a snapshot last saw it, as `analysis.first_seen` has it.
    """
    store, by = Store.at(store), policy or Policy()
    named = store.organizations()
    found = each(executor, disagreeing, [(store, one, by) for one in named])
    warn(error for _, left_out in found for error in left_out)
    parts = [
        pd.DataFrame({"organization_id": one, "account_id": seen.index, "first_seen": seen.array})
        for one, (seen, _) in zip(named, found, strict=True)
    ]
    return pd.concat([_FIRST_SEEN, *parts], ignore_index=True)


def disagreeing(
    store: Store, organization: str, policy: Policy
) -> tuple[pd.Series, list[StoreError]]:
    """Return since when each pair of one organization has disagreed, and what is left out."""
    with gathered() as left_out:
        try:
            spells = spells_of(store, organization)
        except StoreError as error:
            warn([error])
            spells = Spells.of([])
    return analysis.first_seen(spells, policy.rules), left_out


def see(store: Store, organization: str, policy: Policy) -> _Seen:
    """Look at one organization.

    What is found hangs on its snapshots and on the policy alone. It is kept until one of them is
    another, unless something was left out: whether that can be read by now has to be seen.
    """
    row, trend = None, schema.empty(FLEET_TREND)
    with gathered() as left_out:
        try:
            versions = store.versions(organization)
            if not versions:  # and not to be passed over: it was named, or was there
                raise SnapshotNotFoundError(
                    f"{store} holds no snapshot of {printable(organization)}.",
                    "Whoever works on it, here or elsewhere, has to find it at that address.",
                )
            key = _key(versions, policy)
            kept, rows = _KEPT.recalled(store, organization)
            if len(rows) == 1 and rows[0].key == key:
                return _Seen(rows[0], kept, left_out)
            judged = _newest(store, organization, policy)
            if judged is not None:
                row, trend = _row(judged, key, len(versions)), _trend(judged)
        except StoreUnreachableError:
            raise
        except StoreError as error:
            warn([error])
    if row is not None and not left_out:
        _KEPT.keep(store, organization, trend, [row])
    return _Seen(row, trend, left_out)


def _key(versions: Mapping[str, str], policy: Policy) -> str:
    """Return what differs where what is found may."""
    snapshots = (f"{snapshot_id} {mark}" for snapshot_id, mark in versions.items())
    text = "\0".join([version(), policy.mark, *snapshots])
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def _newest(store: Store, organization: str, policy: Policy) -> Judged | None:
    """Return the newest snapshot that can be judged; a whole organization before all others."""
    listing = store.listing(organization)
    spells = spells_of(store, organization, listing)
    for one in listing.newest_first:
        try:
            judged = policy.judge(store.load(one.snapshot_id), spells=spells)
            _ = judged.pairs, judged.left_behind
        except StoreUnreachableError:
            raise
        except StoreError as error:
            warn([error])
        except SchemaError as error:
            said = f"{one.snapshot_id} cannot be judged: {error.message}"
            warn([StoreError(said, error.hint)])
        else:
            return judged
    return None


def _row(judged: Judged, key: str, snapshots: int) -> _Row:
    """Return the row of an organization."""
    figures = analysis.key_figures(judged.pairs, judged.left_behind)
    return _Row(
        key=key,
        organization_id=judged.snapshot.manifest.organization_id,
        taken=judged.snapshot.taken.isoformat(),
        accounts=figures.accounts,
        paired=figures.linked,
        mismatches=figures.mismatches,
        accepted=figures.accepted,
        left_behind=figures.left_behind,
        unknown=figures.unknown,
        snapshots=snapshots,
        **{name: figures.by_severity[word] for name, word in FLEET_SEVERITIES.items()},
    )


def _trend(judged: Judged) -> pd.DataFrame:
    """Return FLEET_TREND of an organization, up to the snapshot that was judged."""
    snapshot = judged.snapshot
    trend = analysis.trend_of(judged.spells, judged.policy, snapshot.closures, judged.tags)
    organization = snapshot.manifest.organization_id
    return schema.coerce(FLEET_TREND, trend.assign(organization_id=organization))
