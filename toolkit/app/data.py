"""What the pages load, kept for all of them.

Everything is kept by store, snapshot and version, and by the policy's mark, so what is written anew
is read anew, and what other rules say is judged anew. How long a pair has been so hangs on all
snapshots before its own, so their versions are part of what is kept by, too. What comes out is
shared between sessions and never changed. What stores hold is kept beside it, in `listings`.
"""

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

import pandas as pd
import streamlit as st

from toolkit import analysis, schema
from toolkit.analysis import Ranked
from toolkit.app import filters, listings, options
from toolkit.app.filters import Filter
from toolkit.app.listings import Versions
from toolkit.app.look import fitted
from toolkit.app.parts.tables import severity_pills, worded
from toolkit.app.source import Source
from toolkit.charts import chart
from toolkit.errors import StoreError
from toolkit.exports import Report
from toolkit.exports.report import file_name
from toolkit.fleet import Fleet, overview, worst_organizations_first
from toolkit.schema import TAGS, Verdict
from toolkit.spells import Spells, spells_of
from toolkit.store import LeftOutWarning, Snapshot, Store
from toolkit.store.keys import organization as organization_of
from toolkit.text import printable_series
from toolkit.titles import selection_in_words
from toolkit.verdicts import Judged, Policy, mismatches

MOST: Final = 12
"""How many snapshots the history on screen goes back, the chosen one included."""

_SLIM: Final = (
    *("account_id", "name", "ou_path", "standard_state", "govcloud_state"),
    *("outcome", "verdict", "severity", "accepted_until"),
)
"""What the history needs of the pairs of an earlier snapshot."""

_LEFT_OUT: Final = "Left out: "
"""How a LeftOutWarning begins."""


class Key(NamedTuple):
    """A snapshot as the caches know it; one that is written anew has another version.

    `before` differs where one of the organization's snapshots up to this one is another.
    """

    store: Store
    snapshot_id: str
    version: str
    before: str = ""


class Day(NamedTuple):
    """An earlier snapshot as the history has it: some columns of PAIRS, and LEFT_BEHIND."""

    pairs: pd.DataFrame
    left_behind: pd.DataFrame


Past: TypeAlias = tuple[tuple[pd.Timestamp, Key], ...]
_Of = TypeVar("_Of")


