"""Counts of what the further witnesses tell: findings, spend by account, tags as columns."""

from collections.abc import Iterable

import pandas as pd

from toolkit import schema
from toolkit.schema import Finding


def findings(reconciled: pd.DataFrame) -> pd.DataFrame:
    """Count what was found: one row per finding, zeros included, and one for none at the end.

    Takes RECONCILED; gives `finding` (missing in the last row), `accounts`, and `severity`, the
    worst of them, missing where nothing has to be done.
    """
    reconciled = schema.checked(schema.RECONCILED, reconciled)
    places = reconciled["finding"].cat.codes
    severities = reconciled["severity"].cat.codes.where(reconciled["severity"].notna())
    worst = severities.groupby(places).min()
    rows = [*range(len(Finding)), -1]
    codes = worst.reindex(rows).fillna(-1).astype("int64")
    return pd.DataFrame(
        {
            "finding": pd.Categorical.from_codes(rows, dtype=schema.RECONCILED["finding"].dtype),
            "accounts": places.value_counts().reindex(rows, fill_value=0).to_numpy("int64"),
            "severity": pd.Categorical.from_codes(
                codes.to_numpy(), dtype=schema.RECONCILED["severity"].dtype
            ),
        }
    )


def spend_by_account(spend: pd.DataFrame) -> pd.DataFrame:
    """Add up what GovCloud cost: one row per account and unit, as different units never add up.

    Takes SPEND; gives `account_id`, `unit`, `amount`, `is_estimated` (whether any of it is) and
    `months`, over how many, ordered by account and unit.
    """
    spend = schema.checked(schema.SPEND, spend)
    return (
        spend.groupby(["account_id", "unit"])
        .agg(
            amount=("amount", "sum"),
            is_estimated=("is_estimated", "any"),
            months=("month", "nunique"),
        )
        .reset_index()
    )


def tag_columns(tags: pd.DataFrame, keys: Iterable[str]) -> pd.DataFrame:
    """Return tags beside each other: one row per account that has any, a text column per key.

    Takes TAGS; the frame is indexed by account_id, and a tag that an account lacks is missing.
    """
    tags = schema.checked(schema.TAGS, tags)
    ids = pd.Index(tags["account_id"].unique(), name="account_id")
    columns = {
        key: tags[tags["key"] == key].drop_duplicates("account_id").set_index("account_id")["value"]
        for key in keys
    }
    return pd.DataFrame(
        {key: values.reindex(ids).astype("str") for key, values in columns.items()}, index=ids
    )
