"""Who answers for an account: by the list of owners, by its tag, by its organizational unit."""

import os

import pandas as pd

from toolkit import schema
from toolkit.errors import InputError
from toolkit.fetch.inputs import owners_in
from toolkit.schema import OWNERS
from toolkit.verdicts.units import within


def load_owners(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Read OWNERS from a CSV file with `account_id` or `ou_path`, and `owner`.

    Raises InputError, naming file and line, where something in it cannot be right.
    """
    return checked_owners(pd.DataFrame(owners_in(path)), what=os.path.basename(path))  # noqa: PTH119 - of any path


def checked_owners(owners: pd.DataFrame, *, what: str = "the owners") -> pd.DataFrame:
    """Return OWNERS; raises SchemaError or InputError unless each is of an account or of a unit."""
    table = schema.coerce(OWNERS, owners, what=what)
    for number, (account, unit) in enumerate(
        zip(table["account_id"].notna(), table["ou_path"].notna(), strict=True), 1
    ):
        if account == unit:
            raise InputError(
                f"Row {number} of {what} names {'both' if account else 'neither'} an account"
                f" {'and' if account else 'nor'} a unit.",
                "Each row is of one: an account_id or an ou_path.",
            )
    twice = table.duplicated(["account_id", "ou_path"])
    if twice.any():
        named = table[twice].iloc[0]
        who = named["account_id"] if pd.notna(named["account_id"]) else named["ou_path"]
        raise InputError(f"{what.capitalize()} name {who} twice.", "Keep one.")
    return table


def with_owners(
    accounts: pd.DataFrame, owners: pd.DataFrame, tags: pd.DataFrame, tag: str
) -> pd.DataFrame:
    """Return accounts with `owner`, who answers for each; missing where nobody is known to.

    Takes a frame with `account_id` and `ou_path`, OWNERS, and TAGS with the key whose value names
    an owner ("" for none). Who is named for the account itself goes before the tag, and that before
    the unit, the deepest first; an owner that the frame names already stands where none is found.
    """
    found = _owner_of(accounts, owners, tags, tag)
    if "owner" in accounts.columns:
        found = found.where(found.notna(), accounts["owner"].astype("str"))
    return accounts.assign(owner=found.astype("str"))


def _owner_of(
    accounts: pd.DataFrame, owners: pd.DataFrame, tags: pd.DataFrame, tag: str
) -> pd.Series:
    ids, units = accounts["account_id"], accounts["ou_path"]
    found = pd.Series(None, index=accounts.index, dtype="str")
    if owners.empty and not (tag and len(tags)):
        return found
    by_unit = owners[owners["ou_path"].notna()]
    plain = by_unit["ou_path"].str.strip("/").str.removesuffix("**").str.strip("/")
    plain = plain.str.removeprefix("Root/").replace("Root", "")
    # The root is above every unit, however it is written.
    depth = plain.str.count("/").mask(plain == "", -1).sort_values(kind="stable")
    for unit, owner in zip(plain[depth.index], by_unit["owner"][depth.index], strict=True):
        found = found.mask(within(units, f"{unit}/**"), owner)
    if tag and len(tags):
        told = tags[(tags["key"] == tag) & (tags["value"].fillna("").str.strip() != "")]
        by_tag = told.drop_duplicates("account_id").set_index("account_id")["value"]
        found = _over(found, by_tag, ids)
    named = owners[owners["account_id"].notna()].set_index("account_id")["owner"]
    return _over(found, named, ids)


def _over(found: pd.Series, known: pd.Series, ids: pd.Series) -> pd.Series:
    """Return who was found, and in their place whoever is known by the account's id."""
    told = pd.Series(known.reindex(pd.Index(ids)).array, index=found.index)
    merged: pd.Series = told.where(told.notna(), found).astype("str")
    return merged