@dataclass(frozen=True, eq=False)
class View:
    """The chosen snapshot as the pages need it: where it is from, what is said of it, and its past.

    `known` is when each snapshot that may be compared with was taken, and its key: oldest first,
    the chosen one last. What takes long is kept, and made when it is first wanted.
    """

    source: Source
    judged: Judged
    known: Past

    @property
    def past(self) -> Past:
        """Those of `known` that the history is of: the last ones that can be read.

        Whether a table can be read shows when it is first wanted: then there is one less.
        """
        return self._readable[-MOST:]

    @property
    def reaches(self) -> str:
        """How far back the history goes, where that is not to the first snapshot; else empty."""
        there = len(self._readable)
        return f"the last {MOST} of {there:,} snapshots" if there > MOST else ""

    @property
    def _readable(self) -> Past:
        damaged = _damaged()
        return tuple((taken, key) for taken, key in self.known if key not in damaged)

    @property
    def mark(self) -> tuple[object, ...]:
        """What differs between two views that may show something else."""
        return _name_and_mark(self.policy), *(key for _, key in self.past)

    @property
    def policy(self) -> Policy:
        """What everything is judged by."""
        return self.source.policy

    @property
    def snapshot(self) -> Snapshot:
        """The chosen snapshot."""
        return self.judged.snapshot

    @property
    def pairs(self) -> pd.DataFrame:
        """PAIRS: one row per standard account."""
        return self.judged.pairs

    @property
    def left_behind(self) -> pd.DataFrame:
        """LEFT_BEHIND: one row per pair that left the list while its GovCloud account was open."""
        return self.judged.left_behind

    @property
    def is_narrowed(self) -> bool:
        """Whether pairs were chosen by what they are: a view is of all."""
        return False

    @property
    def names_owners(self) -> bool:
        """Whether anybody is known to answer for an account."""
        return bool(self.pairs["owner"].notna().any() or self.left_behind["owner"].notna().any())

    def in_grace(self, account_id: str) -> pd.Timestamp:
        """Return until when a pair is in grace; missing where it is not."""
        until: pd.Timestamp = self.judged.grace[self.pairs["account_id"] == account_id].iloc[0]
        return until

    @property
    def links(self) -> pd.DataFrame:
        """JUDGED_LINKS: one row per link and Region."""
        return self.judged.links

    @property
    def reconciled(self) -> pd.DataFrame:
        """RECONCILED: one row per GovCloud account known to the pairs or to its organization."""
        return _reconciled(self)[0]

    @property
    def reconciled_without(self) -> list[str]:
        """What reconciling left out of the history, but for what is said beside every page."""
        said = {f"{_LEFT_OUT}{error}" for error in left_out(self.source)}
        return [text for text in _reconciled(self)[1] if text not in said]

    @property
    def spend(self) -> pd.DataFrame:
        """What GovCloud cost in all, by account: a column a unit, the most frequent first."""
        return _spend(self)

    @property
    def tags(self) -> pd.DataFrame:
        """TAGS as `filters.to_choose` gives them; without rows where they were not seen whole."""
        return _tags(self)

    def kept(self, chosen: Filter) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the rows of `listed` and those of `left_listed` that a filter keeps."""
        left_tags, untold = _left_tags(self) if chosen.tag else (self.tags, ())
        return (
            filters.kept(self.listed, chosen, self.tags),
            filters.left_kept(self.left_listed, chosen, left_tags, untold),
        )

    @property
    def history(self) -> list[tuple[pd.Timestamp, pd.DataFrame]]:
        """(time taken, PAIRS) of the organization's snapshots up to this one, oldest first.

        The earlier ones have the columns that a comparison needs.
        """
        earlier = [(taken, day.pairs) for taken, day in self.earlier(_day)]
        return [*earlier, (self.snapshot.taken, self.pairs)]

    def left_behind_at(self, taken: pd.Timestamp) -> pd.DataFrame:
        """Return LEFT_BEHIND as of a snapshot of the history."""
        earlier = {time: day.left_behind for time, day in self.earlier(_day)}
        return earlier.get(taken, self.left_behind)

    @property
    def left_behind_counts(self) -> dict[pd.Timestamp, int]:
        """How many pairs were left behind that nobody had accepted, at each time of the history."""
        return {taken: of.left_behind for taken, of in figures(self)}

    def earlier(self, of: Callable[[Key, Policy, Spells], _Of]) -> list[tuple[pd.Timestamp, _Of]]:
        """Return what is asked of each snapshot of the history before this one, oldest first."""
        spells = self.judged.spells
        while True:
            try:
                return [(taken, of(key, self.policy, spells)) for taken, key in self.past[:-1]]
            except StoreError:  # it is known as damaged now, and in the history no more
                continue

    @property
    def listed(self) -> pd.DataFrame:
        """PAIRS to look through, as `worst_first` gives them."""
        return _listed(self)

    @property
    def left_listed(self) -> pd.DataFrame:
        """LEFT_BEHIND to look through, as `as_shown` gives it; what was accepted at the end."""
        return _left_listed(self)

    def note(self, rows: pd.DataFrame, left: pd.DataFrame, chosen: Filter) -> str:
        """Say of how many these rows of `listed` are that a filter keeps: of all its place has."""
        where, which = chosen.where_in_words(), chosen.which_in_words()
        if which:
            base = filters.kept(self.listed, chosen.base(), self.tags)
            return selection_in_words(rows, base, left, where=where, which=which)
        # A place is one of the whole, and what is chosen there one of the place.
        which = f"those of {where}" if where else ""
        return selection_in_words(rows, self.pairs, left, which=which)

    def selection(self, rows: pd.DataFrame, left: pd.DataFrame, chosen: Filter) -> Report:
        """Return the report on rows of `listed` and of `left_listed` that a filter keeps."""
        base = filters.kept(self.listed, chosen.base(), self.tags)[list(self.pairs.columns)]
        note = self.note(rows, left, chosen)
        left = left[list(self.left_behind.columns)]
        rows = rows[list(self.pairs.columns)]
        return Report(self.judged).only(rows, note, left_behind=left, base=base)

    def name(self, note: str = "") -> str:
        """Return what a file of it, or of a selection that the note tells of, is called."""
        return file_name(self.snapshot.taken, note)


def _name_and_mark(policy: Policy) -> tuple[str, str]:
    # What is judged alike under another name says another name.
    return policy.name, policy.mark


_HASHED: Final[dict[str | type[Any], Any]] = {
    View: lambda view: view.mark,
    Policy: _name_and_mark,
    **listings.HASHED,
}
"""By what the caches tell views, policies and stores apart."""


def view(source: Source) -> View:
    """Return the chosen snapshot, or the newest that can be read where the newest was asked for.

    Raises StoreError where there is none.
    """
    store, organization = source.store, organization_of(source.snapshot_id)
    keys = _keys(store, listings.versions(store, organization))
    errors = []
    for snapshot_id in (source.snapshot_id, *source.older):
        key = keys.get(snapshot_id, Key(store, snapshot_id, ""))
        newest = next(reversed(keys.values()), key)
        try:
            judged = _judged(key, source.policy, _spells(store, organization, newest.before))
        except StoreError as error:
            errors.append(error)
        else:
            past = _past(key, newest.before, keys)
            shown = replace(source, snapshot_id=snapshot_id, organization=organization)
            return View(shown, judged, past)
    raise errors[0]


def left_out(source: Source) -> list[StoreError]:
    """Return why each file that was met so far and cannot be read cannot.

    They are those of the chosen organization, or of all of them where none is chosen.
    """
    known = [source.organization] if source.organization else source.organizations
    met = {
        key.snapshot_id: error
        for key, error in _damaged().items()
        if key.store == source.store and organization_of(key.snapshot_id) in known
    }
    errors = list((dict(source.left_out) | met).values())
    said = {str(error) for error in errors}
    unfolded = [
        text
        for (store, organization), texts in _unfolded().items()
        for text in texts
        if store == source.store and organization in known and text not in said
    ]
    return [*errors, *map(StoreError, dict.fromkeys(unfolded))]


def fleets(source: Source) -> Iterator[Fleet]:
    """Give how the organizations of a store stand: one more of them each time, at last all.

    Each is kept by its snapshots' versions, so that a new snapshot costs its own organization.
    """
    versions: dict[str, dict[str, str]] = {one: {} for one in source.organizations}
    for snapshot_id, version in listings.versions(source.store).items():
        versions.setdefault(organization_of(snapshot_id), {})[snapshot_id] = version
    parts = []
    for organization, known in versions.items():
        parts.append(_standing(source.store, organization, listings.mark(known), source.policy))
        table = pd.concat([one.table for one in parts])
        yield Fleet(
            worst_organizations_first(table),
            pd.concat([one.trend for one in parts], ignore_index=True),
            {name: error for one in parts for name, error in one.left_out.items()},
        )


def worst_first(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return PAIRS to look through, as `as_shown` gives them: worst first, accepted ones after.

    Then come the unknown ones, those without a GovCloud account, and those that agree.
    """
    rest = pairs[pairs["verdict"] != Verdict.MISMATCH]
    order = pd.DataFrame(
        {
            "verdict": -rest["verdict"].cat.codes,
            "name": rest["name"].str.casefold(),
        }
    )
    rest = rest.loc[order.sort_values(["verdict", "name"], kind="stable").index]
    rows = pd.concat([mismatches(pairs), rest], ignore_index=True)
    shown = as_shown(rows, analysis.shown_states(rows))
    return shown.assign(
        since_is_shown=worded(rows["since_is"]),
        accepted_by_shown=printable_series(rows["accepted_by"]),
    )


