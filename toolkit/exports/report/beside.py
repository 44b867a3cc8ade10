"""What stands beside pairs where they are listed: chosen tags, GovCloud spend, whom to call."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from toolkit import analysis, schema, titles
from toolkit.fetch import MONTHS
from toolkit.schema import ContactType, Verdict
from toolkit.store import Snapshot
from toolkit.text import printable, shorten_middle

SPAN: Final = f"the last {titles.number(MONTHS)} full months"
"""What spend is asked over."""

AGE: Final = "Days so"
GRACE: Final = "In grace until"
REOPEN: Final = "Reopening"
"""The heads of what is said of a pair's times."""

_NAMED: Final = 5
"""How many keys a sentence names before it counts them."""
_OWNERS: Final = 3
_OWNER: Final = 32
"""How many owners an action names before it counts them, and how long a name may be."""
_KEYS: Final = ["verdict", "severity", "meaning", "action"]
"""What tells one thing to do from another."""


def with_tags(
    pairs: pd.DataFrame, tags: pd.DataFrame, keys: Sequence[str], *, head: str = "{}"
) -> pd.DataFrame:
    """Return PAIRS with a column of text for each key of TAGS; missing where there is no such tag.

    A column is called as its key, in the words of `head`; where that name is taken, as `owner` is,
    it says that it is a tag.
    """
    values = analysis.tag_columns(tags, keys)
    found = {}
    for key in keys:
        name = printable(head.format(key))
        called = f"tag_{printable(key)}" if name in pairs else name
        found[called] = pairs["account_id"].map(values[key]).astype("str")
    return _beside(pairs, found)


def with_spend(pairs: pd.DataFrame, spend: pd.DataFrame) -> pd.DataFrame:
    """Return PAIRS with what GovCloud cost: a number for each unit of SPEND, and what is estimated.

    Different units are never added; missing where nothing was spent.
    """
    if spend.empty:
        return pairs
    known, columns = analysis.spend_by_account(spend), {}
    for unit, rows in known.groupby("unit", sort=True):
        amounts = rows.set_index("account_id")["amount"].round(2)
        columns[f"GovCloud spend in {unit}, {SPAN}"] = pairs["account_id"].map(amounts)
    estimated = pairs["account_id"].isin(known["account_id"][known["is_estimated"]])
    columns["Spend is"] = pd.Series("estimated", index=pairs.index).where(estimated)
    return _beside(pairs, columns)


def with_times(pairs: pd.DataFrame, grace: pd.Series, snapshot: Snapshot) -> pd.DataFrame:
    """Return PAIRS with how many days they have been so, their grace, and the days to reopen.

    Takes until when each of the pairs is in grace, row by row. A column of which there is nothing
    to say is left out.
    """
    taken = snapshot.taken
    rows = pairs[["account_id", "standard_state", "since"]].to_dict("records")
    age = pd.Series([titles.age_in_days(row, taken) for row in rows], pairs.index, "Int64")
    # Each account is looked for in its own closures, not in those of all.
    closures = dict(iter(snapshot.closures.groupby("account_id")))
    none = snapshot.closures.head(0)
    told = [
        titles.reopen_in_words(row, closures.get(row["account_id"], none), taken) or None
        for row in rows
    ]
    reopen = pd.Series(told, pairs.index, "str")
    columns = {
        AGE: age,
        GRACE: grace,
        REOPEN: reopen,
    }
    return _beside(
        pairs, {name: values for name, values in columns.items() if values.notna().any()}
    )


