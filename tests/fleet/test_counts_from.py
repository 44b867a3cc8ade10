"""What an engine counted, as COUNTS: in whatever types it has, and checked."""

from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from toolkit.errors import SchemaError
from toolkit.fleet import counts_from
from toolkit.schema import COUNTS, coerce

TAKEN = "2026-11-22T03-00-00Z"
WORDS = {
    "organization_id": ["o-b", "o-a", "o-a"],
    "outcome": ["FOUND", "NOT_LINKED", "FOUND"],
    "standard_state": ["CLOSED", "ACTIVE", "PAUSED"],
    "govcloud_state": ["ACTIVE", None, "NEW"],
}
EXPECTED = coerce(
    COUNTS,
    pd.DataFrame({**WORDS, "taken": "2026-11-22T03:00:00Z", "accounts": [1, 2, 3]}),
).iloc[[2, 1, 0]]


def counted(**changed: object) -> pd.DataFrame:
    """Return what an engine may give of three combinations."""
    return pd.DataFrame({**WORDS, "taken": TAKEN, "accounts": [1, 2, 3], **changed})


def assert_counts(frame: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(counts_from(frame), EXPECTED.reset_index(drop=True))


@pytest.mark.parametrize(
    "taken",
    [
        TAKEN,
        "2026-11-22T03:00:00Z",
        "2026-11-22 03:00:00",
        pd.Timestamp("2026-11-22T03:00:00"),
        pd.Timestamp("2026-11-22T04:00:00+01:00"),
        pd.Series([datetime(2026, 11, 22, 3, tzinfo=UTC)] * 3, dtype="object"),
        pd.Series([TAKEN] * 3, dtype="category"),
        pd.Series([pd.Timestamp("2026-11-22T03:00:00")] * 3).astype("datetime64[ns]"),
    ],
    ids=repr,
)
def test_a_time_is_a_folder_s_name_or_a_time_of_any_kind(taken: object) -> None:
    assert_counts(counted(taken=taken))


@pytest.mark.parametrize(
    "accounts",
    [
        np.array([1, 2, 3], dtype="int32"),
        [1.0, 2.0, 3.0],
        ["1", "2", "3"],
        [Decimal(1), Decimal(2), Decimal("3.0")],
        pd.array([1, 2, 3], dtype="Int64"),
    ],
    ids=repr,
)
def test_a_number_is_whole_whatever_holds_it(accounts: object) -> None:
    assert_counts(counted(accounts=accounts))


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, "", " "])
@pytest.mark.parametrize("dtype", ["object", "category", "string"])
def test_a_word_that_is_missing_is_missing_in_every_way(missing: object, dtype: str) -> None:
    words = pd.Series(["ACTIVE", missing, "NEW"], dtype="object").astype(dtype)
    assert_counts(counted(govcloud_state=words))


def test_columns_stand_in_any_order_and_ones_own_behind() -> None:
    frame = counted(twice=[0, 0, 0], region=["x", "y", "z"])[
        ["accounts", "twice", "region", *WORDS, "taken"]
    ]
    found = counts_from(frame.set_axis([7, 7, 7]))
    assert list(found.columns) == [*COUNTS.names, "region"]
    assert found["region"].tolist() == ["z", "y", "x"]
    assert_counts(frame.drop(columns="region"))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"accounts": [1, -2, 3]}, "has accounts '-2' in row 2, which is no number of accounts"),
        ({"accounts": [1, 2, 0.5]}, "has accounts '0.5' in row 3"),
        ({"accounts": [1, None, 3]}, "has accounts 'nan' in row 2"),
        ({"accounts": ["many", 2, 3]}, "has accounts 'many' in row 1"),
        ({"accounts": [float("inf"), 2, 3]}, "has accounts 'inf' in row 1"),
        ({"outcome": ["FOUND", "LOST", "FOUND"]}, "has outcome 'LOST' in row 2"),
        ({"outcome": ["FOUND", None, "FOUND"]}, "has no outcome in row 2"),
        ({"organization_id": ["", "o", "p"]}, "has no organization_id in row 1"),
        ({"taken": "yesterday"}, "has taken 'yesterday' in row 1, which is not a time"),
        ({"taken": 1_795_000_000}, "numbers as taken"),
        ({"twice": [0, 0, 2]}, "o-a/2026-11-22T03-00-00Z was counted with an account that is"),
        ({"twice": [0, "?", 2]}, "has twice '\\?' in row 2"),
    ],
)
def test_what_cannot_be_right_is_one_sentence(changed: dict[str, object], said: str) -> None:
    with pytest.raises(SchemaError, match=said) as refused:
        counts_from(counted(**changed))
    assert refused.value.hint


def test_a_combination_that_is_there_twice_was_not_grouped() -> None:
    again = pd.concat([counted(), counted().iloc[[1]]])
    with pytest.raises(SchemaError) as refused:
        counts_from(again)
    assert str(refused.value) == (
        "o-a/2026-11-22T03-00-00Z was counted with NOT_LINKED, ACTIVE, none twice."
        " One row per combination: group by outcome and both states, and nothing else."
    )


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(SchemaError, match="The table of counts has no column taken"):
        counts_from(counted().drop(columns="taken"))
    with pytest.raises(SchemaError, match="A list is not the table of counts"):
        counts_from([])


def test_what_was_given_stays_as_it_was() -> None:
    frame = counted(twice=0)
    before = frame.copy(deep=True)
    counts_from(frame)
    pd.testing.assert_frame_equal(frame, before)