def as_shown(rows: pd.DataFrame, states: pd.DataFrame) -> pd.DataFrame:
    """Return rows of PAIRS or LEFT_BEHIND as people read them: names and owners printable.

    Adds what a table shows in its own way: `standard_shown` and `govcloud_shown`, the two columns
    of states in words; `severity_shown`, a pill; `unit_shown` and `meaning_shown`, which repeat so
    much that as categories they take half the way to the browser.
    """
    units = printable_series(rows["ou_path"])
    return rows.assign(
        name=printable_series(rows["name"]),
        owner=printable_series(rows["owner"]),
        ou_path=units,
        unit_shown=units.astype("category"),
        meaning_shown=rows["meaning"].astype("category"),
        standard_shown=worded(states["standard_state"]),
        govcloud_shown=worded(states["govcloud_state"]),
        severity_shown=severity_pills(rows["severity"]),
    )


def last_seen(view: View, account_id: str) -> pd.Timestamp | None:
    """Return when the last snapshot of the history was taken that has the account, if one has."""
    for taken, pairs in reversed(view.history):
        if (pairs["account_id"] == account_id).any():
            return taken
    return None


@st.cache_resource(max_entries=24, show_spinner=False, hash_funcs=_HASHED)
def drawn(view: View, key: str, *, dark: bool, height: int = 0, **ranked: Ranked) -> Any:
    """Return the chart of that key (in CHARTS), to be shown and not changed.

    One that `ranks` takes what it is ranked `by`.
    """
    how: dict[str, Any] = {"dark": dark, **ranked}
    return fitted(chart(key).figure(view, **how), height)


