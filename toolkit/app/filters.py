"""What a view of the pairs shows: the filter, its widgets, its place in the address, its effect."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import pandas as pd
import streamlit as st

from toolkit.analysis.counts import GOVCLOUD_SHOWN, STANDARD_SHOWN
from toolkit.app import address
from toolkit.app.address import Address, Field
from toolkit.app.search import matches
from toolkit.schema import Outcome, Severity, Verdict, label
from toolkit.text import printable, printable_series, shorten_middle
from toolkit.titles.selection import unit_of
from toolkit.titles.words import joined

MISMATCHES: Final = "Mismatches"
ACCEPTED: Final = "Accepted"
LEFT_BEHIND: Final = "Left behind"
UNKNOWN: Final = "Unknown"
LINKED: Final = "Linked"
ALL: Final = "All accounts"


def _is(column: str, word: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda pairs: pairs[column] == word


_SHOWN: Final[dict[str, Callable[[pd.DataFrame], pd.Series] | None]] = {
    MISMATCHES: _is("verdict", Verdict.MISMATCH),
    ACCEPTED: lambda pairs: pairs["accepted_until"].notna(),
    # What is listed no more is among no pairs; it has a table of its own.
    LEFT_BEHIND: lambda pairs: pd.Series(data=False, index=pairs.index),
    UNKNOWN: _is("verdict", Verdict.UNKNOWN),
    "Matches": _is("verdict", Verdict.MATCH),
    LINKED: _is("outcome", Outcome.FOUND),
    "Not linked": _is("verdict", Verdict.NOT_LINKED),
    ALL: None,
}
"""The choices of the first filter, and which pairs each keeps; None keeps all."""

_ARE: Final = {
    MISMATCHES: "mismatched",
    ACCEPTED: "accepted",
    LEFT_BEHIND: "left behind",
    UNKNOWN: "unknown",
    "Matches": "matched",
    LINKED: "linked",
    "Not linked": "not linked",
    ALL: "",
}
"""What a sentence says that those are which each choice keeps."""

_PAGE: Final = "mismatches"
ACCOUNT: Final = "account"
"""The name of the account in an address that is picked among those that are shown."""
_ACCOUNT: Final = Field(ACCOUNT)
_KEPT: Final = "session"
_BELOW: Final = "/…"


_NAMES: Final = {
    "severity": "Severity",
    "standard": "Standard state",
    "govcloud": "GovCloud state",
    "unit": "Organizational unit",
    "owner": "Owner",
    "tag": "Tag",
    "value": "Tag value",
    "find": "Search",
}

_ANY: Final = "Any"
EMPTY: Final = "(empty)"
UNTAGGED: Final = "(without it)"
"""Choices among a tag's values that no value can be: AWS lets none have parentheses."""
UNOWNED: Final = "(no owner)"
"""The choice of those for which nobody is known to answer."""

_LONGEST: Final = 48
"""How much of what is searched for a sentence says."""
_WHOSE: Final = {UNOWNED: "nobody"}


