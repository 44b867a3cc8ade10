"""Folding: incrementally, at once and by a plain model, the same spells."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest
from days import days_of, on, standard
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit import schema
from toolkit.errors import SchemaError
from toolkit.schema import SPELLS, WITNESS_SPELLS
from toolkit.spells import Fold, Spells
from toolkit.spells.spells import shown

STATES = ["ACTIVE/ACTIVE", "CLOSED/ACTIVE", "CLOSED/CLOSED", "ACTIVE", "ACTIVE/?", "ODD/ACTIVE"]
DAYS = st.lists(
    st.dictionaries(st.integers(1, 8), st.sampled_from(STATES), max_size=8), min_size=1, max_size=8
)


def rows_of(seen: Mapping[int, str]) -> pd.DataFrame:
    """Return what a day shows, as a fold takes it."""
    (snapshot,) = days_of(seen)
    return shown(snapshot.accounts, snapshot.govcloud)


def plain(spells: pd.DataFrame) -> list[dict[str, Any]]:
    """Return spells as plain values in one order."""
    rows = spells.astype("object").where(spells.notna(), None)
    return rows.sort_values(["account_id", "began"]).to_dict("records")


def model(days: list[pd.DataFrame]) -> list[dict[str, Any]]:
    """Fold in the plainest way there is: row by row, day by day."""
    done: list[dict[str, Any]] = []
    running: dict[str, dict[str, Any]] = {}
    for day, rows in enumerate(days):
        told = {
            row["account_id"]: row
            for row in rows.astype("object").where(rows.notna(), None).to_dict("records")
        }
        over = [one for one, spell in running.items() if spell["row"] != told.get(one)]
        done.extend(running.pop(account) for account in over)
        for account, row in told.items():
            running.setdefault(account, {"row": row, "began": on(day)})["ended"] = on(day)
    done += running.values()
    spells = [{**one["row"], "began": one["began"], "ended": one["ended"]} for one in done]
    return sorted(spells, key=lambda one: (one["account_id"], one["began"]))


def folded(days: list[pd.DataFrame], stops: set[int]) -> pd.DataFrame:
    """Fold days, beginning anew from the spells so far before each of the days in `stops`."""
    fold = Fold(SPELLS)
    for day, rows in enumerate(days):
        if day and day in stops:
            fold = Fold(SPELLS, fold.spells, on(day - 1))
        fold.add(on(day), rows)
    return fold.spells


@settings(max_examples=8)
@given(DAYS, st.sets(st.integers(1, 7)))
def test_spells_are_those_of_a_plain_model_however_often_one_stops(
    days: list[Mapping[int, str]], stops: set[int]
) -> None:
    rows = [rows_of(seen) for seen in days]
    spells = folded(rows, stops)
    assert plain(spells) == plain(folded(rows, set())) == model(rows)
    assert spells.dtypes.equals(schema.empty(SPELLS).dtypes)


# Few states and few days, so that much goes on beyond the day as of which is asked.
FEW = st.lists(
    st.dictionaries(st.integers(1, 8), st.sampled_from(STATES[:2]), min_size=6),
    min_size=3,
    max_size=5,
)


@settings(max_examples=6)
@given(FEW, st.integers(0, 2))
def test_spells_as_of_a_time_are_those_of_the_snapshots_until_then(
    days: list[Mapping[int, str]], until: int
) -> None:
    snapshots = days_of(*days)
    whole, part = Spells.of(snapshots), Spells.of(snapshots[: until + 1])
    cut = whole.at(on(until))
    assert plain(cut.accounts) == plain(part.accounts)
    assert list(cut.times) == list(part.times)


def test_a_spell_goes_on_while_all_that_is_shown_stays() -> None:
    fold = Fold(SPELLS)
    for day, seen in enumerate([{1: "ACTIVE/ACTIVE"}] * 2 + [{1: "ACTIVE/CLOSED"}]):
        fold.add(on(day), rows_of(seen))
    assert fold.spells[["govcloud_state", "began", "ended"]].to_numpy().tolist() == [
        ["ACTIVE", on(0), on(1)],
        ["CLOSED", on(2), on(2)],
    ]


def test_another_unit_is_another_spell_so_that_every_day_has_its_own() -> None:
    fold = Fold(SPELLS)
    for day, unit in enumerate(["Sandbox", "Retired"]):
        fold.add(on(day), rows_of({1: "ACTIVE/ACTIVE"}).assign(ou_path=unit))
    assert fold.spells["ou_path"].tolist() == ["Sandbox", "Retired"]


def test_whoever_was_not_listed_in_between_has_two_spells() -> None:
    days = [{1: "ACTIVE/ACTIVE"}, {}, {1: "ACTIVE/ACTIVE"}]
    assert folded([rows_of(seen) for seen in days], set())["began"].tolist() == [on(0), on(2)]


def test_an_account_that_is_listed_twice_is_one() -> None:
    rows = pd.concat([rows_of({1: "ACTIVE/ACTIVE", 2: "ACTIVE"})] * 2, ignore_index=True)
    fold = Fold(SPELLS)
    fold.add(on(0), rows_of({2: "ACTIVE"}))
    fold.add(on(1), rows)
    assert fold.spells[["account_id", "began"]].to_numpy().tolist() == [
        [standard(1), on(1)],
        [standard(2), on(0)],
    ]


@pytest.mark.parametrize(
    "wrong",
    [{"account_id": "42"}, {"outcome": "LOST"}, {"govcloud_account_id": "7"}, {"outcome": None}],
)
def test_what_cannot_be_right_is_refused_and_nothing_of_it_is_added(
    wrong: dict[str, str | None],
) -> None:
    fold = Fold(SPELLS)
    fold.add(on(0), rows_of({1: "ACTIVE/ACTIVE"}))
    before = fold.spells
    with pytest.raises(SchemaError):
        fold.add(on(1), rows_of({1: "ACTIVE/ACTIVE"}).astype("str").assign(**wrong))
    pd.testing.assert_frame_equal(fold.spells, before)


def test_what_the_witness_lists_is_folded_by_its_state() -> None:
    fold = Fold(WITNESS_SPELLS)
    for day, state in enumerate(["ACTIVE", "ACTIVE", "CLOSED"]):
        fold.add(on(day), pd.DataFrame({"govcloud_account_id": [standard(9)], "state": [state]}))
    assert fold.spells[["state", "began", "ended"]].to_numpy().tolist() == [
        ["ACTIVE", on(0), on(1)],
        ["CLOSED", on(2), on(2)],
    ]


def test_an_account_that_was_not_looked_up_is_one_that_was_not_seen() -> None:
    (snapshot,) = days_of({1: "ACTIVE/ACTIVE", 2: "CLOSED"})
    rows = shown(snapshot.accounts, snapshot.govcloud.iloc[:1]).set_index("account_id")
    assert rows.loc[standard(2), ["standard_state", "outcome"]].tolist() == ["CLOSED", "FAILED"]
    alone = shown(snapshot.accounts.iloc[:1], snapshot.govcloud).set_index("account_id")
    assert pd.isna(alone.loc[standard(2), "standard_state"])


def test_a_time_finer_than_a_table_holds_is_cut_to_it() -> None:
    finer = on(1) + pd.Timedelta(nanoseconds=999)
    fold = Fold(SPELLS)
    fold.add(on(0), rows_of({1: "ACTIVE"}))
    fold.add(finer, rows_of({1: "ACTIVE"}))
    assert fold.spells["ended"].tolist() == [on(1)]
