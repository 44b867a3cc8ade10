"""The table behind each chart, complete and in words, for whoever reads or cannot see.

Each function takes what the chart counts, and gives columns as people call them, in text and whole
numbers. A row's index is what a click on that part of the chart gives, its customdata, as a tuple.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd

from toolkit import theme
from toolkit.schema import Severity, label
from toolkit.text import printable
from toolkit.titles import day, percent, share
from toolkit.titles.history import whole_snapshots

_SIDES: Final = {"standard": "Standard", "govcloud": "GovCloud"}
_SEVERITIES: Final = {str(severity): theme.severity_name(severity) for severity in Severity}


def counts_in_words(table: pd.DataFrame) -> pd.DataFrame:
    """Tell any counts, column by column; what a click gives is not known of them."""
    return pd.DataFrame({label(str(name)): _words(column) for name, column in table.items()})


def distribution_in_words(table: pd.DataFrame) -> pd.DataFrame:
    """Tell how many accounts of each side are in which state."""
    shown = table[table["accounts"] > 0]
    told = {
        "Side": shown["side"].map(_SIDES),
        "State": shown["state"].map(label),
        "Accounts": shown["accounts"],
        "Share": shown["share"].map(share),
    }
    return _told(told, shown[["side", "state", "accounts"]])


def matrix_in_words(table: pd.DataFrame) -> pd.DataFrame:
    """Tell how many accounts are in which two states, and what is said of that."""
    shown = table[table["accounts"] > 0]
    told = {
        "Standard": shown["standard_state"].map(label),
        "GovCloud": shown["govcloud_state"].map(label),
        "Accounts": shown["accounts"],
        "Severity": _severities(shown["severity"], shown["verdict"].map(label)),
    }
    return _told(told, shown[["standard_state", "govcloud_state", "accounts"]])


def flows_in_words(table: pd.DataFrame) -> pd.DataFrame:
    """Tell how many pairs disagree in which way."""
    told = {
        "Standard": table["standard_state"].map(label),
        "GovCloud": table["govcloud_state"].map(label),
        "Pairs": table["accounts"],
        "Severity": _severities(table["severity"]),
    }
    return _told(told, table[["standard_state", "govcloud_state", "accounts"]])


def bars_in_words(column: str, head: str, nobody: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return what tells the mismatches of each unit, or owner, and of how many pairs they are."""

    def told(table: pd.DataFrame) -> pd.DataFrame:
        both = zip(table["mismatches"].tolist(), table["linked"].tolist(), strict=True)
        words = {
            head: table[column].map(printable, na_action="ignore").fillna(nobody),
            **{name: table[severity] for severity, name in _SEVERITIES.items()},
            "Mismatches": table["mismatches"],
            "Linked pairs": table["linked"],
            "Rate": [percent(count, of) for count, of in both],
        }
        clicks = {"path": table[column].fillna(""), "severity": "", "accounts": table["mismatches"]}
        return _told(words, pd.DataFrame(clicks))

    return told


def mismatch_trend_in_words(trend: pd.DataFrame) -> pd.DataFrame:
    """Tell the mismatches of each snapshot by severity, their rate, and what was left behind."""
    counts = trend.pivot_table(
        index="taken", columns="severity", values="mismatches", aggfunc="sum", observed=False
    ).reindex(columns=list(_SEVERITIES), fill_value=0)
    total, whole = counts.sum(axis=1), whole_snapshots(trend)
    told = {
        "Taken (UTC)": _times(counts.index),
        **{name: counts[severity] for severity, name in _SEVERITIES.items()},
        "Mismatches": total,
        "Rate": whole["mismatch_rate"].map(share, na_action="ignore").fillna("not known"),
        "Left behind": whole["left_behind"],
    }
    clicks = {"taken": [taken.isoformat() for taken in counts.index], "mismatches": total}
    return _told(told, pd.DataFrame(clicks, index=counts.index))


def state_trend_in_words(trend: pd.DataFrame) -> pd.DataFrame:
    """Tell how many linked pairs of each side were in which state in each snapshot."""
    shown = trend[trend["accounts"] > 0]
    told = {
        "Taken (UTC)": _times(shown["taken"]),
        "Side": shown["side"].map(_SIDES),
        "State": shown["state"].map(label),
        "Linked pairs": shown["accounts"],
    }
    taken = [taken.isoformat() for taken in shown["taken"]]
    return _told(told, shown[["side", "state", "accounts"]].assign(taken=taken), "taken")


def links_in_words(table: pd.DataFrame) -> pd.DataFrame:
    """Tell how many links of each Region have which status, and how many are worth a look."""
    told = {
        "Region": table["region"].map(printable),
        "Status": table["link_status"].map(label),
        "Links": table["links"],
        "Worth a look": table["flagged"],
    }
    return _told(told, table[["region", "link_status", "links"]])


def _told(words: Mapping[str, Any], clicks: pd.DataFrame, first: str = "") -> pd.DataFrame:
    """Return the words as a table of text and whole numbers, each row with its click."""
    table = pd.DataFrame(words)
    for name, column in table.items():
        table[name] = column.astype("int64" if _is_number(column) else "str")
    order = [first, *clicks.columns.drop(first)] if first else list(clicks.columns)
    rows = [
        tuple(value if isinstance(value, int) else str(value) for value in row)
        for row in clicks[order].astype("object").itertuples(index=False)
    ]
    return table.set_axis(pd.Index(rows, tupleize_cols=False, name="click"))


def _severities(severities: pd.Series, otherwise: pd.Series | None = None) -> pd.Series:
    words = severities.astype("str").map(_SEVERITIES)
    return words if otherwise is None else words.fillna(otherwise.astype("str"))


def _times(times: Any) -> list[str]:
    return [f"{day(taken)}, {taken:%H:%M}" for taken in times]


def _is_number(column: pd.Series) -> bool:
    return bool(pd.api.types.is_numeric_dtype(column.dtype))


def _words(column: pd.Series) -> pd.Series:
    """Return numbers as they are, words of a vocabulary as people write them, and any text."""
    if _is_number(column):
        return column
    say = label if isinstance(column.dtype, pd.CategoricalDtype) else printable
    return column.astype("str").map(say, na_action="ignore")
