"""What the further witnesses tell, counted: findings, spend by account, tags as columns."""

import pandas as pd
import pytest
from witnessed import lone, member, pair, witnessed

from toolkit import analysis, schema
from toolkit.errors import SchemaError
from toolkit.schema import Finding
from toolkit.verdicts import reconcile

A, B = "000000000001", "000000000002"


def test_findings_are_counted_zeros_included_with_the_worst_of_each() -> None:
    now = witnessed(
        [pair(1), pair(2), pair(3, "SUSPENDED"), pair(4, "LOCKED"), pair(5)],
        [member(1), member(4), member(5, "PENDING_CLOSURE")],
    )
    table = analysis.findings(reconcile(now))
    assert table["finding"].astype("object").tolist()[:-1] == [str(one) for one in Finding]
    assert pd.isna(table["finding"].iloc[-1])
    assert table["accounts"].tolist() == [1, 1, 2, 0, 0, 0, 1]
    severities = table["severity"].astype("object").fillna("").tolist()
    assert severities == ["", "", "HIGH", "", "", "", ""]
    assert table["accounts"].dtype == "int64"


def test_without_rows_every_finding_is_none() -> None:
    table = analysis.findings(reconcile(witnessed([lone(1)], [])))
    assert table["accounts"].tolist() == [0] * 7
    assert table["severity"].isna().all()


def spend(*rows: tuple[str, str, float, str, bool]) -> pd.DataFrame:
    return schema.coerce(
        schema.SPEND, pd.DataFrame(rows, columns=schema.SPEND.names) if rows else []
    )


def test_spend_adds_up_by_account_and_never_over_units() -> None:
    table = analysis.spend_by_account(
        spend(
            (B, "2026-08", 1.5, "USD", False),
            (A, "2026-08", 10.0, "USD", False),
            (A, "2026-09", 2.5, "USD", True),
            (A, "2026-09", 7.0, "EUR", False),
        )
    )
    assert table.to_dict("records") == [
        {"account_id": A, "unit": "EUR", "amount": 7.0, "is_estimated": False, "months": 1},
        {"account_id": A, "unit": "USD", "amount": 12.5, "is_estimated": True, "months": 2},
        {"account_id": B, "unit": "USD", "amount": 1.5, "is_estimated": False, "months": 1},
    ]


def test_without_spend_the_table_has_its_columns_all_the_same() -> None:
    table = analysis.spend_by_account(spend())
    assert list(table.columns) == ["account_id", "unit", "amount", "is_estimated", "months"]
    assert table.empty


def tags(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return schema.coerce(schema.TAGS, pd.DataFrame(rows, columns=schema.TAGS.names) if rows else [])


def test_chosen_tags_stand_beside_each_other_and_what_is_lacking_is_missing() -> None:
    table = analysis.tag_columns(
        tags((B, "owner", "Ana"), (A, "stage", ""), (B, "stage", "prod"), (A, "Owner", "Bo")),
        ("owner", "stage", "cost"),
    )
    assert table.index.name == "account_id"
    assert table.fillna("-").to_dict("index") == {
        B: {"owner": "Ana", "stage": "prod", "cost": "-"},
        A: {"owner": "-", "stage": "", "cost": "-"},
    }
    assert (table.dtypes == "str").all()


@pytest.mark.parametrize("keys", [(), ("owner",), ("owner", "owner")])
def test_without_tags_the_chosen_columns_are_there_once(keys: tuple[str, ...]) -> None:
    table = analysis.tag_columns(tags(), keys)
    assert (table.shape, list(table.columns)) == ((0, len(set(keys))), list(dict.fromkeys(keys)))


@pytest.mark.parametrize(
    "count",
    [
        analysis.findings,
        analysis.spend_by_account,
        lambda frame: analysis.tag_columns(frame, ["owner"]),
    ],
)
def test_another_table_than_the_one_that_is_counted_is_one_sentence(count: object) -> None:
    with pytest.raises(SchemaError, match="has no column"):
        count(pd.DataFrame({"other": [1]}))
