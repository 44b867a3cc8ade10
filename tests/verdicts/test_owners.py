"""Owners: who answers for an account, by its id, its tag, or its unit."""

from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from days import days_of, snapshot_of, standard

from toolkit import schema
from toolkit.errors import InputError, SchemaError
from toolkit.schema import OWNERS
from toolkit.store import Snapshot
from toolkit.verdicts import Policy, judge_pairs, load_owners

ACCOUNTS = dict.fromkeys((1, 2, 3, 4), "ACTIVE/ACTIVE")
UNITS = {1: "Prod/Web", 2: "Prod", 3: "Root"}


def owners_of(*rows: dict[str, str]) -> pd.DataFrame:
    """Return OWNERS of rows."""
    return schema.coerce(OWNERS, rows)


@cache
def _day() -> Snapshot:
    return snapshot_of(0, ACCOUNTS, units=UNITS, tags={1: {"team": "tag"}, 2: {"team": " "}})


def owned(policy: Policy) -> list[str | None]:
    """Return who answers for each of four accounts; the last one's unit is not known."""
    owner = policy.judge(_day()).pairs["owner"]
    return owner.astype("object").where(owner.notna(), None).tolist()


def test_without_owners_nobody_is_named() -> None:
    assert owned(Policy()) == [None] * 4


def test_whoever_is_named_for_the_account_goes_before_the_tag_and_that_before_the_unit() -> None:
    unit, account = {"ou_path": "Prod", "owner": "unit"}, {"account_id": standard(1), "owner": "id"}
    assert owned(Policy(owners=owners_of(unit))) == ["unit", "unit", None, None]
    assert owned(Policy(owners=owners_of(unit), owner_tag="team"))[:2] == ["tag", "unit"]
    both = owners_of(account, unit)
    assert owned(Policy(owners=both, owner_tag="team"))[:2] == ["id", "unit"]


@pytest.mark.parametrize(
    ("root", "deep"),
    [("Root", "Prod/Web"), ("Root/**", "Root/Prod/Web"), ("/", "Prod/Web/**")],
)
def test_of_units_the_deepest_counts_however_they_are_written(root: str, deep: str) -> None:
    rows = [
        {"ou_path": root, "owner": "all"},
        {"ou_path": "Root/Prod", "owner": "prod"},
        {"ou_path": deep, "owner": "web"},
    ]
    for order in (rows, rows[::-1]):
        assert owned(Policy(owners=owners_of(*order))) == ["web", "prod", "all", "all"]


def test_owners_given_go_over_those_of_the_policy() -> None:
    policy = Policy(
        owners=owners_of(
            {"account_id": standard(1), "owner": "old"}, {"ou_path": "Prod", "owner": "unit"}
        )
    )
    given = owners_of({"account_id": standard(1), "owner": "new"})
    assert owned(policy.owned_by(given))[:2] == ["new", "unit"]
    assert policy.owned_by(given).owners["owner"].tolist() == ["new", "unit"]
    assert policy.owners["owner"].tolist() == ["old", "unit"]


def test_an_owner_in_ones_own_table_stands_where_nobody_else_is_named() -> None:
    (day,) = days_of({1: "ACTIVE/ACTIVE", 2: "ACTIVE/ACTIVE"})
    mine = day.accounts.assign(owner=["me", "me"])
    policy = Policy(owners=owners_of({"account_id": standard(2), "owner": "them"}))
    assert judge_pairs(mine, day.govcloud, policy=policy)["owner"].tolist() == ["me", "them"]


def test_owners_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "owners.csv"
    file.write_text("account_id,ou_path,owner\n1000-0000-0001,,ada\n,Prod,bob\n")
    assert owned(Policy(owners=load_owners(file)))[:2] == ["ada", "bob"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"account_id": standard(1), "ou_path": "Prod", "owner": "a"}], "names both an account"),
        ([{"account_id": None, "ou_path": None, "owner": "a"}], "names neither an account nor"),
        ([{"ou_path": "Prod", "owner": "a"}] * 2, "The owners name Prod twice"),
        ([{"account_id": standard(1), "owner": "a"}] * 2, "name 100000000001 twice"),
    ],
)
def test_owners_of_nothing_of_both_or_twice_are_refused(
    rows: list[dict[str, object]], said: str
) -> None:
    with pytest.raises((InputError, SchemaError), match=said):
        Policy(owners=pd.DataFrame(rows))