def actions_with_owners(table: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return what `analysis.actions` counts with `who`: the owners of the most pairs, in words."""
    todo = pairs[_is_to_do(pairs)]
    counts = todo.groupby([*_KEYS, "owner"], dropna=False, observed=True).size().reset_index()
    said = [
        {**dict(zip(_KEYS, keys, strict=True)), "who": _owners(rows.set_index("owner")[0])}
        for keys, rows in counts.groupby(_KEYS, dropna=False, observed=True)
    ]
    return _merged(table, pd.DataFrame(said, columns=[*_KEYS, "who"]))


def _owners(counts: pd.Series) -> str:
    """Name the owners of the most accounts, and count the others and those that have none."""
    named = counts[counts.index.notna()].sort_values(ascending=False, kind="stable")
    rest = len(named) - _OWNERS
    shown = named if rest == 1 else named.head(_OWNERS)
    parts = [
        f"{shorten_middle(str(owner), _OWNER)} ({titles.number(int(count))})"
        for owner, count in shown.items()
    ]
    said = ", ".join(parts)
    if rest > 1:
        said += f" and {titles.number(rest)} more"
    without = int(counts[counts.index.isna()].sum())
    unowned = f"{titles.number(without)} without an owner" if without else ""
    return "; ".join(filter(None, (said, unowned)))


def actions_with_spend(
    table: pd.DataFrame, pairs: pd.DataFrame, spend: pd.DataFrame
) -> pd.DataFrame:
    """Return what `analysis.actions` counts, with `spend`: the sum of each unit, in words."""
    todo = pairs.loc[_is_to_do(pairs), ["account_id", *_KEYS]]
    known = todo.merge(analysis.spend_by_account(spend), on="account_id")
    sums = known.groupby([*_KEYS, "unit"], dropna=False, observed=True).agg(
        amount=("amount", "sum"), is_estimated=("is_estimated", "any")
    )
    sums = sums.assign(said=[titles.amount(*row) for row in _amounts(sums)])
    said = sums.groupby(_KEYS, dropna=False, observed=True)["said"].agg("; ".join)
    wide = _merged(table, said.rename("spend").reset_index())
    return wide.assign(spend=wide["spend"].astype("str").fillna("–"))


def _merged(table: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    return table.merge(said.astype(table[_KEYS].dtypes.to_dict()), on=_KEYS, how="left")


def _is_to_do(pairs: pd.DataFrame) -> pd.Series:
    """Say of which pairs `analysis.actions` tells: what somebody has accepted is not to do."""
    return analysis.is_open(pairs) | (pairs["verdict"] == Verdict.UNKNOWN)


def _amounts(sums: pd.DataFrame) -> list[tuple[float, str, bool]]:
    units = sums.index.get_level_values("unit")
    return list(zip(sums["amount"], units, sums["is_estimated"], strict=True))


def with_contacts(pairs: pd.DataFrame, contacts: pd.DataFrame) -> pd.DataFrame:
    """Return PAIRS with a column of text for each kind of alternate contact in CONTACTS."""
    said = contacts.assign(
        said=[titles.contact_in_words(row) for row in contacts.to_dict("records")]
    )
    columns = {}
    for kind in ContactType:
        of_kind = said[said["contact_type"] == kind].set_index("account_id")["said"].astype("str")
        columns[f"{kind.lower()}_contact"] = pairs["account_id"].map(of_kind).astype("str")
    return _beside(pairs, columns)


def months_in_words(spend: pd.DataFrame) -> str:
    """Say which months SPEND is of: "2026-08 to 2026-10", "no month" where there is none."""
    if spend.empty:
        return "no month"
    first, last = spend["month"].min(), spend["month"].max()
    return str(first) if first == last else f"{first} to {last}"


def remarks(snapshot: Snapshot, keys: Sequence[str], *, contacts: bool) -> list[str]:
    """Say, a sentence each, what was asked for and is not there: tags, contacts."""
    said = []
    if keys and not snapshot.was_seen("tags"):
        said.append(titles.unseen_in_words(snapshot, "tags"))
    elif keys:
        there = list(dict.fromkeys(snapshot.tags["key"]))
        absent = [key for key in keys if key not in there]
        said += [_absent(key, there) for key in absent]
    if contacts and not snapshot.was_seen("contacts"):
        said.append(titles.unseen_in_words(snapshot, "contacts"))
    return [printable(sentence) for sentence in said]


def _absent(key: str, there: Sequence[str]) -> str:
    sentence = f"No account has a tag {printable(key)}: its column is empty."
    if not there:
        return sentence
    named = ", ".join(printable(one) for one in there[:_NAMED])
    rest = len(there) - _NAMED
    return f"{sentence} There are: {named}{f' and {rest:,} more' if rest > 0 else ''}."


def _beside(pairs: pd.DataFrame, columns: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Return a frame with columns behind its own, under names that are free and printable."""
    wide = pairs.copy(deep=False)
    for name, values in columns.items():
        wide[schema.free_name(printable(name), wide.columns)] = values
    return wide