@dataclass(frozen=True)
class Filter:
    """Which pairs a view keeps; the names are the address's, the values the words on screen."""

    show: str = MISMATCHES
    severity: tuple[str, ...] = ()
    standard: tuple[str, ...] = ()
    govcloud: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    tag: str = ""
    value: tuple[str, ...] = ()
    find: str = ""

    def address(self) -> Address:
        """Return the filter as a link to the page has it."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        # `show` is always named: an address without any filter would keep the last ones.
        return {
            name: value if isinstance(value, str) else list(value)
            for name, value in values.items()
            if value
        }

    def in_words(self) -> str:
        """Return what is filtered as a line of text, empty where nothing is."""
        parts = [self.show] if self.show != ALL else []
        for field in fields(self)[1:]:
            value = getattr(self, field.name)
            if value:
                words = value if isinstance(value, str) else ", ".join(value)
                parts.append(f"{_NAMES[field.name]}: {words}")
        return "; ".join(parts)

    @property
    def is_wide(self) -> bool:
        """Whether nothing but the verdict narrows the view."""
        return self == Filter(show=self.show)

    def base(self) -> "Filter":
        """Return the filter that keeps all accounts of the place that this one is about."""
        return Filter(ALL, unit=self.unit, owner=self.owner, tag=self.tag, value=self.value)

    def where_in_words(self) -> str:
        """Return what a sentence calls the place that `base` keeps; "" for the organization.

        It reads as an owner of pairs: "Northwind", "Northwind, ann@example.com, stage prod".
        """
        parts = [joined([unit_of(unit) for unit in self.unit])] if self.unit else []
        if self.owner:
            parts.append(joined([_WHOSE.get(owner, owner) for owner in self.owner]))
        if self.tag:
            parts.append(" ".join([self.tag, *([joined(self.value, "or")] if self.value else [])]))
        return ", ".join(parts)

    def which_in_words(self) -> str:
        """Return how a sentence that begins with "they are" ends; "" where nothing narrows.

        It says what the filter keeps of its `base`: "critical or high, in GovCloud state active".
        """
        said = _ARE[self.show]
        if self.severity:
            wanted = joined([word for word in _labels(Severity) if word in self.severity], "or")
            said = wanted.lower() + (f", {said}" if said and self.show != MISMATCHES else "")
        parts = [said] if said else []
        for name, states in (("standard", self.standard), ("GovCloud", self.govcloud)):
            if states:
                parts.append(f"in {name} state {joined(states, 'or').lower()}")
        if self.find.strip():
            parts.append(f"found by '{shorten_middle(printable(self.find), _LONGEST)}'")
        return ", ".join(parts)


def of_words(
    show: str = MISMATCHES,
    *,
    severity: str | None = None,
    standard: str | None = None,
    govcloud: str | None = None,
    unit: str | None = None,
    owner: str | None = None,
) -> Filter:
    """Return the filter for vocabulary words (`PENDING_CLOSURE`); what is None is not filtered."""
    return Filter(
        show=show,
        severity=_labels([severity]),
        standard=_labels([standard]),
        govcloud=_labels([govcloud]),
        unit=(unit,) if unit else (),
        owner=(owner,) if owner else (),
    )


def to_choose(tags: pd.DataFrame) -> pd.DataFrame:
    """Return TAGS to choose by: printable, and with a word for an empty value."""
    values = printable_series(tags["value"])
    return tags.assign(key=printable_series(tags["key"]), value=values.mask(values == "", EMPTY))


def choose(
    pairs: pd.DataFrame, left: pd.DataFrame, tags: pd.DataFrame
) -> tuple[Filter, list[Field]]:
    """Show the filters, as the address has them, and return what they say, with what is searched.

    Beside it is what to `leave` in the address.

    Takes `View.listed` and `View.left_listed`. Those of a tag are shown where there are tags
    (`View.tags`), and that of the owner where anybody is known to be one.
    """
    known = _fields(pairs, left, tags)
    address.arrive(_PAGE, known)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control("Show", list(_SHOWN), required=True, key="show", persist_state=_KEPT)
        st.pills(
            "Severity",
            _labels(Severity),
            selection_mode="multi",
            key="severity",
            persist_state=_KEPT,
        )
    standard, govcloud, unit = st.columns([2, 2, 3], vertical_alignment="bottom")
    for place, title, key in (
        (standard, "Standard state", "standard"),
        (govcloud, "GovCloud state", "govcloud"),
        (unit, "Organizational unit", "unit"),
    ):
        place.multiselect(
            title, _offered(known, key), key=key, persist_state=_KEPT, placeholder=_ANY
        )
    owners = _offered(known, "owner")
    if not owners and tags.empty:
        return on_screen(), known
    with st.container(horizontal=True, vertical_alignment="bottom", key="of-owner-and-tag"):
        if owners:
            st.multiselect(
                "Owner", owners, key="owner", persist_state=_KEPT, placeholder=_ANY, width=320
            )
        if not tags.empty:
            st.selectbox(
                "Tag",
                _offered(known, "tag"),
                format_func=lambda key: key or _ANY,
                key="tag",
                persist_state=_KEPT,
                width=240,
            )
            if values := _offered(known, "value"):
                st.multiselect(
                    "Tag value",
                    values,
                    key="value",
                    persist_state=_KEPT,
                    placeholder=_ANY,
                    width=400,
                )
    return on_screen(), known


def on_screen() -> Filter:
    """Return the filter that Mismatches shows, or showed last: its widgets keep their values."""
    values: dict[str, Any] = {}
    for field in fields(Filter):
        value = st.session_state.get(field.name)
        if value:
            values[field.name] = value if isinstance(value, str) else tuple(value)
    return Filter(**values)


def _fields(pairs: pd.DataFrame, left: pd.DataFrame, tags: pd.DataFrame) -> list[Field]:
    units, owners = (
        pd.concat([pairs[name], left[name]], ignore_index=True) for name in ("ou_path", "owner")
    )
    return [
        Field("show", list(_SHOWN), MISMATCHES),
        Field("severity", _labels(Severity), many=True),
        Field("standard", _labels(STANDARD_SHOWN), many=True),
        Field("govcloud", _labels(GOVCLOUD_SHOWN), many=True),
        Field("unit", all_units(units), many=True),
        Field("owner", _owners(owners), many=True),
        Field("tag", ["", *sorted(tags["key"].unique())]),
        Field("value", lambda: _values_of(tags, st.session_state["tag"]), many=True),
        Field("find"),
    ]


def _offered(known: Iterable[Field], key: str) -> Sequence[str]:
    return next(field.offered for field in known if field.key == key) or ()


def _values_of(tags: pd.DataFrame, key: str) -> list[str]:
    """Return what a tag's value may be chosen to be, nothing where no tag is chosen."""
    values = sorted(tags.loc[tags["key"] == key, "value"].unique())
    return [*values, UNTAGGED] if values else []


def _owners(owners: pd.Series) -> list[str]:
    """Return who may be chosen, nothing where nobody is known to answer for anything."""
    known = sorted(owners.dropna().unique())
    return [*known, UNOWNED] if known else []


