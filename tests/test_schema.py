"""Tables and vocabularies: what is coerced, what is refused, and in which words."""

import pandas as pd
import pytest

from toolkit import schema
from toolkit.errors import SchemaError


@pytest.mark.parametrize("table", schema.TABLES, ids=lambda table: table.name)
def test_an_empty_table_has_every_column_in_its_dtype(table: schema.Table) -> None:
    frame = schema.empty(table)

    assert list(frame.columns) == table.names
    assert len(frame) == 0
    assert [frame[c.name].dtype for c in table.columns] == [
        pd.api.types.pandas_dtype(c.dtype) for c in table.columns
    ]


@pytest.mark.parametrize("table", schema.TABLES, ids=lambda table: table.name)
def test_every_column_says_what_it_means_and_where_it_is_from(table: schema.Table) -> None:
    assert all(column.meaning and column.source and column.label for column in table.columns)
    assert len(set(table.names)) == len(table.names)


def test_pairs_are_accounts_and_govcloud_and_the_judgement() -> None:
    assert schema.PAIRS.names == [
        "account_id",
        "name",
        "email",
        "standard_state",
        "joined_method",
        "joined_at",
        "ou_path",
        "govcloud_account_id",
        "govcloud_state",
        "outcome",
        "detail",
        "fetched_at",
        "verdict",
        "severity",
        "meaning",
        "action",
        "since",
        "since_is",
        "owner",
        "accepted_until",
        "accepted_by",
        "accepted_reason",
    ]


def test_rows_become_the_table_with_absent_columns_missing_and_others_left_out() -> None:
    frame = schema.coerce(
        schema.GOVCLOUD,
        [
            {
                "account_id": "000000000042",
                "outcome": schema.Outcome.FOUND,
                "govcloud_state": "ACTIVE",
                "fetched_at": "2026-11-22T04:00:00+01:00",
                "colour": "blue",
            }
        ],
    )

    assert list(frame.columns) == schema.GOVCLOUD.names
    row = frame.iloc[0]
    assert row["account_id"] == "000000000042"
    assert row["outcome"] == "FOUND"
    assert row["fetched_at"] == pd.Timestamp("2026-11-22T03:00:00Z")
    assert frame["detail"].isna().all()
    assert frame["detail"].dtype == "str"


@pytest.mark.parametrize("dtype", ["str", "object"])
def test_a_time_on_the_full_second_stands_beside_others(dtype: str) -> None:
    rows = pd.DataFrame(
        {
            "account_id": ["000000000001", "000000000002"],
            "outcome": ["NOT_LINKED", "NOT_LINKED"],
            "fetched_at": ["2026-11-22T14:42:44.999999+00:00", "2026-11-22T14:42:45+00:00"],
        },
        dtype=dtype,
    )

    times = schema.coerce(schema.GOVCLOUD, rows)["fetched_at"]

    assert times.to_list() == [
        pd.Timestamp("2026-11-22T14:42:44.999999Z"),
        pd.Timestamp("2026-11-22T14:42:45Z"),
    ]


def test_rows_are_never_mutated() -> None:
    given = pd.DataFrame({"account_id": ["111111111111"], "outcome": ["FOUND"]})
    before = given.copy()

    schema.coerce(schema.GOVCLOUD, given)

    pd.testing.assert_frame_equal(given, before)


def test_no_rows_are_the_empty_table() -> None:
    pd.testing.assert_frame_equal(schema.coerce(schema.LINKS, []), schema.empty(schema.LINKS))


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (
            [{"account_id": "111111111111", "outcome": "FOUND"}, {"account_id": "222222222222"}],
            "own.csv has no outcome in row 2.",
        ),
        (
            [{"account_id": "12", "outcome": "FOUND"}],
            "own.csv has account_id '12' in row 1, which is not 12 digits.",
        ),
        (
            [{"account_id": 1234567890, "outcome": "FOUND"}],
            "own.csv has account_id '1234567890' in row 1, which is not 12 digits.",
        ),
        (
            [{"account_id": "١٢٣٤٥٦٧٨٩٠١٢", "outcome": "FOUND"}],
            "own.csv has account_id '١٢٣٤٥٦٧٨٩٠١٢' in row 1, which is not 12 digits.",
        ),
        (
            [{"account_id": "111111111111", "outcome": "MAYBE"}],
            "own.csv has outcome 'MAYBE' in row 1.",
        ),
        ([{"outcome": "FOUND"}], "own.csv has no column account_id."),
    ],
)
def test_what_cannot_be_right_is_refused_in_one_sentence(
    rows: list[dict[str, object]], sentence: str
) -> None:
    with pytest.raises(SchemaError) as caught:
        schema.coerce(schema.GOVCLOUD, rows, what="own.csv")

    assert caught.value.message == sentence
    assert caught.value.hint


def test_a_state_nobody_has_heard_of_is_kept_in_the_table_and_shown_as_unknown() -> None:
    frame = schema.coerce(
        schema.ACCOUNTS,
        [
            {"account_id": "111111111111", "standard_state": "QUARANTINED"},
            {"account_id": "222222222222", "standard_state": None},
            {"account_id": "333333333333", "standard_state": "CLOSED"},
        ],
    )

    assert frame["standard_state"].tolist()[0] == "QUARANTINED"
    assert schema.states(frame["standard_state"]).tolist() == ["UNKNOWN", "UNKNOWN", "CLOSED"]


def test_states_keep_their_order_whatever_is_present() -> None:
    shown = schema.states(pd.Series(["CLOSED", "ACTIVE"]))

    assert shown.max() == "CLOSED"
    assert len(shown.cat.categories) == 7


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("PENDING_CLOSURE", "Pending closure"),
        ("PENDING_ACCEPTANCE_BY_TARGET_ACCOUNT", "Awaiting acceptance"),
        ("CRITICAL", "Critical"),
    ],
)
def test_words_are_said_as_people_write_them(word: str, said: str) -> None:
    assert schema.label(word) == said


def test_the_data_dictionary_names_every_column_of_every_table() -> None:
    text = schema.data_dictionary()

    for table in schema.TABLES:
        assert f"## {table.name}" in text
        assert f"ne row per {table.grain}" in text
    assert text.count("\n| `") == sum(len(table.columns) for table in schema.TABLES)


def test_a_column_that_nobody_has_filled_is_missing_and_in_its_place() -> None:
    given = pd.DataFrame({"region": ["us-east-1"], "link_id": ["link-a"], "of_ours": [1]})

    whole = schema.complete(schema.LINKS, given)

    assert list(whole.columns) == [*schema.LINKS.names, "of_ours"]
    assert whole["link_id"].tolist() == ["link-a"]
    assert whole["fetched_at"].isna().all()
    assert whole.dtypes.to_dict()["fetched_at"] == schema.LINKS["fetched_at"].dtype
    assert list(given.columns) == ["region", "link_id", "of_ours"]