@st.cache_resource(max_entries=24, show_spinner=False, hash_funcs=_HASHED)
def told(view: View, key: str, **ranked: Ranked) -> pd.DataFrame:
    """Return the table behind the chart of that key in words, to be shown and not changed."""
    return chart(key).table_in_words(view, **ranked)


def figures(view: View) -> list[tuple[pd.Timestamp, analysis.KeyFigures]]:
    """Return the key figures of each snapshot of the history, oldest first."""
    newest = analysis.key_figures(view.pairs, view.left_behind)
    return [*view.earlier(_figures), (view.snapshot.taken, newest)]


@st.cache_resource(max_entries=6, show_spinner="Comparing the snapshots", hash_funcs=_HASHED)
def changes(view: View, before: pd.Timestamp, after: pd.Timestamp) -> pd.DataFrame:
    """Return CHANGES between two snapshots of the history."""
    pairs = dict(view.history)
    return analysis.changes(pairs[before], pairs[after])


def forget() -> None:
    """Read everything anew at the next run."""
    for kept in (
        drawn,
        told,
        changes,
        _past,
        _judged,
        _spells,
        _standing,
        _listed,
        _left_listed,
        _tags,
        _left_tags,
        _spend,
        _reconciled,
        _day,
        _figures,
        _damaged,
        _unfolded,
    ):
        kept.clear()
    listings.forget()
    options.forget()


def _keys(store: Store, versions: Versions) -> dict[str, Key]:
    """Return the keys of an organization's snapshots, by id, oldest first."""
    return {
        one: Key(store, one, versions[one], before)
        for one, before in listings.marks(versions).items()
    }


@st.cache_resource(max_entries=6, show_spinner=False, hash_funcs=_HASHED)
def _past(key: Key, versions: str, _keys: Mapping[str, Key]) -> Past:
    del versions  # they are those of all the keys, and part of the key alone
    store, organization = key.store, organization_of(key.snapshot_id)
    listing = listings.listing(store, organization)
    there = (one for one in listing.manifests if one.snapshot_id == key.snapshot_id)
    chosen = next(there, None) or store.manifest(key.snapshot_id)
    known = [*listing.earlier(chosen), chosen]
    return tuple(
        (one.taken, _keys.get(one.snapshot_id, Key(store, one.snapshot_id, ""))) for one in known
    )


@st.cache_resource(max_entries=3, show_spinner="Reading the history", hash_funcs=_HASHED)
def _spells(store: Store, organization: str, versions: str) -> Spells:
    """Return the spells of all snapshots of an organization, and note what they are without."""
    del versions  # they are part of the key alone
    with _noting(store, organization):
        return spells_of(store, organization, listings.listing(store, organization))


@st.cache_resource(max_entries=200, show_spinner=False, hash_funcs=_HASHED)
def _standing(store: Store, organization: str, versions: str, policy: Policy) -> Fleet:
    """Return how one organization stands, and note what that is without."""
    del versions  # they are part of the key alone
    with _noting(store, organization):
        found = overview(store, policy, organizations=[organization])
    if found.left_out:  # that nothing of it can be read, the page says once
        _unfolded().pop((store, organization), None)
    return found


@contextmanager
def _noting(store: Store, organization: str) -> Iterator[None]:
    """Note of which snapshots of an organization it is warned that they are left out."""
    with warnings.catch_warnings(record=True, category=LeftOutWarning, action="always") as told:
        yield
    texts = [str(one.message).removeprefix(_LEFT_OUT) for one in told]
    _unfolded()[store, organization] = texts