def narrowed_to_owner(bar: Sequence[Any] | None) -> dict[str, Any]:
    """Return the filters that keep what a clicked bar of owners stands for; of none, no such."""
    if bar is None:
        return {"owner": [], "severity": []}
    owner, severity = bar[:2]
    # The bar of the other owners stands for no one of them.
    owners = [] if owner is None else [printable(owner) or UNOWNED]
    return {"owner": owners, "severity": [label(severity)]}


def clear() -> None:
    """Take every filter away but the verdict."""
    put(Filter(show=st.session_state.get("show", MISMATCHES)))


def put(chosen: Filter) -> None:
    """Let the widgets say this filter from the next run of the script on."""
    for field in fields(Filter):
        value = getattr(chosen, field.name)
        st.session_state[field.name] = value if isinstance(value, str) else list(value)


def account_of_address() -> str:
    """Return the account that the address names, or that was picked last; else ""."""
    address.arrive(ACCOUNT, [_ACCOUNT])
    return str(st.session_state[ACCOUNT])


def pick_account(account_id: str) -> None:
    """Let the address name an account from now on; "" is none."""
    st.session_state[ACCOUNT] = account_id


def leave(known: Sequence[Field], shown: Collection[str]) -> None:
    """Write the filters into the address, and the account while it is among those shown."""
    if st.session_state[ACCOUNT] not in shown:
        pick_account("")
    address.leave_all({_PAGE: known, ACCOUNT: [_ACCOUNT]})


def kept(pairs: pd.DataFrame, chosen: Filter, tags: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `View.listed` that the filter keeps, in their order, by `View.tags`."""
    wanted = _SHOWN[chosen.show]
    return narrowed(pairs if wanted is None else pairs[wanted(pairs)], chosen, tags)


def left_kept(
    left: pd.DataFrame, chosen: Filter, tags: pd.DataFrame, untold: Collection[str] = ()
) -> pd.DataFrame:
    """Return the rows of `View.left_listed` to show: among mismatches, and where asked for.

    What is searched for among all accounts may be one of them. `tags` are those that the accounts
    had when they were last listed, and `untold` the accounts of which nobody knows them: no filter
    of tags hides those.
    """
    searched = chosen.show == ALL and bool(chosen.find.strip())
    shown = searched or chosen.show in (MISMATCHES, LEFT_BEHIND)
    return narrowed(left if shown else left.iloc[:0], chosen, tags, untold)


def narrowed(
    pairs: pd.DataFrame, chosen: Filter, tags: pd.DataFrame, untold: Collection[str] = ()
) -> pd.DataFrame:
    """Return the rows that all filters but the first one keep, in their order.

    What is in `untold` has any tag.
    """
    if chosen.is_wide:
        return pairs
    keep = pd.Series(data=True, index=pairs.index)
    if chosen.severity:
        keep &= pairs["severity"].isin([w.value for w in Severity if label(w) in chosen.severity])
    if chosen.standard:
        keep &= pairs["standard_shown"].isin(chosen.standard)
    if chosen.govcloud:
        keep &= pairs["govcloud_shown"].isin(chosen.govcloud)
    if chosen.unit:
        keep &= _in_units(pairs["ou_path"], chosen.unit)
    if chosen.owner:
        owned = pairs["owner"].isin(chosen.owner)
        keep &= owned | pairs["owner"].isna() if UNOWNED in chosen.owner else owned
    if chosen.tag:
        accounts = pairs["account_id"]
        tagged = _tagged(accounts, tags[tags["key"] == chosen.tag], chosen.value)
        keep &= tagged | accounts.isin([*untold])
    found = pairs[keep]
    if chosen.find.strip():
        found = found[matches(found, chosen.find)]
    return found


def all_units(paths: pd.Series) -> list[str]:
    """Return every organizational unit there is, and with `/…` those that have others below."""
    exact = set(paths.dropna().unique())
    above = {path[:at] for path in exact for at, sign in enumerate(path) if sign == "/"}
    return sorted(exact | {f"{unit}{_BELOW}" for unit in above})


def _in_units(paths: pd.Series, units: Sequence[str]) -> pd.Series:
    """Say which paths are one of the units; one that ends in `/…` means all below it, too."""
    wide = [unit.removesuffix(_BELOW) for unit in units if unit.endswith(_BELOW)]
    starts = tuple(f"{unit}/" for unit in wide)
    wanted = {*units, *wide}
    known = paths.dropna().unique()
    return paths.isin([path for path in known if path in wanted or path.startswith(starts)])


def _tagged(accounts: pd.Series, tags: pd.DataFrame, values: Sequence[str]) -> pd.Series:
    """Say which accounts have one of a tag's values; where none is named, which have the tag."""
    wanted = tags[tags["value"].isin(values)] if values else tags
    found = accounts.isin(wanted["account_id"])
    return found | ~accounts.isin(tags["account_id"]) if UNTAGGED in values else found


def _labels(words: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(label(word) for word in words if word is not None)