@st.cache_resource(show_spinner=False)
def _unfolded() -> dict[tuple[Store, str], list[str]]:
    """Return why some snapshots are not in the spells, by store and organization."""
    return {}


@st.cache_resource(show_spinner=False)
def _damaged() -> dict[Key, StoreError]:
    """Return the snapshots that could not be read so far, to be known to all and not read again."""
    return {}


def _loaded(key: Key) -> Snapshot:
    damaged = _damaged()
    if key in damaged:
        raise damaged[key]
    try:
        return key.store.load(key.snapshot_id)
    except StoreError as error:
        damaged[key] = error
        raise


@st.cache_resource(max_entries=3, show_spinner=False, hash_funcs=_HASHED)
def _judged(key: Key, policy: Policy, _spells: Spells) -> Judged:
    return policy.judge(_loaded(key), spells=_spells)


@st.cache_resource(max_entries=3, show_spinner=False, hash_funcs=_HASHED)
def _listed(view: View) -> pd.DataFrame:
    return worst_first(view.pairs)


@st.cache_resource(max_entries=3, show_spinner=False, hash_funcs=_HASHED)
def _left_listed(view: View) -> pd.DataFrame:
    left = view.left_behind
    rows = left.loc[left["accepted_until"].notna().sort_values(kind="stable").index]
    rows = rows.reset_index(drop=True)
    both = {name: schema.states(rows[name]) for name in ("standard_state", "govcloud_state")}
    return as_shown(rows, pd.DataFrame(both))


@st.cache_resource(max_entries=3, show_spinner=False, hash_funcs=_HASHED)
def _tags(view: View) -> pd.DataFrame:
    snapshot = view.snapshot
    return filters.to_choose(snapshot.tags if snapshot.was_seen("tags") else schema.empty(TAGS))


@st.cache_resource(max_entries=3, show_spinner=False, hash_funcs=_HASHED)
def _left_tags(view: View) -> tuple[pd.DataFrame, frozenset[str]]:
    """Return the tags of what was left behind when it was last listed, as `View.tags` has them.

    Beside them is of which accounts nobody knows any: they were not seen then.
    """
    parts, told = [schema.empty(TAGS)], set[str]()
    for taken, key in view.known:
        gone = view.left_behind.loc[view.left_behind["last_seen"] == taken, "account_id"]
        if gone.empty:
            continue
        try:
            manifest = key.store.manifest(key.snapshot_id)
            tags = key.store.part(manifest, "tags")
        except StoreError:
            continue
        if manifest.was_seen("tags"):
            told.update(gone)
            parts.append(tags[tags["account_id"].isin(gone)])
    untold = frozenset(view.left_behind["account_id"]) - told
    return filters.to_choose(pd.concat(parts, ignore_index=True)), untold


@st.cache_resource(max_entries=3, show_spinner="Comparing both lists", hash_funcs=_HASHED)
def _reconciled(view: View) -> tuple[pd.DataFrame, list[str]]:
    with warnings.catch_warnings(record=True, category=LeftOutWarning, action="always") as told:
        reconciled = view.judged.reconciled
    return reconciled, list(dict.fromkeys(str(one.message) for one in told))


@st.cache_resource(max_entries=3, show_spinner=False, hash_funcs=_HASHED)
def _spend(view: View) -> pd.DataFrame:
    summed = analysis.spend_by_account(view.snapshot.spend)
    amounts = {
        unit: summed[summed["unit"] == unit].set_index("account_id")["amount"]
        for unit in summed["unit"].value_counts().index
    }
    return pd.DataFrame(amounts)


@st.cache_resource(max_entries=2 * MOST, show_spinner=False, hash_funcs=_HASHED)
def _day(key: Key, policy: Policy, _spells: Spells) -> Day:
    judged = policy.judge(_loaded(key), spells=_spells)
    return Day(judged.pairs[list(_SLIM)], judged.left_behind)


@st.cache_resource(max_entries=10 * MOST, show_spinner=False, hash_funcs=_HASHED)
def _figures(key: Key, policy: Policy, _spells: Spells) -> analysis.KeyFigures:
    return analysis.key_figures(*_day(key, policy, _spells))
